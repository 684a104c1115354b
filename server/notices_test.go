package server

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"gongzhi/procedure"
	"gongzhi/record"
)

// Notices only keeps the filter: what a filter means is for the store's tests to say.
func (f *fake) Notices(_ context.Context, filter record.NoticeFilter) (record.Page[record.Notice], error) {
	defer f.lock()()
	f.asked = filter
	return record.Page[record.Notice]{Items: f.notices, Next: "more"}, nil
}

func (f *fake) Notice(_ context.Context, id string) (record.Notice, error) {
	defer f.lock()()
	for _, n := range f.notices {
		if n.ID == id {
			return n, nil
		}
	}
	return record.Notice{}, gone("notice")
}

// TestNotices: everybody may read every notice; only its case is closed to those who do not see it.
func TestNotices(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	page := read[record.Page[NoticeView]](t, w.as("stranger").do(http.MethodGet, "/notices?kind=case&district=XW&text=x&open=true&after=c&limit=2", nil))
	require.Equal(t, record.NoticeFilter{Kind: "case", District: "XW", Text: "x", Open: true, Today: "2026-09-21", After: "c", Limit: 2}, w.asked)
	require.Equal(t, "more", page.Next)
	require.Equal(t, []NoticeView{
		{Notice: page.Items[0].Notice, DistrictName: "星梧区", Open: true, MayObject: true},
		{Notice: page.Items[1].Notice, DistrictName: "星梧区"},
	}, page.Items)
	require.Equal(t, []string{"XW-ZR-2026-014.n6", "XW.2026.2"}, []string{page.Items[0].ID, page.Items[1].ID})

	for login, visible := range map[string]bool{"clerk": true, "stranger": false} {
		n := read[NoticeView](t, w.as(login).do(http.MethodGet, "/notices/XW-ZR-2026-014.n6", nil))
		require.Equal(t, "方案公示", n.Title)
		require.Equal(t, visible, n.CaseVisible, login)
	}
	c := w.as("clerk")
	require.False(t, read[NoticeView](t, c.do(http.MethodGet, "/notices/XW.2026.2", nil)).CaseVisible, "there is no case")
	refusedWith(t, c.do(http.MethodGet, "/notices/XW-ZR-2026-014.n9", nil), 404, "notice.not_found")
	require.Equal(t, 422, c.do(http.MethodGet, "/notices?kind=guess", nil).Code)
}

// TestRoles: every role a post may have is in the catalogue, under the name that posts show.
func TestRoles(t *testing.T) {
	t.Parallel()
	roles := read[[]RoleView](t, newWorld(t).as("street").do(http.MethodGet, "/roles", nil))
	require.Len(t, roles, len(procedure.Roles()))
	for i, r := range procedure.Roles() {
		require.Equal(t, RoleView{Role: r, Name: r.Title()}, roles[i])
		require.True(t, chinese(roles[i].Name), r)
	}
}

// TestDraftsDescribeTheirFiles: each answer about a draft names its files, in their order.
func TestDraftsDescribeTheirFiles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, id := range []string{"f1", "f2", "f3"} {
		w.files[id] = attachment(id, "clerk")
	}
	c := w.as("clerk")
	d := read[DraftView](t, c.do(http.MethodPost, "/drafts", `{"kind":"admission","title":"x","form":{},"files":["f2","f1"]}`))
	want := []record.Attachment{w.files["f2"], w.files["f1"]}
	require.Equal(t, want, d.Attachments)
	require.Equal(t, want, read[DraftView](t, c.do(http.MethodGet, "/drafts/"+d.ID, nil)).Attachments)
	read[DraftView](t, c.do(http.MethodPost, "/drafts", `{"kind":"admission","title":"y","form":{},"files":["f3"]}`))
	for _, each := range read[[]DraftView](t, c.do(http.MethodGet, "/drafts", nil)) {
		if each.ID == d.ID {
			require.Equal(t, want, each.Attachments)
		} else {
			require.Equal(t, []record.Attachment{w.files["f3"]}, each.Attachments)
		}
	}
	delete(w.files, "f2")
	d = read[DraftView](t, c.do(http.MethodPut, "/drafts/"+d.ID, `{"version":1,"title":"x","form":{},"files":["f1"]}`))
	require.Equal(t, []record.Attachment{w.files["f1"]}, d.Attachments)
}
