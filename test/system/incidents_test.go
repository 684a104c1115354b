package system

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/ops"
	"gongzhi/procedure"
	"gongzhi/procedure/admission"
	"gongzhi/record"
	"gongzhi/server"
)

// incidents has the detectors of the running program look, and lists what they find of a case.
func (w *town) incidents(t *testing.T, number string) []server.IncidentView {
	t.Helper()
	operator := w.as(t, "ops.bai")
	var swept server.Swept
	require.Equal(t, http.StatusOK, operator.post(t, "/incidents/sweep", nil, &swept).status)
	require.True(t, swept.Done)
	var page record.Page[server.IncidentView]
	operator.get(t, "/incidents?case="+number, &page)
	return page.Items
}

// TestIncidents: who is late and who is not there shows in the real program, through the engine's own workers, and is gone when mended.
func TestIncidents(t *testing.T) {
	t.Parallel()
	_, w := demonstration(t)
	eventually(t, "the schedule has not had anybody look", time.Minute, func() bool {
		var runs server.RunsView
		w.as(t, "ops.bai").get(t, "/incidents/runs", &runs)
		return len(runs.Runs) > 0
	})
	number := w.file(t, "tjj.sun", admission.Kind, application("网点摸底登记", "0101", "0201"))
	w.task(t, number, "formal-review", "office.qian")
	require.Empty(t, w.incidents(t, number), "nothing is wrong yet")

	w.jump(t, moment(t, "2026-09-14 10:00"))
	list := w.incidents(t, number)
	require.Len(t, list, 1)
	late := list[0]
	require.Equal(t, ops.Overdue, late.Kind)
	require.Contains(t, late.Sentence.Text, "未办「形式审查」")
	require.NotEmpty(t, late.Basis.Text)
	require.Equal(t, number, late.Cases[0].Number)

	// Two people of the district hold the post; without both it is nobody's.
	admin := w.as(t, "admin.shui")
	var people []server.Person
	admin.get(t, "/users?text=office.", &people)
	holders := 0
	for _, p := range people {
		if slices.ContainsFunc(p.Posts, func(p record.Post) bool { return p.Role == procedure.AdmissionOffice }) {
			holders++
			require.Equal(t, http.StatusOK, admin.do(t, request{method: "PUT", path: "/users/" + p.User, body: map[string]any{"disabled": true}}).status)
		}
	}
	require.Equal(t, 2, holders)
	list = w.incidents(t, number)
	require.Len(t, list, 2)
	require.Equal(t, ops.Unmanned, list[0].Kind, "the more harmful kind comes first")
	require.Contains(t, list[0].Sentence.Text, "「形式审查」无人可办：")
	for _, p := range people {
		admin.do(t, request{method: "PUT", path: "/users/" + p.User, body: map[string]any{"disabled": false}})
	}
	require.Len(t, w.incidents(t, number), 1)

	w.answer(t, "office.qian", number, "formal-review", procedure.Accept, "")
	require.Empty(t, w.incidents(t, number))
	var page record.Page[server.IncidentView]
	w.as(t, "audit.dou").get(t, "/incidents?state=resolved&case="+number, &page)
	require.Len(t, page.Items, 2)
	require.Equal(t, "原因已消除", page.Items[0].How)
	var runs server.RunsView
	w.as(t, "audit.dou").get(t, "/incidents/runs", &runs)
	require.GreaterOrEqual(t, len(runs.Runs), 7)
	for _, r := range runs.Runs {
		require.Empty(t, r.Error, "%s", r.Title)
	}
}
