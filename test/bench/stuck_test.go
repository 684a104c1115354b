package main

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/calendar"
	"gongzhi/ops"
	"gongzhi/procedure"
	"gongzhi/record"
)

// TestFatesAreWhatTheDetectorsFind proves that the troubles behind the operators' pages are there, as many as promised and no others,
// and that the loaded records are whole.
func TestFatesAreWhatTheDetectorsFind(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	address := "sqlite:" + filepath.Join(t.TempDir(), "gongzhi.db")
	s, err := prepare(ctx, address)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	raw, err := openRaw(address, 1)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, raw.Close()) })
	b := &bench{options: options{seed: 1}}
	m, areas, err := b.world(ctx, s)
	require.NoError(t, err)
	l := &loader{maker: m, store: s, raw: raw, areas: areas, last: map[[2]string]int{}}
	const n = 1000
	open, err := l.load(ctx, b, n, func(i, events int) fate { return fateOf(i, events < eventsOpen*i) })
	require.NoError(t, err)
	require.InDelta(t, eventsOpen*n, open.events, 60)
	closed, err := l.load(ctx, b, 20, func(int, int) fate { return declined })
	require.NoError(t, err)
	require.Equal(t, 20*8, closed.events)

	for _, number := range append(open.numbers[:25:25], closed.numbers...) {
		v, err := s.VerifyCase(ctx, number)
		require.NoError(t, err)
		require.True(t, v.Whole(), number)
	}
	counted, err := s.CountOpen(ctx)
	require.NoError(t, err)
	require.EqualValues(t, n, counted)
	late, err := s.LateTasks(ctx, time.Now())
	require.NoError(t, err)
	require.Len(t, late, 50)
	clocks, err := s.PausedClocks(ctx)
	require.NoError(t, err)
	require.Len(t, clocks, 5)
	waits, err := s.OutsideWaits(ctx, []string{"时间"})
	require.NoError(t, err)
	require.Len(t, waits, 5)
	circles, err := s.Circles(ctx, 3)
	require.NoError(t, err)
	require.Len(t, circles, 2)
	pending, err := s.PendingCommands(ctx, time.Now().Add(time.Hour), 10)
	require.NoError(t, err)
	require.Empty(t, pending, "the relay must find nothing to send")
	filing, err := s.CaseFiling(ctx, open.numbers[0])
	require.NoError(t, err)
	require.NotEmpty(t, filing.Form)
}

// TestOperatorsFiguresRun runs the figures of 运行监控 small, on both databases.
func TestOperatorsFiguresRun(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), []string{"-quick", "-only", "stuck,reminders,faults", "-stuck", "200"}, &out))
	text := out.String()
	require.NotContains(t, text, "not measured")
	require.NotContains(t, text, "refuses it")
	require.Regexp(t, `(?m)^list: filters +[1-9]`, text)
	require.Regexp(t, `(?m)^5 workflows are gone: every case is compared `, text)
	shapes := strings.Count(text, "\ngongzhi up: ") + strings.Count(text, "\nserver + worker: ")
	require.Equal(t, shapes/3, strings.Count(text, "required: all once (0 missing, 0 twice), none early (0): meets"))
	require.Equal(t, shapes/3, strings.Count(text, "all seen: meets"))
}

// TestRehearsalsRun runs the figures of batches small, on both databases.
func TestRehearsalsRun(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), []string{"-quick", "-only", "batches", "-stuck", "60"}, &out))
	shapes := strings.Count(out.String(), "\ngongzhi up: ") + strings.Count(out.String(), "\nserver + worker: ")
	require.Positive(t, shapes)
	require.Equal(t, shapes*len(rehearsals), strings.Count(out.String(), "meets"))
}

// TestAReminderEarlyTwiceOrMissingIsNoticed is the control of what the figure of reminders rests on.
func TestAReminderEarlyTwiceOrMissingIsNoticed(t *testing.T) {
	t.Parallel()
	fires := time.Now()
	nine := calendar.DateOf(fires).Start().Add(9 * time.Hour)
	at := func(number string, late time.Duration) record.Change {
		return record.Change{Case: number, Type: procedure.TaskReminded, At: momentOf(number, nine).Add(late)}
	}
	for name, c := range map[string]struct {
		changes []record.Change
		wants   string
	}{
		"sound":   {[]record.Change{at("a", 0), at("b", time.Second), at("other", -time.Hour)}, "(0 missing, 0 twice), none early (0): meets"},
		"early":   {[]record.Change{at("a", -time.Second), at("b", 0)}, "(0 missing, 0 twice), none early (1): misses"},
		"twice":   {[]record.Change{at("a", 0), at("b", 0), at("b", time.Second)}, "(0 missing, 1 twice), none early (0): misses"},
		"missing": {[]record.Change{at("a", 0)}, "(1 missing, 0 twice), none early (0): misses"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			r := &ladder{place: &place{bench: &bench{out: &out}}, due: map[string]bool{"a": true, "b": true}, seen: map[string]int{},
				nine: nine, fires: fires}
			r.note(c.changes, fires.Add(time.Minute)) // all have had their second
			require.NoError(t, r.print())
			require.Contains(t, out.String(), c.wants)
		})
	}
}

func TestAFaultThatIsNotSeenMisses(t *testing.T) {
	t.Parallel()
	for took, wants := range map[time.Duration]string{0: "all seen: misses", mostUnseen: "all seen: meets", mostUnseen + time.Second: "all seen: misses"} {
		var out bytes.Buffer
		x := &breaker{place: &place{bench: &bench{out: &out}}, done: []broken{
			{fault: fault{name: "one", kind: ops.Code}, took: took}, {fault: fault{name: "two", kind: ops.Code}, took: time.Second}}}
		require.NoError(t, x.print())
		require.Contains(t, out.String(), wants, took)
	}
}

func TestEventuallyEndsWithTheFirstError(t *testing.T) {
	t.Parallel()
	asked := 0
	require.NoError(t, eventually(t.Context(), time.Minute, func() (bool, error) { asked++; return asked == 2, nil }))
	require.Equal(t, 2, asked)
	require.ErrorIs(t, eventually(t.Context(), time.Minute, func() (bool, error) { return false, context.Canceled }), context.Canceled)
	require.ErrorContains(t, eventually(t.Context(), time.Nanosecond, func() (bool, error) { return false, nil }), "in time")
}
