package procedure

import (
	"encoding/json"
	"time"
)

// Filing is what a workflow starts with: ids and the few facts it decides on. Texts, forms and files stay in the database.
type Filing struct {
	Case       string           `json:"case"` // the number: XW-ZR-2026-014
	Kind       Kind             `json:"kind"`
	Version    int              `json:"version"`
	District   string           `json:"district"` // unit code of the district
	Initiator  Actor            `json:"initiator"`
	Pack       string           `json:"pack"`
	PackDigest string           `json:"pack_digest"`
	Figures    map[string]int64 `json:"figures"` // pinned: a change of law never changes a running case
	Facts      json.RawMessage  `json:"facts"`   // the kind's own facts
	Clock      Clock            `json:"clock"`
	Command    string           `json:"command"` // id of the command that started it
	Resume     *Resume          `json:"resume,omitempty"`
}

// Resume is what a case takes along when its workflow goes on in a new run, because the history of the old one has grown long. It
// happens only at rest: no task is open.
type Resume struct {
	Seq        int64              `json:"seq"` // last event recorded
	Rounds     map[string]int     `json:"rounds"`
	Seen       map[string]Receipt `json:"seen"` // commands carried out lately: their ids count per run in the engine
	Copies     []UnreadCopy       `json:"copies,omitempty"`
	Executing  []string           `json:"executing"`
	Complaints []string           `json:"complaints,omitempty"`
	Suspended  *time.Time         `json:"suspended,omitempty"` // by an order that came while the run ended
	Period     int                `json:"period"`              // the next period of the execution, from 1
	Published  int                `json:"published"`           // list versions so far
}

// WorkflowID is the one rule by which a case is found in the engine.
func WorkflowID(number string) string { return "case:" + number }

// UnreadCopy is a 抄送 that nobody has read yet.
type UnreadCopy struct {
	ID string `json:"id"`
	To Holder `json:"to"`
}

// Clock maps the engine's time to the time of the case: T = At + Speed × (engine time − Since).
// In production Speed is 1 and both moments are the same; a demo runs faster and jumps.
type Clock struct {
	Since time.Time `json:"since"`
	At    time.Time `json:"at"`
	Speed int64     `json:"speed"`
}

// RealClock is the identity.
func RealClock() Clock { return Clock{Speed: 1} }

// Case reads the time of the case from the engine's time.
func (k Clock) Case(engine time.Time) time.Time {
	if k.Speed <= 1 && k.Since.Equal(k.At) {
		return engine
	}
	return k.At.Add(engine.Sub(k.Since) * time.Duration(max(k.Speed, 1)))
}

// Sleep is how long the engine must wait for a span of the case's time, rounded up so that nothing is early.
func (k Clock) Sleep(d time.Duration) time.Duration {
	s := time.Duration(max(k.Speed, 1))
	return (d + s - 1) / s
}

// Actor is who did something: a person in a post, a delegate (B 代 A), or a part of the system. Never a person for a machine's act.
type Actor struct {
	User    string `json:"user,omitempty"` // login id; empty for the system
	Name    string `json:"name"`           // 示例-孙一, or 系统·超时
	Unit    string `json:"unit,omitempty"` // unit code acted for
	Role    Role   `json:"role,omitempty"` // post acted in
	For     string `json:"for,omitempty"`  // the user represented (代理)
	ForName string `json:"for_name,omitempty"`
}

// The system's own actors.
var (
	SystemClock    = Actor{Name: "系统·超时"}
	SystemSchedule = Actor{Name: "系统·日程"}
	SystemEngine   = Actor{Name: "系统·流程"}
)

// System tells whether a machine acted.
func (a Actor) System() bool { return a.User == "" }

// Title is the actor as the record shows it: «李某 代 王某».
func (a Actor) Title() string {
	if a.For != "" {
		return a.Name + " 代 " + a.ForName
	}
	return a.Name
}

// Holder is in whose court a task is: a post in a unit, or one named person.
type Holder struct {
	Unit     string `json:"unit"`
	UnitName string `json:"unit_name"`
	Role     Role   `json:"role,omitempty"`
	RoleName string `json:"role_name,omitempty"`
	User     string `json:"user,omitempty"` // set when the task was handed to a person by name
	UserName string `json:"user_name,omitempty"`
}

// Title is the holder in a sentence: «梧桐里街道办事处» or «示例-李四（区财政局）».
func (h Holder) Title() string {
	if h.User != "" {
		return h.UserName + "（" + h.UnitName + "）"
	}
	return h.UnitName
}

// Competent tells whether an actor may act for the holder.
func (h Holder) Competent(a Actor) bool {
	if h.User != "" {
		return a.User == h.User || a.For == h.User
	}
	return a.Unit == h.Unit && a.Role == h.Role
}

// CaseState is the state of a case as a whole.
type CaseState string

// The states of a case.
const (
	Running    CaseState = "running"    // 办理中
	Executing  CaseState = "executing"  // 执行中 (approved, being carried out)
	Completed  CaseState = "completed"  // 已办结
	Rejected   CaseState = "rejected"   // 未通过
	Refused    CaseState = "refused"    // 不予受理
	Withdrawn  CaseState = "withdrawn"  // 申请人撤销 (before approval)
	Cancelled  CaseState = "cancelled"  // 准入后撤销 (by the initiator after approval)
	Revoked    CaseState = "revoked"    // 撤销准入
	Lapsed     CaseState = "lapsed"     // 失效
	Terminated CaseState = "terminated" // 终止 (by an operator)
)

// Open tells whether the case still moves.
func (s CaseState) Open() bool { return s == Running || s == Executing }

// Outcome is how a case ended.
type Outcome struct {
	State  CaseState `json:"state"`
	Result string    `json:"result"` // one Chinese sentence
}
