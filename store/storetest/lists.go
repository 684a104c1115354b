package storetest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/record"
	"gongzhi/store"
)

func testLists(t *testing.T, b bundle) {
	ctx := t.Context()
	item := func(no, title string) procedure.ListItem {
		return procedure.ListItem{No: no, Title: title, Kind: "duty"}
	}
	first := record.ListVersion{
		District: "XW", Version: "2026.1", Why: "初始清单", Published: Now.UTC(),
		Items: []procedure.ListItem{item("A-1", "一"), item("A-2", "二")},
	}
	require.NoError(t, b.ImportList(ctx, first))
	code(t, b.ImportList(ctx, first), store.CodeListExists)
	for _, version := range []string{"", "2026", "2026.0", "2026.01", "2026.-1", "x.1"} {
		bad := first
		bad.Version = version
		code(t, b.ImportList(ctx, bad), store.CodeVersion)
	}
	for range 2 { // asking again with the same key gives the same answer
		version, base, err := b.AllocateListVersion(ctx, "XW", 2026, "XW-ZR-2026-001/publish")
		require.NoError(t, err)
		require.Equal(t, []string{"2026.2", "2026.1"}, []string{version, base})
	}
	for i := 3; i <= 10; i++ {
		version, base, err := b.AllocateListVersion(ctx, "XW", 2026, fmt.Sprint("key", i))
		require.NoError(t, err)
		require.Equal(t, []string{fmt.Sprintf("2026.%d", i), fmt.Sprintf("2026.%d", i-1)}, []string{version, base})
	}
	version, base, err := b.AllocateListVersion(ctx, "XW", 2027, "next year")
	require.NoError(t, err)
	require.Equal(t, []string{"2027.1", "2026.10"}, []string{version, base})
	version, base, err = b.AllocateListVersion(ctx, "LH", 2026, "other district")
	require.NoError(t, err)
	require.Equal(t, []string{"2026.1", ""}, []string{version, base})

	// 2026.10 is published before 2026.2: each version shows what was published up to it.
	publish := func(number, version string, changes ...procedure.ListChange) {
		s := NewScript(number)
		s.Add(procedure.ListPublished, procedure.SystemEngine, "", procedure.Published{
			District: "XW", Version: version, Changes: changes,
		})
		appendAll(t, b, s)
	}
	titles := func(version string) string {
		t.Helper()
		v, err := b.List(ctx, "XW", version)
		require.NoError(t, err)
		var all []string
		for _, it := range v.Items {
			all = append(all, it.Title)
		}
		return strings.Join(all, " ")
	}
	publish("XW-ZR-2026-010", "2026.10", procedure.ListChange{Op: "change", Item: item("A-1", "壹")})
	require.Equal(t, "壹 二", titles(""))
	publish("XW-ZR-2026-002", "2026.2", procedure.ListChange{Op: "add", Item: item("A-3", "三")},
		procedure.ListChange{Op: "remove", Item: item("A-2", "")})
	require.Equal(t, "壹 三", titles(""))
	require.Equal(t, "一 三", titles("2026.2"))
	require.Equal(t, "一 二", titles("2026.1"))
	// What is added gets a number of its own: nothing takes its place, and it leaves alone.
	publish("XW-ZR-2026-003", "2026.3", procedure.ListChange{Op: "add", Item: item("", "四")}, procedure.ListChange{Op: "add", Item: item("", "五")})
	publish("XW-ZR-2026-004", "2026.4", procedure.ListChange{Op: "add", Item: item("", "六")})
	require.Equal(t, "一 三 四 五 六", titles("2026.4"))
	four, err := b.List(ctx, "XW", "2026.4")
	require.NoError(t, err)
	require.Equal(t, []string{"2026.3-1", "2026.3-2", "2026.4-1"}, []string{four.Items[2].No, four.Items[3].No, four.Items[4].No})
	publish("XW-ZR-2026-005", "2026.5", procedure.ListChange{Op: "remove", Item: four.Items[3]})
	require.Equal(t, "壹 三 四 六", titles(""))

	newest, err := b.List(ctx, "XW", "")
	require.NoError(t, err)
	require.Equal(t, "2026.10", newest.Version)
	lists, err := b.Lists(ctx, "XW")
	require.NoError(t, err)
	require.Len(t, lists, 6)
	require.Equal(t, "2026.10", lists[0].Version)
	before := dump(t, b, projections...)
	_, err = b.Rebuild(ctx)
	require.NoError(t, err)
	sameRows(t, before, dump(t, b, projections...))
	for _, version := range []string{"2026.6", "nonsense"} {
		_, err = b.List(ctx, "XW", version)
		code(t, err, store.CodeList)
	}
	_, err = b.List(ctx, "nowhere", "")
	code(t, err, store.CodeList)
}

func testListsConcurrent(t *testing.T, b bundle) {
	versions := make([]string, 20)
	var g errgroup.Group
	for i := range versions {
		g.Go(func() (err error) { // two at a time ask with the same key
			versions[i], _, err = b.AllocateListVersion(t.Context(), "XW", 2026, fmt.Sprint("key", i/2))
			return err
		})
	}
	require.NoError(t, g.Wait())
	seen := map[string]bool{}
	for i, v := range versions {
		require.Equal(t, versions[i/2*2], v)
		seen[v] = true
	}
	for i := range 10 {
		require.True(t, seen[fmt.Sprintf("2026.%d", i+1)], "no gaps: %v", versions)
	}
}

func testCalendar(t *testing.T, b bundle) {
	ctx := t.Context()
	official, err := b.Calendar(ctx, "")
	require.NoError(t, err)
	require.Equal(t, calendar.Official().Version(), official.Version())
	table := official.Years()[len(official.Years())-1]
	table.Version += "-corrected"
	saved, err := b.SaveCalendarYear(ctx, table)
	require.NoError(t, err)
	require.NotEqual(t, official.Version(), saved.Version())
	for _, version := range []string{"", saved.Version()} {
		got, err := b.Calendar(ctx, version)
		require.NoError(t, err)
		require.Equal(t, saved.Version(), got.Version())
		require.Equal(t, saved.Years(), got.Years())
	}
	old, err := b.Calendar(ctx, official.Version())
	require.NoError(t, err, "running cases keep the calendar they were reckoned with")
	require.Equal(t, official.Years(), old.Years())
	again, err := b.SaveCalendarYear(ctx, table)
	require.NoError(t, err)
	require.Equal(t, saved.Version(), again.Version())
	_, err = b.Calendar(ctx, "1999")
	code(t, err, store.CodeCalendar)
}
