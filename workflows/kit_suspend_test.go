package workflows

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/converter"

	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/procedure/admission"
)

var (
	suspending = procedure.Command{Action: procedure.ActSuspend, Actor: operator}
	continuing = procedure.Command{Action: procedure.ActContinue, Actor: operator}
)

// 挂起: nobody may act and nothing rings; what can still be done is ending the case, and telling others of it.
func TestSuspend_NobodyActsAndNothingRings(t *testing.T) {
	c := trialCourt(t)
	c.order("2026-09-09 09:30", continuing, "case.not_suspended")
	c.order("2026-09-09 09:40", procedure.Command{Action: procedure.ActSuspend, Actor: office}, "case.operator")
	c.order("2026-09-09 10:00", suspending, "")
	c.order("2026-09-09 10:10", suspending, "case.suspended")
	c.order("2026-09-09 10:20", pausing("review"), "case.suspended")
	c.on("2026-09-09 10:30", "a", "", procedure.Command{Action: procedure.ActAnswer, Actor: office, Answer: procedure.Agree}, "case.suspended")
	c.on("2026-09-09 10:40", "a", "", procedure.Command{Action: procedure.ActUrge, Actor: operator}, "case.suspended")
	c.order("2026-09-09 10:50", procedure.Command{Action: procedure.ActCopy, Actor: clerk, Target: named(third)}, "")
	c.order("2026-09-16 10:00", continuing, "")
	c.say("2026-09-17 10:00", "a", office, procedure.Agree, "")

	c.trial(deciding(stageA)) // five working days from the 7th: due on the 14th

	require.Equal(t, "2026-09-09 10:00", when(c.of(procedure.CaseSuspended)[0]))
	require.Equal(t, operator, c.of(procedure.CaseSuspended)[0].Actor)
	require.Equal(t, c.of(procedure.CaseSuspended)[0].At, one[procedure.Suspended](c, procedure.CaseContinued).Since)
	require.Equal(t, []string{"2026-09-17 09:00 early"}, c.rungs("a"), "every rung comes later by the seven days of the suspension")
	require.Empty(t, c.of(procedure.ClockPaused))
	require.True(t, one[procedure.Answered](c, procedure.TaskAnswered).Late, "no law moves the deadline for this")
}

// Whoever could not answer because the case lay still has not kept silent.
func TestSuspend_SilenceCountsLater(t *testing.T) {
	c := trialCourt(t)
	stage := stageA
	stage.Silence = procedure.Noted
	c.order("2026-09-10 00:00", suspending, "")
	c.order("2026-09-20 00:00", continuing, "")
	c.trial(deciding(stage))

	require.Equal(t, "2026-09-25 00:00", when(c.of(procedure.TaskClosed)[0]), "ten days after the end of the 14th")
}

// A clock that began while the case lay still is put off by what was left of the suspension, and no more.
func TestSuspend_AClockThatBeganMeanwhile(t *testing.T) {
	c := trialCourt(t)
	stage := stageA
	stage.Silence = procedure.Noted
	c.order("2026-09-09 10:00", suspending, "")
	c.order("2026-09-16 10:00", continuing, "")
	c.trial(func(c Case) (procedure.Outcome, error) {
		c.Await("开工", "时间", ptr(at("2026-09-14 00:00")), stage.Basis, func() bool { return false })
		return c.Close(procedure.Completed, string(c.Decide(stage)))
	})

	require.Equal(t, "2026-09-14 00:00", when(c.of(procedure.TaskOpened)[0]))
	require.Equal(t, "2026-09-23 10:00", when(c.of(procedure.TaskClosed)[0]), "two days and ten hours after the end of the 20th, a Sunday of work")
}

// footprint counts what a case leaves in its history by itself.
func (c *court) footprint() *int {
	n := new(int)
	c.SetOnTimerScheduledListener(func(string, time.Duration) { *n++ })
	c.SetOnActivityStartedListener(func(*activity.Info, context.Context, converter.EncodedValues) { *n++ })
	c.SetOnLocalActivityStartedListener(func(*activity.Info, context.Context, []any) { *n++ })
	return n
}

// However long a case lies still, nothing is added to its history: nothing has to be taken to a new run (ADR 0009). What people still
// send it, copies above all, is theirs, as at any other time.
func TestSuspend_ALongOneDoesNotGrow(t *testing.T) {
	for name, x := range map[string]struct {
		day  string
		play func(c *court)
	}{
		"a review": {"2026-09-08", func(c *court) { c.trial(deciding(stageA)) }},
		"an execution": {"2026-11-10", func(c *court) {
			c.admit()
			c.receive()
			c.run(two(func(f *admission.Facts) { f.End = calendar.Date{} })) // it ends when it is revoked
		}},
	} {
		for _, still := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, suspended: %t", name, still), func(t *testing.T) {
				c := trialCourt(t)
				left, grown := c.footprint(), 0
				if still {
					c.order(x.day+" 10:00", suspending, "")
				}
				c.at(x.day+" 10:01", func() { grown = -*left - int(c.head()) })
				c.at("2036-01-02 10:00", func() { grown += *left + int(c.head()) })
				c.order("2036-01-02 10:01", procedure.Command{Action: procedure.ActTerminate, Actor: operator}, "")
				x.play(c)
				if still {
					require.Zero(t, grown)
				} else {
					require.Positive(t, grown, "the control: one that runs does leave something")
				}
			})
		}
	}
}

// A suspended case can be ended.
func TestSuspend_EndsWithTheCase(t *testing.T) {
	c := trialCourt(t)
	c.order("2026-09-09 10:00", suspending, "")
	c.order("2026-09-10 10:00", procedure.Command{Action: procedure.ActTerminate, Actor: operator}, "")
	c.trial(deciding(stageA))
	require.Equal(t, procedure.CaseClosed, c.events[len(c.events)-1].Type)
}

// 补公示: the notice lies open again, for whole days after today, in the name of whoever ordered it.
func TestRepublish_DisplaysANoticeAgain(t *testing.T) {
	c := trialCourt(t)
	again := func(days int) procedure.Command {
		return procedure.Command{Action: procedure.ActRepublish, Actor: operator, Days: days, Notice: &procedure.Posted{Title: "听雨花园：表决公告", Text: "全文"}}
	}
	c.order("2026-09-09 09:00", procedure.Command{Action: procedure.ActRepublish, Actor: operator, Days: 3}, "notice.choice")
	c.order("2026-09-09 09:10", again(0), "notice.days")
	c.order("2026-09-09 09:20", again(91), "notice.days")
	byOffice := again(15)
	byOffice.Actor = office
	c.order("2026-09-09 09:30", byOffice, "case.operator")
	c.order("2026-09-09 10:00", again(15), "")
	c.say("2026-09-10 10:00", "a", office, procedure.Agree, "")
	c.trial(deciding(stageA))

	n := one[procedure.Posted](c, procedure.NoticePosted)
	require.Equal(t, []string{"听雨花园：表决公告", "全文", "2026-09-24"}, []string{n.Title, n.Text, n.Until})
	require.Equal(t, operator, c.of(procedure.NoticePosted)[0].Actor)
}
