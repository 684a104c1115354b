package storetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"gongzhi/ballot"
	"gongzhi/procedure"
)

// testPollClients: forty clients hand in ballots of the same 500 voters on all channels, and send each one twice.
func testPollClients(t *testing.T, b bundle) {
	for i, revisable := range []bool{false, true} {
		free := terms(fmt.Sprintf("XW-YZ-2026-%03d", i+1))
		free.Revisable = revisable
		openPoll(t, b, free, 500)
		uploads(t, b, ballot.Cast{By: reader1, Files: []string{"photo of " + free.Number}})
		box := &ballot.Box{Store: b.Store, Clock: within}
		seed := rand.Uint64()
		t.Logf("seed %d", seed)
		var mu sync.Mutex
		accepted := map[string]ballot.Receipt{}
		var g errgroup.Group
		for client := range 40 {
			g.Go(func() error {
				r := rand.New(rand.NewPCG(seed, uint64(client)))
				for try := range 25 {
					c := web(free.Number, 1+r.IntN(500), []ballot.Choice{ballot.Yes, ballot.No, ballot.Abstain}[r.IntN(3)],
						fmt.Sprintf("%d of %d", try, client))
					receipt, err := clientCasts(t.Context(), b, box, c, r.IntN(6))
					var refusal *procedure.Error
					switch {
					case err == nil:
						mu.Lock()
						accepted[receipt.Tracker] = receipt
						mu.Unlock()
					case !errors.As(err, &refusal) || refusal.Code != ballot.CodeVoted && refusal.Code != ballot.CodeSheet:
						return err
					}
				}
				return nil
			})
		}
		require.NoError(t, g.Wait())
		box.Wait()

		totals := exact(t, b, free.Number)
		cast := totals.Yes.Heads + totals.No.Heads + totals.Abstain.Heads
		p, err := b.Poll(t.Context(), free.Number)
		require.NoError(t, err)
		require.EqualValues(t, len(accepted), p.Leaves, "each receipt has its leaf, and there are no others")
		require.Greater(t, cast, int64(300))
		if !revisable {
			require.Equal(t, cast, p.Leaves, "as many ballots as voters who cast one")
		} else {
			require.Greater(t, p.Leaves, cast)
		}
		leaves, err := b.Leaves(t.Context(), free.Number, 0, len(accepted))
		require.NoError(t, err)
		for _, leaf := range leaves {
			require.Equal(t, accepted[ballot.Tracker(leaf.Text)].Leaf, leaf.Text)
			require.Equal(t, accepted[ballot.Tracker(leaf.Text)].Index, leaf.Index)
		}
	}
}

// clientCasts hands a ballot in one of six ways, and again, as after a cut connection.
func clientCasts(ctx context.Context, b bundle, box *ballot.Box, c ballot.Cast, way int) (ballot.Receipt, error) {
	try := func() (ballot.Receipt, error) { return box.Cast(ctx, c) }
	switch way {
	case 0:
		try = func() (ballot.Receipt, error) {
			end := b.Cast(ctx, []ballot.Cast{c}, within)[0]
			return end.Receipt, end.Err
		}
	case 1:
		c.Channel, c.By, c.Second, c.Files = ballot.Door, reader1, witness, []string{"photo of " + c.Number}
	case 2:
		try = func() (ballot.Receipt, error) {
			first, second := c, c
			first.By, second.By, second.Request = reader1, reader2, c.Request+" again"
			if _, _, err := b.EnterSheet(ctx, first, within); err != nil {
				return ballot.Receipt{}, err
			}
			sheet, receipt, err := b.EnterSheet(ctx, second, within)
			if err != nil {
				return ballot.Receipt{}, err
			}
			if receipt == nil { // another client entered the same sheet otherwise
				return ballot.Receipt{}, &procedure.Error{Code: ballot.CodeSheet, Message: string(sheet.State)}
			}
			return *receipt, nil
		}
	}
	first, err := try()
	if err != nil {
		return first, err
	}
	again, err := try()
	if err == nil && again != first {
		err = fmt.Errorf("the same request gave another receipt: %v and %v", first, again)
	}
	return first, err
}

// testPollResend: a connection is cut at any moment; whoever sends the same again gets a receipt, and one ballot is cast.
func testPollResend(t *testing.T, b bundle) {
	openPoll(t, b, terms(poll), 60)
	box := &ballot.Box{Store: b.Store, Clock: within}
	var g errgroup.Group
	for i := range 60 {
		g.Go(func() error {
			c := web(poll, i+1, ballot.Yes, fmt.Sprint("r", i))
			ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i)*200*time.Microsecond)
			defer cancel()
			if _, err := box.Cast(ctx, c); err != nil && !errors.Is(err, context.DeadlineExceeded) {
				return err
			}
			first, err := box.Cast(t.Context(), c)
			if err != nil {
				return err
			}
			again, err := box.Cast(t.Context(), c)
			if err == nil && again != first {
				err = errors.New("another receipt")
			}
			return err
		})
	}
	require.NoError(t, g.Wait())
	box.Wait()
	totals := exact(t, b, poll)
	require.EqualValues(t, 60, totals.Yes.Heads)
	p, err := b.Poll(t.Context(), poll)
	require.NoError(t, err)
	require.EqualValues(t, 60, p.Leaves)
}

// testPollLock: a ballot that comes in time, but waits for the lock until the window is over, is late; and one leaf is not
// accepted while another is. Without the lock the clock would be read before the wait.
func testPollLock(t *testing.T, b bundle) {
	ctx := t.Context()
	openPoll(t, b, terms(poll), 2)
	for name, write := range map[string]func(clock func(time.Time) time.Time) error{
		"cast": func(clock func(time.Time) time.Time) error {
			return b.Cast(context.Background(), []ballot.Cast{web(poll, 1, ballot.Yes, "r1")}, clock)[0].Err
		},
		"sheet": func(clock func(time.Time) time.Time) error {
			_, _, err := b.EnterSheet(context.Background(), sheet(poll, 2, ballot.Yes, reader1, "r2"), clock)
			return err
		},
		"mark": func(clock func(time.Time) time.Time) error {
			return b.MarkSigned(context.Background(), poll, "0002", clock)
		},
		"close": func(clock func(time.Time) time.Time) error {
			_, err := b.ClosePoll(context.Background(), poll, clock)
			return err
		},
	} {
		conn, release := holdLock(t, b)
		if b.postgres() {
			_, err := conn.ExecContext(ctx, "SELECT number FROM polls WHERE number = $1 FOR UPDATE", poll)
			require.NoError(t, err)
		}
		var seen time.Time
		done := make(chan error, 1)
		go func() {
			done <- write(func(now time.Time) time.Time {
				seen = now
				return opens.Add(-time.Hour) // nothing is accepted
			})
		}()
		released := release()
		err := <-done
		if name != "mark" && name != "close" {
			code(t, err, ballot.CodeNotOpen)
		}
		require.False(t, seen.Before(released), "%s: the clock was read at %v, before the lock was free at %v", name, seen, released)
	}
}

func (b bundle) postgres() bool { return !strings.HasPrefix(b.url, "sqlite:") }

// holdLock takes the lock of the poll behind the store's back. release gives it free once somebody waits for it, and says when.
// SQLite does not tell who waits; there a transaction begins with the lock of the whole file.
func holdLock(t *testing.T, b bundle) (conn *sql.Conn, release func() time.Time) {
	t.Helper()
	ctx := t.Context()
	raw := b.raw(t)
	conn, err := raw.Conn(ctx)
	require.NoError(t, err)
	run := func(statement string) {
		t.Helper()
		_, err := conn.ExecContext(ctx, statement)
		require.NoError(t, err)
	}
	var pid int
	if b.postgres() {
		run("BEGIN")
		require.NoError(t, conn.QueryRowContext(ctx, "SELECT pg_backend_pid()").Scan(&pid))
	} else {
		run("BEGIN IMMEDIATE")
	}
	return conn, func() time.Time {
		t.Helper()
		if b.postgres() {
			require.Eventually(t, func() bool {
				var n int
				err := raw.QueryRowContext(ctx, "SELECT COUNT(*) FROM pg_stat_activity WHERE $1 = ANY(pg_blocking_pids(pid))", pid).Scan(&n)
				return err == nil && n > 0
			}, 20*time.Second, 2*time.Millisecond)
		}
		released := time.Now().Truncate(time.Millisecond) //gongzhi:wallclock the database's clock is compared with it
		run("COMMIT")
		require.NoError(t, conn.Close())
		return released
	}
}

// testPollGuards: what the lock prevents, the database refuses too.
func testPollGuards(t *testing.T, b bundle) {
	ctx := t.Context()
	openPoll(t, b, terms(poll), 3)
	casts(t, b, web(poll, 1, ballot.Yes, "r1"))
	_, err := b.ClosePoll(ctx, poll, at(closes))
	require.NoError(t, err)
	raw := b.raw(t)
	leaf := func(idx, n int, kind, request, voter string) error {
		_, err := raw.ExecContext(ctx, fmt.Sprintf(`INSERT INTO poll_leaves SELECT poll, %d, '%s', '%s', '%s', %d, choice, channel, at,
			text, tracker, by_actor, second_actor, proxy, signed_list, files FROM poll_leaves WHERE poll = '%s' AND idx = 0`,
			idx, kind, request, voter, n, poll))
		return err
	}
	for name, refused := range map[string]func() error{
		"the same place":           func() error { return leaf(0, 1, "ballot", "r2", "0002") },
		"the same version":         func() error { return leaf(2, 1, "ballot", "r2", "0001") },
		"the same request":         func() error { return leaf(2, 1, "ballot", "r1", "0002") },
		"a second close":           func() error { return leaf(2, 0, "close", "", "") },
		"a ballot without voter":   func() error { return leaf(2, 1, "ballot", "r2", "") },
		"a close with a voter":     func() error { return leaf(2, 0, "close", "", "0002") },
		"a place before the first": func() error { return leaf(-1, 1, "ballot", "r2", "0002") },
		"a voter twice": func() error {
			_, err := raw.ExecContext(ctx, "INSERT INTO poll_voters SELECT * FROM poll_voters WHERE no = '0001'")
			return err
		},
		"a code twice": func() error {
			_, err := raw.ExecContext(ctx, "UPDATE poll_voters SET code_hash = 'same'")
			return err
		},
		"a choice without a leaf": func() error {
			_, err := raw.ExecContext(ctx, "UPDATE poll_voters SET choice = 'yes' WHERE no = '0002'")
			return err
		},
		"a sum below nothing": func() error {
			_, err := raw.ExecContext(ctx, "UPDATE poll_sums SET yes_heads = -1")
			return err
		},
	} {
		require.Error(t, refused(), name)
	}
	require.NoError(t, leaf(2, 1, "ballot", "r2", "0002"), "the statement itself is right")
	counted, err := b.CountBallots(ctx, poll)
	require.NoError(t, err)
	require.EqualValues(t, 2, counted.Yes.Heads, "the count looks at the ledger, and not at the voters' rows")
	require.NoError(t, leaf(3, 1, "ballot", "r3", "9999"))
	_, err = b.CountBallots(ctx, poll)
	require.ErrorContains(t, err, "no such voter")
}

// testPollVersionGuard: when somebody writes a ballot without the lock, the one that was judged by what stood before is undone
// with all that shares its transaction. SQLite has one writer at a time: there nobody writes without the lock.
func testPollVersionGuard(t *testing.T, b bundle) {
	openPoll(t, b, terms(poll), 3)
	conn, release := holdLock(t, b)
	_, err := conn.ExecContext(t.Context(), "UPDATE poll_voters SET choice = 'no', channel = 'web', n = 1, leaf = 7 WHERE no = '0002'")
	require.NoError(t, err)
	done := make(chan []ballot.Accepted, 1)
	go func() {
		done <- b.Cast(context.Background(), []ballot.Cast{web(poll, 1, ballot.Yes, "r1"), web(poll, 2, ballot.Yes, "r2")}, within)
	}()
	release()
	ends := <-done
	p, err := b.Poll(t.Context(), poll)
	require.NoError(t, err)
	if !b.postgres() {
		require.NoError(t, ends[0].Err)
		code(t, ends[1].Err, ballot.CodeVoted)
		require.EqualValues(t, 1, p.Leaves)
		return
	}
	for _, end := range ends {
		require.ErrorContains(t, end.Err, "lock of their poll")
	}
	require.Zero(t, p.Leaves)
}
