package server

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gongzhi/calendar"
	"gongzhi/procedure"
)

func (w *world) get(path string) *httptest.ResponseRecorder {
	w.t.Helper()
	r := httptest.NewRequestWithContext(w.t.Context(), http.MethodGet, path, nil)
	r.RemoteAddr = "127.0.0.1:1"
	rec := httptest.NewRecorder()
	w.s.Handler().ServeHTTP(rec, r)
	return rec
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *Options) {
		o.Console = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") })
	})
	for _, path := range []string{"/", "/cases/1", "/healthz", "/api/v1/session", "/api/nothing"} {
		h := w.get(path).Header()
		csp := h.Get("Content-Security-Policy")
		require.Contains(t, csp, "script-src 'self';", path)
		require.Contains(t, csp, "frame-ancestors 'none'", path)
		require.NotContains(t, csp, "unsafe-eval", path)
		require.Equal(t, "nosniff", h.Get("X-Content-Type-Options"), path)
		require.Equal(t, strings.HasPrefix(path, "/api/") || path == "/healthz", h.Get("Cache-Control") == "no-store", path)
		require.Empty(t, h.Get("Access-Control-Allow-Origin"))
		require.Empty(t, h.Get("Server"))
	}
	require.Equal(t, http.StatusOK, w.get("/cases/1").Code, "the console answers for its own pages")
	require.Equal(t, "<html>", w.get("/cases/1").Body.String())
	refusedWith(t, w.get("/api/nothing"), 404, "route.not_found")
	refusedWith(t, w.get("/api/v1/nothing"), 404, "route.not_found")
	refusedWith(t, w.client().do(http.MethodPatch, "/session", nil), 405, "route.method")
	refusedWith(t, newWorld(t).get("/"), 404, "route.not_found")
}

func TestHealth(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	require.Equal(t, 200, w.get("/healthz").Code)
	require.Equal(t, 200, w.get("/readyz").Code)
	w.broken = errors.New("password=secret")
	require.Equal(t, 200, w.get("/healthz").Code, "a broken database is no reason to restart the process")
	r := w.get("/readyz")
	require.Equal(t, 503, r.Code)
	require.NotContains(t, r.Body.String(), "secret")
}

// TestFaultsAreHidden: the caller gets a number, the log the cause.
func TestFaultsAreHidden(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.as("clerk")
	w.broken = errors.New(`pq: relation "cases" does not exist`)
	p := refusedWith(t, c.do(http.MethodGet, "/cases/XW-ZR-2026-014", nil), 500, "server.fault")
	require.NotEmpty(t, p.Reference)
	require.Contains(t, p.Detail, p.Reference)
	require.NotContains(t, p.Detail, "relation")
	require.Contains(t, w.log.String(), p.Reference)
	require.Contains(t, w.log.String(), "relation")

	w.broken = context.DeadlineExceeded
	refusedWith(t, c.do(http.MethodGet, "/cases/XW-ZR-2026-014", nil), 503, "server.timeout")
	for _, gone := range []error{ended{}, &net.OpError{Op: "dial", Err: errors.New("10.0.0.7: refused")}, io.ErrUnexpectedEOF, driver.ErrBadConn} {
		w.broken = fmt.Errorf("read the case: %w", gone)
		p := refusedWith(t, c.do(http.MethodGet, "/cases/XW-ZR-2026-014", nil), 503, "server.unavailable")
		require.NotContains(t, p.Detail, "10.0.0.7")
	}
}

// ended is what PostgreSQL says when it is stopped.
type ended struct{}

func (ended) Error() string    { return "terminating connection" }
func (ended) SQLState() string { return "57P01" }

type panicking struct{ Reader }

func (panicking) Calendar(context.Context, string) (*calendar.Calendar, error) { panic("secret state") }

func TestPanicIsA500(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *Options) { o.Reader = panicking{o.Reader} })
	r := w.as("clerk").do(http.MethodGet, "/calendars", nil)
	p := refusedWith(t, r, 500, "server.fault")
	require.NotContains(t, r.Body.String(), "secret")
	require.Contains(t, w.log.String(), p.Reference)
	require.Contains(t, w.log.String(), "secret state")
}

// TestLogHoldsNoPersons reads the log of ordinary work.
func TestLogHoldsNoPersons(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.as("clerk")
	c.addr = "192.0.2.77:4"
	c.do(http.MethodGet, "/users?text=示例-孙一", nil)
	c.do(http.MethodGet, "/cases/XW-ZR-2026-014", nil)
	login(w.client(), "clerk", "wrong-password")
	log := w.log.String()
	require.Contains(t, log, `"route":"/users"`)
	for _, personal := range []string{"clerk", "孙一", "192.0.2.77", testPassword, "wrong-password", "%E7"} {
		require.NotContains(t, log, personal)
	}
}

// TestReadsDoNotWrite: a GET changes nothing but the session's last use, since other sites can make a browser send it.
func TestReadsDoNotWrite(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.stock()
	samples := w.samples()
	for _, r := range w.s.table {
		s := samples[r.id]
		if r.method != http.MethodGet || s.streaming {
			continue
		}
		if s.prepare != nil {
			s.prepare(w)
		}
		c := w.client()
		if s.by != "" {
			c = w.as(s.by)
		}
		before := []int{len(w.commands), len(w.drafts), len(w.files), len(w.users), len(w.posts), len(w.delegations), len(w.once), len(w.sent), len(w.attempts)}
		require.Equal(t, 200, c.do(http.MethodGet, s.path, nil).Code, r.id)
		require.Equal(t, before, []int{len(w.commands), len(w.drafts), len(w.files), len(w.users), len(w.posts), len(w.delegations), len(w.once), len(w.sent), len(w.attempts)}, r.id)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	t.Parallel()
	_, err := New(Options{})
	for _, name := range []string{"Reader", "Engine", "Sessions", "Logger", "Now", "Clock"} {
		require.ErrorContains(t, err, name)
	}
	_, err = build(Options{TrustedProxies: []string{"everywhere"}})
	require.Error(t, err)
}

func TestEveryRefusalHasAStatus(t *testing.T) {
	t.Parallel()
	for _, kind := range []procedure.Refusal{procedure.Invalid, procedure.Conflict, procedure.Forbidden, procedure.NotFound} {
		require.NotZero(t, statuses[kind], kind)
		require.NotEmpty(t, titles[statuses[kind]])
	}
}

// TestDemoOnly: without a demonstration its routes do not exist.
func TestDemoOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *Options) { o.Demo, o.DemoClock = false, nil })
	refusedWith(t, w.client().do(http.MethodGet, "/demo/accounts", nil), 404, "not_found")
	c := w.as("admin")
	refusedWith(t, c.do(http.MethodPost, "/clock/jump", `{"to":"next"}`), 404, "not_found")
	view := read[ClockView](t, c.do(http.MethodGet, "/clock", nil))
	require.False(t, view.Virtual)
	require.Nil(t, view.Next)

	w = newWorld(t)
	accounts := read[[]DemoAccount](t, w.client().do(http.MethodGet, "/demo/accounts", nil))
	require.Equal(t, testPassword, accounts[0].Password)
	c = w.as("clerk")
	now := w.now
	view = read[ClockView](t, c.do(http.MethodPost, "/clock/jump", `{"to":"next"}`))
	require.True(t, view.Now.After(now))
	refusedWith(t, c.do(http.MethodPost, "/clock/jump", `{"to":"2026-01-01T00:00:00Z"}`), 422, "clock.past")
	refusedWith(t, c.do(http.MethodPost, "/clock/jump", `{"to":"2036-01-01T00:00:00Z"}`), 422, "clock.far")
	refusedWith(t, c.do(http.MethodPost, "/clock/jump", `{"to":"tomorrow"}`), 422, "clock.time")
}

func TestPeople(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	admin, member := w.as("admin"), w.as("member")
	refusedWith(t, admin.do(http.MethodPost, "/units", `{"code":"XW","name":"x","level":"district"}`), 409, "unit.exists")
	refusedWith(t, admin.do(http.MethodPost, "/units", `{"code":"N1","name":"x","level":"community","parent":"ZZ"}`), 422, "unit.parent")
	require.Equal(t, 200, admin.do(http.MethodPost, "/units", `{"code":"0102","name":"石榴巷社区","level":"community","parent":"XW-01"}`).Code)
	require.Equal(t, "/YT/XW/XW-01/0102/", w.path("0102"))
	refusedWith(t, admin.do(http.MethodPost, "/posts", `{"user":"clerk","unit":"XW","role":"king","from":"2026-09-01"}`), 422, "post.role")
	refusedWith(t, admin.do(http.MethodPost, "/posts", `{"user":"clerk","unit":"XW","role":"admin","from":"2026-09-02","to":"2026-09-01"}`), 422, "post.term")
	refusedWith(t, admin.do(http.MethodPut, "/users/admin", `{"disabled":true}`), 422, "user.self")
	refusedWith(t, admin.do(http.MethodPost, "/users", `{"id":"clerk","name":"x","password":"Lingqi-2026-ab"}`), 409, "user.exists")
	refusedWithin(t, admin.do(http.MethodPost, "/users", `{"id":"newbie","name":"x","password":"Lingqi-2026-ab","disabled":false}`), 422, "input.unknown")

	for body, code := range map[string]string{
		`{"to":"member","begin":"2026-09-21","end":"2026-09-30"}`: "delegation.self",
		`{"to":"clerk","begin":"2026-09-30","end":"2026-09-21"}`:  "delegation.term",
		`{"to":"clerk","begin":"2026-01-01","end":"2026-02-01"}`:  "delegation.term",
		`{"to":"clerk","begin":"2026-09-21","end":"2028-09-30"}`:  "delegation.long",
		`{"to":"clerk","begin":"2026-09-21","end":"2026-09-31"}`:  "input.invalid",
	} {
		r := member.do(http.MethodPost, "/delegations", body)
		require.Equal(t, 422, r.Code, r.Body.String())
		require.Contains(t, r.Body.String(), strings.Split(code, ".")[0])
	}
	people := read[[]Person](t, member.do(http.MethodGet, "/units/XW-CZ/people", nil))
	require.Len(t, people, 2)
	require.Equal(t, "colleague", people[0].User)
	changes := read[ListDiff](t, member.do(http.MethodGet, "/lists/XW/diff?from=2026.2", nil)).Changes
	old, now := w.lists[1].Items, w.lists[0].Items
	require.Equal(t, []ItemChange{
		{Op: "change", No: "20", Old: &old[0], New: &now[0]}, {Op: "add", No: "21", New: &now[1]}, {Op: "remove", No: "3", Old: &old[1]},
	}, changes)
	hits := read[[]ListHit](t, member.do(http.MethodGet, "/lists/XW/search?q=%E5%95%86%E6%88%B7%E6%89%AB%E7%A0%81%E7%8E%8795%25", nil))
	require.Len(t, hits, 1)
	require.Equal(t, []string{"扫码率"}, hits[0].Words)
}
