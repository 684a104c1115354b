package storetest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"gongzhi/procedure"
	"gongzhi/record"
	"gongzhi/store"
)

var everything = record.Scope{{Everything: true}}

func appendAll(t *testing.T, b bundle, s *Script) {
	t.Helper()
	head, err := b.Append(t.Context(), s.Number, s.Events)
	require.NoError(t, err)
	require.EqualValues(t, len(s.Events), head)
}

func testAppendRetry(t *testing.T, b bundle) {
	s := Full("XW-ZR-2026-001")
	half := len(s.Events) / 2
	for _, part := range [][]procedure.Event{s.Events[:half], s.Events[:half], s.Events[half-3:], s.Events, nil, s.Events[4:9]} {
		_, err := b.Append(t.Context(), s.Number, part)
		require.NoError(t, err)
	}
	list, err := b.Events(t.Context(), s.Number, 0, 0)
	require.NoError(t, err)
	require.Len(t, list, len(s.Events))
	for i, e := range list {
		require.Equal(t, s.Events[i].At, e.At, "case time survives to the microsecond, in UTC")
		require.Equal(t, s.Events[i].Actor, e.Actor)
		require.JSONEq(t, string(s.Events[i].Data), string(e.Data))
	}
	v, err := b.VerifyCase(t.Context(), s.Number)
	require.NoError(t, err)
	require.Empty(t, v.Broken)
	require.EqualValues(t, len(list), v.Events)
	require.Equal(t, list[len(list)-1].Hash, v.Head)

	tail, err := b.Events(t.Context(), s.Number, 3, 2)
	require.NoError(t, err)
	require.Equal(t, list[3:5], tail)
}

func testAppendRefusals(t *testing.T, b bundle) {
	s := Full("XW-ZR-2026-001")
	_, err := b.Append(t.Context(), s.Number, s.Events[:5])
	require.NoError(t, err)
	try := func(want string, change func(e *procedure.Event), from, to int) {
		t.Helper()
		list := slices.Clone(s.Events[from:to])
		change(&list[len(list)-1])
		_, err := b.Append(t.Context(), s.Number, list)
		code(t, err, want)
	}
	keep := func(*procedure.Event) {}
	try(store.CodeGap, keep, 6, 8)
	try(store.CodeGap, func(e *procedure.Event) { e.Seq++ }, 5, 7)
	try(store.CodeGap, func(e *procedure.Event) { e.Seq = 0 }, 5, 6)
	try(store.CodeConflict, func(e *procedure.Event) { e.At = e.At.Add(time.Microsecond) }, 2, 5)
	try(store.CodeConflict, func(e *procedure.Event) { e.Type = procedure.TaskBlocked }, 2, 5)
	try(store.CodeConflict, func(e *procedure.Event) { e.Actor.Name = "别人" }, 2, 5)
	try(store.CodeConflict, func(e *procedure.Event) { e.Command = "other" }, 2, 5)
	try(store.CodeConflict, func(e *procedure.Event) { e.Data = json.RawMessage(`{}`) }, 2, 5)
	try(store.CodeEvent, func(e *procedure.Event) { e.Case = "XW-ZR-2026-002" }, 5, 6)
	try(store.CodeEvent, func(e *procedure.Event) { e.Data = json.RawMessage(`{`) }, 5, 6)
	try(store.CodeEvent, func(e *procedure.Event) { e.Type = "case.guessed" }, 5, 6)
	try(store.CodeReference, func(e *procedure.Event) { e.Data = json.RawMessage(`{"task":"nobody"}`) }, 5, 6)
	_, err = b.Append(t.Context(), "XW-ZR-2026-002", NewScript("XW-ZR-2026-002").Add(
		procedure.CaseStarted, Initiator, "", procedure.Started{}).Events)
	code(t, err, store.CodeEvent)

	// The same JSON, written otherwise, is the same event.
	again := slices.Clone(s.Events[:5])
	again[0].Data = json.RawMessage("  " + string(again[0].Data))
	_, err = b.Append(t.Context(), s.Number, again)
	require.NoError(t, err)
	appendAll(t, b, s)
}

// testAppendNothingHalf: a refused batch leaves neither events, nor rows, nor lines in the feed.
func testAppendNothingHalf(t *testing.T, b bundle) {
	before := dump(t, b, everyTable...)
	s := Full("XW-ZR-2026-001")
	s.Events[len(s.Events)-1].Type = "case.guessed"
	_, err := b.Append(t.Context(), s.Number, s.Events)
	code(t, err, store.CodeEvent)
	sameRows(t, before, dump(t, b, everyTable...))
}

func testAppendConcurrent(t *testing.T, b bundle) {
	s := Full("XW-ZR-2026-001")
	var g errgroup.Group
	for i := range 40 {
		g.Go(func() error {
			// Everyone appends the whole record, from the front, cut at another place.
			cut := 1 + i%len(s.Events)
			if _, err := b.Append(t.Context(), s.Number, s.Events[:cut]); err != nil {
				return err
			}
			_, err := b.Append(t.Context(), s.Number, s.Events)
			return err
		})
	}
	require.NoError(t, g.Wait())
	list, err := b.Events(t.Context(), s.Number, 0, 0)
	require.NoError(t, err)
	require.Len(t, list, len(s.Events))
	v, err := b.VerifyCase(t.Context(), s.Number)
	require.NoError(t, err)
	require.Empty(t, v.Broken)
	feed, err := b.Changes(t.Context(), 0, 1000)
	require.NoError(t, err)
	require.Len(t, feed, len(s.Events), "each event is announced once")
}

func testAppendTexts(t *testing.T, b bundle) {
	c := record.Command{Request: "r", Opinion: "同意。𠮷野家 👨‍👩‍👧 «‘’» \\ ' \" % _ \t\n\u202e", Fields: json.RawMessage(`{"费用":"1.00","𠮷":[1,2.50,1e3]}`)}
	c.ID, c.Case, c.Action, c.Actor = "cmd-1", "XW-ZR-2026-001", procedure.ActAnswer, Officer
	_, _, err := b.SubmitCommand(t.Context(), c)
	require.NoError(t, err)
	s := NewScript(c.Case)
	task := s.Task(Office, 3)
	s.Add(procedure.TaskAnswered, Officer, c.ID, answered(task))
	appendAll(t, b, s)
	list, err := b.Events(t.Context(), s.Number, 2, 0)
	require.NoError(t, err)
	require.Equal(t, c.Opinion, list[0].Note)
	require.Equal(t, string(c.Fields), string(list[0].Fields))
	v, err := b.VerifyCase(t.Context(), s.Number)
	require.NoError(t, err)
	require.Empty(t, v.Broken)

	for _, bad := range []string{"a\x00b", "a\xffb"} {
		c.ID, c.Opinion = "cmd-"+fmt.Sprintf("%x", bad), bad
		_, _, err = b.SubmitCommand(t.Context(), c)
		code(t, err, store.CodeText)
	}
}

// testAppendJoin: what a person wrote goes to the first event that the person caused, once, and no other.
func testAppendJoin(t *testing.T, b bundle) {
	c := record.Command{Request: "r", Opinion: "同意"}
	c.ID, c.Case, c.Action, c.Actor = "cmd-1", "XW-ZR-2026-001", procedure.ActAnswer, Officer
	_, _, err := b.SubmitCommand(t.Context(), c)
	require.NoError(t, err)
	s := NewScript(c.Case)
	task := s.Task(Office, 3)
	s.Add(procedure.TaskBlocked, procedure.SystemEngine, c.ID, procedure.Tasked{Task: task})
	s.Add(procedure.TaskAnswered, Officer, c.ID, answered(task))
	s.Add(procedure.TaskUrged, Officer, c.ID, procedure.Urged{Task: task})
	s.Add(procedure.TaskUrged, Officer, "unknown", procedure.Urged{Task: task})
	_, err = b.Append(t.Context(), s.Number, s.Events[:4])
	require.NoError(t, err)
	done, err := b.Command(t.Context(), c.ID)
	require.NoError(t, err)
	require.Equal(t, record.CommandDone, done.State)
	require.EqualValues(t, 4, done.Seq)
	appendAll(t, b, s)
	list, err := b.Events(t.Context(), s.Number, 0, 0)
	require.NoError(t, err)
	for _, e := range list {
		require.Equal(t, e.Seq == 4, e.Note != "", "event %d", e.Seq)
	}
	got, err := b.Task(t.Context(), everything, task)
	require.NoError(t, err)
	require.Equal(t, "同意", got.Opinion)
	done, err = b.Command(t.Context(), c.ID)
	require.NoError(t, err)
	require.EqualValues(t, 5, done.Seq, "the last event because of it")

	other := NewScript("XW-ZR-2026-002")
	other.Add(procedure.TaskUrged, Officer, c.ID, procedure.Urged{Task: other.Task(Office, 1)})
	_, err = b.Append(t.Context(), other.Number, other.Events)
	code(t, err, store.CodeReference)
}

// testAppendTitle: the title of a case is a text of the filing; the workflow does not know it.
func testAppendTitle(t *testing.T, b bundle) {
	c, _, err := b.StartCase(t.Context(), filing("cmd-1"))
	require.NoError(t, err)
	s := NewScript(c.Case)
	s.Events[0] = procedure.NewEvent(procedure.CaseStarted, Now, Initiator, c.ID, procedure.Started{Filing: *c.Filing})
	s.Events[0].Seq = 1
	appendAll(t, b, s)
	appendAll(t, b, s)
	got, err := b.Case(t.Context(), everything, c.Case)
	require.NoError(t, err)
	require.Equal(t, "养老服务统计表", got.Title)
	_, err = b.Rebuild(t.Context())
	require.NoError(t, err)
	again, err := b.Case(t.Context(), everything, c.Case)
	require.NoError(t, err)
	require.Equal(t, got, again)
}

func testTampering(t *testing.T, b bundle) {
	raw := b.raw(t)
	for i, how := range []string{
		"UPDATE events SET note = '不同意' WHERE case_number = 'N' AND seq = 5",
		"UPDATE events SET at = at + 1 WHERE case_number = 'N' AND seq = 5",
		"UPDATE events SET actor = '{\"name\":\"别人\"}' WHERE case_number = 'N' AND seq = 5",
		"UPDATE events SET data = '{}' WHERE case_number = 'N' AND seq = 5",
		"UPDATE events SET hash = prev WHERE case_number = 'N' AND seq = 5",
		"DELETE FROM events WHERE case_number = 'N' AND seq = 5",
		"DELETE FROM events WHERE case_number = 'N' AND seq > 5",
		"DELETE FROM events WHERE case_number = 'N'",
		"UPDATE events SET seq = seq + 1000 WHERE case_number = 'N' AND seq > 5",
	} {
		s := Full(fmt.Sprintf("XX-ZR-2026-%03d", i+1))
		s.Events = slices.DeleteFunc(s.Events, func(e procedure.Event) bool { return e.Type == procedure.ListPublished })
		for i := range s.Events {
			s.Events[i].Seq = int64(i + 1)
		}
		appendAll(t, b, s)
		v, err := b.VerifyCase(t.Context(), s.Number)
		require.NoError(t, err)
		require.True(t, v.Whole(), "an untouched record is whole")
		result, err := raw.ExecContext(t.Context(), replaceN(how, s.Number))
		require.NoError(t, err)
		n, err := result.RowsAffected()
		require.NoError(t, err)
		require.NotZero(t, n, how)
		v, err = b.VerifyCase(t.Context(), s.Number)
		require.NoError(t, err)
		require.False(t, v.Whole(), how)
	}
	c, _, err := b.StartCase(t.Context(), filing("cmd-1"))
	require.NoError(t, err)
	s := NewScript(c.Case)
	appendAll(t, b, s)
	_, err = raw.ExecContext(t.Context(), replaceN("UPDATE filings SET form = '{}' WHERE case_number = 'N'", s.Number))
	require.NoError(t, err)
	v, err := b.VerifyCase(t.Context(), s.Number)
	require.NoError(t, err)
	require.Len(t, v.Broken, 1)
	_, err = b.VerifyCase(t.Context(), "XW-ZR-2026-999")
	code(t, err, store.CodeCase)
}

func testFeed(t *testing.T, b bundle) {
	var g errgroup.Group
	for i := range 10 {
		g.Go(func() error {
			s := NewScript(fmt.Sprintf("XW-ZR-2026-%03d", i+1))
			s.Task(Office, 1)
			for _, e := range s.Events {
				if _, err := b.Append(t.Context(), s.Number, []procedure.Event{e}); err != nil {
					return err
				}
			}
			return nil
		})
	}
	done := make(chan error, 1)
	go func() { done <- g.Wait() }()
	// A reader that follows the feed while others write must miss nothing.
	var last int64
	follow := func() {
		list, err := b.Changes(t.Context(), last, 7)
		require.NoError(t, err)
		for _, c := range list {
			require.Equal(t, last+1, c.ID, "ids have no gaps and appear in order")
			last = c.ID
		}
	}
	for writing := true; writing; {
		select {
		case err := <-done:
			require.NoError(t, err)
			writing = false
		default:
			follow()
		}
	}
	for range 3 {
		follow()
	}
	require.EqualValues(t, 20, last)
	newest, err := b.LastChange(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 20, newest)
	visible, err := b.Visible(t.Context(), record.Scope{{Holders: []procedure.Holder{Office}}}, []string{"XW-ZR-2026-001", "nothing"})
	require.NoError(t, err)
	require.Equal(t, map[string]bool{"XW-ZR-2026-001": true}, visible)
}

func replaceN(statement, number string) string {
	return strings.ReplaceAll(statement, "'N'", "'"+number+"'")
}
