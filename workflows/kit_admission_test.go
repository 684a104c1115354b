package workflows

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gongzhi/procedure"
	"gongzhi/procedure/admission"
)

// The paths of 社区工作准入 beside the golden one.

// e6With is the sample application with other facts.
func e6With(change func(*admission.Facts)) procedure.Filing {
	f := e6()
	var facts admission.Facts
	if err := json.Unmarshal(f.Facts, &facts); err != nil {
		panic(err)
	}
	change(&facts)
	raw, err := json.Marshal(facts)
	if err != nil {
		panic(err)
	}
	f.Facts = raw
	return f
}

// hasten plays the sample from acceptance to the decision in three days.
func (c *court) hasten() {
	c.review()
	c.say("2026-09-10 10:00", "decision", meeting, procedure.Agree, "")
}

// review plays the sample until the meeting is to decide.
func (c *court) review() {
	c.say("2026-09-07 10:00", "formal-review", office, procedure.Accept, "")
	c.at("2026-09-08 10:00", func() {
		for _, u := range streets {
			c.answer("street-hearing", street(u), procedure.Agree)
		}
		for _, u := range communities {
			c.answer("community-hearing", director(u), procedure.Agree)
		}
	})
	c.at("2026-09-09 10:00", func() {
		for _, u := range members {
			c.answer("joint-review", member(u), procedure.Agree)
		}
	})
}

// items is what the record says is on the list: one for each change "add" without a "remove". Every version has its notice.
func (c *court) items() int {
	n := 0
	notices := all[procedure.Posted](c, procedure.NoticePosted)
	for i, p := range all[procedure.Published](c, procedure.ListPublished) {
		for _, change := range p.Changes {
			n += map[string]int{"add": 1, "remove": -1}[change.Op]
		}
		require.Equal(c.t, p.Version, notices[i].Version)
		require.NotEmpty(c.t, notices[i].Notice)
	}
	return n
}

func TestAdmission_NotAccepted(t *testing.T) {
	c := trialCourt(t)
	c.say("2026-09-08 10:00", "formal-review", office, procedure.Refuse, "")

	o := c.run(e6())

	require.Equal(t, procedure.Outcome{State: procedure.Refused, Result: "不予受理"}, o)
	c.lastIsClose(procedure.SystemEngine)
	require.Zero(t, c.items())
}

func TestAdmission_CorrectionStopsTheClockOfAcceptance(t *testing.T) {
	c := trialCourt(t)
	c.say("2026-09-08 10:00", "formal-review", office, procedure.Supplement, "")
	c.order("2026-09-09 10:00", resuming, "clock.running") // only the correction starts it again
	c.say("2026-09-14 10:00", "correction", clerk, procedure.Submit, "")
	c.say("2026-09-16 10:00", "formal-review", office, procedure.Supplement, "")
	c.say("2026-09-21 10:00", "correction", clerk, procedure.Abandon, "")

	o := c.run(e6())

	require.Equal(t, procedure.Outcome{State: procedure.Withdrawn, Result: "申请单位放弃补正"}, o)
	rounds := c.openedAt("formal-review", "")
	require.Equal(t, []string{"2026-09-10", "2026-09-16"}, []string{rounds[0].Day, rounds[1].Day}, "one of three working days was used, two remain")
	require.Empty(t, c.openedAt("correction", "")[0].Day)
	paused := all[procedure.Clocked](c, procedure.ClockPaused)
	require.Len(t, paused, 2)
	require.Equal(t, "supplement", paused[0].Ground)
	require.Equal(t, "申请单位", paused[0].Wait)
	require.Equal(t, 1, c.count(procedure.ClockStarted), "the same clock all the way")
}

func TestAdmission_NotAdmitted(t *testing.T) {
	c := trialCourt(t)
	c.approve(procedure.Object)

	o := c.run(e6())

	require.Equal(t, procedure.Rejected, o.State)
	require.Zero(t, c.items())
}

func TestAdmission_AnObjectionInTheReviewGoesToTheMeeting(t *testing.T) {
	c := trialCourt(t)
	c.say("2026-09-07 10:00", "formal-review", office, procedure.Accept, "")
	c.say("2026-09-16 10:00", "joint-review", member("XW-JW"), procedure.Object, "") // the hearings ended in silence
	c.say("2026-09-17 10:00", "decision", meeting, procedure.Object, "")

	o := c.run(e6())

	require.Equal(t, procedure.Rejected, o.State)
	for _, left := range all[procedure.Left](c, procedure.StageLeft)[1:3] {
		require.True(t, strings.HasPrefix(left.Text, "逾期未反馈"), left.Text)
	}
}

func TestAdmission_TheMeetingReturnsAndTheClockRunsOn(t *testing.T) {
	c := trialCourt(t)
	c.review()
	c.on("2026-09-10 10:00", "decision", "", returning(meeting, "joint-review", procedure.Straight), "")
	c.at("2026-09-11 10:00", func() {
		for _, u := range members {
			c.answer("joint-review", member(u), procedure.AgreeIf)
		}
	})
	c.say("2026-09-29 10:00", "decision", meeting, procedure.Object, "")

	c.run(e6())

	require.True(t, strings.HasSuffix(c.path(), " joint-review1 decision1 joint-review2 decision2"), c.path())
	for _, task := range append(c.openedAt("joint-review", ""), c.openedAt("decision", "")...) {
		require.Equal(t, "2026-09-28", task.Day, "fifteen working days from acceptance, whatever happens between")
	}
	answers := all[procedure.Answered](c, procedure.TaskAnswered)
	require.True(t, answers[len(answers)-1].Late)
}

func TestAdmission_Urgent(t *testing.T) {
	urgent := e6With(func(f *admission.Facts) { f.Urgent = true })
	t.Run("lapses unless it is regularised", func(t *testing.T) {
		c := trialCourt(t)
		c.say("2026-09-07 10:00", "formal-review", office, procedure.Accept, "")

		o := c.run(urgent)

		require.Equal(t, procedure.Lapsed, o.State)
		c.lastIsClose(procedure.SystemClock)
		require.Equal(t, "2026-09-21 00:00", when(c.events[len(c.events)-1]), "ten working days from the filing")
		require.Len(t, c.of(procedure.CaseCopied), 5, "every community is told at once")
		require.Zero(t, c.items())
	})
	t.Run("stays once it is regularised", func(t *testing.T) {
		c := trialCourt(t)
		c.hasten()
		c.say("2026-09-20 23:00", "publication", office, procedure.Publish, "")
		c.order("2026-12-01 10:00", procedure.Command{Action: procedure.ActTerminate, Actor: ops}, "")

		require.Equal(t, procedure.Terminated, c.run(urgent).State)
	})
}

func TestAdmission_WhatIsWithdrawnAfterApprovalLeavesTheList(t *testing.T) {
	for _, tc := range []struct {
		name, moment string
		cmd          procedure.Command
		state        procedure.CaseState
		published    int
	}{
		{"withdrawn before publication", "2026-09-10 11:00", withdrawing(clerk), procedure.Cancelled, 0},
		{"withdrawn after publication", "2026-09-12 10:00", withdrawing(clerk), procedure.Cancelled, 2},
		{"terminated", "2026-09-12 10:00", procedure.Command{Action: procedure.ActTerminate, Actor: ops}, procedure.Terminated, 2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := trialCourt(t)
			c.hasten()
			if tc.published > 0 {
				c.say("2026-09-11 10:00", "publication", office, procedure.Publish, "")
				c.at("2026-09-11 11:00", func() { require.Equal(t, 1, c.items()) })
			}
			c.order(tc.moment, tc.cmd, "")

			o := c.run(e6())

			require.Equal(t, tc.state, o.State)
			require.Zero(t, c.items())
			require.Equal(t, tc.published, c.count(procedure.ListPublished))
			c.lastIsClose(tc.cmd.Actor)
		})
	}
}

func TestAdmission_TheAcceptanceIsTakenBack(t *testing.T) {
	c := trialCourt(t)
	c.say("2026-09-07 10:00", "formal-review", office, procedure.Accept, "")
	c.again("2026-09-07 11:00", "formal-review", "", 0, procedure.Command{Action: takeBack, Actor: office}, "")
	c.say("2026-09-07 12:00", "formal-review", office, procedure.Refuse, "")

	o := c.run(e6())

	require.Equal(t, procedure.Refused, o.State)
	require.Len(t, c.of(procedure.TaskClosed), 8, "both hearings and the undone acceptance")
}
