// Package server is the HTTP API of the platform: routes, policies, sessions, strict input, errors in Chinese, live updates.
// It knows the pure packages and the interfaces it declares itself, nothing of the database and nothing of the engine.
package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"
	"go.opentelemetry.io/otel/trace"

	"gongzhi/procedure"
)

// Options is what a Server needs. Everything is required unless it says otherwise.
type Options struct {
	Reader   Reader
	Commands Commands
	Drafts   Drafts
	Files    Files
	People   People
	Onces    Onces
	Logins   Logins
	Sessions Sessions
	Engine   Engine
	Blobs    Blobs

	Polling   Polling
	Notifying Notifying

	Operations Operations

	Catalog func() []procedure.Procedure
	Intakes map[procedure.Kind]Intake

	// Now is the engine's time: sessions, lockouts and stored commands live by it.
	Now func() time.Time
	// Clock maps the engine's time to the time of cases.
	Clock func() procedure.Clock

	Demo      bool
	DemoClock DemoClock // only in a demonstration
	// DemoFaults breaks things on purpose, only in a demonstration.
	DemoFaults Faults
	// DemoPassword is printed on the login page of a demonstration.
	DemoPassword string
	// PlainHTTP allows sessions over HTTP without TLS from other machines than this one.
	PlainHTTP bool
	// TrustedProxies are the addresses or networks whose X-Forwarded headers are believed. Empty: none.
	TrustedProxies []string
	Console        http.Handler // optional: the console at /
	Logger         *slog.Logger
	Traces         trace.TracerProvider // optional
	Measure        func(Answered)       // optional: told of each request when it is answered
}

// missing names what New cannot do without.
func (o Options) missing() error {
	errs := []error{o.Polling.missing(), o.Notifying.missing(), o.Operations.missing()}
	for name, absent := range map[string]bool{
		"Reader": o.Reader == nil, "Commands": o.Commands == nil, "Drafts": o.Drafts == nil, "Files": o.Files == nil,
		"People": o.People == nil, "Onces": o.Onces == nil, "Logins": o.Logins == nil, "Sessions": o.Sessions == nil,
		"Engine": o.Engine == nil, "Blobs": o.Blobs == nil, "Catalog": o.Catalog == nil, "Now": o.Now == nil,
		"Clock": o.Clock == nil, "Logger": o.Logger == nil,
	} {
		if absent {
			errs = append(errs, fmt.Errorf("server: option %s is missing", name))
		}
	}
	return errors.Join(errs...)
}

// Server answers HTTP requests. Close ends its live streams.
type Server struct {
	Options

	gin       *gin.Engine
	tracer    trace.Tracer // nil without traces
	proxies   []netip.Prefix
	directory directory
	gate      gate
	guesses   *guesses
	exports   chan struct{} // a slot for each export that is being written
	hub       *hub
	checkup   checkup
	beat      time.Duration
	// sweepWithin is how long a request waits for a sweep; the sweep itself goes on.
	sweepWithin time.Duration
	partWithin  time.Duration    // how long a part of the machine may take to answer
	wall        func() time.Time // for deadlines of connections; Now, but for tests with a clock of their own
	pause       func(context.Context, time.Duration) error
	api         huma.API
	handler     http.Handler
	table       []route
}

// New checks the options, registers every route and returns a Server that is ready to serve.
func New(o Options) (*Server, error) {
	if err := o.missing(); err != nil {
		return nil, err
	}
	o.Logger = slog.New(ofRequest{o.Logger.Handler()})
	return build(o)
}

func build(o Options) (*Server, error) {
	engine := gin.New(func(e *gin.Engine) {
		e.UseRawPath, e.UnescapePathValues = true, true // a task id holds an escaped slash
		e.HandleMethodNotAllowed = true
		e.RedirectTrailingSlash = false
	})
	if err := engine.SetTrustedProxies(o.TrustedProxies); err != nil {
		return nil, fmt.Errorf("server: trusted proxies: %w", err)
	}
	engine.Use(withGin)
	proxies, err := prefixes(o.TrustedProxies)
	if err != nil {
		return nil, err
	}
	s := &Server{
		Options: o, gin: engine, proxies: proxies, gate: newGate(hashParams()), guesses: newGuesses(), exports: make(chan struct{}, maxExports),
		pause: wait, beat: heartbeat, sweepWithin: sweepWithin, partWithin: partWithin, wall: o.Now,
	}
	if o.Traces != nil {
		s.tracer = o.Traces.Tracer("gongzhi/server")
	}
	s.hub = &hub{
		reader: o.Reader, inbox: o.Notifying.Messages,
		failed: func(err error) { s.Logger.Warn("changes cannot be read", "error", err) },
		every:  pollEvery, streams: map[*subscription]struct{}{}, people: map[string]int{},
	}
	s.api = humagin.New(engine, apiConfig())
	s.table = s.routes()
	if err := s.register(s.table); err != nil {
		return nil, err
	}
	s.handler = s.chain()
	return s, nil
}

// Close ends the live streams. Call it before http.Server.Shutdown, which waits for them.
func (s *Server) Close() { s.hub.close() }

// register binds every route of a table under its policy.
func (s *Server) register(table []route) error {
	for _, r := range table {
		if !r.policy.declared() {
			return fmt.Errorf("server: route %s %s has no policy", r.method, r.path)
		}
		r.bind(s, s.operation(r))
	}
	finishDocument(s.api.OpenAPI())
	return nil
}

// Handler is the whole site: API, health checks and console.
func (s *Server) Handler() http.Handler { return s.handler }

// Gin has its mode for the whole process. Debug mode prints every route to the standard output.
func init() { gin.SetMode(gin.ReleaseMode) }
