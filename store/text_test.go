package store

import (
	"math/bits"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestFewLengths: statements come in few lengths, and lose, repeat or reorder no row on the way.
func TestFewLengths(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(rapid.Int(), 0, 400).Draw(t, "rows")
		var again []int
		for piece := range pieces(rows) {
			require.Equal(t, 1, bits.OnesCount(uint(len(piece))))
			require.LessOrEqual(t, len(piece), mostTuples)
			again = append(again, piece...)
		}
		require.True(t, slices.Equal(rows, again))

		was := slices.Clone(rows)
		long := padded(rows)
		require.LessOrEqual(t, bits.OnesCount(uint(len(long))), 1)
		require.Less(t, len(long), max(2*len(rows), 1))
		require.Equal(t, rows, long[:len(rows)])
		for _, more := range long[len(rows):] {
			require.Equal(t, rows[len(rows)-1], more)
		}
		require.Equal(t, was, rows, "what is padded is a copy")
	})
}
