// Package procedure describes procedures (事项) as data, and the messages, events and words of a case (办件).
// It is pure: no engine, no database, no clock of its own.
package procedure

import (
	"encoding/json"
	"fmt"
	"slices"

	"gongzhi/calendar"
)

// Kind names a procedure in code, in the API and in workflow type names.
type Kind string

// Role is the kind of post (岗位) that may act, for example "admission.office".
type Role string

// Level is a level of the unit tree.
type Level string

// The levels of the unit tree, from top to bottom.
const (
	City       Level = "city"       // 市
	District   Level = "district"   // 区
	Department Level = "department" // 区级部门
	Street     Level = "street"     // 街道
	Community  Level = "community"  // 社区
)

// Basis is where a duty or a period comes from, with the confidence tag of the rule pack (T, X, M, P or D).
type Basis struct {
	Text string `json:"text"`
	Tag  string `json:"tag"`
}

// Procedure is one 事项: its stages, form and figures. Order is not here: the workflow of the same kind holds it.
type Procedure struct {
	Kind      Kind     `json:"kind"`
	Version   int      `json:"version"`
	Name      string   `json:"name"`      // 社区工作准入
	Summary   string   `json:"summary"`   // one sentence for the catalogue
	Duration  string   `json:"duration"`  // how long by law, in words
	Prepare   []string `json:"prepare"`   // what to have at hand
	Prefix    string   `json:"prefix"`    // in case numbers: XW-ZR-2026-014
	Pack      string   `json:"pack"`      // rule pack whose figures are pinned at the start
	Initiator Role     `json:"initiator"` // the post that may start it
	// Also are further posts that may start it: a vote of owners is proposed by their committee or by the community.
	Also    []Role   `json:"also,omitempty"`
	Decides []string `json:"decides"` // who will decide, in order, in words
	// Sealed names the stage after whose answer nobody withdraws the matter any more; empty: it can be withdrawn until the end.
	Sealed   string   `json:"sealed,omitempty"`
	Segments []string `json:"segments"` // the parts of the stage bar, in order
	Stages   []Stage  `json:"stages"`
	// Schema is the JSON Schema of the application form, UI its layout hints; both are embedded files of the kind.
	Schema json.RawMessage `json:"schema"`
	UI     json.RawMessage `json:"ui"`
}

// Starts tells whether a post of the role may start the procedure.
func (p Procedure) Starts(r Role) bool { return r == p.Initiator || slices.Contains(p.Also, r) }

// Stage finds a stage by its stable name.
func (p Procedure) Stage(name string) (Stage, bool) {
	i := slices.IndexFunc(p.Stages, func(s Stage) bool { return s.Name == name })
	if i < 0 {
		return Stage{}, false
	}
	return p.Stages[i], true
}

// Sign says how several holders of one stage answer together.
type Sign string

// The ways of signing.
const (
	Single  Sign = ""        // one body decides
	All     Sign = "all"     // 会签: all must agree; one refusal ends the step
	Any     Sign = "any"     // 或签: the first answer decides
	InTurn  Sign = "in_turn" // 依次: B's task opens only after A agreed
	Collect Sign = "collect" // 征求意见: everyone is heard, nobody decides
)

// Silence says what no answer means once the period is over.
type Silence string

// What silence means. An automatic approval does not exist.
const (
	Duty  Silence = ""      // the duty remains; the case waits, red
	Noted Silence = "noted" // the step ends; the silence itself is recorded (逾期未反馈), never as consent
)

// Where says which units a seat is looked for in.
type Where string

// The places a seat may be in, relative to the case.
const (
	AtInitiator   Where = "initiator"   // the unit that filed the case
	AtDistrict    Where = "district"    // every unit of the district that has such a post
	AtStreets     Where = "streets"     // the streets of the communities concerned
	AtCommunities Where = "communities" // the communities concerned
	AtTarget      Where = "target"      // the one unit the step was opened for
)

// Seat is who must act: a kind of post and where to look for it.
type Seat struct {
	Role  Role  `json:"role"`
	Where Where `json:"where"`
}

// Span is a period whose number is a figure of the pinned rule pack.
type Span struct {
	Figure string        `json:"figure"`
	Unit   calendar.Unit `json:"unit"`
}

// Period reads the span from the figures pinned into the case.
func (s Span) Period(figures map[string]int64) (calendar.Period, error) {
	n, ok := figures[s.Figure]
	if !ok {
		return calendar.Period{}, fmt.Errorf("rule pack has no figure %q", s.Figure)
	}
	return calendar.Period{N: int(n), Unit: s.Unit}, nil
}

// Stage is one 环节: what one body, or several side by side, must do.
type Stage struct {
	Name    string   `json:"name"`    // stable: recorded in histories
	Title   string   `json:"title"`   // 形式审查
	Segment string   `json:"segment"` // the part of the stage bar it belongs to
	Does    string   `json:"does"`    // 填报意见: completes the sentence «现在等 … »
	Basis   Basis    `json:"basis"`
	Seat    Seat     `json:"seat"`
	Sign    Sign     `json:"sign,omitempty"`
	Options []Option `json:"options"`
	Within  *Span    `json:"within,omitempty"` // nil: the stage has no period of its own (see Clock)
	// Clock names a clock of the case that the stage runs on instead of one of its own: it keeps running over rounds.
	Clock      string  `json:"clock,omitempty"`
	RemindDays int     `json:"remind_days,omitempty"` // working days before the due day; 0 means no early reminder
	EscalateTo Seat    `json:"escalate_to"`
	Silence    Silence `json:"silence,omitempty"`
	// Undated says why the stage has no period of its own; the matter gives its date, or there is none.
	Undated string `json:"undated,omitempty"`
	// Binding: the answer takes effect at once and cannot be taken back (撤回). The workflow asks such a stage outside of a Chain.
	Binding bool `json:"binding,omitempty"`
}

// Option is one answer open to the holder of a task.
type Option struct {
	Answer  Answer `json:"answer"`
	Label   string `json:"label"`   // the button: 「同意并转入会审」
	Effect  Effect `json:"effect"`  // what it does to the order of things
	Opinion bool   `json:"opinion"` // an opinion is compulsory
	// Attachment: at least one file is compulsory (拨付凭证).
	Attachment bool `json:"attachment,omitempty"`
	Danger     bool `json:"danger,omitempty"`
	// Then names the stages that follow, so that a person sees who comes next before he answers. The order itself is the workflow's.
	Then []string `json:"then,omitempty"`
}

// HelperOptions are what somebody may say to whom a task was delegated (委派): he advises, the owner decides.
func HelperOptions() []Option {
	return []Option{{Answer: Known, Label: "回复意见，交回决定", Effect: Forward, Opinion: true}}
}

// Option finds an answer among those open to the stage.
func (s Stage) Option(a Answer) (Option, bool) {
	i := slices.IndexFunc(s.Options, func(o Option) bool { return o.Answer == a })
	if i < 0 {
		return Option{}, false
	}
	return s.Options[i], true
}

// Answer is what a holder says.
type Answer string

// The answers procedures share.
const (
	NoAnswer   Answer = ""
	Agree      Answer = "agree"      // 同意
	AgreeIf    Answer = "agree_if"   // 附条件同意
	Object     Answer = "object"     // 不同意
	Accept     Answer = "accept"     // 受理
	Supplement Answer = "supplement" // 要求补正
	Refuse     Answer = "refuse"     // 不予受理
	Submit     Answer = "submit"     // 提交
	Abandon    Answer = "abandon"    // 放弃
	Publish    Answer = "publish"    // 公布
	Paid       Answer = "paid"       // 已拨付
	Received   Answer = "received"   // 经费到位, 接收任务
	Missing    Answer = "missing"    // 费未到
	Report     Answer = "report"     // 报送进度
	Revoke     Answer = "revoke"     // 撤销准入
	Keep       Answer = "keep"       // 继续执行
	Known      Answer = "known"      // 已阅
	Return     Answer = "return"     // 退回: carries a target stage and a mode
	Silent     Answer = "silent"     // 逾期未反馈: recorded by the clock, never chosen
)

// Effect is what an answer does to the order of things.
type Effect string

// The effects.
const (
	Forward Effect = "forward" // on to the next step
	Stop    Effect = "stop"    // ends the chain of steps
	Back    Effect = "back"    // 退回 to a chosen earlier stage
)
