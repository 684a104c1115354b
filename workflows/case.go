// Package workflows holds the order of things: the verbs every procedure is written with, and one file for each procedure
// that reads like the law. It touches the world only through activities.
package workflows

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"gongzhi/activities"
	"gongzhi/calendar"
	"gongzhi/procedure"
)

// Case gives procedures their verbs. It is a small value: the context of the coroutine that speaks, and the case's file.
// After a withdrawal, a termination or an error every verb does nothing and returns its zero value, so that a procedure reads
// without error plumbing and Close tells what happened. Loops must therefore run on a positive answer.
type Case struct {
	ctx  workflow.Context
	lane *lane
	*file
	aborting bool // what OnAbort asked for still happens although the case is over
}

// over tells whether verbs must do nothing any more.
func (c Case) over() bool { return !c.aborting && c.file.over() }

// lane is one line of work of a case; Together and Each open more of them.
type lane struct{ moving bool }

// move marks a lane as having work to do, so that whoever caused it can wait until the case stands still again.
func (f *file) move(l *lane) {
	if !l.moving {
		l.moving = true
		f.moving++
	}
}

func (f *file) rest(l *lane) {
	if l.moving {
		l.moving = false
		f.moving--
	}
}

// openCase registers the messages a case accepts and records its beginning.
func openCase(ctx workflow.Context, def procedure.Procedure, filing procedure.Filing, facts Facts) Case {
	f := &file{def: def, filing: filing, facts: facts, clock: filing.Clock, state: procedure.Running,
		rounds: map[string]int{}, tickets: map[string]*ticket{}, copies: map[string]*copied{}, seen: map[string]procedure.Receipt{}}
	if f.clock.Speed == 0 {
		f.clock = procedure.RealClock()
	}
	c := Case{ctx: ctx, lane: &lane{}, file: f}
	f.move(c.lane)
	f.signals = workflow.GetSignalChannel(ctx, procedure.ClockSignal) // before the handler: a waiting command comes at once
	f.err = workflow.SetUpdateHandlerWithOptions(ctx, procedure.ActUpdate, c.handle,
		workflow.UpdateHandlerOptions{Validator: c.admissible, Description: "操作"})
	workflow.Go(ctx, func(ctx workflow.Context) {
		// It does not block in Receive: a jump would be handed to it and be out of sight of the command that comes with it.
		for workflow.Await(ctx, func() bool { return f.signals.Len() > 0 }) == nil {
			f.hearClock()
		}
	})
	workflow.Go(ctx, c.hearCalendar)
	if filing.Resume != nil {
		f.takeUp(*filing.Resume)
		return c
	}
	f.emit(ctx, procedure.CaseStarted, filing.Initiator, filing.Command, procedure.Started{Filing: filing, Title: facts.Title})
	return c
}

func (f *file) setClock(k procedure.Clock) { f.clock, f.jumps = k, f.jumps+1 }

// hearClock takes up a jump of the clock that has come together with a command: handlers run before other coroutines do.
func (f *file) hearClock() {
	for {
		var k procedure.Clock
		if !f.signals.ReceiveAsync(&k) {
			return
		}
		f.setClock(k)
	}
}

// Decide asks one body, or several as the stage's way of signing says, reminds, escalates, and returns the answer.
func (c Case) Decide(stage procedure.Stage, opts ...Option) procedure.Answer {
	r := c.ask(stage, opts...)
	if r == nil {
		return procedure.NoAnswer
	}
	return r.answer
}

// Together runs pieces of work side by side and waits for all of them.
func (c Case) Together(work ...func(Case)) {
	if c.over() {
		return
	}
	left := len(work)
	for _, piece := range work {
		side := &lane{}
		c.move(side)
		workflow.Go(c.ctx, func(ctx workflow.Context) {
			k := Case{ctx: ctx, lane: side, file: c.file}
			piece(k)
			k.flush(ctx) // what the piece did last is in safe hands before the case may stand still
			if left--; left == 0 {
				c.move(c.lane)
			}
			c.rest(side)
		})
	}
	c.rest(c.lane)
	// Also a cancelled case waits here: every piece ends by itself, and nothing is recorded after the case has been closed.
	ctx, cancel := workflow.NewDisconnectedContext(c.ctx)
	defer cancel()
	c.fail(workflow.Await(ctx, func() bool { return left == 0 }))
}

// Each does the same piece of work for several units, side by side.
func (c Case) Each(units []string, work func(c Case, unit string)) {
	pieces := make([]func(Case), len(units))
	for i, unit := range units {
		pieces[i] = func(c Case) { work(c, unit) }
	}
	c.Together(pieces...)
}

// Await waits for a moment or a fact. It is never silent: it says what for, in whose court, and until when (nil: no date).
func (c Case) Await(what, court string, until *time.Time, basis procedure.Basis, enough func() bool) {
	if c.over() || enough() {
		return
	}
	w := procedure.Waiting{Wait: fmt.Sprintf("wait#%d", c.seq+1), For: what, Court: court, Until: until, Basis: basis}
	c.Expect(w)
	c.park(until, what, enough)
	c.emit(c.ctx, procedure.WaitClosed, procedure.SystemEngine, "", w)
}

// Expect says that the case waits for something while other things go on; Settle says that it has come.
func (c Case) Expect(w procedure.Waiting) {
	if !c.over() {
		c.emit(c.ctx, procedure.WaitOpened, procedure.SystemEngine, "", w)
	}
}

// Settle ends what Expect began.
func (c Case) Settle(w procedure.Waiting) {
	if !c.over() {
		c.emit(c.ctx, procedure.WaitClosed, procedure.SystemEngine, "", w)
	}
}

// Phase records that the case entered another phase: from approval to execution.
func (c Case) Phase(state procedure.CaseState, text string) {
	if c.over() {
		return
	}
	c.file.state = state
	c.emit(c.ctx, procedure.CasePhased, procedure.SystemEngine, "", procedure.Phased{State: state, Text: text})
}

// Post publishes a notice. Its id and the moment it was published are given here.
func (c Case) Post(n procedure.Posted) {
	if c.over() {
		return
	}
	n.Notice, n.From = fmt.Sprintf("%s.n%d", c.filing.Case, c.seq+1), c.now(c.ctx)
	c.emit(c.ctx, procedure.NoticePosted, procedure.SystemEngine, "", n)
}

// CopyTo sends the case to a body for information (抄送).
func (c Case) CopyTo(why string, seat procedure.Seat, target string) {
	if c.over() {
		return
	}
	p, ok := c.plan(activities.PlanRequest{Seat: seat, Target: target, People: true}, "抄送")
	if !ok {
		return
	}
	for _, h := range p.Holders {
		c.copyTo(c.ctx, h, why, procedure.SystemEngine, "")
	}
}

// Forbid ends the initiator's right to withdraw.
func (c Case) Forbid() { c.sealed = true }

// Approve says that what was applied for is approved: a withdrawal from here on is another end (准入后撤销).
func (c Case) Approve() {
	if !c.over() {
		c.approved = true
	}
}

// OnAbort says what must still be done when the case ends before the procedure comes to its own end: 撤销, 终止, 失效.
func (c Case) OnAbort(undo func(Case)) {
	if !c.over() {
		c.aborts = append(c.aborts, undo)
	}
}

// Lapse ends the case at a moment unless it is lifted before: the returned function lifts it.
func (c Case) Lapse(title string, span procedure.Span, basis procedure.Basis, result string) (lift func()) {
	k := c.Start(title, title, span, basis)
	if k == nil {
		return func() {}
	}
	lifted := false
	workflow.Go(c.ctx, func(ctx workflow.Context) {
		side := Case{ctx: ctx, lane: &lane{}, file: c.file}
		defer c.rest(side.lane)
		for expired := false; !expired; { // a pause moves the moment
			version, due := k.version, &k.deadline.Due
			if k.stands() {
				due = nil
			}
			expired = !side.park(due, title, func() bool { return lifted || k.version != version })
			if lifted || side.over() {
				return
			}
		}
		c.end(procedure.Outcome{State: procedure.Lapsed, Result: result}, procedure.SystemClock, "")
	})
	return func() { lifted = true; c.Stop(k) }
}

// Expire says that the case ends because its time has come: the calendar closes it, nobody else.
func (c Case) Expire() { c.expired = true }

// end makes every verb do nothing from here on.
func (f *file) end(o procedure.Outcome, by procedure.Actor, command string) {
	if f.outcome == nil {
		f.outcome, f.by, f.ending = &o, by, command
	}
}

// Close records how the case ended and finishes the workflow. What ended the case early takes precedence over the argument.
func (c Case) Close(state procedure.CaseState, result string) (procedure.Outcome, error) {
	ctx, cancel := workflow.NewDisconnectedContext(c.ctx)
	defer cancel()
	if temporal.IsCanceledError(c.err) { // cancelled in the engine, not by an official
		c.err = nil
		c.end(procedure.Outcome{State: procedure.Terminated, Result: "办件在流程引擎中被取消"}, procedure.SystemEngine, "")
	}
	if c.err != nil {
		return procedure.Outcome{}, c.err
	}
	early := c.outcome != nil
	by := procedure.SystemEngine
	if c.expired {
		by = procedure.SystemSchedule
	}
	c.end(procedure.Outcome{State: state, Result: result}, by, "")
	for _, t := range c.open() {
		c.drop(ctx, t, "办件已结束："+c.outcome.Result)
	}
	for _, k := range c.clocks {
		c.stop(ctx, k)
	}
	if early {
		c.flush(ctx)
		for _, undo := range c.aborts {
			undo(Case{ctx: ctx, lane: c.lane, file: c.file, aborting: true})
		}
	}
	c.emit(ctx, procedure.CaseClosed, c.by, c.ending, procedure.Closed{Outcome: *c.outcome})
	c.record(ctx) // the last line depends on no sender: nobody speaks to a closed case again
	c.finished = true
	c.rest(c.lane)
	err := workflow.Await(ctx, func() bool { return workflow.AllHandlersFinished(ctx) })
	return *c.outcome, err
}

// fail keeps the first error.
func (c Case) fail(err error) {
	if err != nil && c.err == nil {
		c.err = err
	}
}

// park is the only place where a case waits: before it waits everything that happened is in safe hands. It reports whether the condition came
// true before the given moment of the case's time; a jump of the demo's clock makes it look again.
func (c Case) park(until *time.Time, why string, enough func() bool) bool {
	for {
		if c.over() || enough() { // whoever goes on records what happened together with what comes of it
			return enough()
		}
		c.flush(c.ctx)
		if c.over() || enough() {
			return enough()
		}
		if until != nil && !until.After(c.now(c.ctx)) {
			return false
		}
		jumps := c.jumps
		wake := func() bool { return enough() || c.over() || c.jumps != jumps }
		c.rest(c.lane)
		if until == nil {
			c.fail(workflow.Await(c.ctx, wake))
		} else {
			_, err := workflow.AwaitWithOptions(c.ctx, workflow.AwaitOptions{
				Timeout:      c.clock.Sleep(until.Sub(c.now(c.ctx))),
				TimerOptions: workflow.TimerOptions{Summary: why},
			}, wake)
			c.fail(err)
		}
		c.move(c.lane)
	}
}

// plan asks who must act and by when.
func (c Case) plan(r activities.PlanRequest, summary string) (activities.Plan, bool) {
	p, err := c.planOn(c.ctx, r, summary)
	c.fail(err)
	return p, err == nil
}

func (f *file) planOn(ctx workflow.Context, r activities.PlanRequest, summary string) (p activities.Plan, err error) {
	r.Case, r.District, r.Initiator, r.Communities, r.Now = f.filing.Case, f.filing.District, f.filing.Initiator.Unit, f.facts.Communities, f.now(ctx)
	return p, effect(ctx, summary, do.Plan, &p, r)
}

// day is the civil day of the case's time.
func (c Case) day() calendar.Date { return calendar.DateOf(c.now(c.ctx)) }
