package embedded

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/workflowservice/v1"
)

func TestStopAndStartKeepsWorkflows(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "数据 #1 100%?") // the name must survive SQLite's file URI
	first := startRun(t, Options{Dir: dir})
	require.Equal(t, DefaultNamespace, first.server.Namespace())
	closed := begin(t, first.client, "closed", Question)
	answer(t, first.client, "closed", "同意")
	requireResult(t, first.client, "closed", closed.GetRunID(), "同意")
	open := begin(t, first.client, "open", Question)
	rest(t, first.client, open)
	first.stop()
	require.NoError(t, first.server.Stop(), "a second stop gives the first result")

	second := startRun(t, Options{Dir: dir})
	requireResult(t, second.client, "closed", closed.GetRunID(), "同意")
	answer(t, second.client, "open", "不同意")
	requireResult(t, second.client, "open", open.GetRunID(), "不同意")
	require.Eventually(t, func() bool {
		n, err := second.client.CountWorkflow(testContext(t), &workflowservice.CountWorkflowExecutionsRequest{
			Query: "WorkflowType = 'Question' AND ExecutionStatus = 'Completed'",
		})
		return err == nil && n.GetCount() == 2
	}, testLimit, 20*time.Millisecond, "both are in the visibility tables")
}

func TestRetention(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	retention := func(o Options) time.Duration {
		r := startRun(t, o)
		defer r.stop()
		ns, err := r.client.WorkflowService().DescribeNamespace(testContext(t),
			&workflowservice.DescribeNamespaceRequest{Namespace: r.server.Namespace()})
		require.NoError(t, err)
		require.Equal(t, enums.NAMESPACE_STATE_REGISTERED, ns.GetNamespaceInfo().GetState())
		return ns.GetConfig().GetWorkflowExecutionRetentionTtl().AsDuration()
	}
	require.Equal(t, DefaultRetention, retention(Options{Dir: dir}))
	require.Equal(t, 72*time.Hour, retention(Options{Dir: dir, Retention: 72 * time.Hour}), "an existing namespace follows")
}

func TestSecondStartOnTheSameFolderIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := startRun(t, Options{Dir: dir})
	before := time.Now()
	_, err := Start(testContext(t), Options{Dir: dir, Logger: quiet()})
	coded := requireCode(t, err, CodeLocked)
	require.Contains(t, coded.Message, dir)
	require.Contains(t, coded.Message, "正被另一个进程使用")
	require.Less(t, time.Since(before), time.Second, "refused at once")

	first.stop()
	startRun(t, Options{Dir: dir}) // the control: it was the lock and nothing else
}

func TestFailedStartReleasesTheFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	data := filepath.Join(dir, dataName)
	require.NoError(t, os.WriteFile(data, nil, 0o600)) // an empty database, not ours
	_, err := Start(testContext(t), Options{Dir: dir, Logger: quiet()})
	requireCode(t, err, CodeForeign)

	require.NoError(t, os.Remove(data))
	startRun(t, Options{Dir: dir})
}

func TestTakenPort(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", net.JoinHostPort(loopback, "0"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, taken.Close()) })
	port := taken.Addr().(*net.TCPAddr).Port

	t.Run("found free but lost before the engine binds it", func(t *testing.T) {
		t.Parallel()
		tries := 0
		s, err := start(testContext(t), Options{Dir: t.TempDir(), Logger: quiet()}, func(n, first int) ([]int, error) {
			tries++
			ports, err := pickPorts(n, first)
			if tries == 1 && err == nil {
				ports[n-1] = port
			}
			return ports, err
		})
		require.NoError(t, err)
		require.Equal(t, 2, tries)
		require.NoError(t, s.Stop())
	})
	t.Run("asked for by the caller", func(t *testing.T) {
		t.Parallel()
		_, err := Start(testContext(t), Options{
			Dir: t.TempDir(), Logger: quiet(), HostPort: net.JoinHostPort(loopback, strconv.Itoa(port)),
		})
		requireCode(t, err, CodePort)
	})
}

func TestStartEndsWithItsContext(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(testContext(t))
	_, err := start(ctx, Options{Dir: dir, Logger: quiet()}, func(n, first int) ([]int, error) {
		cancel() // in the middle of the start
		return pickPorts(n, first)
	})
	requireCode(t, err, CodeNotReady)
	require.ErrorIs(t, err, context.Canceled)
	require.Eventually(t, func() bool { // what was half started is undone, then the folder is free
		lock, err := lockFolder(dir)
		return err == nil && lock.release() == nil
	}, testLimit, 20*time.Millisecond)
}

// stuckEngine stops when it is allowed to.
type stuckEngine struct{ allow chan struct{} }

func (stuckEngine) Start() error  { return nil }
func (e stuckEngine) Stop() error { <-e.allow; return nil }

func TestStopIsBounded(t *testing.T) {
	t.Parallel()
	newServer := func() (*Server, stuckEngine) {
		data := newDataFile(t, t.TempDir())
		require.NoError(t, data.prepare(testContext(t)))
		lock, err := lockFolder(data.dir)
		require.NoError(t, err)
		engine := stuckEngine{allow: make(chan struct{})}
		return &Server{data: data, engine: engine, logger: newEngineLogger(quiet()), lock: lock, limit: testLimit}, engine
	}
	stuck, engine := newServer()
	stuck.limit = time.Millisecond
	requireCode(t, stuck.shutdown(), CodeStopLate)
	_, err := lockFolder(stuck.data.dir)
	requireCode(t, err, CodeLocked) // the engine may still write
	close(engine.allow)

	prompt, engine := newServer()
	close(engine.allow)
	require.NoError(t, prompt.shutdown()) // the control
	lock, err := lockFolder(prompt.data.dir)
	require.NoError(t, err)
	require.NoError(t, lock.release())
}

func TestOptions(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]Options{
		"no folder":            {},
		"all interfaces":       {Dir: "x", HostPort: "0.0.0.0:7233"},
		"a name":               {Dir: "x", HostPort: "localhost:7233"},
		"no port":              {Dir: "x", HostPort: "127.0.0.1"},
		"port out of range":    {Dir: "x", HostPort: "127.0.0.1:70000"},
		"retention of minutes": {Dir: "x", Retention: time.Minute},
		"negative retention":   {Dir: "x", Retention: -time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := o.complete()
			requireCode(t, err, CodeOptions)
		})
	}
	o, port, err := Options{Dir: "x", HostPort: "127.0.0.1:7233"}.complete()
	require.NoError(t, err)
	require.Equal(t, 7233, port)
	require.True(t, filepath.IsAbs(o.Dir), "a later change of the working directory does not matter")
	require.Equal(t, DefaultRetention, o.Retention)
}
