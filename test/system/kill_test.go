package system

import (
	crand "crypto/rand"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/demo"
	"gongzhi/procedure"
	"gongzhi/procedure/admission"
	"gongzhi/record"
)

// crowd works on the cases of a town until its program dies: one files, the others answer what lies before them.
type crowd struct {
	town *town
	// sent counts the writes that were begun; the program is killed when it reaches a number.
	sent   atomic.Int64
	after  int64
	strike func()
	form   func(title string) admission.Form // what is filed; nil: an application of the demonstration
	// over ends the work of a crowd whose program lives on, while what it stands on is killed; nil: the program dies.
	over func() bool

	mu       sync.Mutex
	written  []acknowledged
	unknown  []unanswered
	refused  int
	failures []string
}

// unanswered is a write of which nobody knows what came of it.
type unanswered struct {
	person *person
	q      request
}

// leftAlone is the title of the case that nobody works on: its timer must fire in the end.
const leftAlone = "无人办理的一件"

var workers = []string{"office.qian", "office.xu", "jd01.jin", "jd02.wei", "sq0101.tao", "sq0201.xie"}

// work returns when every member has lost the program.
func (c *crowd) work(seed uint64) {
	var all sync.WaitGroup
	all.Go(func() {
		c.loop("tjj.sun", rand.New(rand.NewPCG(seed, 0)), func(p *person, r *rand.Rand) (string, any, bool) {
			f := application("一件", "0101", "0201")
			if c.form != nil {
				f = c.form("一件")
			}
			return "/cases", filing(admission.Kind, f), true
		})
	})
	for i, login := range workers {
		all.Go(func() { c.loop(login, rand.New(rand.NewPCG(seed, uint64(i+1))), c.next) })
	}
	all.Wait()
}

// loop repeats one member's work until no answer comes any more.
func (c *crowd) loop(login string, r *rand.Rand, next func(*person, *rand.Rand) (path string, body any, ok bool)) {
	p, err := c.town.person(login)
	if err != nil {
		c.note(login + ": " + err.Error())
		return
	}
	for c.over == nil || !c.over() {
		path, body, ok := next(p, r)
		if !ok {
			if _, err := p.send(request{method: "GET", path: "/session"}); err != nil {
				return
			}
			continue
		}
		if c.sent.Add(1) == c.after {
			time.AfterFunc(time.Duration(r.IntN(20_000))*time.Microsecond, c.strike)
		}
		if !c.write(p, path, body) {
			return
		}
		for c.over != nil && !c.over() && away(p) { // one write each is enough to lose
		}
	}
}

// away tells whether the program cannot ask its database.
func away(p *person) bool {
	r, err := p.send(request{method: "GET", path: "/session"})
	return err == nil && r.status == http.StatusServiceUnavailable
}

// next picks one of somebody's open tasks.
func (c *crowd) next(p *person, r *rand.Rand) (string, any, bool) {
	got, err := p.send(request{method: "GET", path: "/tasks?limit=20"})
	if err != nil || got.status != http.StatusOK {
		return "", nil, false
	}
	var page struct{ Items []struct{ Task record.Task } }
	if json.Unmarshal(got.body, &page) != nil {
		return "", nil, false
	}
	todo := slices.DeleteFunc(page.Items, func(x struct{ Task record.Task }) bool { return x.Task.CaseTitle == leftAlone })
	if len(todo) == 0 {
		return "", nil, false
	}
	task := todo[r.IntN(len(todo))].Task
	return actions(task.ID), decision(forward(task), "已阅，同意"), true
}

// forward is the answer by which a case goes on.
func forward(task record.Task) procedure.Answer {
	for _, o := range task.Options {
		if o.Effect == procedure.Forward && !o.Danger {
			return o.Answer
		}
	}
	return ""
}

// write sends one write and remembers what was promised. It is false when no answer came.
func (c *crowd) write(p *person, path string, body any) bool {
	q := request{method: "POST", path: path, body: body, key: crand.Text()}
	r, err := p.send(q)
	c.mu.Lock()
	defer c.mu.Unlock()
	var done result
	switch {
	case err != nil:
		c.unknown = append(c.unknown, unanswered{p, q})
		return false
	case c.over != nil && r.status == http.StatusServiceUnavailable && chinese(r.refusal().Detail):
		c.unknown = append(c.unknown, unanswered{p, q})
	case r.fault() != "":
		c.failures = append(c.failures, r.fault())
	case r.status >= 400:
		c.refused++
	case json.Unmarshal(r.body, &done) != nil:
		c.failures = append(c.failures, "not readable: "+r.String())
	default:
		c.written = append(c.written, acknowledged{q.key, p.login, r.status, done.Number})
	}
	return true
}

func (c *crowd) note(failure string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failures = append(c.failures, failure)
}

// TestKilledAndStartedAgain kills the program under load at random moments. Nothing it acknowledged may be missing, every open
// case goes on, timers fire, the record is whole, and the projections are those of the record.
func TestKilledAndStartedAgain(t *testing.T) {
	t.Parallel()
	r := random(t)
	dir := t.TempDir()
	file := filepath.Join(dir, "gongzhi.db")
	var written []acknowledged
	var alone string
	var w *town
	for round := range 3 {
		p := up(t, nil, dir, "--demo")
		if w == nil {
			w = newTown(p.url, demo.Password)
			alone = w.file(t, "tjj.sun", admission.Kind, application(leftAlone))
		}
		w = w.moved(p.url)
		for _, login := range append(workers, "tjj.sun", "ops.bai") {
			w.as(t, login)
		}
		db := openFile(t, file)
		require.Empty(t, lost(t, db, written), "round %d: lost", round)
		goOn(t, w)

		c := &crowd{town: w, after: 5 + r.Int64N(60), strike: func() { _ = p.cmd.Process.Kill() }}
		c.work(r.Uint64())
		<-p.exited
		require.Empty(t, c.failures)
		t.Logf("round %d: killed at write %d: %d acknowledged, %d refused, %d without an answer", round, c.after, len(c.written), c.refused, len(c.unknown))
		require.NotEmpty(t, c.written, "nothing was acknowledged: the round proves nothing")
		written = append(written, c.written...)
		require.NoError(t, db.Close())
	}

	p := up(t, nil, dir, "--demo")
	w = w.moved(p.url)
	db := openFile(t, file)
	require.Empty(t, lost(t, db, written))
	eventually(t, "the relay settles every command", sweepLimit, func() bool { return pending(t, db) == 0 })
	require.Empty(t, lost(t, db, written), "after the relay")
	goOn(t, w)

	// The formal review was due on 10 September; its timers were set before four deaths.
	w.jump(t, moment(t, "2026-09-11 10:00"))
	eventually(t, "the reminders of the case that nobody works on", settleLimit, func() bool { return reminded(t, w, alone, procedure.RungEscalate) })
	for _, rung := range []procedure.Rung{procedure.RungYellow, procedure.RungDue, procedure.RungRed} {
		require.True(t, reminded(t, w, alone, rung), rung)
	}
	numbers := column(t, db, "SELECT number FROM cases ORDER BY number")
	require.NoError(t, db.Close())
	code, _ := p.stop(t)
	require.Zero(t, code, "%s", p.out)
	wholeAndRebuilt(t, dir, numbers)
	noticesWhatIsMissing(t, dir, written)
}

// goOn acts on every open case, and waits until every action is done.
func goOn(t *testing.T, w *town) {
	t.Helper()
	var page struct{ Items []record.Case }
	w.as(t, "ops.bai").get(t, "/cases?open=true&limit=200", &page)
	promised := map[string]*person{}
	for _, k := range page.Items {
		if k.Title == leftAlone {
			continue
		}
		task, login := inCourt(t, w, k.Number)
		if login == "" {
			continue
		}
		p := w.as(t, login)
		got := p.do(t, request{method: "POST", path: actions(task.ID), body: goAhead(t, w, login, task)})
		// A command that got no answer before the program died may be the task's answer by now.
		if got.status == http.StatusConflict && (got.says("task.closed") || got.says("task.answered")) {
			continue
		}
		require.Contains(t, []int{http.StatusOK, http.StatusAccepted}, got.status, "%s does not go on: %s", k.Number, got)
		var r result
		got.read(t, &r)
		promised[r.Command] = p
	}
	// The engine gives a dead worker's work to the next one after some seconds; until then an action is a promise.
	for command, p := range promised {
		eventually(t, p.login+"'s action "+command+" is done", sweepLimit, func() bool {
			v := state(t, p, command)
			if v.State == record.CommandRefused {
				require.Contains(t, []string{"task.closed", "task.answered"}, v.Code, "%+v", v)
			}
			return v.State != record.CommandPending
		})
	}
}

// inCourt waits for an open task of a case, and finds whose it is; nobody's when the case has ended.
func inCourt(t *testing.T, w *town, number string) (task record.Task, login string) {
	t.Helper()
	eventually(t, number+" lies in somebody's court", sweepLimit, func() bool {
		d := w.look(t, number)
		for _, x := range d.Tasks {
			for _, person := range demo.People() {
				if x.State == record.TaskOpen && person.Posts[0] == (demo.Seat{Unit: x.Holder.Unit, Role: x.Holder.Role}) {
					task, login = x, person.Login
					return true
				}
			}
		}
		return !d.Case.State.Open()
	})
	return task, login
}

func goAhead(t *testing.T, w *town, login string, task record.Task) map[string]any {
	t.Helper()
	for _, o := range task.Options {
		if o.Answer == forward(task) && o.Attachment {
			return decision(o.Answer, "同意", w.attach(t, login))
		}
	}
	return decision(forward(task), "同意")
}

func reminded(t *testing.T, w *town, number string, rung procedure.Rung) bool {
	t.Helper()
	return slices.ContainsFunc(w.events(t, number), func(e procedure.Event) bool {
		var r procedure.Reminded
		return e.Type == procedure.TaskReminded && json.Unmarshal(e.Data, &r) == nil && r.Rung == rung
	})
}

// wholeAndRebuilt verifies every case of a stopped program, and that rebuilding changes nothing; both can notice the contrary.
func wholeAndRebuilt(t *testing.T, dir string, numbers []string) {
	t.Helper()
	require.NotEmpty(t, numbers)
	for _, number := range numbers {
		require.Contains(t, must(t, "verify", "case", number, "--data", dir), "记录完整")
	}
	before := dump(t, filepath.Join(dir, "gongzhi.db"))
	require.Contains(t, must(t, "rebuild", "--data", dir), "重建")
	require.Equal(t, before, dump(t, filepath.Join(dir, "gongzhi.db")), "rebuilding changed something")

	// The control: a projection that was changed differs, and rebuilding brings back what the record says.
	spoiled, path := copyFolder(t, dir)
	db := openFile(t, path)
	_, err := db.ExecContext(t.Context(), "UPDATE cases SET state = 'terminated', body = replace(body, '一件', '半件')")
	require.NoError(t, err)
	require.NoError(t, db.Close())
	require.NotEqual(t, before, dump(t, path))
	must(t, "rebuild", "--data", spoiled)
	require.Equal(t, before, dump(t, path))
}

// noticesWhatIsMissing is the control of the check for lost writes, on a copy: without its events, without its row, and unsettled.
func noticesWhatIsMissing(t *testing.T, dir string, written []acknowledged) {
	t.Helper()
	i := slices.IndexFunc(written, func(a acknowledged) bool { return a.status == http.StatusOK })
	j := slices.IndexFunc(written, func(a acknowledged) bool { return a.status == http.StatusCreated })
	require.GreaterOrEqual(t, min(i, j), 0)
	for spoil, id := range map[string]string{
		"DELETE FROM events WHERE command = ?":                   written[i].id,
		"UPDATE commands SET state = 'pending' WHERE id = ?":     written[j].id,
		"UPDATE commands SET id = id || 'x' WHERE id = ?":        written[i].id,
		"UPDATE events SET command = '' WHERE command = ?":       written[j].id,
		"UPDATE commands SET state = 'refused' WHERE id = ?":     written[i].id,
		"UPDATE events SET note = note || '改' WHERE command = ?": written[i].id,
	} {
		copied, path := copyFolder(t, dir)
		db := openFile(t, path)
		number := column(t, db, "SELECT case_number FROM commands WHERE id = ?", id)[0]
		_, err := db.ExecContext(t.Context(), spoil, id)
		require.NoError(t, err, spoil)
		found := lost(t, db, written)
		require.NoError(t, db.Close())
		if !strings.Contains(spoil, "note") {
			require.Len(t, found, 1, spoil)
			require.Contains(t, found[0], id, spoil)
		}
		if strings.Contains(spoil, "events") {
			out, code := runs(t, "", "verify", "case", number, "--data", copied)
			require.NotZero(t, code, "%s: %s", spoil, out)
			require.Contains(t, out, "记录被改动过", spoil)
		}
	}
}
