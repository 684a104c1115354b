package system

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/interceptor"
	sdklog "go.temporal.io/sdk/log"
	sdkworker "go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
	"go.yaml.in/yaml/v3"

	"gongzhi/app"
	"gongzhi/demo"
	"gongzhi/embedded"
	"gongzhi/procedure"
	"gongzhi/procedure/admission"
	"gongzhi/server"
	"gongzhi/store"
	"gongzhi/telemetry"
	"gongzhi/telemetry/temporal"
	"gongzhi/test/pgtest"
	"gongzhi/workflows"
)

// sample is what a scrape shows of one name: the labels that it has.
type sample map[string]bool

var line = regexp.MustCompile(`^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? [^ ]+$`)

var labelName = regexp.MustCompile(`([a-zA-Z_][a-zA-Z0-9_]*)="`)

// scrape asks a running program for its measures as Prometheus does.
func scrape(t *testing.T, address string) map[string]sample {
	t.Helper()
	names := map[string]sample{}
	for text := range strings.Lines(fetch(t, address, http.StatusOK)) {
		m := line.FindStringSubmatch(strings.TrimSpace(text))
		if m == nil {
			require.True(t, strings.HasPrefix(text, "#"), "%q", text)
			continue
		}
		if names[m[1]] == nil {
			names[m[1]] = sample{}
		}
		for _, l := range labelName.FindAllStringSubmatch(m[2], -1) {
			names[m[1]][l[1]] = true
		}
	}
	return names
}

const anyStatus = 0

func fetch(t *testing.T, address string, want int) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	require.NoError(t, err)
	resp, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	if want != anyStatus {
		require.Equal(t, want, resp.StatusCode, "%s: %s", address, b)
	}
	return string(b)
}

// What PromQL itself is made of, as far as our expressions use it.
var (
	words     = []string{"sum", "max", "min", "topk", "rate", "increase", "histogram_quantile", "vector", "and", "or", "unless"}
	ofScraper = []string{"job", "instance"} // labels that Prometheus adds
	quoted    = regexp.MustCompile(`"[^"]*"`)
	grouping  = regexp.MustCompile(`\b(?:by|without|on)\s*\(([^)]*)\)`)
	selector  = regexp.MustCompile(`([a-zA-Z_][a-zA-Z0-9_]*)\s*\{([^}]*)\}`)
	matcher   = regexp.MustCompile(`([a-zA-Z_][a-zA-Z0-9_]*)\s*(?:=~|!~|!=|=)`)
	window    = regexp.MustCompile(`\[[0-9a-z]+\]`)
	word      = regexp.MustCompile(`[a-zA-Z_][a-zA-Z0-9_]*`)
)

// unknown returns what an expression names that is not in a scrape: measures, and labels that its measures do not have. Whatever it
// does not understand it reports.
func unknown(expression string, names map[string]sample) []string {
	var found, grouped []string
	rest := quoted.ReplaceAllString(expression, "")
	for _, g := range grouping.FindAllStringSubmatch(rest, -1) {
		grouped = append(grouped, word.FindAllString(g[1], -1)...)
	}
	rest = grouping.ReplaceAllString(rest, " ")
	for _, s := range selector.FindAllStringSubmatch(rest, -1) {
		for _, m := range matcher.FindAllStringSubmatch(s[2], -1) {
			if !names[s[1]][m[1]] && !slices.Contains(ofScraper, m[1]) {
				found = append(found, s[1]+"{"+m[1]+"}")
			}
		}
	}
	rest = window.ReplaceAllString(selector.ReplaceAllString(rest, "$1"), "")
	var used []string
	for _, w := range word.FindAllString(rest, -1) {
		switch {
		case slices.Contains(words, w):
		case names[w] == nil && w != "up": // Prometheus' own
			found = append(found, w)
		default:
			used = append(used, w)
		}
	}
	for _, label := range grouped {
		has := func(name string) bool { return names[name][label] }
		if !slices.Contains(ofScraper, label) && !slices.ContainsFunc(used, has) {
			found = append(found, "by("+label+")")
		}
	}
	if len(used) == 0 {
		found = append(found, "no measure: "+expression)
	}
	return found
}

// alertRules are the expressions of the alert rules, by name.
func alertRules(t *testing.T, content []byte) map[string]string {
	t.Helper()
	var file struct {
		Groups []struct {
			Rules []struct {
				Alert, Expr, For string
				Labels           map[string]string
				Annotations      map[string]string
			}
		}
	}
	d := yaml.NewDecoder(bytes.NewReader(content))
	d.KnownFields(false)
	require.NoError(t, d.Decode(&file))
	all := map[string]string{}
	for _, g := range file.Groups {
		for _, r := range g.Rules {
			require.NotEmpty(t, r.Annotations["summary"], r.Alert)
			require.NotEmpty(t, r.Annotations["description"], r.Alert)
			require.Contains(t, []string{"critical", "warning"}, r.Labels["severity"], r.Alert)
			require.NotContains(t, all, r.Alert)
			all[r.Alert] = r.Expr
		}
	}
	return all
}

// boardPanels are the expressions of the dashboard, by the titles of its panels.
func boardPanels(t *testing.T, content []byte) map[string]string {
	t.Helper()
	var board struct {
		UID, Title string
		Panels     []struct {
			Type, Title string
			Targets     []struct{ Expr string }
		}
	}
	require.NoError(t, json.Unmarshal(content, &board))
	require.NotEmpty(t, board.UID)
	all := map[string]string{}
	for _, p := range board.Panels {
		for i, x := range p.Targets {
			all[fmt.Sprintf("%s %d", p.Title, i)] = x.Expr
		}
		require.True(t, p.Type == "row" || len(p.Targets) > 0, p.Title)
	}
	return all
}

// TestWhatIsWatchedExists: every measure and every label that the dashboard and the alert rules name is shown by a running program.
func TestWhatIsWatchedExists(t *testing.T) {
	t.Parallel()
	p := up(t, nil, t.TempDir(), "--demo", "--metrics", "127.0.0.1:0")
	eventually(t, "it says where its measures are", startLimit, func() bool { return measuresAt.MatchString(p.out.String()) })
	at := measuresAt.FindStringSubmatch(p.out.String())[1]
	w := newTown(p.url, demo.Password)
	number := w.file(t, "tjj.sun", admission.Kind, application("看得见"))
	w.answer(t, "office.qian", number, "formal-review", procedure.Accept, "")
	w.stuck(t, "")

	files := map[string]func(*testing.T, []byte) map[string]string{"prometheus/alerts.yml": alertRules, "grafana/gongzhi.json": boardPanels}
	var missing []string
	eventually(t, "everything that is watched is shown", settleLimit, func() bool {
		missing = nil
		names := scrape(t, at+"/metrics")
		for file, read := range files {
			content, err := os.ReadFile(filepath.Join("..", "..", "deploy", filepath.FromSlash(file)))
			require.NoError(t, err)
			for title, expression := range read(t, content) {
				for _, u := range unknown(expression, names) {
					missing = append(missing, file+" «"+title+"»: "+u)
				}
			}
		}
		if len(missing) > 0 {
			t.Log(strings.Join(missing, "\n"))
		}
		return len(missing) == 0
	})

	// The controls: a name, a label, a word that do not exist are found.
	names := scrape(t, at+"/metrics")
	for expression, want := range map[string]string{
		"max(gongzhi_command_pending) > 1":                                 "gongzhi_command_pending",
		`rate(gongzhi_http_requests_total{code="500"}[5m])`:                "gongzhi_http_requests_total{code}",
		"sum by (unit) (gongzhi_incidents)":                                "by(unit)",
		"absent_over_time(gongzhi_incidents[5m])":                          "absent_over_time",
		"histogram_quantile(0.9, gongzhi_http_request_duration_buckets)":   "gongzhi_http_request_duration_buckets",
		`sum(gongzhi_incidents{kind="code"}) / on (kind) gongzhi_outboxes`: "gongzhi_outboxes",
		"1 > 0": "no measure",
	} {
		require.Contains(t, strings.Join(unknown(expression, names), "\n"), want, expression)
	}

	// No case and no person is a label, and nothing of it is public.
	text := fetch(t, at+"/metrics", http.StatusOK)
	for _, never := range []string{number, "office.qian", "示例-", "看得见"} {
		require.NotContains(t, text, never)
	}
	require.Contains(t, text, `route="/tasks/{id}/actions"`, "control")
	require.Contains(t, fetch(t, at+"/readyz", http.StatusOK), "ok")
	require.NotContains(t, fetch(t, p.url+"/metrics", anyStatus), "gongzhi_", "whatever the console answers there")
}

var measuresAt = regexp.MustCompile(`指标：(http://127\.0\.0\.1:\d+)/metrics`)

// TestWorkerIsReady: a worker whose engine is gone is alive and not ready.
func TestWorkerIsReady(t *testing.T) {
	t.Parallel()
	c := newCluster(t, map[string]time.Duration{app.SweepsNamespace(embedded.DefaultNamespace): 24 * time.Hour})
	c.env = append(c.env, "GONGZHI_METRICS_LISTEN=127.0.0.1:0")
	p := c.worker(t)
	eventually(t, "it says where its measures are", startLimit, func() bool { return measuresAt.MatchString(p.out.String()) })
	at := measuresAt.FindStringSubmatch(p.out.String())[1]
	require.Contains(t, fetch(t, at+"/readyz", http.StatusOK), "ok")
	require.Contains(t, fetch(t, at+"/metrics", http.StatusOK), `gongzhi_source_up{source="database"} 1`, "it reads PostgreSQL as well")
	require.NoError(t, c.engine.Stop())
	require.Contains(t, fetch(t, at+"/readyz", http.StatusServiceUnavailable), "engine")
	require.Contains(t, fetch(t, at+"/healthz", http.StatusOK), "ok")
	eventually(t, "the measures say so", settleLimit, func() bool {
		return strings.Contains(fetch(t, at+"/metrics", http.StatusOK), `gongzhi_source_up{source="engine"} 0`)
	})
}

// traced starts the product in this process with its spans in memory.
func traced(t *testing.T, database string) (*town, *embedded.Server, *tracetest.InMemoryExporter) {
	t.Helper()
	dir, log := t.TempDir(), slog.New(slog.DiscardHandler)
	eng, err := embedded.Start(t.Context(), embedded.Options{Dir: dir, Logger: log, Beside: map[string]time.Duration{
		app.SweepsNamespace(embedded.DefaultNamespace): 24 * time.Hour}})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, eng.Stop()) })
	require.NoError(t, store.Migrate(t.Context(), database))
	spans := tracetest.NewInMemoryExporter()
	cfg := app.Config{DatabaseURL: database, TemporalAddress: eng.HostPort(), TemporalNamespace: eng.Namespace(), Listen: "127.0.0.1:0",
		BlobURL: "file://" + filepath.ToSlash(t.TempDir()) + "?no_tmp_dir=true", BallotKeyFile: filepath.Join(dir, "ballot.key")}
	play := &app.Demo{Now: moment(t, "2026-09-07 09:00"), Speed: 1, Password: demo.Password,
		Seed: func(ctx context.Context, s *store.Store) error { return demo.Seed(ctx, s, server.HashPassword) }}
	a, err := app.New(t.Context(), cfg, app.Parts{Server: true, Worker: true, Logger: log, Demo: play,
		Traces: sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(telemetry.CaseOfParent{}), sdktrace.WithSyncer(spans))})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, a.Close()) })
	return newTown("http://"+a.Addr, demo.Password), eng, spans
}

// trace are the spans of the one trace of a request, in the order of their ends.
func trace(all tracetest.SpanStubs, request string) tracetest.SpanStubs {
	i := slices.IndexFunc(all, func(s tracetest.SpanStub) bool { return s.Name == request })
	if i < 0 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(all), func(s tracetest.SpanStub) bool {
		return s.SpanContext.TraceID() != all[i].SpanContext.TraceID()
	})
}

// below tells whether a span lies below one whose name begins so.
func below(all tracetest.SpanStubs, s tracetest.SpanStub, names ...string) bool {
	way := path(all, s)
	return slices.ContainsFunc(names, func(n string) bool { return strings.Contains(way, " > "+n) })
}

// path is a span's names from the request down to it.
func path(all tracetest.SpanStubs, s tracetest.SpanStub) string {
	if !s.Parent.IsValid() {
		return s.Name
	}
	i := slices.IndexFunc(all, func(p tracetest.SpanStub) bool { return p.SpanContext.SpanID() == s.Parent.SpanID() })
	if i < 0 {
		return "? > " + s.Name
	}
	return path(all, all[i]) + " > " + s.Name
}

// TestOneTrace: filing and deciding are one trace each, from the request through the engine to the database, with the case.
func TestOneTrace(t *testing.T) {
	t.Parallel()
	for name, database := range map[string]func(*testing.T) string{
		"SQLite":     func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "gongzhi.db") },
		"PostgreSQL": func(t *testing.T) string { return pgtest.Schema(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, eng, spans := traced(t, database(t))
			const title, opinion = "不该看见的题目", "不该看见的意见"
			number := w.file(t, "tjj.sun", admission.Kind, application(title))
			seesTheWay(t, spans, "POST /cases", number, "temporal start and update act")
			w.answer(t, "office.qian", number, "formal-review", procedure.Accept, opinion)
			seesTheWay(t, spans, "POST /tasks/{id}/actions", number, "temporal update act")
			for _, s := range spans.GetSpans() {
				text := s.Name + s.Status.Description + fmt.Sprint(s.Attributes, s.Events)
				for _, never := range []string{title, opinion, "示例-", demo.Password, "office.qian"} {
					require.NotContains(t, text, never, s.Name)
				}
			}
			replays(t, eng, number)
		})
	}
}

// replays: a history that was made with traces goes on in a program without them, and with them it begins no span a second time.
func replays(t *testing.T, eng *embedded.Server, number string) {
	t.Helper()
	c, err := client.Dial(client.Options{HostPort: eng.HostPort(), Namespace: eng.Namespace()})
	require.NoError(t, err)
	t.Cleanup(c.Close)
	history := &historypb.History{}
	events := c.GetWorkflowHistory(t.Context(), procedure.WorkflowID(number), "", false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		e, err := events.Next()
		require.NoError(t, err)
		history.Events = append(history.Events, e)
	}
	again := tracetest.NewInMemoryExporter()
	tracing := temporal.Tracing(sdktrace.NewTracerProvider(sdktrace.WithSyncer(again)))
	for _, interceptors := range [][]interceptor.WorkerInterceptor{nil, {tracing}} {
		r, err := sdkworker.NewWorkflowReplayerWithOptions(sdkworker.WorkflowReplayerOptions{Interceptors: interceptors})
		require.NoError(t, err)
		for kind, carry := range workflows.Catalog() {
			r.RegisterWorkflowWithOptions(carry, workflow.RegisterOptions{Name: string(kind)})
		}
		require.NoError(t, r.ReplayWorkflowHistory(sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)), history))
	}
	require.Empty(t, again.GetSpans())
	require.Contains(t, history.String(), "gongzhi-trace", "control: the history was made with traces")
}

// seesTheWay waits for the trace of a request, and looks for its way down.
func seesTheWay(t *testing.T, spans *tracetest.InMemoryExporter, request, number, update string) {
	t.Helper()
	var ways []string
	var found tracetest.SpanStubs
	has := func(pattern string) bool {
		re := regexp.MustCompile("^" + regexp.QuoteMeta(request) + " > " + pattern + "$")
		return slices.ContainsFunc(ways, re.MatchString)
	}
	eventually(t, "the trace of "+request, settleLimit, func() bool {
		found, ways = trace(spans.GetSpans(), request), nil
		for _, s := range found {
			ways = append(ways, path(found, s))
		}
		return has(update+" > workflow update act") && // the engine
			has(update+" > workflow update act > activity [A-Z]\\w+ > sql select") && // what the workflow asks, down to the database
			has("append > transaction > sql (insert|update|select|script)") // what the answer brings is recorded
	})
	for _, s := range found {
		if strings.HasPrefix(s.Name, "temporal ") || strings.HasPrefix(s.Name, "workflow ") || strings.HasPrefix(s.Name, "activity ") ||
			s.Name == "append" || s.Name == request || strings.HasPrefix(s.Name, "sql ") && below(found, s, "activity ", "append") {
			require.Contains(t, s.Attributes, telemetry.Case.String(number), s.Name)
		}
	}
	require.False(t, slices.ContainsFunc(ways, func(w string) bool { return strings.HasPrefix(w, "?") }), "%s", strings.Join(ways, "\n"))
}
