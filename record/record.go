// Package record holds the rows that the store returns and the API serves: folded from events, or kept beside them.
// It is pure. JSON names are part of the API; times are RFC 3339 in case time, days are civil days (2026-09-28).
package record

import (
	"encoding/json"
	"time"

	"gongzhi/calendar"
	"gongzhi/procedure"
)

// Case is one 办件 as lists and pages show it.
type Case struct {
	Number        string              `json:"number"`
	Kind          procedure.Kind      `json:"kind"`
	KindName      string              `json:"kind_name"`
	Version       int                 `json:"version"`
	Title         string              `json:"title"`
	State         procedure.CaseState `json:"state"`
	Result        string              `json:"result,omitempty"`
	District      string              `json:"district"`
	Unit          string              `json:"unit"` // the initiator's unit
	UnitName      string              `json:"unit_name"`
	Initiator     string              `json:"initiator"` // user
	InitiatorName string              `json:"initiator_name"`
	Segment       string              `json:"segment"` // part of the stage bar it is in
	StartedAt     time.Time           `json:"started_at"`
	ClosedAt      *time.Time          `json:"closed_at,omitempty"`
	ChangedAt     time.Time           `json:"changed_at"`
	Seq           int64               `json:"seq"` // last event
	// Of the open task whose deadline is nearest:
	NextDue   *time.Time           `json:"next_due,omitempty"`
	NextDay   string               `json:"next_day,omitempty"`
	NextTitle string               `json:"next_title,omitempty"`
	NextWho   string               `json:"next_who,omitempty"`
	OpenTasks int                  `json:"open_tasks"`
	Card      string               `json:"card,omitempty"` // worst card of its open tasks: yellow, red
	Unmanned  bool                 `json:"unmanned,omitempty"`
	Paused    bool                 `json:"paused,omitempty"`
	Suspended *procedure.Stillness `json:"suspended,omitempty"`
}

// TaskState is the state of one 待办.
type TaskState string

// The states of a task.
const (
	TaskOpen    TaskState = "open"
	TaskBlocked TaskState = "blocked" // waits for a 前加签 or a helper
	TaskDone    TaskState = "done"
	TaskClosed  TaskState = "closed" // ended without an answer
)

// Task is one 待办 of one holder.
type Task struct {
	ID          string               `json:"id"`
	Case        string               `json:"case"`
	CaseTitle   string               `json:"case_title"`
	Kind        procedure.Kind       `json:"kind"`
	KindName    string               `json:"kind_name"`
	Stage       string               `json:"stage"`
	Title       string               `json:"title"`
	Does        string               `json:"does"`
	Round       int                  `json:"round"`
	Subject     string               `json:"subject,omitempty"`
	State       TaskState            `json:"state"`
	Holder      procedure.Holder     `json:"holder"`
	Owner       *procedure.Holder    `json:"owner,omitempty"` // while a helper has it (委派): to whom it returns
	Sign        procedure.Sign       `json:"sign,omitempty"`
	Added       string               `json:"added,omitempty"`
	Parent      string               `json:"parent,omitempty"`
	Options     []procedure.Option   `json:"options"`
	Clock       string               `json:"clock,omitempty"`
	Due         *time.Time           `json:"due,omitempty"`
	Day         string               `json:"day,omitempty"`
	Provisional bool                 `json:"provisional,omitempty"`
	Paused      bool                 `json:"paused,omitempty"`
	Suspended   *procedure.Stillness `json:"suspended,omitempty"` // of the case, while the task is open
	Card        string               `json:"card,omitempty"`      // yellow, red
	Escalated   string               `json:"escalated,omitempty"`
	Unmanned    bool                 `json:"unmanned,omitempty"`
	OpenedAt    time.Time            `json:"opened_at"`
	ReadAt      *time.Time           `json:"read_at,omitempty"`
	ReadBy      string               `json:"read_by,omitempty"`
	Urged       int                  `json:"urged,omitempty"`
	Reminded    int                  `json:"reminded,omitempty"`
	ClosedAt    *time.Time           `json:"closed_at,omitempty"`
	Answer      procedure.Answer     `json:"answer,omitempty"`
	Label       string               `json:"label,omitempty"`
	Opinion     string               `json:"opinion,omitempty"`
	ActorName   string               `json:"actor_name,omitempty"`
	Late        bool                 `json:"late,omitempty"`
	WhyClosed   string               `json:"why_closed,omitempty"`
	Seq         int64                `json:"seq"` // event that changed it last
}

// Answers are what may be said to a task now: its own options, or a helper's advice.
func (t Task) Answers() []procedure.Option {
	if t.Owner != nil {
		return procedure.HelperOptions()
	}
	return t.Options
}

// Copy is one 抄送.
type Copy struct {
	ID        string           `json:"id"`
	Case      string           `json:"case"`
	CaseTitle string           `json:"case_title"`
	KindName  string           `json:"kind_name"`
	To        procedure.Holder `json:"to"`
	Why       string           `json:"why"`
	From      string           `json:"from"`
	At        time.Time        `json:"at"`
	ReadAt    *time.Time       `json:"read_at,omitempty"`
	ReadBy    string           `json:"read_by,omitempty"`
}

// Wait is one labelled wait of a case that no task stands for.
type Wait struct {
	Case   string          `json:"case"`
	Wait   string          `json:"wait"`
	For    string          `json:"for"`
	Court  string          `json:"court"`
	Basis  procedure.Basis `json:"basis"`
	Since  time.Time       `json:"since"`
	Until  *time.Time      `json:"until,omitempty"`
	Closed *time.Time      `json:"closed,omitempty"`
}

// Deadline is one clock of a case (期限), with its day-by-day ledger.
type Deadline struct {
	Case     string            `json:"case"`
	Clock    string            `json:"clock"`
	Title    string            `json:"title"`
	Basis    procedure.Basis   `json:"basis"`
	State    string            `json:"state"` // running, paused, stopped
	Ground   string            `json:"ground,omitempty"`
	WaitFor  string            `json:"wait_for,omitempty"`
	Deadline calendar.Deadline `json:"deadline"`
	Stopped  *time.Time        `json:"stopped,omitempty"`
}

// Stage is one round of one stage, for the stage bar.
type Stage struct {
	Stage   string     `json:"stage"`
	Title   string     `json:"title"`
	Segment string     `json:"segment"`
	Round   int        `json:"round"`
	Entered time.Time  `json:"entered"`
	Left    *time.Time `json:"left,omitempty"`
	Text    string     `json:"text,omitempty"`
}

// Desk is a case with what decides who may do what in it: its tasks in the order they were opened, its stages in the order they
// were entered.
type Desk struct {
	Case   Case
	Tasks  []Task
	Stages []Stage
}

// Filing is what was filed: the form stays in the database, the workflow knows its number only.
type Filing struct {
	Case        string          `json:"case"`
	Form        json.RawMessage `json:"form"`
	FormHash    string          `json:"form_hash"`
	Attachments []string        `json:"attachments"`
	At          time.Time       `json:"at"`
}

// CommandState is where a command is on its way.
type CommandState string

// The states of a command.
const (
	CommandPending CommandState = "pending" // stored; the engine has not answered yet
	CommandDone    CommandState = "done"
	CommandRefused CommandState = "refused"
)

// Command is a stored command with what the person wrote.
type Command struct {
	procedure.Command
	Opinion string            `json:"opinion,omitempty"`
	Fields  json.RawMessage   `json:"fields,omitempty"`
	Files   []string          `json:"files,omitempty"`
	Filing  *procedure.Filing `json:"filing,omitempty"` // of ActStart
	// Request is the digest of method, path and body: the same key with another request is a conflict.
	Request string       `json:"-"`
	State   CommandState `json:"state"`
	Seq     int64        `json:"seq,omitempty"` // last event recorded because of it
	// What the sender of a refused command was answered: a repeat is answered the same.
	Refusal  procedure.Refusal `json:"refusal,omitempty"`
	Code     string            `json:"code,omitempty"`
	Reason   string            `json:"reason,omitempty"`
	Kept     string            `json:"kept,omitempty"` // what was kept of the person's words
	Stored   time.Time         `json:"stored"`         // engine time
	Attempts int               `json:"attempts"`
}

// CommandEnd is how a pending command ended: done, or refused with what its sender was answered.
type CommandEnd struct {
	State   CommandState
	Refusal procedure.Refusal
	Code    string
	Reason  string
	Kept    string
}

// Refused is the end of a command that its case refused.
func Refused(e *procedure.Error) CommandEnd {
	return CommandEnd{State: CommandRefused, Refusal: e.Kind, Code: e.Code, Reason: procedure.FullStop(e.Message)}
}

// Attachment is one stored file; its content is in the blob store under its hash.
type Attachment struct {
	ID     string    `json:"id"`
	Name   string    `json:"name"`
	Type   string    `json:"type"` // as sniffed from the content
	Size   int64     `json:"size"`
	SHA256 string    `json:"sha256"`
	Case   string    `json:"case,omitempty"` // set once it is used
	Ballot bool      `json:"-"`              // of a ballot: it shows how somebody voted
	By     string    `json:"by"`
	ByName string    `json:"by_name"`
	Unit   string    `json:"unit"`
	At     time.Time `json:"at"`
}

// Draft is a form somebody has not sent yet, or the opinion of a task not yet decided.
type Draft struct {
	ID      string          `json:"id"`
	User    string          `json:"user"`
	Unit    string          `json:"unit"`
	Kind    procedure.Kind  `json:"kind"`
	Title   string          `json:"title"`
	Form    json.RawMessage `json:"form"`
	Files   []string        `json:"files"`
	Saved   time.Time       `json:"saved"`
	Version int64           `json:"version"` // grows with each save; a stale save is refused
}

// Unit is a node of the tree.
type Unit struct {
	Code     string          `json:"code"`
	Name     string          `json:"name"`
	Level    procedure.Level `json:"level"`
	Parent   string          `json:"parent,omitempty"`
	Path     string          `json:"path"` // «/YT/XW/XW-01/0101/»: a subtree is a prefix
	District string          `json:"district,omitempty"`
	Disabled bool            `json:"disabled"` // out of use: it takes nothing new, and what runs goes on
}

// Post is a role held by a user in a unit for a term.
type Post struct {
	ID       string         `json:"id"`
	User     string         `json:"user"`
	Unit     string         `json:"unit"`
	UnitName string         `json:"unit_name"`
	Role     procedure.Role `json:"role"`
	RoleName string         `json:"role_name"`
	From     string         `json:"from"`         // civil day
	To       string         `json:"to,omitempty"` // civil day, inclusive; empty: open
}

// User is an account.
type User struct {
	ID       string `json:"id"` // login
	Name     string `json:"name"`
	Disabled bool   `json:"disabled"`
	Posts    []Post `json:"posts,omitempty"`
}

// Delegation is a 委托授权: for a period and for named procedures, both see the task; the record says «B 代 A».
type Delegation struct {
	ID       string           `json:"id"`
	From     string           `json:"from"` // user A
	FromName string           `json:"from_name"`
	To       string           `json:"to"` // user B
	ToName   string           `json:"to_name"`
	Kinds    []procedure.Kind `json:"kinds"` // empty: all
	Begin    string           `json:"begin"` // civil days, inclusive
	End      string           `json:"end"`
	Revoked  *time.Time       `json:"revoked,omitempty"`
}

// ListVersion is one version of a district's list (清单).
type ListVersion struct {
	District  string               `json:"district"`
	Version   string               `json:"version"` // 2026.3
	Base      string               `json:"base,omitempty"`
	Why       string               `json:"why"`
	Case      string               `json:"case,omitempty"`
	Published time.Time            `json:"published"`
	Items     []procedure.ListItem `json:"items,omitempty"`
}

// Page is a page of a list with the cursor of the next.
type Page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty"` // empty: the last page
}

// Scope limits what a reader sees: what any of its grants lets one see. An empty scope sees nothing.
type Scope []Grant

// Grant is what the posts of one person let one see: one's own, or those of a delegator (委托授权), for the delegated
// procedures only.
type Grant struct {
	Kinds      []procedure.Kind   // cases of these procedures only; empty: of all
	Everything bool               // every case
	Paths      []string           // unit path prefixes whose cases are visible
	Holders    []procedure.Holder // tasks of these holders, and the cases they belong to, are visible
	Users      []string           // the person, or those represented
}

// CaseFilter chooses cases. Zero values do not filter.
type CaseFilter struct {
	Kind  procedure.Kind
	State procedure.CaseState
	Open  *bool
	Card  string // yellow, red
	Unit  string // subtree of this unit code
	Mine  bool   // started by one of the scope's people
	Text  string // number, title, unit, person
	Sort  string // due (default), started, changed
	After string // cursor
	Limit int    // 1..200; 0 means 50
}

// TaskBox is one box of the 工作台.
type TaskBox string

// The boxes.
const (
	BoxTodo    TaskBox = "todo"    // 待办, nearest deadline first
	BoxDone    TaskBox = "done"    // 已办
	BoxOverdue TaskBox = "overdue" // 超期
)

// TaskFilter chooses tasks.
type TaskFilter struct {
	Box   TaskBox
	Case  string
	Due   string // today, yellow, red; empty: all
	Today string // the civil day that Due "today" means, in case time
	Text  string
	After string
	Limit int
}

// Counts are the numbers of the 工作台.
type Counts struct {
	Todo    int `json:"todo"`
	Today   int `json:"today"` // due today
	Yellow  int `json:"yellow"`
	Red     int `json:"red"`
	Done    int `json:"done"`
	Started int `json:"started"` // my open cases
	Copied  int `json:"copied"`  // unread copies
	Overdue int `json:"overdue"`
	// Messages are the person's own unread messages, up to 1000.
	Messages int `json:"messages"`
}

// HolderQuery asks which units hold a seat of a case. Day is the civil day on which the posts must be valid.
type HolderQuery struct {
	District      string
	InitiatorUnit string
	Communities   []string
	Seat          procedure.Seat
	Target        string
	Day           string
}

// Change is one line of the feed behind the live view.
type Change struct {
	ID   int64               `json:"id"`
	Case string              `json:"case"`
	Seq  int64               `json:"seq"`
	Type procedure.EventType `json:"type"`
	At   time.Time           `json:"at"`
}
