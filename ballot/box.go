package ballot

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"gongzhi/procedure"
)

// How many ballots share a transaction, and how long it may take: a database that does not answer must not keep voters waiting.
const (
	mostBallots  = 256
	ballotBudget = 30 * time.Second
)

// Caster accepts ballots, several in one transaction. A Store is one.
type Caster interface {
	Cast(ctx context.Context, casts []Cast, clock func(time.Time) time.Time) []Accepted
}

// Box lets the ballots that come in while a transaction runs share the next one. They wait for the lock of their poll anyway: what
// they share is the way to the disk and the statements.
type Box struct {
	Store Caster
	Clock func(time.Time) time.Time // turns the database's time into case time

	mu      sync.Mutex
	waiting []*waitingBallot
	running bool
	idle    sync.WaitGroup
}

type waitingBallot struct {
	cast Cast
	end  Accepted
	done chan struct{}
}

// Cast waits until the ballot is accepted or refused, or ctx ends. In the last case it may still be accepted: the same request
// again gives its receipt.
func (b *Box) Cast(ctx context.Context, c Cast) (Receipt, error) {
	if err := ctx.Err(); err != nil {
		return Receipt{}, err
	}
	w := &waitingBallot{cast: c, done: make(chan struct{})}
	b.mu.Lock()
	b.waiting = append(b.waiting, w)
	if !b.running {
		b.running = true
		b.idle.Go(b.run)
	}
	b.mu.Unlock()
	select {
	case <-w.done:
		return w.end.Receipt, w.end.Err
	case <-ctx.Done():
		return Receipt{}, ctx.Err()
	}
}

// Wait waits for the ballots that have come in. Call it before the store is closed, when no more can come.
func (b *Box) Wait() { b.idle.Wait() }

// run casts until nobody waits.
func (b *Box) run() {
	for batch := b.next(); batch != nil; batch = b.next() {
		b.settle(batch)
	}
}

// next takes ballots in the order they came.
func (b *Box) next() []*waitingBallot {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := min(len(b.waiting), mostBallots)
	batch := b.waiting[:n:n]
	b.waiting = b.waiting[n:]
	if n == 0 {
		b.waiting, b.running = nil, false
		return nil
	}
	return batch
}

// settle casts a batch. When that fails, each ballot is tried alone: one that cannot be stored takes no other with it. A refusal
// is no failure. A batch that failed may have been stored nevertheless: then the same request gives the receipt.
func (b *Box) settle(batch []*waitingBallot) {
	casts := make([]Cast, len(batch))
	for i, w := range batch {
		casts[i] = w.cast
	}
	for i, end := range b.try(casts) {
		w := batch[i]
		if len(batch) > 1 && fault(end.Err) {
			b.settle([]*waitingBallot{w})
			continue
		}
		w.end = end
		close(w.done)
	}
}

func fault(err error) bool {
	var refusal *procedure.Error
	return err != nil && !errors.As(err, &refusal)
}

// try gives one end for each ballot, and turns a panic into an error: it belongs to these ballots and not to the program.
func (b *Box) try(casts []Cast) (ends []Accepted) {
	failed := func(err error) []Accepted {
		all := make([]Accepted, len(casts))
		for i := range all {
			all[i].Err = err
		}
		return all
	}
	defer func() {
		if p := recover(); p != nil {
			ends = failed(fmt.Errorf("cast: %v\n%s", p, debug.Stack()))
		}
	}()
	ctx, cancel := context.WithTimeoutCause(context.Background(), ballotBudget, errors.New("the database took too long to accept ballots"))
	defer cancel()
	ends = b.Store.Cast(ctx, casts, b.Clock)
	if len(ends) != len(casts) {
		return failed(fmt.Errorf("cast: %d ends for %d ballots", len(ends), len(casts)))
	}
	return ends
}
