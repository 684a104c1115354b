package system

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gongzhi/demo"
	"gongzhi/ops"
	"gongzhi/procedure"
	"gongzhi/procedure/admission"
	"gongzhi/record"
	"gongzhi/server"
	"gongzhi/test/pgtest"
)

func (w *town) batch(t *testing.T, id string) server.BatchView {
	t.Helper()
	var b server.BatchView
	w.as(t, "ops.bai").get(t, "/batches/"+id, &b)
	return b
}

func (w *town) items(t *testing.T, id, state string) []ops.BatchItem {
	t.Helper()
	var page record.Page[ops.BatchItem]
	w.as(t, "ops.bai").get(t, "/batches/"+id+"/items?limit=200&state="+state, &page)
	return page.Items
}

func (w *town) decideBatch(t *testing.T, id, what string, version int64) server.BatchView {
	t.Helper()
	var b server.BatchView
	w.as(t, "ops.bai").post(t, "/batches/"+id+"/"+what, map[string]any{"version": version}, &b)
	return b
}

// urged counts who urged a case, by person.
func (w *town) urged(t *testing.T, number string) map[string]int {
	t.Helper()
	by := map[string]int{}
	for _, e := range w.events(t, number) {
		if e.Type == procedure.TaskUrged {
			by[e.Actor.User]++
		}
	}
	return by
}

// TestABatchIsKilledAndGoesOn: a batch is stopped and resumed, its program is killed in the middle of it, and it goes on by itself
// afterwards: no case is urged twice and none is left out, what has moved on is skipped with the reason, and each result is that of
// the record.
func TestABatchIsKilledAndGoesOn(t *testing.T) {
	t.Parallel()
	const n = 60
	dir := t.TempDir()
	p := up(t, nil, dir, "--demo")
	w := newTown(p.url, demo.Password)
	var numbers []string
	for i := range n {
		numbers = append(numbers, w.file(t, "tjj.sun", admission.Kind, application(fmt.Sprintf("批量的一件之 %d", i), "0101")))
	}
	other := w.file(t, "tjj.sun", admission.Kind, application("不在其中", "0101"))
	for _, number := range append(numbers, other) {
		w.task(t, number, "formal-review", "office.qian")
	}
	var b server.BatchView
	order := map[string]any{"cases": map[string]any{"kind": admission.Kind, "stage": "formal-review", "text": "批量的一件"}, "remedy": "urge", "reason": "月底前办结"}
	w.as(t, "ops.bai").post(t, "/batches", order, &b)
	require.Equal(t, ops.BatchCounts{Total: n, Planned: n}, b.Counts)
	require.Contains(t, w.items(t, b.ID, "planned")[0].Plan, "催办：「形式审查」，现由")
	require.Empty(t, w.urged(t, numbers[0]), "it was a dry run")
	w.answer(t, "office.qian", numbers[n-1], "formal-review", procedure.Accept, "")

	// Stopped, it stands still; resumed, it goes on.
	b = w.decideBatch(t, b.ID, "run", b.Version)
	eventually(t, "some are done", settleLimit, func() bool { return w.batch(t, b.ID).Counts.Done >= 3 })
	b = w.decideBatch(t, b.ID, "stop", b.Version)
	for range 3 { // takes longer than several cases of the batch
		other = w.file(t, "tjj.sun", admission.Kind, application("不在其中", "0101"))
		w.task(t, other, "formal-review", "office.qian")
	}
	stood := w.batch(t, b.ID)
	require.LessOrEqual(t, stood.Counts.Done, b.Counts.Done+1, "the case whose turn it was comes to its end, and no other begins")
	require.Positive(t, stood.Counts.Planned, "it was over before it was stopped")
	b = w.decideBatch(t, b.ID, "resume", b.Version)
	eventually(t, "it goes on", settleLimit, func() bool { return w.batch(t, b.ID).Counts.Done >= stood.Counts.Done+5 })
	p.kill()

	p = up(t, nil, dir, "--demo")
	w = w.moved(p.url)
	found := w.batch(t, b.ID)
	t.Logf("killed with %+v", found.Counts)
	require.Positive(t, found.Counts.Planned, "it was over before the program died: the test proves nothing")
	eventually(t, "each has its result", 2*sweepLimit, func() bool { return w.batch(t, b.ID).State == ops.BatchDone })
	done := w.batch(t, b.ID)
	require.Equal(t, ops.BatchCounts{Total: n, Done: n - 1, Skipped: 1}, done.Counts)
	require.Len(t, w.items(t, b.ID, "skipped"), 1)
	require.Equal(t, numbers[n-1], w.items(t, b.ID, "skipped")[0].Number)
	require.NotEmpty(t, w.items(t, b.ID, "skipped")[0].Text)
	for _, number := range numbers[:n-1] {
		require.Equal(t, map[string]int{"ops.bai": 1}, w.urged(t, number), number)
	}
	require.Empty(t, w.urged(t, numbers[n-1]))
	require.Empty(t, w.urged(t, other), "it came after the batch was made")
	code, _ := p.stop(t)
	require.Zero(t, code, "%s", p.out)
	wholeAndRebuilt(t, dir, numbers[:3])
}

// TestABatchThatEndsCases waits for a second person, and goes on where a case has ended meanwhile.
func TestABatchThatEndsCases(t *testing.T) {
	t.Parallel()
	_, w := demonstration(t)
	var numbers []string
	for i := range 3 {
		number := w.file(t, "tjj.sun", admission.Kind, application(fmt.Sprintf("要终止的一件之 %d", i), "0101"))
		w.task(t, number, "formal-review", "office.qian")
		numbers = append(numbers, number)
	}
	var b server.BatchView
	w.as(t, "ops.bai").post(t, "/batches", map[string]any{"cases": map[string]any{"text": "要终止的一件"}, "remedy": "terminate", "reason": "区划调整"}, &b)
	refused := w.as(t, "ops.bai").do(t, request{method: "POST", path: "/batches/" + b.ID + "/run", body: map[string]any{"version": b.Version}})
	require.Equal(t, http.StatusConflict, refused.status)
	require.True(t, refused.says(ops.CodeBatchUnconfirmed), "%s", refused)
	w.as(t, "dc.hua").post(t, "/batches/"+b.ID+"/confirm", map[string]any{"version": b.Version, "reason": "文件已核对"}, &b)
	got := w.as(t, "ops.bai").post(t, "/cases/"+numbers[0]+"/actions", map[string]any{"action": "terminate", "opinion": "先行终止"}, nil)
	require.Equal(t, http.StatusOK, got.status, "%s", got)
	b = w.decideBatch(t, b.ID, "run", b.Version)
	eventually(t, "each has its result", sweepLimit, func() bool { return w.batch(t, b.ID).State == ops.BatchDone })
	require.Equal(t, ops.BatchCounts{Total: 3, Done: 2, Skipped: 1}, w.batch(t, b.ID).Counts)
	require.Equal(t, "办件已结束。", w.items(t, b.ID, "skipped")[0].Text)
	for _, number := range numbers[1:] {
		require.Equal(t, procedure.Terminated, w.look(t, number).Case.State)
		last := w.events(t, number)
		end := last[len(last)-1]
		require.Equal(t, procedure.CaseClosed, end.Type)
		require.Equal(t, "ops.bai", end.Actor.User)
		var c procedure.Closed
		require.NoError(t, json.Unmarshal(end.Data, &c))
	}
}

// TestARehearsalAsksLittle: what a rehearsal asks the database for grows by a few statements a case, and by no more than the case needs
// to be checked as it is when the remedy is used.
func TestARehearsalAsksLittle(t *testing.T) {
	t.Parallel()
	w, _, spans := traced(t, pgtest.Schema(t))
	file := func(title string, n int) {
		for i := range n {
			number := w.file(t, "tjj.sun", admission.Kind, application(fmt.Sprintf("%s %d", title, i), "0101"))
			w.task(t, number, "formal-review", "office.qian")
		}
	}
	file("少数", 2)
	file("多数", 12)
	statements := func(title string, order map[string]any) (n int) {
		spans.Reset()
		order["cases"], order["reason"] = map[string]any{"text": title}, "预演"
		require.Equal(t, http.StatusOK, w.as(t, "ops.bai").post(t, "/batches", order, nil).status)
		eventually(t, "the trace is whole", settleLimit, func() bool {
			n = 0
			for _, s := range trace(spans.GetSpans(), "POST /batches") {
				if strings.HasPrefix(s.Name, "sql ") {
					n++
				}
			}
			return n > 0
		})
		return n
	}
	for name, x := range map[string]struct {
		order map[string]any
		each  int
	}{
		"a task: those of the case, and the case":                   {map[string]any{"remedy": "urge"}, 2},
		"a clock besides":                                           {map[string]any{"remedy": "extend", "days": 1}, 3},
		"the case with its clocks, and what it has displayed":       {map[string]any{"remedy": "suspend"}, 3},
		"a person besides, who must be there and in the right post": {map[string]any{"remedy": "reassign", "target": to("office.xu", "XW-SGB")}, 5},
	} {
		few, many := statements("少数", x.order), statements("多数", x.order)
		require.Equal(t, 10*x.each, many-few, "%s: %d for 2 cases, %d for 12", name, few, many)
	}
}
