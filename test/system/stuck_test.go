package system

import (
	"database/sql"
	"net/http"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"
	_ "modernc.org/sqlite" // to break the database from outside

	"gongzhi/app"
	"gongzhi/demo"
	"gongzhi/embedded"
	"gongzhi/ops"
	"gongzhi/procedure"
	"gongzhi/procedure/admission"
	"gongzhi/record"
	"gongzhi/server"
)

// stuck has the detectors look, and returns what is on the list of a kind.
func (w *town) stuck(t *testing.T, kind ops.Kind) []server.IncidentView {
	t.Helper()
	var swept server.Swept
	w.as(t, "ops.bai").post(t, "/incidents/sweep", map[string]any{}, &swept)
	require.True(t, swept.Done)
	var page record.Page[server.IncidentView]
	w.as(t, "ops.bai").get(t, "/incidents?limit=200&kind="+string(kind), &page)
	return page.Items
}

// only is the one incident of a kind.
func (w *town) only(t *testing.T, kind ops.Kind) server.IncidentView {
	t.Helper()
	list := w.stuck(t, kind)
	require.Len(t, list, 1)
	return list[0]
}

// cure mends an incident and returns what came of it.
func (w *town) cure(t *testing.T, i server.IncidentView, order map[string]any) server.CureResult {
	t.Helper()
	order["version"] = i.Version
	if order["reason"] == nil {
		order["reason"] = "群众来电"
	}
	var r server.CureResult
	got := w.as(t, "ops.bai").post(t, "/incidents/"+i.ID+"/remedies", order, &r)
	require.Equal(t, http.StatusOK, got.status, "%s", got)
	return r
}

// TestStuckWorkIsFoundAndMended plays an operator's morning against the program: each trouble is made for real, is seen with its
// sentence, is mended from the list, and is gone.
func TestStuckWorkIsFoundAndMended(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := up(t, nil, dir, "--demo")
	w := newTown(p.url, demo.Password)
	number := w.file(t, "tjj.sun", admission.Kind, application("卡住", "0101"))
	review := w.task(t, number, "formal-review", "office.qian")
	require.Empty(t, w.stuck(t, ""))

	// A person is late. Urging does not mend it, and the list says so; extending the period does.
	w.jump(t, review.Due.AddDate(0, 0, 1))
	late := w.only(t, ops.Overdue)
	require.Contains(t, late.Sentence.Text, "区委社会工作部")
	require.Contains(t, late.Sentence.Text, "超期")
	require.Equal(t, number, late.Cases[0].Number)
	require.NotEmpty(t, late.Basis.Text, "the article that is breached")
	r := w.cure(t, late, map[string]any{"remedy": "urge"})
	require.True(t, r.Results[0].Done, "%+v", r)
	require.False(t, r.Mended)
	require.Equal(t, 1, w.byID(t, number, review.ID).Urged)
	r = w.cure(t, w.only(t, ops.Overdue), map[string]any{"remedy": "extend", "days": 3, "reason": "系统停机三日"})
	require.True(t, r.Mended, "%+v", r)
	require.Empty(t, w.stuck(t, ""))

	// Nobody can act: the only holder of a post leaves it. Whoever is given the task can.
	w.answer(t, "office.qian", number, "formal-review", procedure.Accept, "")
	w.answer(t, "jd01.jin", number, "street-hearing", procedure.Agree, "")
	hearing := w.task(t, number, "community-hearing", "sq0101.tao")
	var people []server.Person
	w.as(t, "admin.shui").get(t, "/units/0101/people", &people)
	n := slices.IndexFunc(people, func(u server.Person) bool { return u.User == "sq0101.tao" })
	require.GreaterOrEqual(t, n, 0)
	gone := w.as(t, "admin.shui").do(t, request{method: "DELETE", path: "/posts/" + people[n].Posts[0].ID})
	require.Less(t, gone.status, 300, "%s", gone)
	empty := w.only(t, ops.Unmanned)
	require.Contains(t, empty.Sentence.Text, "无人可办")
	r = w.cure(t, empty, map[string]any{"remedy": "reassign", "target": to("sq0101.jing", "0101")})
	require.True(t, r.Mended, "%+v", r)
	require.Equal(t, "sq0101.jing", w.byID(t, number, hearing.ID).Holder.User)

	// Engine and record disagree: the row that the pages read is lost. The record itself is whole.
	db, err := sql.Open("sqlite", "file:"+filepath.ToSlash(filepath.Join(dir, "gongzhi.db"))+"?_pragma=busy_timeout(10000)")
	require.NoError(t, err)
	before := w.look(t, number)
	_, err = db.ExecContext(t.Context(), "DELETE FROM cases WHERE number = ?", number)
	require.NoError(t, err)
	require.NoError(t, db.Close())
	var lost server.IncidentView // not in the first moments of a case: what the engine lists may be a little behind
	eventually(t, "the case is on the list", settleLimit, func() bool {
		list := w.stuck(t, ops.Disagree)
		if len(list) == 1 {
			lost = list[0]
		}
		return len(list) == 1
	})
	require.Contains(t, lost.Sentence.Text, "记录显示没有这件办件")
	r = w.cure(t, lost, map[string]any{"remedy": "reconcile", "cases": []string{number}})
	require.True(t, r.Results[0].Done, "%+v", r)
	require.Equal(t, before.Case.Title, w.look(t, number).Case.Title)
}

// TestACaseThatTheEngineHasEnded: somebody ends a workflow beside us, with the engine's own tools. The list says so, and reconciling
// closes the case on record, in the name of whoever asked for it, with a record that stays whole.
func TestACaseThatTheEngineHasEnded(t *testing.T) {
	t.Parallel()
	c := newCluster(t, map[string]time.Duration{app.SweepsNamespace(embedded.DefaultNamespace): 24 * time.Hour})
	c.worker(t)
	w := newTown(c.server(t).url, c.password)
	number := w.file(t, "tjj.sun", admission.Kind, soon("被结束"))
	w.task(t, number, "formal-review", "office.qian")
	direct, err := client.Dial(client.Options{HostPort: c.engine.HostPort(), Namespace: c.engine.Namespace()})
	require.NoError(t, err)
	t.Cleanup(direct.Close)
	require.NoError(t, direct.TerminateWorkflow(t.Context(), procedure.WorkflowID(number), "", "beside the platform"))

	var lost server.IncidentView
	eventually(t, "the case is on the list", 2*settleLimit, func() bool {
		list := w.stuck(t, ops.Disagree)
		if len(list) == 1 {
			lost = list[0]
		}
		return len(list) == 1
	})
	require.Contains(t, lost.Sentence.Text, "引擎显示已被强行结束")
	r := w.cure(t, lost, map[string]any{"remedy": "reconcile", "reason": "核对后补记"})
	require.True(t, r.Results[0].Done, "%+v", r)
	d := w.look(t, number)
	require.Equal(t, procedure.Terminated, d.Case.State)
	require.Contains(t, d.Case.Result, "核对后补记")
	for _, task := range d.Tasks {
		require.NotContains(t, []record.TaskState{record.TaskOpen, record.TaskBlocked}, task.State)
	}
	events := w.events(t, number)
	last := events[len(events)-1]
	require.Equal(t, procedure.CaseClosed, last.Type)
	require.Equal(t, "ops.bai", last.Actor.User)
	var v record.Verification
	w.as(t, "audit.dou").get(t, "/cases/"+number+"/verify", &v)
	require.True(t, v.Whole(), "%+v", v)
}
