package system

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/interceptor"
	sdkworker "go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"gongzhi/embedded"
	"gongzhi/engine"
	"gongzhi/procedure"
	"gongzhi/record"
	"gongzhi/worker"
)

// faults keeps notes as the store does.
type faults struct {
	mu    sync.Mutex
	notes map[string]record.Fault
}

func (f *faults) NoteFault(_ context.Context, n record.Fault) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.notes[n.Case] = n
	return nil
}

func (f *faults) ClearFault(_ context.Context, number, _, _ string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.notes, number)
	return nil
}

func (f *faults) of(number string) (record.Fault, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	n, ok := f.notes[number]
	return n, ok
}

// ill is a workflow whose code and activity can be broken and mended from outside, as a deployment would.
type ill struct{ panics, fails atomic.Bool }

func (x *ill) step(ctx workflow.Context) error {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: 5 * time.Second})
	if err := workflow.ExecuteActivity(ctx, "write").Get(ctx, nil); err != nil {
		return err
	}
	workflow.GetSignalChannel(ctx, "go").Receive(ctx, nil)
	if x.panics.Load() {
		panic("a step that cannot be taken")
	}
	return nil
}

func (x *ill) write(context.Context) error {
	if x.fails.Load() {
		return errors.New("disk full")
	}
	return nil
}

// looksWell: each kind of work is asked for by this process, and the engine says what it is. Of a namespace that is not there it says
// so in words.
func looksWell(t *testing.T, c client.Client, m *engine.Machine) {
	t.Helper()
	eventually(t, "both kinds of work are asked for", settleLimit, func() bool {
		lanes, err := m.Lanes(t.Context(), engine.TaskQueue)
		return err == nil && len(lanes) == 2 && lanes[0].Kind == "workflow" && lanes[1].Kind == "activity" &&
			len(lanes[0].Pollers) > 0 && len(lanes[1].Pollers) > 0
	})
	lanes, err := m.Lanes(t.Context(), engine.TaskQueue)
	require.NoError(t, err)
	for _, l := range lanes {
		require.True(t, strings.HasPrefix(l.Pollers[0].Identity, strconv.Itoa(os.Getpid())+"@"), l.Pollers[0].Identity)
		require.WithinDuration(t, time.Now(), l.Pollers[0].Seen, settleLimit)
	}
	version, err := m.Version(t.Context())
	require.NoError(t, err)
	require.Regexp(t, `^\d+\.\d+\.\d+`, version)
	kept, err := m.Retention(t.Context())
	require.NoError(t, err)
	require.Equal(t, embedded.DefaultRetention, kept)
	absent := engine.NewMachine(c, "absent")
	var said *procedure.Error
	_, err = absent.Lanes(t.Context(), engine.TaskQueue)
	require.ErrorAs(t, err, &said)
	require.Contains(t, said.Message, "没有命名空间 absent")
}

// TestTheMachineSaysWhatStandsStill breaks each thing for real, sees the engine say so, mends it with the remedy, and sees it gone.
func TestTheMachineSaysWhatStandsStill(t *testing.T) {
	t.Parallel()
	eng, err := embedded.Start(t.Context(), embedded.Options{Dir: t.TempDir(), Logger: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, eng.Stop()) })
	c, err := client.Dial(client.Options{HostPort: eng.HostPort(), Namespace: eng.Namespace()})
	require.NoError(t, err)
	t.Cleanup(c.Close)
	m := engine.NewMachine(c, eng.Namespace())
	by := record.Hand{Actor: procedure.Actor{User: "ops.bai"}, Reason: "已修复", ID: "a-request"}

	// No worker: work lies in the queue, and nobody has ever asked for it.
	begin := func(number string) {
		_, err := c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: "case:" + number, TaskQueue: engine.TaskQueue}, "ill")
		require.NoError(t, err)
	}
	begin("waits")
	eventually(t, "work lies in the queue", settleLimit, func() bool {
		q, err := m.Queue(t.Context(), engine.TaskQueue, "办件")
		return err == nil && q.Seen == nil && q.Backlog == 1 && q.Oldest > 0
	})

	x, notes := &ill{}, &faults{notes: map[string]record.Fault{}}
	w := sdkworker.New(c, engine.TaskQueue, sdkworker.Options{
		Interceptors: []interceptor.WorkerInterceptor{worker.Noting(notes, time.Now, slog.New(slog.DiscardHandler))}})
	w.RegisterWorkflowWithOptions(x.step, workflow.RegisterOptions{Name: "ill"})
	w.RegisterActivityWithOptions(x.write, activity.RegisterOptions{Name: "write"})
	require.NoError(t, w.Start())
	t.Cleanup(w.Stop)
	eventually(t, "a worker asks for work", settleLimit, func() bool {
		q, err := m.Queue(t.Context(), engine.TaskQueue, "办件")
		return err == nil && q.Seen != nil && q.Workers > 0 && q.Backlog == 0
	})
	looksWell(t, c, m)

	// An activity fails again and again: its worker notes it, the engine says when it will be tried next; held, it is not.
	x.fails.Store(true)
	begin("retries")
	eventually(t, "the failing activity is noted", settleLimit, func() bool { n, ok := notes.of("retries"); return ok && n.Attempt >= 3 })
	n, _ := notes.of("retries")
	require.Equal(t, "write", n.Type)
	require.Contains(t, n.Error, "disk full")
	in, ok, err := m.Inside(t.Context(), "retries")
	require.NoError(t, err)
	require.True(t, ok)
	require.Len(t, in.Pending, 1)
	require.Contains(t, in.Pending[0].Error, "disk full")
	require.NoError(t, m.Hold(t.Context(), "retries", by))
	eventually(t, "the activity is held", settleLimit, func() bool {
		in, _, err := m.Inside(t.Context(), "retries")
		return err == nil && len(in.Pending) == 1 && in.Pending[0].State == "paused"
	})
	x.fails.Store(false)
	require.NoError(t, m.Retry(t.Context(), "retries", by))
	eventually(t, "the activity has ended", settleLimit, func() bool {
		in, _, err := m.Inside(t.Context(), "retries")
		return err == nil && len(in.Pending) == 0
	})
	require.ErrorContains(t, m.Retry(t.Context(), "retries", by), "machine.idle")

	// Workflow code fails: the engine marks it, and the step is taken again once the code is mended.
	require.ErrorContains(t, m.Rewind(t.Context(), "waits", by), "machine.sound")
	x.panics.Store(true)
	require.NoError(t, c.SignalWorkflow(t.Context(), "case:waits", "", "go", nil))
	eventually(t, "the failing code is marked", settleLimit, func() bool {
		p, err := m.Problems(t.Context())
		return err == nil && len(p) == 1 && p[0].Case == "waits" && p[0].Cause != "unknown"
	})
	in, _, err = m.Inside(t.Context(), "waits")
	require.NoError(t, err)
	require.Contains(t, in.Failing, "a step that cannot be taken")
	open, err := m.Open(t.Context())
	require.NoError(t, err)
	require.Equal(t, int64(2), open)
	var listed []string
	require.NoError(t, m.EachOpen(t.Context(), func(o record.Opened) { listed = append(listed, o.Case) }))
	require.ElementsMatch(t, []string{"waits", "retries"}, listed)
	x.panics.Store(false)
	eventually(t, "the step is taken again", settleLimit, func() bool { return m.Rewind(t.Context(), "waits", by) == nil })
	require.NoError(t, c.GetWorkflow(t.Context(), "case:waits", "").Get(t.Context(), nil))
	eventually(t, "the mark is gone", settleLimit, func() bool {
		p, err := m.Problems(t.Context())
		return err == nil && len(p) == 0
	})
	_, ok, err = m.Inside(t.Context(), "nowhere")
	require.NoError(t, err)
	require.False(t, ok)
}
