package ops

import (
	"cmp"
	"time"

	"gongzhi/procedure"
)

// Filter chooses incidents. Zero values do not filter, but for State.
type Filter struct {
	Kind     Kind
	State    State  // empty: those that are not over; All: every one
	Unit     string // subtree of this unit code
	Assignee string // user
	Case     string // number of a case that stands still
	Text     string // part of the sentence, of the cause, or of the one it is assigned to
	After    string // cursor
	Limit    int    // 1..200; 0 means 50
}

// All is the state of a filter that chooses incidents whatever their state.
const All State = "all"

// Counts are the numbers of the list: what is not over.
type Counts struct {
	Total  int         `json:"total"`
	States []StateSum  `json:"states"`
	Kinds  []KindCount `json:"kinds"` // every kind, in the order of the list
	Units  []UnitCount `json:"units"` // of units that have any, the most first; the empty unit is the machine's
	Trend  []DayCount  `json:"trend"` // the last days, oldest first
}

// StateSum is how many are in a state.
type StateSum struct {
	State State `json:"state"`
	Count int   `json:"count"`
}

// KindCount is how many there are of a kind.
type KindCount struct {
	Kind  Kind   `json:"kind"`
	Title string `json:"title"`
	Count int    `json:"count"`
}

// UnitCount is how many are in the court of a unit.
type UnitCount struct {
	Unit  string `json:"unit"`
	Name  string `json:"name"`
	Count int    `json:"count"`
}

// DayCount is what came and what went on a civil day.
type DayCount struct {
	Day    string `json:"day"`
	Opened int    `json:"opened"`
	Ended  int    `json:"ended"`
}

// TrendDays is how many days a trend shows.
const TrendDays = 14

// View is a filter of a page that somebody keeps under a name. Whoever has its id may open it, only its owner changes it.
type View struct {
	ID       string    `json:"id"`
	User     string    `json:"user"`
	UserName string    `json:"user_name"`
	Page     string    `json:"page"`
	Name     string    `json:"name"`
	Query    string    `json:"query"` // of the address, without the question mark
	Saved    time.Time `json:"saved"`
}

// Compare puts the unit with the most first.
func (u UnitCount) Compare(v UnitCount) int {
	return cmp.Or(cmp.Compare(v.Count, u.Count), cmp.Compare(u.Unit, v.Unit))
}

// ChangeType is the type under which the feed of changes says that the list of incidents is not what it was. It belongs to no case.
const ChangeType procedure.EventType = "incidents.changed"
