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

func TestRecord_AnOutageLosesNothing(t *testing.T) {
	t.Parallel()
	calm, _ := outage(t, 0, 0)
	rough, visible := outage(t, 9, 0)

	require.NotZero(t, visible["Record"], "operators can see what does not work")
	require.Equal(t, kinds(calm), kinds(rough), "the same events in the same order")
	for i, e := range calm.events[:5] { // what follows the outage happens later
		require.JSONEq(t, string(e.Data), string(rough.events[i].Data))
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
