package server

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/procedure"
)

// fakeVitals is a machine whose parts can be broken. What is not set is well.
type fakeVitals struct {
	lanes    func(ctx context.Context, queue string) ([]Lane, error)
	database func(ctx context.Context) (DatabaseFigures, error)
	engine   func(ctx context.Context) (EngineFigures, error)
	asked    atomic.Int64 // of the engine
}

func (*fakeVitals) Queues() []Queue {
	return []Queue{{Name: "cases", Title: "办件", Stops: "办件停在原处"}, {Name: "chores", Title: "例行", Stops: "提醒不发送"}}
}

func (f *fakeVitals) Lanes(ctx context.Context, queue string) ([]Lane, error) {
	if f.lanes == nil {
		return []Lane{{Kind: "workflow"}, {Kind: "activity"}}, nil
	}
	return f.lanes(ctx, queue)
}

func (f *fakeVitals) Database(ctx context.Context) (DatabaseFigures, error) {
	if f.database == nil {
		return DatabaseFigures{Kind: "sqlite", Limit: 5}, nil
	}
	return f.database(ctx)
}

func (f *fakeVitals) Engine(ctx context.Context) (EngineFigures, error) {
	f.asked.Add(1)
	if f.engine == nil {
		return EngineFigures{Version: "1.29.0", Namespace: "gongzhi"}, nil
	}
	return f.engine(ctx)
}

// A lane is judged by who asked lately and by what lies; of workers only process and host are shown.
func TestOpsHealth_Lanes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := func(d time.Duration) time.Time { return w.now.Add(-d) }
	w.vitals.lanes = func(_ context.Context, queue string) ([]Lane, error) {
		if queue == "chores" {
			return []Lane{
				{Kind: "workflow"},
				{Kind: "activity", Pollers: []Poller{{Identity: "8@b@", Seen: before(2 * time.Minute)}}, Backlog: 2, Oldest: 90 * time.Second},
			}, nil
		}
		return []Lane{
			{Kind: "workflow", Pollers: []Poller{
				{Identity: "4711@host-1@gongzhi", Seen: before(-time.Second), Build: "f00d"},
				{Identity: "示例-白@电脑", Seen: before(9500 * time.Millisecond)},
				{Identity: "12@host-1@", Seen: before(76 * time.Second)},
			}, Backlog: 3, Oldest: 20 * time.Second, Added: 0.5, Taken: 0.25},
			{Kind: "activity", Pollers: []Poller{{Identity: "7@host@", Seen: before(75 * time.Second)}}, Backlog: 1, Oldest: 21 * time.Second},
		}, nil
	}
	v := read[HealthView](t, w.as("operator").do(http.MethodGet, "/ops/health", nil))
	secs := func(n int64) *int64 { return &n }
	require.Equal(t, []QueueView{
		{Name: "cases", Title: "办件", Stops: "办件停在原处", Lanes: []LaneView{
			{Kind: "workflow", State: "taken", Asked: secs(0), Backlog: 3, Oldest: 20, Added: 0.5, Taken: 0.25,
				Workers: []WorkerView{{Process: "4711", Host: "host-1", Build: "f00d"}, {Asked: 9}}},
			{Kind: "activity", State: "slow", Asked: secs(75), Backlog: 1, Oldest: 21,
				Workers: []WorkerView{{Process: "7", Host: "host", Asked: 75}}},
		}},
		{Name: "chores", Title: "例行", Stops: "提醒不发送", Lanes: []LaneView{
			{Kind: "workflow", State: "deserted", Workers: []WorkerView{}},
			{Kind: "activity", State: "deserted", Asked: secs(120), Backlog: 2, Oldest: 90, Workers: []WorkerView{}},
		}},
	}, v.Queues)
}

// Each part fails alone, in a sentence that shows nothing of the inside; the cause is in the log.
func TestOpsHealth_PartsFailAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.as("auditor")
	w.s.partWithin = 5 * time.Millisecond
	w.vitals.engine = func(ctx context.Context) (EngineFigures, error) { <-ctx.Done(); return EngineFigures{}, ctx.Err() }
	w.vitals.lanes = func(_ context.Context, queue string) ([]Lane, error) {
		if queue == "cases" {
			return []Lane{{Kind: "workflow"}}, nil
		}
		return nil, procedure.Errorf(procedure.NotFound, "engine.namespace", "引擎里没有命名空间")
	}
	v := read[HealthView](t, c.do(http.MethodGet, "/ops/health", nil))
	require.Equal(t, EngineView{Error: "流程引擎在 2 秒内没有回答。"}, v.Engine)
	require.Equal(t, DatabaseView{Figures: &DatabaseFigures{Kind: "sqlite", Limit: 5}}, v.Database)
	require.Empty(t, v.Queues[0].Error)
	require.Len(t, v.Queues[0].Lanes, 1)
	require.Equal(t, "引擎里没有命名空间。", v.Queues[1].Error)
	require.Empty(t, v.Queues[1].Lanes)

	w.after(checkupKeeps)
	w.vitals.engine = nil
	w.vitals.database = func(context.Context) (DatabaseFigures, error) {
		return DatabaseFigures{}, errors.New("dial 10.0.0.7: refused")
	}
	v = read[HealthView](t, c.do(http.MethodGet, "/ops/health", nil))
	require.Equal(t, DatabaseView{Error: "数据库答不上来，原因已写入日志。"}, v.Database)
	require.Equal(t, "1.29.0", v.Engine.Figures.Version)
	require.Contains(t, w.log.String(), "dial 10.0.0.7: refused")
}

// However many look, the engine is asked once in some seconds; whoever went away takes nobody's answer with him.
func TestOpsHealth_AskedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.as("operator")
	asking, answering := make(chan struct{}), make(chan struct{})
	w.vitals.engine = func(ctx context.Context) (EngineFigures, error) {
		close(asking)
		<-answering
		return EngineFigures{Version: "first"}, ctx.Err()
	}
	gone, leave := context.WithCancel(t.Context())
	var all sync.WaitGroup
	all.Go(func() { _, _ = w.s.opsHealth(gone, nil) })
	<-asking
	leave()
	for range 5 {
		all.Go(func() {
			v, err := w.s.opsHealth(t.Context(), nil)
			if err != nil || v.Body.Engine.Figures == nil || v.Body.Engine.Figures.Version != "first" {
				t.Errorf("%+v %v", v, err)
			}
		})
	}
	close(answering)
	all.Wait()
	w.vitals.engine = nil
	w.after(checkupKeeps - time.Millisecond)
	require.Equal(t, "first", read[HealthView](t, c.do(http.MethodGet, "/ops/health", nil)).Engine.Figures.Version)
	require.EqualValues(t, 1, w.vitals.asked.Load())
	w.after(time.Millisecond)
	require.Equal(t, "1.29.0", read[HealthView](t, c.do(http.MethodGet, "/ops/health", nil)).Engine.Figures.Version)
	require.EqualValues(t, 2, w.vitals.asked.Load())
}
