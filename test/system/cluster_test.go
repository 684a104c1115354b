package system

import (
	"context"
	crand "crypto/rand"
	"database/sql"
	"encoding/json"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver «pgx»
	"github.com/stretchr/testify/require"

	"gongzhi/app"
	"gongzhi/calendar"
	"gongzhi/demo"
	"gongzhi/embedded"
	"gongzhi/procedure"
	"gongzhi/procedure/admission"
	"gongzhi/record"
	"gongzhi/server"
	"gongzhi/store"
	"gongzhi/test/pgtest"
)

// cluster is what the servers and workers of one installation share: an engine over TCP, a PostgreSQL, a folder of files.
type cluster struct {
	engine   *embedded.Server // nil: it is a program of its own
	env      []string
	dsn      string
	password string
}

// newCluster starts an engine in this process, and a cluster on it.
func newCluster(t *testing.T, beside map[string]time.Duration) *cluster {
	t.Helper()
	eng, err := embedded.Start(t.Context(), embedded.Options{Dir: t.TempDir(), Beside: beside, Logger: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, eng.Stop()) })
	c := clusterOn(t, pgtest.Schema(t), eng.HostPort())
	c.engine = eng
	return c
}

// clusterOn migrates the database with the server's own command, and settles the people of 星梧区 in it.
func clusterOn(t *testing.T, dsn, engine string) *cluster {
	t.Helper()
	c := &cluster{dsn: dsn, password: "Real-" + crand.Text() + "-1a", env: []string{
		"GONGZHI_DATABASE_URL=" + dsn,
		"GONGZHI_TEMPORAL_ADDRESS=" + engine,
		"GONGZHI_TEMPORAL_NAMESPACE=" + embedded.DefaultNamespace,
		"GONGZHI_LISTEN=127.0.0.1:0",
		"GONGZHI_BLOB_URL=file://" + filepath.ToSlash(t.TempDir()) + "?no_tmp_dir=true",
		"GONGZHI_BALLOT_KEY=" + strings.Repeat("0b", 32),
	}}
	c.command(t, "", "migrate")
	c.command(t, "", "migrate") // it may be repeated
	s, err := store.Open(t.Context(), store.Options{URL: dsn})
	require.NoError(t, err)
	hash := sync.OnceValues(func() (string, error) { return server.HashPassword(c.password) })
	require.NoError(t, demo.Seed(t.Context(), s, func(string) (string, error) { return hash() }))
	require.NoError(t, s.Close())
	return c
}

// command runs a command of gongzhi-server to its end.
func (c *cluster) command(t *testing.T, stdin string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), startLimit)
	defer cancel()
	cmd := command(ctx, c.env, "gongzhi-server", args...)
	if stdin != "" {
		in, err := cmd.StdinPipe()
		require.NoError(t, err)
		_, err = in.Write([]byte(stdin))
		require.NoError(t, err)
		require.NoError(t, in.Close())
	}
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "gongzhi-server %v: %s", args, out)
	return string(out)
}

func (c *cluster) server(t *testing.T) *program {
	t.Helper()
	return launch(t, c.env, "gongzhi-server").ready(t, "共治接口")
}

func (c *cluster) worker(t *testing.T) *program {
	t.Helper()
	return launch(t, c.env, "gongzhi-worker").ready(t, "共治办理程序已启动")
}

func (c *cluster) open(t *testing.T) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", c.dsn)
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// soon is an application that may be filed today, whatever day today is.
func soon(title string) admission.Form {
	f := application(title)
	today := calendar.DateOf(time.Now())
	f.Start, f.End = today.AddDays(75), today.AddDays(130)
	return f
}

// TestClusterWithoutWorker: what cannot be done yet is promised with 202, and is done by itself when a worker comes.
// The namespace of the housekeeping does not exist beforehand: the worker makes it.
func TestClusterWithoutWorker(t *testing.T) {
	t.Parallel()
	c := newCluster(t, nil)
	s := c.server(t)
	w := newTown(s.url, c.password)
	clerk := w.as(t, "tjj.sun")
	file := request{method: "POST", path: "/cases", body: filing(admission.Kind, soon("等人办理")), key: crand.Text()}
	got := clerk.do(t, file)
	require.Equal(t, http.StatusAccepted, got.status, "%s", got)
	var promised result
	got.read(t, &promised)
	require.Equal(t, record.CommandPending, promised.State)
	require.Equal(t, "/api/v1/commands/"+promised.Command, promised.Where)
	require.Equal(t, record.CommandPending, state(t, clerk, promised.Command).State)

	first := c.worker(t)
	eventually(t, "the promise is kept", sweepLimit, func() bool { return state(t, clerk, promised.Command).State == record.CommandDone })
	require.Equal(t, promised.Number, w.look(t, promised.Number).Case.Number)
	again := clerk.do(t, file)
	require.Equal(t, http.StatusCreated, again.status, "%s", again)

	// An action, in the same way: the worker goes, the action is promised, the next worker keeps the promise.
	task := w.task(t, promised.Number, "formal-review", "office.qian")
	code, _ := first.stop(t)
	require.Zero(t, code, "%s", first.out)
	office := w.as(t, "office.qian")
	var acted result
	got = office.do(t, request{method: "POST", path: actions(task.ID), body: decision(procedure.Accept, "")})
	require.Equal(t, http.StatusAccepted, got.status, "%s", got)
	got.read(t, &acted)
	require.Equal(t, record.TaskOpen, w.task(t, promised.Number, "formal-review", "office.qian").State, "nothing is shown that has not happened")
	c.worker(t)
	eventually(t, "the action is done", sweepLimit, func() bool { return state(t, office, acted.Command).State == record.CommandDone })
	require.Equal(t, 1, answers(t, w, promised.Number, "formal-review", acted.Command))
}

func state(t *testing.T, p *person, command string) (v struct {
	State        record.CommandState
	Code, Reason string
}) {
	t.Helper()
	p.get(t, "/commands/"+command, &v)
	return v
}

// TestClusterSurvives plays an application in real time on two servers and a worker, which are killed in the middle of actions.
func TestClusterSurvives(t *testing.T) {
	t.Parallel()
	c := newCluster(t, map[string]time.Duration{app.SweepsNamespace(embedded.DefaultNamespace): 24 * time.Hour})
	db := c.open(t)
	one, two, hand := c.server(t), c.server(t), c.worker(t)
	w := newTown(one.url, c.password)
	clerk := w.as(t, "tjj.sun")

	// The same key at both servers at once: one case, one decision.
	file := request{method: "POST", path: "/cases", body: filing(admission.Kind, soon("两台同收")), key: crand.Text()}
	replies := together(t, func() (reply, error) { return clerk.send(file) }, func() (reply, error) { return clerk.at(two.url).send(file) })
	var a, b result
	replies[0].read(t, &a)
	replies[1].read(t, &b)
	require.Equal(t, a, b)
	number := a.Number
	require.Len(t, column(t, db, "SELECT number FROM cases"), 1)
	task := w.task(t, number, "formal-review", "office.qian")
	office := w.as(t, "office.qian")
	accept := request{method: "POST", path: actions(task.ID), body: decision(procedure.Accept, ""), key: crand.Text()}
	for _, r := range together(t, func() (reply, error) { return office.send(accept) }, func() (reply, error) { return office.at(two.url).send(accept) }) {
		require.Equal(t, http.StatusOK, r.status, "%s", r)
	}
	require.Equal(t, 1, answers(t, w, number, "formal-review", ""))

	// The worker is killed while seven give their opinion.
	hearing := map[string]string{"jd01.jin": "street-hearing", "jd02.wei": "street-hearing", "sq0101.tao": "community-hearing",
		"sq0102.jiang": "community-hearing", "sq0103.qi": "community-hearing", "sq0201.xie": "community-hearing", "sq0202.zou": "community-hearing"}
	written := c.underFire(t, w, w, number, hearing, hand)
	hand = c.worker(t)
	c.kept(t, w, db, written)
	require.Equal(t, 2, answers(t, w, number, "street-hearing", ""))
	require.Equal(t, 5, answers(t, w, number, "community-hearing", ""))

	// The server is killed while six members assess; who got no answer asks the other server with the same key.
	members := map[string]string{}
	for _, login := range []string{"zzb.he", "sgb.lv", "mzj.shi", "czj.zhang", "sfj.kong", "jw.cao"} {
		members[login] = "joint-review"
		w.as(t, login)
	}
	other := w.moved(two.url)
	written = c.underFire(t, w, other, number, members, one)
	c.kept(t, other, db, written)
	require.Equal(t, 6, answers(t, other, number, "joint-review", ""))

	other.answer(t, "lxh.zhao", number, "decision", procedure.AgreeIf, "经费先到位")
	one = c.server(t)
	w = other.moved(one.url)
	w.answer(t, "office.xu", number, "publication", procedure.Publish, "")
	require.Equal(t, "2026.3", w.list(t, "current").Version)
	require.Contains(t, c.command(t, "", "verify", "case", number), "记录完整")
	before := w.look(t, number)
	require.Contains(t, c.command(t, "", "rebuild"), "重建 1 件")
	require.Equal(t, before, w.look(t, number), "rebuilding changed something")

	// Everything ends cleanly.
	for _, p := range []*program{one, two, hand} {
		code, took := p.stop(t)
		require.Zero(t, code, "%s: %s", p.name, p.out)
		require.Less(t, took, 10*time.Second, p.name)
	}
}

// underFire has everybody answer at once at one server and kills a program when the first answer has come. Who gets no answer
// repeats the request, with the same key, at the server that lives.
func (c *cluster) underFire(t *testing.T, w, living *town, number string, stages map[string]string, victim *program) []acknowledged {
	t.Helper()
	type call struct {
		login, key string
		q          request
	}
	var calls []call
	for login, stage := range stages {
		task, key := w.task(t, number, stage, login), crand.Text()
		calls = append(calls, call{login, key, request{method: "POST", path: actions(task.ID), body: decision(procedure.Agree, ""), key: key}})
	}
	var mu sync.Mutex
	var written []acknowledged
	var faults []string
	var all sync.WaitGroup
	var once sync.Once
	silent := 0
	for _, x := range calls {
		all.Go(func() {
			p, err := w.person(x.login)
			if err != nil {
				return
			}
			r, err := p.send(x.q)
			once.Do(func() { _ = victim.cmd.Process.Kill() })
			if err != nil {
				mu.Lock()
				silent++
				mu.Unlock()
				var q *person
				if q, err = living.person(x.login); err == nil {
					r, err = q.send(x.q)
				}
			}
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err != nil:
				faults = append(faults, err.Error())
			case r.status >= 300:
				faults = append(faults, r.String())
			default:
				written = append(written, acknowledged{x.key, x.login, r.status, number})
			}
		})
	}
	all.Wait()
	<-victim.exited
	require.Empty(t, faults)
	require.Len(t, written, len(calls))
	promised := 0
	for _, a := range written {
		if a.status == http.StatusAccepted {
			promised++
		}
	}
	t.Logf("%s killed: %d answers, %d of them promises, %d repeated", victim.name, len(written), promised, silent)
	return written
}

// kept waits until every promise is kept, and looks for what was lost.
func (c *cluster) kept(t *testing.T, w *town, db *sql.DB, written []acknowledged) {
	t.Helper()
	for _, a := range written {
		eventually(t, a.login+"'s action is done", sweepLimit, func() bool {
			v := state(t, w.as(t, a.login), a.id)
			require.NotEqual(t, record.CommandRefused, v.State, "%+v", v)
			return v.State == record.CommandDone
		})
	}
	require.Empty(t, lost(t, db, written))
}

// TestClusterRefusesWhatCannotWork: every mistake in the settings is named, and nothing starts half.
func TestClusterRefusesWhatCannotWork(t *testing.T) {
	t.Parallel()
	dsn := pgtest.Schema(t)
	for name, c := range map[string]struct {
		program string
		env     []string
		text    string
	}{
		"nothing set":        {"gongzhi-server", nil, "GONGZHI_DATABASE_URL"},
		"nothing to do with": {"gongzhi-worker", nil, "GONGZHI_DATABASE_URL"},
		"no files":           {"gongzhi-server", []string{"GONGZHI_DATABASE_URL=" + dsn}, "GONGZHI_BLOB_URL"},
		"no key of votes":    {"gongzhi-worker", []string{"GONGZHI_DATABASE_URL=" + dsn}, "GONGZHI_BALLOT_KEY"},
		"not migrated":       {"gongzhi-server", []string{"GONGZHI_DATABASE_URL=" + dsn, "GONGZHI_BLOB_URL=file:///tmp", "GONGZHI_BALLOT_KEY=" + strings.Repeat("0b", 32)}, "migrate"},
		"a short key":        {"gongzhi-worker", []string{"GONGZHI_DATABASE_URL=" + dsn, "GONGZHI_PAYLOAD_KEY=abc"}, "GONGZHI_PAYLOAD_KEY"},
		"twice":              {"gongzhi-worker", []string{"GONGZHI_DATABASE_URL=" + dsn, "GONGZHI_DATABASE_URL_FILE=/x"}, "只能给一个"},
	} {
		p := launch(t, c.env, c.program)
		require.NotZero(t, p.ends(t), name)
		require.Contains(t, p.out.String(), c.text, name)
		require.NotContains(t, p.out.String(), "已启动", name)
	}
}

// jsonInto decodes a payload.
func jsonInto(raw json.RawMessage, into any) error { return json.Unmarshal(raw, into) }
