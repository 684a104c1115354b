package server

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"gongzhi/ops"
	"gongzhi/procedure"
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
	require.Len(t, offers, 5)
	require.Equal(t, ops.Urge, offers[0].Remedy)
	require.True(t, offers[0].Allowed)
	require.True(t, offers[4].Second, "to send back cannot be undone")
	require.NotEmpty(t, offers[4].Needs.ReturnTo)

	r := read[CureResult](t, c.do(http.MethodPost, "/incidents/late/remedies", `{"remedy":"urge","version":1,"reason":"群众来电"}`))
	require.Equal(t, []CaseCured{{Case: "XW-ZR-2026-014", Title: "摸底登记", Done: true, Text: "已催办。"}}, r.Results)
	require.False(t, r.Mended)
	require.Contains(t, r.Text, "原因尚在")
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

// What works on the machine is done in the name of the operator, a fault of it is not the caller's, and the sweep says whether it helped.
func TestRemedy_OnTheMachine(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ops.add("retries", ops.Retrying, "", w.now, "XW-ZR-2026-014")
	w.mend("retries")
	c := w.as("operator")
	r := read[CureResult](t, c.do(http.MethodPost, "/incidents/retries/remedies", `{"remedy":"retry","version":1,"reason":"磁盘已清理"}`))
	require.True(t, r.Mended)
	require.Equal(t, "已恢复。", r.Text)
	require.Equal(t, []string{"retry XW-ZR-2026-014 operator 磁盘已清理"}, w.ops.cures.done)

	w.ops.add("again", ops.Disagree, "", w.now, "XW-ZR-2026-014")
	w.ops.cures.refuse = errors.New("the engine does not answer")
	r = read[CureResult](t, c.do(http.MethodPost, "/incidents/again/remedies", `{"remedy":"reconcile","version":1,"reason":"校正"}`))
	require.False(t, r.Results[0].Done)
	require.NotContains(t, r.Results[0].Text, "engine", "what a fault says is for the log")
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
