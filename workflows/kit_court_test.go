package workflows

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/workflow"

	"gongzhi/calendar"
	"gongzhi/procedure"
)

// Small procedures to try the kit with: one body or several, five working days, every kind of answer.

var fiveDays = &procedure.Span{Figure: "hearing", Unit: calendar.Workday}

var (
	officeSeat   = procedure.Seat{Role: procedure.AdmissionOffice, Where: procedure.AtDistrict}
	streetSeat   = procedure.Seat{Role: procedure.StreetOffice, Where: procedure.AtStreets}
	memberSeat   = procedure.Seat{Role: procedure.AdmissionMember, Where: procedure.AtDistrict}
	meetingSeat  = procedure.Seat{Role: procedure.JointMeeting, Where: procedure.AtDistrict}
	superiorSeat = procedure.Seat{Role: procedure.GovernmentOffice, Where: procedure.AtDistrict}
	clerkSeat    = procedure.Seat{Role: procedure.DepartmentClerk, Where: procedure.AtInitiator}
)

// trialStage is a stage of five working days with an early reminder and a superior.
func trialStage(name string, seat procedure.Seat, sign procedure.Sign) procedure.Stage {
	return procedure.Stage{Name: name, Title: name, Seat: seat, Sign: sign, Within: fiveDays, RemindDays: 2, EscalateTo: superiorSeat,
		Options: []procedure.Option{
			{Answer: procedure.Agree, Label: "同意", Effect: procedure.Forward},
			{Answer: procedure.AgreeIf, Label: "附条件同意", Effect: procedure.Forward, Opinion: true},
			{Answer: procedure.Object, Label: "不同意", Effect: procedure.Stop, Opinion: true},
			{Answer: procedure.Return, Label: "退回", Effect: procedure.Back, Opinion: true},
		}}
}

// deciding is the procedure of one stage; its outcome says what was answered.
func deciding(stage procedure.Stage) func(Case) (procedure.Outcome, error) {
	return func(c Case) (procedure.Outcome, error) {
		return c.Close(procedure.Completed, string(c.Decide(stage)))
	}
}

// chaining is the procedure of several stages, one after the other.
func chaining(stages ...procedure.Stage) func(Case) (procedure.Outcome, error) {
	return func(c Case) (procedure.Outcome, error) {
		steps := make([]Step, len(stages))
		for i, s := range stages {
			steps[i] = One(s)
		}
		return c.Close(procedure.Completed, string(c.Chain(steps...)))
	}
}

// trial plays a procedure written in a test.
func (c *court) trial(body func(Case) (procedure.Outcome, error)) procedure.Outcome {
	c.t.Helper()
	f := e6()
	f.Kind = "trial"
	return c.trialOf(f, body)
}

func (c *court) trialOf(f procedure.Filing, body func(Case) (procedure.Outcome, error)) procedure.Outcome {
	c.t.Helper()
	return c.play(func(ctx workflow.Context, f procedure.Filing) (procedure.Outcome, error) {
		return body(openCase(ctx, procedure.Procedure{Kind: "trial"}, f, Facts{Title: "试办", Communities: communities}))
	}, f)
}

// fate is what must become of a command: a stable code, or success for "".
func (c *court) fate(code string) func(error) {
	if code == "" {
		return c.must
	}
	return c.refused(code)
}

// on gives a command about the open task of a stage at a unit at a moment.
func (c *court) on(moment, stage, unit string, cmd procedure.Command, code string) {
	c.at(moment, func() {
		cmd.Task = c.task(stage, unit).Task
		c.send(cmd, c.fate(code))
	})
}

// say has an actor answer the open task of his unit at a moment.
func (c *court) say(moment, stage string, by procedure.Actor, a procedure.Answer, code string) {
	c.on(moment, stage, by.Unit, procedure.Command{Action: procedure.ActAnswer, Actor: by, Answer: a}, code)
}

// order gives a command about the case at a moment.
func (c *court) order(moment string, cmd procedure.Command, code string) {
	c.at(moment, func() { c.send(cmd, c.fate(code)) })
}

// again gives a command about a task that may be closed: the nth that a stage opened at a unit, from 0.
func (c *court) again(moment, stage, unit string, nth int, cmd procedure.Command, code string) {
	c.at(moment, func() {
		cmd.Task = c.openedAt(stage, unit)[nth].Task
		c.send(cmd, c.fate(code))
	})
}

// openedAt lists the tasks a stage has opened at a unit, in order.
func (c *court) openedAt(stage, unit string) []procedure.Opened {
	return slices.DeleteFunc(all[procedure.Opened](c, procedure.TaskOpened), func(o procedure.Opened) bool {
		return o.Stage != stage || unit != "" && o.Holder.Unit != unit
	})
}

// all lists the payloads of the events of a type.
func all[T any](c *court, kind procedure.EventType) []T {
	var out []T
	for _, e := range c.of(kind) {
		out = append(out, payload[T](e))
	}
	return out
}

// of lists the events of a type.
func (c *court) of(kind procedure.EventType) []procedure.Event {
	c.mu.Lock()
	defer c.mu.Unlock()
	var out []procedure.Event
	for _, e := range c.events {
		if e.Type == kind {
			out = append(out, e)
		}
	}
	return out
}

// one is the payload of the only event of a type.
func one[T any](c *court, kind procedure.EventType) T {
	c.t.Helper()
	found := all[T](c, kind)
	require.Len(c.t, found, 1, "events of type %s", kind)
	return found[0]
}

// when is the moment of an event in the zone of the case.
func when(e procedure.Event) string { return e.At.In(calendar.Zone).Format("2006-01-02 15:04") }

// rungs says which alarms rang for the tasks of a stage, and when.
func (c *court) rungs(stage string) []string {
	mine := map[string]bool{}
	for _, o := range c.openedAt(stage, "") {
		mine[o.Task] = true
	}
	var out []string
	for _, e := range c.of(procedure.TaskReminded) {
		if p := payload[procedure.Reminded](e); mine[p.Task] {
			out = append(out, when(e)+" "+string(p.Rung))
		}
	}
	return out
}

func street(unit string) procedure.Actor { return person("街道"+unit, unit, procedure.StreetOffice) }

// named is one person as a target of 转办, 委派 and 加签.
func named(a procedure.Actor) *procedure.Holder {
	return &procedure.Holder{Unit: a.Unit, UnitName: unitNames[a.Unit], User: a.User, UserName: a.Name}
}

var (
	helper = person("李四", "XW-CZJ", procedure.DepartmentClerk)
	third  = person("周五", "XW-SFJ", procedure.DepartmentClerk)
)

const monday = "2026-09-07 09:00"

func trialCourt(t *testing.T) *court {
	t.Helper()
	t.Parallel()
	return newCourt(t, monday)
}
