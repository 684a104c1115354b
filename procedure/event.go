package procedure

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"gongzhi/calendar"
)

// EventType names a kind of line in a case's record (记录).
type EventType string

// The kinds of event. Payload types of the same name are below; everything on a screen is folded from them.
const (
	CaseStarted    EventType = "case.started"
	CasePhased     EventType = "case.phased" // approval → execution
	CaseClosed     EventType = "case.closed"
	CaseCopied     EventType = "case.copied"     // 抄送
	CaseComplained EventType = "case.complained" // 反映加码
	StageEntered   EventType = "stage.entered"
	StageLeft      EventType = "stage.left"
	ClockStarted   EventType = "clock.started"
	ClockPaused    EventType = "clock.paused"
	ClockResumed   EventType = "clock.resumed"
	ClockRedated   EventType = "clock.redated" // a provisional deadline was reckoned anew
	ClockStopped   EventType = "clock.stopped"
	TaskOpened     EventType = "task.opened"
	TaskUnmanned   EventType = "task.unmanned" // nobody holds the post: an incident at once
	TaskRead       EventType = "task.read"
	TaskReminded   EventType = "task.reminded" // one rung of the ladder
	TaskUrged      EventType = "task.urged"
	TaskMoved      EventType = "task.moved"   // 转办, 委派, back from the helper
	TaskBlocked    EventType = "task.blocked" // waits for a 前加签 or a helper
	TaskUnblocked  EventType = "task.unblocked"
	TaskRedated    EventType = "task.redated" // its clock was paused, resumed or extended
	TaskAnswered   EventType = "task.answered"
	TaskReopened   EventType = "task.reopened" // 撤回
	TaskClosed     EventType = "task.closed"   // without an answer: 由他人办理, 减签, 撤回, 办件已结束
	WaitOpened     EventType = "wait.opened"
	WaitClosed     EventType = "wait.closed"
	CaseSuspended  EventType = "case.suspended" // 挂起
	CaseContinued  EventType = "case.continued" // 解除挂起
	NoticePosted   EventType = "notice.posted"
	ListPublished  EventType = "list.published"
	ReceiptIssued  EventType = "receipt.issued" // 拒绝回执
)

// Event is one line of a case's append-only, hash-chained record.
type Event struct {
	Case    string          `json:"case"`
	Seq     int64           `json:"seq"` // from 1, without gaps, given by the workflow
	Type    EventType       `json:"type"`
	At      time.Time       `json:"at"` // case time, microseconds, UTC
	Actor   Actor           `json:"actor"`
	Command string          `json:"command,omitempty"` // the command that caused it
	Data    json.RawMessage `json:"data"`
	// Note, Fields and Files are what the person wrote and attached. The recorder adds them from the stored command.
	Note   string          `json:"note,omitempty"`
	Fields json.RawMessage `json:"fields,omitempty"`
	Files  []string        `json:"files,omitempty"` // attachment ids (content hashes are in the attachment)
	Prev   string          `json:"prev"`            // hash of the previous event; empty for the first
	Hash   string          `json:"hash"`
}

// Sum is the hash of an event: SHA-256 of its canonical JSON with Hash left out, in hex.
func (e Event) Sum() string {
	e.Hash = ""
	e.At = e.At.UTC().Truncate(time.Microsecond)
	e.Data, e.Fields = canonical(e.Data), canonical(e.Fields)
	b, err := json.Marshal(e)
	if err != nil {
		panic("event cannot be encoded: " + err.Error()) // only by a programming error: Data is valid JSON
	}
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

// canonical sorts keys and drops white space, so that a database may reformat JSON without breaking the chain.
func canonical(raw json.RawMessage) json.RawMessage {
	if len(raw) == 0 {
		return nil
	}
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		return raw
	}
	b, err := json.Marshal(v)
	if err != nil {
		return raw
	}
	return b
}

// Started is the payload of CaseStarted.
type Started struct {
	Filing Filing `json:"filing"`
	Title  string `json:"title"`
}

// Phased is the payload of CasePhased.
type Phased struct {
	State CaseState `json:"state"`
	Text  string    `json:"text"`
}

// Closed is the payload of CaseClosed.
type Closed struct {
	Outcome Outcome `json:"outcome"`
}

// Copied is the payload of CaseCopied.
type Copied struct {
	Copy string `json:"copy"` // id, for 已阅
	To   Holder `json:"to"`
	Why  string `json:"why"`
}

// Complained is the payload of CaseComplained: a community reports that more is demanded than was admitted.
type Complained struct {
	Unit string `json:"unit"`
}

// Suspended is the payload of CaseSuspended and CaseContinued.
type Suspended struct {
	Since time.Time `json:"since"`
}

// Entered is the payload of StageEntered.
type Entered struct {
	Stage   string `json:"stage"`
	Title   string `json:"title"`
	Segment string `json:"segment"`
	Round   int    `json:"round"` // 轮次, from 1
}

// Left is the payload of StageLeft.
type Left struct {
	Stage  string `json:"stage"`
	Title  string `json:"title"`
	Round  int    `json:"round"`
	Answer Answer `json:"answer"`
	Text   string `json:"text"` // 「同意 4，附条件同意 1」
}

// Clocked is the payload of the clock events.
type Clocked struct {
	Clock    string            `json:"clock"` // name within the case; a task's own clock has the task's step name
	Title    string            `json:"title"` // 审批时限
	Basis    Basis             `json:"basis"`
	Deadline calendar.Deadline `json:"deadline"` // without its ledger, which the reader computes from the same calendar version
	Ground   string            `json:"ground,omitempty"`
	Wait     string            `json:"wait,omitempty"` // for whom, while paused
	Was      string            `json:"was,omitempty"`  // the day before it was reckoned anew
}

// Opened is the payload of TaskOpened.
type Opened struct {
	Task        string     `json:"task"` // id: «number.seq» of this event
	Stage       string     `json:"stage"`
	Title       string     `json:"title"`
	Does        string     `json:"does"`
	Round       int        `json:"round"`
	Holder      Holder     `json:"holder"`
	Clock       string     `json:"clock,omitempty"`
	Due         *time.Time `json:"due,omitempty"`
	Day         string     `json:"day,omitempty"` // the civil day of the deadline
	Provisional bool       `json:"provisional,omitempty"`
	Sign        Sign       `json:"sign,omitempty"`
	Added       string     `json:"added,omitempty"`  // before, after, helper: why an extra task exists
	Parent      string     `json:"parent,omitempty"` // the task it was added to
	Options     []Option   `json:"options"`
	Subject     string     `json:"subject,omitempty"` // «2026年10月» for a monthly report
}

// Tasked is the payload of TaskUnmanned, TaskRead, TaskBlocked, TaskUnblocked and TaskReopened.
type Tasked struct {
	Task string `json:"task"`
	Text string `json:"text,omitempty"`
}

// Rung is a step of the reminder ladder.
type Rung string

// The ladder. Those of 09:00 come in that minute, each case at its own second.
const (
	RungEarly    Rung = "early"    // 提前提醒: RemindDays working days before
	RungYellow   Rung = "yellow"   // 黄牌: 09:00 one working day before the due day
	RungDue      Rung = "due"      // 到期: 09:00 on the due day
	RungRed      Rung = "red"      // 红牌: the moment the deadline has passed
	RungEscalate Rung = "escalate" // 上报上级: 09:00 on the first working day after
)

// Alarm is a moment at which an open task wants attention.
type Alarm struct {
	At   time.Time `json:"at"`
	Rung Rung      `json:"rung"`
}

// Reminded is the payload of TaskReminded.
type Reminded struct {
	Task string  `json:"task"`
	Rung Rung    `json:"rung"`
	To   *Holder `json:"to,omitempty"` // the superior, on RungEscalate
}

// Urged is the payload of TaskUrged.
type Urged struct {
	Task string `json:"task"`
	Nth  int    `json:"nth"` // today
}

// Moved is the payload of TaskMoved.
type Moved struct {
	Task   string `json:"task"`
	How    Action `json:"how"` // transfer, or delegate (to the helper), or answer (back from the helper)
	Holder Holder `json:"holder"`
}

// Redated is the payload of TaskRedated.
type Redated struct {
	Task string     `json:"task"`
	Due  *time.Time `json:"due"` // nil while the clock stands
	Day  string     `json:"day"`
}

// Answered is the payload of TaskAnswered.
type Answered struct {
	Task     string     `json:"task"`
	Stage    string     `json:"stage"`
	Title    string     `json:"title"`
	Round    int        `json:"round"`
	Holder   Holder     `json:"holder"`
	Answer   Answer     `json:"answer"`
	Label    string     `json:"label"`
	ReturnTo string     `json:"return_to,omitempty"`
	Mode     ReturnMode `json:"mode,omitempty"`
	Late     bool       `json:"late,omitempty"`
}

// Dropped is the payload of TaskClosed.
type Dropped struct {
	Task string `json:"task"`
	Why  string `json:"why"` // 中文
}

// WhySilent is why a task is closed whose holder said nothing in time, where silence is noted.
const WhySilent = "逾期未反馈"

// Waiting is the payload of WaitOpened and WaitClosed: every await says what for, whose court, since when, until when.
type Waiting struct {
	Wait  string     `json:"wait"`
	For   string     `json:"for"`   // 执行期届满
	Court string     `json:"court"` // 时间, or a body
	Until *time.Time `json:"until,omitempty"`
	Basis Basis      `json:"basis"`
}

// Posted is the payload of NoticePosted. Days are civil days, inclusive.
type Posted struct {
	Notice     string    `json:"notice"` // id
	Title      string    `json:"title"`
	Text       string    `json:"text"`
	From       time.Time `json:"from"`
	Version    string    `json:"version,omitempty"`    // of the district's list that it announces
	Until      string    `json:"until,omitempty"`      // last day of the display (公示); empty: it stays
	Objections string    `json:"objections,omitempty"` // last day on which one may object; empty: nobody is asked to
}

// MostDisplay is the longest that an operator may display a notice again (补公示), in days. It is a product default [D].
const MostDisplay = 90

// Published is the payload of ListPublished: a new version of a district's list.
type Published struct {
	District string       `json:"district"`
	Version  string       `json:"version"` // 2026.3, given by the store once
	Base     string       `json:"base"`
	Why      string       `json:"why"`
	Changes  []ListChange `json:"changes"`
}

// ListChange adds, changes or removes one item of a list.
type ListChange struct {
	Op   string   `json:"op"` // add, change, remove
	Item ListItem `json:"item"`
}

// ListItem is one item of the three lists (职责, 协助, 负面) as stored and shown.
type ListItem struct {
	No         string   `json:"no"`
	Title      string   `json:"title"`
	Kind       string   `json:"kind"` // duty, assist, negative
	Department string   `json:"department"`
	Part       string   `json:"part"`
	Frequency  string   `json:"frequency"`
	Basis      string   `json:"basis"`
	Keywords   []string `json:"keywords,omitempty"`
	ValidUntil string   `json:"valid_until,omitempty"` // civil day
	Case       string   `json:"case,omitempty"`        // the case that admitted it
}

// Issued is the payload of ReceiptIssued.
type Issued struct {
	Receipt string `json:"receipt"`
	Text    string `json:"text"`
}

// NewEvent encodes a payload. It panics on a payload that cannot be encoded, which only a programming error makes.
func NewEvent(kind EventType, at time.Time, by Actor, command string, payload any) Event {
	b, err := json.Marshal(payload)
	if err != nil {
		panic(err)
	}
	return Event{Type: kind, At: at.UTC().Truncate(time.Microsecond), Actor: by, Command: command, Data: b}
}
