package system

import (
	crand "crypto/rand"
	"encoding/json"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"

	"gongzhi/ballot"
	"gongzhi/demo"
	"gongzhi/embedded"
	"gongzhi/procedure"
	"gongzhi/rules"
)

// TestVotesOfTheDemonstration plays the three votes against the real program. From the opening of the window to its close a vote of
// 1,230 ballots leaves as long a history in the engine as one of 59: no ballot passes through it.
func TestVotesOfTheDemonstration(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := up(t, nil, dir, "--demo")
	t.Log(must(t, "demo", "consent", "--url", p.url))
	code, _ := p.stop(t)
	require.Zero(t, code, "%s", p.out)

	quiet := slog.New(slog.DiscardHandler)
	eng, err := embedded.Start(t.Context(), embedded.Options{Dir: dir, Logger: quiet})
	require.NoError(t, err)
	defer func() { require.NoError(t, eng.Stop()) }()
	c, err := client.Dial(client.Options{HostPort: eng.HostPort(), Namespace: eng.Namespace(), Logger: sdklog.NewStructuredLogger(quiet)})
	require.NoError(t, err)
	defer c.Close()
	length := func(number string) (n int) {
		counting, closed := false, false
		history := c.GetWorkflowHistory(t.Context(), procedure.WorkflowID(number), "", false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
		for history.HasNext() {
			e, err := history.Next()
			require.NoError(t, err)
			activity := e.GetActivityTaskScheduledEventAttributes().GetActivityType().GetName()
			counting = (counting || activity == "OpenPoll") && activity != "ClosePoll"
			closed = closed || activity == "ClosePoll"
			if counting {
				n++
			}
		}
		require.True(t, closed && n > 0, "the window of %s is not in its history", number)
		return n
	}
	few, many := length("XW-BJ-2026-001"), length("XW-BJ-2026-003")
	t.Logf("59 ballots: %d events; 1,230 ballots: %d events", few, many)
	require.InDelta(t, few, many, 12, "updates may share a workflow task, ballots may not show")
}

// given is a receipt that a voter holds.
type given struct {
	key, code string
	choice    ballot.Choice
	receipt   ballot.Receipt
}

// voting casts ballots for codes until the program dies.
type voting struct {
	base   string
	sent   atomic.Int64
	after  int64
	strike func()

	mu      sync.Mutex
	given   []given
	unknown []given // no answer came: it may count or not
	wrong   []string
}

func (v *voting) cast(p *person, g given) bool {
	if v.sent.Add(1) == v.after {
		v.strike()
	}
	r, err := p.send(request{method: "POST", path: "/vote/cast", key: g.key, body: map[string]any{"code": g.code, "choice": g.choice}})
	v.mu.Lock()
	defer v.mu.Unlock()
	switch {
	case err != nil:
		v.unknown = append(v.unknown, g)
		return false
	case r.status != http.StatusOK || json.Unmarshal(r.body, &g.receipt) != nil:
		v.wrong = append(v.wrong, r.String())
	default:
		v.given = append(v.given, g)
	}
	return true
}

// all has clients cast a list of ballots, each taking the next that is left.
func (v *voting) all(ballots []given, clients int) {
	var next atomic.Int64
	var wait sync.WaitGroup
	for range clients {
		wait.Go(func() {
			p := stranger(v.base)
			for {
				i := int(next.Add(1)) - 1
				if i >= len(ballots) || !v.cast(p, ballots[i]) {
					return
				}
			}
		})
	}
	wait.Wait()
}

// TestKilledWhilePeopleVote kills the program under load. Every receipt that was given is in the count, whoever got no answer tries
// again with the same key, and nobody is counted twice.
func TestKilledWhilePeopleVote(t *testing.T) {
	t.Parallel()
	r := random(t)
	dir := t.TempDir()
	p := up(t, nil, dir, "--demo")
	number, codes, err := demo.OpenVote(t.Context(), p.url, t.Output())
	require.NoError(t, err)
	choices := []ballot.Choice{ballot.Yes, ballot.No, ballot.Abstain}
	todo := make([]given, len(codes))
	want := map[ballot.Choice]int64{}
	for i, code := range codes {
		todo[i] = given{key: crand.Text(), code: code, choice: choices[rand.IntN(3)]}
		want[todo[i].choice]++
	}
	var receipts []given
	for round := 0; len(todo) > 0; round++ {
		v := &voting{base: p.url, after: 100 + r.Int64N(300), strike: func() {
			time.AfterFunc(time.Duration(r.IntN(5000))*time.Microsecond, func() { _ = p.cmd.Process.Kill() })
		}}
		if round == 3 {
			v.after = -1 // the last round is not disturbed
		}
		v.all(todo, 8)
		require.Empty(t, v.wrong)
		receipts = append(receipts, v.given...)
		done := map[string]bool{}
		for _, g := range v.given {
			done[g.code] = true
		}
		var left []given
		for _, g := range todo { // with the same keys again: what was cut off, and what was not begun
			if !done[g.code] {
				left = append(left, g)
			}
		}
		t.Logf("round %d: %d receipts, %d without an answer, %d left", round, len(v.given), len(v.unknown), len(left))
		todo = left
		if round < 3 {
			require.NotEmpty(t, v.unknown, "the program did not die under load: the round proves nothing")
			<-p.exited
			p = up(t, nil, dir, "--demo")
		}
	}
	require.Len(t, receipts, len(codes))

	var board struct {
		Poll   ballot.Poll
		Totals rules.Totals
	}
	newTown(p.url, demo.Password).as(t, "sq0101.tao").get(t, "/polls/"+number, &board)
	require.EqualValues(t, len(codes), board.Poll.Leaves, "one leaf for each voter")
	require.Equal(t, want[ballot.Yes], board.Totals.Yes.Heads)
	require.Equal(t, want[ballot.No], board.Totals.No.Heads)
	require.Equal(t, want[ballot.Abstain], board.Totals.Abstain.Heads)
	seen := map[int64]bool{}
	for _, g := range receipts {
		require.False(t, seen[g.receipt.Index], "two receipts for one place in the ledger")
		seen[g.receipt.Index] = true
		require.Equal(t, g.choice, g.receipt.Choice)
		require.Equal(t, g.receipt.Tracker, ballot.Tracker(g.receipt.Leaf))
	}
}
