package server

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/record"
)

// figures is what the fake answers to the pages of deadlines and figures, within the units that a scope oversees.
type figures struct {
	cells []record.DueCell
	sums  []record.SpellSum
	due   record.DueFilter   // last asked
	spell record.SpellFilter // last asked
}

func (f *fake) oversees(scope record.Scope, unit string) bool {
	i := slices.IndexFunc(f.units, func(u record.Unit) bool { return u.Code == unit })
	return i >= 0 && slices.ContainsFunc(scope, func(g record.Grant) bool {
		return len(g.Kinds) == 0 && slices.ContainsFunc(g.Paths, func(p string) bool { return strings.HasPrefix(f.units[i].Path, p) })
	})
}

func (f *fake) DueBoard(_ context.Context, scope record.Scope, filter record.DueFilter) ([]record.DueCell, error) {
	defer f.lock()()
	f.figures.due = filter
	return slices.DeleteFunc(slices.Clone(f.figures.cells), func(c record.DueCell) bool { return !f.oversees(scope, c.Unit) }), nil
}

func (f *fake) DueTasks(_ context.Context, scope record.Scope, filter record.DueFilter) (record.Page[record.Task], error) {
	defer f.lock()()
	f.figures.due = filter
	var p record.Page[record.Task]
	for _, t := range f.tasks {
		if t.State == record.TaskOpen && f.oversees(scope, t.Holder.Unit) {
			p.Items = append(p.Items, t)
		}
	}
	return p, nil
}

func (f *fake) SpellSums(
	_ context.Context, scope record.Scope, _ *calendar.Calendar, filter record.SpellFilter,
) ([]record.SpellSum, error) {
	defer f.lock()()
	f.figures.spell = filter
	return slices.DeleteFunc(slices.Clone(f.figures.sums), func(s record.SpellSum) bool {
		return !f.oversees(scope, s.Unit) || filter.Kind != "" && filter.Kind != s.Kind
	}), nil
}

// shows reads a page as one of the people.
func (w *world) shows(who, path string, into any) {
	w.t.Helper()
	r := w.as(who).do(http.MethodGet, path, nil)
	require.Equal(w.t, 200, r.Code, r.Body.String())
	require.NoError(w.t, json.Unmarshal(r.Body.Bytes(), into))
}

func reportSamples() map[string]sample {
	return map[string]sample{
		"dueBoard":        {path: "/board/deadlines", by: "street"},
		"dueTasks":        {path: "/board/deadlines/tasks?column=overdue", by: "street"},
		"performance":     {path: "/reports/performance", by: "street"},
		"performanceXLSX": {path: "/reports/performance.xlsx?from=2026-09-01&to=2026-09-30", by: "street"},
	}
}

func spell(unit string, days, count, late int) record.SpellSum {
	return record.SpellSum{
		What: record.SpellTask, Kind: "admission", Stage: "review", Unit: unit, Days: days, Count: count, Dated: count, Late: late, Red: late,
	}
}

func TestDueBoard(t *testing.T) {
	t.Parallel()
	w := newWorld(t) // Monday, 21 September 2026, 10:00
	w.figures.cells = []record.DueCell{
		{Unit: "XW-CZ", Column: "2026-09-22", Count: 3, Yellow: 2}, {Unit: "XW-CZ", Column: "overdue", Count: 1, Red: 1},
		{Unit: "XW-01", Column: "2026-09-22", Count: 4},
	}
	var v, own DueBoardView
	w.shows("office", "/board/deadlines?days=7", &v)
	require.Equal(t, "2026-09-21", v.Today)
	require.Len(t, v.Days, 8)
	require.Equal(t, DueDay{Day: "2026-09-25", Off: true}, v.Days[4], "中秋节")
	require.Equal(t, DueDay{Day: "2026-09-28"}, v.Days[7])
	require.Equal(t, "2026-09-28", w.figures.due.Last)
	require.Equal(t, w.now.UTC(), w.figures.due.Now.UTC())
	require.Equal(t, []string{"XW-01", "XW-CZ"}, []string{v.Units[0].Unit, v.Units[1].Unit}, "as the tree is written")
	require.Equal(t, "区财政局", v.Units[1].Name)
	require.Equal(t, 4, v.Units[1].Count)
	require.Equal(t, []DueCell{{Column: "2026-09-22", Count: 7, Yellow: 2}, {Column: "overdue", Count: 1, Red: 1}}, slices.SortedFunc(
		slices.Values(v.Total.Cells), func(a, b DueCell) int { return strings.Compare(a.Column, b.Column) }))

	// A street sees its own subtree only.
	w.shows("street", "/board/deadlines", &own)
	require.Len(t, own.Units, 1)
	require.Equal(t, "XW-01", own.Units[0].Unit)
	require.Equal(t, 4, own.Total.Count)
	refusedWith(t, w.as("street").do(http.MethodGet, "/board/deadlines?days=61", nil), 422, "input.invalid")
}

func TestDueTasks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var p record.Page[DueTask]
	w.shows("member", "/board/deadlines/tasks?column=2026-09-22&holder=XW-CZ&unit=XW&days=30", &p)
	require.Equal(t, "2026-09-22", w.figures.due.Column)
	require.Equal(t, "XW-CZ", w.figures.due.Holder)
	require.Equal(t, "XW", w.figures.due.Unit)
	require.Equal(t, "2026-10-21", w.figures.due.Last)
	require.NotEmpty(t, p.Items)
	for _, one := range p.Items {
		require.Equal(t, "XW-CZ", one.Holder.Unit)
	}
	refusedWith(t, w.as("member").do(http.MethodGet, "/board/deadlines/tasks", nil), 422, "input.invalid")
}

func TestPerformance(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.figures.cells = []record.DueCell{{Unit: "XW-01", Column: record.DueOverdue, Count: 2}, {Unit: "XW-01", Column: "2026-09-22", Count: 9}}
	returned := spell("XW-CZ", 5, 1, 0)
	returned.Returned = 1
	w.figures.sums = []record.SpellSum{
		spell("XW-CZ", 1, 6, 0), spell("XW-CZ", 3, 2, 0), returned, spell("XW-CZ", 9, 1, 1),
		{What: record.SpellWait, Kind: "admission", Unit: "XW-CZ", Court: "专家评审", Days: 4, Count: 2},
		{What: record.SpellWait, Kind: "admission", Unit: "XW-CZ", Court: "专家评审", Days: 7, Count: 1},
		{What: record.SpellWait, Kind: "admission", Unit: "XW-CZ", Court: "时间", Days: 30, Count: 1},
	}
	var v, chosen, own PerformanceView
	w.shows("office", "/reports/performance", &v)
	require.Equal(t, "2026-07-01", v.From, "the quarter so far")
	require.Equal(t, "2026-09-21", v.To)
	want := Figures{Count: 10, Median: 1, P90: 5, Longest: 9, Dated: 10, Late: 1, LatePercent: 10, Returned: 1, ReturnedPercent: 10, Red: 1}
	require.Equal(t, want, v.Figures)
	require.Len(t, v.Kinds, 1)
	require.Equal(t, want, v.Kinds[0].Stages[0].Figures)
	require.Equal(t, "区财政局", v.Kinds[0].Stages[0].Units[0].Name)
	require.Len(t, v.Units, 2, "a unit that answered nothing and is late is among them")
	require.Equal(t, UnitFigures{Unit: "XW-01", Name: "梧桐里街道办事处", OverdueNow: 2}, v.Units[0])
	require.Equal(t, []WaitFigures{{Court: "专家评审", Count: 3, Days: 15, Median: 4, P90: 7, Longest: 7}}, v.Waits)

	w.shows("office", "/reports/performance?from=2026-09-01&to=2026-09-30&kind=refusal&unit=XW-CZ", &chosen)
	require.Equal(t, record.SpellFilter{
		From: calendar.Date{Year: 2026, Month: time.September, Day: 1}, To: calendar.Date{Year: 2026, Month: time.September, Day: 30},
		Kind: procedure.Kind("refusal"), Unit: "XW-CZ",
	}, w.figures.spell)
	require.Equal(t, "区财政局", chosen.Name)
	for _, bad := range []string{"from=2026-09-01", "to=2026-09-01", "from=2026-9-1&to=2026-09-02", "from=2026-02-30&to=2026-03-01"} {
		refusedWith(t, w.as("office").do(http.MethodGet, "/reports/performance?"+bad, nil), 422, "report.period")
	}

	// A street has no part in these figures, and is not told of them.
	w.shows("street", "/reports/performance", &own)
	require.Zero(t, own.Figures.Count)
	require.Empty(t, own.Kinds)
	require.Len(t, own.Units, 1)
}

// What somebody writes into a name is no formula in the workbook.
func TestPerformanceXLSX(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i := slices.IndexFunc(w.units, func(u record.Unit) bool { return u.Code == "XW-CZ" })
	w.units[i].Name = "=HYPERLINK(\"http://example.invalid\")"
	w.figures.sums = []record.SpellSum{spell("XW-CZ", 2, 3, 1), {What: record.SpellWait, Unit: "XW-CZ", Court: "+1", Days: 4, Count: 2}}
	r := w.as("office").do(http.MethodGet, "/reports/performance.xlsx?from=2026-09-01&to=2026-09-30&unit=XW-CZ", nil)
	require.Equal(t, 200, r.Code)
	require.Equal(t, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", r.Header().Get("Content-Type"))
	require.Contains(t, r.Header().Get("Content-Disposition"), "2026-09-01")
	book, err := excelize.OpenReader(bytes.NewReader(r.Body.Bytes()))
	require.NoError(t, err)
	defer func() { require.NoError(t, book.Close()) }()
	require.Equal(t, []string{"说明", "环节", "单位", "等待外部"}, book.GetSheetList())
	rows, err := book.GetRows("单位")
	require.NoError(t, err)
	require.Equal(t, []string{
		"'=HYPERLINK(\"http://example.invalid\")", "0", "3", "2", "2", "2", "3", "1", "33", "0", "0", "0", "0", "1",
	}, rows[1])
	rows, err = book.GetRows("等待外部")
	require.NoError(t, err)
	require.Equal(t, []string{"'+1", "2", "8", "4", "4", "4"}, rows[1])
	for _, sheet := range book.GetSheetList() {
		rows, err := book.GetRows(sheet)
		require.NoError(t, err)
		for y, row := range rows {
			for x := range row {
				cell, err := excelize.CoordinatesToCellName(x+1, y+1)
				require.NoError(t, err)
				formula, err := book.GetCellFormula(sheet, cell)
				require.NoError(t, err)
				require.Empty(t, formula)
			}
		}
	}
}

// The quantiles are those of the sorted list.
func TestSpread(t *testing.T) {
	t.Parallel()
	require.Zero(t, spread{}.at(50))
	require.Equal(t, 2, spread{1: 1, 2: 1, 3: 1}.at(50))
	require.Equal(t, 1, spread{1: 1, 2: 1}.at(50), "the lower of two: a length that occurred")
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(rapid.IntRange(0, 40), 1, 200).Draw(t, "days")
		percent := rapid.IntRange(1, 100).Draw(t, "percent")
		s := spread{}
		for _, days := range list {
			s[days]++
		}
		slices.Sort(list)
		first := slices.IndexFunc(list, func(days int) bool { // the first that percent of all do not exceed
			below := 0
			for _, other := range list {
				if other <= days {
					below++
				}
			}
			return below*100 >= percent*len(list)
		})
		require.Equal(t, list[first], s.at(percent))
	})
}
