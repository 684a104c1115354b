package ops

import (
	"encoding/json"
	"slices"
	"time"

	"gongzhi/procedure"
)

// Cure is one way of setting going again what stands still (处置).
type Cure string

// The cures. The first ones are actions on the cases, and are checked and recorded as these; the others work on the machine.
const (
	Urge      Cure = "urge"
	Reassign  Cure = "reassign"
	Escalate  Cure = "escalate"
	Extend    Cure = "extend"
	SendBack  Cure = "send_back"
	Resume    Cure = "resume" // an outside body has answered
	Copy      Cure = "copy"   // tell somebody who can coordinate
	Terminate Cure = "terminate"
	Suspend   Cure = "suspend"
	Continue  Cure = "continue"
	Republish Cure = "republish"
	Retry     Cure = "retry"
	Hold      Cure = "hold"
	Rewind    Cure = "rewind"
	Reconcile Cure = "reconcile"
	Redeliver Cure = "redeliver"
)

// cure is what is known about a cure beforehand.
type cure struct {
	label, next string
	action      procedure.Action // of a case; empty: it works on the machine
	second      bool             // what cannot be undone needs a second person
	then        string           // what is still to come before the cause can go; empty: it goes at once or not at all
}

var cures = map[Cure]cure{
	Urge:      {"催办", "提醒办理人，记入经过。", procedure.ActUrge, false, "催办只是提醒，办理以后原因才会消除。"},
	Reassign:  {procedure.Reassign, "责任转给选定的岗位或人员。", procedure.ActTransfer, false, ""},
	Escalate:  {"上报上级", "上级收到报告，能看到办件。", procedure.ActEscalate, false, "上报只是告知上级，办理以后原因才会消除。"},
	Extend:    {"延期", "按延长后的期限重新提醒，只能延长一次。", procedure.ActExtend, false, ""},
	SendBack:  {"退回到环节", "从选定的环节重新办理。", procedure.ActSendBack, true, ""},
	Resume:    {"登记回复，恢复计时", "暂停的时钟从今天起接着计算。", procedure.ActResume, false, ""},
	Copy:      {"召集协调", "选定的岗位收到抄送和说明。", procedure.ActCopy, false, "抄送只是请人协调，协调有了结果原因才会消除。"},
	Terminate: {"终止办件", "办件立即结束，不能恢复。", procedure.ActTerminate, true, ""},
	Suspend:   {"挂起", "解除前谁也不能办理，也不再提醒；法定期限照常计算。", procedure.ActSuspend, false, "挂起不消除原因，查清以后请解除挂起。"},
	Continue:  {"解除挂起", "可以继续办理；提醒和征求意见的截止按挂起的时长顺延。", procedure.ActContinue, false, "解除以后还要有人办理，原因才会消除。"},
	Republish: {"补公示", "公告从今天起重新公示，公示当日不计。", procedure.ActRepublish, false, ""},
	Retry:     {"立即重试", "失败的动作马上再做一次；更正数据以后也用它。", "", false, "重试要过一会儿才有结果，请看下一次检测（每分钟一次）。"},
	Hold:      {"暂停重试", "失败的动作不再自动重试，直到「立即重试」。", "", false, "已不再自动重试；更正以后请「立即重试」。"},
	Rewind:    {"修复后重试", "让现在的程序重做出错的那一步，之前的记录不变。", "", true, "重做要过一会儿才有结果，请看下一次检测（每分钟一次）。"},
	Reconcile: {"校正", "按记录重新生成页面数据；引擎里已结束的办件补记结束。", "", false, ""},
	Redeliver: {"重新发送", "没有送达的通知再发一次；地址或渠道要先更正。", "", false, "重发要过十几秒才有结果，请看下一次检测（每分钟一次）。"},
}

// kit lists the cures of each kind, the first one first.
var kit = map[Kind][]Cure{
	Overdue:  {Urge, Reassign, Escalate, Extend, SendBack, Continue},
	Unmanned: {Reassign, Escalate, SendBack},
	Silent:   {Resume, Urge, Escalate},
	Clock:    {Republish, Copy, Terminate},
	Lost:     {Copy, Terminate},
	Circling: {Copy, Reassign, Escalate, Suspend, Continue},
	Code:     {Rewind},
	Retrying: {Retry, Hold},
	Disagree: {Reconcile},

	Undelivered: {Redeliver},
}

// Cures are the cures of a kind. A kind may have none: then nothing here can help, only the person in whose court it is.
func (k Kind) Cures() []Cure { return kit[k] }

// Label is the cure as a button.
func (c Cure) Label() string { return cures[c].label }

// Next says what will happen.
func (c Cure) Next() string { return cures[c].next }

// Action is the action on a case that the cure is; ok is false where it works on the machine.
func (c Cure) Action() (a procedure.Action, ok bool) { return cures[c].action, cures[c].action != "" }

// OfCase tells whether the cure acts on the case as a whole, and not on one of its tasks.
func (c Cure) OfCase() bool {
	return slices.Contains([]Cure{Resume, Copy, Terminate, Suspend, Continue, Republish}, c) || cures[c].action == ""
}

// Second tells whether a second person must confirm: what it does cannot be undone.
func (c Cure) Second() bool { return cures[c].second }

// ProposalState is where a proposal is.
type ProposalState string

// The states of a proposal.
const (
	Pending   ProposalState = "pending"
	Confirmed ProposalState = "confirmed"
	Declined  ProposalState = "declined"
)

// Proposal is a cure that waits for a second person (复核).
type Proposal struct {
	ID       string          `json:"id"`
	Incident string          `json:"incident"`
	Cure     Cure            `json:"remedy"`
	Label    string          `json:"label"`
	Details  string          `json:"details,omitempty"` // what exactly: to which stage, to whom, how long
	Sentence string          `json:"sentence"`          // of the incident, when it was proposed
	Cases    []Affected      `json:"cases"`
	Reason   string          `json:"reason"`
	Order    json.RawMessage `json:"-"` // the request, to be carried out once it is confirmed
	By       string          `json:"by"`
	ByName   string          `json:"by_name"`
	Post     string          `json:"-"` // in which post it was proposed
	At       time.Time       `json:"at"`
	State    ProposalState   `json:"state" enum:"pending,confirmed,declined"`
	Second   string          `json:"second,omitempty"`
	Named    string          `json:"second_name,omitempty"`
	Decided  *time.Time      `json:"decided,omitempty"`
}
