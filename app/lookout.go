package app

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"gongzhi/ops"
	"gongzhi/server"
)

// lookout has a server look for what stands still itself when nobody else does. The schedule of the sweeps is carried by the workers:
// without one nobody would look, and that there is none would be seen last of all. Several servers may look at once, and a worker
// with them: the folds of a kind wait for each other, and a look that began earlier than the one stored is dropped.
type lookout struct {
	engine server.Sweeper // has a worker look
	run    func(ctx context.Context) error
	runs   func(ctx context.Context) ([]ops.Run, error)
	log    *slog.Logger

	ctx  context.Context // ends when the program closes
	stop context.CancelFunc
	wait sync.WaitGroup
	mu   sync.Mutex // one look at a time
}

// How long nobody may have looked before a server does, and how often it looks as long as it is the only one. The first is more than
// a period of the schedule with the longest sweep, so that a healthy system is left to its workers, and less than the 90 seconds
// after which a fault has to be on the list.
const (
	othersLook  = 75 * time.Second
	aloneEvery  = time.Minute
	watchEvery  = 5 * time.Second
	workerLooks = 5 * time.Second // of a sweep on demand: then the server looks itself
)

func newLookout(
	engine server.Sweeper, run func(context.Context) error, runs func(context.Context) ([]ops.Run, error), log *slog.Logger,
) *lookout {
	l := &lookout{engine: engine, run: run, runs: runs, log: log}
	l.ctx, l.stop = context.WithCancel(context.Background())
	return l
}

// start watches until close.
func (l *lookout) start() {
	l.wait.Go(func() {
		tick := time.NewTicker(watchEvery)
		defer tick.Stop()
		w := watchman{since: time.Now(), limit: othersLook}
		for {
			select {
			case <-l.ctx.Done():
				return
			case <-tick.C:
				l.round(&w)
			}
		}
	})
}

// round looks if nobody else has looked for too long.
func (l *lookout) round(w *watchman) {
	at, err := l.lastLook()
	if err != nil || !w.due(at, time.Now()) { // a database that does not answer is seen by readyz
		return
	}
	l.log.WarnContext(l.ctx, "no worker has looked for what stands still: this server does")
	if err := l.look(l.ctx); err != nil {
		l.log.ErrorContext(l.ctx, "the look of this server failed", "error", err)
	}
	if at, err = l.lastLook(); err == nil {
		w.looked(at, time.Now())
	}
}

// lastLook is when anybody has looked last, in case time.
func (l *lookout) lastLook() (last time.Time, err error) {
	runs, err := l.runs(l.ctx)
	for _, r := range runs {
		if r.At.After(last) {
			last = r.At
		}
	}
	return last, err
}

// Sweep implements server.Sweeper: a worker looks, or where none does in time, this server.
func (l *lookout) Sweep(ctx context.Context, id string) error {
	waiting, cancel := context.WithTimeout(ctx, workerLooks)
	defer cancel()
	err := l.engine.Sweep(waiting, id)
	if err == nil || ctx.Err() != nil {
		return err
	}
	return l.look(ctx)
}

// look goes on to its end when whoever asked for it does not wait any longer.
func (l *lookout) look(ctx context.Context) error {
	done := make(chan error, 1)
	l.wait.Go(func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		done <- errors.Join(l.ctx.Err(), l.run(l.ctx))
	})
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (l *lookout) close() {
	l.stop()
	l.wait.Wait()
}

// watchman remembers the last look that it knows of and since when it is the last one, by this machine's clock: case time may jump,
// and the clocks of machines differ.
type watchman struct {
	last  time.Time
	since time.Time
	limit time.Duration
}

// due tells whether nobody has looked for too long, given the last look on record.
func (w *watchman) due(last, now time.Time) bool {
	if !last.Equal(w.last) {
		w.last, w.since, w.limit = last, now, othersLook
		return false
	}
	return now.Sub(w.since) >= w.limit
}

// looked notes the server's own look.
func (w *watchman) looked(last, now time.Time) { w.last, w.since, w.limit = last, now, aloneEvery }
