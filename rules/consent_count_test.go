package rules

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var byOwner = RollOptions{Counting: ByOwner, BuyerKey: ExactSet}

func dwelling(code string, area int64, owners ...string) RollUnit {
	return RollUnit{Code: code, Area: area, Owners: owners, Use: Residential}
}

// listeningRain is the estate 听雨花园: 100 units of 80.00 m², ten of them the
// developer's, five of one buyer, 85 of single owners.
func listeningRain() []RollUnit {
	var units []RollUnit
	for i := range 100 {
		u := dwelling(fmt.Sprintf("%03d", i), 8000, fmt.Sprintf("K%03d", i))
		switch {
		case i < 10:
			u.Developer = true // the ninth is sold and not delivered: its buyer has no head
			if i != 9 {
				u.Owners = []string{"DEV"}
			}
		case i < 15:
			u.Owners = []string{"K003"}
		case i == 20:
			u.Owners = []string{"K020", "K120"} // spouses
		}
		units = append(units, u)
	}
	return units
}

func TestCountListeningRain(t *testing.T) {
	t.Parallel()
	roll, err := CountRoll(listeningRain(), byOwner)
	require.NoError(t, err)
	require.Equal(t, Weight{Heads: 87, Area: 800_000}, roll.Total)
	require.Len(t, roll.Entries, 87)
	require.Empty(t, roll.Excluded)
	developer, buyer, spouses := roll.Entries[0], roll.Entries[1], roll.Entries[7]
	require.True(t, developer.Developer)
	require.Equal(t, Weight{Heads: 1, Area: 80_000}, developer.Weight)
	require.Len(t, developer.Units, 10)
	require.Equal(t, RollEntry{Key: "010", Units: []string{"010", "011", "012", "013", "014"}, Owners: []string{"K003"}, Weight: Weight{1, 40_000}}, buyer)
	require.Equal(t, RollEntry{Key: "020", Units: []string{"020"}, Owners: []string{"K020", "K120"}, Weight: Weight{1, 8000}}, spouses)
}

func TestCountKeys(t *testing.T) {
	t.Parallel()
	parking := dwelling("P1", 1200, "c")
	parking.Use = Parking
	shop := dwelling("S1", 5000, "d")
	shop.Use = NonResidential
	unsold := dwelling("D1", 9000, "dev")
	unsold.Developer = true
	delivered := dwelling("D2", 9000, "a") // a bought it, the developer still votes
	delivered.Developer = true
	units := []RollUnit{
		dwelling("3", 100, "b", "a"), dwelling("1", 100, "a"), dwelling("2", 100, "a", "b", "a"),
		dwelling("4", 100, "b"), dwelling("5", 100, "c"), parking, shop, unsold, delivered,
	}
	for name, tc := range map[string]struct {
		o     RollOptions
		heads [][]string
		area  int64
	}{
		"a alone and a with b are two buyers": {
			byOwner, [][]string{{"1"}, {"2", "3"}, {"4"}, {"5", "P1"}, {"D1", "D2"}, {"S1"}}, 24_700},
		"one owner in common joins a chain, but not the developer": {
			RollOptions{Counting: ByOwner, BuyerKey: AnySharedOwner},
			[][]string{{"1", "2", "3", "4"}, {"5", "P1"}, {"D1", "D2"}, {"S1"}}, 24_700},
		"parking excluded": {
			RollOptions{Counting: ByOwner, BuyerKey: ExactSet, ExcludeParking: true},
			[][]string{{"1"}, {"2", "3"}, {"4"}, {"5"}, {"D1", "D2"}, {"S1"}}, 23_500},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			roll, err := CountRoll(units, tc.o)
			require.NoError(t, err)
			var heads [][]string
			for _, e := range roll.Entries {
				heads = append(heads, e.Units)
			}
			require.Equal(t, tc.heads, heads)
			require.Equal(t, Weight{int64(len(tc.heads)), tc.area}, roll.Total)
			require.Equal(t, tc.o.ExcludeParking, slices.Contains(roll.Excluded, "P1"))
		})
	}
	// Ids that would run together when joined by a separator stay apart.
	roll, err := CountRoll([]RollUnit{dwelling("1", 1, "a b"), dwelling("2", 1, "a", "b"), dwelling("3", 1, `a" "b`)}, byOwner)
	require.NoError(t, err)
	require.Equal(t, int64(3), roll.Total.Heads)
}

func TestCountHouseholdsAndResidents(t *testing.T) {
	t.Parallel()
	for _, c := range []Counting{ByHousehold, ByResident} {
		roll, err := CountRoll([]RollUnit{{Code: "2", Area: 8000}, {Code: "1", Owners: []string{"x"}}, {Code: "3", Owners: []string{"x"}}}, RollOptions{Counting: c})
		require.NoError(t, err)
		require.Equal(t, Weight{Heads: 3}, roll.Total, "every line is one head without area")
		require.Equal(t, "1", roll.Entries[0].Key)
	}
}

func TestCountRefuses(t *testing.T) {
	t.Parallel()
	with := func(edit func(*RollUnit)) []RollUnit {
		units := []RollUnit{dwelling("1", 100, "a"), dwelling("2", 100, "b")}
		edit(&units[1])
		return units
	}
	household := RollOptions{Counting: ByHousehold}
	for name, tc := range map[string]struct {
		units []RollUnit
		o     RollOptions
		code  string
	}{
		"no area":                {with(func(u *RollUnit) { u.Area = 0 }), byOwner, CodeUnitArea},
		"negative area":          {with(func(u *RollUnit) { u.Area = -1 }), byOwner, CodeUnitArea},
		"negative household":     {with(func(u *RollUnit) { u.Area = -1 }), household, CodeUnitArea},
		"duplicate":              {with(func(u *RollUnit) { u.Code = "1" }), byOwner, CodeUnitTwice},
		"duplicate household":    {with(func(u *RollUnit) { u.Code = "1" }), household, CodeUnitTwice},
		"no code":                {with(func(u *RollUnit) { u.Code = "" }), byOwner, CodeUnitCode},
		"code with a space":      {with(func(u *RollUnit) { u.Code = "1 " }), byOwner, CodeUnitCode},
		"no owner":               {with(func(u *RollUnit) { u.Owners = nil }), byOwner, CodeUnitOwner},
		"no owner, developer":    {with(func(u *RollUnit) { u.Owners, u.Developer = nil, true }), byOwner, CodeUnitOwner},
		"empty owner":            {with(func(u *RollUnit) { u.Owners = []string{"b", ""} }), byOwner, CodeUnitOwner},
		"owner with a space":     {with(func(u *RollUnit) { u.Owners = []string{" b"} }), byOwner, CodeUnitOwner},
		"unknown use":            {with(func(u *RollUnit) { u.Use = "garden" }), byOwner, CodeUnitUse},
		"parking as a household": {with(func(u *RollUnit) { u.Use = Parking }), household, CodeUnitUse},
		"developer as resident":  {with(func(u *RollUnit) { u.Developer = true }), RollOptions{Counting: ByResident}, CodeUnitUse},
		"overflow":               {with(func(u *RollUnit) { u.Area = math.MaxInt64 - 99 }), byOwner, CodeAreaOverflow},
		"nothing":                {nil, byOwner, CodeRollEmpty},
		"nothing but parking":    {with(func(u *RollUnit) { u.Use = Parking })[1:], RollOptions{Counting: ByOwner, BuyerKey: ExactSet, ExcludeParking: true}, CodeRollEmpty},
		"unknown counting":       {with(func(*RollUnit) {}), RollOptions{Counting: "voter"}, CodeRollOptions},
		"unknown key":            {with(func(*RollUnit) {}), RollOptions{Counting: ByOwner}, CodeRollOptions},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := CountRoll(tc.units, tc.o)
			requireCode(t, err, tc.code)
		})
	}
	largest, err := CountRoll(with(func(u *RollUnit) { u.Area = math.MaxInt64 - 100 }), byOwner)
	require.NoError(t, err, "the largest sum that fits is counted")
	require.Equal(t, int64(math.MaxInt64), largest.Total.Area)
}

// TestCountProperties: the order of the units makes no difference, every unit is in one
// entry or excluded, and the totals are the sums.
func TestCountProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var units []RollUnit
		for i := range rapid.IntRange(1, 14).Draw(t, "units") {
			u := dwelling(fmt.Sprint(i), rapid.Int64Range(1, 20_000).Draw(t, "area"),
				rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", "d", "e"}), 1, 3).Draw(t, "owners")...)
			u.Use = rapid.SampledFrom([]UnitUse{Residential, NonResidential, Parking}).Draw(t, "use")
			u.Developer = rapid.IntRange(0, 4).Draw(t, "developer") == 0
			units = append(units, u)
		}
		o := byOwner
		o.ExcludeParking = rapid.Bool().Draw(t, "exclude")
		roll, err := CountRoll(units, o)
		if err != nil {
			require.ErrorIs(t, err, &Error{Code: CodeRollEmpty})
			return
		}
		before := fmt.Sprint(units)
		again, err := CountRoll(rapid.Permutation(units).Draw(t, "order"), o)
		require.NoError(t, err)
		require.Equal(t, roll, again)
		require.Equal(t, before, fmt.Sprint(units), "the caller's units stay as they are")

		area := map[string]int64{}
		for _, u := range units {
			area[u.Code] = u.Area
		}
		var total Weight
		seen := slices.Clone(roll.Excluded)
		for _, e := range roll.Entries {
			var sum int64
			for _, code := range e.Units {
				sum += area[code]
			}
			require.Equal(t, Weight{1, sum}, e.Weight)
			require.Equal(t, e.Units[0], e.Key)
			seen, total = append(seen, e.Units...), total.plus(e.Weight)
		}
		require.Equal(t, total, roll.Total)
		slices.Sort(seen)
		require.Len(t, slices.Compact(seen), len(units))

		o.BuyerKey = AnySharedOwner
		joined, err := CountRoll(units, o)
		require.NoError(t, err)
		require.LessOrEqual(t, joined.Total.Heads, roll.Total.Heads)
		require.Equal(t, joined.Total.Area, roll.Total.Area)
		for i, e := range joined.Entries {
			for _, f := range joined.Entries[:i] {
				shared := slices.ContainsFunc(e.Owners, func(id string) bool { return slices.Contains(f.Owners, id) })
				require.False(t, shared && !e.Developer && !f.Developer, "two heads share an owner: %v %v", e, f)
			}
		}
	})
}
