package record

import (
	"time"

	"gongzhi/calendar"
	"gongzhi/procedure"
)

// The columns of 期限看板 that are no day. A task is in one column only.
const (
	DueOverdue = "overdue" // the deadline has passed
	DueLater   = "later"   // beyond the last day shown
	DuePaused  = "paused"  // its clock stands
	DueUndated = "undated" // it has no deadline
)

// DueFilter chooses open tasks by when they fall due.
type DueFilter struct {
	Now    time.Time // case time
	Last   string    // the last day shown
	Unit   string    // in the court of this unit, or of one below it
	Holder string    // in the court of this unit itself
	Column string    // of a page: a day, or a column that is none
	After  string    // cursor
	Limit  int
}

// DueCell is one cell of the board: the open tasks of one unit in one column.
type DueCell struct {
	Unit   string
	Column string
	Count  int
	Yellow int
	Red    int
}

// What a spell is of.
const (
	SpellTask = "task" // a task, from when it was opened until it was answered
	SpellWait = "wait" // a wait for somebody outside
)

// SpellFilter chooses what ended in a period. Both days are inclusive.
type SpellFilter struct {
	From calendar.Date
	To   calendar.Date
	Kind procedure.Kind // empty: all
	Unit string         // subtree of this unit code; empty: all
}

// SpellSum is how many tasks or waits of the same kind took the same number of working days.
type SpellSum struct {
	What     string
	Kind     procedure.Kind
	Stage    string // of tasks
	Unit     string
	Court    string // of waits: who was waited for
	Days     int    // working days, without those on which the clock stood
	Count    int
	Dated    int // had a deadline
	Late     int
	Silent   int // nobody answered
	Returned int // sent the case back
	Yellow   int // had a yellow card at worst
	Red      int
}
