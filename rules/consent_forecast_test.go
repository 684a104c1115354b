package rules

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func predict(t *testing.T, rule string, totals Totals, final bool) Forecast {
	t.Helper()
	f, err := Predict(named(t, rule), totals, final)
	require.NoError(t, err)
	require.Equal(t, rule, f.Rule)
	require.NotEmpty(t, f.Text)
	return f
}

func TestForecastOfListeningRain(t *testing.T) {
	t.Parallel()
	estate := Weight{87, 800_000}
	heads := func(f Forecast) Need { return f.Needs[0] }
	area := func(f Forecast) Need { return f.Needs[1] }

	f := predict(t, "cc278.special", ballots(estate, Weight{}, Weight{}), true)
	require.Equal(t, Open, f.Prospect)
	require.Equal(t, Need{Measure: Heads, Left: 87, Participants: 58, Yes: 58, YesForCertainty: 66}, heads(f))
	require.Equal(t, Need{Measure: Area, Left: 800_000, Participants: 533_334, Yes: 533_334, YesForCertainty: 600_000}, area(f))

	// Case 2: the area of consent is short. (360,000 + k)/(544,000 + k) reaches 3/4 at 192,000.
	f = predict(t, "cc278.special", ballots(estate, Weight{59, 544_000}, Weight{45, 360_000}), true)
	require.Equal(t, Open, f.Prospect)
	require.Equal(t, Need{Measure: Heads, Left: 28, YesForCertainty: 21}, heads(f))
	require.Equal(t, Need{Measure: Area, Left: 256_000, Yes: 192_000, YesForCertainty: 240_000}, area(f))

	// Case 3 has passed, but 28 owners can still vote no: the denominator moves.
	f = predict(t, "cc278.special", ballots(estate, Weight{59, 544_000}, Weight{45, 432_000}), true)
	require.Equal(t, Open, f.Prospect)
	require.False(t, f.Certain)

	sure := ballots(estate, Weight{66, 600_000}, Weight{66, 600_000})
	f = predict(t, "cc278.special", sure, true)
	require.Equal(t, WillPass, f.Prospect)
	require.True(t, f.Certain)
	f = predict(t, "cc278.special", sure, false)
	require.Equal(t, WillPass, f.Prospect)
	require.False(t, f.Certain, "nothing is certain while ballots can be changed")
	require.Contains(t, f.Text, "不是定论")
	require.Equal(t, Open, predict(t, "cc278.special", ballots(estate, Weight{66, 599_999}, Weight{66, 599_999}), true).Prospect)

	lost := ballots(estate, Weight{22, 150_000}, Weight{})
	f = predict(t, "cc278.special", lost, true)
	require.Equal(t, WillFail, f.Prospect, "65 of 87 is less than 3/4")
	require.True(t, f.Certain)
	require.False(t, predict(t, "cc278.special", lost, false).Certain)

	// An ordinary matter: more than half of the roll agrees, the quorum is still open.
	f = predict(t, "cc278.ordinary", ballots(estate, Weight{50, 450_000}, Weight{50, 450_000}), true)
	require.Equal(t, Open, f.Prospect)
	require.Equal(t, Need{Measure: Heads, Left: 37, Participants: 8, Yes: 8, YesForCertainty: 8}, heads(f))
}

func TestForecastOfPolls(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		rule             string
		participants     int64
		yes              int64
		want             Prospect
		needYes, certain int64
	}{
		{"seed75.of_all", 1230, 1230, WillPass, 0, 0},
		{"seed75.of_all", 1229, 1229, Open, 1, 1},
		{"seed75.of_all", 411, 1, Open, 1229, 1229}, // 410 against leave 1,230
		{"seed75.of_all", 410, 0, Open, 1230, 1230},
		{"seed75.of_all", 411, 0, WillFail, 1230, 1230},
		{"seed75.of_participating", 1100, 825, Open, 0, 405},
		{"seed75.of_participating", 1100, 824, Open, 4, 406},
		{"seed75.of_participating", 0, 0, Open, 821, 1230},
		{"seed75.of_participating", 1230, 1230, WillPass, 0, 0},
	} {
		f := predict(t, tc.rule, polled(1640, tc.participants, tc.yes), true)
		require.Equal(t, tc.want, f.Prospect, "%+v", tc)
		require.Len(t, f.Needs, 1, "a poll counts heads only")
		require.Equal(t, []int64{tc.needYes, tc.certain}, []int64{f.Needs[0].Yes, f.Needs[0].YesForCertainty}, "%+v", tc)
	}
}

// TestForecastOfLargeTotals stays exact where products leave int64.
func TestForecastOfLargeTotals(t *testing.T) {
	t.Parallel()
	const all = math.MaxInt64/4*4 - 4 // a multiple of four
	totals := ballots(Weight{1000, all}, Weight{750, all / 4 * 3}, Weight{750, all / 4 * 3})
	f := predict(t, "cc278.special", totals, true)
	require.Equal(t, WillPass, f.Prospect)
	totals.Yes.Area--
	f = predict(t, "cc278.special", totals, true)
	require.Equal(t, Open, f.Prospect)
	require.Equal(t, int64(1), f.Needs[1].YesForCertainty)
}

func TestLeastAddedIsTheFirstThatPasses(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		den := rapid.Int64Range(1, 12).Draw(t, "den")
		r := Ratio{Num: rapid.Int64Range(0, den).Draw(t, "num"), Den: den, Strict: rapid.Bool().Draw(t, "strict")}
		whole := rapid.Int64Range(0, 40).Draw(t, "whole")
		part := rapid.Int64Range(0, whole).Draw(t, "part")
		want := int64(Unreachable)
		for k := range int64(1000) {
			if r.OK(part+k, whole+k) {
				want = k
				break
			}
		}
		require.Equal(t, want, r.leastAdded(part, whole), "%s of %d/%d", r, part, whole)
	})
	require.Equal(t, int64(Unreachable), Ratio{Num: math.MaxInt64 - 1, Den: math.MaxInt64}.leastAdded(0, 9))
}

// TestNeedsAgainstEveryChoiceOfVoters lets every choice of the entries that do not take
// part yet vote yes, in every state of up to four owners. A choice meets the tests of a
// measure just when its weight reaches the need of that measure.
func TestNeedsAgainstEveryChoiceOfVoters(t *testing.T) {
	t.Parallel()
	areas := []int64{1, 2, 5, 2}
	statuses := []int{saidYes, saidNo, abstained, signedOpen, nothingYet}
	checks := map[bool]int{}
	for _, r := range rulesWithReferees(t) {
		for _, mode := range []Silent{SilentAbsent, SilentAbstains, SilentFollows} {
			r.Silent = mode
			for state := range 5 * 5 * 5 * 5 {
				status := make([]int, len(areas))
				for i, rest := 0, state; i < len(status); i, rest = i+1, rest/5 {
					status[i] = statuses[rest%5]
				}
				totals := totalsOf(status, areas, ByOwner)
				f, err := Predict(r, totals, true)
				require.NoError(t, err)
				for choice := range 1 << len(areas) {
					voted, added, ok := addYes(status, areas, choice)
					if !ok {
						continue
					}
					after := totalsOf(voted, areas, ByOwner)
					for _, need := range f.Needs {
						k := need.Measure.In(added)
						alone := narrowed(r, need.Measure, false)
						met := outcomeOf(alone, after) == Passed
						checks[met]++
						if mode != SilentFollows || k >= need.Yes {
							require.Equal(t, k >= need.Yes, met, "%s %s %v %v %s", r.ID, mode, status, voted, need.Measure)
						}
						require.Equal(t, k >= need.YesForCertainty, certain(alone, after), "%s %s %v %v %s", r.ID, mode, status, voted, need.Measure)
						if quorums := narrowed(r, need.Measure, true); mode != SilentFollows && len(quorums.Tests) > 0 {
							require.Equal(t, k >= need.Participants, outcomeOf(quorums, after) != Invalid)
						}
					}
				}
			}
		}
	}
	require.Greater(t, min(checks[true], checks[false]), 10_000)
	t.Logf("%d choices meet the tests, %d do not", checks[true], checks[false])
}

// narrowed returns r with the tests of one measure, or with the quorum of that measure only.
func narrowed(r ConsentRule, m Measure, quorumOnly bool) ConsentRule {
	var tests []ConsentTest
	for _, t := range r.Tests {
		if t.Measure == m && (t.Quorum() || !quorumOnly) {
			tests = append(tests, t)
		}
	}
	r.Tests = tests
	return r
}

func addYes(status []int, areas []int64, choice int) (voted []int, added Weight, ok bool) {
	voted = append(voted, status...)
	for i := range voted {
		if choice>>i&1 == 0 {
			continue
		}
		if status[i] != nothingYet {
			return nil, Weight{}, false
		}
		voted[i], added = saidYes, added.plus(Weight{1, areas[i]})
	}
	return voted, added, true
}

func outcomeOf(r ConsentRule, t Totals) Outcome {
	_, outcome := r.weigh(t)
	return outcome
}

// certain tells whether r passes when everybody else stays away and when everybody else
// votes no, which are the two worst endings.
func certain(r ConsentRule, t Totals) bool {
	against := t
	against.No, against.Signed = t.No.plus(t.open()), Weight{}
	if r.Silent == SilentFollows {
		r.Silent = SilentAbsent // at worst the silent follow nobody
	}
	return outcomeOf(r, t) != Invalid && outcomeOf(r, against) == Passed
}
