package ballot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"gongzhi/procedure"
)

// casterFunc records how large the transactions were.
type casterFunc struct {
	mu    sync.Mutex
	sizes []int
	cast  func(casts []Cast) []Accepted
}

func (f *casterFunc) Cast(_ context.Context, casts []Cast, clock func(time.Time) time.Time) []Accepted {
	f.mu.Lock()
	f.sizes = append(f.sizes, len(casts))
	f.mu.Unlock()
	clock(time.Time{})
	return f.cast(casts)
}

func (f *casterFunc) transactions() []int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.sizes)
}

func accepted(casts []Cast) []Accepted {
	ends := make([]Accepted, len(casts))
	for i, c := range casts {
		ends[i].Receipt.Tracker = "of " + c.Voter
	}
	return ends
}

func sameTime(t time.Time) time.Time { return t }

// fill holds the first transaction open until n ballots wait, so that what shares the next ones is known.
func fill(t *testing.T, store *casterFunc, n int) map[string]error {
	t.Helper()
	errs := map[string]error{}
	synctest.Test(t, func(t *testing.T) {
		b := &Box{Store: store, Clock: sameTime}
		release := make(chan struct{})
		cast := store.cast
		var first sync.Once
		store.cast = func(casts []Cast) []Accepted {
			first.Do(func() { <-release })
			return cast(casts)
		}
		var mu sync.Mutex
		var g errgroup.Group
		start := func(voter string) {
			g.Go(func() error {
				r, err := b.Cast(t.Context(), Cast{Voter: voter})
				mu.Lock()
				errs[voter] = err
				mu.Unlock()
				if err == nil && r.Tracker != "of "+voter {
					return fmt.Errorf("%s got the receipt %s", voter, r.Tracker)
				}
				return nil
			})
		}
		start("first")
		synctest.Wait()
		for i := range n {
			start(fmt.Sprint(i))
		}
		synctest.Wait()
		close(release)
		require.NoError(t, g.Wait())
		b.Wait()
	})
	return errs
}

func TestBallotsThatWaitShareATransaction(t *testing.T) {
	t.Parallel()
	store := &casterFunc{cast: accepted}
	errs := fill(t, store, mostBallots+10)
	require.Len(t, errs, mostBallots+11)
	for voter, err := range errs {
		require.NoError(t, err, voter)
	}
	require.Equal(t, []int{1, mostBallots, 10}, store.transactions())
}

func TestABallotThatCannotBeStoredTakesNoOtherWithIt(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func(casts []Cast) []Accepted{
		"fault": func(casts []Cast) []Accepted {
			ends := make([]Accepted, len(casts))
			for i := range ends {
				ends[i].Err = errors.New("the disk is full")
			}
			return ends
		},
		"panic":          func([]Cast) []Accepted { panic("no") },
		"an end missing": func(casts []Cast) []Accepted { return make([]Accepted, len(casts)-1) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := &casterFunc{cast: func(casts []Cast) []Accepted {
				if slices.ContainsFunc(casts, func(c Cast) bool { return c.Voter == "7" }) {
					return fail(casts)
				}
				return accepted(casts)
			}}
			errs := fill(t, store, 20)
			for voter, err := range errs {
				require.Equal(t, voter == "7", err != nil, voter)
			}
		})
	}
}

func TestARefusalIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	store := &casterFunc{cast: func(casts []Cast) []Accepted {
		ends := accepted(casts)
		for i, c := range casts {
			if c.Voter == "7" {
				ends[i] = Accepted{Err: refuse(procedure.Conflict, CodeVoted, "已投")}
			}
		}
		return ends
	}}
	errs := fill(t, store, 20)
	var refusal *procedure.Error
	require.ErrorAs(t, errs["7"], &refusal)
	require.Equal(t, CodeVoted, refusal.Code)
	require.Equal(t, []int{1, 20}, store.transactions())
}

func TestAVoterWhoLeavesDoesNotWait(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	store := &casterFunc{cast: func(casts []Cast) []Accepted {
		<-release
		return accepted(casts)
	}}
	b := &Box{Store: store, Clock: sameTime}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		_, err := b.Cast(ctx, Cast{Voter: "1"})
		ended <- err
	}()
	require.Eventually(t, func() bool { return len(store.transactions()) == 1 }, 10*time.Second, time.Millisecond)
	cancel()
	require.ErrorIs(t, <-ended, context.Canceled)
	_, err := b.Cast(ctx, Cast{Voter: "2"})
	require.ErrorIs(t, err, context.Canceled)
	close(release)
	b.Wait()
	require.Equal(t, []int{1}, store.transactions(), "what came after its voter had left was not begun")
}
