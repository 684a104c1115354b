package system

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// live is an open stream of changes; it remembers what arrived.
type live struct {
	mu     sync.Mutex
	cases  []string // in their order
	last   string   // id of the last event
	closed bool
}

// listen opens somebody's stream and waits until it flows.
func listen(t *testing.T, p *person, lastEventID string) *live {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.base+"/api/v1/stream", nil)
	require.NoError(t, err)
	if lastEventID != "" {
		r.Header.Set("Last-Event-ID", lastEventID)
	}
	resp, err := (&http.Client{Jar: p.http.Jar}).Do(r)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.Equal(t, "text/event-stream", resp.Header.Get("Content-Type"))
	lines := bufio.NewScanner(resp.Body)
	require.True(t, lines.Scan(), "a stream begins with a comment at once")
	l := &live{}
	go func() {
		defer func() { _ = resp.Body.Close() }()
		l.follow(lines)
	}()
	return l
}

func (l *live) follow(lines *bufio.Scanner) {
	var id, name string
	for lines.Scan() {
		field, value, _ := strings.Cut(lines.Text(), ": ")
		switch field {
		case "id":
			id = value
		case "event":
			name = value
		case "data":
			var change struct{ Case string }
			if name == "change" && json.Unmarshal([]byte(value), &change) == nil {
				l.mu.Lock()
				l.cases, l.last = append(l.cases, change.Case), id
				l.mu.Unlock()
			}
		}
	}
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
}

func (l *live) saw(number string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Contains(l.cases, number)
}

func (l *live) position() (last string, closed bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last, l.closed
}

// TestStreamReachesThoseWhoMaySee: what one person does arrives at another's screen, and never at a foreign unit's.
func TestStreamReachesThoseWhoMaySee(t *testing.T) {
	t.Parallel()
	_, w := demonstration(t)
	office := listen(t, w.as(t, "office.qian"), "")
	owner := listen(t, w.as(t, "tjj.sun"), "")
	foreign := listen(t, w.as(t, "swj.zhou"), "")
	street := listen(t, w.as(t, "jd02.wei"), "")

	const soon = 5 * time.Second // the feed is read twice a second
	first := w.file(t, "tjj.sun", "admission", application("只有一个街道的事", "0101"))
	eventually(t, "the office and the applicant see the filing", soon, func() bool { return office.saw(first) && owner.saw(first) })
	w.answer(t, "office.qian", first, "formal-review", "accept", "")
	before, _ := owner.position()

	// The feed is in order: when a later change has arrived, an earlier one that did not come will never come.
	second := w.file(t, "swj.zhou", "admission", application("商务局自己的事", "0201"))
	w.answer(t, "office.qian", second, "formal-review", "accept", "")
	eventually(t, "the other department and the other street see theirs", soon, func() bool { return foreign.saw(second) && street.saw(second) })
	eventually(t, "the office sees both", soon, func() bool { return office.saw(second) })
	require.False(t, foreign.saw(first), "a foreign unit's stream got the case of another department")
	require.False(t, street.saw(first), "a street got the case of another street")
	require.False(t, owner.saw(second))

	// Who comes back names the last event, and gets what was missed.
	w.answer(t, "jd01.jin", first, "street-hearing", "agree", "")
	back := listen(t, w.as(t, "tjj.sun"), before)
	eventually(t, "what was missed is sent again", soon, func() bool { return back.saw(first) })

	// Without a session there is no stream; and it ends with the session.
	r := stranger(w.base).do(t, request{method: "GET", path: "/stream"})
	require.Equal(t, http.StatusUnauthorized, r.status)
}
