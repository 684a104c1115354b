package workflows

import (
	"slices"

	"gongzhi/calendar"
	"gongzhi/procedure"
)

// checkTask says why a command on a task is not possible now.
func (c Case) checkTask(cmd procedure.Command) error {
	if p := c.copies[cmd.Task]; p != nil {
		return p.check(cmd)
	}
	t := c.tickets[cmd.Task]
	if t == nil {
		return procedure.Errorf(procedure.NotFound, "task.unknown", "没有这件待办")
	}
	switch cmd.Action {
	case procedure.ActTakeBack:
		return c.checkTakeBack(t, cmd)
	case procedure.ActRemoveSigner: // also after my own decision, while the signer after me has not acted
		return c.checkRemove(t, cmd)
	}
	if !t.live() || t.round.ended() {
		return t.gone()
	}
	switch cmd.Action {
	case procedure.ActUrge:
		return c.checkUrge(t)
	case procedure.ActEscalate, procedure.ActExtend, procedure.ActSendBack:
		return c.checkOperator(t, cmd)
	}
	reassigns := cmd.Action == procedure.ActTransfer && cmd.Actor.Role == procedure.Operator // 改派
	if !reassigns && !t.holder.Competent(cmd.Actor) && (cmd.Action != procedure.ActRead || t.owner == nil || !t.owner.Competent(cmd.Actor)) {
		return procedure.Errorf(procedure.Forbidden, "task.holder", "这件待办由%s办理", t.holder.Title())
	}
	switch cmd.Action {
	case procedure.ActRead:
		return nil
	case procedure.ActAnswer:
		return c.checkAnswer(t, cmd)
	case procedure.ActTransfer, procedure.ActDelegate, procedure.ActAddBefore, procedure.ActAddAfter:
		return c.checkTarget(t, cmd)
	}
	return procedure.Errorf(procedure.Invalid, "action.unknown", "没有这个操作：%s", cmd.Action)
}

// gone says why a task wants no answer any more.
func (t *ticket) gone() error {
	if t.state == done {
		return procedure.Errorf(procedure.Conflict, "task.answered", "两位同事同时处理了这件待办，%s已先一步办理", t.actor.Title())
	}
	return procedure.Errorf(procedure.Conflict, "task.closed", "这件待办已关闭")
}

// check says why a command on a copy is not possible: it can only be read.
func (p *copied) check(cmd procedure.Command) error {
	switch {
	case cmd.Action != procedure.ActRead:
		return procedure.Errorf(procedure.Invalid, "action.unknown", "抄送件只能已阅")
	case !p.to.Competent(cmd.Actor):
		return procedure.Errorf(procedure.Forbidden, "copy.holder", "这份抄送给%s", p.to.Title())
	}
	return nil
}

func (c Case) checkAnswer(t *ticket, cmd procedure.Command) error {
	if t.state == blocked {
		return procedure.Errorf(procedure.Conflict, "task.blocked", "须等加签人先办理")
	}
	if t.owner != nil { // a helper advises; the owner decides
		if cmd.Answer != procedure.Known {
			return procedure.Errorf(procedure.Invalid, "answer.helper", "受委派人只能回复意见，由%s决定", t.owner.Title())
		}
		return nil
	}
	if t.parent != nil {
		if !slices.ContainsFunc(countersign, func(o procedure.Option) bool { return o.Answer == cmd.Answer }) {
			return procedure.Errorf(procedure.Invalid, "answer.unknown", "加签人只能同意或不同意")
		}
		return nil
	}
	if _, ok := t.round.stage.Option(cmd.Answer); !ok {
		return procedure.Errorf(procedure.Invalid, "answer.unknown", "这个环节没有「%s」这个选项", answerWords[cmd.Answer])
	}
	if t.round.stage.Sign == procedure.All || t.round.stage.Sign == procedure.InTurn {
		for _, o := range t.round.tickets {
			if o != t && o.state == done && o.actor.User == cmd.Actor.User {
				return procedure.Errorf(procedure.Forbidden, "answer.same_person", "会签须由不同的人办理，您已代表%s签过", o.holder.UnitName)
			}
		}
	}
	if cmd.Answer == procedure.Return {
		return c.checkReturn(t, cmd)
	}
	return nil
}

func (c Case) checkReturn(t *ticket, cmd procedure.Command) error {
	here := slices.Index(c.chain, t.round.stage.Name)
	there := slices.Index(c.chain, cmd.ReturnTo)
	switch {
	case here < 0 || there < 0 || there >= here:
		return procedure.Errorf(procedure.Invalid, "return.target", "只能退回到前面的环节")
	case cmd.Mode != procedure.Rerun && cmd.Mode != procedure.Straight:
		return procedure.Errorf(procedure.Invalid, "return.mode", "请选择重走或直达")
	}
	return nil
}

func (c Case) checkTarget(t *ticket, cmd procedure.Command) error {
	h := cmd.Target
	switch {
	case h == nil || h.Unit == "" || h.User == "" && h.Role == "":
		return procedure.Errorf(procedure.Invalid, "target.missing", "请选择人员或岗位")
	case *h == t.holder || h.User != "" && h.User == cmd.Actor.User:
		return procedure.Errorf(procedure.Invalid, "target.self", "不能交给自己")
	case t.owner != nil && cmd.Actor.Role != procedure.Operator:
		return procedure.Errorf(procedure.Conflict, "task.delegated", "受委派的待办不能再转办、委派或加签")
	case t.parent != nil && cmd.Action != procedure.ActTransfer:
		return procedure.Errorf(procedure.Conflict, "task.added", "加签的待办只能转办")
	}
	return nil
}

func (c Case) checkRemove(t *ticket, cmd procedure.Command) error {
	o := c.tickets[cmd.Removed]
	switch {
	case t.state == closed || t.state == silent || t.round.ended():
		return procedure.Errorf(procedure.Conflict, "task.closed", "这件待办已关闭")
	case !t.holder.Competent(cmd.Actor):
		return procedure.Errorf(procedure.Forbidden, "task.holder", "这件待办由%s办理", t.holder.Title())
	case o == nil || o.parent != t:
		return procedure.Errorf(procedure.Invalid, "signer.unknown", "只能减去自己加签的人")
	case !o.live():
		return procedure.Errorf(procedure.Conflict, "signer.acted", "%s已经办理，不能减签", o.holder.Title())
	}
	return nil
}

// checkTakeBack: my decision, while the next person has not acted.
func (c Case) checkTakeBack(t *ticket, cmd procedure.Command) error {
	switch {
	case t.state != done:
		return procedure.Errorf(procedure.Conflict, "take_back.open", "这件待办还没有办理，无须撤回")
	case t.actor.User != cmd.Actor.User && t.actor.For != cmd.Actor.User:
		return procedure.Errorf(procedure.Forbidden, "take_back.other", "只能撤回自己的决定")
	case t.parent != nil:
		return procedure.Errorf(procedure.Conflict, "take_back.added", "加签意见不能撤回")
	}
	acted := func(o *ticket) bool { return o.state == done && (o.parent == t || t.round.follows(o, t)) }
	if i := slices.IndexFunc(t.round.tickets, acted); i >= 0 {
		return procedure.Errorf(procedure.Conflict, "take_back.acted", "后面的%s已经办理，不能撤回", t.round.tickets[i].actor.Title())
	}
	if c.asking(t.round) {
		return nil
	}
	if c.file.before != t.round {
		return procedure.Errorf(procedure.Conflict, "take_back.late", "办件已经走到后面的环节，不能撤回")
	}
	for _, id := range c.order {
		if o := c.tickets[id]; o.round.opened > t.round.opened && o.state == done {
			return procedure.Errorf(procedure.Conflict, "take_back.acted", "下一环节的%s已经办理，不能撤回", o.actor.Title())
		}
	}
	return nil
}

// asking tells whether a round still waits for answers.
func (c Case) asking(r *round) bool {
	return slices.ContainsFunc(r.tickets, (*ticket).live) && !r.ended()
}

// follows tells whether one task came after another because the holders act in turn (依次).
func (r *round) follows(o, t *ticket) bool {
	return r.stage.Sign == procedure.InTurn && o.parent != t && slices.Index(r.tickets, o) > slices.Index(r.tickets, t)
}

func (c Case) checkUrge(t *ticket) error {
	now := c.now(c.ctx)
	if n := len(t.urges); n > 0 && now.Sub(t.urges[n-1]) < urgeInterval {
		return procedure.Errorf(procedure.Conflict, "urge.interval", "刚刚催办过，两次催办须间隔 %d 小时", int(urgeInterval.Hours()))
	}
	if t.urgedOn(calendar.DateOf(now)) >= urgeDaily {
		return procedure.Errorf(procedure.Conflict, "urge.daily", "今天已催办 %d 次，请明天再催或上报上级", urgeDaily)
	}
	return nil
}

// urgedOn counts the nudges of one day.
func (t *ticket) urgedOn(day calendar.Date) int {
	n := 0
	for _, at := range t.urges {
		if calendar.DateOf(at) == day {
			n++
		}
	}
	return n
}

// actOnTask carries out an admissible command on a task.
func (c Case) actOnTask(cmd procedure.Command) error {
	if p := c.copies[cmd.Task]; p != nil {
		if !p.read {
			p.read = true
			c.emit(c.ctx, procedure.TaskRead, cmd.Actor, cmd.ID, procedure.Tasked{Task: cmd.Task})
		}
		return nil
	}
	t := c.tickets[cmd.Task]
	switch cmd.Action {
	case procedure.ActRead:
		if !t.read[cmd.Actor.User] {
			t.read[cmd.Actor.User] = true
			c.emit(c.ctx, procedure.TaskRead, cmd.Actor, cmd.ID, procedure.Tasked{Task: t.id})
		}
	case procedure.ActEscalate, procedure.ActExtend, procedure.ActSendBack:
		return c.operate(t, cmd)
	case procedure.ActUrge:
		t.urges = append(t.urges, c.now(c.ctx))
		c.emit(c.ctx, procedure.TaskUrged, cmd.Actor, cmd.ID, procedure.Urged{Task: t.id, Nth: t.urgedOn(calendar.DateOf(c.now(c.ctx)))})
	case procedure.ActTransfer:
		t.holder, t.owner = *cmd.Target, nil
		c.moved(t, cmd)
	case procedure.ActDelegate:
		owner := t.holder
		t.owner, t.holder = &owner, *cmd.Target
		c.moved(t, cmd)
	case procedure.ActAddBefore, procedure.ActAddAfter:
		c.addSigner(t, cmd)
	case procedure.ActRemoveSigner:
		o := c.tickets[cmd.Removed]
		o.state = closed
		c.emit(c.ctx, procedure.TaskClosed, cmd.Actor, cmd.ID, procedure.Dropped{Task: o.id, Why: "减签"})
		c.awaken(t.round)
	case procedure.ActTakeBack:
		c.takeBack(t, cmd)
	case procedure.ActAnswer:
		c.answer(t, cmd)
	}
	return nil
}

func (c Case) moved(t *ticket, cmd procedure.Command) {
	c.emit(c.ctx, procedure.TaskMoved, cmd.Actor, cmd.ID, procedure.Moved{Task: t.id, How: cmd.Action, Holder: t.holder})
}

// addSigner opens a task for an extra person: before me, my own waits for it; after me, it waits for mine.
func (c Case) addSigner(t *ticket, cmd procedure.Command) {
	kind := before
	if cmd.Action == procedure.ActAddAfter {
		kind = after
	}
	o := c.issueOn(c.ctx, t.round, *cmd.Target, kind, t, cmd.Actor, cmd.ID)
	waits := t
	if kind == after {
		waits = o
	}
	if waits.state != blocked {
		c.block(waits)
	}
}

// block makes a task wait for an extra signer before it, or for its parent.
func (c Case) block(t *ticket) {
	t.state = blocked
	kind := before
	if t.added == after {
		kind = after
	}
	c.emit(c.ctx, procedure.TaskBlocked, procedure.SystemEngine, "", procedure.Tasked{Task: t.id, Text: blockedText[kind]})
}

var blockedText = map[string]string{before: "等加签人先办理", after: "等主办人先办理"}

// takeBack undoes a decision: within its own round the task opens again; after it the whole step is asked again.
func (c Case) takeBack(t *ticket, cmd procedure.Command) {
	own := c.asking(t.round)
	c.reopen(t, "撤回决定", cmd.Actor, cmd.ID)
	if own {
		c.unturn(t)
		return
	}
	c.drop(c.ctx, t, "决定已撤回，本环节重新办理")
	for _, o := range c.open() { // the next step ends without an answer
		if o.round.opened > t.round.opened {
			o.round.undone = t
			c.move(o.round.lane)
		}
	}
}

// reopen asks the holder of a decided task again; a signer after him waits again.
func (c Case) reopen(t *ticket, why string, by procedure.Actor, command string) {
	t.state, t.answer, t.returnTo, t.mode = opened, procedure.NoAnswer, "", ""
	c.emit(c.ctx, procedure.TaskReopened, by, command, procedure.Tasked{Task: t.id, Text: why})
	for _, o := range t.round.tickets {
		if o.parent == t && o.added == after && o.state == opened {
			c.block(o)
		}
	}
}

// unturn takes a task away from those whose turn had come because of a decision that was taken back (依次).
func (c Case) unturn(t *ticket) {
	r := t.round
	var again []turn
	for _, o := range r.tickets {
		if !r.follows(o, t) || !o.live() {
			continue
		}
		c.drop(c.ctx, o, "前一位已撤回决定")
		if o.added == "" {
			again = append(again, turn{holder: o.holder})
		}
	}
	r.waiting = append(again, r.waiting...)
}

// answer records a decision, or a helper's advice, which goes back to the owner.
func (c Case) answer(t *ticket, cmd procedure.Command) {
	if t.owner != nil {
		t.holder, t.owner = *t.owner, nil
		c.moved(t, cmd)
		return
	}
	t.state, t.answer, t.actor, t.returnTo, t.mode = done, cmd.Answer, cmd.Actor, cmd.ReturnTo, cmd.Mode
	label := answerWords[cmd.Answer]
	if o, ok := t.round.stage.Option(cmd.Answer); ok && t.parent == nil {
		label = o.Label
	}
	c.emit(c.ctx, procedure.TaskAnswered, cmd.Actor, cmd.ID, procedure.Answered{
		Task: t.id, Stage: t.round.stage.Name, Title: t.round.stage.Title, Round: t.round.n, Holder: t.holder,
		Answer: cmd.Answer, Label: label, ReturnTo: cmd.ReturnTo, Mode: cmd.Mode, Late: t.round.late(c.now(c.ctx))})
	if t.added == after && t.answer == procedure.Object && !t.vetoes() && t.round.stage.Sign != procedure.Collect {
		c.reopen(t.parent, "后加签人不同意，请再作决定", procedure.SystemEngine, "")
	}
	c.awaken(t.round)
}
