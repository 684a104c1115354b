package server

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/procedure"
	"gongzhi/record"
)

const otherCase = "XW-TZ-2026-001"

// withOther adds a case of another procedure beside the one of the world: with a task at the same post, and a copy to it.
func (w *world) withOther() {
	finance := w.tasks[1].Holder
	w.cases[otherCase] = record.Case{Number: otherCase, Kind: "revision", State: procedure.Running, District: "XW", Unit: "XW-TJ", Seq: 7}
	w.paths[otherCase] = "/YT/XW/XW-TJ/"
	task := w.tasks[1]
	task.ID, task.Case, task.Kind = otherCase+".7", otherCase, "revision"
	w.tasks = append(w.tasks, task)
	w.copies = append(w.copies, record.Copy{ID: "XW-ZR-2026-014.6", Case: "XW-ZR-2026-014", To: finance}, record.Copy{ID: otherCase + ".6", Case: otherCase, To: finance})
}

// TestLimitedDelegation: a delegation for one procedure (委托授权) shows and allows that procedure only, everywhere. One for all
// procedures shows both: otherwise the rest would prove nothing.
func TestLimitedDelegation(t *testing.T) {
	t.Parallel()
	for _, kinds := range [][]procedure.Kind{nil, {"admission", "revision"}, {"revision"}, {"other"}} {
		t.Run(fmt.Sprint(kinds), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.withOther()
			g := delegation("g1", "member", "street2")
			g.Kinds = kinds
			w.delegations = append(w.delegations, g)
			want := []string{}
			for number, kind := range map[string]procedure.Kind{"XW-ZR-2026-014": "admission", otherCase: "revision"} {
				if len(kinds) == 0 || slices.Contains(kinds, kind) {
					want = append(want, number)
				}
			}
			c := w.as("street2")
			numbers := func(path string, number func(row map[string]any) any) []string {
				got := []string{}
				for _, row := range read[record.Page[map[string]any]](t, c.do(http.MethodGet, path, nil)).Items {
					got = append(got, number(row).(string))
				}
				return got
			}
			require.ElementsMatch(t, want, numbers("/cases", func(row map[string]any) any { return row["number"] }))
			require.ElementsMatch(t, want, numbers("/tasks", func(row map[string]any) any { return row["task"].(map[string]any)["case"] }))
			require.ElementsMatch(t, want, numbers("/copies", func(row map[string]any) any { return row["case"] }))
			require.Equal(t, len(want), read[record.Counts](t, c.do(http.MethodGet, "/tasks/counts", nil)).Todo)
			require.Equal(t, len(want), read[Me](t, c.do(http.MethodGet, "/session", nil)).Counts.Todo)
			for _, number := range []string{"XW-ZR-2026-014", otherCase} {
				status := http.StatusNotFound
				if slices.Contains(want, number) {
					status = http.StatusOK
				}
				for _, path := range []string{"/cases/" + number, w.taskPath(number + ".7"), "/cases/" + number + "/events", "/cases/" + number + "/verify"} {
					require.Equal(t, status, c.do(http.MethodGet, path, nil).Code, path)
				}
				require.Equal(t, status, c.do(http.MethodPost, "/copies/"+number+".6/read", nil).Code)
				require.Equal(t, status, c.do(http.MethodPost, w.taskPath(number+".7")+"/actions", map[string]any{"action": "answer", "answer": "agree"}).Code)
			}
		})
	}
	// Whoever sees the task for another reason still may not act on it.
	w := newWorld(t)
	g := delegation("g1", "member", "office")
	g.Kinds = []procedure.Kind{"other"}
	w.delegations = append(w.delegations, g)
	refusedWith(t, w.as("office").do(http.MethodPost, w.taskPath(w.taskID)+"/actions", map[string]any{"action": "answer", "answer": "agree"}), 403, "task.not_holder")
}

// TestLimitedDelegationLive: the live feed says nothing of the other procedures.
func TestLimitedDelegationLive(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.withOther()
	g := delegation("g1", "member", "street2")
	g.Kinds = []procedure.Kind{"revision"}
	w.delegations = append(w.delegations, g)
	l := w.listen("street2", "")
	require.Equal(t, ": ok", l.first())
	w.change(1, "XW-ZR-2026-014", 8, procedure.TaskAnswered)
	w.change(2, otherCase, 8, procedure.TaskAnswered)
	m := l.next()
	require.Equal(t, "2", m.id)
	require.Contains(t, m.data, otherCase)
	m = l.next()
	require.Equal(t, "counts", m.event)
	require.Contains(t, m.data, `"todo":1`)
}

// TestRevokedDelegationEnds: what it showed is gone with it.
func TestRevokedDelegationEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	at := w.now.Add(-time.Hour)
	g := delegation("g1", "member", "street2")
	g.Revoked = &at
	w.delegations = append(w.delegations, g)
	refusedWith(t, w.as("street2").do(http.MethodGet, "/cases/XW-ZR-2026-014", nil), 404, "case.not_found")
}
