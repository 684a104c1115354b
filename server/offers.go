package server

import (
	"fmt"
	"slices"
	"strings"

	"gongzhi/procedure"
	"gongzhi/record"
	"gongzhi/rules"
)

// matter is what the offers of a case are computed from. It is pure data: no reader, no clock.
type matter struct {
	who       *Principal
	kind      procedure.Procedure
	kase      record.Case
	tasks     []record.Task
	stages    []record.Stage
	deadlines []record.Deadline
	notices   []record.Notice
}

// offer is an ActionOffer with the refusal behind its why_not.
type offer struct {
	ActionOffer
	no *procedure.Error // nil when allowed
}

func (o offer) refuse(err *procedure.Error) offer {
	if o.no == nil && err != nil {
		o.no, o.WhyNot = err, err.Message
	}
	o.Allowed = o.no == nil
	return o
}

func views(offers []offer) []ActionOffer {
	out := make([]ActionOffer, 0, len(offers))
	for _, o := range offers {
		out = append(out, o.ActionOffer)
	}
	return out
}

func conflict(code, format string, args ...any) *procedure.Error {
	return procedure.Errorf(procedure.Conflict, code, format, args...)
}

func forbidden(code, format string, args ...any) *procedure.Error {
	return procedure.Errorf(procedure.Forbidden, code, format, args...)
}

// all are the offers of the case's page: those of each open task and of those one may take back, then those of the case.
func (m matter) all() []offer {
	var offers []offer
	for _, t := range m.tasks {
		switch {
		case unfinished(t):
			offers = append(offers, m.task(t)...)
		case m.mine(t) && m.mayTakeBack(t) == nil:
			offers = append(offers, m.takeBack(t))
		}
	}
	return append(offers, m.onCase()...)
}

func unfinished(t record.Task) bool {
	return t.State == record.TaskOpen || t.State == record.TaskBlocked
}

// place is where a case stands: the tasks that are open.
func (m matter) place() string {
	var open []string
	for _, t := range m.tasks {
		if unfinished(t) {
			open = append(open, t.ID)
		}
	}
	return strings.Join(open, " ")
}

func (m matter) mine(t record.Task) bool {
	_, ok := m.who.actorFor(t.Holder, m.kase.Kind)
	return ok
}

// task are the offers of one task: its answers first, then what else one can do.
func (m matter) task(t record.Task) []offer {
	var offers []offer
	main := false
	for _, option := range t.Answers() {
		o := m.answer(t, option)
		if o.Allowed && !main && option.Effect == procedure.Forward && !option.Danger {
			o.Main, main = true, true
		}
		offers = append(offers, o)
	}
	return append(offers, m.hand(t, procedure.ActTransfer), m.hand(t, procedure.ActDelegate), m.hand(t, procedure.ActAddBefore),
		m.hand(t, procedure.ActAddAfter), m.removeSigner(t), m.takeBack(t), m.urge(t), m.read(t), m.escalate(t), m.extend(t), m.sendBack(t))
}

// operate is an offer to whoever sets going again what stands still. Each needs a reason.
func (m matter) operate(t record.Task, action procedure.Action, next string) offer {
	o := offer{ActionOffer: ActionOffer{Action: action, Task: t.ID, Label: action.Title(), Needs: Needs{Opinion: true}, Next: next}}
	return o.refuse(m.role(action)).refuse(m.live(t)).refuse(m.awake())
}

// awake says why nobody may act on a case: an operator has suspended it.
func (m matter) awake() *procedure.Error {
	if s := m.kase.Suspended; s != nil {
		return conflict("case.suspended", "办件已由%s挂起，解除后才能办理。", s.By)
	}
	return nil
}

func (m matter) escalate(t record.Task) offer {
	return m.operate(t, procedure.ActEscalate, "下一步：上级收到报告，能看到这件办件。")
}

func (m matter) extend(t record.Task) offer {
	o := m.operate(t, procedure.ActExtend, "下一步：按延长后的期限重新提醒，只能延长一次。")
	if t.Due == nil {
		o = o.refuse(conflict("extend.none", "这件待办没有可以延长的期限。"))
	}
	i := slices.IndexFunc(m.deadlines, func(d record.Deadline) bool { return d.Clock == t.Clock && d.State == "running" })
	if i >= 0 {
		period := m.deadlines[i].Deadline.Rule.Period
		o.Needs.Days, o.Needs.Period = period.N, period.String()
	}
	return o
}

func (m matter) sendBack(t record.Task) offer {
	o := m.operate(t, procedure.ActSendBack, "下一步：从选定的环节重新办理，已有的意见保留在经过里。")
	o.Danger, o.Needs.ReturnTo = true, m.earlier(t)
	if len(o.Needs.ReturnTo) == 0 {
		o = o.refuse(conflict("return.none", "前面没有可以退回的环节。"))
	}
	return o
}

// shown drops what only an operator is offered from the page of everybody else.
func shown(offers []offer, who procedure.Role) []offer {
	if who == procedure.Operator {
		return offers
	}
	return slices.DeleteFunc(offers, func(o offer) bool {
		return slices.Contains([]procedure.Action{procedure.ActEscalate, procedure.ActExtend, procedure.ActSendBack,
			procedure.ActSuspend, procedure.ActContinue, procedure.ActRepublish}, o.Action)
	})
}

// holds says why the person may not act on a task as its holder.
func (m matter) holds(t record.Task) *procedure.Error {
	if !m.mine(t) {
		who := t.Holder.Title()
		if t.Holder.RoleName != "" {
			who += "的" + t.Holder.RoleName
		}
		return forbidden("task.not_holder", "这件待办由%s办理，您不是办理人。", who)
	}
	return nil
}

// live says why nothing can be done to a task.
func (m matter) live(t record.Task) *procedure.Error {
	switch {
	case t.State == record.TaskDone:
		return conflict("task.closed", "%s已先一步「%s」，这件待办已办结。", orPerson(t.ActorName), t.Label)
	case t.State == record.TaskClosed:
		return conflict("task.closed", "这件待办已关闭：%s。", t.WhyClosed)
	case !m.kase.State.Open():
		return conflict("case.closed", "办件已结束，不能再办理。")
	}
	return nil
}

// free says why a task cannot be decided yet.
func (m matter) free(t record.Task) *procedure.Error {
	if t.State == record.TaskBlocked {
		return conflict("task.blocked", "要等加签人或受委派人办完，才能办理。")
	}
	return nil
}

func orPerson(name string) string {
	if name == "" {
		return "同事"
	}
	return name
}

func (m matter) answer(t record.Task, option procedure.Option) offer {
	o := offer{ActionOffer: ActionOffer{
		Action: procedure.ActAnswer, Task: t.ID, Answer: option.Answer, Label: option.Label, Danger: option.Danger,
		Needs: Needs{Opinion: option.Opinion, Attachment: option.Attachment}, Next: m.next(option, t),
	}}
	o = o.refuse(m.live(t)).refuse(m.holds(t)).refuse(m.free(t)).refuse(m.awake())
	if option.Effect == procedure.Back {
		o.Needs.ReturnTo = m.earlier(t)
		if len(o.Needs.ReturnTo) == 0 {
			o = o.refuse(conflict("return.nowhere", "此前没有可以退回的环节。"))
		}
	}
	return o
}

// next says what follows from an answer: who comes next, and within what time.
func (m matter) next(option procedure.Option, t record.Task) string {
	switch {
	case option.Effect == procedure.Back:
		return "下一步：回到所选环节。「重走」则其后各环节重新办理，「直达」则办完直接回到您这里。"
	case t.Added != "" || t.Owner != nil:
		return "下一步：交回原办理人决定。"
	case option.Effect == procedure.Stop:
		return "下一步：本环节到此为止，不再转入后续环节。"
	}
	when := ""
	switch {
	case t.Sign == procedure.All && option.Answer != procedure.Object:
		when = "各家都同意后，"
	case t.Sign == procedure.Collect:
		when = "各家意见收齐或到期后，"
	}
	var who []string
	within := ""
	for _, name := range option.Then {
		stage, ok := m.kind.Stage(name)
		if !ok {
			continue
		}
		who = append(who, stage.Title+"（"+stage.Seat.Role.Title()+"）")
		if within == "" && stage.Within != nil {
			within = m.within(*stage.Within)
		}
	}
	if len(who) == 0 {
		return "下一步：" + when + "转入后续环节。"
	}
	return "下一步：" + when + strings.Join(who, "、") + within + "。"
}

// within is a period in words, from the rule pack in force. A pack that cannot be read says nothing.
func (m matter) within(span procedure.Span) string {
	pack, err := rules.Load(m.kind.Pack)
	if err != nil {
		return ""
	}
	period, err := span.Period(map[string]int64{span.Figure: pack.Figures[span.Figure].Value})
	if err != nil || period.N == 0 {
		return ""
	}
	return "，" + period.String() + "内"
}

// earlier are the stages that were entered before the task's, each once, in order.
func (m matter) earlier(t record.Task) []StageRef {
	var refs []StageRef
	for _, s := range m.stages {
		if s.Stage == t.Stage {
			break
		}
		if !slices.ContainsFunc(refs, func(r StageRef) bool { return r.Stage == s.Stage }) {
			refs = append(refs, StageRef{Stage: s.Stage, Title: s.Title})
		}
	}
	return refs
}

var afterHanding = map[procedure.Action]string{
	procedure.ActTransfer:  "下一步：责任转给对方，您不再办理。",
	procedure.ActDelegate:  "下一步：对方协办后交回，仍由您决定。",
	procedure.ActAddBefore: "下一步：对方先签，签完再由您决定。",
	procedure.ActAddAfter:  "下一步：您决定后，再由对方签。",
}

// hand are the offers that give a task to another: 转办, 委派, 前加签, 后加签.
func (m matter) hand(t record.Task, action procedure.Action) offer {
	o := offer{ActionOffer: ActionOffer{Action: action, Task: t.ID, Label: action.Title(), Needs: Needs{Target: true}}}
	o.Next = afterHanding[action]
	o = o.refuse(m.live(t)).refuse(m.awake())
	switch operator := slices.Contains(actionPolicies[action].Roles, m.who.Active.Role); {
	case operator && !m.mine(t):
		o.Label, o.Next = procedure.Reassign, "下一步：责任转给对方，原办理人不再办理。"
	case !operator:
		o = o.refuse(m.holds(t))
	}
	if action != procedure.ActTransfer {
		if t.Added != "" || t.Owner != nil {
			o = o.refuse(conflict("task.added", "加签或协办的待办不能再%s。", action.Title()))
		}
		o = o.refuse(m.free(t))
	}
	return o
}

func (m matter) removeSigner(t record.Task) offer {
	o := offer{ActionOffer: ActionOffer{Action: procedure.ActRemoveSigner, Task: t.ID, Label: procedure.ActRemoveSigner.Title()}}
	for _, other := range m.tasks {
		if other.Parent == t.ID && unfinished(other) && (other.Added == "before" || other.Added == "after") {
			o.Needs.Removable = append(o.Needs.Removable, TaskRef{Task: other.ID, Title: other.Holder.Title() + " " + other.Title})
		}
	}
	o = o.refuse(m.live(t)).refuse(m.holds(t)).refuse(m.awake())
	if len(o.Needs.Removable) == 0 {
		o = o.refuse(conflict("signer.none", "没有尚未签署的加签人。"))
	}
	return o
}

// mayTakeBack says why a decision cannot be taken back (撤回).
func (m matter) mayTakeBack(t record.Task) *procedure.Error {
	switch {
	case t.State != record.TaskDone:
		return conflict("task.not_answered", "尚未作出决定，无须撤回。")
	case !m.kase.State.Open():
		return conflict("case.closed", "办件已结束，不能撤回。")
	}
	if stage, known := m.kind.Stage(t.Stage); known && stage.Binding {
		return conflict("take_back.binding", "「%s」一经办理即生效，不能撤回。", t.Title)
	}
	for _, other := range m.tasks {
		if other.State == record.TaskDone && other.ID != t.ID && other.ClosedAt != nil && t.ClosedAt != nil && other.ClosedAt.After(*t.ClosedAt) {
			return conflict("take_back.late", "下一环节%s已经办理，不能撤回。", other.Holder.Title())
		}
	}
	return nil
}

func (m matter) takeBack(t record.Task) offer {
	o := offer{ActionOffer: ActionOffer{Action: procedure.ActTakeBack, Task: t.ID, Label: procedure.ActTakeBack.Title(), Next: "下一步：待办回到您这里，重新决定。"}}
	return o.refuse(m.holds(t)).refuse(m.mayTakeBack(t)).refuse(m.awake())
}

func (m matter) urge(t record.Task) offer {
	o := offer{ActionOffer: ActionOffer{Action: procedure.ActUrge, Task: t.ID, Label: procedure.ActUrge.Title(), Next: "下一步：提醒" + t.Holder.Title() + "，并记录送达。"}}
	o = o.refuse(m.live(t)).refuse(m.awake())
	if m.mine(t) {
		o = o.refuse(conflict("urge.self", "这件待办就在您手上，不必催办。"))
	}
	if t.Unmanned {
		o = o.refuse(conflict("urge.unmanned", "岗位空缺，无人可催。请先补岗或改派。"))
	}
	return o
}

func (m matter) read(t record.Task) offer {
	o := offer{ActionOffer: ActionOffer{Action: procedure.ActRead, Task: t.ID, Label: procedure.ActRead.Title()}}
	o = o.refuse(m.live(t)).refuse(m.holds(t))
	if t.ReadAt != nil {
		o = o.refuse(conflict("task.read", "%s已阅过。", orPerson(t.ReadBy)))
	}
	return o
}

// onCase are the offers of the case itself.
func (m matter) onCase() []offer {
	return []offer{m.withdraw(), m.terminate(), m.copy(), m.pause(), m.resume(), m.complain(), m.suspend(), m.proceed(), m.republish()}
}

// operateCase is an offer to whoever sets going again what stands still.
func (m matter) operateCase(action procedure.Action, next string) offer {
	o := offer{ActionOffer: ActionOffer{Action: action, Label: action.Title(), Needs: Needs{Opinion: true}, Next: next}}
	return o.refuse(m.role(action)).refuse(m.open())
}

func (m matter) suspend() offer {
	o := m.operateCase(procedure.ActSuspend, "下一步：解除前谁也不能办理，也不再提醒；法定期限照常计算。")
	o.Danger = true
	return o.refuse(m.awake())
}

func (m matter) proceed() offer {
	o := m.operateCase(procedure.ActContinue, "下一步：可以继续办理；提醒和征求意见的截止按挂起的时长顺延。")
	if m.kase.Suspended == nil {
		o = o.refuse(conflict("case.not_suspended", "办件没有挂起。"))
	}
	return o
}

func (m matter) republish() offer {
	o := m.operateCase(procedure.ActRepublish, "下一步：公告从今天起重新公示，公示当日不计。")
	for _, n := range m.notices {
		if n.Until != "" {
			o.Needs.Notice = append(o.Needs.Notice, NoticeRef{Notice: n.ID, Title: n.Title, Until: n.Until})
		}
	}
	o.Needs.Days, o.Needs.Period = procedure.MostDisplay, fmt.Sprintf("%d 日", procedure.MostDisplay)
	if len(o.Needs.Notice) == 0 {
		o = o.refuse(conflict("notice.none", "这件办件没有公示过的公告，不能补公示。"))
	}
	return o
}

func (m matter) open() *procedure.Error {
	if !m.kase.State.Open() {
		return conflict("case.closed", "办件已结束。")
	}
	return nil
}

func (m matter) role(action procedure.Action) *procedure.Error {
	roles := actionPolicies[action].Roles
	if slices.Contains(roles, m.who.Active.Role) {
		return nil
	}
	return forbidden("auth.forbidden", "「%s」只能由%s操作，您当前的岗位是%s。", action.Title(), roles[0].Title(), m.who.Active.Role.Title())
}

// initiator is in which post the person acts for whoever filed the case. Where several kinds of post may file, the case decides.
func (m matter) initiator() (procedure.Actor, bool) {
	for _, r := range append([]procedure.Role{m.kind.Initiator}, m.kind.Also...) {
		if a, ok := m.who.actorFor(procedure.Holder{Unit: m.kase.Unit, Role: r}, m.kase.Kind); ok {
			return a, true
		}
	}
	return procedure.Actor{}, false
}

// sealed tells whether the matter is past the point up to which it can be withdrawn.
func (m matter) sealed() bool {
	return m.kind.Sealed != "" && slices.ContainsFunc(m.tasks, func(t record.Task) bool {
		return t.Stage == m.kind.Sealed && t.State == record.TaskDone
	})
}

func (m matter) withdraw() offer {
	o := offer{ActionOffer: ActionOffer{Action: procedure.ActWithdraw, Label: "撤销申请", Danger: true, Needs: Needs{Opinion: true}, Next: "下一步：办件结束，各方收到通知。"}}
	if m.kase.State == procedure.Executing {
		o.Label = "准入后撤销"
	}
	if m.sealed() {
		o = o.refuse(conflict("case.sealed", "表决公告发布后不能撤销，只能由有权的机关终止。"))
	}
	if _, ok := m.initiator(); !ok {
		o = o.refuse(forbidden("case.not_initiator", "只有申请单位%s可以撤销。", m.kase.UnitName))
	}
	return o.refuse(m.open())
}

func (m matter) terminate() offer {
	o := offer{ActionOffer: ActionOffer{Action: procedure.ActTerminate, Label: "终止办件", Danger: true, Needs: Needs{Opinion: true}, Next: "下一步：办件立即结束，理由记入经过。"}}
	return o.refuse(m.role(procedure.ActTerminate)).refuse(m.open())
}

func (m matter) copy() offer {
	o := offer{ActionOffer: ActionOffer{Action: procedure.ActCopy, Label: procedure.ActCopy.Title(), Needs: Needs{Target: true}, Next: "下一步：对方收到抄送，打开时间记入经过。"}}
	return o.refuse(m.open())
}

func (m matter) clocks(state string) bool {
	return slices.ContainsFunc(m.deadlines, func(d record.Deadline) bool { return d.State == state })
}

func (m matter) pause() offer {
	o := offer{ActionOffer: ActionOffer{Action: procedure.ActPause, Label: procedure.ActPause.Title(), Needs: Needs{Opinion: true}, Next: "下一步：期限停止计算，直到恢复。"}}
	for _, g := range procedure.PauseGrounds() {
		o.Needs.Ground = append(o.Needs.Ground, Ground{Ground: g, Title: procedure.GroundTitle(g)})
	}
	o = o.refuse(m.role(procedure.ActPause)).refuse(m.open()).refuse(m.awake())
	switch {
	case m.clocks("paused"):
		o = o.refuse(conflict("clock.paused", "时钟已经暂停。"))
	case !m.clocks("running"):
		o = o.refuse(conflict("clock.none", "没有正在计算的期限。"))
	}
	return o
}

func (m matter) resume() offer {
	o := offer{ActionOffer: ActionOffer{Action: procedure.ActResume, Label: procedure.ActResume.Title(), Next: "下一步：期限从今天起接着计算。"}}
	o = o.refuse(m.role(procedure.ActResume)).refuse(m.open()).refuse(m.awake())
	if !slices.ContainsFunc(m.deadlines, func(d record.Deadline) bool {
		return d.State == "paused" && slices.Contains(procedure.PauseGrounds(), d.Ground)
	}) {
		o = o.refuse(conflict("clock.running", "没有由人暂停的时钟。等补正的时钟在补正后自动恢复。"))
	}
	return o
}

func (m matter) complain() offer {
	o := offer{ActionOffer: ActionOffer{Action: procedure.ActComplain, Label: procedure.ActComplain.Title(), Danger: true, Needs: Needs{Opinion: true}, Next: "下一步：交准入办核查，抄送督查。"}}
	o = o.refuse(m.role(procedure.ActComplain)).refuse(m.awake())
	if o.no == nil && !slices.ContainsFunc(m.tasks, func(t record.Task) bool { return t.Holder.Unit == m.who.Active.Unit }) {
		o = o.refuse(forbidden("complain.not_concerned", "您的社区不在这件事项的范围内。"))
	}
	if m.kase.State != procedure.Executing {
		o = o.refuse(conflict("complain.early", "事项执行期间才能反映加码。"))
	}
	return o
}

// find picks the offer that an action asks for.
func find(offers []offer, action procedure.Action, answer procedure.Answer) (offer, error) {
	i := slices.IndexFunc(offers, func(o offer) bool {
		return o.Action == action && (action != procedure.ActAnswer || o.Answer == answer)
	})
	if i < 0 {
		return offer{}, invalid("answer.unknown", "这件待办没有这个选项。")
	}
	return offers[i], nil
}
