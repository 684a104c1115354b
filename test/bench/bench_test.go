package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/ballot"
	"gongzhi/record"
)

func TestPercentiles(t *testing.T) {
	t.Parallel()
	var s sample
	require.Zero(t, s.at(50))
	for i := 20; i >= 1; i-- {
		s = append(s, time.Duration(i))
	}
	for percent, want := range map[int]time.Duration{0: 1, 5: 1, 50: 10, 51: 11, 95: 19, 96: 20, 100: 20} {
		require.Equal(t, want, s.at(percent), percent)
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	o, err := parse([]string{"-quick", "-cases", "77"})
	require.NoError(t, err)
	require.Equal(t, 77, o.cases, "what is given stands, also in a quick run")
	require.Less(t, o.decisions, 1000)
	require.Equal(t, names(), o.chosen())
	for _, wrong := range [][]string{{"-only", "pages,nothing"}, {"-clients", "0"}, {"-decisions", "1"}} {
		_, err := parse(wrong)
		require.Error(t, err, wrong)
	}
}

// TestInventedCasesAreWhole proves that the pages are measured over records that the store itself finds whole, as many as promised.
func TestInventedCasesAreWhole(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s, err := prepare(ctx, "sqlite:"+filepath.Join(t.TempDir(), "gongzhi.db"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	b := &bench{options: options{cases: 60, seed: 1}}
	in, err := b.seedCases(ctx, s)
	require.NoError(t, err)
	require.InDelta(t, eventsEach*60, in.events, 40)

	last, err := s.LastChange(ctx)
	require.NoError(t, err)
	require.EqualValues(t, in.events, last)
	all, err := s.Cases(ctx, record.Scope{{Everything: true}}, record.CaseFilter{Limit: 200})
	require.NoError(t, err)
	require.Len(t, all.Items, 60)
	open := 0
	for _, c := range all.Items {
		v, err := s.VerifyCase(ctx, c.Number)
		require.NoError(t, err)
		require.True(t, v.Whole(), c.Number)
		if c.State.Open() {
			open++
			require.Equal(t, 1, c.OpenTasks, "an open case waits for somebody")
		} else {
			require.Zero(t, c.OpenTasks)
		}
	}
	require.Equal(t, in.open, open)
	pending, err := s.PendingCommands(ctx, time.Now().Add(time.Hour), 10)
	require.NoError(t, err)
	require.Empty(t, pending, "the relay must find nothing to send")
}

func TestWarningsAreToldOnceWithTheirNumber(t *testing.T) {
	t.Parallel()
	w := newWarnings()
	require.Equal(t, "the programs logged no warning", w.String())
	log := slog.New(w).With("part", "worker")
	log.Info("nothing")
	log.Warn("late", "error", fmt.Errorf("timeout"))
	log.Warn("late", "error", fmt.Errorf("timeout"))
	require.Contains(t, w.String(), "2 × late: timeout")
	require.NotContains(t, w.String(), "nothing")
}

func TestTogetherDoesEveryPieceOnceAndEndsAtTheFirstError(t *testing.T) {
	t.Parallel()
	b := &bench{options: options{clients: 4, seconds: 60}}
	done := make([]int, 100)
	got, err := b.stretch(t.Context(), 20, 80, func(_ context.Context, _, i int) (bool, error) { done[i]++; return i%2 == 0, nil })
	require.NoError(t, err)
	require.Len(t, got.took, 40)
	require.Equal(t, 40, got.pending)
	for i, n := range done {
		require.Equal(t, i >= 20, n == 1, i)
	}
	wrong := fmt.Errorf("broken")
	require.ErrorIs(t, b.together(t.Context(), 10, func(context.Context, int, int) error { return wrong }), wrong)
}

func TestSlowPageMisses(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	b := &bench{out: &out}
	of := func(page, query string, took time.Duration) look {
		return look{page: page, who: "a", query: query, took: took}
	}
	require.NoError(t, b.printPages(allPages, []look{
		of("case", "slow", mostPage), of("case", "quick", time.Millisecond), of("case", "quick", time.Millisecond),
		of("task", "once", time.Millisecond), of("task", "once", time.Millisecond), of("task", "once", time.Second),
		{page: "lists", who: "a", path: "/lists", failed: fmt.Errorf("422")},
	}, slowestQuery))
	require.Regexp(t, `(?m)^case +3 .*misses +slow$`, out.String())
	require.Regexp(t, `(?m)^task +3 .*meets +once$`, out.String())
	require.Regexp(t, `(?m)^lists +0 .*not measured$`, out.String())
	require.Contains(t, out.String(), "refuses it: a: 422")
}

func TestReportOfPgbenchIsRead(t *testing.T) {
	t.Parallel()
	const report = "number of transactions actually processed: 640/640\nlatency average = 32.1 ms\ntps = 320.000000 (without initial connection time)\n"
	s, err := readPgbench(report)
	require.NoError(t, err)
	require.Equal(t, 640, s.done)
	require.InDelta(t, 320, s.rate(), 0.001)
	for _, wrong := range []string{"", strings.Replace(report, "640/640", "639/640", 1), strings.Replace(report, "tps = 320.000000", "tps = 0.0", 1)} {
		_, err := readPgbench(wrong)
		require.Error(t, err, wrong)
	}
}

// TestVotesAreMeasuredOverWhatWasCast runs the whole figure small, on both databases: it fails by itself when a ballot is missing in
// the count, a row of the bare side was not written, or the export does not verify.
func TestVotesAreMeasuredOverWhatWasCast(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), []string{"-quick", "-only", "votes"}, &out))
	require.Contains(t, out.String(), "2000 ballots, loaded")
	require.Regexp(t, `(?m)^product: POST /vote/cast +320 `, out.String())
	require.Regexp(t, `(?m)^SQLite's driver alone: own rows +320 `, out.String())
}

// TestMissingBallotsAreNoticed is the control of the checks that the figures rest on.
func TestMissingBallotsAreNoticed(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	address := "sqlite:" + filepath.Join(t.TempDir(), "gongzhi.db")
	s, err := prepare(ctx, address)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	require.NoError(t, openPoll(ctx, s, ballot.Secret{1}, "A", 50, newLaps()))
	require.NoError(t, castAll(ctx, s, address, "A", 50))
	require.NoError(t, counted(ctx, s, "A", 50, 50))
	require.ErrorContains(t, counted(ctx, s, "A", 49, 50), "are counted as")

	secret, file := ballot.Secret{1}, filepath.Join(t.TempDir(), "export.ndjson")
	require.NoError(t, tally(ctx, s, secret, "A", newLaps()))
	var export bytes.Buffer
	require.NoError(t, ballot.Export(ctx, &export, s, secret, "A"))
	require.NoError(t, os.WriteFile(file, export.Bytes(), 0o600))
	_, err = recount(file, 50)
	require.NoError(t, err)
	_, err = recount(file, 51)
	require.ErrorContains(t, err, "50 ballots")
	spoiled := bytes.Replace(export.Bytes(), []byte("choice no"), []byte("choice yes"), 1)
	require.NotEqual(t, export.Bytes(), spoiled)
	require.NoError(t, os.WriteFile(file, spoiled, 0o600))
	_, err = recount(file, 50)
	require.ErrorContains(t, err, "does not verify")
}
