package workflows

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gongzhi/procedure"
)

// 提前提醒, 黄牌, 到期, 红牌, 上报上级; 催办; 抄送 and 已阅; empty posts.

func TestLadder_ExactDates(t *testing.T) {
	for _, tc := range []struct{ name, start, answer string }{
		{"an ordinary week", "2026-09-07 09:00", "2026-09-20 10:00"},
		{"over the National Day and its make-up Saturday", "2026-09-28 15:00", "2026-10-20 10:00"},
	} {
		want := map[string][]string{
			"2026-09-07 09:00": {"2026-09-10 09:00 early", "2026-09-11 09:00 yellow", "2026-09-14 09:00 due", "2026-09-15 00:00 red", "2026-09-15 09:00 escalate"},
			"2026-09-28 15:00": {"2026-10-08 09:00 early", "2026-10-09 09:00 yellow", "2026-10-10 09:00 due", "2026-10-11 00:00 red", "2026-10-12 09:00 escalate"},
		}[tc.start]
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := newCourt(t, tc.start)
			c.say(tc.answer, "a", office, procedure.Agree, "")

			c.trial(deciding(stageA))

			require.Equal(t, want, c.rungs("a"))
			for _, e := range c.of(procedure.TaskReminded) {
				require.Equal(t, procedure.SystemClock, e.Actor, "never a person for a machine's act")
				p := payload[procedure.Reminded](e)
				require.Equal(t, p.Rung == procedure.RungEscalate, p.To != nil)
				if p.To != nil {
					require.Equal(t, "区政府办", p.To.Title())
				}
			}
			require.True(t, one[procedure.Answered](c, procedure.TaskAnswered).Late, "a late answer is marked late")
		})
	}
}

func TestLadder_OnlyForThoseWhoHaveNotAnswered(t *testing.T) {
	c := trialCourt(t)
	c.say("2026-09-10 10:00", "b", street("XW-01"), procedure.Agree, "")
	c.say("2026-09-14 10:00", "b", street("XW-02"), procedure.Agree, "")

	c.trial(deciding(stageB))

	require.Equal(t, []string{"2026-09-10 09:00 early", "2026-09-10 09:00 early", "2026-09-11 09:00 yellow", "2026-09-14 09:00 due"}, c.rungs("b"))
}

func TestLate_FromTheFirstMomentAfterTheDay(t *testing.T) {
	for moment, late := range map[string]bool{"2026-09-14 23:59": false, "2026-09-15 00:00": true} {
		t.Run(moment, func(t *testing.T) {
			c := trialCourt(t)
			c.say(moment, "a", office, procedure.Agree, "")

			c.trial(deciding(stageA))

			require.Equal(t, late, one[procedure.Answered](c, procedure.TaskAnswered).Late)
		})
	}
}

func TestLate_AlsoInAStageThatBeganAfterTheDay(t *testing.T) {
	c := trialCourt(t)
	first, second := stageA, stageC
	first.Clock, second.Clock = "whole", "whole"
	c.say("2026-09-16 10:00", "a", office, procedure.Agree, "")
	c.say("2026-09-16 11:00", "c", meeting, procedure.Agree, "")

	c.trial(func(k Case) (procedure.Outcome, error) {
		k.Start("whole", "总期限", *fiveDays, procedure.Basis{})
		k.Chain(One(first), One(second))
		return k.Close(procedure.Completed, "办成")
	})

	require.Len(t, c.of(procedure.ClockStarted), 1, "both stages run on one clock")
	for _, a := range all[procedure.Answered](c, procedure.TaskAnswered) {
		require.True(t, a.Late, a.Stage)
	}
}

func TestUrge_IntervalAndDailyCap(t *testing.T) {
	c := trialCourt(t)
	urge := procedure.Command{Action: procedure.ActUrge, Actor: clerk}
	c.on("2026-09-07 10:00", "a", "", urge, "")
	c.on("2026-09-07 11:59", "a", "", urge, "urge.interval")
	c.on("2026-09-07 12:00", "a", "", urge, "")
	c.on("2026-09-07 14:00", "a", "", urge, "")
	c.on("2026-09-07 16:00", "a", "", urge, "urge.daily")
	c.on("2026-09-08 00:30", "a", "", urge, "")
	c.say("2026-09-08 10:00", "a", office, procedure.Agree, "")
	c.again("2026-09-08 11:00", "a", "", 0, urge, "task.answered")
	c.order("2026-09-08 12:00", withdrawing(clerk), "")

	c.trial(chaining(stageA, stageC))

	var nth []int
	for _, u := range all[procedure.Urged](c, procedure.TaskUrged) {
		nth = append(nth, u.Nth)
	}
	require.Equal(t, []int{1, 2, 3, 1}, nth, "counted by day")
	require.Equal(t, clerk, c.of(procedure.TaskUrged)[0].Actor)
}

func TestCopy_IsSentAndReadOnce(t *testing.T) {
	c := trialCourt(t)
	to := holder(procedure.Supervision, "XW-DC")
	reader := person("郑七", "XW-DC", procedure.Supervision)
	c.order("2026-09-07 10:00", procedure.Command{Action: procedure.ActCopy, Actor: office}, "target.missing")
	c.order("2026-09-07 11:00", procedure.Command{Action: procedure.ActCopy, Actor: office, Target: &to}, "")
	read := func(moment string, cmd procedure.Command, code string) {
		c.at(moment, func() {
			cmd.Task = one[procedure.Copied](c, procedure.CaseCopied).Copy
			c.send(cmd, c.fate(code))
		})
	}
	read("2026-09-07 12:00", procedure.Command{Action: procedure.ActRead, Actor: office}, "copy.holder")
	read("2026-09-07 12:10", agreeing(reader), "action.unknown")
	read("2026-09-07 12:20", procedure.Command{Action: procedure.ActRead, Actor: reader}, "")
	read("2026-09-07 12:30", procedure.Command{Action: procedure.ActRead, Actor: reader}, "")
	c.say("2026-09-07 13:00", "a", office, procedure.Agree, "")

	c.trial(deciding(stageA))

	copied := c.of(procedure.CaseCopied)[0]
	require.Equal(t, office, copied.Actor)
	require.Equal(t, to, payload[procedure.Copied](copied).To)
	require.Equal(t, payload[procedure.Copied](copied).Copy, one[procedure.Tasked](c, procedure.TaskRead).Task)
	require.Equal(t, "2026-09-07 12:20", when(c.of(procedure.TaskRead)[0]), "opened-at is the first time")
}

func TestRead_OncePerPerson(t *testing.T) {
	c := trialCourt(t)
	read := procedure.Command{Action: procedure.ActRead, Actor: office}
	c.on("2026-09-07 10:00", "a", "", procedure.Command{Action: procedure.ActRead, Actor: clerk}, "task.holder")
	c.on("2026-09-07 10:10", "a", "", read, "")
	c.on("2026-09-07 10:20", "a", "", read, "")
	c.say("2026-09-07 11:00", "a", office, procedure.Agree, "")
	c.again("2026-09-07 12:00", "a", "", 0, read, "task.answered")
	c.order("2026-09-08 12:00", withdrawing(clerk), "")

	c.trial(chaining(stageA, stageC))

	require.Equal(t, "2026-09-07 10:10", when(c.of(procedure.TaskRead)[0]))
	require.Equal(t, 1, c.count(procedure.TaskRead))
}

func TestEmptyPost_IsAnIncidentAtOnceAndTheCaseWaits(t *testing.T) {
	c := trialCourt(t)
	c.empty["XW-02"] = true
	c.say("2026-09-07 10:00", "b", street("XW-01"), procedure.Agree, "")
	c.at("2027-09-07 10:00", func() { require.Zero(t, c.count(procedure.StageLeft), "never a silent pass") })
	c.order("2027-09-07 11:00", procedure.Command{Action: procedure.ActTerminate, Actor: ops}, "")

	c.trial(deciding(stageB))

	unmanned := c.of(procedure.TaskUnmanned)
	require.Len(t, unmanned, 1)
	require.Equal(t, monday, when(unmanned[0]))
	p := payload[procedure.Tasked](unmanned[0])
	require.Equal(t, c.openedAt("b", "XW-02")[0].Task, p.Task)
	require.Equal(t, "望潮街道的街道社区办岗位空缺或账号停用", p.Text)
}

func TestEmptyPost_WhenItsTurnComes(t *testing.T) {
	c := trialCourt(t)
	c.empty["XW-02"] = true
	c.say("2026-09-07 10:00", "turn", street("XW-01"), procedure.Agree, "")
	c.order("2026-09-07 11:00", procedure.Command{Action: procedure.ActTerminate, Actor: ops}, "")

	c.trial(deciding(trialStage("turn", streetSeat, procedure.InTurn)))

	require.Equal(t, "2026-09-07 10:00", when(c.of(procedure.TaskUnmanned)[0]))
}

func TestNoPostAnywhere_TheCaseWaits(t *testing.T) {
	c := trialCourt(t)
	nobody := trialStage("a", procedure.Seat{Role: procedure.Auditor, Where: procedure.AtDistrict}, procedure.All)
	c.at("2027-09-07 10:00", func() { require.Zero(t, c.count(procedure.StageLeft)) })
	c.order("2027-09-07 11:00", procedure.Command{Action: procedure.ActTerminate, Actor: ops}, "")

	o := c.trial(deciding(nobody))

	require.Equal(t, procedure.Terminated, o.State)
	require.Equal(t, "没有任何单位设有审计岗位", one[procedure.Tasked](c, procedure.TaskUnmanned).Text)
}
