package rules

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Counting is the unit of counting of a vote. The law does not choose it for a poll:
// it must be chosen and printed on the notice.
type Counting string

// The units of counting.
const (
	ByOwner     Counting = "owner"      // 业主: heads and area of the exclusive parts
	ByHousehold Counting = "household"  // 户: heads only
	ByResident  Counting = "resident18" // 年满十八周岁的居民: heads only
)

// Label returns the Chinese name of the unit of counting, empty for an unknown one.
func (c Counting) Label() string {
	return map[Counting]string{ByOwner: "业主", ByHousehold: "户", ByResident: "年满十八周岁的居民"}[c]
}

// Weight is what an entry, or a group of entries, counts for: heads, and area in
// 0.01 m². A household or a resident has no area.
type Weight struct {
	Heads int64 `json:"heads"`
	Area  int64 `json:"area"`
}

func (w Weight) plus(o Weight) Weight  { return Weight{w.Heads + o.Heads, w.Area + o.Area} }
func (w Weight) minus(o Weight) Weight { return Weight{w.Heads - o.Heads, w.Area - o.Area} }

// UnitUse is the use of a unit.
type UnitUse string

// The uses that matter to the count. Premises that are not dwellings count like
// dwellings; parking counts unless the rules of the estate exclude it.
const (
	Residential    UnitUse = "residential"
	NonResidential UnitUse = "non_residential"
	Parking        UnitUse = "parking"
)

// RollUnit is one line of a roll: an exclusive unit of an estate, or a household or a
// resident, of which only the code counts. Who casts the vote (the chosen joint owner,
// the guardian of a minor) is not part of the count.
type RollUnit struct {
	Code   string   `json:"code"`
	Area   int64    `json:"area"`   // 0.01 m²: by the register, else the survey, else the contract
	Owners []string `json:"owners"` // ids
	Use    UnitUse  `json:"use"`
	// Developer marks a unit of which the developer votes: unsold, or sold and not yet
	// delivered, whoever its buyer is.
	Developer bool `json:"developer"`
}

// BuyerKey says which units have the same buyer.
type BuyerKey string

// The ways to tell the same buyer. No authority says how to count an owner who owns one
// unit alone and another jointly: the choice is the estate's, ExactSet the default.
const (
	// ExactSet: the same set of owners. A alone and A with B are two buyers.
	ExactSet BuyerKey = "exactSet"
	// AnySharedOwner: one owner in common is enough, and passes on: a unit of A, one of A
	// and B and one of B are one head.
	AnySharedOwner BuyerKey = "anySharedOwner"
)

// RollOptions are the choices that a count depends on.
type RollOptions struct {
	Counting       Counting `json:"counting"`
	BuyerKey       BuyerKey `json:"buyer_key,omitempty"` // for ByOwner only
	ExcludeParking bool     `json:"exclude_parking,omitempty"`
}

// RollEntry is one voting head with the units it votes for.
type RollEntry struct {
	Key    string   `json:"key"`    // the first of its unit codes
	Units  []string `json:"units"`  // codes, in order
	Owners []string `json:"owners"` // ids, in order; joint owners choose one voter
	Weight Weight   `json:"weight"`
	// Developer marks the one head of the developer.
	Developer bool `json:"developer"`
}

// Roll is a counted roll.
type Roll struct {
	Counting Counting    `json:"counting"`
	Entries  []RollEntry `json:"entries"`            // in order of their keys
	Excluded []string    `json:"excluded,omitempty"` // codes of units that do not count
	Total    Weight      `json:"total"`
}

// CountRoll counts the units into voting heads. By owner one exclusive unit is one head
// with its area, but all units of the developer together are one head, and so are all
// units of one buyer (最高法建筑物区分所有权解释 arts 8 and 9). By household or resident
// every line is one head without area. The order of the units makes no difference.
func CountRoll(units []RollUnit, o RollOptions) (Roll, error) {
	if o.Counting.Label() == "" {
		return Roll{}, refuse(CodeRollOptions, "计票单位 %.60q 无效", o.Counting)
	}
	if o.Counting == ByOwner && o.BuyerKey != ExactSet && o.BuyerKey != AnySharedOwner {
		return Roll{}, refuse(CodeRollOptions, "同一买受人的认定方式 %.60q 无效", o.BuyerKey)
	}
	sorted, err := checkedUnits(units, o.Counting)
	if err != nil {
		return Roll{}, err
	}
	roll := Roll{Counting: o.Counting}
	counted := sorted[:0]
	for _, u := range sorted {
		if o.Counting == ByOwner && o.ExcludeParking && u.Use == Parking {
			roll.Excluded = append(roll.Excluded, u.Code)
		} else {
			counted = append(counted, u)
		}
	}
	if len(counted) == 0 {
		return Roll{}, refuse(CodeRollEmpty, "清册中没有可以计票的单元")
	}
	if err := roll.add(counted, o); err != nil {
		return Roll{}, err
	}
	return roll, nil
}

// checkedUnits returns the units in order of their codes, with their owners as sorted
// sets, or the first thing that cannot be.
func checkedUnits(units []RollUnit, c Counting) ([]RollUnit, error) {
	sorted := slices.Clone(units)
	slices.SortFunc(sorted, func(a, b RollUnit) int { return strings.Compare(a.Code, b.Code) })
	for i := range sorted {
		u := &sorted[i]
		if u.Code == "" || u.Code != strings.TrimSpace(u.Code) {
			return nil, refuse(CodeUnitCode, "编号 %.60q 为空或首尾有空格", u.Code)
		}
		if i > 0 && sorted[i-1].Code == u.Code {
			return nil, refuse(CodeUnitTwice, "编号 %.60q 在清册中重复", u.Code)
		}
		if c == ByOwner {
			u.Owners = slices.Compact(slices.Sorted(slices.Values(u.Owners)))
		}
		if err := u.check(c); err != nil {
			return nil, err
		}
	}
	return sorted, nil
}

func (u RollUnit) check(c Counting) error {
	if c != ByOwner {
		if u.Area < 0 {
			return refuse(CodeUnitArea, "%.60q 的面积不得为负数", u.Code)
		}
		if u.Developer || u.Use == Parking {
			return refuse(CodeUnitUse, "%.60q 是车位或建设单位的单元，不能列入按%s计票的清册", u.Code, c.Label())
		}
		return nil
	}
	if u.Area <= 0 {
		return refuse(CodeUnitArea, "单元 %.60q 的面积须大于零", u.Code)
	}
	if !slices.Contains([]UnitUse{Residential, NonResidential, Parking}, u.Use) {
		return refuse(CodeUnitUse, "单元 %.60q 的用途 %.60q 无效", u.Code, u.Use)
	}
	if len(u.Owners) == 0 {
		return refuse(CodeUnitOwner, "单元 %.60q 没有业主", u.Code)
	}
	for _, id := range u.Owners {
		if id == "" || id != strings.TrimSpace(id) {
			return refuse(CodeUnitOwner, "单元 %.60q 的业主编号 %.60q 为空或首尾有空格", u.Code, id)
		}
	}
	return nil
}

// add appends the entries of the units, which are in order of their codes, so that the
// first unit of an entry is met first.
func (r *Roll) add(units []RollUnit, o RollOptions) error {
	first := firstOfBuyer(units, o)
	at := map[int]int{} // index of an entry's first unit: index of the entry
	for i, u := range units {
		n, ok := at[first[i]]
		if !ok {
			n = len(r.Entries)
			at[first[i]] = n
			r.Entries = append(r.Entries, RollEntry{Key: u.Code, Weight: Weight{Heads: 1}, Developer: u.Developer})
			r.Total.Heads++
		}
		e := &r.Entries[n]
		e.Units = append(e.Units, u.Code)
		e.Owners = append(e.Owners, u.Owners...)
		if o.Counting != ByOwner {
			continue
		}
		if r.Total.Area > math.MaxInt64-u.Area {
			return refuse(CodeAreaOverflow, "清册的面积合计超出可以计算的范围")
		}
		r.Total.Area += u.Area
		e.Weight.Area += u.Area
	}
	for n := range r.Entries {
		e := &r.Entries[n]
		slices.Sort(e.Owners)
		e.Owners = slices.Compact(e.Owners)
	}
	return nil
}

// firstOfBuyer returns for every unit the index of the first unit of the same entry: the
// connected components of units that share a handle.
func firstOfBuyer(units []RollUnit, o RollOptions) []int {
	first := make([]int, len(units))
	find := func(i int) int {
		for first[i] != i {
			first[i] = first[first[i]]
			i = first[i]
		}
		return i
	}
	holder := map[string]int{}
	for i, u := range units {
		first[i] = i
		for _, h := range u.handles(o) {
			j, ok := holder[h]
			if !ok {
				holder[h] = i
				continue
			}
			a, b := find(i), find(j)
			first[max(a, b)] = min(a, b)
		}
	}
	for i := range first {
		first[i] = find(i)
	}
	return first
}

// handles returns the names by which a unit is joined with others. The developer's
// handle is empty, which no owner's id can be.
func (u RollUnit) handles(o RollOptions) []string {
	switch {
	case o.Counting != ByOwner:
		return nil
	case u.Developer:
		return []string{""}
	case o.BuyerKey == AnySharedOwner:
		return u.Owners
	default:
		return []string{fmt.Sprintf("%q", u.Owners)}
	}
}
