package workflows

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gongzhi/procedure"
)

var operator = person("白运", "XW", procedure.Operator)

// 上报上级: the superior is told now and not on the day after the deadline; once a day, and never by the holder himself.
func TestEscalate_TellsTheSuperiorAtOnce(t *testing.T) {
	c := trialCourt(t)
	escalate := procedure.Command{Action: procedure.ActEscalate, Actor: operator}
	c.on("2026-09-07 10:00", "a", "", procedure.Command{Action: procedure.ActEscalate, Actor: clerk}, "task.operator")
	c.on("2026-09-07 10:10", "a", "", escalate, "")
	c.on("2026-09-07 10:20", "a", "", escalate, "escalate.told")
	c.say("2026-09-08 10:00", "a", office, procedure.Agree, "")
	c.trial(deciding(stageA))

	told := all[procedure.Reminded](c, procedure.TaskReminded)
	require.Len(t, told, 1)
	require.Equal(t, procedure.RungEscalate, told[0].Rung)
	require.NotNil(t, told[0].To)
	require.Equal(t, operator, c.of(procedure.TaskReminded)[0].Actor)
}

// 延期: the days are added to the period, the ladder follows the new day, and it is done once.
func TestExtend_AddsDaysToTheClock(t *testing.T) {
	c := trialCourt(t)
	extend := func(days int) procedure.Command {
		return procedure.Command{Action: procedure.ActExtend, Actor: operator, Days: days}
	}
	c.on("2026-09-07 10:00", "a", "", procedure.Command{Action: procedure.ActExtend, Actor: clerk, Days: 2}, "task.operator")
	c.on("2026-09-07 10:10", "a", "", extend(0), "extend.days")
	c.on("2026-09-07 10:20", "a", "", extend(6), "extend.days")
	c.on("2026-09-07 10:30", "a", "", extend(2), "")
	c.on("2026-09-07 10:40", "a", "", extend(1), "extend.once")
	stage := stageA
	stage.Within = fiveDays
	c.say("2026-09-16 10:00", "a", office, procedure.Agree, "") // Friday the 11th was the old day, Tuesday the 15th is the new one
	c.trial(deciding(stage))

	redated := one[procedure.Clocked](c, procedure.ClockRedated)
	require.Equal(t, "2026-09-14", redated.Was)
	require.Equal(t, "2026-09-16", redated.Deadline.Day.String())
	require.Equal(t, operator, c.of(procedure.ClockRedated)[0].Actor)
	require.Equal(t, "2026-09-16", one[procedure.Redated](c, procedure.TaskRedated).Day)
	for _, e := range c.of(procedure.TaskReminded) {
		require.NotEqual(t, procedure.RungRed, payload[procedure.Reminded](e).Rung, when(e))
	}
	require.False(t, one[procedure.Answered](c, procedure.TaskAnswered).Late)
}

// A task without a period has none to extend.
func TestExtend_NeedsAClock(t *testing.T) {
	c := trialCourt(t)
	stage := stageA
	stage.Within = nil
	c.on("2026-09-07 10:00", "a", "", procedure.Command{Action: procedure.ActExtend, Actor: operator, Days: 2}, "extend.none")
	c.say("2026-09-08 10:00", "a", office, procedure.Agree, "")
	c.trial(deciding(stage))
	require.Empty(t, c.of(procedure.ClockRedated))
}

// 退回到环节: an operator sends a matter that stands still back to a stage it has been through. Forward he cannot: no stage that the
// law asks for is passed over.
func TestSendBack_GoesToAnEarlierStageOnly(t *testing.T) {
	c := trialCourt(t)
	back := func(actor procedure.Actor, stage string) procedure.Command {
		return procedure.Command{Action: procedure.ActSendBack, Actor: actor, ReturnTo: stage, Mode: procedure.Rerun}
	}
	c.say("2026-09-07 10:00", "a", office, procedure.Agree, "")
	c.on("2026-09-07 11:00", "c", "", back(meeting, "a"), "task.operator")
	c.on("2026-09-07 11:10", "c", "", back(operator, "c"), "return.target")
	c.on("2026-09-07 11:20", "c", "", back(operator, "nowhere"), "return.target")
	c.on("2026-09-07 11:30", "c", "", back(operator, "a"), "")
	c.say("2026-09-08 10:00", "a", office, procedure.Agree, "")
	c.say("2026-09-08 11:00", "c", meeting, procedure.Agree, "")
	c.trial(chaining(stageA, stageC))

	answers := c.of(procedure.TaskAnswered)
	require.Len(t, answers, 4)
	sent := payload[procedure.Answered](answers[1])
	require.Equal(t, procedure.Return, sent.Answer)
	require.Equal(t, "a", sent.ReturnTo)
	require.Equal(t, operator, answers[1].Actor)
	require.Equal(t, 2, payload[procedure.Answered](answers[3]).Round)
}

// What runs beside it does not hold a matter back that an operator sends back: it may be what it stands still for.
func TestSendBack_EndsWhatRunsBesideIt(t *testing.T) {
	c := trialCourt(t)
	beside := trialStage("b", memberSeat, procedure.Single)
	c.say("2026-09-07 10:00", "a", office, procedure.Agree, "")
	c.on("2026-09-07 11:00", "c", "", procedure.Command{Action: procedure.ActSendBack, Actor: operator, ReturnTo: "a", Mode: procedure.Straight}, "")
	c.say("2026-09-08 10:00", "a", office, procedure.Agree, "")
	c.order("2026-09-08 12:00", withdrawing(clerk), "")
	c.trial(func(k Case) (procedure.Outcome, error) {
		k.Chain(One(stageA), Side(stageC, beside))
		return k.Close(procedure.Completed, "办成")
	})

	entered := map[string]int{}
	for _, e := range all[procedure.Entered](c, procedure.StageEntered) {
		entered[e.Stage] = max(entered[e.Stage], e.Round)
	}
	require.Equal(t, map[string]int{"a": 2, "b": 2, "c": 2}, entered)
	require.Equal(t, "已由运行监控退回重办", all[procedure.Dropped](c, procedure.TaskClosed)[0].Why)
}
