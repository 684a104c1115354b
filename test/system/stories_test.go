package system

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/demo"
	"gongzhi/procedure"
	"gongzhi/procedure/admission"
	"gongzhi/procedure/refusal"
	"gongzhi/procedure/revision"
	"gongzhi/record"
	"gongzhi/server"
)

// urgent is an application for what the government has declared an emergency: it starts tomorrow.
func urgent(t *testing.T, title string) admission.Form {
	t.Helper()
	f := application(title, "0101", "0201")
	f.Start, f.End = date(t, "2026-09-08"), date(t, "2026-10-30")
	f.Urgent, f.Declaration = true, "云政发〔2026〕9 号（示例）"
	return f
}

// approve has everybody agree from acceptance to publication.
func (w *town) approve(t *testing.T, number string, directors ...string) {
	t.Helper()
	w.answer(t, "office.qian", number, "formal-review", procedure.Accept, "")
	for _, login := range []string{"jd01.jin", "jd02.wei"} {
		w.answer(t, login, number, "street-hearing", procedure.Agree, "")
	}
	for _, login := range directors {
		w.answer(t, login, number, "community-hearing", procedure.Agree, "")
	}
	for _, login := range []string{"zzb.he", "sgb.lv", "mzj.shi", "czj.zhang", "sfj.kong", "jw.cao"} {
		w.answer(t, login, number, "joint-review", procedure.Agree, "")
	}
	w.answer(t, "lxh.zhao", number, "decision", procedure.Agree, "")
	w.answer(t, "office.xu", number, "publication", procedure.Publish, "")
}

func (w *town) list(t *testing.T, version string) record.ListVersion {
	t.Helper()
	var v record.ListVersion
	w.as(t, "office.qian").get(t, "/lists/"+demo.District+"/versions/"+version, &v)
	return v
}

// TestUrgentMatterIsRegularised: it may start tomorrow, the communities are told at once, and it stays when all follows in time.
func TestUrgentMatterIsRegularised(t *testing.T) {
	t.Parallel()
	_, w := demonstration(t)
	number := w.file(t, "wjj.wu", admission.Kind, urgent(t, "台风后入户排查"))
	var copies struct{ Items []record.Copy }
	director := w.as(t, "sq0101.tao")
	director.get(t, "/copies?unread=true", &copies)
	i := slices.IndexFunc(copies.Items, func(c record.Copy) bool { return c.Case == number })
	require.GreaterOrEqual(t, i, 0, "the community was not told")
	require.Contains(t, copies.Items[i].Why, "紧急事项先行进入")
	require.Equal(t, http.StatusOK, director.post(t, "/copies/"+copies.Items[i].ID+"/read", nil, nil).status)

	w.approve(t, number, "sq0101.tao", "sq0201.xie")
	w.jump(t, moment(t, "2026-09-30 10:00")) // long past the ten working days
	require.True(t, w.look(t, number).Case.State.Open(), "%+v", w.look(t, number).Case)
	require.True(t, slices.ContainsFunc(w.list(t, "current").Items, func(x procedure.ListItem) bool { return x.Case == number }))
	w.answer(t, "wjj.wu", number, "funding", procedure.Paid, "", w.attach(t, "wjj.wu"))
}

// TestUrgentMatterLapses: ten working days after it entered it is void when nobody has regularised it.
func TestUrgentMatterLapses(t *testing.T) {
	t.Parallel()
	_, w := demonstration(t)
	number := w.file(t, "wjj.wu", admission.Kind, urgent(t, "台风后入户排查"))
	w.answer(t, "office.qian", number, "formal-review", procedure.Accept, "")
	w.task(t, number, "street-hearing", "jd01.jin")
	void := w.lapse(t, number)
	w.jump(t, void.Add(-time.Minute))
	require.Equal(t, procedure.Running, w.look(t, number).Case.State)
	w.jump(t, void.Add(time.Minute))
	eventually(t, "the matter lapses", settleLimit, func() bool { return !w.look(t, number).Case.State.Open() })
	d := w.look(t, number)
	require.Equal(t, procedure.Lapsed, d.Case.State)
	require.Contains(t, d.Case.Result, "逾期未补办")
	for _, task := range d.Tasks {
		require.NotEqual(t, record.TaskOpen, task.State, "%s is still in somebody's court", task.Title)
	}
	r := w.as(t, "jd01.jin").do(t, request{method: "POST", path: "/cases/" + number + "/actions", body: map[string]any{"action": "copy", "target": map[string]any{"unit": "XW-01", "role": "street_office"}}})
	require.Equal(t, http.StatusConflict, r.status, "%s", r)
}

// lapse is the moment at which an urgent matter is void, as its deadline says.
func (w *town) lapse(t *testing.T, number string) time.Time {
	t.Helper()
	for _, d := range w.look(t, number).Deadlines {
		if d.Title == "紧急事项补办时限" {
			return d.Deadline.Day.End()
		}
	}
	t.Fatalf("%s has no deadline of regularisation: %+v", number, w.look(t, number).Deadlines)
	return time.Time{}
}

// TestOneClickRefusal: the receipt is valid at once, and everyone concerned confirms having read it.
func TestOneClickRefusal(t *testing.T) {
	t.Parallel()
	_, w := demonstration(t)
	number := w.file(t, "sq0101.tao", refusal.Kind, refusal.Form{Matter: "督促商户扫码率达到 95%", Department: "XW-SWJ", Demanded: "2026-09-04", Reason: refusal.Negative})
	var receipt procedure.Issued
	for _, e := range w.events(t, number) {
		if e.Type == procedure.ReceiptIssued {
			require.NoError(t, jsonInto(e.Data, &receipt))
		}
	}
	require.Equal(t, number, receipt.Receipt)
	require.Contains(t, receipt.Text, "槐荫社区于 2026-09-04 收到区商务局布置的工作「督促商户扫码率达到 95%」")
	require.Contains(t, receipt.Text, "予以拒绝")

	r := w.as(t, "wjj.wu").do(t, request{method: "GET", path: "/cases/" + number})
	require.Equal(t, http.StatusNotFound, r.status, "a department that has nothing to do with it")
	w.answer(t, "office.qian", number, "office-knows", procedure.Known, "")
	w.answer(t, "dc.hua", number, "supervision-knows", procedure.Known, "")
	require.Equal(t, procedure.Running, w.look(t, number).Case.State)
	w.answer(t, "swj.zhou", number, "department-knows", procedure.Known, "")
	eventually(t, "the refusal is complete", settleLimit, func() bool { return w.look(t, number).Case.State == procedure.Completed })

	// A department refuses nothing, and nobody can be refused for a day that has not come.
	r = w.as(t, "swj.zhou").do(t, request{method: "POST", path: "/cases", body: filing(refusal.Kind, map[string]any{"matter": "x"})})
	require.Equal(t, http.StatusForbidden, r.status, "%s", r)
	r = w.as(t, "sq0101.tao").do(t, request{method: "POST", path: "/cases", body: filing(refusal.Kind, refusal.Form{Matter: "x", Department: "XW-SWJ", Demanded: "2026-09-30", Reason: refusal.Negative})})
	require.True(t, r.says("refusal.future"), "%s", r)
}

// TestListRevision: three changes become version n+1, and the comparison of the versions shows exactly them.
func TestListRevision(t *testing.T) {
	t.Parallel()
	_, w := demonstration(t)
	old := w.list(t, "current")
	changed, removed := old.Items[0], old.Items[1]
	changed.Part = "只转告，不登记"
	form := revision.Form{Title: "2026 年秋季调整", Why: "半年来的变化", Changes: []procedure.ListChange{
		{Op: "add", Item: procedure.ListItem{Title: "代收快递", Kind: "negative", Department: "不得要求社区", Basis: "示例"}},
		{Op: "change", Item: changed},
		{Op: "remove", Item: removed},
	}}
	r := w.as(t, "tjj.sun").do(t, request{method: "POST", path: "/cases", body: filing(revision.Kind, form)})
	require.Equal(t, http.StatusForbidden, r.status, "only the office may: %s", r)
	number := w.file(t, "office.qian", revision.Kind, form)
	w.answer(t, "jd01.jin", number, "hearing", procedure.Agree, "")
	w.answer(t, "jd02.wei", number, "hearing", procedure.AgreeIf, "保留一个月过渡")
	w.answer(t, "lxh.zhao", number, "decision", procedure.Agree, "")
	w.answer(t, "office.xu", number, "publication", procedure.Publish, "")
	eventually(t, "the revision is complete", settleLimit, func() bool { return w.look(t, number).Case.State == procedure.Completed })

	v := w.list(t, "current")
	require.Equal(t, "2026.3", v.Version)
	require.Equal(t, old.Version, v.Base)
	require.Len(t, v.Items, len(old.Items))
	require.Len(t, w.list(t, old.Version).Items, len(old.Items), "an old version never changes")
	var diff server.ListDiff
	w.as(t, "sq0101.tao").get(t, "/lists/"+demo.District+"/diff?from="+old.Version+"&to="+v.Version, &diff)
	var ops []string
	for _, c := range diff.Changes {
		switch c.Op {
		case "add":
			require.Nil(t, c.Old)
			ops = append(ops, "add "+c.New.Title)
		case "change":
			require.Equal(t, changed, *c.New)
			require.Equal(t, old.Items[slices.IndexFunc(old.Items, func(i procedure.ListItem) bool { return i.No == c.No })], *c.Old)
			ops = append(ops, "change "+c.New.Title)
		case "remove":
			require.Nil(t, c.New)
			ops = append(ops, "remove "+c.Old.Title)
		}
	}
	require.ElementsMatch(t, []string{"add 代收快递", "change " + changed.Title, "remove " + removed.Title}, ops)

	// The notice of the new list is public; the old list, which was imported, is no longer in force.
	var notices record.Page[server.NoticeView]
	w.as(t, "sq0101.tao").get(t, "/notices?kind=list&limit=2", &notices)
	require.Equal(t, []string{"2026.3", "2026.2"}, []string{notices.Items[0].Version, notices.Items[1].Version})
	require.Equal(t, []bool{true, false}, []bool{notices.Items[0].Open, notices.Items[1].Open})
	require.Equal(t, number, notices.Items[0].Case)
	require.Equal(t, "2026.3", notices.Items[1].ReplacedBy)
}
