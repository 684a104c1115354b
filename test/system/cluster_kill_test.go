package system

import (
	"net"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"gongzhi/app"
	"gongzhi/embedded"
	"gongzhi/procedure/admission"
	"gongzhi/test/pgtest"
)

// TestClusterOutlivesWhatItStandsOn kills the engine and PostgreSQL, each under load. Servers and workers are not started anew: they
// go on by themselves. Nothing that was acknowledged is missing, and what got no answer may be sent again.
func TestClusterOutlivesWhatItStandsOn(t *testing.T) {
	t.Parallel()
	r := random(t)
	pg := pgtest.Private(t)
	dir, listen := t.TempDir(), freeAddress(t)
	engine := func() *program {
		return launch(t, nil, "engine", dir, listen, app.SweepsNamespace(embedded.DefaultNamespace)).ready(t, "the engine answers")
	}
	eng := engine()
	c := clusterOn(t, pg.Schema(t), listen)
	db := c.open(t)
	one, _ := c.server(t), c.worker(t)
	w := newTown(one.url, c.password)
	for _, login := range append(workers, "tjj.sun", "ops.bai") {
		w.as(t, login)
	}
	for range 4 {
		w.file(t, "tjj.sun", admission.Kind, soon("先来的"))
	}

	var written []acknowledged
	for name, cut := range map[string]func(){
		"engine": func() {
			eng.kill()
			eng = engine()
		},
		"PostgreSQL": func() {
			require.NoError(t, pg.Kill())
			require.NoError(t, pg.Start(t.Context()))
		},
	} {
		var over atomic.Bool
		strike := make(chan struct{})
		k := &crowd{town: w, after: 10 + r.Int64N(30), over: over.Load, strike: func() { close(strike) },
			form: soon}
		worked := make(chan struct{})
		seed := r.Uint64()
		go func() {
			defer close(worked)
			k.work(seed)
		}()
		<-strike
		cut()
		k.mu.Lock()
		back := len(k.written)
		k.mu.Unlock()
		eventually(t, "the crowd works on after the "+name+" was killed", sweepLimit, func() bool {
			k.mu.Lock()
			defer k.mu.Unlock()
			return len(k.written) >= back+10
		})
		over.Store(true)
		<-worked
		require.Empty(t, k.failures, name)
		t.Logf("%s killed at write %d: %d acknowledged, %d refused, %d without an answer", name, k.after, len(k.written), k.refused, len(k.unknown))
		written = append(written, k.written...)
		written = append(written, k.repeat(t)...)
		eventually(t, "every command is settled after the "+name+" was killed", sweepLimit, func() bool { return pending(t, db) == 0 })
		require.Empty(t, lost(t, db, written), name)
	}
	require.Empty(t, column(t, db, "SELECT command FROM events WHERE type = 'task.answered' GROUP BY command HAVING count(*) > 1"), "answered twice")
	goOn(t, w)
	for _, number := range column(t, db, "SELECT number FROM cases ORDER BY number LIMIT 5") {
		require.Contains(t, c.command(t, "", "verify", "case", number), "记录完整")
	}
	noticesLoss(t, c, written)
}

// repeat sends what got no answer again, with its key: it is done once, or refused because somebody else was first.
func (c *crowd) repeat(t *testing.T) (written []acknowledged) {
	t.Helper()
	for _, u := range c.unknown {
		r := u.person.do(t, u.q)
		switch {
		case r.status == http.StatusConflict && (r.says("task.closed") || r.says("task.answered")):
		default:
			require.Less(t, r.status, 300, "%s", r)
			written = append(written, acknowledged{u.q.key, u.person.login, r.status, ""})
		}
	}
	return written
}

// noticesLoss is the control: an acknowledged write without its event is found.
func noticesLoss(t *testing.T, c *cluster, written []acknowledged) {
	t.Helper()
	db := c.open(t)
	tx, err := db.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	var id string
	require.NoError(t, tx.QueryRowContext(t.Context(), "UPDATE commands SET state = 'pending' WHERE id = $1 RETURNING id", written[0].id).Scan(&id))
	require.NoError(t, tx.Commit())
	require.Len(t, lost(t, db, written[:1]), 1)
}

// freeAddress is a port on which nobody listens now.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, l.Close()) }()
	return l.Addr().String()
}
