package ballot

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
)

// threeLeaves is a store in which every poll has three leaves.
type threeLeaves struct{ keeperStore }

func (threeLeaves) Leaves(_ context.Context, _ string, from int64, _ int) (rows []LeafRow, _ error) {
	for i := from; i < 3; i++ {
		rows = append(rows, LeafRow{Index: i, Text: "x\n"})
	}
	return rows, nil
}

func TestLedgersUsedLongestAgoAreForgotten(t *testing.T) {
	t.Parallel()
	k := Keeper{Store: threeLeaves{}}
	for _, number := range []string{"a", "b", "a", "c"} {
		_, err := k.ledger(number).Extend(t.Context())
		require.NoError(t, err)
	}
	require.Equal(t, []string{"b", "a", "c"}, k.recent)
	k.forget(9)
	require.Len(t, k.ledgers, 3)
	k.forget(8)
	require.Equal(t, []string{"a", "c"}, k.recent)
	require.Len(t, k.ledgers, 2)
	require.NotContains(t, k.ledgers, "b")
	k.forget(1)
	require.Equal(t, []string{"c"}, k.recent, "the one in use stays")
}
