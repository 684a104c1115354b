package server

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"gongzhi/telemetry"
)

// lines are the lines of the log with a message.
func (w *world) lines(t *testing.T, message string) []map[string]any {
	t.Helper()
	var found []map[string]any
	for line := range strings.Lines(w.log.String()) {
		var m map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &m))
		if m["msg"] == message {
			found = append(found, m)
		}
	}
	return found
}

// TestRequestsAreSeen: one line, one measure and one span a request say which route and which case, under one number.
func TestRequestsAreSeen(t *testing.T) {
	t.Parallel()
	spans := tracetest.NewInMemoryExporter()
	provider := sdktrace.NewTracerProvider(sdktrace.WithSyncer(spans))
	var mu sync.Mutex
	var measured []Answered
	w := newWorld(t, func(o *Options) {
		o.Traces = provider
		o.Measure = func(a Answered) {
			mu.Lock()
			defer mu.Unlock()
			measured = append(measured, a)
		}
	})
	c := w.as("clerk")
	w.log.Reset()
	spans.Reset()
	measured = nil

	r := c.do(http.MethodGet, "/cases/XW-ZR-2026-014", nil)
	require.Equal(t, 200, r.Code)
	id := r.Header().Get("X-Request-Id")
	require.Len(t, id, 12)
	line := w.lines(t, "request")[0]
	require.Equal(t, "/cases/{number}", line["route"])
	require.Equal(t, "XW-ZR-2026-014", line["case"])
	require.Equal(t, id, line["request"])
	require.InDelta(t, 200, line["status"], 0)
	require.Len(t, spans.GetSpans(), 1)
	span := spans.GetSpans()[0]
	require.Equal(t, "GET /cases/{number}", span.Name)
	require.Equal(t, span.SpanContext.TraceID().String(), line["trace"])
	require.Contains(t, span.Attributes, telemetry.Case.String("XW-ZR-2026-014"))
	require.Equal(t, []Answered{{Method: "GET", Route: "/cases/{number}", Status: 200}}, measured)

	// A task and a command belong to a case as well; what fails is found under the number that the person was told.
	c.do(http.MethodGet, "/tasks/"+w.taskID, nil)
	w.broken = errors.New("disk")
	p := refusedWith(t, c.do(http.MethodGet, "/cases/XW-ZR-2026-014/events", nil), 500, "server.fault")
	lines := w.lines(t, "request")
	require.Equal(t, "XW-ZR-2026-014", lines[1]["case"])
	require.Equal(t, p.Reference, lines[2]["request"])
	require.Equal(t, p.Reference, w.lines(t, "request failed")[0]["request"])

	// A trace that the caller brings is not gone on with.
	w.broken = nil
	spans.Reset()
	c.do(http.MethodGet, "/cases", nil, "Traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	require.NotEqual(t, "0af7651916cd43dd8448eb211c80319c", spans.GetSpans()[0].SpanContext.TraceID().String())
	require.False(t, spans.GetSpans()[0].Parent.IsValid())
}

// TestNobodyIsSeen puts persons and secrets wherever a caller can put something, and looks for them in all that is told.
func TestNobodyIsSeen(t *testing.T) {
	t.Parallel()
	spans := tracetest.NewInMemoryExporter()
	var mu sync.Mutex
	var routes []string
	w := newWorld(t, func(o *Options) {
		o.Traces = sdktrace.NewTracerProvider(sdktrace.WithSyncer(spans))
		o.Measure = func(a Answered) {
			mu.Lock()
			defer mu.Unlock()
			routes = append(routes, a.Route)
		}
	})
	c := w.as("clerk")
	c.addr = "192.0.2.77:4"
	for _, path := range []string{
		"/users?text=示例-孙一", "/cases/13812345678", "/cases/示例-孙一", "/cases/A-B-2026-13812345678", "/tasks/110101199003078515",
		"/public/polls/XW-BJ-2026-001/receipts/7777-8888-9999-0000", "/nowhere/示例-孙一?code=7777-8888-9999-0000",
	} {
		c.do(http.MethodGet, path, nil)
	}
	c.do(http.MethodPost, "/vote/open", map[string]string{"code": "7777-8888-9999-0000"})
	login(w.client(), "clerk", "wrong-password")
	c.do(http.MethodGet, "/cases/XW-ZR-2026-014", nil)

	told := w.log.String() + strings.Join(routes, "\n")
	for _, s := range spans.GetSpans() {
		told += "\n" + s.Name + s.Status.Description
		for _, a := range s.Attributes {
			told += "\n" + string(a.Key) + "=" + a.Value.String()
		}
		require.Empty(t, s.Events)
	}
	for _, personal := range []string{"clerk", "孙一", "%E", "192.0.2.77", testPassword, "wrong-password", "13812345678", "1101011990",
		"7777", "?"} {
		require.NotContains(t, told, personal)
	}
	for _, control := range []string{"/users", "/receipts/{tracker}", "/vote/open", "gongzhi.case=XW-ZR-2026-014",
		`"case":"XW-ZR-2026-014"`, "unknown"} {
		require.Contains(t, told, control, "control: this is told")
	}
}

func TestStreamsHaveNoTrace(t *testing.T) {
	t.Parallel()
	s := &Server{tracer: sdktrace.NewTracerProvider().Tracer("x")}
	for path, traced := range map[string]bool{prefix + streamRoute: false, prefix + "/cases": true} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
		require.NoError(t, err)
		_, _, span := s.observe(r)
		require.Equal(t, traced, span.IsRecording(), path)
	}
	var got []Answered
	s = &Server{Options: Options{Logger: slog.New(slog.DiscardHandler), Measure: func(a Answered) { got = append(got, a) }}}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, prefix+streamRoute, nil)
	require.NoError(t, err)
	ctx, k, span := s.observe(r)
	k.route = streamRoute
	s.observed(ctx, &counting{status: 200}, r, k, span, time.Hour)
	require.True(t, got[0].Stream)
}
