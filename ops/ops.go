// Package ops finds work that does not move, whatever the reason, and keeps one list of it (运行监控). A detector looks for one
// kind of trouble; a sweep runs all detectors and folds what they find into incidents, one per cause.
//
// Every time is case time, as everywhere on the screens: what the engine reports is mapped before it gets here.
package ops

import (
	"context"
	"time"

	"gongzhi/procedure"
)

// Kind is a kind of trouble.
type Kind string

// The kinds, the most harmful first: this is the order of the list.
const (
	Code        Kind = "code"        // workflow code fails
	NoWorker    Kind = "no_worker"   // nobody takes work from a queue
	Disagree    Kind = "disagree"    // engine and record disagree
	Sweeping    Kind = "sweeping"    // a detector itself fails
	Retrying    Kind = "retrying"    // an activity fails again and again
	Unmanned    Kind = "unmanned"    // nobody can act
	Clock       Kind = "clock"       // a statutory period was not kept: a notice not published, or too short
	Lost        Kind = "lost"        // a vote cannot pass any more
	Overdue     Kind = "overdue"     // a person is late
	Silent      Kind = "silent"      // an outside body does not answer
	Circling    Kind = "circling"    // returned again and again
	Undelivered Kind = "undelivered" // a notice did not reach its person
)

// Kinds lists all kinds in the order of the list.
func Kinds() []Kind {
	return []Kind{Code, NoWorker, Disagree, Sweeping, Retrying, Unmanned, Clock, Lost, Overdue, Silent, Circling, Undelivered}
}

var titles = map[Kind]string{
	Code: "程序出错", NoWorker: "无程序处理", Disagree: "记录与引擎不一致", Sweeping: "检测出错", Retrying: "反复重试", Unmanned: "无人可办",
	Clock: "法定时限有误", Lost: "表决已不可能通过", Overdue: "超期未办", Silent: "外部未回复", Circling: "反复退回", Undelivered: "提醒未送达",
}

// Title is the kind as the screen shows it.
func (k Kind) Title() string { return titles[k] }

// patience is how long trouble of a kind must last before it is an incident, and how long it must be gone before the incident is
// resolved: without it a cause that comes and goes would fill the list.
type patience struct{ before, after time.Duration }

// Trouble of people is dated by the law and comes and goes by itself; what a machine does may be over in the next second.
var patiences = map[Kind]patience{
	Code:     {after: time.Minute},
	NoWorker: {before: 20 * time.Second, after: 30 * time.Second},
	Retrying: {before: 20 * time.Second, after: 30 * time.Second},
	Disagree: {before: 20 * time.Second, after: 30 * time.Second},
	// What is sent again is not known to have failed until it has been tried.
	Undelivered: {after: 30 * time.Second},
}

// flap is how long after its end an incident is opened again rather than a new one made for the same cause.
const flap = 10 * time.Minute

// Finding is what one detector sees of one cause.
type Finding struct {
	Cause    string             `json:"cause"`           // stable as long as the cause is: a task, a fingerprint of an error, a queue
	Sentence procedure.Sentence `json:"sentence"`        // what is wrong
	Since    time.Time          `json:"since"`           // zero, of a finding: since it was first seen
	Court    string             `json:"court"`           // in whose court: 〈单位/岗位〉, 运维
	Unit     string             `json:"unit,omitempty"`  // code of that unit
	Basis    procedure.Basis    `json:"basis,omitzero"`  // the article that is breached
	Facts    map[string]string  `json:"facts,omitempty"` // what remedies need: task, queue, activity, the last error
	Cases    []Affected         `json:"cases,omitempty"`
}

// Affected is a case that stands still for a cause.
type Affected struct {
	Number string `json:"number"`
	Title  string `json:"title,omitempty"`
	Task   string `json:"task,omitempty"` // the task that stands still, if it is one
}

// Detector looks for one kind of trouble. It returns all there is at the moment, or an error: never a part.
type Detector interface {
	Kind() Kind
	Detect(ctx context.Context, now time.Time) ([]Finding, error)
}

// State is where an incident is.
type State string

// The states of an incident.
const (
	Open         State = "open"
	Acknowledged State = "acknowledged" // 已知悉
	Assigned     State = "assigned"     // 已指派
	Resolved     State = "resolved"
)

// Incident is one cause of standstill, with everything that was done about it.
type Incident struct {
	ID       string     `json:"id"`
	Kind     Kind       `json:"kind" enum:"code,no_worker,disagree,sweeping,retrying,unmanned,clock,lost,overdue,silent,circling,undelivered"`
	State    State      `json:"state" enum:"open,acknowledged,assigned,resolved"`
	Version  int64      `json:"version"` // grows with each change but being seen again: two operators cannot overwrite each other
	Opened   time.Time  `json:"opened"`
	Seen     time.Time  `json:"seen"`              // by the last sweep that saw it
	Missing  *time.Time `json:"missing,omitempty"` // since when sweeps do not see it any more
	Ended    *time.Time `json:"ended,omitempty"`
	How      string     `json:"how,omitempty"`      // how it ended: 原因已消除, 处置后已恢复, 人工关闭
	Assignee string     `json:"assignee,omitempty"` // user
	Named    string     `json:"assignee_name,omitempty"`
	Cured    *time.Time `json:"cured,omitempty"` // when a remedy was last carried out on any of its cases
	Times    int        `json:"times"`           // how often it has been opened
	Count    int        `json:"count"`           // cases it holds up
	// Quiet: a person closed it while its cause stood. It stays closed until the cause has gone, or holds up more cases.
	Quiet bool `json:"quiet,omitempty"`
	Finding
}

// Entry is one line of an incident's history.
type Entry struct {
	Incident string    `json:"incident"`
	At       time.Time `json:"at"`
	By       string    `json:"by"` // user; empty: the sweep
	ByName   string    `json:"by_name,omitempty"`
	What     string    `json:"what"` // Opened, Changed, Reopened, Ended, Acknowledge, Assign, Comment, Remedy, RemedyResult
	Text     string    `json:"text"`
}

// Run is the last run of a detector, for 系统健康.
type Run struct {
	Kind   Kind          `json:"kind"`
	At     time.Time     `json:"at"`
	Took   time.Duration `json:"took"`
	Found  int           `json:"found"`
	Error  string        `json:"error,omitempty"`
	LastOK *time.Time    `json:"last_ok,omitempty"`
}
