package app

import (
	"context"
	"time"

	"gongzhi/engine"
	"gongzhi/procedure"
	"gongzhi/server"
	"gongzhi/store"
	"gongzhi/worker"
)

// vitals are how the machine is: its queues, its database and its engine.
type vitals struct {
	store         *store.Store
	clock         *clock
	cases, sweeps *engine.Machine
}

// Queues implements server.Vitals.
func (vitals) Queues() []server.Queue {
	return []server.Queue{
		{Name: engine.TaskQueue, Title: "办件", Stops: "办件停在原处，新的操作存着，等有程序时再办"},
		{Name: worker.Sweeps, Title: "例行", Stops: "提醒不发送，批量处置不前进，没有确认的操作不重送"},
	}
}

// Lanes implements server.Vitals.
func (v vitals) Lanes(ctx context.Context, queue string) ([]server.Lane, error) {
	m := v.cases
	if queue == worker.Sweeps {
		m = v.sweeps
	}
	known, err := m.Lanes(ctx, queue)
	lanes := make([]server.Lane, len(known))
	for i, l := range known {
		lanes[i] = server.Lane{Kind: l.Kind, Backlog: l.Backlog, Oldest: l.Oldest, Added: float64(l.Added), Taken: float64(l.Taken)}
		for _, p := range l.Pollers {
			lanes[i].Pollers = append(lanes[i].Pollers, server.Poller(p))
		}
	}
	return lanes, err
}

// Database implements server.Vitals.
func (v vitals) Database(ctx context.Context) (server.DatabaseFigures, error) {
	var f server.DatabaseFigures
	asked := time.Now()
	if err := v.store.Ping(ctx); err != nil {
		return f, err
	}
	f.TookMS = time.Since(asked).Milliseconds()
	d, err := v.store.Vitals(ctx)
	if err != nil {
		return f, err
	}
	f.Kind, f.Version, f.Size, f.InUse, f.Limit, f.Clients, f.MaxClients = d.Kind, d.Version, d.Size, d.InUse, d.Limit, d.Clients, d.MaxClients
	if f.OpenCases, err = v.store.CountOpen(ctx); err != nil {
		return f, err
	}
	var stored time.Time
	if f.Pending, stored, err = v.store.CommandBacklog(ctx); err != nil {
		return f, err
	}
	now := time.Now()
	f.Lag = int64(since(now, stored))
	var oldest *time.Time
	if f.Outbox, oldest, err = v.store.OutboxBacklog(ctx); err == nil && oldest != nil {
		f.OutboxLag = int64(waited(v.clock.Mapping(), now, *oldest).Seconds())
	}
	return f, err
}

// waited is for how long of machine time something has waited that is dated in case time. A demonstration that was moved on has
// waited for nothing longer than since then: what falls due in the days that it passed over carries their dates.
func waited(k procedure.Clock, now, at time.Time) time.Duration {
	span := k.Sleep(max(0, k.Case(now).Sub(at)))
	if k.Since.IsZero() {
		return span
	}
	return min(span, max(0, now.Sub(k.Since)))
}

// Engine implements server.Vitals.
func (v vitals) Engine(ctx context.Context) (server.EngineFigures, error) {
	f := server.EngineFigures{Namespace: v.cases.Namespace()}
	asked := time.Now()
	var err error
	if f.Version, err = v.cases.Version(ctx); err != nil {
		return f, err
	}
	f.TookMS = time.Since(asked).Milliseconds()
	kept, err := v.cases.Retention(ctx)
	f.Retention = int64(kept.Seconds())
	return f, err
}
