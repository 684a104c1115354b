package workflows

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/calendar"
	"gongzhi/procedure"
)

// 暂停, 恢复, 失效, and the demo's time.

func pausing(ground string) procedure.Command {
	return procedure.Command{Action: procedure.ActPause, Actor: office, Ground: ground}
}

var resuming = procedure.Command{Action: procedure.ActResume, Actor: office}

func TestPause_TheDeadlineMovesByExactlyThePausedWorkingDays(t *testing.T) {
	c := trialCourt(t)
	c.order("2026-09-09 10:00", pausing("review"), "") // the day of the stop still counts: three working days remain
	c.order("2026-09-11 10:00", resuming, "")          // the day of the start does not count
	c.say("2026-09-18 10:00", "a", office, procedure.Agree, "")

	c.trial(deciding(stageA))

	require.Equal(t, "2026-09-14", all[procedure.Clocked](c, procedure.ClockPaused)[0].Deadline.Day.String())
	require.Equal(t, "2026-09-16", all[procedure.Clocked](c, procedure.ClockResumed)[0].Deadline.Day.String())
	require.Equal(t, []string{"2026-09-14 09:00 early", "2026-09-15 09:00 yellow", "2026-09-16 09:00 due", "2026-09-17 00:00 red", "2026-09-17 09:00 escalate"}, c.rungs("a"),
		"nothing rings while the clock stands, and every rung moves with it")
	redated := all[procedure.Redated](c, procedure.TaskRedated)
	require.Len(t, redated, 2)
	require.Nil(t, redated[0].Due)
	require.Equal(t, "2026-09-16", redated[1].Day)
	paused := c.of(procedure.ClockPaused)[0]
	require.Equal(t, office, paused.Actor)
	require.Equal(t, "review", payload[procedure.Clocked](paused).Ground)
}

func TestPause_OverAWeekendAndTwice(t *testing.T) {
	c := trialCourt(t)
	c.order("2026-09-11 10:00", pausing("hearing"), "") // Friday; one working day remains
	c.order("2026-09-14 10:00", resuming, "")           // Monday is not counted: due on Tuesday
	c.order("2026-09-15 10:00", pausing("mediation"), "")
	c.order("2026-10-09 10:00", resuming, "") // nothing remained after the day of the stop
	c.say("2026-10-09 11:00", "a", office, procedure.Agree, "")

	c.trial(deciding(stageA))

	resumed := all[procedure.Clocked](c, procedure.ClockResumed)
	require.Equal(t, "2026-09-15", resumed[0].Deadline.Day.String())
	require.Len(t, resumed[1].Deadline.Pauses, 2)
}

func TestPause_Refusals(t *testing.T) {
	c := trialCourt(t)
	c.order("2026-09-07 10:00", procedure.Command{Action: procedure.ActPause, Actor: clerk, Ground: "review"}, "clock.role")
	c.order("2026-09-07 10:10", pausing("holiday"), "clock.ground")
	c.order("2026-09-07 10:20", resuming, "clock.running")
	c.order("2026-09-07 11:00", pausing("inspection"), "")
	c.order("2026-09-07 11:10", pausing("review"), "clock.none")
	c.order("2026-09-07 11:20", procedure.Command{Action: procedure.ActResume, Actor: clerk}, "clock.role")
	c.at("2026-09-07 12:00", func() { // two officials at once: one of them resumes it
		c.send(resuming, c.must)
		c.send(resuming, c.refused("clock.running"))
	})
	c.say("2026-09-07 13:00", "a", office, procedure.Agree, "")

	c.trial(deciding(stageA))

	require.Equal(t, 1, c.count(procedure.ClockPaused))
	require.Equal(t, 1, c.count(procedure.ClockResumed))
}

func TestPause_ADayNamedByTheMatterDoesNotMove(t *testing.T) {
	c := trialCourt(t)
	stage := stageA
	stage.Within = nil
	c.order("2026-09-07 10:00", pausing("review"), "clock.none")
	c.say("2026-09-07 11:00", "a", office, procedure.Agree, "")

	c.trial(func(k Case) (procedure.Outcome, error) {
		k.Decide(stage, DueOn(date("2026-10-26")))
		return k.Close(procedure.Completed, "办成")
	})

	require.Equal(t, "2026-10-26", c.openedAt("a", "")[0].Day)
}

func TestPause_WhatTheProcedurePausedAnOfficialCannotResume(t *testing.T) {
	c := trialCourt(t)
	c.order("2026-09-08 10:00", resuming, "clock.running")
	c.order("2026-09-08 11:00", pausing("review"), "clock.none")
	c.say("2026-09-09 10:00", "c", meeting, procedure.Agree, "")
	c.order("2026-09-10 10:00", resuming, "clock.running")
	c.say("2026-09-11 10:00", "b", street("XW-01"), procedure.Agree, "")
	c.say("2026-09-11 10:00", "b", street("XW-02"), procedure.Agree, "")

	c.trial(func(k Case) (procedure.Outcome, error) {
		k.Start("whole", "总期限", *fiveDays, procedure.Basis{})
		k.Pause("whole", "补正", "申请单位")
		plain := stageC
		plain.Within = nil
		k.Decide(plain)
		k.Resume("whole")
		plain = stageB
		plain.Clock = "whole"
		k.Decide(plain)
		return k.Close(procedure.Completed, "办成")
	})

	resumed := c.of(procedure.ClockResumed)
	require.Len(t, resumed, 1)
	require.Equal(t, procedure.SystemEngine, resumed[0].Actor)
	require.Equal(t, "2026-09-16", payload[procedure.Clocked](resumed[0]).Deadline.Day.String())
	require.Equal(t, "2026-09-16", c.openedAt("b", "XW-01")[0].Day)
}

func TestPause_BothMustLetGo(t *testing.T) {
	c := trialCourt(t)
	c.order("2026-09-08 10:00", pausing("review"), "")
	c.say("2026-09-09 10:00", "a", office, procedure.Agree, "")
	c.order("2026-09-09 11:00", resuming, "clock.running") // now the procedure holds it too
	c.say("2026-09-10 10:00", "c", meeting, procedure.Agree, "")
	c.order("2026-09-11 10:00", resuming, "")
	c.order("2026-09-11 11:00", withdrawing(clerk), "")

	c.trial(func(k Case) (procedure.Outcome, error) {
		first, second := stageA, stageC
		first.Clock, second.Within = "whole", nil
		k.Start("whole", "总期限", *fiveDays, procedure.Basis{})
		k.Decide(first)
		k.Pause("whole", "补正", "申请单位")
		k.Decide(second)
		k.Resume("whole")
		k.Await("等一个日子", "时间", nil, procedure.Basis{}, func() bool { return false })
		return k.Close(procedure.Completed, "办成")
	})

	require.Equal(t, "2026-09-11 10:00", when(c.of(procedure.ClockResumed)[0]))
}

var tenDays = procedure.Span{Figure: "urgent_regularisation", Unit: calendar.Workday}

func lapsing(c Case) (procedure.Outcome, error) {
	lift := c.Lapse("补办时限", tenDays, procedure.Basis{}, "逾期未补办，已失效")
	c.Decide(stageA)
	lift()
	c.Decide(stageC)
	return c.Close(procedure.Completed, "办成")
}

func TestLapse_EndsTheCaseAtItsMoment(t *testing.T) {
	c := trialCourt(t)

	o := c.trial(lapsing)

	require.Equal(t, procedure.Lapsed, o.State)
	c.lastIsClose(procedure.SystemClock)
	require.Equal(t, "2026-09-21 00:00", when(c.events[len(c.events)-1]), "the tenth working day, a make-up Sunday, has passed")
}

func TestLapse_Lifted(t *testing.T) {
	c := trialCourt(t)
	c.say("2026-09-20 23:59", "a", office, procedure.Agree, "")
	c.say("2026-12-01 10:00", "c", meeting, procedure.Agree, "")

	o := c.trial(lapsing)

	require.Equal(t, procedure.Completed, o.State)
}

func TestLapse_APauseMovesIt(t *testing.T) {
	c := trialCourt(t)
	c.order("2026-09-09 10:00", pausing("review"), "")
	c.order("2026-09-11 10:00", resuming, "")

	c.trial(lapsing)

	require.Equal(t, "2026-09-23 00:00", when(c.events[len(c.events)-1]))
}

func demo(speed int64) procedure.Filing {
	f := e6()
	f.Kind, f.Clock = "trial", procedure.Clock{Since: at(monday), At: at(monday), Speed: speed}
	return f
}

// later is a moment of the engine's time, counted from the start.
func (c *court) later(d time.Duration, f func()) {
	c.planned++
	c.RegisterDelayedCallback(func() { c.planned--; f() }, d)
}

var ladderOfMonday = []string{"2026-09-10 09:00 early", "2026-09-11 09:00 yellow", "2026-09-14 09:00 due", "2026-09-15 00:00 red", "2026-09-15 09:00 escalate"}

func TestDemoClock_AtSpeedEveryAlarmRingsAtTheRightTimeOfTheCase(t *testing.T) {
	c := trialCourt(t)
	const hourly = 3600 // an hour of the case in a second of the engine
	c.later(187*time.Second, func() { require.Len(t, c.rungs("a"), 4, "seven days and nineteen hours: red") })
	c.later(240*time.Second, func() {
		cmd := agreeing(office)
		cmd.Task = c.task("a", "").Task
		c.send(cmd, c.must)
	})

	c.trialOf(demo(hourly), deciding(stageA))

	require.Equal(t, ladderOfMonday, c.rungs("a"))
	require.Equal(t, "2026-09-17 09:00", when(c.of(procedure.TaskAnswered)[0]))
	require.True(t, one[procedure.Answered](c, procedure.TaskAnswered).Late)
}

// jump moves the case's time to a moment.
func (c *court) jump(engine time.Duration, to string, speed int64) {
	c.later(engine, func() {
		c.SignalWorkflow(procedure.ClockSignal, procedure.Clock{Since: c.Now(), At: at(to), Speed: speed})
	})
}

func TestDemoClock_JumpsToTheNextDeadline(t *testing.T) {
	c := trialCourt(t)
	for i, to := range []string{"2026-09-10 09:00", "2026-09-11 09:00", "2026-09-14 09:00", "2026-09-15 00:00", "2026-09-15 09:00"} {
		c.jump(time.Duration(i+1)*time.Minute, to, 1)
		c.later(time.Duration(i+1)*time.Minute+30*time.Second, func() { require.Len(t, c.rungs("a"), i+1) })
	}
	c.later(10*time.Minute, func() { c.send(withdrawing(clerk), c.must) })

	c.trialOf(demo(1), deciding(stageA))

	require.Equal(t, ladderOfMonday, c.rungs("a"))
}

func TestDemoClock_AJumpOverSeveralAlarmsRingsThemInOrder(t *testing.T) {
	c := trialCourt(t)
	c.jump(time.Minute, "2026-09-15 00:00", 1)
	c.jump(2*time.Minute, "2026-12-01 00:00", 1)
	c.later(3*time.Minute, func() { require.Len(t, c.of(procedure.StageEntered), 1); c.send(withdrawing(clerk), c.must) })

	c.trialOf(demo(1), func(k Case) (procedure.Outcome, error) {
		k.Together(func(k Case) { k.Decide(stageA) }, func(k Case) {
			k.Await("等一个日子", "时间", ptr(at("2026-11-01 00:00")), procedure.Basis{}, func() bool { return false })
		})
		return k.Close(procedure.Completed, "办成")
	})

	require.Equal(t, []string{"2026-09-15 00:00 early", "2026-09-15 00:00 yellow", "2026-09-15 00:00 due", "2026-09-15 00:00 red", "2026-12-01 00:00 escalate"}, c.rungs("a"))
	require.Equal(t, "2026-12-01 00:00", when(c.of(procedure.WaitClosed)[0]))
}

func TestDemoClock_SlowsDownAgain(t *testing.T) {
	c := trialCourt(t)
	c.jump(24*time.Second, "2026-09-08 09:00", 1) // from an hour a second to real time
	c.later(10*time.Minute, func() { require.Empty(t, c.rungs("a")); c.send(withdrawing(clerk), c.must) })

	c.trialOf(demo(3600), deciding(stageA))

	require.Equal(t, "2026-09-08 09:09", when(c.events[len(c.events)-1]))
}
