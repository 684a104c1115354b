package server

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"sync"
	"time"
)

// The limits of wrong personal codes. A code has 80 bits, which nobody guesses; the limits keep those who try from using up the
// database, and make a typing error harmless. An address may be wrong guessBurst times at once and then once every guessEvery. When
// all addresses together are wrong too often, an address that has been wrong before is not heard: a household that types its own
// code still gets in.
const (
	guessBurst     = 10
	guessEvery     = time.Minute
	allGuessBurst  = 600
	allGuessEvery  = 100 * time.Millisecond
	guessAddresses = 100_000 // remembered at most
	// No address pays for more than this, and neither do all together: an address is shared by many.
	guessLongest    = time.Hour
	allGuessLongest = 5 * time.Minute
)

// guesses counts wrong codes in this process. Codes are looked at side by side, since a whole estate may vote from one address; wrong
// ones are paid for afterwards, each one, by a longer wait.
type guesses struct {
	mu  sync.Mutex
	all time.Time // when the common bucket will be empty: each wrong code moves that moment by one step
	by  map[netip.Prefix]time.Time
}

func newGuesses() *guesses { return &guesses{by: map[netip.Prefix]time.Time{}} }

// wait is how long an address must wait before a code from it is looked at; not positive: it need not.
func (g *guesses) wait(from netip.Prefix, now time.Time) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	burst := guessBurst
	if over(g.all, now, allGuessBurst, allGuessEvery) > 0 {
		burst = 1
	}
	return over(g.by[from], now, burst, guessEvery)
}

// over is the time until a bucket has room for another step again.
func over(empty, now time.Time, burst int, step time.Duration) time.Duration {
	return later(empty, now).Sub(now) - time.Duration(burst-1)*step
}

// wrong counts a wrong code.
func (g *guesses) wrong(from netip.Prefix, now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if _, known := g.by[from]; !known && len(g.by) >= guessAddresses {
		g.sweep(now)
	}
	g.by[from] = earlier(later(g.by[from], now).Add(guessEvery), now.Add(guessLongest))
	g.all = earlier(later(g.all, now).Add(allGuessEvery), now.Add(allGuessLongest))
}

// sweep forgets the addresses whose guesses are over, and all of them when that is not enough: the common budget still holds.
func (g *guesses) sweep(now time.Time) {
	for from, empty := range g.by {
		if !empty.After(now) {
			delete(g.by, from)
		}
	}
	if len(g.by) >= guessAddresses {
		clear(g.by)
	}
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// guesser is the network from which a code comes: an IPv4 address, or the /64 that one IPv6 customer has.
func (s *Server) guesser(r *http.Request) netip.Prefix {
	a, err := netip.ParseAddr(s.clientAddr(r))
	if err != nil {
		return netip.Prefix{}
	}
	a = a.Unmap().WithZone("")
	bits := a.BitLen()
	if a.Is6() {
		bits = 64
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return p
}

// mayGuess refuses an address that has been wrong too often. wrong must be called when the code is wrong.
func (s *Server) mayGuess(ctx context.Context) (wrong func(), err error) {
	from, now := s.guesser(requestOf(ctx)), s.Now()
	if wait := s.guesses.wait(from, now); wait > 0 {
		p := newProblem(http.StatusTooManyRequests, "vote.too_many", fmt.Sprintf("投票口令输错次数过多，请 %d 分钟后再试。投票口令在给您的信上，也可以用纸质表决票。", int(wait.Minutes())+1))
		p.retryAfter = fmt.Sprint(int(wait.Seconds()) + 1)
		return nil, p
	}
	return func() { s.guesses.wrong(from, now) }, nil
}
