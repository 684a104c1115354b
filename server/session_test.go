package server

import (
	"context"
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/record"
)

func (w *world) after(d time.Duration) {
	defer w.lock()()
	w.now = w.now.Add(d)
}

func login(c *client, login, password string) *httptest.ResponseRecorder {
	c.t.Helper()
	return c.keyed("", http.MethodPost, "/session", map[string]string{"login": login, "password": password})
}

func TestLoginAndLogout(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.client()
	require.Equal(t, 200, login(c, " Clerk ", testPassword).Code, "letters and spaces around do not matter")
	first := c.cookie
	require.Equal(t, 200, login(c, "clerk", testPassword).Code)
	require.NotEqual(t, first, c.cookie, "a new token at every login")
	stale := w.client()
	stale.cookie = first
	refusedWith(t, stale.do(http.MethodGet, "/session", nil), 401, "auth.signed_out")

	me := read[Me](t, c.do(http.MethodGet, "/session", nil))
	require.Equal(t, []string{"desk", "launch", "cases", "lists", "notices", "deadlines"}, me.Menu)
	kept := c.cookie
	require.Equal(t, 204, c.keyed("", http.MethodDelete, "/session", nil).Code)
	c.cookie = kept
	refusedWith(t, c.do(http.MethodGet, "/session", nil), 401, "auth.signed_out")
	for token := range w.sessions {
		require.NotContains(t, kept, token, "the store sees only hashes")
	}
}

// TestSessionEnds is everything that kills a session, each at the next request.
func TestSessionEnds(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(w *world){
		"idle":             func(w *world) { w.after(sessionIdle) },
		"old":              func(w *world) { w.after(sessionLife) },
		"account disabled": func(w *world) { w.users["clerk"] = record.User{ID: "clerk", Disabled: true} },
		"account gone":     func(w *world) { delete(w.users, "clerk") },
		"post ended":       func(w *world) { w.posts[0].To = "2026-09-20" },
		"password changed": func(w *world) { w.hashes["clerk"] = "another" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			c := w.as("clerk")
			w.after(accountAge)
			require.Equal(t, 200, c.do(http.MethodGet, "/session", nil).Code)
			change(w)
			w.after(accountAge)
			refusedWith(t, c.do(http.MethodGet, "/session", nil), 401, "auth.signed_out")
			require.Empty(t, w.sessions)
		})
	}
}

func TestSessionLivesWithUse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.as("clerk")
	for range 20 {
		w.after(29 * time.Minute)
		require.Equal(t, 200, c.do(http.MethodGet, "/session", nil).Code)
	}
	for range 5 { // 12 hours are the end, however busy
		w.after(29 * time.Minute)
		c.do(http.MethodGet, "/session", nil)
	}
	refusedWith(t, c.do(http.MethodGet, "/session", nil), 401, "auth.signed_out")
}

func TestCookie(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		request func(r *http.Request)
		change  func(o *Options)
		cookie  string // empty: refused
	}{
		"loopback":             {func(*http.Request) {}, func(o *Options) { o.Demo = false }, plainCookie},
		"far and plain":        {func(r *http.Request) { r.RemoteAddr = "10.0.0.9:1" }, func(o *Options) { o.Demo = false }, ""},
		"far, plain, allowed":  {func(r *http.Request) { r.RemoteAddr = "10.0.0.9:1" }, func(o *Options) { o.Demo, o.PlainHTTP = false, true }, plainCookie},
		"TLS":                  {func(r *http.Request) { r.TLS = &tls.ConnectionState{} }, func(o *Options) { o.Demo = false }, secureCookie},
		"trusted proxy":        {func(r *http.Request) { r.RemoteAddr = "10.0.0.9:1"; r.Header.Set("X-Forwarded-Proto", "https") }, func(o *Options) { o.Demo, o.TrustedProxies = false, []string{"10.0.0.0/8"} }, secureCookie},
		"a proxy nobody knows": {func(r *http.Request) { r.RemoteAddr = "10.0.0.9:1"; r.Header.Set("X-Forwarded-Proto", "https") }, func(o *Options) { o.Demo = false }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, c.change)
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, prefix+"/session", strings.NewReader(`{"login":"clerk","password":"`+testPassword+`"}`))
			r.Header.Set("Content-Type", "application/json")
			r.RemoteAddr = "127.0.0.1:1"
			c.request(r)
			rec := httptest.NewRecorder()
			w.s.Handler().ServeHTTP(rec, r)
			if c.cookie == "" {
				refusedWith(t, rec, 403, "auth.insecure")
				require.Empty(t, w.sessions)
				return
			}
			require.Equal(t, 200, rec.Code, rec.Body.String())
			cookies := rec.Result().Cookies()
			require.Len(t, cookies, 1)
			k := cookies[0]
			require.Equal(t, c.cookie, k.Name)
			require.Equal(t, c.cookie == secureCookie, k.Secure)
			require.True(t, k.HttpOnly)
			require.Equal(t, http.SameSiteLaxMode, k.SameSite)
			require.Equal(t, "/", k.Path)
			require.Empty(t, k.Domain)
			require.Equal(t, c.cookie == secureCookie, rec.Header().Get("Strict-Transport-Security") != "")
		})
	}
}

// TestLockout closes a pair of account and address, and nothing else.
func TestLockout(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var waits []time.Duration
	w.s.pause = func(_ context.Context, d time.Duration) error { waits = append(waits, d); return nil }
	thief, owner := w.client(), w.client()
	thief.addr, owner.addr = "192.0.2.66:1", "127.0.0.1:2"
	unknown := refusedWith(t, login(thief, "nobody", "x"), 401, "login.failed")
	for range maxAttempts {
		require.Equal(t, unknown, refusedWith(t, login(thief, "clerk", "wrong"), 401, "login.failed"), "the same words for known and unknown")
	}
	r := login(thief, "clerk", testPassword)
	refusedWith(t, r, 429, "login.locked")
	require.NotEmpty(t, r.Header().Get("Retry-After"))
	require.Equal(t, 200, login(owner, "clerk", testPassword).Code, "the owner, elsewhere, is not locked out")
	require.Equal(t, 200, login(thief, "member", testPassword).Code, "nor is a colleague behind the same address")
	thief.head.Set("X-Forwarded-For", "203.0.113.1")
	refusedWith(t, login(thief, "clerk", testPassword), 429, "login.locked")
	w.after(lockFor - time.Second)
	refusedWith(t, login(thief, "clerk", testPassword), 429, "login.locked")
	w.after(time.Second)
	require.Equal(t, 200, login(thief, "clerk", testPassword).Code)

	require.Empty(t, waits)
	for i := range 30 { // from 30 addresses
		guesser := w.client()
		guesser.addr = "192.0.2." + string(rune('0'+i%10)) + string(rune('0'+i/10)) + ":1"
		guesser.addr = strings.Replace(guesser.addr, "192.0.2.0", "192.0.2.1", 1)
		login(guesser, "street", "wrong")
	}
	require.NotEmpty(t, waits)
	require.LessOrEqual(t, waits[len(waits)-1], slowest)
	require.Greater(t, waits[len(waits)-1], waits[0])
	require.Equal(t, 200, login(owner, "street", testPassword).Code, "slow, but not shut")
}

func TestForwardedAddressNeedsATrustedProxy(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(o *Options) { o.TrustedProxies = []string{"127.0.0.1"} })
	proxied := w.client()
	proxied.head.Set("X-Forwarded-For", "203.0.113.1")
	for range maxAttempts {
		login(proxied, "clerk", "wrong")
	}
	refusedWith(t, login(proxied, "clerk", testPassword), 429, "login.locked")
	proxied.head.Set("X-Forwarded-For", "203.0.113.2")
	require.Equal(t, 200, login(proxied, "clerk", testPassword).Code)
}

func TestDisabledCannotLogIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.users["clerk"] = record.User{ID: "clerk", Disabled: true}
	refusedWith(t, login(w.client(), "clerk", testPassword), 401, "login.failed")
	w.posts = nil
	refusedWith(t, login(w.client(), "member", testPassword), 403, "login.no_post")
}

func TestChangePassword(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	here, there := w.as("clerk"), w.as("clerk")
	change := func(old, fresh string) *httptest.ResponseRecorder {
		return here.do(http.MethodPut, "/session/password", map[string]string{"old": old, "new": fresh})
	}
	refusedWith(t, change("wrong", "Xingwu-2027-tj"), 422, "password.wrong")
	refusedWith(t, change(testPassword, "short"), 422, "password.weak")
	refusedWith(t, change(testPassword, "onlysmallletters"), 422, "password.weak")
	refusedWith(t, change(testPassword, "My-Clerk-2027-x"), 422, "password.login")
	refusedWith(t, change(testPassword, testPassword), 422, "password.same")
	require.Equal(t, 204, change(testPassword, "Xingwu-2027-tj").Code)
	require.Equal(t, 200, here.do(http.MethodGet, "/session", nil).Code)
	w.after(accountAge)
	refusedWith(t, there.do(http.MethodGet, "/session", nil), 401, "auth.signed_out")
	require.Equal(t, 200, login(w.client(), "clerk", "Xingwu-2027-tj").Code)
}

func TestSwitchPost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.posts = append(w.posts, record.Post{ID: "p2", User: "clerk", Unit: "XW-CZ", UnitName: "区财政局", Role: "admission.member", From: "2026-01-01"})
	c := w.as("clerk")
	require.Equal(t, 403, c.do(http.MethodPost, w.taskPath(w.taskID)+"/actions", `{"action":"answer","answer":"agree"}`).Code)
	me := read[Me](t, c.do(http.MethodPut, "/session/post", `{"post":"p2"}`))
	require.Equal(t, "p2", me.Active.ID)
	require.Equal(t, 1, me.Counts.Todo)
	require.Equal(t, 200, c.do(http.MethodPost, w.taskPath(w.taskID)+"/actions", `{"action":"answer","answer":"agree"}`).Code)
	refusedWith(t, c.do(http.MethodPut, "/session/post", `{"post":"p-admin"}`), 404, "post.not_found")
}

// TestCrossOrigin is the matrix of what a browser may send from elsewhere.
func TestCrossOrigin(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.as("clerk")
	for name, k := range map[string]struct {
		heads  []string
		method string
		ok     bool
	}{
		"same origin":              {[]string{"Sec-Fetch-Site", "same-origin"}, http.MethodPost, true},
		"typed by the user":        {[]string{"Sec-Fetch-Site", "none"}, http.MethodPost, true},
		"another site":             {[]string{"Sec-Fetch-Site", "cross-site"}, http.MethodPost, false},
		"a sister host":            {[]string{"Sec-Fetch-Site", "same-site"}, http.MethodPost, false},
		"another site only reads":  {[]string{"Sec-Fetch-Site", "cross-site"}, http.MethodGet, true},
		"old browser, here":        {[]string{"Origin", "http://example.com"}, http.MethodPost, true},
		"old browser, there":       {[]string{"Origin", "http://evil.example"}, http.MethodPost, false},
		"old browser, null":        {[]string{"Origin", "null"}, http.MethodPost, false},
		"a program":                {nil, http.MethodPost, true},
		"old browser, other port":  {[]string{"Origin", "http://example.com:8443"}, http.MethodPost, false},
		"old browser, delete":      {[]string{"Origin", "http://evil.example"}, http.MethodDelete, false},
		"old browser, only a read": {[]string{"Origin", "http://evil.example"}, http.MethodGet, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path, body := "/drafts", any(nil)
			if k.method == http.MethodPost {
				body = `{"kind":"admission","title":"x","form":{}}`
			}
			mine := *c
			r := mine.do(k.method, path, body, k.heads...)
			if k.ok {
				require.Equal(t, 200, r.Code, r.Body.String())
				return
			}
			refusedWith(t, r, 403, "csrf.refused")
		})
	}
}
