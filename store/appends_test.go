package store

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
)

// written notes which appends shared a transaction.
type written struct {
	mu      sync.Mutex
	batches [][]string
	refuse  string        // the case that cannot be written
	hold    chan struct{} // the first transaction waits for it
}

func (w *written) write(_ context.Context, batch []*addition) error {
	w.mu.Lock()
	first := len(w.batches) == 0
	var numbers []string
	for _, a := range batch {
		numbers = append(numbers, a.number)
	}
	w.batches = append(w.batches, numbers)
	w.mu.Unlock()
	if first && w.hold != nil {
		<-w.hold
	}
	for _, a := range batch {
		switch a.number {
		case w.refuse:
			return errors.New("refused")
		case "panics":
			panic("a fold that cannot go on")
		}
		a.head = 7
	}
	return nil
}

// together adds one append after the other while the first transaction is held, then lets it go, and returns how each ended.
func together(t *testing.T, w *written, numbers ...string) []error {
	t.Helper()
	ends := make([]error, len(numbers))
	synctest.Test(t, func(t *testing.T) {
		w.hold = make(chan struct{})
		g := newAppends(w.write)
		var wait sync.WaitGroup
		for i, number := range numbers {
			wait.Go(func() {
				a := &addition{number: number}
				err := g.Do(t.Context(), a)
				if ends[i] = err; err == nil && a.head != 7 {
					ends[i] = errors.New("an append was answered without its head")
				}
			})
			synctest.Wait()
		}
		close(w.hold)
		wait.Wait()
		g.Wait()
	})
	return ends
}

// What comes in while a transaction runs shares the next one; a case is never twice in one.
func TestAppends_ShareATransaction(t *testing.T) {
	t.Parallel()
	w := &written{}
	require.Equal(t, make([]error, 5), together(t, w, "a", "b", "c", "b", "d"))
	require.Equal(t, [][]string{{"a"}, {"b", "c", "d"}, {"b"}}, w.batches)
}

// One that is refused, or that panics, takes no other with it: each is tried alone.
func TestAppends_ARefusalIsAlone(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"bad", "panics"} {
		w := &written{refuse: "bad"}
		ends := together(t, w, "a", "b", bad, "c")
		require.NoError(t, ends[0])
		require.NoError(t, ends[1])
		require.Error(t, ends[2], bad)
		require.NoError(t, ends[3])
		require.Equal(t, [][]string{{"a"}, {"b", bad, "c"}, {"b"}, {bad}, {"c"}}, w.batches)
	}
}
