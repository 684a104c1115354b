package server

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/store/storetest"
	"gongzhi/test/pgtest"
)

// TestParallelGuesses: of 50 guesses in the same moment five are compared with the password, whatever counts them, and the
// right one is refused until the lock opens.
func TestParallelGuesses(t *testing.T) {
	t.Parallel()
	for name, count := range map[string]func(t *testing.T, o *Options){
		"memory":     func(*testing.T, *Options) {},
		"SQLite":     func(t *testing.T, o *Options) { o.Logins = storetest.Open(t) },
		"PostgreSQL": func(t *testing.T, o *Options) { o.Logins = storetest.OpenURL(t, pgtest.Schema(t)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, func(o *Options) { count(t, o) })
			const guesses = 50
			var compared, refused atomic.Int64
			enough := make(chan struct{})
			compare := w.s.gate.compare
			w.s.gate.compare = func(password, hash string) (bool, error) {
				compared.Add(1)
				select { // no comparison ends before all guesses have been made
				case <-enough:
				case <-time.After(patience):
				}
				return compare(password, hash)
			}
			var g sync.WaitGroup
			codes := make([]int, guesses)
			for i := range codes {
				thief := w.client()
				g.Go(func() {
					codes[i] = login(thief, "clerk", "wrong").Code
					if codes[i] == http.StatusTooManyRequests && refused.Add(1) == guesses-maxAttempts {
						close(enough)
					}
				})
			}
			g.Wait()
			require.EqualValues(t, maxAttempts, compared.Load())
			require.EqualValues(t, guesses-maxAttempts, refused.Load())
			for _, code := range codes {
				require.Contains(t, []int{http.StatusUnauthorized, http.StatusTooManyRequests}, code)
			}
			refusedWith(t, login(w.client(), "clerk", testPassword), 429, "login.locked")
			require.EqualValues(t, maxAttempts, compared.Load(), "a locked pair costs no hash")
			w.after(lockFor)
			require.Equal(t, 200, login(w.client(), "clerk", testPassword).Code)
			// The right password forgets the wrong ones.
			for range 2 {
				for range maxAttempts - 1 {
					refusedWith(t, login(w.client(), "clerk", "wrong"), 401, "login.failed")
				}
				require.Equal(t, 200, login(w.client(), "clerk", testPassword).Code)
			}
		})
	}
}

// TestAttemptThatNobodyLookedAt does not count: a person who gives up waiting has guessed nothing.
func TestAttemptThatNobodyLookedAt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range hashers {
		w.s.gate.slots <- struct{}{} // every slot is taken
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range maxAttempts + 1 {
		r := httptest.NewRequestWithContext(ctx, http.MethodPost, prefix+"/session", strings.NewReader(`{"login":"clerk","password":"wrong"}`))
		r.Header.Set("Content-Type", "application/json")
		r.RemoteAddr = w.client().addr
		rec := httptest.NewRecorder()
		w.s.Handler().ServeHTTP(rec, r)
		require.NotContains(t, []int{http.StatusUnauthorized, http.StatusTooManyRequests}, rec.Code, rec.Body.String())
	}
	for range hashers {
		<-w.s.gate.slots
	}
	require.Equal(t, 200, login(w.client(), "clerk", testPassword).Code)
}
