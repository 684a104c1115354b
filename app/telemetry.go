package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"time"

	"go.opentelemetry.io/otel/trace"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/interceptor"

	"gongzhi/engine"
	"gongzhi/notify"
	"gongzhi/ops"
	"gongzhi/record"
	"gongzhi/server"
	"gongzhi/store"
	"gongzhi/telemetry"
	"gongzhi/telemetry/temporal"
	"gongzhi/worker"
)

// telling is what this program says about itself. What nobody has asked for is nil, and costs nothing.
type telling struct {
	measures *telemetry.Measures
	traces   trace.TracerProvider
}

// tell begins to measure, when somebody may ask, and to trace, when there is somebody to send traces to.
func (a *App) tell(ctx context.Context, cfg Config, p Parts) error {
	if cfg.MetricsListen != "" {
		a.telling.measures = telemetry.NewMeasures()
	}
	a.log = slog.New(telemetry.Logs(p.Logger.Handler(), a.telling.measures))
	if a.telling.traces = p.Traces; p.Traces != nil {
		return nil
	}
	traces, err := telemetry.Tracing(ctx, os.Getenv, p.service())
	if err != nil || traces == nil {
		return err
	}
	a.telling.traces = traces
	a.onClose("traces", traces.Shutdown)
	return nil
}

// service is what the program is called in traces.
func (p Parts) service() string {
	switch {
	case p.Server && p.Worker:
		return "gongzhi"
	case p.Server:
		return "gongzhi-server"
	}
	return "gongzhi-worker"
}

// join has the connection to the engine take part.
func (t telling) join(o *client.Options) {
	if t.measures != nil {
		o.MetricsHandler = temporal.Measures(t.measures.Registry())
	}
	if t.traces != nil {
		o.Interceptors = []interceptor.ClientInterceptor{temporal.Tracing(t.traces)}
	}
}

// measure is told of each answered request; nil when nobody asks.
func (t telling) measure() func(server.Answered) {
	if t.measures == nil {
		return nil
	}
	return func(r server.Answered) { t.measures.Answered(r.Method, r.Route, r.Status, r.Took, r.Stream) }
}

// watched serves the measures and whether the program is ready, on a listener of its own: neither is for the public.
func (a *App) watched(cfg Config, p Parts, s *store.Store, c clients, k *clock) error {
	m := a.telling.measures
	if m == nil {
		return nil
	}
	pools, err := s.Pools()
	if err != nil {
		return err
	}
	for name, pool := range pools {
		if err := m.Pool(name, pool); err != nil {
			return err
		}
	}
	err = errors.Join(m.Watch(databaseSource(s, k), time.Now), m.Watch(engineSource(cfg, c), time.Now))
	if err != nil {
		return err
	}
	checks := []telemetry.Check{{Name: "database", Ask: s.Ping}}
	if p.Worker { // a server without an engine still serves what can be read; a worker without one does nothing
		checks = append(checks, telemetry.Check{Name: "engine", Ask: engine.New(c.cases, s).Healthy})
	}
	l, err := listen(cfg.MetricsListen)
	if err != nil {
		return fmt.Errorf("GONGZHI_METRICS_LISTEN：%w", err)
	}
	a.Metrics = l.Addr().String()
	h := &http.Server{Handler: m.Handler(a.log, checks...), ReadHeaderTimeout: 5 * time.Second, WriteTimeout: time.Minute,
		IdleTimeout: 2 * time.Minute, ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelWarn)}
	a.onClose("metrics", h.Shutdown)
	go func() {
		if err := h.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			a.fail(fmt.Errorf("metrics: %w", err))
		}
	}()
	return nil
}

// databaseSource reads what the database knows.
func databaseSource(s *store.Store, k *clock) telemetry.Source {
	return telemetry.Source{Name: "database", Gauges: []telemetry.Gauge{
		{Name: "gongzhi_commands_pending", Help: "Commands stored and not confirmed yet."},
		{Name: "gongzhi_commands_oldest_seconds", Help: "Age of the oldest command that is not confirmed; 0 without one."},
		{Name: "gongzhi_incidents", Help: "Incidents that are not over.", Label: "kind"},
		{Name: "gongzhi_detector_age_seconds", Help: "Time since a detector last looked with success; absent if never.", Label: "kind"},
		{Name: "gongzhi_detector_failed", Help: "1 if the last run of a detector failed.", Label: "kind"},
		{Name: "gongzhi_detector_duration_seconds", Help: "How long the last run of a detector took.", Label: "kind"},
		{Name: "gongzhi_outbox_waiting", Help: "Messages that are not handed out to persons yet."},
		{Name: "gongzhi_outbox_age_seconds", Help: "Time since messages were last handed out; absent if never."},
		{Name: "gongzhi_deliveries", Help: "Deliveries that are not over, and those given up.", Label: "state"},
	}, Read: func(ctx context.Context, say func(name, label string, value float64)) error {
		now := time.Now()
		pending, oldest, err := s.CommandBacklog(ctx)
		if err != nil {
			return err
		}
		say("gongzhi_commands_pending", "", float64(pending))
		say("gongzhi_commands_oldest_seconds", "", since(now, oldest))
		live, err := s.LiveIncidents(ctx)
		if err != nil {
			return err
		}
		for _, kind := range ops.Kinds() { // all of them: what is not there is 0
			say("gongzhi_incidents", string(kind), float64(live[kind]))
		}
		return errors.Join(sayRuns(ctx, s, k, say), sayMail(ctx, s, k, now, say))
	}}
}

func sayRuns(ctx context.Context, s *store.Store, k *clock, say func(name, label string, value float64)) error {
	runs, err := s.Runs(ctx)
	for _, r := range runs {
		failed := 0.0
		if r.Error != "" {
			failed = 1
		}
		say("gongzhi_detector_failed", string(r.Kind), failed)
		say("gongzhi_detector_duration_seconds", string(r.Kind), r.Took.Seconds())
		if r.LastOK != nil { // runs are dated in case time, which may run faster
			say("gongzhi_detector_age_seconds", string(r.Kind), k.Mapping().Sleep(max(0, k.Now().Sub(*r.LastOK))).Seconds())
		}
	}
	return err
}

func sayMail(ctx context.Context, s *store.Store, k *clock, now time.Time, say func(name, label string, value float64)) error {
	b, err := s.NotifyBacklog(ctx, notify.Tick{Engine: now, Case: k.Now()})
	if err != nil {
		return err
	}
	say("gongzhi_outbox_waiting", "", float64(b.Outbox))
	if b.Ran != nil {
		say("gongzhi_outbox_age_seconds", "", since(now, *b.Ran))
	}
	for state, n := range map[string]int{"queued": b.Queued, "held": b.Held, "retrying": b.Retrying, "failed": b.Failed, "nobody": b.Nobody} {
		say("gongzhi_deliveries", state, float64(n))
	}
	return nil
}

// since is the age of a moment in seconds; 0 for no moment.
func since(now, at time.Time) float64 {
	if at.IsZero() {
		return 0
	}
	return max(0, now.Sub(at).Seconds())
}

// engineSource asks the engine how its queues are taken. It asks about queues, never about cases.
func engineSource(cfg Config, c clients) telemetry.Source {
	queues := map[string]func(context.Context) (record.Queue, error){
		engine.TaskQueue: func(ctx context.Context) (record.Queue, error) {
			return engine.NewMachine(c.cases, cfg.TemporalNamespace).Queue(ctx, engine.TaskQueue, "")
		},
		worker.Sweeps: func(ctx context.Context) (record.Queue, error) {
			return engine.NewMachine(c.sweeps, SweepsNamespace(cfg.TemporalNamespace)).Queue(ctx, worker.Sweeps, "")
		},
	}
	return telemetry.Source{Name: "engine", Gauges: []telemetry.Gauge{
		{Name: "gongzhi_queue_workers", Help: "Workers that lately asked for the work of a queue.", Label: "queue"},
		{Name: "gongzhi_queue_polled_age_seconds", Help: "Time since a worker last asked for work; absent if none ever did.", Label: "queue"},
		{Name: "gongzhi_queue_backlog", Help: "Work that nobody has taken.", Label: "queue"},
		{Name: "gongzhi_queue_oldest_seconds", Help: "Age of the oldest work that nobody has taken.", Label: "queue"},
	}, Read: func(ctx context.Context, say func(name, label string, value float64)) error {
		for name, ask := range queues {
			q, err := ask(ctx)
			if err != nil {
				return err
			}
			say("gongzhi_queue_workers", name, float64(q.Workers))
			say("gongzhi_queue_backlog", name, float64(q.Backlog))
			say("gongzhi_queue_oldest_seconds", name, q.Oldest.Seconds())
			if q.Seen != nil {
				say("gongzhi_queue_polled_age_seconds", name, since(time.Now(), *q.Seen))
			}
		}
		return nil
	}}
}
