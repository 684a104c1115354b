package storetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/procedure"
	"gongzhi/record"
)

var (
	projections = []string{
		"cases", "case_holders", "case_areas", "tasks", "copies", "stages", "deadlines", "waits", "spells", "notices", "list_versions", "list_items",
	}
	everyTable = append([]string{"chains", "events", "changes", "feed", "commands", "filings", "copy_reads", "counters", "outbox"}, projections...)
)

// dump returns every row of tables as text, with all their columns, sorted.
func dump(t *testing.T, b bundle, tables ...string) []string {
	t.Helper()
	raw := b.raw(t)
	var all []string
	for _, table := range tables {
		rows, err := raw.QueryContext(t.Context(), "SELECT * FROM "+table)
		require.NoError(t, err)
		names, err := rows.Columns()
		require.NoError(t, err)
		for rows.Next() {
			values := make([]any, len(names))
			for i := range values {
				values[i] = new(any)
			}
			require.NoError(t, rows.Scan(values...))
			row := table
			for i, name := range names {
				value := *values[i].(*any)
				if yes, ok := value.(bool); ok { // SQLite has no type for it
					value = map[bool]int{true: 1}[yes]
				}
				row += fmt.Sprintf(" %s=%v", name, value)
			}
			all = append(all, row)
		}
		require.NoError(t, rows.Err())
		require.NoError(t, rows.Close())
	}
	slices.Sort(all)
	return all
}

// sameRows compares two dumps and shows the rows that differ, not all of them.
func sameRows(t *testing.T, want, got []string) {
	t.Helper()
	missing := slices.DeleteFunc(slices.Clone(want), func(row string) bool { return slices.Contains(got, row) })
	added := slices.DeleteFunc(slices.Clone(got), func(row string) bool { return slices.Contains(want, row) })
	require.Empty(t, missing, "rows that are gone")
	require.Empty(t, added, "rows that are new")
	require.Len(t, got, len(want))
	require.NotEmpty(t, got)
}

func testFold(t *testing.T, b bundle) {
	saveTree(t, b)
	s := Full("XW-ZR-2026-001")
	appendAll(t, b, s)
	ctx := t.Context()
	desk, err := b.CaseDesk(ctx, everything, s.Number)
	require.NoError(t, err)
	closed := s.Events[len(s.Events)-1].At
	due := s.Events[23].At.AddDate(0, 0, 3)
	require.Equal(t, record.Case{
		Number: s.Number, Kind: Kind, KindName: "社区工作准入", Version: 1, Title: "养老服务\t统计表进社区 𠮷",
		State: procedure.Completed, Result: "执行期满，办结。", District: "XW", Unit: "XW-CZ", UnitName: "示例区财政局",
		Initiator: "sun", InitiatorName: "示例-孙一", Segment: "审查", StartedAt: Now.UTC(), ClosedAt: &closed,
		ChangedAt: closed, Seq: int64(len(s.Events)), NextDue: &due, NextDay: "2026-09-05", NextTitle: "形式审查",
		NextWho: "石板桥街道办事处", OpenTasks: 1,
	}, desk.Case)
	c, err := b.Case(ctx, everything, s.Number)
	require.NoError(t, err)
	require.Equal(t, desk.Case, c)

	tasks, err := b.CaseTasks(ctx, s.Number)
	require.NoError(t, err)
	require.Equal(t, tasks, desk.Tasks)
	require.Len(t, tasks, 3)
	a := tasks[0]
	require.Equal(t, record.TaskDone, a.State)
	require.Equal(t, Office, a.Holder)
	require.Nil(t, a.Owner)
	require.Equal(t, "示例-王五 代 示例-李四", a.ActorName)
	require.Equal(t, "示例区政府", func() string { return Bureau.Title() }())
	require.Equal(t, 2, a.Reminded)
	require.Equal(t, 1, a.Urged)
	require.Equal(t, "社区工作准入", a.KindName)
	require.Equal(t, record.TaskClosed, tasks[1].State)
	require.Equal(t, "由他人办理", tasks[1].WhyClosed)
	require.Equal(t, record.TaskOpen, tasks[2].State)

	require.Len(t, desk.Stages, 1)
	require.Equal(t, "同意 1", desk.Stages[0].Text)
	deadlines, err := b.CaseDeadlines(ctx, s.Number)
	require.NoError(t, err)
	require.Len(t, deadlines, 1)
	require.Equal(t, "stopped", deadlines[0].State)
	require.NotNil(t, deadlines[0].Stopped)
	require.Equal(t, 15, deadlines[0].Deadline.Rule.Period.N)
	waits, err := b.CaseWaits(ctx, s.Number)
	require.NoError(t, err)
	require.Len(t, waits, 2)
	require.NotNil(t, waits[0].Closed)
	require.Nil(t, waits[1].Closed)
	copies, err := b.CaseCopies(ctx, s.Number)
	require.NoError(t, err)
	require.Len(t, copies, 1)
	require.Equal(t, "示例-区长", copies[0].ReadBy)
	notices, err := b.CaseNotices(ctx, s.Number)
	require.NoError(t, err)
	require.Len(t, notices, 1)
	lists, err := b.Lists(ctx, "XW")
	require.NoError(t, err)
	require.Len(t, lists, 1)
	require.Equal(t, s.Number, lists[0].Case)
}

func testRebuild(t *testing.T, b bundle) {
	require.NoError(t, b.ImportList(t.Context(), record.ListVersion{
		District: "XW", Version: "2026.1", Published: Now, Items: []procedure.ListItem{{No: "A-1", Title: "一"}},
	}))
	c := record.Command{Request: "r", Opinion: "同意"}
	c.ID, c.Case, c.Action, c.Actor = "cmd-1", "XW-ZR-2026-002", procedure.ActAnswer, Officer
	_, _, err := b.SubmitCommand(t.Context(), c)
	require.NoError(t, err)
	second := NewScript(c.Case)
	second.Add(procedure.TaskAnswered, Officer, c.ID, answered(second.Task(Office, 2)))
	appendAll(t, b, Full("XW-ZR-2026-001"))
	appendAll(t, b, second)
	before := dump(t, b, everyTable...)
	require.True(t, slices.ContainsFunc(before, func(row string) bool { return strings.Contains(row, `"opinion":"同意"`) }))
	report, err := b.Rebuild(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 2, report.Cases)
	sameRows(t, before, dump(t, b, everyTable...))
}

// testRebuildRepairs is the control of testRebuild: a wrong projection does not survive it.
func testRebuildRepairs(t *testing.T, b bundle) {
	saveTree(t, b)
	appendAll(t, b, Full("XW-ZR-2026-001"))
	before := dump(t, b, everyTable...)
	raw := b.raw(t)
	for _, table := range projections {
		if table == "list_items" {
			continue // has no published rows
		}
		_, err := raw.ExecContext(t.Context(), "DELETE FROM "+table)
		require.NoError(t, err)
	}
	require.NotEqual(t, before, dump(t, b, everyTable...))
	_, err := b.Rebuild(t.Context())
	require.NoError(t, err)
	_, err = raw.ExecContext(t.Context(), "UPDATE tasks SET card = 'red', body = '{}'")
	require.NoError(t, err)
	_, err = b.Rebuild(t.Context())
	require.NoError(t, err)
	sameRows(t, before, dump(t, b, everyTable...))
}

// testFoldOneByOne: how events are cut into batches makes no difference to any row.
func testFoldOneByOne(t *testing.T, b bundle) {
	s := Full("XW-ZR-2026-001")
	for _, e := range s.Events {
		_, err := b.Append(t.Context(), s.Number, []procedure.Event{e})
		require.NoError(t, err)
	}
	bit := dump(t, b, everyTable...)
	_, err := b.Rebuild(t.Context())
	require.NoError(t, err)
	sameRows(t, bit, dump(t, b, everyTable...))
}

func testFoldDelegate(t *testing.T, b bundle) {
	s := NewScript("XW-ZR-2026-001")
	id := s.Task(Office, 3)
	s.Add(procedure.TaskRead, Officer, "", procedure.Tasked{Task: id})
	s.Add(procedure.TaskMoved, Officer, "", procedure.Moved{Task: id, How: procedure.ActDelegate, Holder: Helper})
	appendAll(t, b, s)
	task, err := b.Task(t.Context(), everything, id)
	require.NoError(t, err)
	require.Equal(t, Helper, task.Holder)
	require.Equal(t, &Office, task.Owner)
	require.Nil(t, task.ReadAt, "the helper has not read it")
	s.Add(procedure.TaskMoved, Officer, "", procedure.Moved{Task: id, How: procedure.ActAnswer, Holder: Office})
	appendAll(t, b, s)
	task, err = b.Task(t.Context(), everything, id)
	require.NoError(t, err)
	require.Equal(t, Office, task.Holder)
	require.Nil(t, task.Owner)
	s.Add(procedure.TaskMoved, Officer, "", procedure.Moved{Task: id, How: procedure.ActTransfer, Holder: StreetA})
	appendAll(t, b, s)
	task, err = b.Task(t.Context(), everything, id)
	require.NoError(t, err)
	require.Equal(t, StreetA, task.Holder)
	require.Nil(t, task.Owner, "the giver of a 转办 is out")
}

// A case that is being completed (补正) has an open task without a date while its clock stands: it is paused, not without a date.
func testFoldCompletion(t *testing.T, b bundle) {
	s := NewScript("XW-ZR-2026-001")
	clock := procedure.Clocked{Clock: "acceptance", Title: "受理"}
	s.Add(procedure.ClockStarted, procedure.SystemEngine, "", clock)
	first := s.Task(Office, 9)
	s.Add(procedure.TaskAnswered, Officer, "", procedure.Answered{Task: first, Answer: procedure.Supplement})
	look := func() record.Case {
		t.Helper()
		appendAll(t, b, s)
		c, err := b.Case(t.Context(), everything, s.Number)
		require.NoError(t, err)
		return c
	}
	s.Add(procedure.TaskOpened, procedure.SystemEngine, "", procedure.Opened{Task: s.Number + ".5", Stage: "correction", Title: "补正", Holder: Bureau})
	require.False(t, look().Paused, "the clock runs")
	s.Add(procedure.ClockPaused, procedure.SystemEngine, "", clock)
	require.True(t, look().Paused)
	s.Add(procedure.ClockResumed, procedure.SystemEngine, "", clock)
	require.False(t, look().Paused)
}

func testFoldCards(t *testing.T, b bundle) {
	s := NewScript("XW-ZR-2026-001")
	first, second := s.Task(Office, 9), s.Task(StreetA, 3)
	look := func() record.Case {
		t.Helper()
		appendAll(t, b, s)
		c, err := b.Case(t.Context(), everything, s.Number)
		require.NoError(t, err)
		return c
	}
	c := look()
	require.Equal(t, 2, c.OpenTasks)
	require.Equal(t, StreetA.Title(), c.NextWho, "the nearest deadline")
	require.Empty(t, c.Card)
	remind := func(task string, rung procedure.Rung) {
		s.Add(procedure.TaskReminded, procedure.SystemClock, "", procedure.Reminded{Task: task, Rung: rung})
	}
	remind(first, procedure.RungEarly)
	require.Empty(t, look().Card)
	remind(first, procedure.RungYellow)
	require.Equal(t, "yellow", look().Card)
	remind(second, procedure.RungRed)
	require.Equal(t, "red", look().Card)
	remind(second, procedure.RungDue)
	require.Equal(t, "red", look().Card, "a card never gets paler by a reminder")
	s.Add(procedure.TaskRedated, procedure.SystemEngine, "", procedure.Redated{Task: second})
	c = look()
	require.True(t, c.Paused)
	require.Equal(t, "yellow", c.Card)
	require.Equal(t, Office.Title(), c.NextWho, "a clock that stands is due last")
	late := s.On().Add(-time.Hour * 48)
	s.Add(procedure.TaskRedated, procedure.SystemEngine, "", procedure.Redated{Task: second, Due: &late, Day: "2026-08-30"})
	require.False(t, look().Paused)
	s.Add(procedure.TaskUnmanned, procedure.SystemEngine, "", procedure.Tasked{Task: second})
	require.True(t, look().Unmanned)
	s.Add(procedure.TaskRead, Officer, "", procedure.Tasked{Task: second})
	require.False(t, look().Unmanned, "who opens it holds the post")
	s.Add(procedure.TaskUnmanned, procedure.SystemEngine, "", procedure.Tasked{Task: second})
	require.True(t, look().Unmanned)
	s.Add(procedure.TaskClosed, procedure.SystemEngine, "", procedure.Dropped{Task: second, Why: "减签"})
	s.Add(procedure.TaskAnswered, Officer, "", answered(first))
	c = look()
	require.Zero(t, c.OpenTasks)
	require.Empty(t, c.Card)
	require.False(t, c.Unmanned)
	require.Nil(t, c.NextDue)
}
