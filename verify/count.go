package verify

import (
	"fmt"
	"math"
	"math/big"
	"slices"
)

// plus adds, and stays at the largest number rather than turn negative: no published total can be that large.
func (w Weight) plus(o Weight) Weight { return Weight{add(w.Heads, o.Heads), add(w.Area, o.Area)} }

func (w Weight) minus(o Weight) Weight { return Weight{w.Heads - o.Heads, w.Area - o.Area} }

func (w Weight) within(o Weight) bool { return w.Heads <= o.Heads && w.Area <= o.Area }

func add(a, b int64) int64 {
	if b > math.MaxInt64-a {
		return math.MaxInt64
	}
	return a + b
}

// cast is what took part with a ballot.
func (t Totals) cast() Weight { return t.Yes.plus(t.No).plus(t.Abstain) }

// groups are the groups that tests compare. Silent votes count as the rule says: not at all (none); who signed takes part
// (abstainIfSigned); or all silent votes join the option that leads each other one in heads, and where area counts in area
// (followMajority).
func (t Totals) groups(silent string, area bool) map[string]Weight {
	agree, part := t.Yes, t.cast()
	switch silent {
	case "abstainIfSigned":
		part = part.plus(t.Signed)
	case "followMajority":
		leads := func(a, b, c Weight) bool {
			return a.Heads > b.Heads && a.Heads > c.Heads && (!area || (a.Area > b.Area && a.Area > c.Area))
		}
		switch {
		case leads(t.Yes, t.No, t.Abstain):
			agree, part = t.Yes.plus(t.All.minus(part)), t.All
		case leads(t.No, t.Yes, t.Abstain), leads(t.Abstain, t.Yes, t.No):
			part = t.All
		}
	}
	return map[string]Weight{"all": t.All, "participants": part, "yes": agree}
}

// reached tells whether part of whole reaches num/den: part×den against num×whole, in whole numbers of any size. Of nothing
// nothing is reached.
func reached(part, whole, num, den int64, strict bool) bool {
	if whole <= 0 {
		return false
	}
	left := new(big.Int).Mul(big.NewInt(part), big.NewInt(den))
	right := new(big.Int).Mul(big.NewInt(num), big.NewInt(whole))
	if strict {
		return left.Cmp(right) > 0
	}
	return left.Cmp(right) >= 0
}

// judge makes every test. A test of who takes part is a quorum: when one fails nothing is decided.
func judge(tests []test, groups map[string]Weight) ([]outcome, string) {
	results := make([]outcome, len(tests))
	valid, agreed := true, true
	for i, t := range tests {
		part, whole := groups[t.Part].Heads, groups[t.Whole].Heads
		if t.Measure == "area" {
			part, whole = groups[t.Part].Area, groups[t.Whole].Area
		}
		met := reached(part, whole, t.Ratio.Num, t.Ratio.Den, t.Ratio.Strict)
		results[i] = outcome{Key: t.Key, Left: part, Right: whole, Met: met, Decides: whole > 0}
		if t.Part == "participants" {
			valid = valid && met
		} else {
			agreed = agreed && met
		}
	}
	switch {
	case !valid:
		for i, t := range tests {
			results[i].Decides = results[i].Decides && t.Part == "participants"
		}
		return results, "invalid"
	case !agreed:
		return results, "rejected"
	}
	return results, "passed"
}

// article278 says whether the vote also satisfies art. 278 of the Civil Code for what needs three quarters: two thirds take part,
// and of those three quarters agree, in heads and in area. Only a count by owners has area. The clause that joins silent votes to
// the majority is left aside.
func article278(t Totals, silent, counting string) law278 {
	if counting != "owner" {
		return law278{}
	}
	if silent == "followMajority" {
		silent = "none"
	}
	g := t.groups(silent, true)
	all, part, yes := g["all"], g["participants"], g["yes"]
	return law278{Known: true, Satisfied: reached(part.Heads, all.Heads, 2, 3, false) && reached(part.Area, all.Area, 2, 3, false) &&
		reached(yes.Heads, part.Heads, 3, 4, false) && reached(yes.Area, part.Area, 3, 4, false)}
}

// sane tells what is wrong with a test of the rule, or nothing.
func (t test) sane() string {
	switch {
	case t.Key == "":
		return "没有名称"
	case t.Measure != "heads" && t.Measure != "area":
		return fmt.Sprintf("计量 %q 无效", t.Measure)
	case !slices.Contains([]string{"all participants", "all yes", "participants yes"}, t.Whole+" "+t.Part):
		return fmt.Sprintf("分子 %q、分母 %q 无效", t.Part, t.Whole)
	case t.Ratio.Den <= 0 || t.Ratio.Num <= 0 || t.Ratio.Num > t.Ratio.Den:
		return fmt.Sprintf("比例 %d/%d 无效", t.Ratio.Num, t.Ratio.Den)
	}
	return ""
}
