package demo_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"gongzhi/ballot"
	"gongzhi/demo"
	"gongzhi/rules"
)

// TestTingyu holds the estate of the worked example to its figures, under both ways to tell the same buyer.
func TestTingyu(t *testing.T) {
	t.Parallel()
	lines := demo.TingyuRoll()
	require.Len(t, lines, 100)
	for _, key := range []rules.BuyerKey{rules.ExactSet, rules.AnySharedOwner} {
		voters, total, excluded, err := ballot.BuildVoters("CN-2026-0001", lines,
			rules.RollOptions{Counting: rules.ByOwner, BuyerKey: key}, ballot.Secret{1})
		require.NoError(t, err)
		assert.Equal(t, rules.Weight{Heads: 87, Area: 800000}, total, key)
		assert.Empty(t, excluded)
		weights := map[rules.Weight]int{}
		for _, v := range voters {
			weights[v.Weight]++
		}
		assert.Equal(t, map[rules.Weight]int{{Heads: 1, Area: 8000}: 85, {Heads: 1, Area: 40000}: 1, {Heads: 1, Area: 80000}: 1}, weights)
	}
}

// TestHuaiyin holds the roll of the community to its 1,640 households, each its own, the same each time.
func TestHuaiyin(t *testing.T) {
	t.Parallel()
	lines := demo.HuaiyinHouseholds()
	voters, total, _, err := ballot.BuildVoters("CN-2026-0002", lines, rules.RollOptions{Counting: rules.ByHousehold}, ballot.Secret{1})
	require.NoError(t, err)
	assert.Equal(t, rules.Weight{Heads: 1640}, total)
	names, buildings := map[string]bool{}, map[string]int{}
	for _, v := range voters {
		require.Len(t, v.Names, 1)
		names[v.Names[0]] = true
		buildings[v.Building]++
	}
	assert.Len(t, names, 1640, "no two people have one name")
	assert.Less(t, buildings["42"], ballot.SmallCell)
	assert.Less(t, buildings["43"], ballot.SmallCell)
	assert.Equal(t, ballot.Fingerprint(lines), ballot.Fingerprint(demo.HuaiyinHouseholds()))
}
