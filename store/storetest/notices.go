package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gongzhi/procedure"
	"gongzhi/record"
	"gongzhi/store"
)

// saveNotices publishes, an hour apart: a list with its notice, a notice with windows, and another list with its notice. A list
// of each district was imported.
func saveNotices(t *testing.T, b bundle) {
	t.Helper()
	saveTree(t, b)
	for i, district := range []string{"XW", "LH"} {
		require.NoError(t, b.ImportList(t.Context(), record.ListVersion{
			District: district, Version: "2026.1", Why: "首版 A 类", Published: Now.AddDate(0, 0, i-9).UTC(),
		}))
	}
	first, second := NewScript("XW-ZR-2026-001"), NewScript("XW-ZR-2026-002")
	for i, s := range []*Script{first, second} {
		version := []string{"2026.2", "2026.10"}[i] // the tenth comes after the second
		s.Add(procedure.ListPublished, procedure.SystemEngine, "", procedure.Published{District: "XW", Version: version, Why: "准入"})
		s.clock = s.clock.AddDate(0, 0, i)
		s.Add(procedure.NoticePosted, procedure.SystemEngine, "", procedure.Posted{
			Notice: s.Number + ".n3", Title: "清单变更公告", Text: "甲 100% 乙", From: s.On(), Version: version,
		})
	}
	first.Add(procedure.NoticePosted, procedure.SystemEngine, "", procedure.Posted{
		Notice: first.Number + ".n4", Title: "方案公示", Text: "可以提出异议", From: first.On(), Until: "2026-09-16", Objections: "2026-09-20",
	})
	appendAll(t, b, first)
	appendAll(t, b, second)
}

func testNotices(t *testing.T, b bundle) {
	saveNotices(t, b)
	ctx := t.Context()
	ids := func(f record.NoticeFilter) []string {
		t.Helper()
		page, err := b.Notices(ctx, f)
		require.NoError(t, err)
		got := []string{}
		for _, n := range page.Items {
			got = append(got, n.ID)
		}
		return got
	}
	const own, shown, newest, first, other = "XW-ZR-2026-001.n3", "XW-ZR-2026-001.n4", "XW-ZR-2026-002.n3", "XW.2026.1", "LH.2026.1"
	require.Equal(t, []string{newest, shown, own, other, first}, ids(record.NoticeFilter{}), "newest first")
	require.Equal(t, []string{shown}, ids(record.NoticeFilter{Kind: record.NoticeCase}))
	require.Equal(t, []string{newest, own, other, first}, ids(record.NoticeFilter{Kind: record.NoticeList}))
	require.Equal(t, []string{other}, ids(record.NoticeFilter{District: "LH"}))
	require.Equal(t, []string{newest, own}, ids(record.NoticeFilter{Text: "100%"}))
	require.Equal(t, []string{other, first}, ids(record.NoticeFilter{Text: "首版 a"}), "letters of either case")
	require.Equal(t, []string{other, first}, ids(record.NoticeFilter{Text: "社区工作清单（2026.1）"}))
	require.Empty(t, ids(record.NoticeFilter{Text: "_"}), "not a wildcard")
	for day, want := range map[string][]string{
		"2026-09-16": {newest, shown, other},
		"2026-09-17": {newest, shown, other}, // one may still object
		"2026-09-20": {newest, shown, other},
		"2026-09-21": {newest, other},
	} {
		require.Equal(t, want, ids(record.NoticeFilter{Open: true, Today: day}), day)
		page, err := b.Notices(ctx, record.NoticeFilter{})
		require.NoError(t, err)
		var open []string
		for _, n := range page.Items {
			if n.Open(day) {
				open = append(open, n.ID)
			}
		}
		require.Equal(t, want, open, "the filter and the notice agree")
	}
	var walked []string
	for f := (record.NoticeFilter{Limit: 2}); ; {
		page, err := b.Notices(ctx, f)
		require.NoError(t, err)
		require.LessOrEqual(t, len(page.Items), 2)
		for _, n := range page.Items {
			walked = append(walked, n.ID)
		}
		if f.After = page.Next; f.After == "" {
			break
		}
		_, err = b.Cases(ctx, everything, record.CaseFilter{After: page.Next})
		code(t, err, store.CodeCursor)
	}
	require.Equal(t, ids(record.NoticeFilter{}), walked)
	for _, bad := range []record.NoticeFilter{{Kind: "guess"}, {Open: true}} {
		_, err := b.Notices(ctx, bad)
		code(t, err, store.CodeFilter)
	}

	n, err := b.Notice(ctx, shown)
	require.NoError(t, err)
	require.Equal(t, record.Notice{
		ID: shown, Case: "XW-ZR-2026-001", District: "XW", Title: "方案公示", Text: "可以提出异议", From: n.From,
		Until: "2026-09-16", Objections: "2026-09-20",
	}, n)
	require.False(t, n.From.IsZero())
	for id, by := range map[string]string{own: "2026.10", first: "2026.2", newest: "", other: ""} {
		n, err = b.Notice(ctx, id)
		require.NoError(t, err)
		require.Equal(t, by, n.ReplacedBy, id)
	}
	require.Equal(t, record.Notice{
		ID: other, District: "LH", Title: "社区工作清单（2026.1）", Text: "首版 A 类", From: Now.AddDate(0, 0, -8).UTC(), Version: "2026.1",
	}, func() record.Notice { n, err = b.Notice(ctx, other); return n }())
	require.NoError(t, err)
	_, err = b.Notice(ctx, "XW-ZR-2026-001")
	code(t, err, store.CodeNotice)

	mine, err := b.CaseNotices(ctx, "XW-ZR-2026-001")
	require.NoError(t, err)
	require.Equal(t, []string{own, shown}, []string{mine[0].ID, mine[1].ID})
	require.Len(t, mine, 2)
	before := dump(t, b, projections...)
	_, err = b.Rebuild(ctx)
	require.NoError(t, err)
	sameRows(t, before, dump(t, b, projections...))
	require.Equal(t, walked, ids(record.NoticeFilter{}))
}
