package rules

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// The oracle tries every completion of every partial state of a small vote. It judges by
// the inequalities written out below and shares no code with the package.

// Statuses of an entry. Completing one makes its number smaller.
const (
	saidYes = iota
	saidNo
	abstained
	stayedAway  // final: took no ballot
	keptSilent  // final: signed for the ballot and cast none
	signedOpen  // signed, may still vote
	nothingYet  // may still vote or sign
	statusCount // how many there are
)

// endings lists what each open status may become next.
var endings = map[int][]int{
	signedOpen: {saidYes, saidNo, abstained, keptSilent},
	nothingYet: {saidYes, saidNo, abstained, stayedAway, keptSilent},
}

// areaSizes are such that sums hit 1/2, 2/3 and 3/4 exactly.
var areaSizes = []int64{1, 2, 5}

type sides struct{ heads, area int64 }

func (s *sides) add(area int64) { s.heads++; s.area += area }

// tally is a closed vote: everybody, participants, agreeing.
type tally struct{ n, a, np, ap, ny, ay int64 }

// referees hold the inequalities of the law as the sources write them.
var referees = map[string]func(c tally) bool{
	"cc278.special": func(c tally) bool {
		return 3*c.ap >= 2*c.a && 3*c.np >= 2*c.n && 4*c.ay >= 3*c.ap && 4*c.ny >= 3*c.np
	},
	"cc278.ordinary": func(c tally) bool {
		return 3*c.ap >= 2*c.a && 3*c.np >= 2*c.n && 2*c.ay > c.ap && 2*c.ny > c.np
	},
	"seed75.of_all":            func(c tally) bool { return 4*c.ny >= 3*c.n },
	"seed75.of_participating":  func(c tally) bool { return 2*c.np > c.n && 4*c.ny >= 3*c.np },
	"seed75.of_participating-": func(c tally) bool { return c.np > 0 && 4*c.ny >= 3*c.np }, // no quorum
	"lift.cc278": func(c tally) bool {
		return 3*c.ap >= 2*c.a && 3*c.np >= 2*c.n && 4*c.ay >= 3*c.ap && 4*c.ny >= 3*c.np
	},
	"lift.jinan2019":        func(c tally) bool { return 3*c.ny >= 2*c.n && 3*c.ay >= 2*c.a },
	"lift.two_thirds_heads": func(c tally) bool { return 3*c.ny >= 2*c.n },
}

// closeVote counts final statuses; an open one counts as if it stayed as it is.
func closeVote(status []int, areas []int64, mode Silent, counting Counting) tally {
	var by [statusCount]sides
	var all sides
	for i, s := range status {
		by[s].add(areas[i])
		all.add(areas[i])
	}
	yes, no, abstain := by[saidYes], by[saidNo], by[abstained]
	takesPart := sides{yes.heads + no.heads + abstain.heads, yes.area + no.area + abstain.area}
	switch mode {
	case SilentAbstains:
		takesPart.heads += by[keptSilent].heads + by[signedOpen].heads
		takesPart.area += by[keptSilent].area + by[signedOpen].area
	case SilentFollows:
		beats := func(x, y sides) bool { return x.heads > y.heads && (counting != ByOwner || x.area > y.area) }
		if beats(yes, no) && beats(yes, abstain) {
			yes.heads += all.heads - takesPart.heads
			yes.area += all.area - takesPart.area
			takesPart = all
		} else if beats(no, yes) && beats(no, abstain) || beats(abstain, yes) && beats(abstain, no) {
			takesPart = all
		}
	}
	return tally{all.heads, all.area, takesPart.heads, takesPart.area, yes.heads, yes.area}
}

// totalsOf writes a state as the package is given it.
func totalsOf(status []int, areas []int64, counting Counting) Totals {
	t := Totals{Counting: counting}
	for i, s := range status {
		w := Weight{1, areas[i]}
		if counting != ByOwner {
			w.Area = 0
		}
		t.All = t.All.plus(w)
		switch s {
		case saidYes:
			t.Yes = t.Yes.plus(w)
		case saidNo:
			t.No = t.No.plus(w)
		case abstained:
			t.Abstain = t.Abstain.plus(w)
		case keptSilent, signedOpen:
			t.Signed = t.Signed.plus(w)
		}
	}
	return t
}

// trial is one run of the oracle: a rule, the entries and what an entry may be.
type trial struct {
	rule     ConsentRule
	referee  func(tally) bool
	counting Counting
	signs    bool // entries may sign and stay silent
	predict  func(ConsentRule, Totals) Prospect
}

// report counts the partial states seen, those for which certainty was claimed wrongly,
// those whose certainty was missed, and closed votes that Judge decides differently.
type report struct{ states, unsound, blunt, misjudged int }

func (r *report) add(o report) {
	r.states, r.unsound, r.blunt, r.misjudged = r.states+o.states, r.unsound+o.unsound, r.blunt+o.blunt, r.misjudged+o.misjudged
}

// run tries every state of entries with these areas. States are numbered with one digit
// an entry; completing an entry makes the number smaller, so that everything a state
// depends on is known when its turn comes.
func (x trial) run(areas []int64) report {
	size := 1
	for range areas {
		size *= statusCount
	}
	canPass, canFail := make([]bool, size), make([]bool, size)
	status := make([]int, len(areas))
	var out report
	for state := range size {
		open, away, signed := -1, false, false
		weight, openWeight := 1, 0
		for i, rest := 0, state; i < len(areas); i, rest = i+1, rest/statusCount {
			s := rest % statusCount
			status[i] = s
			away = away || s == stayedAway || s == keptSilent
			signed = signed || s == signedOpen || s == keptSilent
			if s == signedOpen || s == nothingYet {
				open, openWeight = i, weight
			}
			weight *= statusCount
		}
		if signed && !x.signs {
			continue
		}
		if open < 0 {
			passes := x.referee(closeVote(status, areas, x.rule.Silent, x.counting))
			canPass[state], canFail[state] = passes, !passes
			if _, outcome := x.rule.weigh(totalsOf(status, areas, x.counting)); passes != (outcome == Passed) {
				out.misjudged++
			}
		} else {
			for _, next := range endings[status[open]] {
				if next == keptSilent && !x.signs {
					continue
				}
				child := state - (status[open]-next)*openWeight
				canPass[state] = canPass[state] || canPass[child]
				canFail[state] = canFail[state] || canFail[child]
			}
		}
		if away { // only the end of the vote tells that an entry stays away
			continue
		}
		out.states++
		truth := Open
		if !canFail[state] {
			truth = WillPass
		} else if !canPass[state] {
			truth = WillFail
		}
		switch got := x.predict(x.rule, totalsOf(status, areas, x.counting)); {
		case got == truth:
		case got == Open:
			out.blunt++
		default:
			out.unsound++
		}
	}
	return out
}

// over runs the trial on every choice of areas for up to n entries. When the areas are
// not ordered each choice is tried in one order only, as the totals do not tell orders
// apart.
func (x trial) over(n int, ordered bool) report {
	var out report
	var choose func(areas []int64, from int)
	choose = func(areas []int64, from int) {
		if len(areas) > 0 {
			out.add(x.run(areas))
		}
		if len(areas) == n {
			return
		}
		for i := from; i < len(areaSizes); i++ {
			next := i
			if ordered {
				next = 0
			}
			choose(append(areas[:len(areas):len(areas)], areaSizes[i]), next)
		}
	}
	choose(nil, 0)
	return out
}

func prospectOf(r ConsentRule, t Totals) Prospect {
	f, err := Predict(r, t, true)
	if err != nil {
		return Prospect(err.Error())
	}
	return f.Prospect
}

// rulesWithReferees returns the named rules, and the one with an optional quorum
// without it.
func rulesWithReferees(t *testing.T) map[string]ConsentRule {
	t.Helper()
	out := map[string]ConsentRule{}
	for _, r := range ConsentRules() {
		require.Contains(t, referees, r.ID, "every named rule has a referee")
		out[r.ID] = r
		if free, err := r.WithoutQuorum(); err == nil {
			out[r.ID+"-"] = free
		}
	}
	require.Len(t, out, len(referees))
	return out
}

// TestPredictAgainstEveryCompletion is exhaustive up to five entries: every named rule,
// every mode of silent votes and every unit of counting.
func TestPredictAgainstEveryCompletion(t *testing.T) {
	t.Parallel()
	for id, r := range rulesWithReferees(t) {
		for _, mode := range []Silent{SilentAbsent, SilentAbstains, SilentFollows} {
			for _, counting := range r.Counting {
				if counting == ByResident {
					continue // reckoned as households are
				}
				t.Run(fmt.Sprintf("%s/%s/%s", id, mode, counting), func(t *testing.T) {
					t.Parallel()
					changed, err := r.WithSilent(mode)
					require.NoError(t, err)
					x := trial{rule: changed, referee: referees[id], counting: counting, signs: mode == SilentAbstains, predict: prospectOf}
					// Once every order of areas is tried too.
					ordered := id == "cc278.special" && mode == SilentAbsent
					got := x.over(5, ordered)
					t.Logf("%d states, %d unsound, %d not sharp, %d misjudged", got.states, got.unsound, got.blunt, got.misjudged)
					require.Equal(t, report{states: got.states}, got)
					if ordered {
						require.Equal(t, 12+144+1728+20_736+248_832, got.states)
					}
					require.Greater(t, got.states, 10_000)
				})
			}
		}
	}
}

// TestOracleCatchesWrongFormulas is the positive control: formulas that look right and
// are not.
func TestOracleCatchesWrongFormulas(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		rule           string
		edit           func(*trial)
		unsound, blunt bool
		misjudged      bool
	}{
		"as it is": {"cc278.special", func(*trial) {}, false, false, false},
		"certain to pass on those who voted": {"cc278.special", func(x *trial) {
			x.predict = func(r ConsentRule, t Totals) Prospect {
				if _, outcome := r.weigh(t); outcome == Passed {
					return WillPass
				}
				return prospectOf(r, t)
			}
		}, true, false, false},
		"certain to fail when the majority of now is lost": {"cc278.special", func(x *trial) {
			x.predict = func(r ConsentRule, t Totals) Prospect {
				if t.cast().Heads > 0 && !AtLeast3of4.OK(t.Yes.Heads, t.cast().Heads) {
					return WillFail
				}
				return prospectOf(r, t)
			}
		}, true, false, false},
		"heads only": {"lift.jinan2019", func(x *trial) {
			x.predict = func(r ConsentRule, t Totals) Prospect {
				r.Tests = r.Tests[:1]
				return r.prospect(t)
			}
		}, true, true, false},
		"never certain": {"lift.jinan2019", func(x *trial) {
			x.predict = func(ConsentRule, Totals) Prospect { return Open }
		}, false, true, false},
		"certain only when all have voted": {"cc278.ordinary", func(x *trial) {
			x.predict = func(r ConsentRule, t Totals) Prospect {
				if p := prospectOf(r, t); p != WillPass || t.cast() == t.All {
					return p
				}
				return Open
			}
		}, false, true, false},
		"at least instead of more than half": {"cc278.ordinary", func(x *trial) {
			x.rule.Tests = art278(Ratio{Num: 1, Den: 2})
		}, true, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := trial{rule: named(t, tc.rule), referee: referees[tc.rule], counting: ByOwner, predict: prospectOf}
			tc.edit(&x)
			got := x.over(4, false)
			require.Equal(t, tc.unsound, got.unsound > 0, "%+v", got)
			require.Equal(t, tc.blunt, got.blunt > 0, "%+v", got)
			require.Equal(t, tc.misjudged, got.misjudged > 0, "%+v", got)
		})
	}
}

// TestPredictIsSoundForOtherRules: rules that no source names, of which sharpness is not
// claimed. A small share that must agree leaves the majority open.
func TestPredictIsSoundForOtherRules(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		tests   []ConsentTest
		referee func(tally) bool
	}{
		"a third of participants": {art278(AtLeast1of3), func(c tally) bool {
			return 3*c.np >= 2*c.n && 3*c.ap >= 2*c.a && 3*c.ny >= c.np && 3*c.ay >= c.ap
		}},
		"a third of all, with a quorum": {
			[]ConsentTest{quorum(Heads, MoreThanHalf), consent(Heads, Everybody, AtLeast1of3)},
			func(c tally) bool { return 2*c.np > c.n && 3*c.ny >= c.n }},
		"nobody against": {
			[]ConsentTest{quorum(Area, AtLeast1of3), consent(Heads, Participants, Ratio{Num: 1, Den: 1})},
			func(c tally) bool { return 3*c.ap >= c.a && c.np > 0 && c.ny == c.np }},
	} {
		for _, mode := range []Silent{SilentAbsent, SilentAbstains, SilentFollows} {
			t.Run(name+"/"+string(mode), func(t *testing.T) {
				t.Parallel()
				r := ConsentRule{Counting: []Counting{ByOwner}, Tests: tc.tests, Silent: mode}
				x := trial{rule: r, referee: tc.referee, counting: ByOwner, signs: mode == SilentAbstains, predict: prospectOf}
				got := x.over(4, false)
				require.Zero(t, got.unsound+got.misjudged, "%+v", got)
			})
		}
	}
}
