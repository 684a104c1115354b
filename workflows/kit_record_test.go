package workflows

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/converter"

	"gongzhi/procedure"
)

// The record and the plans while the database is down.

// future is a day that is still to come on the wall: the test engine lets a local activity be tried again only before a
// moment of the case's time, and compares that moment with the wall.
const future = "2099-09-07"

// outage plays a small case whose database fails when an answer comes, and counts the activities that operators can see.
func outage(t *testing.T, failures, blind int) (*court, map[string]int) {
	t.Helper()
	c := newCourt(t, future+" 09:00")
	visible := map[string]int{}
	c.SetOnActivityStartedListener(func(info *activity.Info, _ context.Context, _ converter.EncodedValues) {
		visible[info.ActivityType.Name]++
	})
	c.at(future+" 10:00", func() {
		c.mu.Lock()
		c.failed, c.blind = failures, blind
		c.mu.Unlock()
		for _, u := range streets {
			cmd := agreeing(street(u))
			cmd.Task = c.task("b", u).Task
			c.send(cmd, c.must)
		}
	})
	c.say("2099-09-08 10:00", "c", meeting, procedure.Agree, "")
	require.Equal(t, procedure.Completed, c.trial(chaining(stageB, stageC)).State)
	require.Zero(t, c.failed)
	require.Zero(t, c.blind)
	return c, visible
}

// What a person causes is recorded by whoever sent the command; the relay repeats it until the database takes it.
func TestRecord_AnOutageLosesNothing(t *testing.T) {
	t.Parallel()
	calm, _ := outage(t, 0, 0)
	rough, _ := outage(t, 9, 0)

	same(t, calm, rough)
}

// A sender who dies with the reply in his hands: whoever speaks next, and the clock, carry what is missing with their own.
func TestRecord_ALostReplyLosesNothing(t *testing.T) {
	t.Parallel()
	played := func(deaf int, next string) *court {
		c := newCourt(t, "2026-09-07 09:00")
		c.at("2026-09-07 10:00", func() {
			c.deaf = deaf
			c.send(procedure.Command{Action: procedure.ActAnswer, Task: c.task("b", "XW-01").Task, Actor: street("XW-01"), Answer: procedure.Agree}, c.must)
		})
		c.at("2026-09-07 10:02", func() { require.Equal(t, 1-deaf, c.count(procedure.TaskAnswered)) })
		c.say(next, "b", street("XW-02"), procedure.Agree, "")
		c.at(next[:10]+" 10:30", func() { require.Equal(t, 2, c.count(procedure.TaskAnswered)) })
		c.say(next[:10]+" 11:00", "c", meeting, procedure.Agree, "")
		c.trial(chaining(stageB, stageC))
		return c
	}
	same(t, played(0, "2026-09-07 10:05"), played(1, "2026-09-07 10:05"))
	same(t, played(0, "2026-09-14 10:00"), played(1, "2026-09-14 10:00")) // reminders come between
}

// What the clock causes is recorded by the case itself, as an activity that operators can see.
func TestRecord_AnOutageWhileTheClockRings(t *testing.T) {
	t.Parallel()
	played := func(failures int) (*court, int) {
		c := newCourt(t, "2026-09-07 09:00")
		recorded := 0
		c.SetOnActivityStartedListener(func(info *activity.Info, _ context.Context, _ converter.EncodedValues) {
			if info.ActivityType.Name == "Record" {
				recorded++
			}
		})
		c.at("2026-09-07 10:00", func() { c.mu.Lock(); c.failed = failures; c.mu.Unlock() })
		c.say("2028-09-07 11:00", "a", office, procedure.Agree, "")
		c.trial(deciding(stageA))
		require.Zero(t, c.failed)
		require.Len(t, c.rungs("a"), 5)
		return c, recorded
	}
	calm, once := played(0)
	rough, more := played(9)

	same(t, calm, rough)
	require.Equal(t, once+9, more, "every try is one that operators can see")
}

// same says that two cases have the same events in the same order.
func same(t *testing.T, a, b *court) {
	t.Helper()
	require.Equal(t, kinds(a), kinds(b))
	for i, e := range a.events[:5] { // what follows an outage happens later
		require.JSONEq(t, string(e.Data), string(b.events[i].Data))
	}
}

// A plan is only read: a short outage stays within the local activity, a long one becomes visible.
func TestPlan_ALongOutageIsVisible(t *testing.T) {
	t.Parallel()
	_, short := outage(t, 0, 2)
	require.Zero(t, short["Plan"])
	_, long := outage(t, 0, 9)
	require.NotZero(t, long["Plan"])
}

func kinds(c *court) []procedure.EventType {
	var out []procedure.EventType
	for _, e := range c.events {
		out = append(out, e.Type)
	}
	return out
}
