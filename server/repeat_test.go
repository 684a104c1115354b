package server

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"gongzhi/procedure"
	"gongzhi/record"
)

// TestRefusalIsRepeated: a refused command gives the same answer again: status, code, sentence, and what was kept, however the
// case has changed since.
func TestRefusalIsRepeated(t *testing.T) {
	t.Parallel()
	for kind, status := range statuses {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.engine = func(record.Command) (procedure.Receipt, error) {
				return procedure.Receipt{}, procedure.Errorf(kind, "answer.refused", "办件不接受。")
			}
			c := w.as("member")
			for method, body := range map[string]map[string]any{
				w.taskPath(w.taskID) + "/actions": {"action": "answer", "answer": "object", "opinion": "经费未落实"},
				"/cases/XW-ZR-2026-014/actions":   {"action": "copy", "target": map[string]string{"unit": "XW-02", "role": "street.office"}},
				"/cases":                          {"kind": "admission", "form": map[string]any{"title": "摸底"}},
			} {
				by := c
				if method == "/cases" {
					by = w.as("clerk")
				}
				key, sent := newKey(), len(w.sent)
				first := refusedWith(t, by.keyed(key, http.MethodPost, method, body), status, "answer.refused")
				require.Equal(t, kind == procedure.Conflict && body["opinion"] != nil, first.Kept != "", "an opinion that came too late is kept")
				w.tasks[1].State, w.tasks[1].ActorName = record.TaskDone, "示例-王五"
				for range 2 {
					require.Equal(t, first, refusedWith(t, by.keyed(key, http.MethodPost, method, body), status, "answer.refused"))
				}
				require.Len(t, w.sent, sent+1, "the engine is asked once")
				w.tasks[1].State, w.tasks[1].ActorName = record.TaskOpen, ""
			}
		})
	}
}

// TestRefusedLater: the answer was lost at first, and the case refuses when the command comes again. What was written is kept
// then; and what the relay has found meanwhile is said in its words.
func TestRefusedLater(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.as("member")
	path, body := w.taskPath(w.taskID)+"/actions", map[string]any{"action": "answer", "answer": "object", "opinion": "经费未落实"}
	w.engine = func(record.Command) (procedure.Receipt, error) { return procedure.Receipt{}, context.DeadlineExceeded }
	key, other := newKey(), newKey()
	for _, k := range []string{key, other} {
		require.Equal(t, 202, c.keyed(k, http.MethodPost, path, body).Code)
	}
	refusal := conflict("task.blocked", "须等加签人先办理。")
	w.engine = func(record.Command) (procedure.Receipt, error) { return procedure.Receipt{}, refusal }
	first := refusedWith(t, c.keyed(key, http.MethodPost, path, body), 409, "task.blocked")
	require.NotEmpty(t, first.Kept)
	require.Len(t, w.drafts, 1)
	for _, d := range w.drafts {
		require.Contains(t, string(d.Form), "经费未落实")
		require.Contains(t, string(d.Form), w.taskID)
	}
	require.Equal(t, first, refusedWith(t, c.keyed(key, http.MethodPost, path, body), 409, "task.blocked"))

	forbidden := procedure.Errorf(procedure.Forbidden, "task.holder", "这件待办由他人办理。")
	require.NoError(t, w.SettleCommand(t.Context(), other, record.Refused(forbidden)))
	late := refusedWith(t, c.keyed(other, http.MethodPost, path, body), 403, "task.holder")
	require.Equal(t, forbidden.Message, late.Detail)
}

// TestReapplicationTooLate: the check found nothing, but somebody else was quicker. Nothing is started, and the draft stays.
func TestReapplicationTooLate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.as("clerk")
	w.starting = conflict("case.reapplied", "办件 XW-ZR-2026-001 已有人再次申请，一件只能再申请 1 次")
	d := read[record.Draft](t, c.do(http.MethodPost, "/drafts", `{"kind":"admission","title":"x","form":{}}`))
	refusedWith(t, c.do(http.MethodPost, "/cases", `{"kind":"admission","form":{"title":"摸底"},"draft":"`+d.ID+`"}`), 409, "case.reapplied")
	require.Empty(t, w.sent)
	require.Len(t, w.drafts, 1)
}

// TestCopyOfAClosedCase is read without the engine, which has nobody to ask any more.
func TestCopyOfAClosedCase(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	kase := w.cases["XW-ZR-2026-014"]
	kase.State = procedure.Completed
	w.cases[kase.Number] = kase
	path := "/copies/" + kase.Number + ".5/read"
	c := w.as("street")
	key := newKey()
	first := c.keyed(key, http.MethodPost, path, nil)
	require.Equal(t, 200, first.Code, first.Body.String())
	require.Empty(t, w.sent)
	require.Equal(t, "示例-周六", w.copies[0].ReadBy)
	require.Equal(t, w.now, *w.copies[0].ReadAt)
	again := c.keyed(key, http.MethodPost, path, nil)
	require.Equal(t, 200, again.Code)
	require.JSONEq(t, first.Body.String(), again.Body.String())
	refusedWith(t, c.do(http.MethodPost, path, nil), 409, "copy.read")
	refusedWith(t, w.as("street2").do(http.MethodPost, path, nil), 404, "not_found")

	open := newWorld(t) // while the case is open its workflow records the reading
	require.Equal(t, 200, open.as("street").do(http.MethodPost, path, nil).Code)
	require.Equal(t, procedure.ActRead, open.sent[0].Action)
	require.Nil(t, open.copies[0].ReadAt)
}
