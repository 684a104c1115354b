// Package batch lets what comes in while a transaction runs share the next one. Where all commits wait for one lock anyway, what they
// share is the way to the disk and the statements.
package batch

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"
)

// Writer writes items in the order they come, several at once.
type Writer[T any] struct {
	// Write writes items: all of them, or none and an error. It puts what it found into the items. Its context has the values of
	// the first item's, and a limit of its own.
	Write func(ctx context.Context, items []T) error
	// Key: items of the same key are never written at once. nil: any are.
	Key func(item T) string
	// Most is how many are written at once.
	Most int
	// Budget is how long that may take: a database that does not answer must not keep those behind it waiting.
	Budget time.Duration

	mu      sync.Mutex
	waiting []entry[T]
	running bool
	idle    sync.WaitGroup
}

type entry[T any] struct {
	item   T
	caller context.Context // for its values
	done   chan error
}

// Do waits until an item is written, or ctx ends. In the last case it may still be written, and the caller must not look into it.
func (w *Writer[T]) Do(ctx context.Context, item T) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	e := entry[T]{item: item, caller: ctx, done: make(chan error, 1)}
	w.mu.Lock()
	w.waiting = append(w.waiting, e)
	if !w.running {
		w.running = true
		w.idle.Go(w.run)
	}
	w.mu.Unlock()
	select {
	case err := <-e.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Wait waits for the items that have come. Call it before what Write writes to is closed, when no more can come.
func (w *Writer[T]) Wait() { w.idle.Wait() }

// run writes until nobody waits.
func (w *Writer[T]) run() {
	for batch := w.next(); len(batch) > 0; batch = w.next() {
		w.settle(batch)
	}
}

// next takes the items that share the next transaction.
func (w *Writer[T]) next() []entry[T] {
	w.mu.Lock()
	defer w.mu.Unlock()
	var batch, rest []entry[T]
	taken := map[string]bool{}
	for _, e := range w.waiting {
		key := ""
		if w.Key != nil {
			key = w.Key(e.item)
		}
		if len(batch) == w.Most || w.Key != nil && taken[key] {
			rest = append(rest, e)
			continue
		}
		taken[key] = true
		batch = append(batch, e)
	}
	w.waiting, w.running = rest, len(batch) > 0
	return batch
}

// settle writes a batch. When that fails, each item is tried alone: one that cannot be written takes no other with it.
func (w *Writer[T]) settle(batch []entry[T]) {
	err := w.try(batch)
	if err != nil && len(batch) > 1 {
		for _, e := range batch {
			w.settle([]entry[T]{e})
		}
		return
	}
	for _, e := range batch {
		e.done <- err
	}
}

// try turns a panic into an error: it belongs to these items and not to the program.
func (w *Writer[T]) try(batch []entry[T]) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("write: %v\n%s", p, debug.Stack())
		}
	}()
	items := make([]T, len(batch))
	for i, e := range batch {
		items[i] = e.item
	}
	ctx, cancel := context.WithTimeoutCause(context.WithoutCancel(batch[0].caller), w.Budget, errors.New("the database took too long"))
	defer cancel()
	return w.Write(ctx, items)
}
