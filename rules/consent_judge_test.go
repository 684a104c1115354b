package rules

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// ballots returns totals by owner with that many participants and agreeing, in heads
// and in 0.01 m²; who takes part and does not agree votes no.
func ballots(all, participants, yes Weight) Totals {
	return Totals{Counting: ByOwner, All: all, Yes: yes, No: participants.minus(yes)}
}

func polled(all, participants, yes int64) Totals {
	return Totals{Counting: ByHousehold, All: Weight{Heads: all}, Yes: Weight{Heads: yes}, No: Weight{Heads: participants - yes}}
}

func metOf(v Verdict) map[string]bool {
	met := map[string]bool{}
	for _, t := range v.Tests {
		if t.Decides {
			met[t.Key] = t.Met
		}
	}
	return met
}

// TestArt278Cases are the worked cases of 听雨花园 (N = 87, A = 8,000.00 m²) and, as
// case 7, of a building whose shares floats get wrong.
func TestArt278Cases(t *testing.T) {
	t.Parallel()
	estate := Weight{87, 800_000}
	qh, qa, ch, ca := "quorum.heads", "quorum.area", "consent.heads", "consent.area"
	for _, tc := range []struct {
		name    string
		rule    string
		totals  Totals
		met     map[string]bool
		outcome Outcome
	}{
		{"1: heads exactly 2/3, all agree, area short", "cc278.special", ballots(estate, Weight{58, 464_000}, Weight{58, 464_000}),
			map[string]bool{qh: true, qa: false}, Invalid},
		{"2: area of consent short", "cc278.special", ballots(estate, Weight{59, 544_000}, Weight{45, 360_000}),
			map[string]bool{qh: true, qa: true, ch: true, ca: false}, Rejected},
		{"3: passed", "cc278.special", ballots(estate, Weight{59, 544_000}, Weight{45, 432_000}),
			map[string]bool{qh: true, qa: true, ch: true, ca: true}, Passed},
		{"4: heads of consent short", "cc278.special", ballots(estate, Weight{59, 544_000}, Weight{44, 424_000}),
			map[string]bool{qh: true, qa: true, ch: false, ca: true}, Rejected},
		{"5: ordinary matter", "cc278.ordinary", ballots(estate, Weight{59, 544_000}, Weight{30, 312_000}),
			map[string]bool{qh: true, qa: true, ch: true, ca: true}, Passed},
		{"6: ordinary, heads short", "cc278.ordinary", ballots(estate, Weight{59, 544_000}, Weight{29, 304_000}),
			map[string]bool{qh: true, qa: true, ch: false, ca: true}, Rejected},
		{"7: 8 flats, exactly 3/4 of both", "cc278.special", ballots(Weight{8, 75_212}, Weight{8, 75_212}, Weight{6, 56_409}),
			map[string]bool{qh: true, qa: true, ch: true, ca: true}, Passed},
		{"7: one hundredth of a square metre short", "cc278.special", ballots(Weight{8, 75_212}, Weight{8, 75_212}, Weight{6, 56_408}),
			map[string]bool{qh: true, qa: true, ch: true, ca: false}, Rejected},
		{"quorum, 57 heads", "cc278.special", ballots(estate, Weight{57, 533_334}, Weight{57, 533_334}),
			map[string]bool{qh: false, qa: true}, Invalid},
		{"quorum, 58 heads and 5,333.34 m²", "cc278.special", ballots(estate, Weight{58, 533_334}, Weight{58, 533_334}),
			map[string]bool{qh: true, qa: true, ch: true, ca: true}, Passed},
		{"quorum, 5,333.33 m²", "cc278.special", ballots(estate, Weight{58, 533_333}, Weight{58, 533_333}),
			map[string]bool{qh: true, qa: false}, Invalid},
		{"nobody took part", "cc278.special", ballots(estate, Weight{}, Weight{}), map[string]bool{qh: false, qa: false}, Invalid},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			v, err := Judge(named(t, tc.rule), tc.totals)
			require.NoError(t, err)
			require.Equal(t, tc.met, metOf(v))
			require.Equal(t, tc.outcome, v.Outcome)
			require.NotEmpty(t, v.Outcome.Label())
			require.Nil(t, v.Art278, "the rule is art. 278 itself")
		})
	}
}

// TestSeed75Cases are the worked rows of the seed's 75 % and of its sample poll.
func TestSeed75Cases(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		rule    string
		totals  Totals
		outcome Outcome
	}{
		{"900 of 1,200, exactly 75 %", "seed75.of_all", polled(1200, 1000, 900), Passed},
		{"899 of 1,200", "seed75.of_all", polled(1200, 1000, 899), Rejected},
		{"750 of 1,000 voting", "seed75.of_participating", polled(1200, 1000, 750), Passed},
		{"749 of 1,000 voting", "seed75.of_participating", polled(1200, 1000, 749), Rejected},
		{"760 of 1,000 voting", "seed75.of_participating", polled(1200, 1000, 760), Passed},
		{"760 is only 63.3 % of all", "seed75.of_all", polled(1200, 1000, 760), Rejected},
		{"600 of 1,200 voted, not more than half", "seed75.of_participating", polled(1200, 600, 450), Invalid},
		{"601 of 1,200 voted", "seed75.of_participating", polled(1200, 601, 451), Passed},
		{"sample, 1,230 of 1,640", "seed75.of_all", polled(1640, 1640, 1230), Passed},
		{"sample, 1,229 of 1,640", "seed75.of_all", polled(1640, 1640, 1229), Rejected},
		{"sample, 825 of 1,100 voting", "seed75.of_participating", polled(1640, 1100, 825), Passed},
		{"sample, 824 of 1,100 voting", "seed75.of_participating", polled(1640, 1100, 824), Rejected},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			for _, c := range []Counting{ByHousehold, ByResident} {
				tc.totals.Counting = c
				v, err := Judge(named(t, tc.rule), tc.totals)
				require.NoError(t, err)
				require.Equal(t, tc.outcome, v.Outcome)
				require.False(t, v.Art278.Known)
				require.Contains(t, v.Art278.Text, "无法判断")
				require.Contains(t, v.Art278.Text, c.Label())
			}
		})
	}
	free, err := named(t, "seed75.of_participating").WithoutQuorum()
	require.NoError(t, err)
	for participants, want := range map[int64]Outcome{600: Passed, 0: Rejected} {
		v, err := Judge(free, polled(1200, participants, participants*3/4))
		require.NoError(t, err)
		require.Equal(t, want, v.Outcome)
		require.Equal(t, participants > 0, v.Tests[0].Decides, "a share of nothing decides nothing")
	}
}

// TestUnitLiftCases are the presets on a unit of 12 flats of equal area.
func TestUnitLiftCases(t *testing.T) {
	t.Parallel()
	flats := func(participants, yes int64) Totals {
		return ballots(Weight{12, 120_000}, Weight{participants, participants * 10_000}, Weight{yes, yes * 10_000})
	}
	for _, tc := range []struct {
		name              string
		rule              string
		participants, yes int64
		outcome           Outcome
		art278            bool
	}{
		{"cc278 needs 8 participants", "lift.cc278", 7, 7, Invalid, false},
		{"of 8, at least 6 agree", "lift.cc278", 8, 6, Passed, false},
		{"of 8, 5 are too few", "lift.cc278", 8, 5, Rejected, false},
		{"jinan2019 needs 8 agreeing", "lift.jinan2019", 8, 8, Passed, true},
		{"jinan2019, 7 agree", "lift.jinan2019", 8, 7, Rejected, true},
		{"jinan2019 passes without art. 278", "lift.jinan2019", 12, 8, Passed, false},
		{"two thirds of the heads", "lift.two_thirds_heads", 8, 8, Passed, true},
		{"two thirds of the heads, 7 agree", "lift.two_thirds_heads", 12, 7, Rejected, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := named(t, tc.rule)
			v, err := Judge(r, flats(tc.participants, tc.yes))
			require.NoError(t, err)
			require.Equal(t, tc.outcome, v.Outcome)
			require.Equal(t, r.Conditions, v.Conditions)
			if tc.rule == "lift.cc278" {
				require.Nil(t, v.Art278)
				return
			}
			require.True(t, v.Art278.Known)
			require.Equal(t, tc.art278, v.Art278.Satisfied)
			require.Equal(t, !tc.art278, v.Art278.Text == "本次表决的人数和面积不满足《民法典》第二百七十八条对第六项至第八项事项的要求。")
		})
	}
}

func TestJudgeShowsIntegers(t *testing.T) {
	t.Parallel()
	v, err := Judge(named(t, "seed75.of_all"), polled(7_000_000, 7_000_000, 5_249_999))
	require.NoError(t, err)
	require.Equal(t, Rejected, v.Outcome)
	require.Equal(t, TestResult{
		ConsentTest: ConsentTest{Key: "consent.heads", Measure: Heads, Part: Agreeing, Whole: Everybody, Ratio: AtLeast3of4},
		Title:       "同意的户数／全体户数", Left: 5_249_999, Right: 7_000_000, Decides: true,
		Shown: "74.99%（5,249,999/7,000,000）",
	}, v.Tests[0])

	v, err = Judge(named(t, "cc278.special"), ballots(Weight{87, 800_000}, Weight{59, 544_000}, Weight{45, 360_000}))
	require.NoError(t, err)
	require.Equal(t, "68.00%（5,440.00/8,000.00 平方米）", v.Tests[1].Shown)
	require.Equal(t, "66.17%（3,600.00/5,440.00 平方米）", v.Tests[3].Shown)
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 1_000_000: "1,000,000", math.MaxInt64: "9,223,372,036,854,775,807"} {
		require.Equal(t, want, grouped(n))
	}
	require.Equal(t, "0.05", squareMetres(5))
}

// TestSilentVotes: 12 owners, 6 agree, 1 is against, 2 signed and are silent, 3 did nothing.
func TestSilentVotes(t *testing.T) {
	t.Parallel()
	flats := func(n int64) Weight { return Weight{n, n * 10_000} }
	totals := Totals{Counting: ByOwner, All: flats(12), Yes: flats(6), No: flats(1), Signed: flats(2)}
	for _, tc := range []struct {
		mode              Silent
		participants, yes int64
		outcome           Outcome
	}{
		{SilentAbsent, 7, 6, Invalid},
		{SilentAbstains, 9, 6, Rejected}, // 6 of 9 is 2/3 only
		{SilentFollows, 12, 11, Passed},
	} {
		r, err := named(t, "lift.cc278").WithSilent(tc.mode)
		require.NoError(t, err)
		v, err := Judge(r, totals)
		require.NoError(t, err)
		require.Equal(t, tc.outcome, v.Outcome, tc.mode)
		require.Equal(t, []int64{tc.participants, tc.yes}, []int64{v.Tests[0].Left, v.Tests[2].Left}, tc.mode)
		require.Equal(t, tc.mode.Warning(), v.Warning)
	}
	follow, err := named(t, "lift.jinan2019").WithSilent(SilentFollows)
	require.NoError(t, err)
	v, err := Judge(follow, totals)
	require.NoError(t, err)
	require.Equal(t, Passed, v.Outcome)
	require.False(t, v.Art278.Satisfied, "silent owners are not added for art. 278")

	totals.Yes, totals.No = flats(2), flats(4)
	v, err = Judge(follow, totals)
	require.NoError(t, err)
	require.Equal(t, int64(2), v.Tests[0].Left, "the silent follow a majority that is against")
	totals.Yes, totals.No = Weight{2, 50_000}, Weight{4, 40_000}
	groups := totals.groups(SilentFollows)
	require.Equal(t, totals.cast(), groups[Participants], "heads and area disagree: the silent follow nobody")
}

func TestJudgeRefuses(t *testing.T) {
	t.Parallel()
	good := ballots(Weight{12, 1200}, Weight{9, 900}, Weight{8, 800})
	unknown := named(t, "cc278.special")
	unknown.Silent = ""
	for name, tc := range map[string]struct {
		r    ConsentRule
		edit func(*Totals)
		code string
	}{
		"households under art. 278": {named(t, "cc278.special"), func(x *Totals) { x.Counting = ByHousehold }, CodeConsentCounting},
		"unknown silent mode":       {unknown, func(*Totals) {}, CodeConsentSilent},
		"more yes than all":         {named(t, "cc278.special"), func(x *Totals) { x.Yes.Heads = 13 }, CodeConsentImpossible},
		"sum above all":             {named(t, "cc278.special"), func(x *Totals) { x.Abstain = Weight{4, 100} }, CodeConsentImpossible},
		"area above all":            {named(t, "cc278.special"), func(x *Totals) { x.Signed = Weight{1, 301} }, CodeConsentImpossible},
		"negative":                  {named(t, "cc278.special"), func(x *Totals) { x.No.Heads = -1 }, CodeConsentImpossible},
		"area without a head":       {named(t, "cc278.special"), func(x *Totals) { x.Abstain = Weight{0, 100} }, CodeConsentImpossible},
		"head without area":         {named(t, "cc278.special"), func(x *Totals) { x.Abstain = Weight{1, 0} }, CodeConsentImpossible},
		"rest without area":         {named(t, "cc278.special"), func(x *Totals) { x.Abstain = Weight{1, 300} }, CodeConsentImpossible},
		"household with area":       {named(t, "seed75.of_all"), func(x *Totals) { x.Counting = ByHousehold }, CodeConsentImpossible},
		"overflow":                  {named(t, "cc278.special"), func(x *Totals) { x.No, x.Abstain = Weight{1, math.MaxInt64}, Weight{1, math.MaxInt64} }, CodeConsentImpossible},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			totals := good
			tc.edit(&totals)
			_, err := Judge(tc.r, totals)
			requireCode(t, err, tc.code)
			_, err = Predict(tc.r, totals, true)
			requireCode(t, err, tc.code)
		})
	}
	_, err := Judge(named(t, "cc278.special"), good)
	require.NoError(t, err)
}

// TestYesNeverHurts: an entry that votes yes, instead of no, abstaining or nothing, never
// turns a pass into anything else, by any named rule.
func TestYesNeverHurts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := rapid.SampledFrom(ConsentRules()).Draw(t, "rule")
		r.Silent = rapid.SampledFrom([]Silent{SilentAbsent, SilentAbstains, SilentFollows}).Draw(t, "mode")
		counting := rapid.SampledFrom(r.Counting).Draw(t, "counting")
		group := func(name string, most int64) Weight {
			heads := rapid.Int64Range(0, most).Draw(t, name)
			if counting != ByOwner || heads == 0 {
				return Weight{Heads: heads}
			}
			return Weight{heads, rapid.Int64Range(heads, heads*300).Draw(t, name+" area")}
		}
		one := group("one", 1)
		totals := Totals{Counting: counting, Yes: group("yes", 60), No: group("no", 15), Abstain: group("abstain", 10), Signed: group("signed", 10)}
		totals.All = totals.cast().plus(totals.Signed).plus(group("rest", 15)).plus(one)
		with := totals
		with.Yes = totals.Yes.plus(one)
		switch rapid.SampledFrom([]string{"no", "abstain", "signed", "nothing"}).Draw(t, "instead of") {
		case "no":
			totals.No = totals.No.plus(one)
		case "abstain":
			totals.Abstain = totals.Abstain.plus(one)
		case "signed":
			totals.Signed = totals.Signed.plus(one)
		}
		before, err := Judge(r, totals)
		require.NoError(t, err)
		after, err := Judge(r, with)
		require.NoError(t, err)
		if before.Outcome == Passed {
			require.Equal(t, Passed, after.Outcome, "%+v", totals)
		}
	})
}
