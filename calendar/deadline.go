package calendar

import "time"

// Pause is a span in which the clock stands still (中止计时), such as a correction
// by the applicant (补正) or an expert review (鉴定).
//
// In days: the day on which the clock is stopped still counts, the day on which it
// is started again does not, so exactly the days that remained at the stop remain
// at the start. In hours: the exact span is left out.
type Pause struct {
	From     time.Time  `json:"from"`
	To       *time.Time `json:"to,omitempty"` // nil while the pause lasts
	Ground   string     `json:"ground"`       // 事由, such as 补正
	Evidence string     `json:"evidence,omitempty"`
}

// Status says what one day does in a ledger.
type Status string

// The statuses of a day.
const (
	StatusStart   Status = "start"   // 起算: the day of the event, not counted
	StatusCounted Status = "counted" // 计入
	StatusOff     Status = "off"     // 休息日, not counted
	StatusPaused  Status = "paused"  // 暂停, not counted
	StatusRolled  Status = "rolled"  // the raw last day, moved because it is a day off
	StatusDue     Status = "due"     // 届满: the last day
)

// LedgerDay is one line of the ledger of a deadline.
type LedgerDay struct {
	Date   Date   `json:"date"`
	Status Status `json:"status"`
	// Count is the number of units counted up to the end of this day: working days,
	// calendar days (also for months and years) or full hours.
	Count int    `json:"count"`
	Note  string `json:"note,omitempty"` // in Chinese: why the day counts or not
}

// Deadline is a reckoned deadline (期限) with all that is needed to check it by
// hand.
type Deadline struct {
	Anchor time.Time `json:"anchor"`
	Rule   Rule      `json:"rule"`
	// Day is the last day (of a backward NotBefore rule: the first permitted day).
	// It is the zero Date while the deadline is Open.
	Day Date `json:"day,omitzero"`
	// Due is the exclusive end: 24:00 of Day, or the exact moment for hours. What
	// happens at Due is late. For NotBefore and MinPublicity it is the first moment
	// at which the act is permitted. It is the zero time while the deadline is Open.
	Due time.Time `json:"due,omitzero"`
	// Provisional is true when the result rests on a year whose table is not loaded
	// (暂定): reckon again when it is.
	Provisional bool `json:"provisional,omitempty"`
	// Open is true while a pause without an end lies before the last day.
	Open bool `json:"open,omitempty"`
	// Remaining is the number of units left while Open: working days, calendar days
	// (also for months and years) or hours, rounded up.
	Remaining       int         `json:"remaining,omitempty"`
	CalendarVersion string      `json:"calendar_version"`
	Pauses          []Pause     `json:"pauses,omitempty"`
	Ledger          []LedgerDay `json:"ledger"`
}

// Left is what is left of a deadline at one moment.
type Left struct {
	Unit Unit `json:"unit"` // Workday, Day or Hour
	N    int  `json:"n"`    // units left after today; hours rounded up
	// Late is true from the moment Due on. For NotBefore and MinPublicity it means
	// that the time has run in full.
	Late bool `json:"late,omitempty"`
	// Overdue is the number of units since Due; it can be 0 while Late, on the days
	// off that follow a last working day.
	Overdue     int  `json:"overdue,omitempty"`
	Open        bool `json:"open,omitempty"`
	Provisional bool `json:"provisional,omitempty"`
	Kind        Kind `json:"kind"`
}
