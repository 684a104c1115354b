package workflows

import (
	"fmt"
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"

	"gongzhi/activities"
	"gongzhi/calendar"
	"gongzhi/procedure"
)

// Option varies one asking of a stage.
type Option func(*asking)

type asking struct {
	target  string        // the unit of a seat at AtTarget
	subject string        // «2026年10月»
	on      calendar.Date // a due day fixed by the matter itself
	kept    []*ticket     // answers that stand when a step is asked again after 撤回
	undone  *ticket       // the answer that was taken back: its giver is asked again
	moot    func() bool   // the question has lost its object
}

// For asks one unit.
func For(unit string) Option { return func(a *asking) { a.target = unit } }

// About says which of several like tasks this is.
func About(subject string) Option { return func(a *asking) { a.subject = subject } }

// DueOn fixes the due day.
func DueOn(d calendar.Date) Option { return func(a *asking) { a.on = d } }

// Until ends the asking without an answer when the question loses its object.
func Until(moot func() bool) Option { return func(a *asking) { a.moot = moot } }

// round is one entry into a stage, with fresh tasks and clocks.
type round struct {
	stage    procedure.Stage
	n        int
	step     string // «形式审查#2»: what is recorded in the history is named after it
	tickets  []*ticket
	waiting  []turn // 依次: whose turn has not come
	clock    *clock
	superior *procedure.Holder
	lane     *lane
	subject  string
	opened   int64 // the event that opened it: rounds are ordered by it
	moot     func() bool

	answer procedure.Answer
	text   string
	back   *ticket // the answer that returned the matter, for 退回
	undone *ticket // the decision its giver took back, for 撤回
	off    bool    // an operator has sent back what runs beside it
}

// turn is a place in a stage that is answered one after the other.
type turn struct {
	holder procedure.Holder
	empty  bool // nobody is there
}

// ask opens a stage's tasks, waits for the answers while the alarms go off, and closes it. It returns nil when the case is over.
func (c Case) ask(stage procedure.Stage, opts ...Option) *round {
	if c.over() {
		return nil
	}
	var a asking
	for _, o := range opts {
		o(&a)
	}
	key := stage.Name + a.target
	c.rounds[key]++
	r := &round{stage: stage, n: c.rounds[key], lane: c.lane, subject: a.subject, moot: a.moot}
	r.step = fmt.Sprintf("%s#%d", stage.Title, r.n)
	c.mark(fmt.Sprintf("%s#%d", key, r.n))
	if !c.enter(r, a) {
		return nil
	}
	for !r.settled() && !c.over() && !r.dead() {
		c.next(r)
	}
	if c.over() {
		return nil
	}
	r.conclude()
	for _, t := range r.tickets {
		if t.live() {
			c.drop(c.ctx, t, r.why())
		}
	}
	if r.clock != nil && stage.Clock == "" {
		c.Stop(r.clock)
	}
	c.emit(c.ctx, procedure.StageLeft, procedure.SystemEngine, "", procedure.Left{
		Stage: stage.Name, Title: stage.Title, Round: r.n, Answer: r.answer, Text: r.text})
	return r
}

// mark writes the name of a step into the history. Activities and timers look alike in every step: without it a replay would give
// one step's plan and answers to another when code has changed their places, and nobody would notice.
func (c Case) mark(step string) {
	var recorded string
	err := workflow.SideEffect(c.ctx, func(workflow.Context) any { return step }).Get(&recorded)
	if c.fail(err); err == nil && recorded != step {
		panic(fmt.Sprintf("the history goes on with %s, the code with %s", recorded, step))
	}
}

// enter resolves who must act and by when, and opens the tasks.
func (c Case) enter(r *round, a asking) bool {
	req := activities.PlanRequest{Seat: r.stage.Seat, Target: a.target, EscalateTo: r.stage.EscalateTo, RemindDays: r.stage.RemindDays, People: true}
	running := c.running(r.stage.Clock)
	switch {
	case running != nil:
		req.Running = &running.deadline
	case !a.on.IsZero():
		req.Reckon = &activities.Reckoning{Anchor: c.now(c.ctx), On: a.on}
	case r.stage.Within != nil:
		period, err := r.stage.Within.Period(c.filing.Figures)
		if err != nil {
			c.fail(err)
			return false
		}
		req.Reckon = &activities.Reckoning{Anchor: c.now(c.ctx), Rule: calendar.Within(period)}
	}
	p, ok := c.plan(req, r.step+"：开启")
	if !ok || c.over() {
		return false
	}
	r.opened = c.emit(c.ctx, procedure.StageEntered, procedure.SystemEngine, "", procedure.Entered{
		Stage: r.stage.Name, Title: r.stage.Title, Segment: r.stage.Segment, Round: r.n})
	r.superior = p.Superior
	reminds := req
	reminds.Running, reminds.Reckon = nil, nil
	switch {
	case running != nil:
		r.clock = running
		running.alarms, running.reminds = p.Alarms, reminds
	case p.Deadline != nil:
		name := r.stage.Clock
		if name == "" {
			name = fmt.Sprintf("%s#%d%s", r.stage.Name, r.n, a.target)
		}
		r.clock = c.begin(name, r.stage.Title, r.stage.Basis, *p.Deadline, p.Alarms)
		r.clock.reminds, r.clock.fixed = reminds, !a.on.IsZero()
	}
	c.seats(r, p, a)
	return true
}

// seats opens a task for each holder, or for the first only where they act in turn.
func (c Case) seats(r *round, p activities.Plan, a asking) {
	empty := map[int]bool{}
	for _, i := range p.Unmanned {
		empty[i] = true
	}
	for i, h := range p.Holders {
		kept := standing(a.kept, h)
		switch {
		case kept != nil:
			kept.round = r
			r.tickets = append(r.tickets, kept)
		case r.stage.Sign == procedure.InTurn && len(r.tickets) > 0:
			r.waiting = append(r.waiting, turn{h, empty[i]})
		case a.undone != nil && a.undone.seat == h: // he may have got the task from somebody else
			c.issue(r, a.undone.holder, "", nil).seat = h
		default:
			c.seat(r, turn{h, empty[i]})
		}
	}
	if len(p.Holders) == 0 { // no such post anywhere: somebody must be found, the case must not pass in silence
		t := c.issue(r, procedure.Holder{Unit: c.filing.District, UnitName: "未设岗位", Role: r.stage.Seat.Role, RoleName: r.stage.Seat.Role.Title()}, "", nil)
		c.emit(c.ctx, procedure.TaskUnmanned, procedure.SystemEngine, "", procedure.Tasked{Task: t.id,
			Text: fmt.Sprintf("没有任何单位设有%s岗位", r.stage.Seat.Role.Title())})
	}
}

// seat opens the task of a post. An empty post is an incident at once, never a silent pass.
func (c Case) seat(r *round, s turn) {
	t := c.issue(r, s.holder, "", nil)
	if s.empty {
		c.emit(c.ctx, procedure.TaskUnmanned, procedure.SystemEngine, "", procedure.Tasked{Task: t.id,
			Text: fmt.Sprintf("%s的%s岗位空缺或账号停用", s.holder.UnitName, s.holder.RoleName)})
	}
}

// next waits for one thing to happen to a round: an answer, an alarm, a change of its clock.
func (c Case) next(r *round) {
	if len(r.waiting) > 0 && !slices.ContainsFunc(r.tickets, (*ticket).live) {
		c.seat(r, r.waiting[0])
		r.waiting = r.waiting[1:]
	}
	for _, t := range r.tickets { // an extra signer before or after has answered, or has been removed
		if t.state == blocked && !t.hindered(r) {
			t.state = opened
			c.emit(c.ctx, procedure.TaskUnblocked, procedure.SystemEngine, "", procedure.Tasked{Task: t.id})
		}
	}
	var until *time.Time
	var alarm *procedure.Alarm
	version := 0
	still := c.suspended
	if r.clock != nil {
		version = r.clock.version
		if alarm = r.clock.next(); alarm != nil && still == nil {
			until = &alarm.At
		}
	}
	changed := func() bool { return c.suspended != still || r.clock != nil && r.clock.version != version }
	progress := r.progress()
	if c.park(until, r.step, func() bool { return r.settled() || r.dead() || changed() || r.progress() != progress }) || c.over() || alarm == nil {
		return
	}
	r.clock.climb(alarm)
	c.alarm(r, *alarm)
}

// dead tells whether the round ends without an answer of its own.
func (r *round) dead() bool { return r.undone != nil || r.off || r.moot != nil && r.moot() }

// ended tells whether answers come too late for a round, although its tasks have not been closed yet.
func (r *round) ended() bool { return r.settled() || r.dead() }

// late tells whether a moment lies past the deadline of a round. A clock that stands has none.
func (r *round) late(now time.Time) bool {
	if r.clock == nil {
		return false
	}
	due, _, _ := r.clock.due()
	return due != nil && !now.Before(*due)
}

// alarm records one rung of the ladder for every task that still wants an answer.
func (c Case) alarm(r *round, a procedure.Alarm) {
	for _, t := range r.tickets {
		if !t.live() {
			continue
		}
		p := procedure.Reminded{Task: t.id, Rung: a.Rung}
		if a.Rung == procedure.RungEscalate {
			p.To = r.superior
		}
		c.emit(c.ctx, procedure.TaskReminded, procedure.SystemClock, "", p)
		if a.Rung == procedure.RungRed && r.stage.Silence != procedure.Duty {
			t.state, t.answer = silent, procedure.Silent
			c.emit(c.ctx, procedure.TaskClosed, procedure.SystemClock, "", procedure.Dropped{Task: t.id, Why: procedure.WhySilent})
		}
	}
	if a.Rung == procedure.RungRed && r.stage.Silence != procedure.Duty {
		r.waiting = nil // the step ends: nobody else's turn comes
	}
}
