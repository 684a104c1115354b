package rules

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestExtendable: an extension is to come only while too few take part, and only where the rule asks how many do.
func TestExtendable(t *testing.T) {
	t.Parallel()
	all := Weight{Heads: 12, Area: 96_000}
	at := func(yes, no int64) Totals {
		return Totals{Counting: ByOwner, All: all, Yes: Weight{yes, yes * 8_000}, No: Weight{no, no * 8_000}}
	}
	special, err := FindConsentRule("cc278.special")
	require.NoError(t, err)
	for _, c := range []struct {
		rule       ConsentRule
		totals     Totals
		extendable bool
	}{
		{special, at(0, 0), true},
		{special, at(4, 3), true},
		{special, at(4, 4), false}, // 8 of 12 are two thirds
		{special, at(0, 12), false},
		{with(t, special, SilentFollows), at(7, 5), true}, // told of nobody's majority
		{ConsentRule{ID: "x", Counting: []Counting{ByOwner}, Silent: SilentAbsent, Tests: []ConsentTest{{Key: "k", Measure: Heads, Part: Agreeing, Whole: Everybody, Ratio: AtLeast3of4}}}, at(0, 0), false},
	} {
		got, err := c.rule.Extendable(c.totals)
		require.NoError(t, err)
		require.Equal(t, c.extendable, got, "%s %+v", c.rule.ID, c.totals)
	}
	_, err = special.Extendable(Totals{Counting: ByHousehold, All: all})
	require.Error(t, err)
}

func with(t *testing.T, r ConsentRule, s Silent) ConsentRule {
	t.Helper()
	r, err := r.WithSilent(s)
	require.NoError(t, err)
	return r
}

// TestQuorumStays: further ballots, and ballots that are replaced, take no quorum away.
func TestQuorumStays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		r, err := FindConsentRule("cc278.special")
		require.NoError(rt, err)
		yes, no := rapid.Int64Range(0, 12).Draw(rt, "yes"), int64(0)
		no = rapid.Int64Range(0, 12-yes).Draw(rt, "no")
		totals := Totals{Counting: ByOwner, All: Weight{12, 96_000}, Yes: Weight{yes, yes * 8_000}, No: Weight{no, no * 8_000}}
		before, err := r.Quorate(totals)
		require.NoError(rt, err)
		taken := rapid.Int64Range(0, yes).Draw(rt, "change their minds")
		more := rapid.Int64Range(0, 12-yes-no).Draw(rt, "more")
		totals.Yes = Weight{yes - taken, (yes - taken) * 8_000}
		totals.No = Weight{no + taken + more, (no + taken + more) * 8_000}
		after, err := r.Quorate(totals)
		require.NoError(rt, err)
		require.True(rt, after || !before)
	})
}
