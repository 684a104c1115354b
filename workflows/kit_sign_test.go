package workflows

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gongzhi/procedure"
)

func TestAll_EverybodyMustAgree(t *testing.T) {
	c := trialCourt(t)
	c.say("2026-09-07 10:00", "sign", street("XW-01"), procedure.Agree, "")
	c.say("2026-09-08 10:00", "sign", street("XW-02"), procedure.AgreeIf, "")

	o := c.trial(deciding(trialStage("sign", streetSeat, procedure.All)))

	require.Equal(t, string(procedure.AgreeIf), o.Result, "a condition of one is a condition of all")
	left := one[procedure.Left](c, procedure.StageLeft)
	require.Equal(t, "同意 1，附条件同意 1", left.Text)
	require.Equal(t, "2026-09-08 10:00", when(c.of(procedure.StageLeft)[0]))
	require.Zero(t, c.count(procedure.TaskClosed))
}

func TestAll_OneRefusalEndsTheStep(t *testing.T) {
	c := trialCourt(t)
	c.say("2026-09-07 10:00", "sign", street("XW-02"), procedure.Object, "")

	o := c.trial(deciding(trialStage("sign", streetSeat, procedure.All)))

	require.Equal(t, string(procedure.Object), o.Result)
	require.Equal(t, "sign已由示例-街道XW-02办理", one[procedure.Dropped](c, procedure.TaskClosed).Why)
}

func TestAll_ThePersonWhoSignedCannotSignForAnother(t *testing.T) {
	c := trialCourt(t)
	both := street("XW-01")
	c.say("2026-09-07 10:00", "sign", both, procedure.Agree, "")
	both.Unit = "XW-02"
	c.say("2026-09-07 11:00", "sign", both, procedure.Agree, "answer.same_person")
	c.say("2026-09-07 12:00", "sign", street("XW-02"), procedure.Agree, "")

	c.trial(deciding(trialStage("sign", streetSeat, procedure.All)))

	require.Equal(t, 2, c.count(procedure.TaskAnswered))
}

func TestAny_TheFirstAnswerDecides(t *testing.T) {
	for _, a := range []procedure.Answer{procedure.Agree, procedure.Object} {
		t.Run(string(a), func(t *testing.T) {
			c := trialCourt(t)
			c.say("2026-09-07 10:00", "sign", street("XW-02"), a, "")

			o := c.trial(deciding(trialStage("sign", streetSeat, procedure.Any)))

			require.Equal(t, string(a), o.Result)
			require.Equal(t, 1, c.count(procedure.TaskClosed), "nobody else needs to answer")
		})
	}
}

func TestAny_TwoOfficialsDecideAtOnce(t *testing.T) {
	c := trialCourt(t)
	c.at("2026-09-07 10:00", func() {
		first, second := c.task("sign", "XW-01").Task, c.task("sign", "XW-02").Task
		c.send(procedure.Command{Action: procedure.ActAnswer, Task: first, Actor: street("XW-01"), Answer: procedure.Agree}, c.must)
		c.send(procedure.Command{Action: procedure.ActAnswer, Task: second, Actor: street("XW-02"), Answer: procedure.Object}, c.refused("case.closed"))
	})

	o := c.trial(deciding(trialStage("sign", streetSeat, procedure.Any)))

	require.Equal(t, string(procedure.Agree), o.Result)
	require.Equal(t, 1, c.count(procedure.TaskAnswered))
}

func TestSingle_TwoColleaguesDecideAtOnce(t *testing.T) {
	c := trialCourt(t)
	colleague := office
	colleague.User, colleague.Name = "钱三", "示例-钱三"
	c.at("2026-09-07 10:00", func() {
		task := c.task("decide", "").Task
		c.send(procedure.Command{Action: procedure.ActAnswer, Task: task, Actor: office, Answer: procedure.Agree}, c.must)
		c.send(procedure.Command{Action: procedure.ActAnswer, Task: task, Actor: colleague, Answer: procedure.Object}, c.refused("task.answered"))
	})

	o := c.trial(deciding(trialStage("decide", officeSeat, procedure.Single)))

	require.Equal(t, string(procedure.Agree), o.Result)
	require.Equal(t, office.User, c.of(procedure.TaskAnswered)[0].Actor.User)
}

func TestInTurn_TheNextOpensOnlyAfterTheFirstAgreed(t *testing.T) {
	c := trialCourt(t)
	c.at("2026-09-07 09:30", func() { require.Empty(t, c.openedAt("turn", "XW-02")) })
	c.say("2026-09-07 10:00", "turn", street("XW-01"), procedure.Agree, "")
	both := person("街道XW-01", "XW-02", procedure.StreetOffice)
	c.say("2026-09-07 11:00", "turn", both, procedure.Agree, "answer.same_person")
	c.say("2026-09-08 10:00", "turn", street("XW-02"), procedure.Agree, "")

	o := c.trial(deciding(trialStage("turn", streetSeat, procedure.InTurn)))

	require.Equal(t, string(procedure.Agree), o.Result)
	opened := c.of(procedure.TaskOpened)
	require.Len(t, opened, 2)
	require.Equal(t, "2026-09-07 10:00", when(opened[1]), "the turn comes with the first answer")
}

func TestInTurn_ARefusalEndsTheStep(t *testing.T) {
	c := trialCourt(t)
	c.say("2026-09-07 10:00", "turn", street("XW-01"), procedure.Object, "")

	o := c.trial(deciding(trialStage("turn", streetSeat, procedure.InTurn)))

	require.Equal(t, string(procedure.Object), o.Result)
	require.Equal(t, 1, c.count(procedure.TaskOpened), "nobody else's turn came")
}

func TestInTurn_AnExtraSignerDoesNotLoseTheTurn(t *testing.T) {
	c := trialCourt(t)
	first := street("XW-01")
	c.on("2026-09-07 10:00", "turn", "XW-01", procedure.Command{Action: procedure.ActAddBefore, Actor: first, Target: named(helper)}, "")
	c.say("2026-09-07 11:00", "turn", helper, procedure.Agree, "")
	c.at("2026-09-07 12:00", func() { require.Empty(t, c.openedAt("turn", "XW-02"), "the advice is not the answer") })
	c.on("2026-09-07 13:00", "turn", "XW-01", procedure.Command{Action: procedure.ActAddAfter, Actor: first, Target: named(third)}, "")
	c.at("2026-09-07 14:00", func() {
		c.send(procedure.Command{Action: procedure.ActRemoveSigner, Task: c.task("turn", "XW-01").Task, Removed: c.task("turn", third.Unit).Task, Actor: first}, c.must)
	})
	c.say("2026-09-07 15:00", "turn", first, procedure.Agree, "")
	c.say("2026-09-07 16:00", "turn", street("XW-02"), procedure.Agree, "")

	o := c.trial(deciding(trialStage("turn", streetSeat, procedure.InTurn)))

	require.Equal(t, string(procedure.Agree), o.Result)
}

func TestInTurn_TakingBackTakesTheTurnBack(t *testing.T) {
	c := trialCourt(t)
	first, second := street("XW-01"), street("XW-02")
	back := procedure.Command{Action: procedure.ActTakeBack, Actor: first}
	c.say("2026-09-07 10:00", "turn", first, procedure.Agree, "")
	c.again("2026-09-07 11:00", "turn", "XW-01", 0, back, "")
	c.again("2026-09-07 12:00", "turn", "XW-02", 0, procedure.Command{Action: procedure.ActAnswer, Actor: second, Answer: procedure.Agree}, "task.closed")
	c.say("2026-09-07 13:00", "turn", first, procedure.AgreeIf, "")
	c.again("2026-09-07 14:00", "turn", "XW-02", 1, procedure.Command{Action: procedure.ActAddAfter, Actor: second, Target: named(helper)}, "")
	c.say("2026-09-07 15:00", "turn", second, procedure.Agree, "")
	c.again("2026-09-07 16:00", "turn", "XW-01", 0, back, "take_back.acted")
	c.say("2026-09-07 17:00", "turn", helper, procedure.Agree, "")

	o := c.trial(deciding(trialStage("turn", streetSeat, procedure.InTurn)))

	require.Equal(t, string(procedure.AgreeIf), o.Result)
	require.Equal(t, "前一位已撤回决定", one[procedure.Dropped](c, procedure.TaskClosed).Why)
}

func TestCollect_EverybodyIsHeardAndSilenceIsNoted(t *testing.T) {
	c := trialCourt(t)
	hearing := trialStage("hear", streetSeat, procedure.Collect)
	hearing.Silence = procedure.Noted
	c.say("2026-09-08 10:00", "hear", street("XW-01"), procedure.Object, "")

	o := c.trial(deciding(hearing))

	require.Equal(t, string(procedure.Object), o.Result)
	left := c.of(procedure.StageLeft)[0]
	require.Equal(t, "2026-09-15 00:00", when(left), "the step ends when the fifth working day has passed")
	require.Equal(t, "不同意 1，逾期未反馈 1", payload[procedure.Left](left).Text, "silence is never consent")
	require.Equal(t, procedure.SystemClock, c.of(procedure.TaskClosed)[0].Actor)
	require.Equal(t, 1, c.count(procedure.TaskAnswered))
}

func TestCollect_ARefusalDoesNotEndTheStep(t *testing.T) {
	c := trialCourt(t)
	c.say("2026-09-07 10:00", "hear", street("XW-01"), procedure.Object, "")
	c.say("2026-09-08 10:00", "hear", street("XW-02"), procedure.Agree, "")

	c.trial(deciding(trialStage("hear", streetSeat, procedure.Collect)))

	require.Equal(t, "同意 1，不同意 1", one[procedure.Left](c, procedure.StageLeft).Text)
}

func TestInTurn_SilenceNotedEndsTheStep(t *testing.T) {
	c := trialCourt(t)
	stage := trialStage("turn", streetSeat, procedure.InTurn)
	stage.Silence = procedure.Noted

	o := c.trial(deciding(stage))

	require.Equal(t, string(procedure.Silent), o.Result)
	require.Equal(t, 1, c.count(procedure.TaskOpened))
}

func TestAnswer_OnlyWhatTheStageKnows(t *testing.T) {
	c := trialCourt(t)
	c.say("2026-09-07 10:00", "decide", office, procedure.Publish, "answer.unknown")
	c.say("2026-09-07 10:10", "decide", office, procedure.Silent, "answer.unknown")
	c.on("2026-09-07 10:20", "decide", "", procedure.Command{Action: procedure.ActAnswer, Actor: clerk, Answer: procedure.Agree}, "task.holder")
	c.on("2026-09-07 10:30", "decide", "", procedure.Command{Action: "dance", Actor: office}, "action.unknown")
	c.order("2026-09-07 10:40", procedure.Command{Action: procedure.ActAnswer, Task: "XW-ZR-2026-014.99", Actor: office}, "task.unknown")
	c.order("2026-09-07 10:50", procedure.Command{Action: "dance", Actor: office}, "action.unknown")
	c.say("2026-09-07 11:00", "decide", office, procedure.Agree, "")

	o := c.trial(deciding(trialStage("decide", officeSeat, procedure.Single)))

	require.Equal(t, string(procedure.Agree), o.Result)
	require.Equal(t, 1, c.count(procedure.TaskAnswered), "a refused command leaves no trace")
}

func TestAnswer_ADelegateActsForHisPrincipal(t *testing.T) {
	c := trialCourt(t)
	delegate := office
	delegate.User, delegate.Name, delegate.For, delegate.ForName = "王六", "示例-王六", office.User, office.Name
	c.say("2026-09-07 10:00", "decide", delegate, procedure.Agree, "")

	c.trial(deciding(trialStage("decide", officeSeat, procedure.Single)))

	require.Equal(t, "示例-王六 代 示例-钱二", c.of(procedure.TaskAnswered)[0].Actor.Title())
}
