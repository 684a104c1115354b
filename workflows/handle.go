package workflows

import (
	"errors"
	"slices"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"gongzhi/procedure"
)

// refuse turns a refusal into the error that travels to the caller: its type is the stable code, its detail the kind.
func refuse(err error) error {
	var e *procedure.Error
	if errors.As(err, &e) {
		return temporal.NewNonRetryableApplicationError(e.Message, e.Code, nil, string(e.Kind))
	}
	return err
}

// admissible is the validator: it reads and never changes. What it refuses leaves no trace in the history.
func (c Case) admissible(cmd procedure.Command) error {
	if _, known := c.seen[cmd.ID]; known { // the same command again: the handler repeats its receipt
		return nil
	}
	return refuse(c.check(cmd))
}

// handle carries out a command and replies when the case stands still again, with everything that came of it. It is safe to repeat.
func (c Case) handle(ctx workflow.Context, cmd procedure.Command) (procedure.Reply, error) {
	c.hearClock()
	c.known(cmd.Head)
	ctx, cancel := workflow.NewDisconnectedContext(ctx) // what has been done is reported although the case is being cancelled
	defer cancel()
	if _, known := c.seen[cmd.ID]; known { // the first delivery may still be under way: handlers run in no fixed order
		err := workflow.Await(ctx, func() bool { r, known := c.seen[cmd.ID]; return !known || r.Seq > 0 || c.err != nil })
		if r, known := c.seen[cmd.ID]; known {
			return c.reply(r), err
		}
	}
	h := Case{ctx: ctx, lane: &lane{}, file: c.file}
	r := procedure.Receipt{Command: cmd.ID, Case: c.filing.Case, At: c.now(ctx)}
	c.seen[cmd.ID] = r
	c.carriers++
	err := h.act(cmd)
	if err == nil {
		err = workflow.Await(ctx, c.settledDown)
	}
	c.carriers--
	if err != nil {
		delete(c.seen, cmd.ID)
		h.flush(ctx) // others may have left theirs to this reply
		return procedure.Reply{}, refuse(err)
	}
	if len(c.pending) > batchSize {
		h.record(ctx)
	}
	r.Seq = c.seq
	c.seen[cmd.ID] = r
	c.sent = append(c.sent, cmd.ID)
	return c.reply(r), nil
}

// reply hands what is not known to be on record to the sender of a command.
func (f *file) reply(r procedure.Receipt) procedure.Reply {
	f.safe = f.seq
	return procedure.Reply{Receipt: r, Events: slices.Clone(f.pending)}
}

// settledDown tells whether nothing moves any more.
func (f *file) settledDown() bool {
	if f.outcome != nil || f.err != nil {
		return f.finished || f.err != nil
	}
	return f.moving == 0
}

// check says why a command is not possible now; nil when it is.
func (c Case) check(cmd procedure.Command) error {
	if cmd.Action == procedure.ActStart {
		if cmd.ID != c.filing.Command {
			return procedure.Errorf(procedure.Conflict, "case.started", "该办件已经发起")
		}
		return nil
	}
	if c.over() {
		if t := c.tickets[cmd.Task]; t != nil && cmd.Action == procedure.ActAnswer && t.state == done {
			return t.gone() // what came first says more than that the case has ended
		}
		return procedure.Errorf(procedure.Conflict, "case.closed", "该办件已办结，不能再操作")
	}
	if c.suspended != nil && !slices.Contains(whileSuspended, cmd.Action) {
		return procedure.Errorf(procedure.Conflict, "case.suspended", "该办件已挂起，由运行监控人员解除后才能「%s」", cmd.Action.Title())
	}
	if cmd.Task != "" {
		return c.checkTask(cmd)
	}
	switch cmd.Action {
	case procedure.ActWithdraw:
		return c.checkWithdraw(cmd)
	case procedure.ActTerminate:
		if cmd.Actor.Role != procedure.Operator {
			return procedure.Errorf(procedure.Forbidden, "case.terminate.role", "只有运行监控人员可以终止办件")
		}
	case procedure.ActCopy:
		if cmd.Target == nil {
			return procedure.Errorf(procedure.Invalid, "target.missing", "请选择抄送对象")
		}
	case procedure.ActPause:
		return c.checkPause(cmd)
	case procedure.ActResume:
		if cmd.Actor.Role != procedure.AdmissionOffice && cmd.Actor.Role != procedure.Operator {
			return procedure.Errorf(procedure.Forbidden, "clock.role", "只有准入办和运行监控人员可以恢复时钟")
		}
		if !slices.ContainsFunc(c.clocks, func(k *clock) bool { return k.ordered && !k.held && !k.stopped }) {
			return procedure.Errorf(procedure.Conflict, "clock.running", "没有可以恢复的时钟：补正期间暂停的，提交补正后自动恢复")
		}
	case procedure.ActComplain:
		if !slices.Contains(c.executing, cmd.Actor.Unit) || cmd.Actor.Role != procedure.CommunityDirector {
			return procedure.Errorf(procedure.Forbidden, "complain.not_executing", "只有正在承接该事项的社区可以反映加码")
		}
	case procedure.ActSuspend, procedure.ActContinue, procedure.ActRepublish:
		return c.checkOperation(cmd)
	default:
		return procedure.Errorf(procedure.Invalid, "action.unknown", "没有这个操作：%s", cmd.Action)
	}
	return nil
}

func (c Case) checkWithdraw(cmd procedure.Command) error {
	i := c.filing.Initiator
	if cmd.Actor.User != i.User && cmd.Actor.For != i.User && (cmd.Actor.Unit != i.Unit || cmd.Actor.Role != i.Role) {
		return procedure.Errorf(procedure.Forbidden, "case.withdraw.initiator", "只有申请单位可以撤销")
	}
	if c.sealed {
		return procedure.Errorf(procedure.Conflict, "case.sealed", "该办件已不能撤销")
	}
	return nil
}

func (c Case) checkPause(cmd procedure.Command) error {
	if cmd.Actor.Role != procedure.AdmissionOffice {
		return procedure.Errorf(procedure.Forbidden, "clock.role", "只有准入办可以暂停时钟")
	}
	if !slices.Contains(procedure.PauseGrounds(), cmd.Ground) {
		return procedure.Errorf(procedure.Invalid, "clock.ground", "请选择暂停的事由：专家评审、勘验检查、听证或调解")
	}
	if !slices.ContainsFunc(c.clocks, func(k *clock) bool { return k.pausable() }) {
		return procedure.Errorf(procedure.Conflict, "clock.none", "没有正在走的时钟")
	}
	return nil
}

// act carries out an admissible command. It checks again: another command may have come first.
func (c Case) act(cmd procedure.Command) error {
	if err := c.check(cmd); err != nil {
		return err
	}
	switch cmd.Action {
	case procedure.ActStart: // the case is open; there is nothing else to do
	case procedure.ActWithdraw:
		o := procedure.Outcome{State: procedure.Withdrawn, Result: "申请单位在批准前撤销申请"}
		if c.approved {
			o = procedure.Outcome{State: procedure.Cancelled, Result: "申请单位在批准后撤销事项"}
		}
		c.end(o, cmd.Actor, cmd.ID)
	case procedure.ActTerminate:
		c.end(procedure.Outcome{State: procedure.Terminated, Result: "由运行监控人员终止"}, cmd.Actor, cmd.ID)
	case procedure.ActCopy:
		c.copyTo(c.ctx, *cmd.Target, "抄送", cmd.Actor, cmd.ID)
	case procedure.ActPause:
		for _, k := range c.clocks {
			if k.pausable() {
				c.pause(c.ctx, k, cmd.Ground, cmd.Actor.Title(), cmd.Actor, cmd.ID)
				k.ordered = true
			}
		}
	case procedure.ActResume:
		return c.resumeOrdered(cmd)
	case procedure.ActComplain:
		c.complaints = append(c.complaints, cmd.ID)
		c.emit(c.ctx, procedure.CaseComplained, cmd.Actor, cmd.ID, procedure.Complained{Unit: cmd.Actor.Unit})
	case procedure.ActSuspend, procedure.ActContinue:
		c.suspend(cmd)
	case procedure.ActRepublish:
		c.republish(cmd)
	default:
		return c.actOnTask(cmd)
	}
	return nil
}

// resumeOrdered starts every clock that an official has paused.
func (c Case) resumeOrdered(cmd procedure.Command) error {
	resumed := false
	for _, k := range c.clocks {
		if !k.ordered || k.held || k.stopped {
			continue
		}
		ok, err := c.resume(c.ctx, k, cmd.Actor, cmd.ID)
		if err != nil {
			return err
		}
		resumed = resumed || ok
	}
	if !resumed { // somebody was quicker
		return c.check(cmd)
	}
	return nil
}

// awaken makes the round of a ticket move before the handler looks whether the case stands still.
func (c Case) awaken(r *round) {
	if r.ended() || slices.ContainsFunc(r.tickets, func(t *ticket) bool { return t.state == blocked && !t.hindered(r) }) || len(r.waiting) > 0 {
		c.move(r.lane)
	}
}

// Urging: at least this long between two nudges of one task, and at most so many a day. They are product defaults [D].
const (
	urgeInterval = 2 * time.Hour
	urgeDaily    = 3
)
