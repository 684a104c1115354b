package workflows

import (
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"

	"gongzhi/activities"
	"gongzhi/calendar"
	"gongzhi/procedure"
)

// clock is a running period of the case: of one round, or of the case as a whole (审批时限).
type clock struct {
	name     string
	title    string
	basis    procedure.Basis
	deadline calendar.Deadline
	alarms   []procedure.Alarm
	pauses   []calendar.Pause
	held     bool // stands still because the procedure says so (补正)
	ordered  bool // stands still because an official said so
	stopped  bool
	extended bool                   // an operator has lengthened it
	fixed    bool                   // its day is named by the matter: no pause moves it
	reminds  activities.PlanRequest // whom its alarms concern, for reckoning them again
	version  int                    // grows whenever the dates change
}

// stands tells whether the clock stands still.
func (k *clock) stands() bool { return k.held || k.ordered }

// pausable tells whether an official may make the clock stand still.
func (k *clock) pausable() bool { return !k.stands() && !k.stopped && !k.fixed }

func (k *clock) next() *procedure.Alarm {
	if k.stands() || len(k.alarms) == 0 {
		return nil
	}
	return &k.alarms[0]
}

func (k *clock) climb(a *procedure.Alarm) {
	k.alarms = slices.DeleteFunc(slices.Clone(k.alarms), func(o procedure.Alarm) bool { return o == *a })
}

// postpone makes all alarms come later.
func (k *clock) postpone(d time.Duration) {
	k.alarms = slices.Clone(k.alarms)
	for i := range k.alarms {
		k.alarms[i].At = k.alarms[i].At.Add(d)
	}
}

// due is the deadline as a task shows it; none while the clock stands.
func (k *clock) due() (*time.Time, string, bool) {
	if k.stands() || k.deadline.Open {
		return nil, "", false
	}
	due := k.deadline.Due
	return &due, k.deadline.Day.String(), k.deadline.Provisional
}

// running finds a named clock of the case that has not stopped.
func (f *file) running(name string) *clock {
	if name == "" {
		return nil
	}
	i := slices.IndexFunc(f.clocks, func(k *clock) bool { return k.name == name && !k.stopped })
	if i < 0 {
		return nil
	}
	return f.clocks[i]
}

// begin starts a clock whose dates are reckoned.
func (c Case) begin(name, title string, basis procedure.Basis, d calendar.Deadline, alarms []procedure.Alarm) *clock {
	k := &clock{name: name, title: title, basis: basis, deadline: d, alarms: alarms}
	c.clocks = append(c.clocks, k)
	c.emit(c.ctx, procedure.ClockStarted, procedure.SystemEngine, "", procedure.Clocked{Clock: name, Title: title, Basis: basis, Deadline: d})
	return k
}

// Start starts a clock of the case that stages run on (审批时限).
func (c Case) Start(name, title string, span procedure.Span, basis procedure.Basis) *clock {
	if c.over() {
		return nil
	}
	period, err := span.Period(c.filing.Figures)
	if err != nil {
		c.fail(err)
		return nil
	}
	p, ok := c.plan(activities.PlanRequest{Reckon: &activities.Reckoning{Anchor: c.now(c.ctx), Rule: calendar.Within(period)}}, title)
	if !ok {
		return nil
	}
	return c.begin(name, title, basis, *p.Deadline, p.Alarms)
}

// Pause stops a named clock for a ground; wait says for whom.
func (c Case) Pause(name, ground, wait string) {
	if k := c.running(name); k != nil && !c.over() {
		c.pause(c.ctx, k, ground, wait, procedure.SystemEngine, "")
		k.held = true
	}
}

// Resume starts a named clock again: exactly the days that remained remain. What an official has paused he must resume.
func (c Case) Resume(name string) {
	k := c.running(name)
	if k == nil || !k.held || c.over() {
		return
	}
	if k.ordered {
		k.held = false
		return
	}
	_, err := c.resume(c.ctx, k, procedure.SystemEngine, "")
	c.fail(err)
}

// Stop ends a clock: its duty is fulfilled.
func (c Case) Stop(k *clock) { c.stop(c.ctx, k) }

func (f *file) stop(ctx workflow.Context, k *clock) {
	if k == nil || k.stopped {
		return
	}
	k.stopped = true
	k.version++
	f.emit(ctx, procedure.ClockStopped, procedure.SystemEngine, "", procedure.Clocked{Clock: k.name, Title: k.title, Basis: k.basis, Deadline: k.deadline})
}

// pause makes a clock stand still; the caller says for whose sake.
func (f *file) pause(ctx workflow.Context, k *clock, ground, wait string, by procedure.Actor, command string) {
	if k.stands() {
		return
	}
	k.version++
	k.pauses = append(k.pauses, calendar.Pause{From: f.now(ctx), Ground: procedure.GroundTitle(ground)})
	f.emit(ctx, procedure.ClockPaused, by, command, procedure.Clocked{Clock: k.name, Title: k.title, Basis: k.basis, Deadline: k.deadline, Ground: ground, Wait: wait})
	f.redate(ctx, k, true)
}

// resume reckons the dates and the alarms anew with the pauses taken out. It tells whether the clock runs again because of it:
// while the dates are reckoned somebody else may have resumed it, or the case may have ended.
func (c Case) resume(ctx workflow.Context, k *clock, by procedure.Actor, command string) (bool, error) {
	now := c.now(ctx)
	pauses := slices.Clone(k.pauses)
	pauses[len(pauses)-1].To = &now
	r := k.reminds
	r.Reckon = &activities.Reckoning{Anchor: k.deadline.Anchor, Rule: k.deadline.Rule, Pauses: pauses}
	p, err := c.planOn(ctx, r, k.title+"：恢复计时")
	if err != nil || !k.stands() || k.stopped || c.over() {
		return false, err
	}
	k.held, k.ordered, k.pauses, k.deadline, k.alarms = false, false, pauses, *p.Deadline, p.Alarms
	k.version++
	c.emit(ctx, procedure.ClockResumed, by, command, procedure.Clocked{Clock: k.name, Title: k.title, Basis: k.basis, Deadline: k.deadline})
	c.redate(ctx, k, false)
	return true, nil
}

// redate tells every open task that runs on a clock its new date; none while the clock stands.
func (f *file) redate(ctx workflow.Context, k *clock, stands bool) {
	for _, t := range f.open() {
		if t.round.clock == k {
			p := procedure.Redated{Task: t.id}
			if !stands {
				p.Due, p.Day, _ = k.due()
			}
			f.emit(ctx, procedure.TaskRedated, procedure.SystemEngine, "", p)
		}
	}
}
