package rules

import (
	"fmt"
	"strconv"
	"strings"
)

// Outcome is the result of a vote.
type Outcome string

// The outcomes.
const (
	Passed   Outcome = "passed"
	Rejected Outcome = "rejected"
	Invalid  Outcome = "invalid" // too few took part: nothing is decided
)

// Label returns the Chinese name of the outcome.
func (o Outcome) Label() string {
	return map[Outcome]string{Passed: "通过", Rejected: "未通过", Invalid: "参与未达规定比例，表决不成立"}[o]
}

// TestResult is one test with its integers: it is met when left×denominator reaches
// right×numerator.
type TestResult struct {
	ConsentTest
	Title string `json:"title"`
	Left  int64  `json:"left"`
	Right int64  `json:"right"`
	Met   bool   `json:"met"`
	// Decides is false for a share of nothing, and for consent when the quorum is not
	// met: then Met decides nothing.
	Decides bool `json:"decides"`
	// Shown is for people: the percentage rounded down, with the exact fraction.
	Shown string `json:"shown"`
}

// Verdict is the result of a vote under a rule, with every test.
type Verdict struct {
	Rule    string       `json:"rule"`
	Silent  Silent       `json:"silent"`
	Totals  Totals       `json:"totals"`
	Tests   []TestResult `json:"tests"`
	Outcome Outcome      `json:"outcome"`
	// Conditions must hold beside the count, whatever the outcome; people confirm them.
	Conditions []string `json:"conditions,omitempty"`
	Warning    string   `json:"warning,omitempty"`
	// Art278 is set for a rule that is not art. 278 itself.
	Art278 *Art278 `json:"art278,omitempty"`
}

// Art278 says whether the same ballots also satisfy art. 278 of the Civil Code, for the
// matters that need three quarters (items 6 to 8).
type Art278 struct {
	Known     bool   `json:"known"`
	Satisfied bool   `json:"satisfied"`
	Text      string `json:"text"`
}

// Judge judges the totals of a closed vote by r.
func Judge(r ConsentRule, t Totals) (Verdict, error) {
	if err := r.admit(t); err != nil {
		return Verdict{}, err
	}
	results, outcome := r.weigh(t)
	for i := range results {
		results[i].Title = results[i].ConsentTest.Title(t.Counting)
		results[i].Shown = share(results[i].Measure, results[i].Left, results[i].Right)
	}
	return Verdict{
		Rule: r.ID, Silent: r.Silent, Totals: t, Tests: results, Outcome: outcome,
		Conditions: r.Conditions, Warning: r.Silent.Warning(), Art278: r.beside278(t),
	}, nil
}

// admit refuses totals that r cannot judge.
func (r ConsentRule) admit(t Totals) error {
	if !r.Admits(t.Counting) {
		return refuse(CodeConsentCounting, "规则“%s”不能按“%.60s”计票", r.Title, t.Counting)
	}
	if r.Silent.Label() == "" {
		return refuse(CodeConsentSilent, "未表决票的计算方式 %.60q 无效", r.Silent)
	}
	return t.check()
}

func (r ConsentRule) weigh(t Totals) ([]TestResult, Outcome) {
	groups := t.groups(r.Silent)
	results := make([]TestResult, len(r.Tests))
	valid, agreed := true, true
	for i, test := range r.Tests {
		left, right := test.Measure.In(groups[test.Part]), test.Measure.In(groups[test.Whole])
		met := test.Ratio.OK(left, right)
		results[i] = TestResult{ConsentTest: test, Left: left, Right: right, Met: met, Decides: right > 0}
		if test.Quorum() {
			valid = valid && met
		} else {
			agreed = agreed && met
		}
	}
	switch {
	case !valid:
		for i := range results {
			results[i].Decides = results[i].Decides && results[i].Quorum()
		}
		return results, Invalid
	case !agreed:
		return results, Rejected
	}
	return results, Passed
}

// beside278 answers the question that every poll must answer, because a poll that
// passes by its own rule can still fall short of the law. The clause that adds silent
// owners to the majority is left aside: its validity for art. 278 is doubtful.
func (r ConsentRule) beside278(t Totals) *Art278 {
	if r.Art278 {
		return nil
	}
	if t.Counting != ByOwner {
		return &Art278{Text: fmt.Sprintf("本次按%s计票，没有专有部分面积，无法判断是否满足《民法典》第二百七十八条：该条须按业主人数和专有部分面积分别计算。", t.Counting.Label())}
	}
	law := ConsentRule{Tests: art278(AtLeast3of4), Silent: r.Silent}
	if law.Silent == SilentFollows {
		law.Silent = SilentAbsent
	}
	if _, outcome := law.weigh(t); outcome == Passed {
		return &Art278{Known: true, Satisfied: true, Text: "本次表决的人数和面积同时满足《民法典》第二百七十八条对第六项至第八项事项的要求。"}
	}
	return &Art278{Known: true, Text: "本次表决的人数和面积不满足《民法典》第二百七十八条对第六项至第八项事项的要求。"}
}

// share shows part of whole: 74.99%（5,249,999/7,000,000）.
func share(m Measure, part, whole int64) string {
	if m == Area {
		return fmt.Sprintf("%s（%s/%s 平方米）", PercentFloor(part, whole), squareMetres(part), squareMetres(whole))
	}
	return fmt.Sprintf("%s（%s/%s）", PercentFloor(part, whole), grouped(part), grouped(whole))
}

// squareMetres writes an area in 0.01 m²: 5,440.00.
func squareMetres(area int64) string { return fmt.Sprintf("%s.%02d", grouped(area/100), area%100) }

// grouped writes a count with a comma before every third digit.
func grouped(n int64) string {
	digits := strconv.FormatInt(n, 10)
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String()
}
