package store

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"gongzhi/procedure"
)

// How much shares a transaction, and how long it may take: a database that does not answer must not keep later appends waiting.
const (
	mostAdditions  = 64
	additionBudget = 30 * time.Second
)

// addition is one append that waits for its transaction.
type addition struct {
	number string
	list   []procedure.Event
	head   int64 // the number of the last event, once done
	err    error
	done   chan struct{}
}

// appends lets the appends that come in while a transaction runs share the next one. All commits pass through one row (feed),
// so they come one after the other anyway: what they share is the way to the disk and the statements.
type appends struct {
	write   func(ctx context.Context, batch []*addition) error
	mu      sync.Mutex
	waiting []*addition
	running bool
	idle    sync.WaitGroup
}

// add waits until an addition is written, or ctx ends.
func (g *appends) add(ctx context.Context, a *addition) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	g.mu.Lock()
	g.waiting = append(g.waiting, a)
	if !g.running {
		g.running = true
		g.idle.Go(g.run)
	}
	g.mu.Unlock()
	select {
	case <-a.done:
		return a.head, a.err
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// run writes until nobody waits.
func (g *appends) run() {
	for batch := g.next(); batch != nil; batch = g.next() {
		g.settle(batch)
	}
}

// next takes additions of different cases, in the order they came.
func (g *appends) next() []*addition {
	g.mu.Lock()
	defer g.mu.Unlock()
	var batch, rest []*addition
	taken := map[string]bool{}
	for _, a := range g.waiting {
		if taken[a.number] || len(batch) == mostAdditions {
			rest = append(rest, a)
			continue
		}
		taken[a.number] = true
		batch = append(batch, a)
	}
	g.waiting = rest
	g.running = batch != nil
	return batch
}

// settle writes a batch. When that fails, each addition is tried alone: one that is refused takes no other with it.
func (g *appends) settle(batch []*addition) {
	err := g.try(batch)
	if err != nil && len(batch) > 1 {
		for _, a := range batch {
			g.settle([]*addition{a})
		}
		return
	}
	for _, a := range batch {
		if a.err = err; err != nil {
			a.head = 0
		}
		close(a.done)
	}
}

// try turns a panic into an error: it belongs to one append and not to the program.
func (g *appends) try(batch []*addition) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("append: %v\n%s", p, debug.Stack())
		}
	}()
	ctx, cancel := context.WithTimeoutCause(context.Background(), additionBudget, errors.New("the database took too long to append"))
	defer cancel()
	return g.write(ctx, batch)
}
