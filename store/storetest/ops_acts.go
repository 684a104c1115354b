package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"gongzhi/ops"
	"gongzhi/procedure"
	"gongzhi/record"
	"gongzhi/store"
)

// everythingOf is the scope of whoever sees all cases of a district.
func everythingOf(code string) record.Scope {
	return record.Scope{{Paths: []string{"/T/" + code + "/"}}}
}

func testOpsActs(t *testing.T, b bundle) {
	saveCases(t, b)
	ctx := t.Context()
	seen := fixed{kind: ops.Overdue, found: []ops.Finding{finding("a", "XW-BG", Now, caseOwn)}}
	sweep(t, b, Now, seen)
	i := one(t, b)
	act := func(what string, version int64, by string) (ops.Incident, error) {
		return b.ActOnIncident(ctx, district, i.ID, ops.Act{
			What: what, Version: version, By: by, ByName: "示例-" + by, To: "bai", ToName: "示例-白", Text: "已联系", At: Now.Add(time.Hour),
		})
	}
	known, err := act(ops.Acknowledge, i.Version, "bai")
	require.NoError(t, err)
	require.Equal(t, ops.Acknowledged, known.State)
	require.Equal(t, i.Version+1, known.Version)
	_, err = act(ops.Assign, i.Version, "shui")
	code(t, err, ops.CodeStale)
	require.ErrorContains(t, err, "示例-bai已先一步在9月1日（周二） 10:00登记了知悉")

	// A sweep that sees it again changes nothing about what people did.
	sweep(t, b, Now.Add(time.Minute), seen)
	assigned, err := act(ops.Assign, known.Version, "shui")
	require.NoError(t, err)
	require.Equal(t, ops.Assigned, assigned.State)
	require.Len(t, incidents(t, b, ops.Filter{Assignee: "bai"}), 1)
	require.Empty(t, incidents(t, b, ops.Filter{Assignee: "shui"}))
	require.Len(t, incidents(t, b, ops.Filter{State: ops.Assigned}), 1)

	// Of two who act at once, one is told who was first.
	var g errgroup.Group
	refused := make([]error, 8)
	for n := range refused {
		g.Go(func() error {
			_, refused[n] = act(ops.Ended, assigned.Version, "bai")
			return nil
		})
	}
	require.NoError(t, g.Wait())
	done := 0
	for _, err := range refused {
		if err == nil {
			done++
			continue
		}
		code(t, err, ops.CodeStale)
	}
	require.Equal(t, 1, done)
	require.Empty(t, live(t, b))
	history, err := b.IncidentHistory(ctx, i.ID)
	require.NoError(t, err)
	require.Len(t, history, 4)
	require.Equal(t, "人工关闭：已联系。", history[3].Text)
	require.Equal(t, "bai", history[3].By)

	// Closed by a person while its cause stands, it stays closed, until the cause has gone and come back.
	sweep(t, b, Now.Add(time.Hour+time.Minute), seen)
	require.Empty(t, live(t, b))
	sweep(t, b, Now.Add(2*time.Hour), fixed{kind: ops.Overdue})
	sweep(t, b, Now.Add(3*time.Hour), seen)
	require.NotEqual(t, i.ID, one(t, b).ID)

	foreign, err := b.ActOnIncident(ctx, "/T/LH/", one(t, b).ID, ops.Act{What: ops.Comment, Version: 1, Text: "x", At: Now})
	code(t, err, store.CodeIncident)
	require.Empty(t, foreign.ID)
}

// What changes the list is in the feed, once a fold; what changes nothing is not.
func testOpsFeed(t *testing.T, b bundle) {
	saveTree(t, b)
	feed := func() []record.Change {
		list, err := b.Changes(t.Context(), 0, 100)
		require.NoError(t, err)
		return list
	}
	seen := fixed{kind: ops.Overdue, found: []ops.Finding{finding("a", "XW-BG", Now), finding("b", "XW-BG", Now)}}
	sweep(t, b, Now, seen)
	require.Len(t, feed(), 1)
	require.Equal(t, record.Change{ID: 1, Type: ops.ChangeType, At: Now.UTC()}, feed()[0])
	sweep(t, b, Now.Add(time.Minute), seen)
	require.Len(t, feed(), 1)
	_, err := b.ActOnIncident(t.Context(), district, live(t, b)[0].ID, ops.Act{What: ops.Comment, Version: 1, Text: "x", At: Now})
	require.NoError(t, err)
	require.Len(t, feed(), 2)
	appendAll(t, b, NewScript(caseOwn))
	require.Len(t, feed(), 3, "cases go on in the same feed")
}

func testOpsViews(t *testing.T, b bundle) {
	ctx := t.Context()
	v := ops.View{ID: "view-1", User: "bai", UserName: "示例-白", Page: "ops", Name: "超期", Query: "kind=overdue", Saved: Now.UTC()}
	saved, err := b.SaveView(ctx, v)
	require.NoError(t, err)
	require.Equal(t, v, saved)
	v.Query = "kind=silent"
	_, err = b.SaveView(ctx, v)
	require.NoError(t, err)
	views, err := b.Views(ctx, "bai", "ops")
	require.NoError(t, err)
	require.Equal(t, []ops.View{v}, views)
	views, err = b.Views(ctx, "bai", "cases")
	require.NoError(t, err)
	require.Empty(t, views)
	views, err = b.Views(ctx, "shui", "")
	require.NoError(t, err)
	require.Empty(t, views)
	got, err := b.View(ctx, "view-1")
	require.NoError(t, err)
	require.Equal(t, v, got, "whoever has the link")

	stolen := v
	stolen.User, stolen.Query = "shui", "kind=code"
	_, err = b.SaveView(ctx, stolen)
	code(t, err, store.CodeView)
	code(t, b.DeleteView(ctx, "shui", "view-1"), store.CodeView)
	got, err = b.View(ctx, "view-1")
	require.NoError(t, err)
	require.Equal(t, v, got)
	require.NoError(t, b.DeleteView(ctx, "bai", "view-1"))
	_, err = b.View(ctx, "view-1")
	code(t, err, store.CodeView)

	for n := range 100 {
		v.ID = "view-" + string(rune('a'+n%26)) + string(rune('a'+n/26))
		_, err := b.SaveView(ctx, v)
		require.NoError(t, err)
	}
	v.ID = "one-more"
	_, err = b.SaveView(ctx, v)
	code(t, err, store.CodeViews)
	var refusal *procedure.Error
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, procedure.Conflict, refusal.Kind)
}
