package workflows

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/procedure/admission"
)

// What follows an admission: money, execution, complaints, the end.

// two is the sample for two communities only.
func two(change func(*admission.Facts)) procedure.Filing {
	return e6With(func(f *admission.Facts) {
		f.Communities = []string{"0101", "0102"}
		change(f)
	})
}

func unchanged(*admission.Facts) {}

// admit plays the sample for two communities up to the first payment on 12 October.
func (c *court) admit() {
	c.say("2026-09-07 10:00", "formal-review", office, procedure.Accept, "")
	c.say("2026-09-16 10:00", "joint-review", member("XW-JW"), procedure.Object, "")
	c.say("2026-09-17 10:00", "decision", meeting, procedure.Agree, "")
	c.say("2026-09-18 10:00", "publication", office, procedure.Publish, "")
	c.say("2026-10-12 10:00", "funding", clerk, procedure.Paid, "")
}

func (c *court) receive() {
	c.say("2026-10-13 10:00", "handover", director("0101"), procedure.Received, "")
	c.say("2026-10-13 10:00", "handover", director("0102"), procedure.Received, "")
}

func complaining(by procedure.Actor) procedure.Command {
	return procedure.Command{Action: procedure.ActComplain, Actor: by}
}

func TestExecution_NoCommunityTakesTheMatterBeforeTheMoney(t *testing.T) {
	c := trialCourt(t)
	c.admit()
	c.say("2026-10-13 10:00", "handover", director("0101"), procedure.Received, "")
	c.say("2026-10-13 11:00", "handover", director("0102"), procedure.Missing, "")
	c.at("2026-10-13 12:00", func() { require.Equal(t, "补拨：0102", c.task("funding", "").Subject) })
	c.say("2026-10-20 10:00", "funding", clerk, procedure.Paid, "")
	c.say("2026-10-21 10:00", "handover", director("0102"), procedure.Missing, "") // still not
	c.say("2026-10-28 10:00", "funding", clerk, procedure.Paid, "")
	c.at("2026-10-28 11:00", func() { require.Zero(t, c.count(procedure.CasePhased), "execution has not begun") })
	c.say("2026-10-29 10:00", "handover", director("0102"), procedure.Received, "")

	o := c.run(two(unchanged))

	require.Equal(t, procedure.Completed, o.State)
	require.Equal(t, "2026-10-29 10:00", when(c.of(procedure.CasePhased)[0]))
	require.Len(t, c.openedAt("funding", ""), 3)
	late := map[int]bool{}
	for _, a := range all[procedure.Answered](c, procedure.TaskAnswered) {
		if a.Stage == "funding" {
			late[a.Round] = a.Late
		}
	}
	require.Equal(t, map[int]bool{1: false, 2: false, 3: true}, late, "the money was due on the day the matter began")
}

func TestExecution_EndsByItself(t *testing.T) {
	c := trialCourt(t)
	c.admit()
	c.receive()

	o := c.run(two(unchanged))

	require.Equal(t, procedure.Outcome{State: procedure.Completed, Result: "到期自动退出"}, o)
	require.Equal(t, "2026-12-21 00:00", when(c.events[len(c.events)-1]))
	require.Zero(t, c.items())
	require.Equal(t, 0, len(c.of(procedure.CaseComplained)))
	for _, left := range all[procedure.Left](c, procedure.StageLeft) {
		if left.Stage == "progress" && left.Round == 1 {
			require.Equal(t, "逾期未反馈", left.Text, "no report is invented")
		}
	}
}

func TestExecution_AComplaintIsExamined(t *testing.T) {
	c := trialCourt(t)
	c.order("2026-09-08 10:00", complaining(director("0101")), "complain.not_executing")
	c.admit()
	c.receive()
	c.order("2026-11-02 10:00", complaining(street("XW-01")), "complain.not_executing")
	c.order("2026-11-02 10:10", complaining(director("0103")), "complain.not_executing")
	c.order("2026-11-02 11:00", complaining(director("0101")), "")
	c.say("2026-11-04 10:00", "inquiry", office, procedure.Keep, "")
	c.order("2026-11-30 10:00", complaining(director("0102")), "")
	c.order("2026-11-30 11:00", complaining(director("0101")), "")
	c.say("2026-12-02 10:00", "inquiry", office, procedure.Revoke, "")

	o := c.run(two(unchanged))

	require.Equal(t, procedure.Outcome{State: procedure.Revoked, Result: "查实加码，撤销准入"}, o)
	require.Equal(t, "2026-12-02 10:00", when(c.events[len(c.events)-1]))
	require.Equal(t, 3, c.count(procedure.CaseComplained))
	require.Zero(t, c.items(), "the matter is off the list")
	for _, e := range c.of(procedure.CaseCopied) {
		require.Equal(t, procedure.Supervision, payload[procedure.Copied](e).To.Role)
	}
	c.lastIsClose(procedure.SystemEngine)
}

func TestExecution_KeptOnItRunsToItsEnd(t *testing.T) {
	c := trialCourt(t)
	c.admit()
	c.receive()
	c.order("2026-11-02 11:00", complaining(director("0101")), "")
	c.say("2026-11-04 10:00", "inquiry", office, procedure.Keep, "")
	c.order("2026-12-18 11:00", complaining(director("0101")), "") // not examined when the matter ends

	o := c.run(two(unchanged))

	require.Equal(t, procedure.Completed, o.State)
	c.lastIsClose(procedure.SystemSchedule)
}

func TestExecution_ALongTermMatterLastsUntilItIsRevoked(t *testing.T) {
	c := trialCourt(t)
	c.admit()
	c.receive()
	c.order("2028-10-31 10:00", complaining(director("0102")), "")
	c.say("2028-11-01 10:00", "inquiry", office, procedure.Revoke, "")

	o := c.run(two(func(f *admission.Facts) { f.End = calendar.Date{} }))

	require.Equal(t, procedure.Revoked, o.State)
	reports := c.openedAt("progress", "0101")
	require.Len(t, reports, 25, "one report a month for two years, and the one under way")
	for i, r := range reports {
		require.Equal(t, i+1, r.Round)
	}
	require.Equal(t, fmt.Sprint([]string{"2026-11-25", "2026-12-25"}), fmt.Sprint([]string{reports[0].Day, reports[1].Day}))
	require.Equal(t, "2028-11-25", reports[24].Day)
}

func TestExecution_WithdrawnWhileItIsCarriedOut(t *testing.T) {
	c := trialCourt(t)
	c.admit()
	c.receive()
	c.order("2026-11-02 10:00", withdrawing(clerk), "")

	o := c.run(two(unchanged))

	require.Equal(t, procedure.Cancelled, o.State)
	require.Zero(t, c.items())
	c.lastIsClose(clerk)
}

func TestExecution_CancelledInTheEngine(t *testing.T) {
	c := trialCourt(t)
	c.admit()
	c.receive()
	c.at("2026-11-02 10:00", c.CancelWorkflow)

	o := c.run(two(unchanged))

	require.Equal(t, procedure.Terminated, o.State)
	require.Zero(t, c.items())
	c.lastIsClose(procedure.SystemEngine)
}
