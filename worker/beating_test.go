package worker

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/temporal"
	sdkworker "go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"gongzhi/embedded"
)

// TestBeating: an activity that takes longer than its heartbeat is let alone as long as it lives. Without the interceptor it is given
// up: so is the one of a program that was killed.
func TestBeating(t *testing.T) {
	t.Parallel()
	eng, err := embedded.Start(t.Context(), embedded.Options{Dir: t.TempDir(), Logger: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, eng.Stop()) })
	c, err := client.Dial(client.Options{HostPort: eng.HostPort(), Namespace: eng.Namespace()})
	require.NoError(t, err)
	t.Cleanup(c.Close)
	const heartbeat, longer = time.Second, 3 * time.Second
	slow := func(ctx context.Context) error {
		select {
		case <-time.After(longer):
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	run := func(ctx workflow.Context) error {
		return workflow.ExecuteActivity(workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
			StartToCloseTimeout: time.Minute, HeartbeatTimeout: heartbeat, RetryPolicy: &temporal.RetryPolicy{MaximumAttempts: 1}}), "slow").Get(ctx, nil)
	}
	outcome := func(queue string, around ...interceptor.WorkerInterceptor) error {
		w := sdkworker.New(c, queue, sdkworker.Options{Interceptors: around})
		w.RegisterWorkflowWithOptions(run, workflow.RegisterOptions{Name: "run"})
		w.RegisterActivityWithOptions(slow, activity.RegisterOptions{Name: "slow"})
		require.NoError(t, w.Start())
		t.Cleanup(w.Stop)
		r, err := c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: queue, TaskQueue: queue}, "run")
		require.NoError(t, err)
		return r.Get(t.Context(), nil)
	}
	require.NoError(t, outcome("beats", Beating()))
	var timeout *temporal.TimeoutError
	require.ErrorAs(t, outcome("silent"), &timeout)
}
