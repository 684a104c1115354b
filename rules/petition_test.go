package rules

import (
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// 90 owners of 80.00 m²: a fifth is 18 of them and 1,440.00 m².
func TestPetition(t *testing.T) {
	t.Parallel()
	all := Weight{Heads: 90, Area: 720_000}
	for _, tc := range []struct {
		name              string
		signed            Weight
		heads, area       bool
		both, one         bool
		says, neverSaying string
	}{
		{"exactly a fifth of both", Weight{18, 144_000}, true, true, true, true,
			"联名 18 人，占 90 人的 20.00%（18/90），达到 20%；联名面积 1,440.00 平方米，占 7,200.00 平方米的 20.00%（1,440.00/7,200.00 平方米），达到 20%。人数和面积都须达到 20%。", "不足"},
		{"one owner short", Weight{17, 144_000}, false, true, false, true, "联名 17 人，占 90 人的 18.88%（17/90），不足 20%", ""},
		{"a hundredth of a square metre short", Weight{18, 143_999}, true, false, false, true, "1,439.99 平方米，占 7,200.00 平方米的 19.99%", ""},
		{"both short", Weight{17, 143_999}, false, false, false, false, "不足 20%", "达到 20%；"},
		{"everybody", all, true, true, true, true, "100.00%（90/90）", "不足"},
		{"nobody", Weight{}, false, false, false, false, "占 90 人的 0.00%（0/90），不足 20%", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p := Petition{Signed: tc.signed, All: all}
			v, err := p.Judge(false)
			require.NoError(t, err)
			require.Equal(t, []bool{tc.heads, tc.area, tc.both}, []bool{v.Heads, v.Area, v.Met})
			require.Contains(t, v.Text, tc.says)
			if tc.neverSaying != "" {
				require.NotContains(t, v.Text, tc.neverSaying)
			}
			local, err := p.Judge(true)
			require.NoError(t, err)
			require.Equal(t, tc.one, local.Met, "四川: one of the two is enough")
			require.Contains(t, local.Text, "人数或者面积有一项达到 20% 即可")
		})
	}
	require.Equal(t, "18 人（全体 90 人）、1,440.00 平方米（全体 7,200.00 平方米）", Petition{Weight{18, 144_000}, all}.String())
}

func TestPetition_Impossible(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		p    Petition
		says string
	}{
		"no owners":             {Petition{Weight{0, 0}, Weight{0, 100}}, "全体业主的人数须大于零"},
		"no area":               {Petition{Weight{1, 0}, Weight{5, 0}}, "全体业主的面积须大于零"},
		"fewer than no owners":  {Petition{Weight{1, 1}, Weight{-5, 100}}, "全体业主的人数须大于零"},
		"more signed than live": {Petition{Weight{6, 1}, Weight{5, 100}}, "联名业主的人数多于全体业主"},
		"more area than built":  {Petition{Weight{5, 101}, Weight{5, 100}}, "联名业主的面积多于全体业主"},
		"negative signatures":   {Petition{Weight{-1, 1}, Weight{5, 100}}, "联名业主的人数不能小于零"},
		"negative area":         {Petition{Weight{1, math.MinInt64}, Weight{5, 100}}, "联名业主的面积不能小于零"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v, err := tc.p.Judge(false)
			var refusal *Error
			require.ErrorAs(t, err, &refusal)
			require.Equal(t, CodePetition, refusal.Code)
			require.Contains(t, refusal.Text, tc.says)
			require.False(t, v.Met)
		})
	}
}

// Whatever the numbers, up to the largest there are, the verdict is that of unbounded integers.
func TestPetition_NoNumberIsTooLarge(t *testing.T) {
	t.Parallel()
	fifth := func(part, whole int64) bool {
		five := new(big.Int).Mul(big.NewInt(part), big.NewInt(5))
		return five.Cmp(big.NewInt(whole)) >= 0
	}
	rapid.Check(t, func(t *rapid.T) {
		all := Weight{rapid.Int64Range(1, math.MaxInt64).Draw(t, "heads"), rapid.Int64Range(1, math.MaxInt64).Draw(t, "area")}
		near := func(whole int64) int64 {
			n := rapid.Int64Range(max(0, whole/5-2), min(whole, whole/5+2)).Draw(t, "signed")
			return n
		}
		p := Petition{Signed: Weight{near(all.Heads), near(all.Area)}, All: all}
		v, err := p.Judge(false)
		require.NoError(t, err)
		require.Equal(t, fifth(p.Signed.Heads, all.Heads), v.Heads)
		require.Equal(t, fifth(p.Signed.Area, all.Area), v.Area)
		require.Equal(t, v.Heads && v.Area, v.Met)
	})
}

func TestParseArea_ItsLimitIsTheCallers(t *testing.T) {
	t.Parallel()
	for text, most := range map[string]int64{"80.00": 8000, "10000000.01": 1_000_000_001, "0.01": 1} {
		n, why := ParseArea(text, most)
		require.Equal(t, most, n, text)
		require.Empty(t, why)
		n, why = ParseArea(text, most-1)
		require.Zero(t, n)
		require.Equal(t, "面积过大", why, text)
	}
	n, why := ParseArea("92233720368547758.08", math.MaxInt64)
	require.Zero(t, n, "one more than fits")
	require.Equal(t, "面积过大", why)
}
