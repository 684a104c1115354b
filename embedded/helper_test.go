package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

const (
	taskQueue  = "embedded-test"
	testLimit  = 60 * time.Second // of one test; the tests wait for conditions, not for this
	updateName = "answer"
)

// Question waits for an update and returns its text.
func Question(ctx workflow.Context) (string, error) {
	var answer string
	if err := workflow.SetUpdateHandler(ctx, updateName, func(_ workflow.Context, text string) (string, error) {
		answer = text
		return "收到：" + text, nil
	}); err != nil {
		return "", err
	}
	if err := workflow.Await(ctx, func() bool { return answer != "" }); err != nil {
		return "", err
	}
	return answer, workflow.Await(ctx, func() bool { return workflow.AllHandlersFinished(ctx) })
}

// Period waits for its length.
func Period(ctx workflow.Context, length time.Duration) (string, error) {
	return "期满", workflow.Sleep(ctx, length)
}

func testContext(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), testLimit)
	t.Cleanup(cancel)
	return ctx
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// run is a running engine with a client and a worker, stopped in the right order.
type run struct {
	server *Server
	client client.Client
	stop   func() // may be called again
}

func startRun(t *testing.T, o Options) run {
	t.Helper()
	if o.Logger == nil {
		o.Logger = quiet()
	}
	s, err := Start(testContext(t), o)
	require.NoError(t, err)
	c, stop, err := connect(s)
	require.NoError(t, err)
	once := sync.OnceFunc(func() {
		stop()
		require.NoError(t, s.Stop())
	})
	t.Cleanup(once)
	return run{server: s, client: c, stop: once}
}

// connect starts a worker on the engine; stop ends the worker and closes the client.
func connect(s *Server) (c client.Client, stop func(), err error) {
	c, err = client.Dial(client.Options{
		HostPort: s.HostPort(), Namespace: s.Namespace(), Logger: sdklog.NewStructuredLogger(quiet()),
	})
	if err != nil {
		return nil, nil, err
	}
	w := worker.New(c, taskQueue, worker.Options{WorkerStopTimeout: time.Second})
	w.RegisterWorkflow(Question)
	w.RegisterWorkflow(Period)
	if err := w.Start(); err != nil {
		c.Close()
		return nil, nil, err
	}
	return c, func() { w.Stop(); c.Close() }, nil
}

func begin(t *testing.T, c client.Client, id string, wf any, args ...any) client.WorkflowRun {
	t.Helper()
	r, err := c.ExecuteWorkflow(testContext(t), client.StartWorkflowOptions{ID: id, TaskQueue: taskQueue}, wf, args...)
	require.NoError(t, err)
	return r
}

// rest waits until the run waits for something itself. Stopping the engine before that would leave a workflow task
// with a worker that is gone, and the engine hands it out again only after its time limit of ten seconds.
func rest(t *testing.T, c client.Client, r client.WorkflowRun) {
	t.Helper()
	require.NoError(t, waitForEvent(testContext(t), c, r, enums.EVENT_TYPE_WORKFLOW_TASK_COMPLETED))
}

// waitForEvent follows the history of a run until it has an event of the kind.
func waitForEvent(ctx context.Context, c client.Client, r client.WorkflowRun, kind enums.EventType) error {
	events := c.GetWorkflowHistory(ctx, r.GetID(), r.GetRunID(), true, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		e, err := events.Next()
		if err != nil {
			return err
		}
		if e.GetEventType() == kind {
			return nil
		}
	}
	return fmt.Errorf("the run ended without %s", kind)
}

func answer(t *testing.T, c client.Client, id, text string) {
	t.Helper()
	ctx := testContext(t)
	handle, err := c.UpdateWorkflow(ctx, client.UpdateWorkflowOptions{
		WorkflowID: id, UpdateName: updateName, UpdateID: "update-" + id, Args: []any{text},
		WaitForStage: client.WorkflowUpdateStageCompleted,
	})
	require.NoError(t, err)
	var reply string
	require.NoError(t, handle.Get(ctx, &reply))
	require.Equal(t, "收到："+text, reply)
}

func requireResult(t *testing.T, c client.Client, id, runID, want string) {
	t.Helper()
	r := c.GetWorkflow(testContext(t), id, "")
	var got string
	require.NoError(t, r.Get(testContext(t), &got))
	require.Equal(t, want, got)
	require.Equal(t, runID, r.GetRunID(), "the same run, not a new one")
}

func requireCode(t *testing.T, err error, code string) *Error {
	t.Helper()
	var coded *Error
	require.True(t, errors.As(err, &coded), "%v", err)
	require.Equal(t, code, coded.Code, "%v", err)
	return coded
}
