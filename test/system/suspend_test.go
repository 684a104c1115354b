package system

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"gongzhi/demo"
	"gongzhi/procedure"
	"gongzhi/procedure/admission"
	"gongzhi/server"
)

// TestASuspendedCaseIsKilled: a program dies while a case lies still. Afterwards it lies still, however far the time is moved: nobody
// acts, nothing rings, and the history has grown by nothing but the signals of the clock. 解除挂起 works, the deadline has not moved,
// and the reminders come later by as long as the case lay still.
func TestASuspendedCaseIsKilled(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := up(t, nil, dir, "--demo")
	w := newTown(p.url, demo.Password)
	number := w.file(t, "tjj.sun", admission.Kind, application("挂起的一件", "0101"))
	beside := w.file(t, "tjj.sun", admission.Kind, application("没有挂起的一件", "0101"))
	task := w.task(t, number, "formal-review", "office.qian")
	w.task(t, beside, "formal-review", "office.qian")
	w.onCase(t, "ops.bai", number, http.StatusOK, "", map[string]any{"action": procedure.ActSuspend, "opinion": "群众来信反映加码，核查中"})
	suspended := w.look(t, number)
	require.NotNil(t, suspended.Case.Suspended)
	p.kill()

	p = up(t, nil, dir, "--demo")
	w = w.moved(p.url)
	require.Equal(t, suspended.Case.Suspended, w.look(t, number).Case.Suspended)
	refused := w.as(t, "office.qian").do(t, request{method: "POST", path: actions(task.ID), body: decision(procedure.Accept, "")})
	require.Equal(t, http.StatusConflict, refused.status, "%s", refused)
	require.True(t, refused.says("case.suspended"), "%s", refused)

	// Due on 10 September: the other case reaches every rung in the time in which this one lies still.
	due := task.Due
	length := w.inside(t, number).Events
	w.jump(t, moment(t, "2026-09-17 10:00"))
	eventually(t, "the control: whoever is not suspended is reminded", settleLimit, func() bool {
		return reminded(t, w, beside, procedure.RungEscalate)
	})
	for _, rung := range []procedure.Rung{procedure.RungYellow, procedure.RungDue, procedure.RungRed, procedure.RungEscalate} {
		require.False(t, reminded(t, w, number, rung), rung)
	}
	require.LessOrEqual(t, w.inside(t, number).Events, length+4, "one signal, and the workflow task that took notice")
	p.kill()

	p = up(t, nil, dir, "--demo")
	w = w.moved(p.url)
	w.onCase(t, "ops.bai", number, http.StatusOK, "", map[string]any{"action": procedure.ActContinue, "opinion": "核查完毕，没有加码"})
	again := w.look(t, number)
	require.Nil(t, again.Case.Suspended)
	require.Equal(t, due, w.task(t, number, "formal-review", "office.qian").Due, "no law moves the deadline")
	require.False(t, reminded(t, w, number, procedure.RungEscalate), "what rang while it lay still rings by as much later")
	w.jump(t, moment(t, "2026-09-24 10:00"))
	eventually(t, "the reminders that were put off", settleLimit, func() bool { return reminded(t, w, number, procedure.RungEscalate) })
	w.answer(t, "office.qian", number, "formal-review", procedure.Accept, "")
	code, _ := p.stop(t)
	require.Zero(t, code, "%s", p.out)
	wholeAndRebuilt(t, dir, []string{number, beside})
}

func (w *town) inside(t *testing.T, number string) server.InsideView {
	t.Helper()
	var v server.InsideView
	w.as(t, "ops.bai").get(t, "/cases/"+number+"/inside", &v)
	return v
}
