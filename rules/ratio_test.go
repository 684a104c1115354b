package rules

import (
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestRatioAtTheEdge(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name        string
		r           Ratio
		part, whole int64
		ok          bool
	}{
		{"turnout of representatives, exactly 2/3 is not more than 2/3", MoreThan2of3, 40, 60, false},
		{"turnout of representatives", MoreThan2of3, 41, 61, true},
		{"attendance, exactly 2/3 is enough", AtLeast2of3, 40, 60, true},
		{"attendance, one short", AtLeast2of3, 39, 60, false},
		{"two of three", AtLeast2of3, 2, 3, true},
		{"exactly half is not elected", MoreThanHalf, 750, 1500, false},
		{"one more than half", MoreThanHalf, 751, 1500, true},
		{"turnout of voters", MoreThanHalf, 1500, 2400, true},
		{"turnout of voters, half", MoreThanHalf, 1200, 2400, false},
		{"areas in 0.01 m² that floats get wrong", AtLeast3of4, 8813 + 11975 + 9676 + 8358 + 10988 + 6599, 75212, true},
		{"one hundredth of a square metre short", AtLeast3of4, 56408, 75212, false},
		{"seventy-five of a hundred households", AtLeast3of4, 1230, 1640, true},
		{"one household short", AtLeast3of4, 1229, 1640, false},
		{"party quorum", AtLeast4of5, 37, 46, true},
		{"second ballot", AtLeast1of3, 500, 1500, true},
		{"recall petition", AtLeast1of10, 240, 2400, true},
		{"nobody decides nothing", AtLeast1of10, 0, 0, false},
		{"nothing of nobody, ratio zero", Ratio{Num: 0, Den: 1}, 0, 0, false},
		{"negative part", Ratio{Num: 0, Den: 1}, -1, 10, false},
		{"negative whole", AtLeast1of3, 1, -3, false},
		{"invalid ratio", Ratio{Num: 1}, 5, 5, false},
		{"negative ratio", Ratio{Num: -1, Den: 2}, 5, 5, false},
		{"no overflow", AtLeast3of4, math.MaxInt64 / 4 * 3, math.MaxInt64 / 4 * 4, true},
		{"no overflow, one short", AtLeast3of4, math.MaxInt64/4*3 - 1, math.MaxInt64 / 4 * 4, false},
		{"no overflow, large ratio", Ratio{Num: math.MaxInt64, Den: math.MaxInt64}, math.MaxInt64, math.MaxInt64, true},
	} {
		require.Equal(t, tc.ok, tc.r.OK(tc.part, tc.whole), tc.name)
	}
}

func TestRatioLeast(t *testing.T) {
	t.Parallel()
	require.Equal(t, int64(19), MoreThanHalf.Least(37))
	require.Equal(t, int64(31), MoreThanHalf.Least(60))
	require.Equal(t, int64(41), MoreThan2of3.Least(60))
	require.Equal(t, int64(41), MoreThan2of3.Least(61))
	require.Equal(t, int64(40), AtLeast2of3.Least(60))
	require.Equal(t, int64(1230), AtLeast3of4.Least(1640))
	require.Equal(t, int64(Unreachable), AtLeast3of4.Least(0))
	require.Equal(t, int64(Unreachable), Ratio{}.Least(10))
	require.Equal(t, int64(Unreachable), Ratio{Num: 2, Den: 1}.Least(math.MaxInt64))
}

func TestRatioText(t *testing.T) {
	t.Parallel()
	require.Equal(t, "2/3 以上", AtLeast2of3.String())
	require.Equal(t, "超过 1/2", MoreThanHalf.String())
	for want, of := range map[string][2]int64{
		"66.66%": {2, 3}, "75.00%": {1230, 1640}, "74.93%": {1229, 1640}, "99.99%": {99_999, 100_000},
		"100.00%": {5, 5}, "0.00%": {0, 7}, "0.05%": {1, 2000}, "—": {1, 0}, "200.00%": {math.MaxInt64 - 1, math.MaxInt64 / 2},
	} {
		require.Equal(t, want, PercentFloor(of[0], of[1]))
	}
	require.Equal(t, "—", PercentFloor(-1, 3))
}

func drawRatio(t *rapid.T) Ratio {
	return Ratio{
		Num:    rapid.Int64Range(0, math.MaxInt64).Draw(t, "num"),
		Den:    rapid.Int64Range(1, math.MaxInt64).Draw(t, "den"),
		Strict: rapid.Bool().Draw(t, "strict"),
	}
}

// TestRatioAgainstRationals compares with exact rational arithmetic.
func TestRatioAgainstRationals(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := drawRatio(t)
		whole := rapid.Int64Range(1, math.MaxInt64).Draw(t, "whole")
		parts := []int64{rapid.Int64Range(0, math.MaxInt64).Draw(t, "part")}
		if least := r.Least(whole); least != Unreachable {
			parts = append(parts, least, least+1)
			if least > 0 {
				parts = append(parts, least-1)
			}
		}
		for _, part := range parts {
			order := big.NewRat(part, whole).Cmp(big.NewRat(r.Num, r.Den))
			require.Equal(t, order > 0 || (order == 0 && !r.Strict), r.OK(part, whole), "%d/%d against %s", part, whole, r)
		}
	})
}

func TestLeastIsTheFirstThatPasses(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r, whole := drawRatio(t), rapid.Int64Range(1, math.MaxInt64).Draw(t, "whole")
		least := r.Least(whole)
		if least == Unreachable {
			require.False(t, r.OK(math.MaxInt64-1, whole))
			return
		}
		require.True(t, r.OK(least, whole))
		require.False(t, r.OK(least-1, whole))
	})
}
