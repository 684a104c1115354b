package procedure

import (
	"encoding/json"
	"fmt"
	"time"

	"gongzhi/calendar"
)

// Reassign is the word for a transfer by an operator, who gives away what others hold.
const Reassign = "改派"

// groundTitles are the grounds on which a clock may stand still (中止计时的事由).
var groundTitles = map[string]string{
	"supplement": "补正材料", "review": "专家评审", "inspection": "勘验检查", "hearing": "听证", "mediation": "调解",
}

// GroundTitle names the ground of a pause; a ground without a title names itself.
func GroundTitle(ground string) string {
	if t, ok := groundTitles[ground]; ok {
		return t
	}
	return ground
}

// PauseGrounds are the grounds that a person may give, in the order shown.
func PauseGrounds() []string { return []string{"review", "inspection", "hearing", "mediation"} }

var rungTexts = map[Rung]string{
	RungEarly: "提前提醒", RungYellow: "黄牌提醒", RungDue: "到期提醒", RungRed: "红牌", RungEscalate: "上报上级",
}

var actionTitles = map[Action]string{
	ActAnswer: "办理", ActTransfer: "转办", ActDelegate: "委派", ActAddBefore: "前加签", ActAddAfter: "后加签",
	ActRemoveSigner: "减签", ActTakeBack: "撤回", ActUrge: "催办", ActRead: "已阅", ActEscalate: "上报上级", ActExtend: "延期", ActSendBack: "退回到环节",
	ActStart: "发起", ActWithdraw: "撤销",
	ActTerminate: "终止", ActCopy: "抄送", ActPause: "暂停时钟", ActResume: "恢复时钟", ActComplain: "反映加码",
	ActSuspend: "挂起", ActContinue: "解除挂起", ActRepublish: "补公示",
}

// Title is the action as a screen names it.
func (a Action) Title() string {
	if t, ok := actionTitles[a]; ok {
		return t
	}
	return string(a)
}

// Text says in one sentence what an event is, with the name of a picture for it. An event whose payload cannot be read is
// said by its type, since a record must be readable whatever wrote it.
func (e Event) Text() (text, icon string) {
	tell, known := tellings[e.Type]
	if !known {
		return string(e.Type), "record"
	}
	text, icon, err := tell(e)
	if err != nil {
		return string(e.Type), "record"
	}
	return text, icon
}

type telling func(e Event) (text, icon string, err error)

// told makes a telling out of a function of the payload.
func told[T any](icon string, say func(e Event, p T) string) telling {
	return func(e Event) (string, string, error) {
		var p T
		if err := json.Unmarshal(e.Data, &p); err != nil {
			return "", "", err
		}
		return say(e, p), icon, nil
	}
}

// by is who did it, for the beginning of a sentence.
func by(e Event) string { return e.Actor.Title() }

var tellings = map[EventType]telling{
	CaseStarted: told("start", func(e Event, p Started) string { return by(e) + " 发起「" + p.Title + "」。" }),
	CasePhased:  told("phase", func(_ Event, p Phased) string { return FullStop(p.Text) }),
	CaseClosed: told("end", func(e Event, p Closed) string {
		return FullStop(by(e) + " 办件结束：" + p.Outcome.Result)
	}),
	CaseCopied: told("copy", func(e Event, p Copied) string {
		text := by(e) + " 抄送 " + p.To.Title()
		if p.Why != "" && p.Why != "抄送" {
			text += "：" + p.Why
		}
		return text + "。"
	}),
	CaseComplained: told("complain", func(e Event, _ Complained) string { return by(e) + " 反映加码。" }),
	CaseSuspended:  told("pause", func(e Event, _ Suspended) string { return by(e) + " 挂起办件，解除前不能办理。" }),
	CaseContinued: told("resume", func(e Event, p Suspended) string {
		return by(e) + " 解除挂起，自" + dayOf(p.Since, e.At) + "起的挂起到此为止。"
	}),
	StageEntered: told("stage", func(_ Event, p Entered) string {
		if p.Round > 1 {
			return fmt.Sprintf("进入「%s」（第 %d 轮）。", p.Title, p.Round)
		}
		return "进入「" + p.Title + "」。"
	}),
	StageLeft: told("stage", func(_ Event, p Left) string {
		if p.Text == "" {
			return "「" + p.Title + "」结束。"
		}
		return "「" + p.Title + "」结束：" + p.Text + "。"
	}),
	ClockStarted: told("clock", func(e Event, p Clocked) string {
		return "「" + p.Title + "」开始计时：" + p.Deadline.Sentence(e.At) + basis(p.Basis) + "。"
	}),
	ClockPaused: told("pause", func(e Event, p Clocked) string {
		text := by(e) + " 暂停「" + p.Title + "」：" + GroundTitle(p.Ground)
		if p.Wait != "" {
			text += "，等 " + p.Wait
		}
		return text + basis(p.Basis) + "。"
	}),
	ClockResumed: told("resume", func(e Event, p Clocked) string {
		return "「" + p.Title + "」恢复计时，至" + p.Deadline.Text(e.At) + "。"
	}),
	ClockRedated: told("clock", func(e Event, p Clocked) string {
		if !e.Actor.System() {
			return by(e) + " 延长「" + p.Title + "」：由 " + p.Was + " 改为 " + p.Deadline.Text(e.At) + "。"
		}
		return "「" + p.Title + "」按新公布的放假安排重算：由 " + p.Was + " 改为 " + p.Deadline.Text(e.At) + "。"
	}),
	ClockStopped: told("clock", func(_ Event, p Clocked) string { return "「" + p.Title + "」停止计时。" }),
	TaskOpened: told("task", func(e Event, p Opened) string {
		text := "交 " + p.Holder.Title() + " " + p.Does
		switch p.Added {
		case "before":
			text = by(e) + " 前加签：" + text
		case "after":
			text = by(e) + " 后加签：" + text
		}
		if p.Subject != "" {
			text += "（" + p.Subject + "）"
		}
		if p.Due != nil {
			text += "，" + dayOf(p.Due.Add(-time.Nanosecond), e.At) + " 前"
		}
		return text + "。"
	}),
	TaskUnmanned: told("alert", func(_ Event, p Tasked) string { return orElse(p.Text, "无人可办：岗位空缺。") }),
	TaskRead:     told("read", func(e Event, _ Tasked) string { return by(e) + " 已阅。" }),
	TaskReminded: told("remind", func(e Event, p Reminded) string {
		text := by(e) + " " + orElse(rungTexts[p.Rung], string(p.Rung))
		if p.To != nil {
			text += "：" + p.To.Title()
		}
		return text + "。"
	}),
	TaskUrged: told("urge", func(e Event, p Urged) string { return fmt.Sprintf("%s 催办（今日第 %d 次）。", by(e), p.Nth) }),
	TaskMoved: told("move", func(e Event, p Moved) string {
		if p.How == ActAnswer {
			return by(e) + " 已协办，交回 " + p.Holder.Title() + "。"
		}
		how := p.How.Title()
		if p.How == ActTransfer && e.Actor.Role == Operator {
			how = Reassign
		}
		return by(e) + " " + how + "给 " + p.Holder.Title() + "。"
	}),
	TaskBlocked:   told("pause", func(_ Event, p Tasked) string { return orElse(p.Text, "等加签或受委派人先办。") }),
	TaskUnblocked: told("resume", func(_ Event, p Tasked) string { return orElse(p.Text, "可以继续办理。") }),
	TaskRedated: told("clock", func(e Event, p Redated) string {
		if p.Due == nil {
			return "办理期限暂停。"
		}
		return "办理期限改为 " + dayOf(p.Due.Add(-time.Nanosecond), e.At) + "。"
	}),
	TaskAnswered: told("answer", func(e Event, p Answered) string {
		text := by(e) + "（" + p.Holder.UnitName + "）" + p.Title + "：" + p.Label
		switch p.Mode {
		case Rerun:
			text += "（重走）"
		case Straight:
			text += "（直达）"
		}
		if p.Late {
			text += "，已超期"
		}
		return text + "。"
	}),
	TaskReopened: told("undo", func(e Event, p Tasked) string { return orElse(p.Text, by(e)+" 撤回了自己的决定。") }),
	TaskClosed: told("end", func(e Event, p Dropped) string {
		if e.Actor.User != "" {
			return by(e) + " " + p.Why + "，待办关闭。"
		}
		return "待办关闭：" + p.Why + "。"
	}),
	WaitOpened: told("wait", func(e Event, p Waiting) string {
		text := "开始等待：" + p.For
		if p.Until != nil {
			text += "，至 " + dayOf(p.Until.Add(-time.Nanosecond), e.At)
		}
		return text + basis(p.Basis) + "。"
	}),
	WaitClosed: told("wait", func(_ Event, p Waiting) string { return "等待结束：" + p.For + "。" }),
	NoticePosted: told("notice", func(e Event, p Posted) string {
		text := "发布公告《" + p.Title + "》"
		if !e.Actor.System() {
			text = by(e) + " 补公示《" + p.Title + "》"
		}
		if last, err := calendar.ParseDate(p.Until); err == nil { // without a last day it stays
			text += "，公示至 " + dayOf(last.Start(), e.At)
		}
		return text + "。"
	}),
	ListPublished: told("list", func(_ Event, p Published) string { return "公布清单 " + p.Version + "：" + p.Why + "。" }),
	ReceiptIssued: told("receipt", func(_ Event, p Issued) string { return "出具回执 " + p.Receipt + "：" + p.Text + "。" }),
}

func basis(b Basis) string {
	if b.Text == "" {
		return ""
	}
	return "（依据：" + b.Text + "）"
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}
