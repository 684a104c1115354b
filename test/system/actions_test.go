package system

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/procedure"
	"gongzhi/procedure/admission"
	"gongzhi/record"
)

// act sends an action on a task and expects a status; with a refusal also its code.
func (w *town) act(t *testing.T, login, task string, status int, code string, body map[string]any) {
	t.Helper()
	r := w.as(t, login).do(t, request{method: "POST", path: actions(task), body: body})
	require.Equal(t, status, r.status, "%v: %s", body, r)
	if code != "" {
		require.Equal(t, code, r.refusal().Code, "%s", r)
	}
}

// onCase sends an action on a case.
func (w *town) onCase(t *testing.T, login, number string, status int, code string, body map[string]any) {
	t.Helper()
	r := w.as(t, login).do(t, request{method: "POST", path: "/cases/" + number + "/actions", body: body})
	require.Equal(t, status, r.status, "%v: %s", body, r)
	if code != "" {
		require.Equal(t, code, r.refusal().Code, "%s", r)
	}
}

func to(login, unit string) map[string]any { return map[string]any{"user": login, "unit": unit} }

// byID reads one task of a case.
func (w *town) byID(t *testing.T, number, id string) record.Task {
	t.Helper()
	for _, task := range w.look(t, number).Tasks {
		if task.ID == id {
			return task
		}
	}
	t.Fatalf("no task %s", id)
	return record.Task{}
}

// TestEveryActionThroughTheAPI plays what officials do with a task beside answering it, each with one refusal.
func TestEveryActionThroughTheAPI(t *testing.T) {
	t.Parallel()
	_, w := demonstration(t)
	number := w.file(t, "tjj.sun", admission.Kind, application("全部操作", "0101"))
	other := w.file(t, "tjj.sun", admission.Kind, application("终止", "0101"))
	review := w.task(t, number, "formal-review", "office.qian").ID

	// 已阅 once; 催办 by the applicant, not twice in a row.
	w.act(t, "office.qian", review, http.StatusOK, "", map[string]any{"action": "read"})
	require.NotNil(t, w.byID(t, number, review).ReadAt)
	w.act(t, "tjj.sun", review, http.StatusOK, "", map[string]any{"action": "urge"})
	w.act(t, "tjj.sun", review, http.StatusConflict, "urge.interval", map[string]any{"action": "urge"})

	// 委派: the helper only advises, the task returns, the owner decides.
	w.act(t, "office.qian", review, http.StatusOK, "", map[string]any{"action": "delegate", "target": to("sfj.kong", "XW-SFJ")})
	require.Equal(t, "sfj.kong", w.byID(t, number, review).Holder.User)
	w.act(t, "sfj.kong", review, http.StatusUnprocessableEntity, "answer.unknown", decision(procedure.Accept, ""))
	w.act(t, "sfj.kong", review, http.StatusOK, "", decision(procedure.Known, "合法性没有问题"))
	require.Nil(t, w.byID(t, number, review).Owner)

	// 转办 to a colleague by name; the giver is out.
	w.act(t, "office.qian", review, http.StatusOK, "", map[string]any{"action": "transfer", "target": to("office.xu", "XW-SGB")})
	w.act(t, "office.qian", review, http.StatusForbidden, "task.not_holder", decision(procedure.Accept, ""))
	w.act(t, "office.xu", review, http.StatusOK, "", decision(procedure.Accept, ""))

	// 撤回 while nobody has acted; the step is asked again.
	w.act(t, "office.xu", review, http.StatusOK, "", map[string]any{"action": "take_back"})
	again := w.look(t, number)
	var open []record.Task
	for _, task := range again.Tasks {
		if task.State == record.TaskOpen {
			open = append(open, task)
		}
	}
	require.Len(t, open, 1)
	require.Equal(t, "formal-review", open[0].Stage)
	w.act(t, "office.xu", open[0].ID, http.StatusOK, "", decision(procedure.Accept, ""))
	w.answer(t, "jd01.jin", number, "street-hearing", procedure.Agree, "")
	w.act(t, "office.xu", open[0].ID, http.StatusConflict, "take_back.late", map[string]any{"action": "take_back"})
	w.answer(t, "sq0101.tao", number, "community-hearing", procedure.Agree, "")

	// 前加签, 减签, 后加签 at the joint review.
	finance := w.task(t, number, "joint-review", "czj.zhang").ID
	w.act(t, "czj.zhang", finance, http.StatusOK, "", map[string]any{"action": "add_before", "target": to("wjj.wu", "XW-WJJ")})
	require.Equal(t, record.TaskBlocked, w.byID(t, number, finance).State)
	w.act(t, "czj.zhang", finance, http.StatusConflict, "task.blocked", decision(procedure.Agree, ""))
	var signer record.Task
	for _, task := range w.look(t, number).Tasks {
		if task.Parent == finance {
			signer = task
		}
	}
	w.act(t, "czj.zhang", finance, http.StatusOK, "", map[string]any{"action": "remove_signer", "removed": signer.ID})
	require.Equal(t, record.TaskOpen, w.byID(t, number, finance).State)
	w.act(t, "czj.zhang", finance, http.StatusConflict, "signer.none", map[string]any{"action": "remove_signer", "removed": signer.ID})
	w.act(t, "czj.zhang", finance, http.StatusOK, "", map[string]any{"action": "add_after", "target": to("wjj.wu", "XW-WJJ")})
	w.act(t, "czj.zhang", finance, http.StatusOK, "", decision(procedure.Agree, ""))
	for _, task := range w.look(t, number).Tasks {
		if task.Parent == finance && task.State == record.TaskOpen {
			w.act(t, "wjj.wu", task.ID, http.StatusOK, "", decision(procedure.Agree, ""))
		}
	}

	// 暂停 and 恢复 by the office: exactly the working days of the pause are added.
	before := w.clockDay(t, number, admission.DecisionClock)
	w.onCase(t, "tjj.sun", number, http.StatusForbidden, "", map[string]any{"action": "pause", "ground": "review", "opinion": "专家论证"})
	w.onCase(t, "office.qian", number, http.StatusOK, "", map[string]any{"action": "pause", "ground": "review", "opinion": "专家论证"})
	require.Empty(t, w.byID(t, number, w.task(t, number, "joint-review", "zzb.he").ID).Day)
	w.jump(t, moment(t, "2026-09-09 09:30"))
	w.onCase(t, "office.qian", number, http.StatusOK, "", map[string]any{"action": "resume"})
	require.Equal(t, "2026-09-28", before)
	require.Equal(t, "2026-09-30", w.clockDay(t, number, admission.DecisionClock))

	// 会签 by different people; 退回 with 直达 comes straight back.
	for _, login := range []string{"zzb.he", "sgb.lv", "mzj.shi", "sfj.kong", "jw.cao"} {
		w.answer(t, login, number, "joint-review", procedure.Agree, "")
	}
	decide := w.task(t, number, "decision", "lxh.zhao").ID
	w.act(t, "lxh.zhao", decide, http.StatusUnprocessableEntity, "", map[string]any{"action": "answer", "answer": "return", "opinion": "再核", "return_to": "publication", "mode": "straight"})
	w.act(t, "lxh.zhao", decide, http.StatusOK, "", map[string]any{"action": "answer", "answer": "return", "opinion": "再听社区意见", "return_to": "street-hearing", "mode": "straight"})
	w.answer(t, "jd01.jin", number, "street-hearing", procedure.AgreeIf, "经费先到")
	w.answer(t, "sq0101.tao", number, "community-hearing", procedure.Agree, "")
	w.answer(t, "lxh.zhao", number, "decision", procedure.Agree, "")

	// 抄送 and its 已阅; 改派 by the operator; 撤销 by the applicant only; 终止 by the operator only.
	w.onCase(t, "tjj.sun", number, http.StatusOK, "", map[string]any{"action": "copy", "target": map[string]any{"unit": "XW-DC", "role": "supervision"}})
	copies := w.look(t, number).Copies
	require.Len(t, copies, 1)
	r := w.as(t, "dc.hua").do(t, request{method: "POST", path: "/copies/" + copies[0].ID + "/read"})
	require.Equal(t, http.StatusOK, r.status, "%s", r)
	require.NotNil(t, w.look(t, number).Copies[0].ReadAt)
	publication := w.task(t, number, "publication", "office.qian").ID
	w.act(t, "ops.bai", publication, http.StatusOK, "", map[string]any{"action": "transfer", "target": to("office.xu", "XW-SGB")})
	w.onCase(t, "office.qian", number, http.StatusForbidden, "", map[string]any{"action": "withdraw", "opinion": "不办了"})
	w.onCase(t, "tjj.sun", number, http.StatusForbidden, "", map[string]any{"action": "terminate", "opinion": "不办了"})
	w.onCase(t, "ops.bai", number, http.StatusUnprocessableEntity, "", map[string]any{"action": "terminate"})
	w.onCase(t, "tjj.sun", number, http.StatusOK, "", map[string]any{"action": "withdraw", "opinion": "任务取消"})
	require.Equal(t, procedure.Cancelled, w.look(t, number).Case.State, "after the approval a withdrawal is another end")

	// An operator reports to the superior, extends once, and sends back to a stage the matter has been through.
	first := w.task(t, other, "formal-review", "office.qian")
	w.act(t, "office.qian", first.ID, http.StatusForbidden, "auth.forbidden", map[string]any{"action": "escalate", "opinion": "催不动"})
	w.act(t, "ops.bai", first.ID, http.StatusUnprocessableEntity, "opinion.required", map[string]any{"action": "escalate"})
	w.act(t, "ops.bai", first.ID, http.StatusOK, "", map[string]any{"action": "escalate", "opinion": "催不动"})
	require.NotEmpty(t, w.byID(t, other, first.ID).Escalated)
	w.act(t, "ops.bai", first.ID, http.StatusConflict, "escalate.told", map[string]any{"action": "escalate", "opinion": "催不动"})
	w.act(t, "ops.bai", first.ID, http.StatusUnprocessableEntity, "extend.days", map[string]any{"action": "extend", "opinion": "系统停机两日"})
	w.act(t, "ops.bai", first.ID, http.StatusOK, "", map[string]any{"action": "extend", "days": 2, "opinion": "系统停机两日"})
	require.Greater(t, w.byID(t, other, first.ID).Day, first.Day)
	w.act(t, "ops.bai", first.ID, http.StatusConflict, "extend.once", map[string]any{"action": "extend", "days": 1, "opinion": "再延"})
	w.act(t, "office.qian", first.ID, http.StatusOK, "", decision(procedure.Accept, ""))
	hearing := w.task(t, other, "street-hearing", "jd01.jin").ID
	back := map[string]any{"action": "send_back", "opinion": "材料有误", "return_to": "formal-review", "mode": "rerun"}
	w.act(t, "jd01.jin", hearing, http.StatusForbidden, "auth.forbidden", back)
	w.act(t, "ops.bai", hearing, http.StatusOK, "", back)
	require.Equal(t, 2, w.task(t, other, "formal-review", "office.qian").Round)

	w.onCase(t, "tjj.sun", other, http.StatusOK, "", map[string]any{"action": "copy", "target": map[string]any{"unit": "XW-DC", "role": "supervision"}})
	w.onCase(t, "ops.bai", other, http.StatusOK, "", map[string]any{"action": "terminate", "opinion": "重复立项"})
	require.Equal(t, procedure.Terminated, w.look(t, other).Case.State)
	require.WithinDuration(t, moment(t, "2026-09-09 09:30"), *w.look(t, other).Case.ClosedAt, 10*time.Minute)

	// 已阅 after the end: kept, beside a record that stays as it was closed.
	closed := w.events(t, other)
	late := "/copies/" + w.look(t, other).Copies[0].ID + "/read"
	r = w.as(t, "dc.hua").do(t, request{method: "POST", path: late})
	require.Equal(t, http.StatusOK, r.status, "%s", r)
	require.NotNil(t, w.look(t, other).Copies[0].ReadAt)
	require.Equal(t, closed, w.events(t, other))
	r = w.as(t, "dc.hua").do(t, request{method: "POST", path: late})
	require.True(t, r.says("copy.read"), "%s", r)
}

// clockDay is the due day of a clock of a case.
func (w *town) clockDay(t *testing.T, number, clock string) string {
	t.Helper()
	for _, d := range w.look(t, number).Deadlines {
		if d.Clock == clock {
			return d.Deadline.Day.String()
		}
	}
	t.Fatalf("no clock %s", clock)
	return ""
}
