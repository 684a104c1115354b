package workflows

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/converter"

	"gongzhi/procedure"
)

// The record while the database is down.

// future is a day that is still to come on the wall: the test engine lets a local activity be tried again only before a
// moment of the case's time, and compares that moment with the wall.
const future = "2099-09-07"

// outage plays a small case whose record fails so often at the answer, and counts the visible activities.
func outage(t *testing.T, failures int) (*court, map[string]int) {
	t.Helper()
	c := newCourt(t, future+" 09:00")
	visible := map[string]int{}
	c.SetOnActivityStartedListener(func(info *activity.Info, _ context.Context, _ converter.EncodedValues) {
		visible[info.ActivityType.Name]++
	})
	c.at(future+" 10:00", func() {
		c.mu.Lock()
		c.failed = failures
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
	return c, visible
}

func TestRecord_AShortOutageStaysLocal(t *testing.T) {
	t.Parallel()
	_, visible := outage(t, 2)
	require.Empty(t, visible)
}

func TestRecord_ALongOutageIsVisibleAndNothingIsLost(t *testing.T) {
	t.Parallel()
	calm, none := outage(t, 0)
	require.Empty(t, none)
	rough, visible := outage(t, 9)

	require.NotZero(t, visible["Record"], "operators can see what does not work")
	lines := func(c *court) []string {
		var out []string
		for _, e := range c.events {
			out = append(out, string(e.Type)+" "+string(e.Data))
		}
		return out
	}
	require.Equal(t, kinds(calm), kinds(rough), "the same events in the same order")
	require.Equal(t, lines(calm)[:5], lines(rough)[:5])
}

func kinds(c *court) []procedure.EventType {
	var out []procedure.EventType
	for _, e := range c.events {
		out = append(out, e.Type)
	}
	return out
}
