package procedure

import "time"

// Action is what a person does to a task or a case (操作). Their meanings are fixed in docs/glossary.md.
type Action string

// Actions on a task.
const (
	ActAnswer       Action = "answer"        // 办理: one of the stage's answers, 退回 included
	ActTransfer     Action = "transfer"      // 转办
	ActDelegate     Action = "delegate"      // 委派
	ActAddBefore    Action = "add_before"    // 前加签
	ActAddAfter     Action = "add_after"     // 后加签
	ActRemoveSigner Action = "remove_signer" // 减签
	ActTakeBack     Action = "take_back"     // 撤回
	ActUrge         Action = "urge"          // 催办
	ActRead         Action = "read"          // 已阅
	ActEscalate     Action = "escalate"      // 上报上级
	ActExtend       Action = "extend"        // 延期
	ActSendBack     Action = "send_back"     // 退回到环节 (by an operator)
)

// Actions on a case.
const (
	ActStart     Action = "start"     // 发起
	ActWithdraw  Action = "withdraw"  // 撤销
	ActTerminate Action = "terminate" // 终止
	ActCopy      Action = "copy"      // 抄送
	ActPause     Action = "pause"     // 暂停时钟
	ActResume    Action = "resume"    // 恢复时钟
	ActComplain  Action = "complain"  // 反映加码 (a community reports that more is demanded than was admitted)
	ActSuspend   Action = "suspend"   // 挂起: nobody may act and nobody is reminded
	ActContinue  Action = "continue"  // 解除挂起
	ActRepublish Action = "republish" // 补公示
)

// ReturnMode says how a returned matter comes back.
type ReturnMode string

// The modes of 退回.
const (
	Rerun    ReturnMode = "rerun"    // 重走: every stage again
	Straight ReturnMode = "straight" // 直达: straight back to the returner
)

// Command is an official's action as it travels to the workflow. What the person wrote (opinion, fields, files) stays in the
// database under the same id and joins the event when it is recorded: it never passes through the engine.
type Command struct {
	ID       string     `json:"id"` // the request's idempotency key, and the update id
	Case     string     `json:"case"`
	Action   Action     `json:"action"`
	Task     string     `json:"task,omitempty"`
	Actor    Actor      `json:"actor"`
	Answer   Answer     `json:"answer,omitempty"`
	ReturnTo string     `json:"return_to,omitempty"` // stage name
	Mode     ReturnMode `json:"mode,omitempty"`
	Target   *Holder    `json:"target,omitempty"`  // transfer, delegate, add signer, copy
	Removed  string     `json:"removed,omitempty"` // task id of the signer to remove
	Days     int        `json:"days,omitempty"`    // of an extension, in the unit of the clock's period
	Ground   string     `json:"ground,omitempty"`  // short code of the ground of a pause: review, inspection, hearing, mediation
	Notice   *Posted    `json:"notice,omitempty"`  // to be published again; what it says is public
	At       time.Time  `json:"at"`                // case time at which the API took it
	Head     int64      `json:"head,omitempty"`    // last line of the case's record when the API took it: the reply need not repeat it
}

// Receipt is what a command's sender gets back.
type Receipt struct {
	Command string    `json:"command"`
	Case    string    `json:"case"`
	Seq     int64     `json:"seq"` // last event of the case when it stood still again
	At      time.Time `json:"at"`
}

// Reply is the result of a command's update: the receipt, and the events that the sender must add to the record before he shows
// the receipt to anybody. It may begin with events that other commands have caused and nobody is known to have recorded yet.
type Reply struct {
	Receipt Receipt `json:"receipt"`
	Events  []Event `json:"events,omitempty"`
}

// Names of the messages a running case accepts.
const (
	ActUpdate   = "act"   // an Update carrying a Command
	ClockSignal = "clock" // a Signal carrying a Clock: the demo's time has jumped
	// CalendarSignal tells that a year's days off have been loaded: provisional deadlines are reckoned anew.
	CalendarSignal = "calendar"
)
