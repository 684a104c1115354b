package storetest

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"gongzhi/ballot"
	"gongzhi/rules"
	"gongzhi/store"
)

// testPollPage: the list of votes is walked page by page, and tells of each vote what its board does.
func testPollPage(t *testing.T, b bundle) {
	ctx := t.Context()
	saveTree(t, b)
	var want []string
	for i := range 7 {
		s := NewScript(fmt.Sprintf("XW-YZ-2026-%03d", i+1))
		appendAll(t, b, s)
		tt := terms(s.Number)
		if i == 3 {
			tt.Unit = "XW-02"
		}
		require.NoError(t, b.PreparePoll(ctx, tt))
		want = append([]string{s.Number}, want...) // the newest first
	}
	list := func(f ballot.PollFilter) (got []string) {
		t.Helper()
		for {
			page, err := b.PollPage(ctx, everything, f)
			require.NoError(t, err)
			for _, p := range page.Items {
				got = append(got, p.Number)
				require.Equal(t, p.Number, p.Case.Number)
			}
			if f.After = page.Next; f.After == "" {
				return got
			}
			require.Len(t, page.Items, f.Limit)
		}
	}
	for _, size := range []int{1, 3, 7, 50} {
		require.Equal(t, want, list(ballot.PollFilter{Limit: size}))
	}
	number := want[0]
	lines, voters, total := estate(number, 60)
	_, err := b.AddRoll(ctx, number, lines, version(lines, voters, total))
	require.NoError(t, err)
	require.NoError(t, b.FreezeRoll(ctx, number, each(voters), total))
	require.NoError(t, b.OpenPoll(ctx, number, opens, closes))
	casts(t, b, web(number, 1, ballot.Yes, "a"))
	casts(t, b, door(number, 51, ballot.No, "b"))

	require.Equal(t, want[:1], list(ballot.PollFilter{State: ballot.Open}))
	require.Equal(t, want[1:], list(ballot.PollFilter{State: ballot.Preparing}))
	require.Equal(t, []string{"XW-YZ-2026-004"}, list(ballot.PollFilter{Unit: "XW-02"}))
	require.Equal(t, want, list(ballot.PollFilter{Unit: "XW"}), "the units below")
	require.Empty(t, list(ballot.PollFilter{Unit: "LH"}))
	require.Equal(t, []string{"XW-YZ-2026-002"}, list(ballot.PollFilter{Text: "2026-002"}))
	require.Empty(t, list(ballot.PollFilter{Text: "%"}))

	page, err := b.PollPage(ctx, everything, ballot.PollFilter{State: ballot.Open})
	require.NoError(t, err)
	got := page.Items[0]
	totals := exact(t, b, number)
	require.Equal(t, totals, got.Totals)
	require.NotEqual(t, rules.Weight{}, got.Totals.No)
	require.Equal(t, map[ballot.Channel]int64{ballot.Web: 1, ballot.Paper: 0, ballot.Door: 1}, got.Channels)
	board, err := b.Poll(ctx, number)
	require.NoError(t, err)
	require.Equal(t, board, got.Poll)

	_, err = b.PollPage(ctx, everything, ballot.PollFilter{After: "x"})
	code(t, err, store.CodeCursor)
	_, err = b.PollPage(ctx, everything, ballot.PollFilter{Limit: 201})
	code(t, err, store.CodeLimit)
}
