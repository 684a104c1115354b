package server

import (
	"maps"
	"slices"

	"gongzhi/record"
)

// spread is how often each number of working days occurred. Quantiles are exact: the smallest number that at least the given share of
// all does not exceed, as percentile_disc of PostgreSQL has it.
type spread map[int]int

func (s spread) count() int {
	n := 0
	for _, count := range s {
		n += count
	}
	return n
}

// at is the quantile of a share in percent; 0 when nothing was counted.
func (s spread) at(percent int) int {
	need := (s.count()*percent + 99) / 100
	for _, days := range slices.Sorted(maps.Keys(s)) {
		if need -= s[days]; need <= 0 {
			return days
		}
	}
	return 0
}

func (s spread) longest() int {
	longest := 0
	for days := range s {
		longest = max(longest, days)
	}
	return longest
}

// tally adds up what ended.
type tally struct {
	days spread
	sum  record.SpellSum
}

func (t *tally) add(s record.SpellSum) {
	if t.days == nil {
		t.days = spread{}
	}
	t.days[s.Days] += s.Count
	t.sum.Days += s.Days * s.Count
	t.sum.Count += s.Count
	t.sum.Dated += s.Dated
	t.sum.Late += s.Late
	t.sum.Silent += s.Silent
	t.sum.Returned += s.Returned
	t.sum.Yellow += s.Yellow
	t.sum.Red += s.Red
}

func (t *tally) figures() Figures {
	return Figures{
		Count: t.sum.Count, Median: t.days.at(50), P90: t.days.at(90), Longest: t.days.longest(),
		Dated: t.sum.Dated, Late: t.sum.Late, LatePercent: percent(t.sum.Late, t.sum.Dated), Silent: t.sum.Silent,
		Returned: t.sum.Returned, ReturnedPercent: percent(t.sum.Returned, t.sum.Count), Yellow: t.sum.Yellow, Red: t.sum.Red,
	}
}

// percent rounds down: what is not reached is not claimed.
func percent(part, whole int) int {
	if whole == 0 {
		return 0
	}
	return part * 100 / whole
}

// tallies are tallies by name.
type tallies map[string]*tally

func (t tallies) of(name string) *tally {
	if t[name] == nil {
		t[name] = &tally{}
	}
	return t[name]
}
