package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"

	"gongzhi/ops"
	"gongzhi/procedure"
	"gongzhi/record"
)

const (
	pollEvery     = 500 * time.Millisecond
	heartbeat     = 15 * time.Second
	writeWithin   = 10 * time.Second
	replayMost    = 1000
	pollMost      = 500
	waitingMost   = 64  // batches a slow reader may be behind; then it must come again
	overlap       = 200 // ids read again: a transaction may commit after one with a later id
	streamsMost   = 2000
	streamsPerson = 10
)

// StreamChange is one live event: what was recorded in a case.
type StreamChange struct {
	ID    int64                 `json:"id"`
	Case  string                `json:"case"`
	Seq   int64                 `json:"seq"`
	Types []procedure.EventType `json:"types"`
}

// StreamClock is another live event: the demonstration's time has jumped. A demonstration is one process, so that its hub
// reaches everybody.
type StreamClock struct {
	Now   time.Time `json:"now"`
	Speed int64     `json:"speed"`
}

// StreamIncidents is another live event, for those who watch over what does not move (运行监控): the list is not what it was.
type StreamIncidents struct {
	ID int64 `json:"id"`
}

// news is what the hub passes on: what was recorded, or a jump of the clock.
type news struct {
	changes []record.Change
	clock   *StreamClock
	told    map[string]bool // users who got messages
}

// hub polls the feed of changes once for the whole process and passes it on to every stream.
type hub struct {
	reader Reader
	inbox  Messages
	failed func(error)
	every  time.Duration

	mu      sync.Mutex
	streams map[*subscription]struct{}
	people  map[string]int
	cancel  context.CancelFunc // of the poller, nil while it does not run
	done    chan struct{}
	closed  bool
}

// subscription is one stream. Its channel is closed when the stream is too slow or the server stops.
type subscription struct {
	user string
	ch   chan news
}

var errTooManyStreams = newProblem(http.StatusTooManyRequests, "stream.too_many", "打开的页面过多，实时更新已停止。请关闭一些页面。")

// join starts the poller with the first stream. What is recorded after join has returned reaches the stream.
func (h *hub) join(ctx context.Context, user string) (*subscription, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil, newProblem(http.StatusServiceUnavailable, "server.stopping", "系统正在重启，请稍候。")
	}
	if len(h.streams) >= streamsMost || h.people[user] >= streamsPerson {
		return nil, errTooManyStreams
	}
	if h.cancel == nil {
		f, err := newFeed(ctx, h.reader, h.inbox)
		if err != nil {
			return nil, err
		}
		polling, cancel := context.WithCancel(context.Background()) // it outlives the stream that started it
		h.cancel, h.done = cancel, make(chan struct{})
		go h.poll(polling, f, h.done)
	}
	sub := &subscription{user: user, ch: make(chan news, waitingMost)}
	h.streams[sub] = struct{}{}
	h.people[user]++
	return sub, nil
}

func (h *hub) leave(sub *subscription) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.drop(sub)
}

// drop ends a stream; the caller holds the lock.
func (h *hub) drop(sub *subscription) {
	if _, in := h.streams[sub]; !in {
		return
	}
	delete(h.streams, sub)
	close(sub.ch)
	if h.people[sub.user]--; h.people[sub.user] <= 0 {
		delete(h.people, sub.user)
	}
}

// close ends every stream and the poller.
func (h *hub) close() {
	h.mu.Lock()
	h.closed = true
	for sub := range h.streams {
		h.drop(sub)
	}
	cancel, done := h.cancel, h.done
	h.mu.Unlock()
	if cancel != nil {
		cancel()
		<-done
	}
}

// poll reads new changes until its context ends.
func (h *hub) poll(ctx context.Context, f *feed, done chan struct{}) {
	defer close(done)
	tick := time.NewTicker(h.every)
	defer tick.Stop()
	for {
		fresh, err := f.next(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			h.failed(err)
		}
		if len(fresh) > 0 {
			h.send(news{changes: fresh})
		}
		told, err := f.told(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			h.failed(err)
		}
		if len(told) > 0 {
			h.send(news{told: told})
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

func (h *hub) send(n news) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for sub := range h.streams {
		select {
		case sub.ch <- n:
		default:
			h.drop(sub) // it comes again with Last-Event-ID
		}
	}
}

// feed reads changes in order without losing those that were committed late.
type feed struct {
	reader Reader
	inbox  Messages
	last   int64
	seen   map[int64]bool // of the ids that are read again
	newest int64          // number of the newest message
}

// newFeed starts at the present: what is already recorded is not news.
func newFeed(ctx context.Context, r Reader, inbox Messages) (*feed, error) {
	last, err := r.LastChange(ctx)
	if err != nil {
		return nil, err
	}
	f := &feed{reader: r, inbox: inbox, last: last, seen: map[int64]bool{}}
	if f.newest, err = inbox.LastMessage(ctx); err != nil {
		return nil, err
	}
	_, err = f.next(ctx)
	return f, err
}

// told names the users who got messages since it was last asked.
func (f *feed) told(ctx context.Context) (map[string]bool, error) {
	users, newest, err := f.inbox.MessagesAfter(ctx, f.newest)
	if err != nil {
		return nil, err
	}
	f.newest = newest
	return users, nil
}

// next gives the changes not given before.
func (f *feed) next(ctx context.Context) ([]record.Change, error) {
	var fresh []record.Change
	for after := max(f.last-overlap, 0); ; {
		page, err := f.reader.Changes(ctx, after, pollMost)
		if err != nil {
			return fresh, err
		}
		for _, c := range page {
			after = max(after, c.ID)
			if !f.seen[c.ID] {
				f.seen[c.ID] = true
				fresh = append(fresh, c)
			}
		}
		f.last = max(f.last, after)
		if len(page) < pollMost {
			break
		}
	}
	for id := range f.seen {
		if id < f.last-overlap {
			delete(f.seen, id)
		}
	}
	return fresh, nil
}

// byCase joins the changes of a batch that belong to one case, in the order of their last ids.
func byCase(changes []record.Change) []StreamChange {
	var out []StreamChange
	for _, c := range changes {
		i := slices.IndexFunc(out, func(s StreamChange) bool { return s.Case == c.Case })
		if i < 0 {
			i = len(out)
			out = append(out, StreamChange{Case: c.Case})
		}
		out[i].ID, out[i].Seq = max(out[i].ID, c.ID), max(out[i].Seq, c.Seq)
		if !slices.Contains(out[i].Types, c.Type) {
			out[i].Types = append(out[i].Types, c.Type)
		}
	}
	slices.SortFunc(out, func(a, b StreamChange) int { return int(a.ID - b.ID) })
	return out
}

func (s *Server) stream(ctx context.Context, in *streamInput) (*streamReply, error) {
	from := int64(-1)
	if in.LastEventID != "" {
		n, err := strconv.ParseInt(in.LastEventID, 10, 64)
		if err != nil || n < 0 {
			return nil, invalid("stream.last", "Last-Event-ID 应为先前收到的编号。")
		}
		from = n
	}
	sub, err := s.hub.join(ctx, whoIs(ctx).User.ID)
	if err != nil {
		return nil, err
	}
	return &streamReply{Body: func(hc huma.Context) {
		defer s.hub.leave(sub)
		conn := http.NewResponseController(humagin.Unwrap(hc).Writer)
		defer func() { _ = conn.SetWriteDeadline(time.Time{}) }() // the connection may serve other requests
		hc.SetHeader("Content-Type", "text/event-stream")
		hc.SetHeader("X-Accel-Buffering", "no") // nginx would hold events back
		hc.SetStatus(http.StatusOK)
		l := &live{s: s, who: whoIs(ctx), out: sink{w: hc.BodyWriter(), c: conn, now: s.wall}}
		if err := l.run(ctx, sub, from); err != nil && !errors.Is(err, context.Canceled) {
			s.Logger.InfoContext(ctx, "stream ended", "error", err)
		}
	}}, nil
}

// live is one running stream.
type live struct {
	s    *Server
	who  *Principal
	out  sink
	last int64
}

func (l *live) run(ctx context.Context, sub *subscription, from int64) error {
	if err := l.out.comment("ok"); err != nil {
		return err
	}
	if from >= 0 {
		missed, err := l.s.Reader.Changes(ctx, from, replayMost)
		if err != nil {
			return err
		}
		if len(missed) == replayMost {
			if err := l.out.event(0, "resync", struct{}{}); err != nil {
				return err
			}
		}
		if err := l.pass(ctx, missed); err != nil {
			return err
		}
	}
	beat := time.NewTicker(l.s.beat)
	defer beat.Stop()
	for {
		select {
		case n, open := <-sub.ch:
			if !open {
				return nil
			}
			if n.clock != nil {
				if err := l.out.event(0, "clock", n.clock); err != nil {
					return err
				}
				continue
			}
			if n.told != nil {
				if n.told[l.who.User.ID] {
					if err := l.counts(ctx); err != nil {
						return err
					}
				}
				continue
			}
			if err := l.pass(ctx, n.changes); err != nil {
				return err
			}
		case <-beat.C:
			who, err := l.s.again(ctx)
			if err != nil || who == nil {
				return err // the session has ended
			}
			l.who = who
			if err := l.out.comment("beat"); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// pass sends what the session may see, and new counts after it.
func (l *live) pass(ctx context.Context, changes []record.Change) error {
	changes, incidents := apart(changes)
	if incidents > 0 && slices.Contains(watchers, l.who.Active.Role) {
		l.last = max(l.last, incidents)
		if err := l.out.event(l.last, "incidents", StreamIncidents{ID: incidents}); err != nil {
			return err
		}
	}
	joined := byCase(changes)
	numbers := make([]string, 0, len(joined))
	for _, c := range joined {
		numbers = append(numbers, c.Case)
	}
	visible, err := l.s.Reader.Visible(ctx, l.who.Scope, numbers)
	if err != nil {
		return err
	}
	sent := false
	for _, c := range joined {
		if !visible[c.Case] {
			continue
		}
		l.last = max(l.last, c.ID)
		if err := l.out.event(l.last, "change", c); err != nil {
			return err
		}
		sent = true
	}
	if !sent {
		return nil
	}
	return l.counts(ctx)
}

// counts sends the numbers of the desk, with the unread messages.
func (l *live) counts(ctx context.Context) error {
	counts, err := l.s.countsOf(ctx, l.who)
	if err != nil {
		return err
	}
	return l.out.event(0, "counts", counts)
}

// apart takes the changes of the list of incidents, which belong to no case, from the others, and gives the id of the last; 0 when
// there is none.
func apart(changes []record.Change) (rest []record.Change, incidents int64) {
	for _, c := range changes {
		if c.Type == ops.ChangeType {
			incidents = max(incidents, c.ID)
			continue
		}
		rest = append(rest, c)
	}
	return rest, incidents
}

// again reads the session anew: a stream outlives the request that opened it, but not the session.
func (s *Server) again(ctx context.Context) (*Principal, error) {
	m := manager(ctx)
	base, ok := ctx.Value(baseKey{}).(context.Context)
	if m == nil || !ok {
		return nil, nil
	}
	fresh, err := m.Load(base, m.Token(ctx))
	if err != nil {
		return nil, err
	}
	return s.principal(context.WithValue(context.WithValue(fresh, managerKey{}, m), quietKey{}, true))
}

// sink writes server-sent events, each within a time limit.
type sink struct {
	w   io.Writer
	c   *http.ResponseController
	now func() time.Time
}

func (k sink) comment(text string) error { return k.flush(fmt.Appendf(nil, ": %s\n\n", text)) }

func (k sink) event(id int64, name string, data any) error {
	raw, err := json.Marshal(data)
	if err != nil {
		return err
	}
	var b []byte
	if id > 0 {
		b = fmt.Appendf(b, "id: %d\n", id)
	}
	return k.flush(fmt.Appendf(b, "event: %s\ndata: %s\n\n", name, raw))
}

func (k sink) flush(b []byte) error {
	// A writer that cannot set a deadline, as in a test, is not slow either.
	if err := k.c.SetWriteDeadline(k.now().Add(writeWithin)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	if _, err := k.w.Write(b); err != nil {
		return err
	}
	return k.c.Flush()
}
