package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"gongzhi/ops"
	"gongzhi/record"
	"gongzhi/store"
)

// testFaults: a fault keeps its first moment and shows its last; it goes when its activity has come to an end.
func testFaults(t *testing.T, b bundle) {
	ctx := t.Context()
	note := func(number string, attempt int32, at time.Time) {
		t.Helper()
		require.NoError(t, b.NoteFault(ctx, record.Fault{
			Case: number, Run: "r", Activity: "5", Type: "Record", Attempt: attempt, Error: "disk full", First: at, Last: at,
		}))
	}
	note("a", 2, Now)
	note("a", 3, Now.Add(time.Minute))
	note("b", 2, Now)
	faults, err := b.Faults(ctx, 3)
	require.NoError(t, err)
	require.Len(t, faults, 1)
	require.Equal(t, "a", faults[0].Case)
	require.True(t, Now.Equal(faults[0].First), faults[0].First)
	require.True(t, Now.Add(time.Minute).Equal(faults[0].Last), faults[0].Last)
	require.NoError(t, b.DoubtFaults(ctx, "a"))
	faults, err = b.Faults(ctx, 2)
	require.NoError(t, err)
	require.Len(t, faults, 2, "what is doubted is still there")
	require.True(t, faults[0].Last.Before(Now.AddDate(-1, 0, 0)), faults[0].Last)
	require.True(t, Now.Equal(faults[1].Last), "the other case's is not")
	require.NoError(t, b.ClearFault(ctx, "a", "another run", "5"))
	faults, err = b.Faults(ctx, 2)
	require.NoError(t, err)
	require.Len(t, faults, 2)
	require.NoError(t, b.ClearFault(ctx, "a", "r", "5"))
	require.NoError(t, b.ClearFault(ctx, "a", "r", "5"))
	faults, err = b.Faults(ctx, 2)
	require.NoError(t, err)
	require.Len(t, faults, 1)
}

// testProposals: one second person, and never the one who proposed it.
func testProposals(t *testing.T, b bundle) {
	saveCases(t, b)
	ctx := t.Context()
	sweep(t, b, Now, fixed{kind: ops.Code, found: []ops.Finding{finding("a", "", Now, caseOwn)}})
	p := ops.Proposal{
		ID: "p1", Incident: one(t, b).ID, Cure: ops.Rewind, Label: "修复后重试", Reason: "已修复", Order: []byte(`{"remedy":"rewind"}`),
		By: "bai", ByName: "示例-白", Post: "post-1", At: Now, State: ops.Pending,
	}
	require.NoError(t, b.Propose(ctx, p))
	require.NoError(t, b.Propose(ctx, p), "the same again is the same")
	list, err := b.Proposals(ctx, ops.Pending)
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.Equal(t, "已修复", list[0].Reason)

	_, err = b.DecideProposal(ctx, "p1", ops.Confirmed, "bai", "示例-白", Now)
	code(t, err, store.CodeSame)
	_, err = b.DecideProposal(ctx, "p2", ops.Confirmed, "dc", "示例-华", Now)
	code(t, err, store.CodeProposal)

	var g errgroup.Group
	errs := make([]error, 6)
	for n := range errs {
		g.Go(func() error {
			_, errs[n] = b.DecideProposal(ctx, "p1", ops.Confirmed, "dc"+string(rune('0'+n)), "示例-华", Now)
			return nil
		})
	}
	require.NoError(t, g.Wait())
	done := 0
	for _, err := range errs {
		if err == nil {
			done++
			continue
		}
		code(t, err, store.CodeDecided)
	}
	require.Equal(t, 1, done)
	list, err = b.Proposals(ctx, ops.Confirmed)
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.Equal(t, "示例-华", list[0].Named)
	require.Equal(t, "post-1", list[0].Post)
	require.JSONEq(t, `{"remedy":"rewind"}`, string(list[0].Order))
	list, err = b.Proposals(ctx, ops.Pending)
	require.NoError(t, err)
	require.Empty(t, list)
}

// testRefold: what one case shows is as a rebuild of all makes it, whatever was lost or wrong before; others stay as they are.
func testRefold(t *testing.T, b bundle) {
	const number, other = "XW-ZR-2026-001", "XW-ZR-2026-002"
	appendAll(t, b, scriptOf(t, number, Kind))
	appendAll(t, b, scriptOf(t, other, Kind))
	ctx := t.Context()
	before := dump(t, b, projections...)
	for _, text := range []string{
		"DELETE FROM cases WHERE number = '" + number + "'",
		"UPDATE tasks SET state = 'done' WHERE case_number = '" + number + "'",
		"DELETE FROM deadlines WHERE case_number = '" + number + "'",
	} {
		_, err := b.raw(t).ExecContext(ctx, text)
		require.NoError(t, err)
	}
	require.NotEqual(t, before, dump(t, b, projections...), "the control: what was broken shows")
	state, err := b.Standing(ctx, number)
	require.NoError(t, err)
	require.Empty(t, state)
	require.NoError(t, b.Refold(ctx, number))
	sameRows(t, before, dump(t, b, projections...))
	state, err = b.Standing(ctx, number)
	require.NoError(t, err)
	require.True(t, state.Open())
	code(t, b.Refold(ctx, "XW-ZR-2026-999"), store.CodeCase)

	n, err := b.CountOpen(ctx)
	require.NoError(t, err)
	var listed []string
	require.NoError(t, b.EachOpenCase(ctx, func(o record.Opened) { listed = append(listed, o.Case) }))
	require.Len(t, listed, int(n))
	require.ElementsMatch(t, []string{number, other}, listed)
	titles, err := b.CaseTitles(ctx, []string{number, "nowhere"})
	require.NoError(t, err)
	require.Len(t, titles, 1)
}
