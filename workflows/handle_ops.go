package workflows

import (
	"fmt"
	"slices"
	"time"

	"gongzhi/activities"
	"gongzhi/calendar"
	"gongzhi/procedure"
)

// checkOperator says why an operator cannot set a task going. Each of these actions needs a reason, which the API asks for.
func (c Case) checkOperator(t *ticket, cmd procedure.Command) error {
	if cmd.Actor.Role != procedure.Operator {
		return procedure.Errorf(procedure.Forbidden, "task.operator", "「%s」只能由运行监控人员操作", cmd.Action.Title())
	}
	switch cmd.Action {
	case procedure.ActEscalate:
		if t.round.superior == nil {
			return procedure.Errorf(procedure.Conflict, "escalate.none", "这个环节没有可以上报的上级")
		}
		today := calendar.DateOf(c.now(c.ctx))
		if n := len(t.told); n > 0 && calendar.DateOf(t.told[n-1]) == today {
			return procedure.Errorf(procedure.Conflict, "escalate.told", "今天已上报%s", t.round.superior.Title())
		}
	case procedure.ActExtend:
		return c.checkExtend(t, cmd)
	case procedure.ActSendBack:
		return c.checkReturn(t, cmd)
	}
	return nil
}

// checkExtend: once, and by no more than the period itself. Both are product defaults [D]; whether the law knows an extension is for
// the reason to say. A day that the matter itself names, and a clock that stands still, cannot be moved.
func (c Case) checkExtend(t *ticket, cmd procedure.Command) error {
	k := t.round.clock
	switch {
	case k == nil || k.stopped || k.fixed || k.deadline.Open:
		return procedure.Errorf(procedure.Conflict, "extend.none", "这件待办没有可以延长的期限")
	case k.stands():
		return procedure.Errorf(procedure.Conflict, "extend.paused", "时钟已暂停，恢复后才能延期")
	case k.extended:
		return procedure.Errorf(procedure.Conflict, "extend.once", "「%s」已延长过一次，不能再延", k.title)
	case cmd.Days < 1 || cmd.Days > k.deadline.Rule.Period.N:
		return procedure.Errorf(procedure.Invalid, "extend.days", "延长的天数应在 1 至 %d 之间", k.deadline.Rule.Period.N)
	}
	return nil
}

// operate carries out what checkOperator admits.
func (c Case) operate(t *ticket, cmd procedure.Command) error {
	switch cmd.Action {
	case procedure.ActEscalate:
		t.told = append(t.told, c.now(c.ctx))
		c.emit(c.ctx, procedure.TaskReminded, cmd.Actor, cmd.ID, procedure.Reminded{Task: t.id, Rung: procedure.RungEscalate, To: t.round.superior})
	case procedure.ActExtend:
		return c.extend(t, cmd)
	case procedure.ActSendBack:
		cmd.Answer = procedure.Return
		t.owner = nil // this is no helper's advice
		c.answer(t, cmd)
		c.callOff(t.round)
	}
	return nil
}

// whileSuspended is what can still be done to a case that lies still.
var whileSuspended = []procedure.Action{
	procedure.ActContinue, procedure.ActTerminate, procedure.ActWithdraw, procedure.ActCopy, procedure.ActRead, procedure.ActRepublish,
}

// checkOperation says why an operator cannot do something to the case as a whole.
func (c Case) checkOperation(cmd procedure.Command) error {
	if cmd.Actor.Role != procedure.Operator {
		return procedure.Errorf(procedure.Forbidden, "case.operator", "「%s」只能由运行监控人员操作", cmd.Action.Title())
	}
	switch n := cmd.Notice; {
	case cmd.Action == procedure.ActSuspend && c.suspended != nil:
		return procedure.Errorf(procedure.Conflict, "case.suspended", "该办件已经挂起")
	case cmd.Action == procedure.ActContinue && c.suspended == nil:
		return procedure.Errorf(procedure.Conflict, "case.not_suspended", "该办件没有挂起")
	case cmd.Action != procedure.ActRepublish:
	case n == nil || n.Title == "":
		return procedure.Errorf(procedure.Invalid, "notice.choice", "请选择要补公示的公告")
	case cmd.Days < 1 || cmd.Days > procedure.MostDisplay:
		return procedure.Errorf(procedure.Invalid, "notice.days", "公示的天数应在 1 至 %d 之间", procedure.MostDisplay)
	}
	return nil
}

// suspend makes a case lie still, or lets it go on. Deadlines stay as they are, since no law moves them for this. But nobody could
// act meanwhile: reminders, and the moment from which silence counts, come later by as long as the case lay still while their clock ran.
func (c Case) suspend(cmd procedure.Command) {
	now := c.now(c.ctx)
	kind, since := procedure.CaseSuspended, now
	if cmd.Action == procedure.ActContinue {
		kind, since, c.suspended = procedure.CaseContinued, *c.suspended, nil
		for _, k := range c.clocks {
			k.postpone(now.Sub(later(since, k.deadline.Anchor)))
		}
	} else {
		c.suspended = &since
	}
	c.emit(c.ctx, kind, cmd.Actor, cmd.ID, procedure.Suspended{Since: since})
	for _, t := range c.open() {
		c.move(t.round.lane) // every round waits for something else now
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// republish displays a notice again from now on. The day on which it is published does not count.
func (c Case) republish(cmd procedure.Command) {
	now := c.now(c.ctx)
	c.emit(c.ctx, procedure.NoticePosted, cmd.Actor, cmd.ID, procedure.Posted{Notice: fmt.Sprintf("%s.n%d", c.filing.Case, c.seq+1),
		Title: cmd.Notice.Title, Text: cmd.Notice.Text, From: now, Until: calendar.DateOf(now).AddDays(cmd.Days).String()})
}

// callOff ends what runs beside a round that an operator has sent back: the step as a whole is asked again, and must not wait for
// those who may be what it stands still for.
func (c Case) callOff(back *round) {
	for _, o := range c.open() {
		if o.round != back && slices.Contains(c.chain, o.round.stage.Name) {
			o.round.off = true
			c.move(o.round.lane)
		}
	}
}

// extend reckons a clock anew with more days. While the dates are reckoned the task may have been answered.
func (c Case) extend(t *ticket, cmd procedure.Command) error {
	k := t.round.clock
	rule := k.deadline.Rule
	rule.Period.N += cmd.Days
	r := k.reminds
	r.Reckon = &activities.Reckoning{Anchor: k.deadline.Anchor, Rule: rule, Pauses: slices.Clone(k.pauses)}
	p, err := c.planOn(c.ctx, r, k.title+"：延期")
	if err != nil {
		return err
	}
	if err := c.check(cmd); err != nil {
		return err
	}
	was := k.deadline.Day.String()
	k.deadline, k.alarms, k.extended = *p.Deadline, p.Alarms, true
	k.version++
	c.emit(c.ctx, procedure.ClockRedated, cmd.Actor, cmd.ID, procedure.Clocked{Clock: k.name, Title: k.title, Basis: k.basis, Deadline: k.deadline, Was: was})
	c.redate(c.ctx, k, false)
	c.move(t.round.lane) // the round waits for other alarms now
	return nil
}
