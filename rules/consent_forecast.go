package rules

import "math/big"

// Prospect says what the ballots cast so far allow.
type Prospect string

// The prospects.
const (
	WillPass Prospect = "passes"
	WillFail Prospect = "fails"
	Open     Prospect = "open"
)

// Forecast says whether a running vote is decided, and what it still needs.
type Forecast struct {
	Rule     string   `json:"rule"`
	Prospect Prospect `json:"prospect"`
	// Certain is true when nothing that may still happen can change the result of the
	// count. It is never true while ballots can be changed: the prospect is then what
	// holds if those cast so far stay as they are.
	Certain bool   `json:"certain"`
	Needs   []Need `json:"needs"` // one for every measure of the rule
	Text    string `json:"text"`
}

// Need is what is missing in one measure: heads, or area in 0.01 m². A number is 0 when
// nothing is missing and Unreachable when no ballots can help.
//
// Each number is exact for its own measure. Heads and area come together, entry by
// entry, so the ballots that fill one measure may fall short of, or exceed, the other,
// and whether some entries have exactly a given area is a subset-sum question: it is
// not asked here, and Prospect does not depend on it.
type Need struct {
	Measure Measure `json:"measure"`
	// Left is what entries without a ballot count for.
	Left int64 `json:"left"`
	// Participants is what must still take part to meet the quorum.
	Participants int64 `json:"participants"`
	// Yes is how many further yes votes meet every test if nobody else votes. They are
	// votes of entries that do not take part yet; one that has signed and counts as
	// abstaining helps consent more and the quorum less. Where silent votes follow the
	// majority the number is enough, but fewer may do.
	Yes int64 `json:"yes"`
	// YesForCertainty is how many further yes votes decide the vote, however all others
	// vote.
	YesForCertainty int64 `json:"yes_for_certainty"`
}

// Predict says whether the vote under r is decided by the ballots cast so far. Pass
// final when a ballot that is cast can no longer be changed.
//
// It is exact for every named rule and every mode of silent votes, though heads and
// area of the open entries are linked:
//
//   - It surely fails when it fails with every open entry voting yes. That is the best
//     ending for every test at once: a further yes raises participation, and raises a
//     share of participants that is not above one.
//   - It surely passes when every test is met at its own worst ending, for each test is
//     met at all endings just when it is met at its worst. A quorum is worst off when
//     nobody else votes, consent when every open entry votes no: then the moving
//     denominator, those who take part, has become the whole roll.
//
// For a rule that is not named it is sound, and where the silent follow the majority it
// may leave open what is decided.
func Predict(r ConsentRule, t Totals, final bool) (Forecast, error) {
	if err := r.admit(t); err != nil {
		return Forecast{}, err
	}
	prospect := r.prospect(t)
	f := Forecast{Rule: r.ID, Prospect: prospect, Certain: final && prospect != Open, Needs: r.needs(t)}
	f.Text = f.sentence(final)
	return f, nil
}

func (r ConsentRule) prospect(t Totals) Prospect {
	best := t
	best.Yes, best.Signed = t.Yes.plus(t.open()), Weight{}
	if _, outcome := r.weigh(best); outcome != Passed {
		return WillFail
	}
	least := r.leastParticipants(t)
	for _, test := range r.Tests {
		part := t.Yes
		if test.Quorum() {
			part = least
		}
		if !test.Ratio.OK(test.Measure.In(part), test.Measure.In(t.All)) {
			return Open
		}
	}
	return WillPass
}

// leastParticipants returns who takes part at the end at least. Where silent votes
// follow the majority, that is everybody once yes holds more than half of the roll.
func (r ConsentRule) leastParticipants(t Totals) Weight {
	if r.Silent == SilentFollows {
		if t.leads(t.Yes, t.All.minus(t.Yes)) {
			return t.All
		}
		return t.cast()
	}
	return t.groups(r.Silent)[Participants]
}

func (r ConsentRule) needs(t Totals) []Need {
	takesPart := t.cast()
	if r.Silent == SilentAbstains {
		takesPart = takesPart.plus(t.Signed)
	}
	var needs []Need
	for _, m := range []Measure{Heads, Area} {
		n, counted := Need{Measure: m, Left: m.In(t.open())}, false
		all, participants, yes := m.In(t.All), m.In(takesPart), m.In(t.Yes)
		for _, test := range r.Tests {
			if test.Measure != m {
				continue
			}
			counted = true
			switch {
			case test.Quorum():
				missing := short(test.Ratio.Least(all), participants)
				n.Participants = max(n.Participants, missing)
				n.Yes, n.YesForCertainty = max(n.Yes, missing), max(n.YesForCertainty, missing)
			case test.Whole == Everybody:
				missing := short(test.Ratio.Least(all), yes)
				n.Yes, n.YesForCertainty = max(n.Yes, missing), max(n.YesForCertainty, missing)
			default:
				n.Yes = max(n.Yes, test.Ratio.leastAdded(yes, participants))
				n.YesForCertainty = max(n.YesForCertainty, short(test.Ratio.Least(all), yes))
			}
		}
		if counted {
			needs = append(needs, n)
		}
	}
	return needs
}

func short(least, have int64) int64 {
	if least == Unreachable {
		return Unreachable
	}
	return max(0, least-have)
}

// leastAdded returns the smallest k for which part+k of whole+k is OK, or Unreachable:
// with k added to both sides, k×(Den−Num) must reach Num×whole − Den×part.
func (r Ratio) leastAdded(part, whole int64) int64 {
	if r.OK(part, whole) {
		return 0
	}
	gap := new(big.Int).Sub(product(r.Num, whole), product(r.Den, part))
	step := big.NewInt(r.Den - r.Num)
	if step.Sign() <= 0 {
		if whole == 0 && r.OK(1, 1) {
			return 1
		}
		return Unreachable
	}
	k, rest := new(big.Int).QuoRem(gap, step, new(big.Int))
	if r.Strict || rest.Sign() != 0 {
		k.Add(k, big.NewInt(1))
	}
	if !k.IsInt64() {
		return Unreachable
	}
	return max(1, k.Int64()) // an empty whole needs one at least
}

func product(a, b int64) *big.Int { return new(big.Int).Mul(big.NewInt(a), big.NewInt(b)) }

func (f Forecast) sentence(final bool) string {
	text := map[Prospect]string{
		WillPass: "按已投的票，无论其余如何表决，票数都将达到规定比例。",
		WillFail: "按已投的票，即使其余全部同意，票数也达不到规定比例。",
		Open:     "结果未定。",
	}[f.Prospect]
	if !final && f.Prospect != Open {
		text += "截止前仍可改票，此为预测，不是定论。"
	}
	return text
}
