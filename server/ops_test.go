package server

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/stretchr/testify/require"

	"gongzhi/ops"
	"gongzhi/procedure"
	"gongzhi/record"
)

const viewID = "view-0123456789abcdef"

// opsSamples are the samples of the routes of 运行监控, see samples.
func opsSamples() map[string]sample {
	i := "/incidents/i1"
	return map[string]sample{
		"incidents":           {path: "/incidents?kind=overdue&state=all&unit=XW-CZ&assignee=me&case=XW-ZR-2026-014&text=x", by: "auditor", wrong: "clerk"},
		"incidentCounts":      {path: "/incidents/counts", by: "admin", wrong: "office"},
		"incidentRuns":        {path: "/incidents/runs", by: "operator", wrong: "clerk"},
		"opsHealth":           {path: "/ops/health", by: "inspector", wrong: "office"},
		"sweepIncidents":      {path: "/incidents/sweep", by: "operator", wrong: "admin"},
		"incident":            {path: i, by: "admin", wrong: "street"},
		"acknowledgeIncident": {path: i + "/acknowledge", by: "operator", wrong: "auditor", body: `{"version":1}`},
		"assignIncident":      {path: i + "/assign", by: "operator", wrong: "admin", body: `{"version":1,"user":"auditor"}`},
		"commentIncident":     {path: i + "/comment", by: "operator", wrong: "auditor", body: `{"version":1,"text":"已联系"}`},
		"resolveIncident":     {path: i + "/resolve", by: "operator", wrong: "admin", body: `{"version":1,"text":"重复"}`},
		"remedyIncident":      {path: i + "/remedies", by: "operator", wrong: "auditor", body: `{"remedy":"urge","version":1,"reason":"来电"}`},
		"remedies":            {path: "/remedies?state=confirmed", by: "auditor", wrong: "clerk"},
		"confirmRemedy":       {path: "/remedies/r1/confirm", by: "inspector", wrong: "admin", body: `{"reason":"同意"}`},
		"declineRemedy":       {path: "/remedies/r1/decline", by: "operator", wrong: "auditor", body: `{"reason":"不同意"}`, status: 204},
		"batches":             {path: "/batches", by: "auditor", wrong: "clerk"},
		"createBatch":         {path: "/batches", by: "operator", wrong: "auditor", body: `{"cases":{"kind":"admission"},"remedy":"urge","reason":"来电"}`},
		"batchRemedies":       {path: "/batches/remedies?kind=overdue", by: "auditor", wrong: "clerk"},
		"batch":               {path: "/batches/b1", by: "inspector", wrong: "clerk"},
		"batchItems":          {path: "/batches/b1/items?state=planned", by: "admin", wrong: "street"},
		"confirmBatch":        {path: "/batches/b1/confirm", by: "inspector", wrong: "admin", body: `{"version":1,"reason":"同意"}`},
		"runBatch":            {path: "/batches/b2/run", by: "operator", wrong: "auditor", body: `{"version":1}`},
		"stopBatch":           {path: "/batches/b3/stop", by: "operator", wrong: "inspector", body: `{"version":1}`},
		"resumeBatch":         {path: "/batches/b4/resume", by: "operator", wrong: "admin", body: `{"version":1}`},
		"caseInside":          {path: "/cases/XW-ZR-2026-014/inside", by: "operator", wrong: "clerk"},
		"views":               {path: "/views?page=ops", by: "auditor", wrong: "clerk"},
		"view":                {path: "/views/" + viewID, by: "auditor", wrong: "clerk"},
		"saveView":            {path: "/views/" + viewID, by: "operator", wrong: "clerk", body: `{"page":"ops","name":"超期","query":"kind=overdue"}`},
		"deleteView":          {path: "/views/" + viewID, by: "operator", wrong: "clerk", status: 204},
	}
}

func (w *world) stockOps() {
	w.ops.add("i1", ops.Overdue, "XW-CZ", w.now, "XW-ZR-2026-014")
	w.ops.cures.proposals = []ops.Proposal{{ID: "r1", Incident: "i1", Cure: ops.Hold, By: "clerk", Post: "p-clerk", State: ops.Pending, Order: []byte(`{"remedy":"hold","reason":"x"}`)}}
	w.stockBatches()
	w.ops.views = []ops.View{{ID: viewID, User: "operator", Page: "ops", Name: "超期", Query: "kind=overdue"}}
}

func TestIncidents_Area(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ops.add("mine", ops.Overdue, "XW-CZ", w.now, "1", "2", "3", "4")
	w.ops.add("theirs", ops.Overdue, "HC", w.now)
	w.ops.add("machine", ops.Code, "", w.now)
	c := w.as("operator")
	page := read[record.Page[IncidentView]](t, c.do(http.MethodGet, "/incidents?assignee=me", nil))
	require.Equal(t, "operator", w.ops.asked.Assignee)
	require.Len(t, page.Items, 2)
	i := page.Items[0]
	require.Equal(t, "mine", i.ID)
	require.Equal(t, "超期未办", i.KindTitle)
	require.Equal(t, "区财政局", i.UnitName)
	require.Len(t, i.Cases, shownCases)
	require.Equal(t, 4, i.Count)
	require.Equal(t, IncidentRights{Acknowledge: true, Assign: true, Comment: true, Resolve: true}, i.May)
	refusedWith(t, c.do(http.MethodGet, "/incidents/theirs", nil), http.StatusNotFound, "incident.not_found")
	refusedWith(t, c.do(http.MethodPost, "/incidents/theirs/comment", `{"version":1,"text":"x"}`), http.StatusNotFound, "incident.not_found")
	require.Equal(t, 2, read[ops.Counts](t, c.do(http.MethodGet, "/incidents/counts", nil)).Total)
	detail := read[IncidentPage](t, c.do(http.MethodGet, "/incidents/mine", nil))
	require.Len(t, detail.History, 1)
	require.Len(t, detail.Cases.Items, 4)

	// Who only reads is offered nothing.
	page = read[record.Page[IncidentView]](t, w.as("auditor").do(http.MethodGet, "/incidents", nil))
	require.Equal(t, IncidentRights{}, page.Items[0].May)
}

// Two operators who act on the same incident: the second is told what the first one did, and nothing of his is done.
func TestIncidents_TwoOperators(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.stockOps()
	first, second := w.as("operator"), w.as("operator")
	known := read[IncidentView](t, first.do(http.MethodPost, "/incidents/i1/acknowledge", `{"version":1,"text":"正在查"}`))
	require.Equal(t, ops.Acknowledged, known.State)
	require.False(t, known.May.Acknowledge)
	p := refusedWith(t, second.do(http.MethodPost, "/incidents/i1/resolve", `{"version":1,"text":"重复"}`), http.StatusConflict, ops.CodeStale)
	require.Contains(t, p.Detail, "示例-冯九已先一步在9月21日（周一） 10:00登记了知悉")

	refusedWith(t, second.do(http.MethodPost, "/incidents/i1/assign", `{"version":2,"user":"clerk"}`), http.StatusConflict, "incident.assignee")
	refusedWith(t, second.do(http.MethodPost, "/incidents/i1/assign", `{"version":2,"user":"stranger"}`), http.StatusConflict, "incident.assignee")
	given := read[IncidentView](t, second.do(http.MethodPost, "/incidents/i1/assign", `{"version":2,"user":"auditor"}`))
	require.Equal(t, "auditor", given.Assignee)
	require.Equal(t, "示例-褚一", given.Named)
	refusedWith(t, second.do(http.MethodPost, "/incidents/i1/resolve", `{"version":3,"text":""}`), http.StatusUnprocessableEntity, "input.invalid")
	ended := read[IncidentView](t, second.do(http.MethodPost, "/incidents/i1/resolve", `{"version":3,"text":"重复"}`))
	require.Equal(t, IncidentRights{Comment: true}, ended.May)
	refusedWith(t, second.do(http.MethodPost, "/incidents/i1/assign", `{"version":4,"user":"auditor"}`), http.StatusConflict, ops.CodeOver)
	history := read[IncidentPage](t, second.do(http.MethodGet, "/incidents/i1", nil)).History
	require.Len(t, history, 4)
	require.Equal(t, "人工关闭：重复。", history[3].Text)

	// The same request again is done once.
	key := newKey()
	body := `{"version":4,"text":"已核实"}`
	require.Equal(t, http.StatusOK, second.keyed(key, http.MethodPost, "/incidents/i1/comment", body).Code)
	require.Equal(t, http.StatusOK, second.keyed(key, http.MethodPost, "/incidents/i1/comment", body).Code)
	require.Len(t, read[IncidentPage](t, second.do(http.MethodGet, "/incidents/i1", nil)).History, 5)
}

func TestIncidents_Runs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.as("operator")
	ok := w.now.Add(-90 * time.Second)
	w.ops.runs = []ops.Run{{Kind: ops.Overdue, At: w.now, Took: 30 * time.Millisecond, Found: 2, LastOK: &w.now}, {Kind: ops.Silent, At: w.now, Error: "no answer", LastOK: &ok}}
	v := read[RunsView](t, c.do(http.MethodGet, "/incidents/runs", nil))
	require.Equal(t, int64(90), v.Lag)
	require.Equal(t, int64(30), v.Runs[0].TookMS)
	require.Equal(t, "外部未回复", v.Runs[1].Title)
	w.ops.runs[1].LastOK = nil
	require.Equal(t, int64(-1), read[RunsView](t, c.do(http.MethodGet, "/incidents/runs", nil)).Lag)
}

func TestIncidents_Sweep(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.as("operator")
	key := newKey()
	r := c.keyed(key, http.MethodPost, "/incidents/sweep", nil)
	require.True(t, read[Swept](t, r).Done)
	require.Equal(t, []string{key}, w.ops.swept, "the same request waits for the same sweep")

	w.ops.sweeping = func(context.Context) error { return errors.New("no engine") }
	require.Equal(t, http.StatusInternalServerError, c.do(http.MethodPost, "/incidents/sweep", nil).Code)

	// Whoever waits longer than a request may, is told that it goes on.
	w.s.sweepWithin = time.Millisecond
	w.ops.sweeping = func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
	r = c.do(http.MethodPost, "/incidents/sweep", nil)
	require.Equal(t, http.StatusOK, r.Code, r.Body.String())
	require.False(t, read[Swept](t, r).Done)
}

func TestViews(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.stockOps()
	mine := w.as("operator")
	require.Len(t, read[[]ops.View](t, mine.do(http.MethodGet, "/views", nil)), 1)
	other := w.as("admin")
	require.Empty(t, read[[]ops.View](t, other.do(http.MethodGet, "/views", nil)))
	require.Equal(t, "kind=overdue", read[ops.View](t, other.do(http.MethodGet, "/views/"+viewID, nil)).Query, "whoever has the link")
	change := `{"page":"ops","name":"x","query":"kind=code"}`
	refusedWith(t, other.do(http.MethodPut, "/views/"+viewID, change), http.StatusNotFound, "view.not_found")
	refusedWith(t, other.do(http.MethodDelete, "/views/"+viewID, nil), http.StatusNotFound, "view.not_found")
	saved := read[ops.View](t, mine.do(http.MethodPut, "/views/"+viewID, change))
	require.Equal(t, "kind=code", saved.Query)
	require.Equal(t, "示例-冯九", saved.UserName)
	require.Equal(t, http.StatusUnprocessableEntity, mine.do(http.MethodPut, "/views/short", change).Code)
	require.Equal(t, http.StatusNoContent, mine.do(http.MethodDelete, "/views/"+viewID, nil).Code)
	require.Empty(t, read[[]ops.View](t, mine.do(http.MethodGet, "/views", nil)))
}

// A change of the list reaches those who watch over it, and nobody else.
func TestStream_Incidents(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	watcher, member := w.listen("operator", ""), w.listen("member", "")
	require.Equal(t, ": ok", watcher.first())
	require.Equal(t, ": ok", member.first())
	w.change(1, "", 0, ops.ChangeType)
	m := watcher.next()
	require.Equal(t, "incidents", m.event)
	require.Equal(t, "1", m.id)
	w.change(2, "XW-ZR-2026-014", 2, procedure.TaskAnswered)
	require.Equal(t, "change", member.next().event, "of the list nothing was said")
	require.Equal(t, "change", watcher.next().event)
}

// The kinds in the document are those there are, in the order of the list.
func TestIncidentKindsInTheDocument(t *testing.T) {
	t.Parallel()
	var want []any
	for _, k := range ops.Kinds() {
		want = append(want, string(k))
	}
	doc := newWorld(t).s.api.OpenAPI()
	require.Equal(t, want, doc.Components.Schemas.Map()["IncidentView"].Properties["kind"].Enum)
	params := doc.Paths[prefix+"/incidents"].Get.Parameters
	i := slices.IndexFunc(params, func(p *huma.Param) bool { return p.Name == "kind" })
	require.Equal(t, want, params[i].Schema.Enum)
}
