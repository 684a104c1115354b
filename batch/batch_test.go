package batch

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// written notes what was written at once.
type written struct {
	mu      sync.Mutex
	batches [][]string
	hold    chan struct{} // the first batch waits for it
}

func (w *written) write(_ context.Context, items []string) error {
	w.mu.Lock()
	first := len(w.batches) == 0
	w.batches = append(w.batches, append([]string(nil), items...))
	w.mu.Unlock()
	if first {
		<-w.hold
	}
	for _, item := range items {
		switch item {
		case "bad":
			return errors.New("refused")
		case "panics":
			panic("a fold that cannot go on")
		}
	}
	return nil
}

// together writes one item after the other while the first batch is held, then lets it go, and returns what was written at once and
// how each item ended.
func together(t *testing.T, key func(string) string, items ...string) ([][]string, []error) {
	t.Helper()
	w := &written{}
	ends := make([]error, len(items))
	synctest.Test(t, func(t *testing.T) {
		w.hold = make(chan struct{})
		b := Writer[string]{Write: w.write, Key: key, Most: 3, Budget: time.Second}
		var wait sync.WaitGroup
		for i, item := range items {
			wait.Go(func() { ends[i] = b.Do(t.Context(), item) })
			synctest.Wait()
		}
		close(w.hold)
		wait.Wait()
		b.Wait()
	})
	return w.batches, ends
}

func self(item string) string { return item }

// What comes in while a transaction runs shares the next one, as far as there is room; one key is never twice in one.
func TestWriter_SharesATransaction(t *testing.T) {
	t.Parallel()
	batches, ends := together(t, nil, "a", "b", "b", "c", "d")
	require.Equal(t, [][]string{{"a"}, {"b", "b", "c"}, {"d"}}, batches)
	require.Equal(t, make([]error, 5), ends)
	batches, _ = together(t, self, "a", "b", "b", "c", "d", "e")
	require.Equal(t, [][]string{{"a"}, {"b", "c", "d"}, {"b", "e"}}, batches)
}

// One that cannot be written takes no other with it: each is tried alone.
func TestWriter_AFaultIsAlone(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"bad", "panics"} {
		batches, ends := together(t, self, "a", "b", bad, "c")
		require.Equal(t, [][]string{{"a"}, {"b", bad, "c"}, {"b"}, {bad}, {"c"}}, batches)
		for i, err := range ends {
			require.Equal(t, i == 2, err != nil)
		}
	}
}

// Who leaves does not wait; what comes after its caller has left is not begun.
func TestWriter_LeavingDoesNotWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &written{hold: make(chan struct{})}
		b := Writer[string]{Write: w.write, Most: 3, Budget: time.Second}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- b.Do(ctx, "a") }()
		synctest.Wait()
		cancel()
		require.ErrorIs(t, <-ended, context.Canceled)
		require.ErrorIs(t, b.Do(ctx, "b"), context.Canceled)
		close(w.hold)
		b.Wait()
		require.Equal(t, [][]string{{"a"}}, w.batches)
	})
}

// A database that does not answer is given up after the budget.
func TestWriter_KeepsToItsBudget(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := Writer[string]{Most: 3, Budget: time.Second, Write: func(ctx context.Context, _ []string) error {
			<-ctx.Done()
			return context.Cause(ctx)
		}}
		began := time.Now()
		require.ErrorContains(t, b.Do(t.Context(), "a"), "took too long")
		require.Equal(t, time.Second, time.Since(began))
		b.Wait()
	})
}

type followed struct{}

// TestWriterFollowsItsCaller: what is written for somebody can be followed to them, and does not end with them.
func TestWriterFollowsItsCaller(t *testing.T) {
	t.Parallel()
	var seen any
	var ended error
	caller, cancel := context.WithCancel(context.WithValue(t.Context(), followed{}, "a trace"))
	w := &Writer[int]{Most: 1, Budget: time.Second, Write: func(ctx context.Context, _ []int) error {
		cancel()
		seen, ended = ctx.Value(followed{}), ctx.Err()
		return nil
	}}
	_ = w.Do(caller, 1) // its caller has left
	w.Wait()
	require.Equal(t, "a trace", seen)
	require.NoError(t, ended)
}
