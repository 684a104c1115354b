//go:build record

package workflows

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/api/temporalproto"
	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"gongzhi/activities"
	"gongzhi/embedded"
	"gongzhi/procedure"
)

// TestRecord plays every script on a real engine and keeps the histories, which replay_test.go then replays:
//
//	go test -tags record -run TestRecord$ ./workflows
func TestRecord(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	quiet := slog.New(slog.DiscardHandler)
	engine, err := embedded.Start(ctx, embedded.Options{Dir: t.TempDir(), Logger: quiet})
	require.NoError(t, err)
	defer func() { require.NoError(t, engine.Stop()) }()
	c, err := client.Dial(client.Options{HostPort: engine.HostPort(), Namespace: engine.Namespace(),
		Identity: "recorder", Logger: sdklog.NewStructuredLogger(quiet)})
	require.NoError(t, err)
	defer c.Close()
	for _, s := range scripts() {
		recordScript(ctx, t, c, s)
	}
}

// fast is how the case's time runs while a scene is awaited: two hours in a second, so that alarms ring by real timers.
const fast = 7200

func recordScript(ctx context.Context, t *testing.T, c client.Client, s script) {
	t.Helper()
	court := newCourt(t, s.start)
	court.poll = s.poll
	w := worker.New(c, s.name, worker.Options{Identity: "recorder"})
	for kind, carry := range Catalog() {
		w.RegisterWorkflowWithOptions((func(workflow.Context, procedure.Filing) (procedure.Outcome, error))(carry), workflow.RegisterOptions{Name: string(kind)})
	}
	w.RegisterActivity(&activities.Activities{Recorder: court, Directory: court, Calendars: court, Lists: court, Polls: &court.poll})
	require.NoError(t, w.Start())
	defer w.Stop()

	s.filing.Clock = procedure.Clock{Since: time.Now(), At: at(s.start), Speed: 1}
	r, err := c.ExecuteWorkflow(ctx, client.StartWorkflowOptions{ID: "case:" + s.name, TaskQueue: s.name}, string(s.filing.Kind), s.filing)
	require.NoError(t, err)
	rest(ctx, t, c, r)
	for _, scene := range s.scenes {
		reach(ctx, t, c, r, at(scene.at), s.start)
		for _, cmd := range scene.acts(court) {
			court.n++
			cmd.ID, cmd.Case, cmd.Head = "command-"+time.Duration(court.n).String(), s.filing.Case, court.head()
			h, err := c.UpdateWorkflow(ctx, client.UpdateWorkflowOptions{WorkflowID: r.GetID(), UpdateID: cmd.ID,
				UpdateName: procedure.ActUpdate, Args: []any{cmd}, WaitForStage: client.WorkflowUpdateStageCompleted})
			require.NoError(t, err)
			var reply procedure.Reply
			require.NoError(t, h.Get(ctx, &reply), "%s: %+v", s.name, cmd)
			_, err = court.Append(ctx, cmd.Case, reply.Events)
			require.NoError(t, err)
		}
	}
	if s.until != "" {
		reach(ctx, t, c, r, at(s.until), s.start)
	}
	var o procedure.Outcome
	require.NoError(t, r.Get(ctx, &o))
	require.Equal(t, s.state, o.State)
	require.Empty(t, court.ledger().faults)
	keep(ctx, t, c, r, s.name)
}

// rest waits until the workflow waits for the world.
func rest(ctx context.Context, t *testing.T, c client.Client, r client.WorkflowRun) {
	t.Helper()
	require.Eventually(t, func() bool {
		d, err := c.DescribeWorkflowExecution(ctx, r.GetID(), r.GetRunID())
		return err == nil && d.GetPendingWorkflowTask() == nil && len(d.GetPendingActivities()) == 0
	}, time.Minute, 10*time.Millisecond)
}

// reach jumps to two hours before a moment and lets the time run up to it.
func reach(ctx context.Context, t *testing.T, c client.Client, r client.WorkflowRun, moment time.Time, start string) {
	t.Helper()
	if !moment.After(at(start)) {
		return
	}
	k := procedure.Clock{Since: time.Now(), At: moment.Add(-2 * time.Hour), Speed: fast}
	require.NoError(t, c.SignalWorkflow(ctx, r.GetID(), r.GetRunID(), procedure.ClockSignal, k))
	require.Eventually(t, func() bool { return !k.Case(time.Now()).Before(moment) }, time.Minute, 10*time.Millisecond)
	rest(ctx, t, c, r)
}

func keep(ctx context.Context, t *testing.T, c client.Client, r client.WorkflowRun, name string) {
	t.Helper()
	var h historypb.History
	for events := c.GetWorkflowHistory(ctx, r.GetID(), r.GetRunID(), false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT); events.HasNext(); {
		e, err := events.Next()
		require.NoError(t, err)
		if q := e.GetWorkflowTaskScheduledEventAttributes().GetTaskQueue(); q.GetKind() == enums.TASK_QUEUE_KIND_STICKY {
			q.Name = "recorder" // it would name the machine
		}
		h.Events = append(h.Events, e)
	}
	raw, err := temporalproto.CustomJSONMarshalOptions{}.Marshal(&h)
	require.NoError(t, err)
	folder := filepath.Join("testdata", "histories")
	require.NoError(t, os.MkdirAll(folder, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(folder, name+".json"), append(raw, '\n'), 0o644))
	t.Logf("%s: %d events, %d bytes", name, len(h.Events), len(raw))
}
