package storetest

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"gongzhi/calendar"
	"gongzhi/ops"
	"gongzhi/procedure"
	"gongzhi/store"
)

// district is the area of whoever watches over the district XW.
const district = "/T/XW/"

// sweep lets detectors look at a moment of case time.
func sweep(t *testing.T, b bundle, now time.Time, detectors ...ops.Detector) {
	t.Helper()
	require.NoError(t, run(t, b, now, detectors...))
}

func run(t *testing.T, b bundle, now time.Time, detectors ...ops.Detector) error {
	t.Helper()
	s := ops.Sweep{
		Detectors: detectors, Keeper: b.Store, Now: func(context.Context) (time.Time, error) { return now, nil }, Watch: time.Now,
		Logger: slog.New(slog.DiscardHandler),
	}
	return s.Run(t.Context())
}

// live are the incidents that are not over.
func live(t *testing.T, b bundle) []ops.Incident {
	t.Helper()
	return incidents(t, b, ops.Filter{})
}

func incidents(t *testing.T, b bundle, f ops.Filter) []ops.Incident {
	t.Helper()
	page, err := b.Incidents(t.Context(), district, f)
	require.NoError(t, err)
	return page.Items
}

// one is the only incident there is.
func one(t *testing.T, b bundle) ops.Incident {
	t.Helper()
	list := live(t, b)
	require.Len(t, list, 1)
	return list[0]
}

// fixed finds what it is told to.
type fixed struct {
	kind  ops.Kind
	found []ops.Finding
	err   error
}

func (f fixed) Kind() ops.Kind { return f.kind }
func (f fixed) Detect(context.Context, time.Time) ([]ops.Finding, error) {
	return f.found, f.err
}

func finding(cause, unit string, since time.Time, cases ...string) ops.Finding {
	f := ops.Finding{Cause: cause, Unit: unit, Since: since, Court: "示例", Sentence: procedure.Sentence{Text: "卡住：" + cause + "。"}}
	for _, number := range cases {
		f.Cases = append(f.Cases, ops.Affected{Number: number, Task: number + "/2"})
	}
	return f
}

func testOpsFold(t *testing.T, b bundle) {
	saveCases(t, b)
	ctx := t.Context()
	at := func(minute int) time.Time { return Now.Add(time.Duration(minute) * time.Minute) }
	late := finding("a", "XW-BG", Now.Add(-time.Hour), caseOwn, caseOther)
	sweep(t, b, at(0), fixed{kind: ops.Overdue, found: []ops.Finding{late}})
	i := one(t, b)
	require.Equal(t, ops.Open, i.State)
	require.Equal(t, 2, i.Count)
	require.Equal(t, at(0).UTC(), i.Seen)
	cases, err := b.IncidentCases(ctx, everything, i.ID, "", 1)
	require.NoError(t, err)
	require.Equal(t, caseOwn, cases.Items[0].Number)
	require.Equal(t, "养老服务\t统计表进社区 𠮷", cases.Items[0].Title)
	require.Equal(t, caseOwn+"/2", cases.Items[0].Task)
	cases, err = b.IncidentCases(ctx, everything, i.ID, cases.Next, 1)
	require.NoError(t, err)
	require.Equal(t, caseOther, cases.Items[0].Number)
	require.Empty(t, cases.Next)

	// Seen again as it was: nothing is written but the run, and it is known all the same that it was seen.
	rows := dump(t, b, "incidents", "incident_cases", "incident_log")
	sweep(t, b, at(1), fixed{kind: ops.Overdue, found: []ops.Finding{late}})
	require.Equal(t, rows, dump(t, b, "incidents", "incident_cases", "incident_log"))
	require.Equal(t, at(1).UTC(), one(t, b).Seen)

	// Fewer cases: the list of cases follows, and the history says it.
	late.Cases = late.Cases[1:]
	sweep(t, b, at(2), fixed{kind: ops.Overdue, found: []ops.Finding{late}})
	cases, err = b.IncidentCases(ctx, everything, i.ID, "", 0)
	require.NoError(t, err)
	require.Len(t, cases.Items, 1)
	require.Equal(t, caseOther, cases.Items[0].Number)
	require.Empty(t, incidents(t, b, ops.Filter{Case: caseOwn}))
	require.Len(t, incidents(t, b, ops.Filter{Case: caseOther}), 1)

	// What an earlier sweep saw does not come back over what a later one knows.
	sweep(t, b, at(4), fixed{kind: ops.Overdue})
	require.Empty(t, live(t, b))
	sweep(t, b, at(3), fixed{kind: ops.Overdue, found: []ops.Finding{late}})
	require.Empty(t, live(t, b), "a sweep that began earlier is dropped")
	sweep(t, b, at(5), fixed{kind: ops.Overdue, found: []ops.Finding{late}})
	again := one(t, b)
	require.Equal(t, i.ID, again.ID, "back so soon, it is the same")
	require.Equal(t, 2, again.Times)
	history, err := b.IncidentHistory(ctx, i.ID)
	require.NoError(t, err)
	var what []string
	for _, e := range history {
		require.Empty(t, e.By)
		what = append(what, e.What)
	}
	require.Equal(t, []string{ops.Opened, ops.Changed, ops.Ended, ops.Reopened}, what)

	// A detector that fails leaves what it found before, and is an incident itself until it works again.
	sweep(t, b, at(6), fixed{kind: ops.Overdue, err: fmt.Errorf("no answer")})
	list := live(t, b)
	require.Len(t, list, 2)
	require.Equal(t, ops.Sweeping, list[0].Kind, "the more harmful kind comes first")
	runs, err := b.Runs(ctx)
	require.NoError(t, err)
	require.Len(t, runs, 2)
	require.Equal(t, "no answer", runs[1].Error)
	require.Equal(t, at(5).UTC(), *runs[1].LastOK)
	require.Equal(t, at(5).UTC(), list[1].Seen, "nobody has seen it since")
	sweep(t, b, at(7), fixed{kind: ops.Overdue, found: []ops.Finding{late}})
	require.Len(t, live(t, b), 1)
}

// Two sweeps at once make one incident of a cause.
func testOpsConcurrent(t *testing.T, b bundle) {
	saveTree(t, b)
	var g errgroup.Group
	for n := range 8 {
		g.Go(func() error {
			var found []ops.Finding
			for c := range 150 {
				found = append(found, finding(fmt.Sprint(c), "XW-01", Now))
			}
			return run(t, b, Now.Add(time.Duration(n)*time.Second), fixed{kind: ops.Unmanned, found: found})
		})
	}
	require.NoError(t, g.Wait())
	counts, err := b.IncidentCounts(t.Context(), district, calendar.DateOf(Now))
	require.NoError(t, err)
	require.Equal(t, 150, counts.Total)
	live, err := b.LiveIncidents(t.Context())
	require.NoError(t, err)
	require.Equal(t, map[ops.Kind]int64{ops.Unmanned: 150}, live)
	causes, err := b.StandingCauses(t.Context(), ops.Unmanned)
	require.NoError(t, err)
	require.Len(t, causes, 150)
	causes, err = b.StandingCauses(t.Context(), ops.Code)
	require.NoError(t, err)
	require.Empty(t, causes)
	var rows int
	require.NoError(t, b.raw(t).QueryRowContext(t.Context(), "SELECT count(*) FROM incidents").Scan(&rows))
	require.Equal(t, 150, rows)
	_, err = b.raw(t).ExecContext(t.Context(), `INSERT INTO incidents SELECT id || 'x', kind, cause, state, live, quiet, version, place, unit,
		assignee, opened, seen, ended, entries, affected, search, body FROM incidents`)
	require.Error(t, err, "the database itself keeps a cause from having two")
}

// testOpsStanding: a cause that somebody closed while it stood is followed until it has gone. A case whose row is lost has nothing to
// show.
func testOpsStanding(t *testing.T, b bundle) {
	saveCases(t, b)
	ctx := t.Context()
	standing := func() []string {
		causes, err := b.StandingCauses(ctx, ops.Disagree)
		require.NoError(t, err)
		return causes
	}
	lost := fixed{kind: ops.Disagree, found: []ops.Finding{finding("lost", "", Now.Add(-time.Hour), "XW-ZR-2026-404", caseOwn)}}
	sweep(t, b, Now, lost)
	i := one(t, b)
	require.Equal(t, []string{"lost"}, standing())
	page, err := b.IncidentCases(ctx, everything, i.ID, "", 0)
	require.NoError(t, err)
	require.Len(t, page.Items, 1)
	require.Equal(t, caseOwn, page.Items[0].Number)
	first, err := b.FirstCases(ctx, everything, []string{i.ID}, 3)
	require.NoError(t, err)
	require.Equal(t, page.Items, first[i.ID])

	_, err = b.ActOnIncident(ctx, district, i.ID, ops.Act{What: ops.Ended, Version: i.Version, By: "bai", Text: "已知", At: Now})
	require.NoError(t, err)
	require.Empty(t, live(t, b))
	require.Equal(t, []string{"lost"}, standing(), "closed, and it still stands")
	sweep(t, b, Now.Add(time.Hour), fixed{kind: ops.Disagree})
	require.Empty(t, standing())
}

func testOpsLists(t *testing.T, b bundle) {
	saveCases(t, b)
	ctx := t.Context()
	day := 24 * time.Hour
	sweep(t, b, Now,
		fixed{kind: ops.Overdue, found: []ops.Finding{
			finding("young", "0101", Now.Add(-day), caseOwn), finding("old", "XW-CZ", Now.Add(-2*day)), finding("far", "LH-CZ", Now.Add(-3*day), caseLH),
		}},
		fixed{kind: ops.Code, found: []ops.Finding{finding("machine", "", Now.Add(-time.Hour), caseLH, caseOwn)}})
	causes := func(list []ops.Incident) (c []string) {
		for _, i := range list {
			c = append(c, i.Cause)
		}
		return c
	}
	require.Equal(t, []string{"machine", "old", "young"}, causes(live(t, b)), "by harm, then by age; not those of another district")
	require.Equal(t, []string{"young"}, causes(incidents(t, b, ops.Filter{Unit: "XW-01"})), "of the units below")
	require.Equal(t, []string{"old", "young"}, causes(incidents(t, b, ops.Filter{Kind: ops.Overdue})))
	require.Equal(t, []string{"old"}, causes(incidents(t, b, ops.Filter{Text: "OLD"})))
	require.Empty(t, incidents(t, b, ops.Filter{Text: "%"}), "a wildcard is a character")
	var walked []string
	for f := (ops.Filter{Limit: 1}); ; {
		page, err := b.Incidents(ctx, district, f)
		require.NoError(t, err)
		walked = append(walked, causes(page.Items)...)
		if f.After = page.Next; f.After == "" {
			break
		}
	}
	require.Equal(t, []string{"machine", "old", "young"}, walked)
	_, err := b.Incidents(ctx, district, ops.Filter{State: "guessed"})
	code(t, err, store.CodeFilter)

	machine := live(t, b)[0]
	mine := everythingOf("XW")
	first, err := b.FirstCases(ctx, mine, []string{machine.ID, live(t, b)[2].ID}, 3)
	require.NoError(t, err)
	require.Len(t, first[machine.ID], 1, "the case of another district is not shown")
	require.Len(t, first[live(t, b)[2].ID], 1)
	cases, err := b.IncidentCases(ctx, mine, machine.ID, "", 0)
	require.NoError(t, err)
	require.Len(t, cases.Items, 1)
	far, err := b.Incidents(ctx, "/T/LH/", ops.Filter{Kind: ops.Overdue})
	require.NoError(t, err)
	require.Equal(t, []string{"far"}, causes(far.Items))
	_, err = b.Incident(ctx, district, far.Items[0].ID)
	code(t, err, store.CodeIncident)

	sweep(t, b, Now.Add(day), fixed{kind: ops.Overdue, found: []ops.Finding{finding("young", "0101", Now.Add(-day), caseOwn)}},
		fixed{kind: ops.Code, found: []ops.Finding{finding("machine", "", Now.Add(-time.Hour), caseLH, caseOwn)}})
	require.Equal(t, []string{"old"}, causes(incidents(t, b, ops.Filter{State: ops.Resolved})))
	require.Equal(t, []string{"machine", "old", "young"}, causes(incidents(t, b, ops.Filter{State: ops.All})))
	c, err := b.IncidentCounts(ctx, district, calendar.DateOf(Now).AddDays(1))
	require.NoError(t, err)
	require.Equal(t, 2, c.Total)
	require.Equal(t, ops.KindCount{Kind: ops.Code, Title: "程序出错", Count: 1}, c.Kinds[0])
	require.Len(t, c.Kinds, len(ops.Kinds()))
	require.Equal(t, []ops.UnitCount{{Count: 1}, {Unit: "0101", Name: "桂花社区", Count: 1}}, c.Units)
	require.Equal(t, ops.StateSum{State: ops.Open, Count: 2}, c.States[0])
	require.Len(t, c.Trend, ops.TrendDays)
	require.Equal(t, ops.DayCount{Day: "2026-09-01", Opened: 3}, c.Trend[ops.TrendDays-2])
	require.Equal(t, ops.DayCount{Day: "2026-09-02", Ended: 1}, c.Trend[ops.TrendDays-1])
}
