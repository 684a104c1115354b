package workflows

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gongzhi/procedure"
)

// 转办, 委派, 加签, 减签.

func agreeing(by procedure.Actor) procedure.Command {
	return procedure.Command{Action: procedure.ActAnswer, Actor: by, Answer: procedure.Agree}
}

func handing(action procedure.Action, by procedure.Actor, to *procedure.Holder) procedure.Command {
	return procedure.Command{Action: action, Actor: by, Target: to}
}

func TestTransfer_TheGiverIsOut(t *testing.T) {
	c := trialCourt(t)
	c.on("2026-09-07 10:00", "decide", "", handing(procedure.ActTransfer, office, named(helper)), "")
	c.on("2026-09-07 11:00", "decide", "", agreeing(office), "task.holder")
	c.on("2026-09-07 12:00", "decide", "", handing(procedure.ActTransfer, office, named(third)), "task.holder")
	c.on("2026-09-07 13:00", "decide", "", agreeing(helper), "")

	o := c.trial(deciding(trialStage("decide", officeSeat, procedure.Single)))

	require.Equal(t, string(procedure.Agree), o.Result)
	moved := one[procedure.Moved](c, procedure.TaskMoved)
	require.Equal(t, procedure.ActTransfer, moved.How)
	require.Equal(t, helper.User, moved.Holder.User)
	require.Equal(t, helper.User, c.of(procedure.TaskAnswered)[0].Actor.User)
}

func TestTransfer_ToAPost(t *testing.T) {
	c := trialCourt(t)
	to := holder(procedure.StreetOffice, "XW-01")
	c.on("2026-09-07 10:00", "decide", "", handing(procedure.ActTransfer, office, &to), "")
	c.on("2026-09-07 11:00", "decide", "", agreeing(street("XW-01")), "")

	o := c.trial(deciding(trialStage("decide", officeSeat, procedure.Single)))

	require.Equal(t, string(procedure.Agree), o.Result)
}

func TestHandingOn_Refusals(t *testing.T) {
	same := holder(procedure.AdmissionOffice, "XW-SGB")
	for _, action := range []procedure.Action{procedure.ActTransfer, procedure.ActDelegate, procedure.ActAddBefore, procedure.ActAddAfter} {
		t.Run(string(action), func(t *testing.T) {
			c := trialCourt(t)
			c.on("2026-09-07 10:00", "decide", "", handing(action, office, nil), "target.missing")
			c.on("2026-09-07 10:10", "decide", "", handing(action, office, &procedure.Holder{Unit: "XW-CZJ"}), "target.missing")
			c.on("2026-09-07 10:20", "decide", "", handing(action, office, named(office)), "target.self")
			c.on("2026-09-07 10:30", "decide", "", handing(action, office, &same), "target.self")
			c.on("2026-09-07 10:40", "decide", "", handing(action, helper, named(third)), "task.holder")
			c.say("2026-09-07 11:00", "decide", office, procedure.Agree, "")

			c.trial(deciding(trialStage("decide", officeSeat, procedure.Single)))

			require.Zero(t, c.count(procedure.TaskMoved))
			require.Equal(t, 1, c.count(procedure.TaskOpened))
		})
	}
}

func TestDelegate_TheHelperAdvisesAndTheOwnerDecides(t *testing.T) {
	c := trialCourt(t)
	c.on("2026-09-07 10:00", "decide", "", handing(procedure.ActDelegate, office, named(helper)), "")
	c.on("2026-09-07 10:10", "decide", "", agreeing(office), "task.holder")
	c.on("2026-09-07 10:20", "decide", "", procedure.Command{Action: procedure.ActRead, Actor: office}, "")
	c.on("2026-09-07 10:30", "decide", "", agreeing(helper), "answer.helper")
	for _, action := range []procedure.Action{procedure.ActTransfer, procedure.ActDelegate, procedure.ActAddBefore, procedure.ActAddAfter} {
		c.on("2026-09-07 10:40", "decide", "", handing(action, helper, named(third)), "task.delegated")
	}
	c.on("2026-09-07 11:00", "decide", "", procedure.Command{Action: procedure.ActAnswer, Actor: helper, Answer: procedure.Known}, "")
	c.at("2026-09-07 11:10", func() { require.Zero(t, c.count(procedure.TaskAnswered), "advice decides nothing") })
	c.on("2026-09-07 11:20", "decide", "", procedure.Command{Action: procedure.ActAnswer, Actor: helper, Answer: procedure.Known}, "task.holder")
	c.on("2026-09-07 12:00", "decide", "", agreeing(office), "")

	o := c.trial(deciding(trialStage("decide", officeSeat, procedure.Single)))

	require.Equal(t, string(procedure.Agree), o.Result)
	moves := all[procedure.Moved](c, procedure.TaskMoved)
	require.Len(t, moves, 2)
	require.Equal(t, procedure.ActDelegate, moves[0].How)
	require.Equal(t, procedure.ActAnswer, moves[1].How)
	require.Equal(t, "XW-SGB", moves[1].Holder.Unit, "the task returns")
	require.Equal(t, office.User, c.of(procedure.TaskAnswered)[0].Actor.User)
}

func TestAddBefore_MyDecisionWaits(t *testing.T) {
	c := trialCourt(t)
	c.on("2026-09-07 10:00", "decide", "", handing(procedure.ActAddBefore, office, named(helper)), "")
	c.on("2026-09-07 11:00", "decide", "XW-SGB", agreeing(office), "task.blocked")
	c.on("2026-09-07 12:00", "decide", helper.Unit, procedure.Command{Action: procedure.ActAnswer, Actor: helper, Answer: procedure.AgreeIf}, "answer.unknown")
	c.on("2026-09-07 12:10", "decide", helper.Unit, handing(procedure.ActAddBefore, helper, named(third)), "task.added")
	c.on("2026-09-07 12:20", "decide", helper.Unit, handing(procedure.ActTransfer, helper, named(third)), "")
	c.say("2026-09-07 13:00", "decide", person(third.User, helper.Unit, third.Role), procedure.Object, "")
	c.say("2026-09-07 14:00", "decide", office, procedure.Agree, "")

	o := c.trial(deciding(trialStage("decide", officeSeat, procedure.Single)))

	require.Equal(t, string(procedure.Agree), o.Result, "the signer before advises, the holder decides")
	added := c.openedAt("decide", helper.Unit)[0]
	require.Equal(t, "before", added.Added)
	require.Equal(t, c.openedAt("decide", "XW-SGB")[0].Task, added.Parent)
	require.Equal(t, added.Parent, one[procedure.Tasked](c, procedure.TaskBlocked).Task)
	require.Equal(t, "2026-09-07 13:00", when(c.of(procedure.TaskUnblocked)[0]))
	require.Equal(t, "同意", one[procedure.Left](c, procedure.StageLeft).Text, "advice is not counted")
}

func TestAddAfter_SignsWhenIHaveDecided(t *testing.T) {
	c := trialCourt(t)
	c.on("2026-09-07 10:00", "decide", "", handing(procedure.ActAddAfter, office, named(helper)), "")
	c.on("2026-09-07 11:00", "decide", helper.Unit, agreeing(helper), "task.blocked")
	c.say("2026-09-07 12:00", "decide", office, procedure.Agree, "")
	c.at("2026-09-07 13:00", func() { require.Zero(t, c.count(procedure.StageLeft), "the step waits for the signer after me") })
	c.say("2026-09-07 14:00", "decide", helper, procedure.Agree, "")

	o := c.trial(deciding(trialStage("decide", officeSeat, procedure.Single)))

	require.Equal(t, string(procedure.Agree), o.Result)
	require.Equal(t, "after", c.openedAt("decide", helper.Unit)[0].Added)
}

func TestAddAfter_ARefusalEndsAStageThatKnowsOne(t *testing.T) {
	c := trialCourt(t)
	c.on("2026-09-07 10:00", "decide", "", handing(procedure.ActAddAfter, office, named(helper)), "")
	c.say("2026-09-07 12:00", "decide", office, procedure.Agree, "")
	c.say("2026-09-07 14:00", "decide", helper, procedure.Object, "")

	o := c.trial(deciding(trialStage("decide", officeSeat, procedure.Single)))

	require.Equal(t, string(procedure.Object), o.Result)
}

func TestAddAfter_AnObjectionComesBackWhereTheStageKnowsNoRefusal(t *testing.T) {
	c := trialCourt(t)
	stage := trialStage("decide", officeSeat, procedure.Single)
	stage.Options = []procedure.Option{{Answer: procedure.Accept, Effect: procedure.Forward}, {Answer: procedure.Refuse, Effect: procedure.Stop}}
	c.on("2026-09-07 10:00", "decide", "", handing(procedure.ActAddAfter, office, named(helper)), "")
	c.say("2026-09-07 12:00", "decide", office, procedure.Accept, "")
	c.say("2026-09-07 14:00", "decide", helper, procedure.Object, "")
	c.at("2026-09-07 15:00", func() { require.Zero(t, c.count(procedure.StageLeft), "an objection never counts as forward") })
	c.say("2026-09-07 16:00", "decide", office, procedure.Refuse, "")

	o := c.trial(deciding(stage))

	require.Equal(t, string(procedure.Refuse), o.Result)
	require.Equal(t, procedure.SystemEngine, c.of(procedure.TaskReopened)[0].Actor)
}

func TestAddAfter_TakingBackMakesTheSignerWaitAgain(t *testing.T) {
	c := trialCourt(t)
	c.on("2026-09-07 10:00", "decide", "", handing(procedure.ActAddAfter, office, named(helper)), "")
	c.say("2026-09-07 12:00", "decide", office, procedure.Agree, "")
	c.again("2026-09-07 13:00", "decide", "XW-SGB", 0, procedure.Command{Action: procedure.ActTakeBack, Actor: office}, "")
	c.say("2026-09-07 14:00", "decide", helper, procedure.Agree, "task.blocked")
	c.say("2026-09-07 15:00", "decide", office, procedure.AgreeIf, "")
	c.say("2026-09-07 16:00", "decide", helper, procedure.Agree, "")

	o := c.trial(deciding(trialStage("decide", officeSeat, procedure.Single)))

	require.Equal(t, string(procedure.AgreeIf), o.Result)
	require.Equal(t, 2, c.count(procedure.TaskBlocked))
	require.Equal(t, 2, c.count(procedure.TaskUnblocked))
}

func TestRemoveSigner(t *testing.T) {
	for _, kind := range []procedure.Action{procedure.ActAddBefore, procedure.ActAddAfter} {
		t.Run(string(kind), func(t *testing.T) {
			c := trialCourt(t)
			remove := func(moment string, by procedure.Actor, task, removed, code string) {
				c.at(moment, func() {
					c.send(procedure.Command{Action: procedure.ActRemoveSigner, Actor: by, Task: c.openedAt("decide", task)[0].Task,
						Removed: c.openedAt("decide", removed)[0].Task}, c.fate(code))
				})
			}
			c.on("2026-09-07 10:00", "decide", "XW-SGB", handing(kind, office, named(helper)), "")
			c.on("2026-09-07 10:10", "decide", "XW-SGB", handing(kind, office, named(third)), "")
			remove("2026-09-07 11:00", helper, "XW-SGB", third.Unit, "task.holder")
			remove("2026-09-07 11:10", office, "XW-SGB", "XW-SGB", "signer.unknown")
			remove("2026-09-07 11:20", office, "XW-SGB", third.Unit, "")
			c.again("2026-09-07 11:30", "decide", third.Unit, 0, agreeing(third), "task.closed")
			if kind == procedure.ActAddAfter {
				c.say("2026-09-07 12:00", "decide", office, procedure.Agree, "")
				remove("2026-09-07 13:00", office, "XW-SGB", helper.Unit, "") // he has not acted: the step ends without him
			} else {
				c.say("2026-09-07 12:00", "decide", helper, procedure.Agree, "")
				remove("2026-09-07 13:00", office, "XW-SGB", helper.Unit, "signer.acted")
				c.say("2026-09-07 14:00", "decide", office, procedure.Agree, "")
			}

			o := c.trial(deciding(trialStage("decide", officeSeat, procedure.Single)))

			require.Equal(t, string(procedure.Agree), o.Result)
			require.Equal(t, "减签", all[procedure.Dropped](c, procedure.TaskClosed)[0].Why)
		})
	}
}

func TestRemoveSigner_LetsTheHolderGoOn(t *testing.T) {
	c := trialCourt(t)
	c.on("2026-09-07 10:00", "decide", "XW-SGB", handing(procedure.ActAddBefore, office, named(helper)), "")
	c.at("2026-09-07 11:00", func() {
		c.send(procedure.Command{Action: procedure.ActRemoveSigner, Actor: office, Task: c.task("decide", "XW-SGB").Task,
			Removed: c.task("decide", helper.Unit).Task}, c.must)
	})
	c.say("2026-09-07 12:00", "decide", office, procedure.Agree, "")

	o := c.trial(deciding(trialStage("decide", officeSeat, procedure.Single)))

	require.Equal(t, string(procedure.Agree), o.Result)
	require.Equal(t, "2026-09-07 11:00", when(c.of(procedure.TaskUnblocked)[0]))
}
