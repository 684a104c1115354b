package server

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/ballot"
)

// voteWorld is a world with the poll in it, and an hour in which nobody is asked to wait.
func voteWorld(t *testing.T, change ...func(*Options)) *world {
	t.Helper()
	w := newWorld(t, change...)
	w.stock()
	return w
}

func (c *client) open(code string) OpenedVote {
	c.t.Helper()
	r := c.do(http.MethodPost, "/vote/open", map[string]string{"code": code})
	require.Equal(c.t, http.StatusOK, r.Code, r.Body.String())
	return read[OpenedVote](c.t, r)
}

// TestVoteWithCode: a resident opens the vote, casts, changes the ballot, and gets the same receipt for the same request.
func TestVoteWithCode(t *testing.T) {
	t.Parallel()
	w := voteWorld(t)
	c, code := w.client(), w.polls.code("0003")
	opened := c.open(strings.ToLower(strings.ReplaceAll(code, "-", " ")))
	require.Equal(t, "听雨花园外墙改造", opened.Poll.Title)
	require.Contains(t, opened.Poll.Notice, "计票单位：业主")
	require.Equal(t, "槐荫社区", opened.Poll.Organiser)
	require.Equal(t, "https://vote.example/gs/"+pollNumber, opened.Poll.PublicLink)
	require.Equal(t, ballot.Open, opened.Poll.State)
	require.Empty(t, opened.Ballots)
	require.True(t, w.polls.voters[2].Signed, "opening the page is logging in")
	require.NotContains(t, c.do(http.MethodPost, "/vote/open", map[string]string{"code": code}).Body.String(), "示例-业主", "a code shows no name")

	body := map[string]string{"code": code, "choice": "yes"}
	first := read[ReceiptView](t, c.keyed("0123456789abcdef", http.MethodPost, "/vote/cast", body))
	require.Equal(t, ballot.Yes, first.Choice)
	require.Equal(t, "https://vote.example/gs/"+pollNumber+"?receipt="+first.Tracker, first.Link)
	again := read[ReceiptView](t, w.client().keyed("0123456789abcdef", http.MethodPost, "/vote/cast", body))
	require.Equal(t, first, again)
	require.Len(t, w.polls.casts, 1)
	body["choice"] = "no"
	refusedWith(t, c.keyed("0123456789abcdef", http.MethodPost, "/vote/cast", body), 409, ballot.CodeAgain)
	second := read[ReceiptView](t, c.do(http.MethodPost, "/vote/cast", body))
	require.True(t, second.Replaces)

	// The receipts are found again with the code, the one that counts first.
	require.Equal(t, []ReceiptView{second, first}, c.open(code).Ballots)
	require.Empty(t, c.open(w.polls.code("0005")).Ballots, "another's receipts are shown")

	// Two voters may have the same key: each has a receipt of its own.
	other := read[ReceiptView](t, c.keyed("0123456789abcdef", http.MethodPost, "/vote/cast", map[string]string{"code": w.polls.code("0004"), "choice": "yes"}))
	require.NotEqual(t, first.Tracker, other.Tracker)

	refusedWith(t, c.keyed("", http.MethodPost, "/vote/cast", body), 422, "idempotency.missing")
	refusedWith(t, c.do(http.MethodPost, "/vote/cast", `{"code":"`+code+`","choice":"maybe"}`), 422, "input.invalid")
	w.polls.poll.State = ballot.Closed
	refusedWith(t, c.do(http.MethodPost, "/vote/cast", body), 409, ballot.CodeOver)
	late := c.open(code)
	require.Equal(t, ballot.Closed, late.Poll.State, "the page still shows what happened")
	require.Len(t, late.Ballots, 2)
}

// TestOpenedBallotsAreBounded: somebody who changes the ballot very often sees the newest versions, and that they are not the first.
func TestOpenedBallotsAreBounded(t *testing.T) {
	t.Parallel()
	w := voteWorld(t)
	c, code := w.client(), w.polls.code("0003")
	for range shownBallots + 2 {
		require.Equal(t, http.StatusOK, c.do(http.MethodPost, "/vote/cast", map[string]string{"code": code, "choice": "yes"}).Code)
	}
	shown := c.open(code).Ballots
	require.Len(t, shown, shownBallots)
	require.Equal(t, []int{shownBallots + 2, 3}, []int{shown[0].N, shown[shownBallots-1].N})
}

// TestOpeningMarksOnlyInTheWindow: a look before the window or after the close is no logging in during the vote.
func TestOpeningMarksOnlyInTheWindow(t *testing.T) {
	t.Parallel()
	for name, set := range map[string]func(p *ballot.Poll, now time.Time){
		"before": func(p *ballot.Poll, now time.Time) { at := now.Add(time.Second); p.Opens = &at },
		"after":  func(p *ballot.Poll, now time.Time) { at := now; p.Closes = &at },
		"closed": func(p *ballot.Poll, _ time.Time) { p.State = ballot.Closed },
	} {
		w := voteWorld(t)
		set(&w.polls.poll, w.now)
		w.client().open(w.polls.code("0003"))
		require.False(t, w.polls.voters[2].Signed, name)
	}
}

// TestWrongCodes: every wrong code has the same answer, and ten of them close an address for a while, for right codes too. Another
// address is not touched.
func TestWrongCodes(t *testing.T) {
	t.Parallel()
	w := voteWorld(t)
	c := w.client()
	c.addr = "192.0.2.1:5"
	answers := map[string]bool{}
	for i := range guessBurst {
		code := []string{"0000-0000-0000-0000", "x", strings.Repeat("9", 64), "口令", w.polls.code("0003")[:18]}[i%5]
		path, body := "/vote/open", map[string]string{"code": code}
		if i%2 == 1 {
			path, body["choice"] = "/vote/cast", "yes"
		}
		r := c.do(http.MethodPost, path, body)
		refusedWith(t, r, 404, ballot.CodeCode)
		answers[r.Body.String()] = true
	}
	require.Len(t, answers, 1)
	require.Equal(t, guessBurst, w.polls.looked)

	right := map[string]string{"code": w.polls.code("0003")}
	r := c.do(http.MethodPost, "/vote/open", right)
	refusedWith(t, r, 429, "vote.too_many")
	require.Equal(t, "61", r.Header().Get("Retry-After"))
	require.Equal(t, guessBurst, w.polls.looked, "no code is looked at")
	w.client().open(right["code"])

	w.now = w.now.Add(guessEvery)
	c.open(right["code"]) // a right code costs nothing
	c.open(right["code"])
	refusedWith(t, c.do(http.MethodPost, "/vote/open", map[string]string{"code": "x"}), 404, ballot.CodeCode)
	refusedWith(t, c.do(http.MethodPost, "/vote/open", right), 429, "vote.too_many")
}

// TestFailedLookupIsNoGuess: a fault of the database is neither a wrong code nor a way to learn about one.
func TestFailedLookupIsNoGuess(t *testing.T) {
	t.Parallel()
	w := voteWorld(t)
	w.polls.broken = errors.New("connection reset")
	for range guessBurst + 1 {
		refusedWith(t, w.client().do(http.MethodPost, "/vote/open", map[string]string{"code": "x"}), 500, "server.fault")
	}
	w.polls.broken = nil
	w.client().open(w.polls.code("0003"))
}

// TestManyAddresses: guessing from everywhere uses up the common budget. Then whoever has been wrong is not heard, and whoever types
// a code for the first time is.
func TestManyAddresses(t *testing.T) {
	t.Parallel()
	g, now := newGuesses(), time.Date(2026, 9, 21, 10, 0, 0, 0, time.UTC)
	from := func(i int) netip.Prefix {
		return netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}), 32)
	}
	for i := range allGuessBurst {
		require.LessOrEqual(t, g.wait(from(i), now), time.Duration(0))
		g.wrong(from(i), now)
	}
	require.Positive(t, g.wait(from(0), now), "was wrong once")
	require.LessOrEqual(t, g.wait(from(allGuessBurst), now), time.Duration(0), "never was wrong")
	now = now.Add(allGuessEvery)
	require.LessOrEqual(t, g.wait(from(0), now), time.Duration(0), "the budget has room again")
	g.wrong(from(1), now)
	require.Positive(t, g.wait(from(0), now))
	require.LessOrEqual(t, g.wait(from(0), now.Add(guessEvery)), time.Duration(0))

	// Guesses side by side are each paid for, up to the longest wait.
	for range 1000 {
		g.wrong(from(7), now)
	}
	require.Equal(t, guessLongest-(guessBurst-1)*guessEvery, alone(g, from(7), now))
	require.LessOrEqual(t, g.wait(from(7), now.Add(guessLongest+allGuessLongest)), time.Duration(0))

	// No more addresses are remembered than there is room for.
	for i := range guessAddresses + 10 {
		g.wrong(from(i), now)
	}
	require.LessOrEqual(t, len(g.by), guessAddresses)
}

// alone is the wait of an address by its own budget only.
func alone(g *guesses, from netip.Prefix, now time.Time) time.Duration {
	own := newGuesses()
	own.by[from] = g.by[from]
	return own.wait(from, now)
}

// TestGuesserOfIPv6 counts the network that one customer has, and a mapped address as IPv4.
func TestGuesserOfIPv6(t *testing.T) {
	t.Parallel()
	w := voteWorld(t)
	for addr, want := range map[string]string{
		"[2001:db8:1:2:3:4:5:6]:80": "2001:db8:1:2::/64", "192.0.2.7:80": "192.0.2.7/32", "[::ffff:192.0.2.7]:80": "192.0.2.7/32",
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		require.NoError(t, err)
		r.RemoteAddr = addr
		require.Equal(t, want, w.s.guesser(r).String(), addr)
	}
}

// TestCodesAreInNoLog reads the log and the stored answers of requests with codes, right and wrong.
func TestCodesAreInNoLog(t *testing.T) {
	t.Parallel()
	w := voteWorld(t)
	c, code := w.client(), w.polls.code("0003")
	c.open(code)
	require.Equal(t, 200, c.do(http.MethodPost, "/vote/cast", map[string]string{"code": code, "choice": "yes"}).Code)
	c.do(http.MethodPost, "/vote/open", map[string]string{"code": "7777-7777-7777-7777"})
	c.do(http.MethodPost, "/vote/open", `{"code":"`+code+`","extra":1}`)
	c.do(http.MethodPost, "/vote/cast", `{"code":"`+code+`"`)
	letters := w.as("director").do(http.MethodPost, "/polls/"+pollNumber+"/letters", `{}`)
	require.Contains(t, letters.Body.String(), code, "control: here it is shown")
	w.polls.broken = errors.New("broken")
	c.do(http.MethodPost, "/vote/open", map[string]string{"code": code})
	require.Contains(t, w.log.String(), `"route":"/vote/open"`)
	stored := w.log.String() + fmt.Sprint(w.once, w.commands)
	for _, part := range []string{code, strings.ReplaceAll(code, "-", ""), code[:9], "7777-7777", "77777777"} {
		require.NotContains(t, stored, part)
	}
}

// TestPublicRoutesNeedNoSession, and tell nobody's name.
func TestPublicRoutesNeedNoSession(t *testing.T) {
	t.Parallel()
	w := voteWorld(t)
	c := w.client()
	for _, number := range []string{"XW-BJ-2026-999", "x"} {
		refusedWith(t, c.do(http.MethodGet, "/public/polls/"+number, nil), 404, ballot.CodePoll)
	}
	r := c.do(http.MethodGet, "/public/polls/"+pollNumber, nil)
	require.Equal(t, 200, r.Code)
	require.NotContains(t, r.Body.String(), "示例-", "no name of an official or a resident")
	p := read[PublicPoll](t, r)
	require.Equal(t, int64(2), p.Checkpoints[0].Size, "newest first")
	require.Equal(t, strings.Repeat("ab", 32), p.Roll.Fingerprint)
	require.Nil(t, p.Result)
	require.Empty(t, p.Export)
	refusedWith(t, c.do(http.MethodGet, "/public/polls/"+pollNumber+"/export", nil), 409, ballot.CodeNotOpen)
	refusedWith(t, c.do(http.MethodGet, "/public/polls/"+pollNumber+"/receipts/ZZZ", nil), 404, ballot.CodeReceipt)
	proof := read[ballot.Proof](t, c.do(http.MethodGet, "/public/polls/"+pollNumber+"/receipts/o123-4567-89ab-cdef", nil))
	require.Equal(t, "choice yes\n", proof.Leaf)

	counted(w)
	p = read[PublicPoll](t, c.do(http.MethodGet, "/public/polls/"+pollNumber, nil))
	require.Equal(t, "初步统计结果", p.ResultTitle)
	require.Equal(t, "/api/v1/public/polls/"+pollNumber+"/export", p.Export)
	r = c.do(http.MethodGet, "/public/polls/"+pollNumber+"/export", nil)
	require.Equal(t, "application/x-ndjson", r.Header().Get("Content-Type"))
	require.Contains(t, r.Body.String(), "gongzhi.vote/1")
}

// TestExportsAreFew: each reads the whole poll. One that breaks off does not look whole, and gives its slot back.
func TestExportsAreFew(t *testing.T) {
	t.Parallel()
	w := voteWorld(t)
	counted(w)
	path := "/public/polls/" + pollNumber + "/export"
	w.polls.exporting = func(io.Writer) error { return errors.New("disk") }
	refusedWith(t, w.client().do(http.MethodGet, path, nil), 500, "server.fault")
	w.polls.exporting = func(w io.Writer) error { _, err := io.WriteString(w, "{"); return errors.Join(err, errors.New("disk")) }
	for range maxExports + 1 {
		require.PanicsWithValue(t, http.ErrAbortHandler, func() { w.client().do(http.MethodGet, path, nil) })
	}
	writing, finish, done := make(chan bool), make(chan bool), make(chan int)
	w.polls.exporting = func(io.Writer) error { writing <- true; <-finish; return nil }
	for range maxExports {
		c := w.client()
		go func() { done <- c.do(http.MethodGet, path, nil).Code }()
		<-writing
	}
	r := w.client().do(http.MethodGet, path, nil)
	refusedWith(t, r, 429, "export.busy")
	require.NotEmpty(t, r.Header().Get("Retry-After"))
	close(finish)
	for range maxExports {
		require.Equal(t, 200, <-done)
	}
}
