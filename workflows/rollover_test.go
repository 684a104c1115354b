package workflows

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/workflow"

	"gongzhi/procedure"
)

// rollover plays a case until its workflow asks for a new run, and returns what the new run starts with.
func (c *court) rollover(f procedure.Filing) procedure.Filing {
	c.t.Helper()
	c.RegisterWorkflowWithOptions(Admission, workflow.RegisterOptions{Name: string(f.Kind)})
	c.ExecuteWorkflow(string(f.Kind), f)
	var next *workflow.ContinueAsNewError
	require.ErrorAs(c.t, c.GetWorkflowError(), &next)
	require.Equal(c.t, string(f.Kind), next.WorkflowType.Name)
	var filing procedure.Filing
	c.must(converter.GetDefaultDataConverter().FromPayloads(next.Input, &filing))
	return filing
}

// A long execution goes on in a new run between two periods. The record, the rounds, the copies and the commands go on as if
// nothing had happened.
func TestRollover_TheExecutionGoesOnInANewRun(t *testing.T) {
	c := trialCourt(t)
	c.admit()
	c.receive()
	c.say("2026-11-20 10:00", "progress", director("0101"), procedure.Report, "")
	var report procedure.Command
	c.at("2026-11-20 11:00", func() {
		report = procedure.Command{ID: "report-0102", Action: procedure.ActAnswer, Task: c.task("progress", "0102").Task,
			Actor: director("0102"), Answer: procedure.Report}
		c.send(report, c.must)
		c.SetContinueAsNewSuggested(true)
	})
	c.order("2026-11-21 10:00", procedure.Command{Action: procedure.ActCopy, Actor: clerk, Target: &procedure.Holder{
		Unit: "XW-DC", UnitName: "区督查室", Role: procedure.Supervision}}, "")
	filing := c.rollover(two(unchanged))

	require.NotNil(t, filing.Resume)
	require.Equal(t, int64(len(c.events)), filing.Resume.Seq)
	require.Equal(t, 2, filing.Resume.Period)
	require.ElementsMatch(t, []string{"0101", "0102"}, filing.Resume.Executing)
	require.Len(t, filing.Resume.Copies, 1)

	second := newCourt(t, "2026-11-26 00:00")
	second.events, second.list, second.n = c.events, c.list, 1000
	before := len(c.events)
	second.at("2026-11-26 09:00", func() { second.send(report, second.must) }) // the relay repeats it across the runs
	second.say("2026-12-18 10:00", "progress", director("0101"), procedure.Report, "")
	second.order("2026-12-18 11:00", procedure.Command{Action: procedure.ActWithdraw, Actor: office}, "case.withdraw.initiator")
	o := second.run(filing)

	require.Equal(t, procedure.Completed, o.State)
	require.Equal(t, procedure.TaskOpened, firstOf(second.events[before:], procedure.TaskOpened).Type)
	require.Equal(t, 2, payload[procedure.Opened](firstOf(second.events[before:], procedure.TaskOpened)).Round, "rounds go on")
	require.Zero(t, count(second.events[before:], procedure.CaseStarted), "the case starts once")
	require.Equal(t, 1, count(second.events, procedure.CaseClosed))
	for _, e := range second.events[before:] {
		require.NotEqual(t, "report-0102", e.Command, "a command is carried out once, whatever the run")
	}
	require.Equal(t, "2026.4", payload[procedure.Published](firstOf(second.events[before:], procedure.ListPublished)).Version)
}

// What comes while the old run writes its last lines is on record before the new run counts on from them, and a case that was
// suspended at that moment stays so.
func TestRollover_WhatComesAtTheLastMoment(t *testing.T) {
	c := trialCourt(t)
	c.admit()
	c.receive()
	c.say("2026-11-20 10:00", "progress", director("0101"), procedure.Report, "")
	c.say("2026-11-20 10:00", "progress", director("0102"), procedure.Report, "")
	c.at("2026-11-25 23:59", func() {
		c.SetContinueAsNewSuggested(true)
		c.failed = 7 // nothing can be written for some seconds after the period has ended
		c.RegisterDelayedCallback(func() { c.send(suspending, c.must) }, 65*time.Second)
	})
	filing := c.rollover(two(unchanged))

	require.Equal(t, 1, c.count(procedure.CaseSuspended))
	require.Equal(t, int64(len(c.events)), filing.Resume.Seq, "the new run counts on from the last line")
	require.Equal(t, c.of(procedure.CaseSuspended)[0].At, *filing.Resume.Suspended)

	second := newCourt(t, "2026-11-27 00:00")
	second.events, second.list, second.n = c.events, c.list, 1000
	second.order("2026-11-27 09:00", suspending, "case.suspended")
	second.say("2026-11-27 10:00", "progress", director("0101"), procedure.Report, "case.suspended")
	second.order("2026-12-17 10:00", continuing, "")
	second.say("2026-12-18 10:00", "progress", director("0101"), procedure.Report, "")
	second.say("2026-12-18 10:00", "progress", director("0102"), procedure.Report, "")
	o := second.run(filing)
	require.Equal(t, procedure.Completed, o.State)
}

// A complaint that is still examined keeps the old run going: nothing open is ever carried over.
func TestRollover_WaitsForARestingCase(t *testing.T) {
	c := trialCourt(t)
	c.admit()
	c.receive()
	c.order("2026-11-02 11:00", complaining(director("0101")), "")
	c.at("2026-11-20 11:00", func() { c.SetContinueAsNewSuggested(true) })
	c.say("2026-12-02 10:00", "inquiry", office, procedure.Keep, "")
	o := c.run(two(unchanged))
	require.Equal(t, procedure.Completed, o.State)
}

func firstOf(events []procedure.Event, kind procedure.EventType) procedure.Event {
	for _, e := range events {
		if e.Type == kind {
			return e
		}
	}
	return procedure.Event{}
}

func count(events []procedure.Event, kind procedure.EventType) (n int) {
	for _, e := range events {
		if e.Type == kind {
			n++
		}
	}
	return n
}
