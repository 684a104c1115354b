package storetest

import (
	"cmp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/record"
)

// at lets the next event of a script happen at a moment.
func (s *Script) at(month time.Month, day, hour int) *Script {
	s.clock = time.Date(2026, month, day, hour, 0, 0, 0, calendar.Zone)
	return s
}

// spellTask opens a task of a stage, with a deadline or without.
func (s *Script) spellTask(stage string, h procedure.Holder, due *time.Time) string {
	id := s.Number + "/" + stage + "/" + s.clock.Format("01021504")
	p := procedure.Opened{Task: id, Stage: stage, Title: stage, Does: "办理", Round: 1, Holder: h, Due: due}
	if due != nil {
		p.Clock, p.Day = stage, calendar.DateOf(due.Add(-time.Second)).String()
	}
	s.Add(procedure.TaskOpened, procedure.SystemEngine, "", p)
	return id
}

func (s *Script) answer(id, stage string, h procedure.Holder, late bool) *Script {
	return s.Add(procedure.TaskAnswered, Officer, "", procedure.Answered{
		Task: id, Stage: stage, Round: 1, Holder: h, Answer: procedure.Agree, Late: late,
	})
}

func (s *Script) rung(id string, rung procedure.Rung) {
	s.Add(procedure.TaskReminded, procedure.SystemClock, "", procedure.Reminded{Task: id, Rung: rung})
}

func endOf(month time.Month, day int) *time.Time {
	end := calendar.Date{Year: 2026, Month: month, Day: day}.End()
	return &end
}

func days(t *testing.T, b bundle, s record.Scope, f record.SpellFilter) []record.SpellSum {
	t.Helper()
	sums, err := b.SpellSums(t.Context(), s, calendar.Official(), f)
	require.NoError(t, err)
	slices.SortFunc(sums, func(a, b record.SpellSum) int {
		return cmp.Or(strings.Compare(a.Stage, b.Stage), strings.Compare(a.Unit, b.Unit), a.Days-b.Days)
	})
	return sums
}

func sept(from, to int) record.SpellFilter {
	return record.SpellFilter{
		From: calendar.Date{Year: 2026, Month: time.September, Day: from}, To: calendar.Date{Year: 2026, Month: time.September, Day: to},
	}
}

// What took how long, worked out by hand with the calendar of 2026: 19 and 20 September are a weekend but the 20th is worked, and
// 25 to 27 are the 中秋 break.
func testSpells(t *testing.T, b bundle) {
	saveTree(t, b)
	review, hearing := "review", "hearing"
	s := NewScript(caseOwn)
	// Opened on Tuesday 1 September, answered on Friday the 4th: 3 working days.
	first := s.at(time.September, 1, 9).spellTask(review, Office, endOf(time.September, 7))
	s.at(time.September, 4, 17).answer(first, review, Office, false)
	// The same day: 0.
	same := s.at(time.September, 4, 18).spellTask(review, Office, endOf(time.September, 10))
	s.at(time.September, 4, 19).answer(same, review, Office, false)
	// From Thursday the 17th to Monday the 28th: 18, 20 (worked), 21 to 24, 28: 7. Late, with both cards.
	late := s.at(time.September, 17, 9).spellTask(hearing, StreetA, endOf(time.September, 22))
	s.at(time.September, 22, 9).rung(late, procedure.RungYellow)
	s.at(time.September, 23, 0).rung(late, procedure.RungRed)
	s.at(time.September, 28, 9).answer(late, hearing, StreetA, true)
	// Nobody answered: closed by the clock. 22 and 23 and 24: 3 working days.
	silent := s.at(time.September, 21, 9).spellTask(hearing, StreetB, endOf(time.September, 24))
	s.at(time.September, 25, 0).rung(silent, procedure.RungRed)
	s.Add(procedure.TaskClosed, procedure.SystemClock, "", procedure.Dropped{Task: silent, Why: procedure.WhySilent})
	// Withdrawn without an answer: no figure.
	gone := s.at(time.September, 21, 9).spellTask(hearing, StreetB, nil)
	s.Add(procedure.TaskClosed, procedure.SystemEngine, "", procedure.Dropped{Task: gone, Why: "办件已撤销"})
	// The clock stood from Tuesday the 8th to Thursday the 10th: of 8 to 11 only the 8th and the 11th count, beside the 7th.
	paused := s.at(time.September, 6, 9).spellTask(review, Office, endOf(time.September, 14))
	s.at(time.September, 8, 9).Add(procedure.TaskRedated, procedure.SystemEngine, "", procedure.Redated{Task: paused})
	s.at(time.September, 10, 9).Add(procedure.TaskRedated, procedure.SystemEngine, "", procedure.Redated{
		Task: paused, Due: endOf(time.September, 16), Day: "2026-09-16",
	})
	s.at(time.September, 11, 9).answer(paused, review, Office, false)
	// Taken back: it has not ended after all, until it is answered again, 5 working days after it was opened.
	back := s.at(time.September, 1, 10).spellTask(review, Office, nil)
	s.at(time.September, 2, 9).answer(back, review, Office, false)
	s.at(time.September, 3, 9).Add(procedure.TaskReopened, Officer, "", procedure.Tasked{Task: back})
	appendAll(t, b, s)
	task := func(stage, unit string, days, count, dated int) record.SpellSum {
		return record.SpellSum{What: record.SpellTask, Kind: Kind, Stage: stage, Unit: unit, Days: days, Count: count, Dated: dated}
	}
	lateOne, silentOne := task(hearing, "XW-01", 7, 1, 1), task(hearing, "XW-02", 3, 1, 1)
	lateOne.Late, lateOne.Red = 1, 1
	silentOne.Late, silentOne.Silent, silentOne.Red = 1, 1, 1
	want := []record.SpellSum{
		lateOne, silentOne, task(review, "XW-BG", 0, 1, 1), task(review, "XW-BG", 3, 1, 1), task(review, "XW-BG", 3, 1, 1),
	}
	require.Equal(t, want, days(t, b, everything, sept(1, 30)), "what was taken back is not among them")

	s.at(time.September, 8, 9).answer(back, review, Office, false)
	more(t, b, s)
	require.Contains(t, days(t, b, everything, sept(8, 8)), task(review, "XW-BG", 5, 1, 0))
	_, err := b.Rebuild(t.Context())
	require.NoError(t, err)
	require.Len(t, days(t, b, everything, sept(1, 30)), len(want)+1)

	// The period is of ends, both days inclusive.
	require.Equal(t, []record.SpellSum{lateOne}, days(t, b, everything, sept(26, 28)))
	require.Empty(t, days(t, b, everything, sept(26, 27)))
	// A unit is its subtree, and a scope oversees its own only.
	f := sept(1, 30)
	f.Unit = "XW-01"
	require.Equal(t, []record.SpellSum{lateOne}, days(t, b, everything, f))
	f.Unit = "XW"
	require.Len(t, days(t, b, everything, f), len(want)+1)
	street := record.Scope{{Paths: []string{"/T/XW/XW-02/"}}}
	require.Equal(t, []record.SpellSum{silentOne}, days(t, b, street, sept(1, 30)))
	f.Unit = "XW-01"
	require.Empty(t, days(t, b, street, f), "a unit that one does not oversee")
	require.Empty(t, days(t, b, record.Scope{}, sept(1, 30)))
	limited := record.Scope{{Kinds: []procedure.Kind{Kind}, Paths: []string{"/T/"}}}
	require.Empty(t, days(t, b, limited, sept(1, 30)), "a deputy for some procedures oversees nobody")
	f = sept(1, 30)
	f.Kind = "refusal"
	require.Empty(t, days(t, b, everything, f))
	f.Kind = Kind
	require.Len(t, days(t, b, everything, f), len(want)+1)

	for _, bad := range []record.SpellFilter{sept(2, 1), {From: sept(1, 1).From, To: sept(1, 1).From.AddDays(366)}} {
		_, err := b.SpellSums(t.Context(), everything, calendar.Official(), bad)
		code(t, err, "filter.invalid")
	}
}

// What began more than a year before the period is counted as exactly as the rest: the database has no numbers for its days.
func testSpellsOld(t *testing.T, b bundle) {
	saveTree(t, b)
	s := NewScript(caseOwn)
	s.clock = time.Date(2025, time.January, 2, 9, 0, 0, 0, calendar.Zone)
	old := s.spellTask("review", Office, nil)
	s.at(time.September, 4, 9).answer(old, "review", Office, false)
	appendAll(t, b, s)
	sums := days(t, b, everything, sept(1, 30))
	require.Len(t, sums, 1)
	began := calendar.Date{Year: 2025, Month: time.January, Day: 2}
	want := calendar.Official().WorkdaysBetween(began, sept(4, 4).To)
	require.Greater(t, want, 400)
	require.Equal(t, want, sums[0].Days)
}

// Time spent waiting for somebody outside: for a body, and while a clock stood. Waiting for time itself is nobody's delay.
func testSpellsWaits(t *testing.T, b bundle) {
	saveTree(t, b)
	s := NewScript(caseOwn)
	wait := procedure.Waiting{Wait: "w1", For: "鉴定结论", Court: "示例鉴定机构"}
	s.at(time.September, 1, 9).Add(procedure.WaitOpened, procedure.SystemEngine, "", wait)
	s.at(time.September, 8, 9).Add(procedure.WaitClosed, procedure.SystemEngine, "", wait)
	again := procedure.Waiting{Wait: "w2", For: "鉴定结论", Court: "示例鉴定机构"}
	s.at(time.September, 9, 9).Add(procedure.WaitOpened, procedure.SystemEngine, "", again)
	s.at(time.September, 10, 9).Add(procedure.WaitClosed, procedure.SystemEngine, "", again)
	for _, court := range []string{"时间", "业主、居民"} {
		inside := procedure.Waiting{Wait: court, For: "届满", Court: court}
		s.Add(procedure.WaitOpened, procedure.SystemEngine, "", inside)
		s.Add(procedure.WaitClosed, procedure.SystemEngine, "", inside)
	}
	clock := procedure.Clocked{Clock: "approval", Title: "审批时限", Deadline: calendar.Deadline{
		Anchor: Now, Rule: calendar.Within(calendar.Workdays(15)), Due: *endOf(time.September, 22), CalendarVersion: "2026",
	}}
	s.at(time.September, 1, 9).Add(procedure.ClockStarted, procedure.SystemEngine, "", clock)
	for _, pause := range []struct {
		ground, waits string
		from, to      int
	}{{"review", "示例区准入办", 14, 16}, {"supplement", procedure.Applicant, 21, 24}} {
		stands := clock
		stands.Ground, stands.Wait = pause.ground, pause.waits
		s.at(time.September, pause.from, 9).Add(procedure.ClockPaused, procedure.SystemEngine, "", stands)
		s.at(time.September, pause.to, 9).Add(procedure.ClockResumed, procedure.SystemEngine, "", clock)
	}
	s.Add(procedure.ClockStopped, procedure.SystemEngine, "", clock)
	appendAll(t, b, s)
	of := func(court string, days int) record.SpellSum {
		return record.SpellSum{What: record.SpellWait, Kind: Kind, Unit: "XW-CZ", Court: court, Days: days, Count: 1}
	}
	require.ElementsMatch(t, []record.SpellSum{
		of("专家评审", 2), of("示例鉴定机构", 1), of("示例鉴定机构", 5), of("申请单位（补正材料）", 3),
	}, days(t, b, everything, sept(1, 30)))
}

// The board counts every open task once, by the column of its deadline; a cell lists what it counts.
func testBoard(t *testing.T, b bundle) {
	saveTree(t, b)
	ctx := t.Context()
	s := NewScript(caseOwn).at(time.September, 1, 9)
	overdue := s.spellTask("a", Office, endOf(time.September, 4))
	today := s.spellTask("b", Office, endOf(time.September, 7))
	second := s.spellTask("c", Office, endOf(time.September, 7))
	hour := time.Date(2026, time.September, 7, 12, 0, 0, 0, calendar.Zone) // a deadline in hours
	other := s.spellTask("d", StreetA, &hour)
	next := s.spellTask("e", StreetA, endOf(time.September, 8))
	later := s.spellTask("f", StreetB, endOf(time.September, 10))
	paused := s.spellTask("g", StreetB, endOf(time.September, 8))
	undated := s.spellTask("h", StreetB, nil)
	done := s.spellTask("i", StreetB, endOf(time.September, 8))
	s.answer(done, "i", StreetB, false)
	s.Add(procedure.TaskRedated, procedure.SystemEngine, "", procedure.Redated{Task: paused})
	s.Add(procedure.TaskReminded, procedure.SystemClock, "", procedure.Reminded{Task: overdue, Rung: procedure.RungRed})
	s.Add(procedure.TaskReminded, procedure.SystemClock, "", procedure.Reminded{Task: second, Rung: procedure.RungYellow})
	appendAll(t, b, s)
	f := record.DueFilter{Now: time.Date(2026, time.September, 7, 9, 0, 0, 0, calendar.Zone), Last: "2026-09-09"}
	cells, err := b.DueBoard(ctx, everything, f)
	require.NoError(t, err)
	want := []record.DueCell{
		{Unit: "XW-01", Column: "2026-09-07", Count: 1}, {Unit: "XW-01", Column: "2026-09-08", Count: 1},
		{Unit: "XW-02", Column: "later", Count: 1}, {Unit: "XW-02", Column: "paused", Count: 1}, {Unit: "XW-02", Column: "undated", Count: 1},
		{Unit: "XW-BG", Column: "2026-09-07", Count: 2, Yellow: 1}, {Unit: "XW-BG", Column: "overdue", Count: 1, Red: 1},
	}
	require.Equal(t, want, cells)
	ids := func(s record.Scope, f record.DueFilter) []string {
		page, err := b.DueTasks(ctx, s, f)
		require.NoError(t, err)
		var list []string
		for _, one := range page.Items {
			list = append(list, one.ID)
		}
		return list
	}
	for column, tasks := range map[string][]string{
		"overdue": {overdue}, "2026-09-07": {other, today, second}, "2026-09-08": {next}, "2026-09-09": nil, "later": {later}, "paused": {paused},
		"undated": {undated}, "2026-09-10": nil, // beyond the last day: it is in «later»
	} {
		f.Column = column
		require.Equal(t, tasks, ids(everything, f), column)
	}
	f.Column, f.Holder = "2026-09-07", "XW-BG"
	require.Equal(t, []string{today, second}, ids(everything, f))
	f.Limit = 1
	page, err := b.DueTasks(ctx, everything, f)
	require.NoError(t, err)
	require.Equal(t, today, page.Items[0].ID)
	f.After = page.Next
	require.Equal(t, []string{second}, ids(everything, f))
	f.Column = "overdue"
	_, err = b.DueTasks(ctx, everything, f)
	code(t, err, "cursor.invalid")
	f.Column, f.After = "someday", ""
	_, err = b.DueTasks(ctx, everything, f)
	code(t, err, "filter.invalid")

	// An hour later the deadline in hours has passed, card or not.
	f = record.DueFilter{Now: hour, Last: "2026-09-09", Unit: "XW-01"}
	cells, err = b.DueBoard(ctx, everything, f)
	require.NoError(t, err)
	require.Equal(t, []record.DueCell{{Unit: "XW-01", Column: "2026-09-08", Count: 1}, {Unit: "XW-01", Column: "overdue", Count: 1}}, cells)

	// A street oversees itself only.
	street := record.Scope{{Paths: []string{"/T/XW/XW-02/"}}}
	f.Unit = ""
	cells, err = b.DueBoard(ctx, street, f)
	require.NoError(t, err)
	require.Equal(t, want[2:5], cells)
	f.Column = "overdue"
	require.Empty(t, ids(street, f))
	f.Column = "paused"
	require.Equal(t, []string{paused}, ids(street, f))
	f.Unit = "XW-BG"
	require.Empty(t, ids(street, f))
	cells, err = b.DueBoard(ctx, record.Scope{{Users: []string{"li"}}}, record.DueFilter{Now: hour, Last: "2026-09-09"})
	require.NoError(t, err)
	require.Empty(t, cells)
}
