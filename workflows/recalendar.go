package workflows

import (
	"slices"

	"go.temporal.io/sdk/workflow"

	"gongzhi/activities"
	"gongzhi/procedure"
)

// hearCalendar reckons provisional deadlines anew whenever a year's days off have been loaded. Deadlines that rest on loaded
// years never move: a new table does not disturb them.
func (c Case) hearCalendar(ctx workflow.Context) {
	loaded := workflow.GetSignalChannel(ctx, procedure.CalendarSignal)
	for {
		loaded.Receive(ctx, nil)
		k := Case{ctx: ctx, lane: &lane{}, file: c.file}
		for _, clock := range slices.Clone(c.clocks) {
			if clock.deadline.Provisional && !clock.stopped && !clock.stands() && !c.over() {
				k.confirm(clock)
			}
		}
		k.flush(ctx)
	}
}

// confirm replaces a provisional deadline by the one of the calendar in force, and records the change.
func (c Case) confirm(k *clock) {
	r := k.reminds
	r.Reckon = &activities.Reckoning{Anchor: k.deadline.Anchor, Rule: k.deadline.Rule, Pauses: k.pauses}
	if k.fixed {
		r.Reckon = &activities.Reckoning{Anchor: k.deadline.Anchor, On: k.deadline.Day}
	}
	p, ok := c.plan(r, k.title+"：按新的放假安排重算")
	if !ok || k.stopped || k.stands() || c.over() {
		return
	}
	was := k.deadline.Day.String()
	k.deadline, k.alarms = *p.Deadline, p.Alarms
	k.version++
	c.emit(c.ctx, procedure.ClockRedated, procedure.SystemSchedule, "", procedure.Clocked{
		Clock: k.name, Title: k.title, Basis: k.basis, Deadline: k.deadline, Was: was})
	c.redate(c.ctx, k, false)
}
