package workflows

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gongzhi/procedure"
)

// 退回 and 撤回.

var (
	stageA = trialStage("a", officeSeat, procedure.Single)
	stageB = trialStage("b", streetSeat, procedure.All)
	stageC = trialStage("c", meetingSeat, procedure.Single)
)

// path lists the rounds in the order they were entered.
func (c *court) path() string {
	var out []string
	for _, p := range all[procedure.Entered](c, procedure.StageEntered) {
		out = append(out, p.Stage+string(rune('0'+p.Round)))
	}
	return strings.Join(out, " ")
}

func returning(by procedure.Actor, to string, mode procedure.ReturnMode) procedure.Command {
	return procedure.Command{Action: procedure.ActAnswer, Actor: by, Answer: procedure.Return, ReturnTo: to, Mode: mode}
}

func (c *court) streetsSay(moment string) {
	c.say(moment, "b", street("XW-01"), procedure.Agree, "")
	c.say(moment, "b", street("XW-02"), procedure.Agree, "")
}

func TestReturn_RerunPassesEveryStageAgain(t *testing.T) {
	c := trialCourt(t)
	c.say("2026-09-07 10:00", "a", office, procedure.Agree, "")
	c.streetsSay("2026-09-08 10:00")
	c.on("2026-09-09 10:00", "c", "", returning(meeting, "a", procedure.Rerun), "")
	c.say("2026-09-10 10:00", "a", office, procedure.AgreeIf, "")
	c.streetsSay("2026-09-11 10:00")
	c.say("2026-09-14 10:00", "c", meeting, procedure.Agree, "")

	o := c.trial(chaining(stageA, stageB, stageC))

	require.Equal(t, string(procedure.Agree), o.Result)
	require.Equal(t, "a1 b1 c1 a2 b2 c2", c.path())
	clocks := all[procedure.Clocked](c, procedure.ClockStarted)
	require.Equal(t, "2026-09-16", clocks[3].Deadline.Day.String(), "a new round has a fresh clock")
	answer := all[procedure.Answered](c, procedure.TaskAnswered)[3]
	require.Equal(t, "a", answer.ReturnTo)
	require.Equal(t, procedure.Rerun, answer.Mode)
}

func TestReturn_StraightComesBackToTheReturner(t *testing.T) {
	c := trialCourt(t)
	c.say("2026-09-07 10:00", "a", office, procedure.Agree, "")
	c.streetsSay("2026-09-08 10:00")
	c.on("2026-09-09 10:00", "c", "", returning(meeting, "a", procedure.Straight), "")
	c.say("2026-09-10 10:00", "a", office, procedure.AgreeIf, "")
	c.say("2026-09-11 10:00", "c", meeting, procedure.Agree, "")

	o := c.trial(chaining(stageA, stageB, stageC))

	require.Equal(t, string(procedure.Agree), o.Result)
	require.Equal(t, "a1 b1 c1 a2 c2", c.path())
}

func TestReturn_OneSignerReturnsForAll(t *testing.T) {
	c := trialCourt(t)
	c.say("2026-09-07 10:00", "a", office, procedure.Agree, "")
	c.on("2026-09-08 10:00", "b", "XW-02", returning(street("XW-02"), "a", procedure.Straight), "")
	c.say("2026-09-09 10:00", "a", office, procedure.Object, "")

	o := c.trial(chaining(stageA, stageB, stageC))

	require.Equal(t, string(procedure.Object), o.Result, "the earlier stage may end the chain")
	require.Equal(t, "a1 b1 a2", c.path())
}

func TestReturn_Refusals(t *testing.T) {
	c := trialCourt(t)
	c.on("2026-09-07 10:00", "a", "", returning(office, "a", procedure.Rerun), "return.target")
	c.on("2026-09-07 10:10", "a", "", returning(office, "b", procedure.Rerun), "return.target")
	c.on("2026-09-07 10:20", "a", "", returning(office, "", procedure.Rerun), "return.target")
	c.say("2026-09-07 11:00", "a", office, procedure.Agree, "")
	c.on("2026-09-07 12:00", "b", "XW-01", returning(street("XW-01"), "a", ""), "return.mode")
	c.on("2026-09-07 12:10", "b", "XW-01", returning(street("XW-01"), "c", procedure.Straight), "return.target")
	c.on("2026-09-07 12:20", "b", "XW-01", returning(street("XW-01"), "elsewhere", procedure.Straight), "return.target")
	c.say("2026-09-07 13:00", "b", street("XW-01"), procedure.Object, "")

	c.trial(chaining(stageA, stageB, stageC))

	require.Equal(t, "a1 b1", c.path())
}

func TestReturn_NotOutsideAChain(t *testing.T) {
	c := trialCourt(t)
	c.on("2026-09-07 10:00", "a", "", returning(office, "a", procedure.Rerun), "return.target")
	c.say("2026-09-07 11:00", "a", office, procedure.Agree, "")

	c.trial(deciding(stageA))
}

var takeBack = procedure.ActTakeBack

func TestTakeBack_InItsOwnRound(t *testing.T) {
	c := trialCourt(t)
	mine := street("XW-01")
	c.again("2026-09-07 09:30", "b", "XW-01", 0, procedure.Command{Action: takeBack, Actor: mine}, "take_back.open")
	c.say("2026-09-07 10:00", "b", mine, procedure.Agree, "")
	c.again("2026-09-07 11:00", "b", "XW-01", 0, procedure.Command{Action: takeBack, Actor: street("XW-02")}, "take_back.other")
	c.again("2026-09-07 12:00", "b", "XW-01", 0, procedure.Command{Action: takeBack, Actor: mine}, "")
	c.say("2026-09-07 13:00", "b", mine, procedure.AgreeIf, "")
	c.say("2026-09-07 14:00", "b", street("XW-02"), procedure.Agree, "")

	o := c.trial(deciding(stageB))

	require.Equal(t, string(procedure.AgreeIf), o.Result)
	require.Equal(t, 1, c.count(procedure.TaskReopened))
	require.Equal(t, 2, c.count(procedure.TaskOpened), "the same task is open again")
	require.Equal(t, 1, c.count(procedure.StageEntered), "the round is the same")
}

func TestTakeBack_WhileTheNextHasNotActed(t *testing.T) {
	c := trialCourt(t)
	c.say("2026-09-07 10:00", "b", street("XW-01"), procedure.Agree, "")
	c.say("2026-09-07 11:00", "b", street("XW-02"), procedure.AgreeIf, "")
	c.again("2026-09-08 10:00", "b", "XW-01", 0, procedure.Command{Action: takeBack, Actor: street("XW-01")}, "")
	c.again("2026-09-08 10:10", "c", "", 0, agreeing(meeting), "task.closed")
	c.again("2026-09-08 10:20", "b", "XW-01", 0, procedure.Command{Action: takeBack, Actor: street("XW-01")}, "take_back.open")
	c.say("2026-09-08 11:00", "b", street("XW-01"), procedure.Agree, "")
	c.say("2026-09-09 10:00", "c", meeting, procedure.Agree, "")

	o := c.trial(chaining(stageB, stageC))

	require.Equal(t, string(procedure.Agree), o.Result)
	require.Equal(t, "b1 c1 b2 c2", c.path())
	require.Len(t, c.openedAt("b", "XW-02"), 1, "the other signer's answer stands")
	require.Equal(t, "同意 1，附条件同意 1", all[procedure.Left](c, procedure.StageLeft)[2].Text)
	why := map[string]string{}
	for _, d := range all[procedure.Dropped](c, procedure.TaskClosed) {
		why[d.Task] = d.Why
	}
	require.Equal(t, map[string]string{
		c.openedAt("b", "XW-01")[0].Task: "决定已撤回，本环节重新办理",
		c.openedAt("c", "")[0].Task:      "前一环节已撤回",
	}, why, "no task of the undone rounds stays open")
}

func TestTakeBack_RefusedOnceTheNextHasActed(t *testing.T) {
	c := trialCourt(t)
	c.say("2026-09-07 10:00", "a", office, procedure.Agree, "")
	c.say("2026-09-07 11:00", "b", street("XW-01"), procedure.Agree, "")
	c.again("2026-09-07 12:00", "a", "", 0, procedure.Command{Action: takeBack, Actor: office}, "take_back.acted")
	c.say("2026-09-07 13:00", "b", street("XW-02"), procedure.Agree, "")
	c.again("2026-09-07 14:00", "a", "", 0, procedure.Command{Action: takeBack, Actor: office}, "take_back.late")
	c.say("2026-09-07 15:00", "c", meeting, procedure.Agree, "")

	c.trial(chaining(stageA, stageB, stageC))

	require.Zero(t, c.count(procedure.TaskReopened))
}

func TestTakeBack_AfterATransferReturnsToTheOneWhoDecided(t *testing.T) {
	c := trialCourt(t)
	c.on("2026-09-07 10:00", "a", "", handing(procedure.ActTransfer, office, named(helper)), "")
	c.on("2026-09-07 11:00", "a", "", agreeing(helper), "")
	c.again("2026-09-07 12:00", "a", "", 0, procedure.Command{Action: takeBack, Actor: helper}, "")
	c.on("2026-09-07 13:00", "a", "", agreeing(helper), "")
	c.say("2026-09-07 14:00", "c", meeting, procedure.Agree, "")

	c.trial(chaining(stageA, stageC))

	require.Equal(t, "a1 c1 a2 c2", c.path())
}

func TestTakeBack_ATransferredAnswerStands(t *testing.T) {
	c := trialCourt(t)
	c.on("2026-09-07 10:00", "b", "XW-02", handing(procedure.ActTransfer, street("XW-02"), named(helper)), "")
	c.say("2026-09-07 11:00", "b", street("XW-01"), procedure.Agree, "")
	c.again("2026-09-07 12:00", "b", "XW-02", 0, agreeing(helper), "")
	c.again("2026-09-07 13:00", "b", "XW-01", 0, procedure.Command{Action: takeBack, Actor: street("XW-01")}, "")
	c.say("2026-09-07 14:00", "b", street("XW-01"), procedure.Agree, "")
	c.again("2026-09-07 15:00", "b", "XW-02", 0, procedure.Command{Action: takeBack, Actor: helper}, "")
	c.on("2026-09-07 16:00", "b", helper.Unit, agreeing(helper), "")
	c.say("2026-09-07 17:00", "c", meeting, procedure.Agree, "")

	c.trial(chaining(stageB, stageC))

	require.Equal(t, "b1 c1 b2 c2 b3 c3", c.path())
	require.Len(t, c.openedAt("b", "XW-01"), 2, "asked again once, then his answer stood")
}

func TestTakeBack_AReturnToo(t *testing.T) {
	c := trialCourt(t)
	c.say("2026-09-07 10:00", "a", office, procedure.Agree, "")
	c.streetsSay("2026-09-08 10:00")
	c.on("2026-09-09 10:00", "c", "", returning(meeting, "a", procedure.Straight), "")
	c.again("2026-09-09 11:00", "c", "", 0, procedure.Command{Action: takeBack, Actor: meeting}, "")
	c.say("2026-09-09 12:00", "c", meeting, procedure.Agree, "")

	o := c.trial(chaining(stageA, stageB, stageC))

	require.Equal(t, string(procedure.Agree), o.Result)
	require.Equal(t, "a1 b1 c1 a2 c2", c.path())
}

func TestTakeBack_AfterComingStraight(t *testing.T) {
	c := trialCourt(t)
	c.say("2026-09-07 10:00", "a", office, procedure.Agree, "")
	c.streetsSay("2026-09-08 10:00")
	c.on("2026-09-09 10:00", "c", "", returning(meeting, "a", procedure.Straight), "")
	c.say("2026-09-10 10:00", "a", office, procedure.Agree, "")
	c.again("2026-09-10 11:00", "b", "XW-01", 0, procedure.Command{Action: takeBack, Actor: street("XW-01")}, "take_back.late")
	c.again("2026-09-10 12:00", "a", "", 1, procedure.Command{Action: takeBack, Actor: office}, "")
	c.say("2026-09-10 13:00", "a", office, procedure.AgreeIf, "")
	c.say("2026-09-11 10:00", "c", meeting, procedure.Agree, "")

	o := c.trial(chaining(stageA, stageB, stageC))

	require.Equal(t, string(procedure.Agree), o.Result)
	require.Equal(t, "a1 b1 c1 a2 c2 a3 c3", c.path(), "it still comes straight back to the returner")
}

func TestTakeBack_NotAnAddedOpinion(t *testing.T) {
	c := trialCourt(t)
	c.on("2026-09-07 10:00", "a", "", handing(procedure.ActAddBefore, office, named(helper)), "")
	c.say("2026-09-07 11:00", "a", helper, procedure.Agree, "")
	c.again("2026-09-07 12:00", "a", helper.Unit, 0, procedure.Command{Action: takeBack, Actor: helper}, "take_back.added")
	c.say("2026-09-07 13:00", "a", office, procedure.Agree, "")

	c.trial(deciding(stageA))
}
