package record

import "time"

// Notice is a published text (公告): of a case, or that a list was imported. Days are civil days, inclusive.
type Notice struct {
	ID         string    `json:"id"`
	Case       string    `json:"case"` // empty: of an imported list
	District   string    `json:"district"`
	Title      string    `json:"title"`
	Text       string    `json:"text"`
	From       time.Time `json:"from"`
	Version    string    `json:"version,omitempty"`     // of the district's list that it announces
	ReplacedBy string    `json:"replaced_by,omitempty"` // the version of the list that came after it
	Until      string    `json:"until,omitempty"`       // last day of the display (公示); empty: it stays
	Objections string    `json:"objections,omitempty"`  // last day on which one may object; empty: nobody is asked to
}

// MayObject tells whether objections are still taken on a day.
func (n Notice) MayObject(today string) bool { return n.Objections >= today }

// Open tells whether a notice still matters on a day: it is displayed and, if it announces a list, that list is in force, or
// one may still object.
func (n Notice) Open(today string) bool {
	return n.ReplacedBy == "" && (n.Until == "" || n.Until >= today) || n.MayObject(today)
}

// The kinds of notice.
const (
	NoticeList = "list" // announces a version of a list
	NoticeCase = "case" // any other notice of a case
)

// NoticeFilter chooses notices. Zero values do not filter.
type NoticeFilter struct {
	Kind     string // NoticeList, NoticeCase
	District string
	Text     string // title, text
	Open     bool   // only those that are open on Today
	Today    string // civil day
	After    string // cursor
	Limit    int    // 1..200; 0 means 50
}
