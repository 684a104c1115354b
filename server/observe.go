package server

import (
	"context"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"gongzhi/telemetry"
)

// Answered is what is measured of a request.
type Answered struct {
	Method, Route string // Route is a pattern: /cases/{number}
	Status        int
	Took          time.Duration
	Stream        bool // it lasts as long as somebody looks
}

const streamRoute = "/stream"

// seen is what becomes known of a request while it is answered. The log, the measures and the trace are made of it and of nothing
// else: no query, no body, no person, no address.
type seen struct {
	id    string // also the number that a person is told when something fails
	route string
	kase  string
	trace string
}

type seenKey struct{}

// seenOf is what is known of the request of a context.
func seenOf(ctx context.Context) *seen {
	if k, ok := ctx.Value(seenKey{}).(*seen); ok {
		return k
	}
	return &seen{}
}

// broad names the kind of a request before a route is found for it.
func broad(path string) string {
	switch {
	case path == "/healthz" || path == "/readyz":
		return path
	case strings.HasPrefix(path, noticePath):
		return "notice"
	case strings.HasPrefix(path, "/api/"):
		return "unknown"
	}
	return "console"
}

// observe notes a request, and begins its trace where there are traces. A trace that the caller claims to go on is not believed:
// anybody may call.
func (s *Server) observe(r *http.Request) (context.Context, *seen, trace.Span) {
	k := &seen{id: newReference(), route: broad(r.URL.Path)}
	ctx := context.WithValue(r.Context(), seenKey{}, k)
	if s.tracer == nil || r.URL.Path == prefix+streamRoute { // a stream would be a trace of hours
		return ctx, k, trace.SpanFromContext(context.Background())
	}
	ctx, span := s.tracer.Start(ctx, r.Method, trace.WithNewRoot(), trace.WithSpanKind(trace.SpanKindServer))
	if c := span.SpanContext(); c.IsSampled() {
		k.trace = c.TraceID().String()
	}
	return ctx, k, span
}

// observed writes one line a request, measures it and ends its trace.
func (s *Server) observed(ctx context.Context, c *counting, r *http.Request, k *seen, span trace.Span, took time.Duration) {
	log := s.Logger
	if k.kase != "" {
		log = log.With("case", k.kase)
	}
	log.InfoContext(ctx, "request", "method", r.Method, "route", k.route, "status", c.status, "bytes", c.bytes, "took", took.String())
	if s.Measure != nil {
		s.Measure(Answered{Method: r.Method, Route: k.route, Status: c.status, Took: took, Stream: k.route == streamRoute})
	}
	span.SetName(r.Method + " " + k.route)
	span.SetAttributes(attribute.String("http.request.method", r.Method), attribute.String("http.route", k.route),
		attribute.Int("http.response.status_code", c.status), attribute.String("gongzhi.request", k.id))
	if c.status >= http.StatusInternalServerError {
		span.SetStatus(codes.Error, "")
	}
	span.End()
}

// caseNumber is how the number of a case begins what a task, a copy or a notice is called.
var caseNumber = regexp.MustCompile(`^([A-Z0-9]{1,12}-[A-Z0-9]{1,12}-[0-9]{4}-[0-9]{3,9})(?:\.|$)`)

// routed notes the route of a request, and the case that its address names. What does not look like the number of a case may be
// anything that somebody typed, and stays out.
func routed(g *gin.Context, r route) {
	k := seenOf(g.Request.Context())
	k.route = r.path
	for _, name := range []string{"number", "id"} {
		if m := caseNumber.FindStringSubmatch(g.Param(name)); m != nil {
			about(g.Request.Context(), m[1])
		}
	}
}

// about notes the case of a request: from now on, not at its end, for what begins below its span takes the case from it.
func about(ctx context.Context, number string) {
	seenOf(ctx).kase = number
	trace.SpanFromContext(ctx).SetAttributes(telemetry.Case.String(number))
}

// ofRequest adds to each line of the log which request it belongs to, and which trace.
type ofRequest struct{ slog.Handler }

// Handle implements slog.Handler.
func (h ofRequest) Handle(ctx context.Context, r slog.Record) error {
	k := seenOf(ctx)
	if k.id == "" {
		return h.Handler.Handle(ctx, r)
	}
	r = r.Clone()
	r.AddAttrs(slog.String("request", k.id))
	if k.trace != "" {
		r.AddAttrs(slog.String("trace", k.trace))
	}
	return h.Handler.Handle(ctx, r)
}

// WithAttrs implements slog.Handler.
func (h ofRequest) WithAttrs(attrs []slog.Attr) slog.Handler {
	return ofRequest{h.Handler.WithAttrs(attrs)}
}

// WithGroup implements slog.Handler.
func (h ofRequest) WithGroup(name string) slog.Handler { return ofRequest{h.Handler.WithGroup(name)} }
