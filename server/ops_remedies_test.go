package server

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/ops"
	"gongzhi/procedure"
	"gongzhi/record"
)

// subKeyOf is the id of the one command there is.
func subKeyOf(t *testing.T, w *world) string {
	t.Helper()
	require.Len(t, w.commands, 1)
	for id := range w.commands {
		return id
	}
	return ""
}

// mend lets the next sweep see no cause any more.
func (w *world) mend(id string) {
	w.ops.sweeping = func(context.Context) error {
		defer w.ops.lock()()
		for n := range w.ops.incidents {
			if w.ops.incidents[n].ID == id {
				w.ops.incidents[n].State, w.ops.incidents[n].Version = ops.Resolved, w.ops.incidents[n].Version+1
			}
		}
		return nil
	}
}

// A remedy on a case is the operator's own action: checked, stored and sent like any other, with the reason as its opinion; its
// refusal is the case's, in words; and whether it helped is said.
func TestRemedy_OnACase(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ops.add("late", ops.Overdue, "XW-CZ", w.now, "XW-ZR-2026-014")
	w.ops.incidents[0].Cases[0].Task = w.taskID
	c := w.as("operator")
	offers := read[IncidentPage](t, c.do(http.MethodGet, "/incidents/late", nil)).Remedies
	require.Len(t, offers, 6)
	require.Equal(t, ops.Urge, offers[0].Remedy)
	require.True(t, offers[0].Allowed)
	require.True(t, offers[4].Second, "to send back cannot be undone")
	require.NotEmpty(t, offers[4].Needs.ReturnTo)

	r := read[CureResult](t, c.do(http.MethodPost, "/incidents/late/remedies", `{"remedy":"urge","version":1,"reason":"群众来电"}`))
	require.Equal(t, []CaseCured{{Case: "XW-ZR-2026-014", Title: "摸底登记", Done: true, Text: "已催办。"}}, r.Results)
	require.False(t, r.Mended)
	require.Equal(t, ops.Stands, r.Outcome)
	require.Equal(t, "已办 1 件；原因尚在：卡住了。催办只是提醒，办理以后原因才会消除。", r.Text)
	stored := w.commands[subKeyOf(t, w)]
	require.Equal(t, procedure.ActUrge, stored.Action)
	require.Equal(t, "operator", stored.Actor.User)
	require.Equal(t, "群众来电", stored.Opinion)

	// The second operator has read an older incident: nothing of his is done.
	n := len(w.commands)
	p := refusedWith(t, c.do(http.MethodPost, "/incidents/late/remedies", `{"remedy":"urge","version":1,"reason":"再催"}`), http.StatusConflict, ops.CodeStale)
	require.Contains(t, p.Detail, "示例-冯九")
	require.Len(t, w.commands, n)
}

// The second person reads what exactly is to be done; where several cases are concerned each is sent back by itself.
func TestRemedy_SendBackSaysWhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ops.add("late", ops.Overdue, "XW-CZ", w.now, "XW-ZR-2026-014")
	w.ops.incidents[0].Cases[0].Task = w.taskID
	w.ops.add("two", ops.Overdue, "XW-CZ", w.now, "XW-ZR-2026-014", "XW-ZR-2026-015")
	c := w.as("operator")
	r := read[CureResult](t, c.do(http.MethodPost, "/incidents/late/remedies",
		`{"remedy":"send_back","version":1,"reason":"材料有误","return_to":"file","mode":"straight"}`))
	require.NotEmpty(t, r.Pending)
	list := read[[]ops.Proposal](t, c.do(http.MethodGet, "/remedies", nil))
	require.Equal(t, "退回到「申请」，补办后直达", list[0].Details)
	for _, o := range read[IncidentPage](t, c.do(http.MethodGet, "/incidents/two", nil)).Remedies {
		require.Equal(t, o.Remedy != ops.SendBack, o.Allowed, o.Remedy)
	}
}

func TestRemedy_Refusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ops.add("late", ops.Overdue, "XW-CZ", w.now, "XW-ZR-2026-014", "XW-ZR-2026-015")
	w.ops.add("none", ops.Overdue, "XW-CZ", w.now)
	c := w.as("operator")
	post := func(id, body string) int { return c.do(http.MethodPost, "/incidents/"+id+"/remedies", body).Code }
	require.Equal(t, http.StatusUnprocessableEntity, post("late", `{"remedy":"urge","version":1}`), "a reason is compulsory")
	require.Equal(t, http.StatusUnprocessableEntity, post("late", `{"remedy":"rewind","version":1,"reason":"x"}`), "not for this kind")
	require.Equal(t, http.StatusConflict, post("none", `{"remedy":"urge","version":1,"reason":"x"}`), "nothing to mend")
	require.Equal(t, http.StatusNotFound, post("foreign", `{"remedy":"urge","version":1,"reason":"x"}`))
	require.Equal(t, http.StatusForbidden, w.as("auditor").do(http.MethodPost, "/incidents/late/remedies", `{"remedy":"urge","version":1,"reason":"x"}`).Code)

	// One of two cannot be done: it has no task that is known. Each says for itself.
	w.ops.incidents[0].Cases[0].Task = w.taskID
	r := read[CureResult](t, c.do(http.MethodPost, "/incidents/late/remedies", `{"remedy":"urge","version":1,"reason":"来电"}`))
	require.True(t, r.Results[0].Done)
	require.False(t, r.Results[1].Done)
	require.NotEmpty(t, r.Results[1].Text)
}

// What is displayed again is the notice that the incident is about, for as many days as it misses; one that was never displayed has no
// text, and the button says what can be done instead.
func TestRemedy_Republish(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ops.add("short", ops.Clock, "XW-CZ", w.now, "XW-ZR-2026-014")
	w.ops.incidents[0].Facts = map[string]string{ops.FactNotice: "：清册公示", ops.FactLeast: "15"}
	c := w.as("operator")
	offer := func() CureOffer {
		o := read[IncidentPage](t, c.do(http.MethodGet, "/incidents/short", nil)).Remedies[0]
		require.Equal(t, ops.Republish, o.Remedy)
		return o
	}
	roll := record.Notice{ID: "n1", Title: "听雨花园：清册公示", Text: "全文", Until: "2026-09-12"}
	w.notices = []record.Notice{roll, {ID: "n2", Title: "听雨花园：表决公告", Until: "2026-09-20"}}
	o := offer()
	require.True(t, o.Allowed)
	require.Equal(t, []NoticeRef{{Notice: "n1", Title: "听雨花园：清册公示", Until: "2026-09-12"}}, o.Needs.Notice)
	require.Equal(t, 15, o.Needs.Least)
	require.Equal(t, procedure.MostDisplay, o.Needs.Days)

	for name, notices := range map[string][]record.Notice{"none": nil, "another one": w.notices[1:]} {
		w.notices = notices
		o := offer()
		require.False(t, o.Allowed, name)
		require.Contains(t, o.WhyNot, "「清册公示」没有公示过，没有正文可以补。", name)
	}
	w.notices = []record.Notice{roll}
	r := read[CureResult](t, c.do(http.MethodPost, "/incidents/short/remedies", `{"remedy":"republish","version":1,"reason":"公示不足","notice":"n1","days":15}`))
	require.True(t, r.Results[0].Done, r.Results[0].Text)
	stored := w.commands[subKeyOf(t, w)]
	require.Equal(t, &procedure.Posted{Title: roll.Title, Text: roll.Text}, stored.Notice)
	require.Equal(t, 15, stored.Days)

	closed := w.cases["XW-ZR-2026-014"]
	closed.State = procedure.Completed
	w.cases["XW-ZR-2026-014"], w.notices = closed, nil
	require.Equal(t, "办件已结束。", offer().WhyNot, "what says more comes first")
}

// What works on the machine is done in the name of the operator, a fault of it is not the caller's, and the sweep says whether it helped.
func TestRemedy_OnTheMachine(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ops.add("retries", ops.Retrying, "", w.now, "XW-ZR-2026-014")
	w.mend("retries")
	c := w.as("operator")
	r := read[CureResult](t, c.do(http.MethodPost, "/incidents/retries/remedies", `{"remedy":"retry","version":1,"reason":"磁盘已清理"}`))
	require.True(t, r.Mended)
	require.Equal(t, ops.Mended, r.Outcome)
	require.Equal(t, "原因已消除：10:00:00 的检测还看得到，处置后的检测已看不到。", r.Text)
	require.Equal(t, []string{"retry XW-ZR-2026-014 operator 磁盘已清理"}, w.ops.cures.done)

	w.ops.add("again", ops.Disagree, "", w.now, "XW-ZR-2026-014")
	w.ops.cures.refuse = errors.New("the engine does not answer")
	r = read[CureResult](t, c.do(http.MethodPost, "/incidents/again/remedies", `{"remedy":"reconcile","version":1,"reason":"校正"}`))
	require.False(t, r.Results[0].Done)
	require.NotContains(t, r.Results[0].Text, "engine", "what a fault says is for the log")
}

// cure orders a remedy that asks for no more than a reason.
func (w *world) cure(id string, c ops.Cure) CureResult {
	order := `{"remedy":"` + string(c) + `","version":1,"reason":"已联系"}`
	return read[CureResult](w.t, w.as("operator").do(http.MethodPost, "/incidents/"+id+"/remedies", order))
}

// What a remedy has come to is said as far as it is known, and it is in the history of the incident.
func TestRemedy_Outcomes(t *testing.T) {
	t.Parallel()
	ago := func(w *world, d time.Duration) *time.Time { at := w.now.Add(-d); return &at }
	for name, c := range map[string]struct {
		before func(w *world, i *ops.Incident)       // what was known of the incident
		sweep  func(w *world, i *ops.Incident) error // what the detectors do; nil: they see it still
		want   ops.Outcome
		text   string
		mended bool
	}{
		"mended by it": {nil, func(_ *world, i *ops.Incident) error { i.State = ops.Resolved; return nil }, ops.Mended,
			"原因已消除：10:00:00 的检测还看得到，处置后的检测已看不到。", true},
		"gone before it": {func(w *world, i *ops.Incident) { i.Missing = ago(w, 40*time.Second) },
			func(_ *world, i *ops.Incident) error { i.State = ops.Resolved; return nil }, ops.Gone, "原因已消除：处置以前，从 09:59:20 起就已检测不到。", true},
		"still there": {nil, nil, ops.Stands, "已办 1 件；原因尚在：卡住了。重试要过一会儿才有结果，请看下一次检测（每分钟一次）。", false},
		"not known yet": {nil, func(w *world, i *ops.Incident) error { i.Missing = ago(w, 0); return nil }, ops.Waiting,
			"已办 1 件；原因从 10:00:00 起检测不到；可能再来，10:00:30 以后的检测（每分钟一次）仍看不到，才算消除。", false},
		"closed by somebody": {nil, func(_ *world, i *ops.Incident) error { i.State, i.Quiet = ops.Resolved, true; return nil }, ops.Closed,
			"已办 1 件；这件事已有人人工关闭，原因是否消除没有再检测。", false},
		"the detectors do not come to an end": {nil, func(*world, *ops.Incident) error { return errors.New("no engine") }, ops.Unknown,
			"已办 1 件；检测还没有完成，不知道原因是否消除；检测完成后清单会自己更新。", false},
		"its detector fails": {nil, func(w *world, _ *ops.Incident) error {
			w.ops.runs = []ops.Run{{Kind: ops.Overdue}, {Kind: ops.Retrying, Error: "no database"}}
			return nil
		}, ops.Unknown, "已办 1 件；「反复重试」的检测出错，不知道原因是否消除；检测恢复后清单会自己更新。", false},
		"it stands still for another reason": {nil, func(w *world, i *ops.Incident) error {
			i.State = ops.Resolved
			other := *i
			other.ID, other.State, other.Sentence.Text = "other", ops.Open, "「写入记录」第 3 次重试仍失败：磁盘已满"
			w.ops.incidents = append(w.ops.incidents, other)
			return nil
		}, ops.Stands, "已办 1 件；这个原因已检测不到，但办件还因别的原因停住：「写入记录」第 3 次重试仍失败：磁盘已满。", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.ops.add("retries", ops.Retrying, "", w.now, "XW-ZR-2026-014")
			if c.before != nil {
				c.before(w, &w.ops.incidents[0])
			}
			if c.sweep != nil {
				w.ops.sweeping = func(context.Context) error { defer w.ops.lock()(); return c.sweep(w, &w.ops.incidents[0]) }
			}
			r := w.cure("retries", ops.Retry)
			require.True(t, r.Results[0].Done)
			require.Equal(t, c.want, r.Outcome, r.Text)
			require.Equal(t, c.text, r.Text)
			require.Equal(t, c.mended, r.Mended)
			require.Equal(t, c.want == ops.Waiting, r.Until != nil)
			history := w.ops.history["retries"]
			require.Equal(t, "立即重试：1 件办成，0 件未成。", history[2].Text)
			if c.want == ops.Mended { // the detectors say so themselves
				require.Len(t, history, 3)
				return
			}
			require.Equal(t, "处置后检测："+c.text, history[3].Text)
		})
	}
}

// Where tasks are late, another late task of the same case is not what the remedy was for; the same task for another reason is.
func TestRemedy_AnotherTask(t *testing.T) {
	t.Parallel()
	for task, want := range map[string]ops.Outcome{"XW-ZR-2026-014.7": ops.Stands, "XW-ZR-2026-014.9": ops.Mended} {
		w := newWorld(t)
		for _, id := range []string{"late", "other"} {
			w.ops.add(id, ops.Overdue, "XW-CZ", w.now, "XW-ZR-2026-014")
		}
		w.ops.incidents[0].Cases[0].Task, w.ops.incidents[1].Cases[0].Task = w.taskID, task
		w.mend("late")
		r := w.cure("late", ops.Urge)
		require.Equal(t, want, r.Outcome, r.Text)
	}
}

// A remedy that could not be done on any case is not what mended it.
func TestRemedy_NothingDone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ops.add("retries", ops.Retrying, "", w.now, "XW-ZR-2026-014")
	w.ops.cures.refuse = procedure.Errorf(procedure.Conflict, "machine.idle", "没有失败的动作")
	w.mend("retries")
	r := w.cure("retries", ops.Retry)
	require.False(t, r.Results[0].Done)
	require.Equal(t, ops.Gone, r.Outcome)
	require.Equal(t, "没有一件办成；原因已经不在，不是这次处置的结果。", r.Text)
}

// The address in Temporal's own console is for operators, of an installation that has one.
func TestCaseInside_Console(t *testing.T) {
	t.Parallel()
	const path = "/cases/XW-ZR-2026-014/inside"
	require.Empty(t, read[InsideView](t, newWorld(t).as("operator").do(http.MethodGet, path, nil)).URL)
	w := newWorld(t, func(o *Options) {
		o.Operations.Console = func(workflow, run string) string { return "https://console.example/" + workflow + "/" + run }
	})
	require.Equal(t, "https://console.example/case:XW-ZR-2026-014/r1", read[InsideView](t, w.as("operator").do(http.MethodGet, path, nil)).URL)
	v := read[InsideView](t, w.as("auditor").do(http.MethodGet, path, nil))
	require.Equal(t, "Running", v.Status, "the control: the rest is shown")
	require.Empty(t, v.URL)
}

// What cannot be undone waits for another person; it is carried out in the name of whoever proposed it.
func TestRemedy_SecondPerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ops.add("broken", ops.Code, "", w.now, "XW-ZR-2026-014")
	first := w.as("operator")
	r := read[CureResult](t, first.do(http.MethodPost, "/incidents/broken/remedies", `{"remedy":"rewind","version":1,"reason":"新版已修复"}`))
	require.NotEmpty(t, r.Pending)
	require.Empty(t, w.ops.cures.done, "nothing is done yet")
	confirm := "/remedies/" + r.Pending + "/confirm"
	refusedWith(t, first.do(http.MethodPost, confirm, `{"reason":"同意"}`), http.StatusConflict, "remedy.same_person")
	require.Equal(t, http.StatusForbidden, w.as("auditor").do(http.MethodPost, confirm, `{"reason":"同意"}`).Code)
	require.Empty(t, w.ops.cures.done)

	second := w.as("inspector")
	list := read[[]ops.Proposal](t, second.do(http.MethodGet, "/remedies", nil))
	require.Len(t, list, 1)
	require.Equal(t, "新版已修复", list[0].Reason)
	w.mend("broken")
	r = read[CureResult](t, second.do(http.MethodPost, confirm, `{"reason":"已核对发布记录"}`))
	require.True(t, r.Mended)
	require.Equal(t, []string{"rewind XW-ZR-2026-014 operator 新版已修复（示例-郭三复核）"}, w.ops.cures.done)
	require.Empty(t, read[[]ops.Proposal](t, second.do(http.MethodGet, "/remedies", nil)))

	w.ops.add("other", ops.Code, "", w.now, "XW-ZR-2026-014")
	r = read[CureResult](t, first.do(http.MethodPost, "/incidents/other/remedies", `{"remedy":"rewind","version":1,"reason":"再试"}`))
	require.Equal(t, http.StatusNoContent, second.do(http.MethodPost, "/remedies/"+r.Pending+"/decline", `{"reason":"先查原因"}`).Code)
	require.Len(t, w.ops.cures.done, 1)
}
