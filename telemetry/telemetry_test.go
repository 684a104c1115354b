package telemetry

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"
)

func env(m map[string]string) func(string) string { return func(name string) string { return m[name] } }

func TestTracing_NeedsAnAddress(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		env  map[string]string
		some bool
		err  string
	}{
		"nothing":        {},
		"an address":     {env: map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"}, some: true},
		"of traces only": {env: map[string]string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:1"}, some: true},
		"switched off":   {env: map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_SDK_DISABLED": "true"}},
		"not over HTTP": {env: map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"},
			err: "只能是 grpc"},
	} {
		p, err := Tracing(t.Context(), env(c.env), "gongzhi")
		if c.err != "" {
			require.ErrorContains(t, err, c.err, name)
			continue
		}
		require.NoError(t, err, name)
		require.Equal(t, c.some, p != nil, name)
		if p != nil {
			require.NoError(t, p.Shutdown(t.Context()), name)
		}
	}
}

// Statements carry the case of the request or activity that asked for them.
func TestCaseOfParent(t *testing.T) {
	t.Parallel()
	ended := tracetest.NewSpanRecorder()
	tracer := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(CaseOfParent{}), sdktrace.WithSpanProcessor(ended)).Tracer("test")
	request, above := tracer.Start(t.Context(), "GET")
	_, early := tracer.Start(request, "sql before the route is known")
	above.SetAttributes(Case.String("XW-ZR-2026-014"))
	work, between := tracer.Start(request, "work")
	_, sql := tracer.Start(work, "sql")
	_, other := tracer.Start(work, "other", trace.WithAttributes(Case.String("XW-ZR-2026-015")))
	for _, s := range []trace.Span{early, sql, other, between, above} {
		s.End()
	}
	got := map[string]string{}
	for _, s := range ended.Ended() {
		got[s.Name()] = caseOf(s).Value.AsString()
	}
	require.Equal(t, map[string]string{"GET": "XW-ZR-2026-014", "work": "XW-ZR-2026-014", "sql": "XW-ZR-2026-014",
		"other": "XW-ZR-2026-015", "sql before the route is known": ""}, got)
}

// say logs one line through a handler and returns it.
func say(wrap func(slog.Handler) slog.Handler, message string, args ...any) string {
	var b bytes.Buffer
	slog.New(wrap(slog.NewJSONHandler(&b, nil))).Info(message, args...)
	return b.String()
}

func TestLogs_MaskPersons(t *testing.T) {
	t.Parallel()
	const mobile, identity, code = "13812345678", "110101199003078515", "7K3M-9QXZ-0A1B-C2D4"
	args := []any{
		"error", fmt.Errorf("cannot read «%s»: %w", mobile, errors.New(code)), "text", "号码" + identity + "。",
		slog.Group("inner", "code", code), "case", "XW-ZR-2026-014", "status", 200, "took", time.Second, "list", []string{mobile, "b"},
		"request", "8f1c02aa93de", "trace", "0af7651916cd43dd8448eb211c80319c", "command", "4f8a1c3e-0000-1111-2222-333344445555",
	}
	plain := say(func(h slog.Handler) slog.Handler { return h }, "got "+mobile, args...)
	clean := say(func(h slog.Handler) slog.Handler { return Logs(h, nil) }, "got "+mobile, args...)
	with := say(func(h slog.Handler) slog.Handler {
		return Logs(h, nil).WithAttrs([]slog.Attr{slog.String("x", mobile)}).WithGroup("g")
	}, "y", "z", code)
	for _, personal := range []string{mobile, identity, code} {
		require.Contains(t, plain, personal, "control: without the mask it is there")
		require.NotContains(t, clean, personal)
		require.NotContains(t, with, personal)
	}
	for _, kept := range []string{"XW-ZR-2026-014", `"status":200`, "8f1c02aa93de", "0af7651916cd43dd8448eb211c80319c",
		"4f8a1c3e-0000-1111-2222-333344445555"} {
		require.Contains(t, clean, kept)
	}
}

func scrape(t *testing.T, h http.Handler, path string) (int, string) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
	return w.Code, w.Body.String()
}

func TestMeasures(t *testing.T) {
	t.Parallel()
	m := NewMeasures()
	h := m.Handler(slog.New(slog.DiscardHandler))
	m.Answered("GET", "/cases/{number}", 200, 40*time.Millisecond, false)
	m.Answered("GET", "/stream", 200, time.Hour, true)
	m.Answered("BREW", "unknown", 405, 0, false)
	slog.New(Logs(slog.NewTextHandler(io.Discard, nil), m)).Error("x")
	now := time.Unix(1000, 0)
	reads, fault := 0, error(nil)
	gauges := []Gauge{{Name: "gongzhi_a", Help: "A."}, {Name: "gongzhi_b", Help: "B.", Label: "kind"}}
	require.NoError(t, m.Watch(Source{Name: "database", Gauges: gauges,
		Read: func(_ context.Context, say func(string, string, float64)) error {
			reads++
			say("gongzhi_a", "", float64(reads))
			say("gongzhi_b", "code", 7)
			return fault
		}}, func() time.Time { return now }))

	_, text := scrape(t, h, "/metrics")
	for _, want := range []string{
		`gongzhi_http_requests_total{method="GET",route="/cases/{number}",status="200"} 1`,
		`gongzhi_http_requests_total{method="other",route="unknown",status="405"} 1`,
		`gongzhi_http_request_duration_seconds_bucket{method="GET",route="/cases/{number}",le="0.05"} 1`,
		`gongzhi_log_lines_total{level="error"} 1`, "gongzhi_a 1", `gongzhi_b{kind="code"} 7`, `gongzhi_source_up{source="database"} 1`,
		"go_goroutines", "process_resident_memory_bytes", "go_build_info",
	} {
		require.Contains(t, text, want)
	}
	require.NotContains(t, text, `seconds_count{method="GET",route="/stream"}`)
	require.NotContains(t, text, "BREW")

	// What was read is kept for a while; what cannot be read is not shown at all.
	_, text = scrape(t, h, "/metrics")
	require.Contains(t, text, "gongzhi_a 1\n")
	now, fault = now.Add(freshFor), errors.New("down")
	_, text = scrape(t, h, "/metrics")
	require.Equal(t, 2, reads)
	require.Contains(t, text, `gongzhi_source_up{source="database"} 0`)
	require.NotContains(t, text, "gongzhi_a")
	now, fault = now.Add(freshFor), nil
	_, text = scrape(t, h, "/metrics")
	require.Contains(t, text, "gongzhi_a 3\n")
}

func TestHandler_Ready(t *testing.T) {
	t.Parallel()
	var fault error
	h := NewMeasures().Handler(slog.New(slog.DiscardHandler),
		Check{"database", func(context.Context) error { return nil }}, Check{"engine", func(context.Context) error { return fault }})
	code, text := scrape(t, h, "/readyz")
	require.Equal(t, 200, code)
	require.JSONEq(t, `{"status":"ok"}`, text)
	fault = errors.New("down")
	code, text = scrape(t, h, "/readyz")
	require.Equal(t, 503, code)
	require.JSONEq(t, `{"status":"engine"}`, text)
	code, _ = scrape(t, h, "/healthz")
	require.Equal(t, 200, code, "it lives, whatever it waits for")
	code, _ = scrape(t, h, "/")
	require.Equal(t, 404, code)
}
