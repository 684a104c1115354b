package workflows

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/procedure"
)

// 撤销, 终止, the ends that nobody chose, and what comes twice or too late.

func withdrawing(by procedure.Actor) procedure.Command {
	return procedure.Command{Action: procedure.ActWithdraw, Actor: by}
}

// approving is approved by the office and then carried out by the meeting.
func approving(c Case) (procedure.Outcome, error) {
	c.Decide(stageA)
	c.Approve()
	c.OnAbort(func(k Case) { k.Post(procedure.Posted{Title: "终止公告", Text: k.outcome.Result}) })
	c.Decide(stageC)
	return c.Close(procedure.Completed, "办成")
}

// lastIsClose insists that the record ends with the close and that no task is open.
func (c *court) lastIsClose(by procedure.Actor) procedure.Outcome {
	c.t.Helper()
	last := c.events[len(c.events)-1]
	require.Equal(c.t, procedure.CaseClosed, last.Type)
	require.Equal(c.t, by, last.Actor)
	open := map[string]bool{}
	for _, e := range c.events {
		switch e.Type {
		case procedure.TaskOpened:
			open[payload[procedure.Opened](e).Task] = true
		case procedure.TaskReopened:
			open[payload[procedure.Tasked](e).Task] = true
		case procedure.TaskAnswered:
			delete(open, payload[procedure.Answered](e).Task)
		case procedure.TaskClosed:
			delete(open, payload[procedure.Dropped](e).Task)
		}
	}
	require.Empty(c.t, open, "tasks open after the end")
	return payload[procedure.Closed](last).Outcome
}

func TestWithdraw_BeforeApproval(t *testing.T) {
	c := trialCourt(t)
	colleague := clerk
	colleague.User, colleague.Name = "孙二", "示例-孙二"
	c.order("2026-09-07 10:00", withdrawing(office), "case.withdraw.initiator")
	c.order("2026-09-07 11:00", withdrawing(colleague), "") // the post applied, not the person

	o := c.trial(approving)

	require.Equal(t, procedure.Withdrawn, o.State)
	require.Equal(t, o, c.lastIsClose(colleague))
	require.Zero(t, c.count(procedure.NoticePosted), "nothing had been approved that had to be undone")
	require.Equal(t, "cmd-2", c.events[len(c.events)-1].Command)
}

func TestWithdraw_AfterApprovalIsAnotherEnd(t *testing.T) {
	c := trialCourt(t)
	c.say("2026-09-07 10:00", "a", office, procedure.Agree, "")
	c.order("2026-09-08 10:00", withdrawing(clerk), "")

	o := c.trial(approving)

	require.Equal(t, procedure.Cancelled, o.State)
	require.Equal(t, o, c.lastIsClose(clerk))
	require.Equal(t, "终止公告", one[procedure.Posted](c, procedure.NoticePosted).Title, "what was done is undone before the close")
}

func TestWithdraw_NotOnceSealed(t *testing.T) {
	c := trialCourt(t)
	c.order("2026-09-07 10:00", withdrawing(clerk), "case.sealed")
	c.say("2026-09-07 11:00", "a", office, procedure.Agree, "")

	o := c.trial(func(k Case) (procedure.Outcome, error) {
		k.Forbid()
		k.Decide(stageA)
		return k.Close(procedure.Completed, "办成")
	})

	require.Equal(t, procedure.Completed, o.State)
	require.Equal(t, procedure.SystemEngine, c.events[len(c.events)-1].Actor)
}

func TestTerminate_ByAnOperatorOnly(t *testing.T) {
	c := trialCourt(t)
	c.order("2026-09-07 10:00", procedure.Command{Action: procedure.ActTerminate, Actor: office}, "case.terminate.role")
	c.order("2026-09-07 11:00", procedure.Command{Action: procedure.ActTerminate, Actor: ops}, "")

	o := c.trial(approving)

	require.Equal(t, procedure.Terminated, o.State)
	require.Equal(t, o, c.lastIsClose(ops))
}

func TestCancelledInTheEngineIsRecordedAsTerminated(t *testing.T) {
	c := trialCourt(t)
	c.say("2026-09-07 10:00", "a", office, procedure.Agree, "")
	c.at("2026-09-08 10:00", c.CancelWorkflow)

	o := c.trial(approving)

	require.Equal(t, procedure.Terminated, o.State)
	require.Equal(t, o, c.lastIsClose(procedure.SystemEngine))
	require.Equal(t, 1, c.count(procedure.NoticePosted))
}

func TestCancelledInTheEngineWhileSeveralLanesWait(t *testing.T) {
	c := trialCourt(t)
	c.at("2026-09-08 10:00", c.CancelWorkflow)

	o := c.trial(func(k Case) (procedure.Outcome, error) {
		k.Together(func(k Case) { k.Decide(stageB) }, func(k Case) {
			k.Await("等一个日子", "时间", ptr(at("2026-12-01 00:00")), procedure.Basis{}, func() bool { return false })
		})
		return k.Close(procedure.Completed, "办成")
	})

	require.Equal(t, procedure.Terminated, o.State)
	c.lastIsClose(procedure.SystemEngine)
	require.Equal(t, 1, c.count(procedure.WaitClosed), "the wait ends before the case")
}

func TestClosed_NothingCanBeDoneAnyMore(t *testing.T) {
	c := trialCourt(t)
	c.at("2026-09-07 10:00", func() {
		task := c.task("a", "").Task
		c.send(withdrawing(clerk), c.must)
		c.send(procedure.Command{Action: procedure.ActTerminate, Actor: ops}, c.refused("case.closed"))
		c.send(procedure.Command{Action: procedure.ActAnswer, Task: task, Actor: office, Answer: procedure.Agree}, c.refused("case.closed"))
		c.send(procedure.Command{Action: procedure.ActRead, Task: task, Actor: office}, c.refused("case.closed"))
	})

	o := c.trial(approving)

	require.Equal(t, procedure.Withdrawn, o.State)
	require.Zero(t, c.count(procedure.TaskAnswered))
}

func TestOnAbort_NotAtTheOrdinaryEnd(t *testing.T) {
	c := trialCourt(t)
	c.say("2026-09-07 10:00", "a", office, procedure.Agree, "")
	c.say("2026-09-08 10:00", "c", meeting, procedure.Agree, "")

	o := c.trial(approving)

	require.Equal(t, procedure.Completed, o.State)
	require.Zero(t, c.count(procedure.NoticePosted))
}

func TestDuplicate_TheSameCommandHasTheSameReceipt(t *testing.T) {
	c := trialCourt(t)
	var receipts []procedure.Receipt
	keep := func(r *reply) {
		c.must(errors.Join(r.rejected, r.failed))
		receipts = append(receipts, r.receipt)
	}
	var answer procedure.Command
	c.at("2026-09-07 10:00", func() {
		answer = procedure.Command{ID: "once", Action: procedure.ActAnswer, Task: c.task("b", "XW-01").Task, Actor: street("XW-01"), Answer: procedure.Agree}
		c.deliver(answer, keep)
		c.deliver(answer, keep) // while the first is under way
	})
	c.at("2026-09-08 10:00", func() { c.deliver(answer, keep) }) // a relay, a day later
	c.say("2026-09-08 11:00", "b", street("XW-02"), procedure.Agree, "")

	c.trial(deciding(stageB))

	require.Len(t, receipts, 3)
	require.Equal(t, receipts[0], receipts[1])
	require.Equal(t, receipts[0], receipts[2])
	require.Equal(t, "once", receipts[0].Command)
	require.True(t, receipts[0].At.Equal(at("2026-09-07 10:00")))
	require.Equal(t, procedure.TaskAnswered, c.events[receipts[0].Seq-1].Type, "the receipt names what was recorded because of it")
	require.Equal(t, 2, c.count(procedure.TaskAnswered))
}

func TestReceipt_ComesWhenTheNextTaskIsRecorded(t *testing.T) {
	c := trialCourt(t)
	c.at("2026-09-07 10:00", func() {
		cmd := agreeing(office)
		cmd.Task = c.task("a", "").Task
		c.deliver(cmd, func(r *reply) {
			c.must(errors.Join(r.rejected, r.failed))
			require.Len(t, c.openedAt("c", ""), 1, "the projection shows what came of it")
			require.EqualValues(t, len(c.events), r.receipt.Seq)
		})
	})
	c.order("2026-09-07 11:00", withdrawing(clerk), "")

	c.trial(chaining(stageA, stageC))
}

func TestStart_TheSameCommandAgain(t *testing.T) {
	c := trialCourt(t)
	c.order("2026-09-07 10:00", procedure.Command{ID: "start", Action: procedure.ActStart, Actor: clerk}, "")
	c.order("2026-09-07 11:00", procedure.Command{ID: "another", Action: procedure.ActStart, Actor: clerk}, "case.started")
	c.say("2026-09-07 12:00", "a", office, procedure.Agree, "")

	c.trial(deciding(stageA))

	require.Equal(t, 1, c.count(procedure.CaseStarted))
}

func TestNobodyAnswers_NothingIsApprovedForHim(t *testing.T) {
	c := trialCourt(t)
	c.at("2028-09-07 10:00", func() {
		require.Zero(t, c.count(procedure.TaskAnswered))
		require.Zero(t, c.count(procedure.TaskClosed))
		require.Len(t, c.rungs("a"), 5, "every rung once; then the red duty remains")
		require.Less(t, at("2026-09-15 09:00").Sub(c.of(procedure.TaskReminded)[4].At), time.Minute)
	})
	c.say("2028-09-07 11:00", "a", office, procedure.Object, "")

	o := c.trial(deciding(stageA))

	require.Equal(t, string(procedure.Object), o.Result)
	require.True(t, one[procedure.Answered](c, procedure.TaskAnswered).Late)
}
