package ballot

import (
	"time"

	"gongzhi/procedure"
	"gongzhi/record"
	"gongzhi/rules"
)

// PollFilter chooses polls. Zero values do not filter.
type PollFilter struct {
	State PollState
	Unit  string // subtree of this unit code
	Text  string // number, estate, title, unit, person
	After string // cursor
	Limit int    // 1..200; 0 means 50
}

// Listed is a poll in a list: with its running sums, and with its case.
type Listed struct {
	Poll
	Totals   rules.Totals
	Channels map[Channel]int64 // ballots that count
	Case     record.Case
}

// Papers is what came in with one version of a voter's ballot, and through whose hands.
type Papers struct {
	By     procedure.Actor
	Second procedure.Actor // who read the paper again, or the witness at the door
	Proxy  string
	Files  []string // the sheet, the mandate, the signed list
}

// LetterRun is one run of letters with personal codes: who took them out, when, and for whom. A run that goes on page by page is
// one. Whoever holds a code can vote with it, so that each time the codes leave the platform is kept.
type LetterRun struct {
	N        int       `json:"n"`
	By       string    `json:"by"` // user id
	Name     string    `json:"name"`
	At       time.Time `json:"at"` // case time of its last page
	Building string    `json:"building,omitempty"`
	Silent   bool      `json:"silent,omitempty" doc:"only for those without a ballot"`
	First    string    `json:"first"` // number of the ballot sheet
	Last     string    `json:"last"`
	Letters  int64     `json:"letters"`
}
