package worker

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"
	sdkworker "go.temporal.io/sdk/worker"

	"gongzhi/activities"
	"gongzhi/embedded"
)

// looks fails the first times, and counts.
type looks struct {
	fail  int64
	count atomic.Int64
	done  atomic.Int64
}

func (l *looks) Run(context.Context) error {
	if l.count.Add(1) <= l.fail {
		return errors.New("no database")
	}
	l.done.Add(1)
	return nil
}

// TestSchedule: in the real engine, a schedule runs at once, goes on after runs that failed, and stays the one it is when every worker
// asks for it again.
func TestSchedule(t *testing.T) {
	t.Parallel()
	eng, err := embedded.Start(t.Context(), embedded.Options{Dir: t.TempDir(), Logger: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, eng.Stop()) })
	c, err := client.Dial(client.Options{HostPort: eng.HostPort(), Namespace: eng.Namespace()})
	require.NoError(t, err)
	t.Cleanup(c.Close)
	l := &looks{fail: 3}
	w := Housekeeping(c, &activities.Housekeeping{}, &activities.Watch{Sweeper: l}, sdkworker.Options{})
	require.NoError(t, w.Start())
	t.Cleanup(w.Stop)

	require.NoError(t, Schedule(t.Context(), c, Sweep, time.Hour))
	require.Eventually(t, func() bool { return l.count.Load() == 1 }, time.Minute, 10*time.Millisecond, "not only in an hour")
	handle := c.ScheduleClient().GetHandle(t.Context(), Sweep)
	often := func(in client.ScheduleUpdateInput) (*client.ScheduleUpdate, error) {
		in.Description.Schedule.Spec = &client.ScheduleSpec{Intervals: []client.ScheduleIntervalSpec{{Every: time.Second}}}
		return &client.ScheduleUpdate{Schedule: &in.Description.Schedule}, nil
	}
	require.NoError(t, handle.Update(t.Context(), client.ScheduleUpdateOptions{DoUpdate: often}))
	require.Eventually(t, func() bool { return l.done.Load() >= 2 }, time.Minute, 10*time.Millisecond, "runs that failed stop no later one")
	require.NoError(t, Schedule(t.Context(), c, Sweep, time.Hour), "another worker starts")
	d, err := handle.Describe(t.Context())
	require.NoError(t, err)
	require.False(t, d.Schedule.State.Paused)
	require.Equal(t, time.Second, d.Schedule.Spec.Intervals[0].Every, "what is there is left as it is")
}
