package server

import (
	"bufio"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/procedure"
	"gongzhi/record"
)

// listener is an open stream, over a real connection.
type listener struct {
	t     *testing.T
	res   *http.Response
	lines chan string // closed at the end of the stream
}

type message struct {
	id, event, data string
}

func (w *world) listen(login, lastID string) *listener {
	w.t.Helper()
	web := httptest.NewServer(w.s.Handler())
	w.t.Cleanup(web.Close)
	w.t.Cleanup(w.s.Close) // before the web server, which waits for its streams
	return w.listenAt(web, w.as(login).cookie, lastID)
}

func (w *world) listenAt(web *httptest.Server, cookie, lastID string) *listener {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, web.URL+prefix+"/stream", nil)
	require.NoError(w.t, err)
	r.Header.Set("Cookie", cookie)
	if lastID != "" {
		r.Header.Set("Last-Event-ID", lastID)
	}
	res, err := web.Client().Do(r)
	require.NoError(w.t, err)
	w.t.Cleanup(func() { _ = res.Body.Close() })
	l := &listener{t: w.t, res: res, lines: make(chan string, 1000)}
	go func() {
		defer close(l.lines)
		for s := bufio.NewScanner(res.Body); s.Scan(); {
			l.lines <- s.Text()
		}
	}()
	return l
}

// patience is how long a test waits for an event; heartbeats do not count.
const patience = 10 * time.Second

// line gives the next line, or fails when the time is up.
func (l *listener) line(up <-chan time.Time) (string, bool) {
	l.t.Helper()
	select {
	case line, open := <-l.lines:
		return line, open
	case <-up:
		l.t.Fatal("the stream does not say what it should")
		return "", false
	}
}

// first gives the first line of a stream.
func (l *listener) first() string {
	l.t.Helper()
	line, open := l.line(time.After(patience))
	require.True(l.t, open, "the stream ended")
	return line
}

// next gives the next event, comments left out.
func (l *listener) next() message {
	l.t.Helper()
	var m message
	for up := time.After(patience); ; {
		line, open := l.line(up)
		require.True(l.t, open, "the stream ended")
		name, value, _ := strings.Cut(line, ": ")
		switch name {
		case "id":
			m.id = value
		case "event":
			m.event = value
		case "data":
			m.data = value
		case "":
			if m.event != "" {
				return m
			}
		}
	}
}

// ended waits for the end of the stream.
func (l *listener) ended() {
	l.t.Helper()
	for up := time.After(patience); ; {
		if _, open := l.line(up); !open {
			return
		}
	}
}

func (w *world) change(id int64, number string, seq int64, kind procedure.EventType) {
	defer w.lock()()
	w.changes = append(w.changes, record.Change{ID: id, Case: number, Seq: seq, Type: kind})
}

func TestStream(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.cases["HC-ZR-2026-001"], w.paths["HC-ZR-2026-001"] = record.Case{Number: "HC-ZR-2026-001"}, "/YT/HC/"
	w.change(1, "XW-ZR-2026-014", 1, procedure.CaseStarted)
	l := w.listen("member", "")
	require.Equal(t, 200, l.res.StatusCode)
	require.Equal(t, "text/event-stream", l.res.Header.Get("Content-Type"))
	require.Equal(t, "no-store", l.res.Header.Get("Cache-Control"))
	require.Equal(t, ": ok", l.first(), "the stream says at once that it is there")

	w.change(2, "HC-ZR-2026-001", 1, procedure.CaseStarted) // of another district
	w.change(3, "XW-ZR-2026-014", 2, procedure.TaskAnswered)
	m := l.next()
	require.Equal(t, "change", m.event)
	require.Equal(t, "3", m.id)
	var c StreamChange
	require.NoError(t, json.Unmarshal([]byte(m.data), &c))
	require.Equal(t, StreamChange{ID: 3, Case: "XW-ZR-2026-014", Seq: 2, Types: []procedure.EventType{procedure.TaskAnswered}}, c)
	m = l.next()
	require.Equal(t, "counts", m.event)
	require.JSONEq(t, `{"todo":1,"today":0,"yellow":0,"red":0,"done":0,"started":0,"copied":0,"overdue":0,"messages":0}`, m.data)

	// A change with an earlier id that was committed later is not lost.
	w.change(10, "XW-ZR-2026-014", 4, procedure.TaskOpened)
	require.Equal(t, "10", l.next().id)
	require.Equal(t, "counts", l.next().event)
	w.change(9, "XW-ZR-2026-014", 3, procedure.StageLeft)
	m = l.next()
	require.Contains(t, m.data, "stage.left")
	require.Equal(t, "10", m.id, "ids never go back")
}

func TestStreamResumes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range int64(5) {
		w.change(i+1, "XW-ZR-2026-014", i+1, procedure.TaskOpened)
	}
	l := w.listen("member", "3")
	m := l.next()
	require.Equal(t, "5", m.id)
	require.Contains(t, m.data, `"seq":5`)
	refusedWith(t, w.as("member").do(http.MethodGet, "/stream", nil, "Last-Event-ID", "x"), 422, "stream.last")
}

func TestStreamThatMissedTooMuch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range int64(replayMost + 5) {
		w.change(i+1, "XW-ZR-2026-014", i+1, procedure.TaskOpened)
	}
	require.Equal(t, "resync", w.listen("member", "1").next().event)
}

func TestStreamEndsWithTheSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	web := httptest.NewServer(w.s.Handler())
	t.Cleanup(web.Close)
	t.Cleanup(w.s.Close)
	c := w.as("member")
	l := w.listenAt(web, c.cookie, "")
	require.Equal(t, ": ok", l.first())
	require.Equal(t, 204, c.do(http.MethodDelete, "/session", nil).Code)
	l.ended()
}

func TestStreamEndsWithTheServer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	l := w.listen("member", "")
	require.Equal(t, ": ok", l.first())
	w.s.Close()
	l.ended()
	refusedWith(t, w.as("member").do(http.MethodGet, "/stream", nil), 503, "server.stopping")
}

// TestStreamTellsAJump: every open page, whoever's, learns at once that the demonstration's time has jumped.
func TestStreamTellsAJump(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	l := w.listen("member", "")
	require.Equal(t, ": ok", l.first())
	view := read[ClockView](t, w.as("stranger").do(http.MethodPost, "/clock/jump", `{"to":"2026-09-28T09:00:00+08:00"}`))
	m := l.next()
	require.Equal(t, message{event: "clock", data: `{"now":"2026-09-28T09:00:00+08:00","speed":1}`}, m)
	require.True(t, view.Now.Equal(time.Date(2026, 9, 28, 1, 0, 0, 0, time.UTC)))
	refusedWith(t, w.as("stranger").do(http.MethodPost, "/clock/jump", `{"to":"2026-09-28T08:00:00+08:00"}`), 422, "clock.past")
	w.change(1, "XW-ZR-2026-014", 1, procedure.CaseStarted)
	require.Equal(t, "change", l.next().event, "a jump that is refused is no news")
}

// TestSlowStream fills the buffer of a stream that nobody reads: it is ended, and the others go on.
func TestSlowStream(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.s.hub
	slow, err := h.join(t.Context(), "a")
	require.NoError(t, err)
	fast, err := h.join(t.Context(), "b")
	require.NoError(t, err)
	for i := range waitingMost + 1 {
		h.send(news{changes: []record.Change{{ID: int64(i)}}})
		<-fast.ch
	}
	got := 0
	for range slow.ch {
		got++
	}
	require.Equal(t, waitingMost, got)
	require.Len(t, h.streams, 1)
	for range streamsPerson {
		_, err = h.join(t.Context(), "c")
		require.NoError(t, err)
	}
	_, err = h.join(t.Context(), "c")
	require.ErrorIs(t, err, errTooManyStreams)
}
