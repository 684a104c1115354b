package app

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/ops"
)

// sweeps is an engine that has a worker, or none: then a sweep is never taken.
type sweeps struct {
	worker bool
	fails  error
}

func (s sweeps) Sweep(ctx context.Context, _ string) error {
	if s.worker || s.fails != nil {
		return s.fails
	}
	<-ctx.Done()
	return ctx.Err()
}

// looks is a list whose detectors run in the server.
type looks struct {
	last  atomic.Pointer[time.Time] // of anybody
	own   atomic.Int64
	begun time.Time
}

func (k *looks) note(t time.Time) { k.last.Store(&t) }

func (k *looks) lookout(engine sweeps) *lookout {
	k.note(k.begun)
	run := func(context.Context) error { k.own.Add(1); k.note(time.Now()); return nil }
	runs := func(context.Context) ([]ops.Run, error) {
		return []ops.Run{{At: k.begun.Add(-time.Hour)}, {At: *k.last.Load()}}, nil
	}
	return newLookout(engine, run, runs, slog.New(slog.DiscardHandler))
}

// As long as workers look once a minute, however late, the server never does; 90 seconds after the last look it has looked, then it
// looks each minute, and stops when a worker is back.
func TestLookout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		k := &looks{begun: time.Now()}
		l := k.lookout(sweeps{})
		l.start()
		defer l.close()
		for range 20 { // the worker
			time.Sleep(70 * time.Second)
			k.note(time.Now())
		}
		require.Zero(t, k.own.Load(), "a healthy system is left to its workers")

		time.Sleep(90 * time.Second)
		require.EqualValues(t, 1, k.own.Load(), "nobody else has looked for 90 seconds")
		time.Sleep(10 * time.Minute)
		require.InDelta(t, 11, k.own.Load(), 1, "the only one that looks does so each minute")

		n := k.own.Load()
		for range 10 {
			k.note(time.Now())
			time.Sleep(time.Minute)
		}
		require.Equal(t, n, k.own.Load(), "a worker is back")
	})
}

// A jump of case time is no reason to look, nor is a clock that differs: only that the last look stays the last one.
func TestLookout_OtherClocks(t *testing.T) {
	t.Parallel()
	began := time.Date(2026, 9, 7, 9, 0, 0, 0, time.UTC)
	w := watchman{since: began, limit: othersLook}
	for i, last := range []time.Time{began.AddDate(0, 0, 40), began.AddDate(-1, 0, 0), began} {
		require.False(t, w.due(last, began.Add(time.Duration(i)*time.Hour)))
	}
	require.False(t, w.due(began, began.Add(2*time.Hour+othersLook-time.Second)))
	require.True(t, w.due(began, began.Add(2*time.Hour+othersLook)))
}

// On demand a worker looks; the server does where none takes it, or where the engine does not answer.
func TestLookout_OnDemand(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		engine sweeps
		own    int64
	}{
		"a worker": {sweeps{worker: true}, 0}, "no worker": {sweeps{}, 1}, "no engine": {sweeps{fails: errors.New("gone")}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				k := &looks{begun: time.Now()}
				l := k.lookout(c.engine)
				defer l.close()
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				require.NoError(t, l.Sweep(ctx, "a"))
				require.Equal(t, c.own, k.own.Load())
			})
		})
	}
}

// Whoever does not wait any longer stops nothing, and closing waits for the end.
func TestLookout_GoesOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		k := &looks{begun: time.Now()}
		l := k.lookout(sweeps{fails: errors.New("gone")})
		var ended atomic.Bool
		l.run = func(context.Context) error { time.Sleep(20 * time.Second); ended.Store(true); return nil }
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		require.ErrorIs(t, l.Sweep(ctx, "a"), context.DeadlineExceeded)
		require.False(t, ended.Load())
		l.close()
		require.True(t, ended.Load())
	})
}
