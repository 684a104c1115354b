package system

import (
	"context"
	crand "crypto/rand"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/ballot"
	"gongzhi/demo"
	"gongzhi/rules"
	"gongzhi/store"
	"gongzhi/test/pgtest"
)

// box is a ballot box over a PostgreSQL that may be killed.
type box struct {
	ballot.Box
	store  *store.Store
	server *pgtest.Instance
	number string
	voters []ballot.Voter
}

// openBox opens a vote of households in a database of its own. With unsafe, PostgreSQL confirms before it has written.
func openBox(t *testing.T, unsafe bool) *box {
	t.Helper()
	b := &box{server: pgtest.Private(t), number: "XW-BJ-2026-001"}
	dsn := b.server.Schema(t)
	if unsafe {
		u, err := url.Parse(dsn)
		require.NoError(t, err)
		q := u.Query()
		q.Set("synchronous_commit", "off")
		u.RawQuery = q.Encode()
		dsn = u.String()
	}
	ctx := t.Context()
	require.NoError(t, store.Migrate(ctx, dsn))
	var err error
	b.store, err = store.Open(ctx, store.Options{URL: dsn, AllowUnsafe: unsafe})
	require.NoError(t, err)
	same := func(now time.Time) time.Time { return now }
	b.Box = ballot.Box{Store: b.store, Clock: same}
	t.Cleanup(func() {
		b.Wait()
		require.NoError(t, b.store.Close())
	})

	rule, err := rules.FindConsentRule("seed75.of_all")
	require.NoError(t, err)
	c := ballot.Conductor{Store: b.store, Clock: same, Now: time.Now}
	require.NoError(t, c.Prepare(ctx, ballot.Terms{Number: b.number, District: demo.District, Unit: "XW-0101", Animal: ballot.Resident,
		Title: "楼道照明更新", Question: "是否同意更新楼道照明？", Estate: "槐荫社区", Rule: rule, Options: rules.RollOptions{Counting: rules.ByHousehold}}))
	lines := demo.HuaiyinHouseholds()
	n := len(lines)
	_, err = b.store.AddRoll(ctx, b.number, lines, ballot.RollVersion{Fingerprint: ballot.Fingerprint(lines), Voters: n,
		Total: rules.Weight{Heads: int64(n)}, Why: "导入", By: "示例", At: time.Now()})
	require.NoError(t, err)
	_, err = c.Freeze(ctx, b.number)
	require.NoError(t, err)
	require.NoError(t, c.Open(ctx, b.number, time.Now().Add(-time.Hour), time.Now().Add(time.Hour)))
	b.voters, err = b.store.Voters(ctx, b.number, ballot.VoterFilter{}, "", n)
	require.NoError(t, err)
	require.Len(t, b.voters, n)
	return b
}

// attempt is one ballot that a voter hands in, perhaps several times, always under the same key.
type attempt struct {
	cast    ballot.Cast
	receipt *ballot.Receipt // nil: no answer came
}

func (b *box) attempts(voters []ballot.Voter) []*attempt {
	choices := []ballot.Choice{ballot.Yes, ballot.No, ballot.Abstain}
	out := make([]*attempt, len(voters))
	for i, v := range voters {
		out[i] = &attempt{cast: ballot.Cast{Number: b.number, Voter: v.No, Choice: choices[i%3], Channel: ballot.Web, Request: crand.Text()}}
	}
	return out
}

// castAll has 16 voters cast at the same time. Whoever gets the receipt with that number kills PostgreSQL at once; 0: nobody does.
// A voter without an answer goes away.
func (b *box) castAll(ctx context.Context, list []*attempt, strike int64) error {
	var next, receipts atomic.Int64
	var killed error
	var wait sync.WaitGroup
	for range 16 {
		wait.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(list) {
					return
				}
				r, err := b.Cast(ctx, list[i].cast)
				if err != nil {
					return
				}
				list[i].receipt = &r
				if receipts.Add(1) == strike {
					killed = b.server.Kill()
				}
			}
		})
	}
	wait.Wait()
	return killed
}

// lost are the ballots with a receipt that the ledger does not hold as the receipt says.
func (b *box) lost(t *testing.T, list []*attempt) (missing []*attempt) {
	t.Helper()
	for _, a := range list {
		if a.receipt == nil {
			continue
		}
		kept, err := b.store.Ballots(t.Context(), b.number, a.cast.Voter)
		require.NoError(t, err)
		if len(kept) != 1 || kept[0] != *a.receipt {
			missing = append(missing, a)
		}
	}
	return missing
}

// answers waits until the store has noticed that PostgreSQL is back: connections that died are found out one by one, so that more
// readers must come through at the same time than it keeps connections.
func (b *box) answers(t *testing.T) {
	t.Helper()
	eventually(t, "the store has found PostgreSQL again", sweepLimit, func() bool {
		var failed atomic.Int64
		var wait sync.WaitGroup
		for range 64 {
			wait.Go(func() {
				if _, err := b.store.Poll(t.Context(), b.number); err != nil {
					failed.Add(1)
				}
			})
		}
		wait.Wait()
		return failed.Load() == 0
	})
}

// TestPostgresKilledWhilePeopleVote kills PostgreSQL under load, three times. Every receipt that was given is in the count; whoever got
// no answer hands the same in again and is counted once; the same again gives the same receipt. The program is not started anew.
func TestPostgresKilledWhilePeopleVote(t *testing.T) {
	t.Parallel()
	r := random(t)
	b := openBox(t, false)
	all := b.attempts(b.voters)
	todo := all
	for round := range 3 {
		require.NoError(t, b.castAll(t.Context(), todo, 50+r.Int64N(250)))
		var silent []*attempt
		for _, a := range todo {
			if a.receipt == nil {
				silent = append(silent, a)
			}
		}
		require.NotEmpty(t, silent, "PostgreSQL did not die under load: the round proves nothing")
		require.Error(t, b.store.Ping(t.Context()), "PostgreSQL did not die")
		require.NoError(t, b.server.Start(t.Context()))
		b.answers(t)
		require.Empty(t, b.lost(t, all), "round %d", round)
		p, err := b.store.Poll(t.Context(), b.number)
		require.NoError(t, err)
		given := int64(len(all) - len(silent))
		t.Logf("round %d: %d receipts, %d ballots accepted whose answer was lost, %d left", round, given, p.Leaves-given, len(silent))
		require.GreaterOrEqual(t, p.Leaves, given)
		todo = silent
	}
	require.NoError(t, b.castAll(t.Context(), todo, 0)) // without a disturbance everybody gets an answer
	want := rules.Totals{Counting: rules.ByHousehold, All: rules.Weight{Heads: int64(len(all))}}
	seen := map[int64]bool{}
	for _, a := range all {
		require.NotNil(t, a.receipt, "voter %s never got an answer", a.cast.Voter)
		again, err := b.Cast(t.Context(), a.cast)
		require.NoError(t, err)
		require.Equal(t, *a.receipt, again)
		require.False(t, seen[again.Index], "two receipts for one place in the ledger")
		seen[again.Index] = true
		map[ballot.Choice]*rules.Weight{ballot.Yes: &want.Yes, ballot.No: &want.No, ballot.Abstain: &want.Abstain}[a.cast.Choice].Heads++
	}
	require.Empty(t, b.lost(t, all))
	counted, err := b.store.CountBallots(t.Context(), b.number)
	require.NoError(t, err)
	require.Equal(t, want, counted)
	sums, err := b.store.Totals(t.Context(), b.number)
	require.NoError(t, err)
	require.Equal(t, want, sums, "the running sums")
}

// TestUnsafePostgresLosesReceipts is the control: where PostgreSQL confirms before it has written, the same kill takes receipts
// with it, and the test above would find them missing. What has reached a whole page of the log survives, so that one kill may
// take nothing; of twenty, some do.
func TestUnsafePostgresLosesReceipts(t *testing.T) {
	t.Parallel()
	const rounds, strike = 20, 30
	b := openBox(t, true)
	each := len(b.voters) / rounds
	for round := range rounds {
		list := b.attempts(b.voters[round*each : (round+1)*each])
		require.NoError(t, b.castAll(t.Context(), list, strike))
		require.NoError(t, b.server.Start(t.Context()))
		b.answers(t)
		if missing := b.lost(t, list); len(missing) > 0 {
			t.Logf("round %d: %d receipts were lost", round, len(missing))
			return
		}
	}
	t.Fatal("nothing was lost: killing PostgreSQL proves nothing about durability")
}
