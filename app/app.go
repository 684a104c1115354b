// Package app is the one place where the packages are joined: a program is a value with Run and Close that tests start too.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"

	"go.opentelemetry.io/otel/trace"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/interceptor"
	sdklog "go.temporal.io/sdk/log"
	sdkworker "go.temporal.io/sdk/worker"
	"gocloud.dev/blob"
	_ "gocloud.dev/blob/fileblob" // file:///…
	_ "gocloud.dev/blob/s3blob"   // s3://…

	"gongzhi/activities"
	"gongzhi/app/faults"
	"gongzhi/engine"
	"gongzhi/procedure"
	"gongzhi/procedure/catalog"
	"gongzhi/server"
	"gongzhi/store"
	"gongzhi/web"
	"gongzhi/worker"
)

// SweepsNamespace is the namespace of the housekeeping beside that of the cases.
func SweepsNamespace(namespace string) string { return namespace + "-sweeps" }

// Parts says what a program consists of.
type Parts struct {
	Server bool // API and console
	Worker bool // cases and housekeeping
	Demo   *Demo
	Logger *slog.Logger
	// Traces gets the spans of the program. nil: those that the environment asks for.
	Traces trace.TracerProvider
}

// Demo makes a program a demonstration: virtual time, known passwords. It is refused everywhere else.
type Demo struct {
	Now      time.Time // where virtual time begins
	Speed    int64
	Password string
	// Seed fills an empty database.
	Seed func(ctx context.Context, s *store.Store) error
}

// App is a running program. Close ends it in the reverse order of its making.
type App struct {
	Addr    string // of the API, once it runs
	Metrics string // where its measures are, if it has any
	Store   *store.Store

	telling telling
	log     *slog.Logger
	ending  []resource
	http    *http.Server
	failed  chan error
	faults  *faults.Faults // only of a demonstration
}

type resource struct {
	name  string
	close func(context.Context) error
}

func (a *App) onClose(name string, f func(context.Context) error) {
	a.ending = append(a.ending, resource{name, f})
}

// New makes and starts a program. When it fails nothing is left running.
func New(ctx context.Context, cfg Config, p Parts) (*App, error) {
	if err := cfg.Check(p.Server, p.Worker); err != nil {
		return nil, err
	}
	if p.Logger == nil {
		p.Logger = slog.Default()
	}
	a := &App{failed: make(chan error, 1)}
	if err := a.start(ctx, cfg, p); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

func (a *App) start(ctx context.Context, cfg Config, p Parts) error {
	if err := a.tell(ctx, cfg, p); err != nil {
		return err
	}
	kinds := map[procedure.Kind]string{}
	for _, c := range catalog.All() {
		kinds[c.Kind] = c.Name
	}
	s, err := store.Open(ctx, store.Options{URL: cfg.DatabaseURL, Logger: a.log, Now: time.Now, Kinds: kinds, Traces: a.telling.traces})
	if err != nil {
		return err
	}
	a.Store = s
	a.onClose("database", func(context.Context) error { return s.Close() })

	cases, err := a.dial(cfg, cfg.TemporalNamespace)
	if err != nil {
		return err
	}
	eng := engine.New(cases, s)
	k := &clock{mapping: procedure.RealClock(), store: s, tell: eng.Tell}
	if p.Demo != nil {
		if err := p.Demo.Seed(ctx, s); err != nil {
			return fmt.Errorf("demo: %w", err)
		}
		if err := k.restore(ctx, p.Demo.Now, p.Demo.Speed); err != nil {
			return fmt.Errorf("demo clock: %w", err)
		}
	} else if _, known, err := s.Setting(ctx, clockSetting); err != nil || known {
		return errors.Join(err, errors.New("这个数据库属于演示（虚拟时间），正式环境拒绝使用"))
	}
	v, err := a.votes(ctx, cfg, s, k)
	if err != nil {
		return err
	}
	if err := seal(ctx, s, v.secret); err != nil {
		return err
	}
	sweeps, err := a.dial(cfg, SweepsNamespace(cfg.TemporalNamespace))
	if err != nil {
		return err
	}
	m := mender{engine.NewMachine(cases, cfg.TemporalNamespace), s}
	hands := &crew{}
	if p.Demo != nil {
		a.faults = faults.New(plant{hands, cases})
	}
	if p.Worker {
		if err := a.work(ctx, cfg, s, clients{cases, sweeps}, hands, eng, v, m); err != nil {
			return err
		}
	}
	if err := a.watched(cfg, p, s, clients{cases, sweeps}, k); err != nil {
		return err
	}
	if p.Server {
		a.sign(v)
		console, err := cfg.console()
		if err != nil {
			return err
		}
		operations := server.Operations{Console: console, Incidents: s, Views: s, Sweeper: a.lookout(s, k, m, sweeps), Proposals: s, Machine: m,
			Batches: s, Starter: starter(sweeps),
			Vitals: vitals{s, k, m.Machine, engine.NewMachine(sweeps, SweepsNamespace(cfg.TemporalNamespace))}}
		return a.serve(ctx, cfg, p, s, operations, eng, k, v)
	}
	return nil
}

// dial connects to Temporal. Client, worker and replayer share the converters.
func (a *App) dial(cfg Config, namespace string) (client.Client, error) {
	data, failure, err := converters(cfg.PayloadKey)
	if err != nil {
		return nil, err
	}
	// The engine is near and messages are small: packing them costs more than sending them.
	plain := client.ConnectionOptions{GrpcCompression: &client.GrpcCompressionNone{}}
	o := client.Options{HostPort: cfg.TemporalAddress, Namespace: namespace, DataConverter: data, FailureConverter: failure,
		ConnectionOptions: plain, Logger: sdklog.NewStructuredLogger(slog.New(quiet{a.log.Handler()}))}
	a.telling.join(&o)
	c, err := client.Dial(o)
	if err != nil {
		return nil, fmt.Errorf("temporal at %s: %w", cfg.TemporalAddress, err)
	}
	a.onClose("temporal client", func(context.Context) error { c.Close(); return nil })
	return c, nil
}

// quiet drops what the engine's library says below warnings.
type quiet struct{ slog.Handler }

func (q quiet) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && q.Handler.Enabled(ctx, l)
}

// clients are the connections to the two namespaces.
type clients struct{ cases, sweeps client.Client }

// work starts the workers.
func (a *App) work(ctx context.Context, cfg Config, s *store.Store, c clients, hands *crew, eng *engine.Engine, v *votes, m mender) error {
	if err := ensureNamespace(ctx, c.cases, SweepsNamespace(cfg.TemporalNamespace)); err != nil {
		return err
	}
	acts := &activities.Activities{Recorder: s, Directory: s, Calendars: s, Lists: s, Polls: v.conductor()}
	chores := &activities.Housekeeping{Commands: s, Engine: eng, Leftovers: s, Opinions: s, Now: time.Now}
	watch := &activities.Watch{Sweeper: a.sweep(s, v.clock, m)}
	batches, err := a.batches(s, v.clock, eng, m, c.sweeps)
	if err != nil {
		return err
	}
	around := []interceptor.WorkerInterceptor{worker.Noting(s, time.Now, a.log)}
	if a.faults != nil {
		around = append(around, a.faults.Interceptor())
	}
	hands.hire = func() ([]sdkworker.Worker, error) {
		w := worker.Cases(c.cases, engine.TaskQueue, acts,
			sdkworker.Options{WorkerStopTimeout: stopLimit / 2, Interceptors: around, OnFatalError: a.fail, MaxConcurrentWorkflowTaskPollers: pollers})
		h := worker.Housekeeping(c.sweeps, chores, watch, sdkworker.Options{WorkerStopTimeout: stopLimit / 2, OnFatalError: a.fail})
		worker.Batches(h, batches)
		return []sdkworker.Worker{w, h}, a.postman(h, cfg, s, v.clock)
	}
	if err := hands.Hire(); err != nil {
		return fmt.Errorf("workers: %w", err)
	}
	a.onClose("workers", func(context.Context) error { hands.Dismiss(); return nil })
	if err := worker.Schedule(ctx, c.sweeps, worker.Tell, tellEvery); err != nil {
		return err
	}
	for _, name := range []string{worker.Chores, worker.Sweep} {
		if err := worker.Schedule(ctx, c.sweeps, name, sweepEvery); err != nil {
			return err
		}
	}
	return nil
}

// pollers is how many workflow tasks of cases a worker asks for at once. With few, thousands of cases whose deadlines fall on the same
// morning lie waiting to be asked for: what a worker has not taken within five seconds is replayed by another, for nothing, and what a
// person does waits behind it. With enough the timers wait instead, each until its case can be worked on at once.
const pollers = 32

// serve starts the API and the console.
func (a *App) serve(
	ctx context.Context, cfg Config, p Parts, s *store.Store, operations server.Operations, eng *engine.Engine, k *clock, v *votes,
) error {
	bucket, err := blob.OpenBucket(ctx, cfg.BlobURL)
	if err != nil {
		return fmt.Errorf("files at %s: %w", cfg.BlobURL, err)
	}
	a.onClose("files", func(context.Context) error { return bucket.Close() })
	adapter := people{s, k}
	letters, err := notifying(cfg, s)
	if err != nil {
		return err
	}
	o := server.Options{
		Reader: reads{s.Reader(), k}, Commands: adapter, Drafts: s, Files: adapter, People: adapter, Onces: s, Logins: s, Sessions: s.Sessions(),
		Engine: eng, Blobs: blobs{bucket}, Polling: v.polling(cfg.PublicURL), Notifying: letters,
		Operations: operations, Catalog: catalog.All, Intakes: intakes(s, k.Mapping), Now: time.Now, Clock: k.Mapping,
		Console: web.Handler(), Logger: a.log, PlainHTTP: cfg.PlainHTTP == "yes",
		Traces: a.telling.traces, Measure: a.telling.measure(),
	}
	if cfg.TrustedProxies != "" {
		o.TrustedProxies = strings.Split(cfg.TrustedProxies, ",")
	}
	if p.Demo != nil {
		o.Demo, o.DemoClock, o.DemoPassword, o.DemoFaults = true, k, p.Demo.Password, a.faults
	}
	api, err := server.New(o)
	if err != nil {
		return err
	}
	listener, err := listen(cfg.Listen)
	if err != nil {
		return err
	}
	a.Addr = listener.Addr().String()
	a.http = &http.Server{Handler: api.Handler(), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelWarn)}
	a.onClose("http", func(ctx context.Context) error { return a.http.Shutdown(ctx) })
	a.onClose("live streams", func(context.Context) error { api.Close(); return nil })
	go func() {
		if err := a.http.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			a.fail(err)
		}
	}()
	return nil
}

// fail says why the program cannot go on. The first cause is told.
func (a *App) fail(err error) {
	select {
	case a.failed <- err:
	default:
	}
}

// listen opens the port of the API.
func listen(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("%s 已被另一个程序占用，请换一个地址：gongzhi up --listen 127.0.0.1:8081，"+
			"make run LISTEN=127.0.0.1:8081，或设置 GONGZHI_LISTEN（listen.busy）", address)
	case err != nil:
		return nil, fmt.Errorf("listen on %s: %w", address, err)
	}
	return l, nil
}

// Run waits until the context ends or the program cannot go on, and closes it.
func (a *App) Run(ctx context.Context) error {
	var cause error
	select {
	case <-ctx.Done():
	case cause = <-a.failed:
	}
	return errors.Join(cause, a.Close())
}

// Close releases everything in the reverse order of its making, each within a time limit.
func (a *App) Close() error {
	var errs []error
	for i := len(a.ending) - 1; i >= 0; i-- {
		ctx, cancel := context.WithTimeout(context.Background(), stopLimit)
		if err := a.ending[i].close(ctx); err != nil {
			errs = append(errs, fmt.Errorf("close %s: %w", a.ending[i].name, err))
		}
		cancel()
	}
	a.ending = nil
	return errors.Join(errs...)
}
