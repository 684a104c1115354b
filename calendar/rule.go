package calendar

import "fmt"

// Unit is what a period is counted in.
type Unit string

// The units of the law. They are never mixed: election law counts calendar days,
// admission counts working days, the hotline counts hours.
const (
	Hour    Unit = "hour"    // 小时, runs through days off
	Day     Unit = "day"     // 日, calendar days
	Workday Unit = "workday" // 工作日
	Month   Unit = "month"   // 月
	Year    Unit = "year"    // 年
)

// Period is a number of units, such as 15 working days.
type Period struct {
	N    int  `json:"n"`
	Unit Unit `json:"unit"`
}

// Hours returns a period of n hours (小时).
func Hours(n int) Period { return Period{N: n, Unit: Hour} }

// Days returns a period of n calendar days (日).
func Days(n int) Period { return Period{N: n, Unit: Day} }

// Workdays returns a period of n working days (工作日).
func Workdays(n int) Period { return Period{N: n, Unit: Workday} }

// Months returns a period of n months (月).
func Months(n int) Period { return Period{N: n, Unit: Month} }

// Years returns a period of n years (年).
func Years(n int) Period { return Period{N: n, Unit: Year} }

// String returns the period in Chinese, such as 15 个工作日.
func (p Period) String() string { return amount(p.N, p.Unit) }

func amount(n int, u Unit) string {
	word := map[Unit]string{Hour: "小时", Day: "日", Workday: "个工作日", Month: "个月", Year: "年"}[u]
	if word == "" {
		return fmt.Sprintf("%d（单位未知）", n)
	}
	return fmt.Sprintf("%d %s", n, word)
}

// longest is the largest number of each unit that a period may have: a hundred
// years, or 36,500 of the smaller units. Anything longer is a typing error.
var longest = map[Unit]int{Hour: 36_500, Day: 36_500, Workday: 36_500, Month: 1_200, Year: 100}

// Validate refuses an unknown unit, a negative number and an absurd length with
// CodePeriod.
func (p Period) Validate() error {
	limit, known := longest[p.Unit]
	switch {
	case !known:
		return refuse(CodePeriod, "期限单位 %.40q 无效：应为 hour、day、workday、month 或 year", string(p.Unit))
	case p.N < 0:
		return refuse(CodePeriod, "期限不得为负数：%d", p.N)
	case p.N > limit:
		return refuse(CodePeriod, "期限过长：%s，至多 %s", p, amount(limit, p.Unit))
	}
	return nil
}

// Direction says on which side of the anchor a period lies.
type Direction string

// The two directions; an empty Direction means After.
const (
	After  Direction = "after"  // 事件之后 n 日内
	Before Direction = "before" // 事件 n 日之前
)

// Kind says what the end of the period means.
type Kind string

// The kinds; an empty Kind means Due.
const (
	// Due is a last day: the act must be done by its end (截止).
	Due Kind = "due"
	// NotBefore is an earliest moment: the act may not be done sooner (不得早于).
	NotBefore Kind = "not_before"
	// MinPublicity is the shortest display of a notice (公示不少于): the next step
	// may follow from the day after the last day.
	MinPublicity Kind = "min_publicity"
)

// Roll says what happens when the last day is a day off.
type Roll string

// The rolls; an empty Roll means None.
const (
	None        Roll = "none"
	NextWorkday Roll = "next_workday" // 顺延, Civil Code (民法典) art. 203; forward rules only
	// PreviousWorkday moves a backward deadline to an earlier working day (提前).
	PreviousWorkday Roll = "previous_workday"
)

// Rule is one way of reckoning a deadline from an anchor.
type Rule struct {
	Period    Period    `json:"period"`
	Direction Direction `json:"direction"`
	Kind      Kind      `json:"kind"`
	Roll      Roll      `json:"roll"`
	// ClearDays asks a backward rule for full days (净日数): neither the anchor's
	// day nor the day of the act lies within the period, so the last permitted day
	// is one earlier.
	ClearDays bool `json:"clear_days,omitempty"`
}

// Within returns the rule "within p after the event" (n 日内). A last day that is
// a day off moves to the next working day for days, months and years; working
// days end on a working day anyway and hours run through days off.
func Within(p Period) Rule {
	r := Rule{Period: p, Direction: After, Kind: Due, Roll: None}
	if p.Unit == Day || p.Unit == Month || p.Unit == Year {
		r.Roll = NextWorkday
	}
	return r
}

// AtLeastBefore returns the rule "at least p before the event" (n 日前). The last
// permitted day never moves later; use Rule.OnWorkday to move it to an earlier
// working day when it is a day off.
func AtLeastBefore(p Period) Rule {
	return Rule{Period: p, Direction: Before, Kind: Due, Roll: None}
}

// Publicity returns the rule "displayed for at least p" (公示不少于 n 日). It does
// not roll: a display may end on a day off.
func Publicity(p Period) Rule {
	return Rule{Period: p, Direction: After, Kind: MinPublicity, Roll: None}
}

// OnWorkday returns the rule with its last day moved to a working day: to the next
// one for a forward rule, to an earlier one for a backward rule.
func (r Rule) OnWorkday() Rule {
	r.Roll = NextWorkday
	if r.Direction == Before {
		r.Roll = PreviousWorkday
	}
	return r
}

// normal fills in the meaning of empty fields.
func (r Rule) normal() Rule {
	if r.Direction == "" {
		r.Direction = After
	}
	if r.Kind == "" {
		r.Kind = Due
	}
	if r.Roll == "" {
		r.Roll = None
	}
	return r
}

// Validate refuses unknown words and combinations without a meaning with CodeRule
// or CodePeriod: a backward deadline that rolls later, a forward one that rolls
// earlier, hours that roll, clear days of a forward rule, a backward display.
func (r Rule) Validate() error {
	if err := r.Period.Validate(); err != nil {
		return err
	}
	r = r.normal()
	switch {
	case r.Direction != After && r.Direction != Before:
		return refuse(CodeRule, "期限方向 %.40q 无效：应为 after 或 before", string(r.Direction))
	case r.Kind != Due && r.Kind != NotBefore && r.Kind != MinPublicity:
		return refuse(CodeRule, "期限种类 %.40q 无效：应为 due、not_before 或 min_publicity", string(r.Kind))
	case r.Roll != None && r.Roll != NextWorkday && r.Roll != PreviousWorkday:
		return refuse(CodeRule, "顺延方式 %.40q 无效：应为 none、next_workday 或 previous_workday", string(r.Roll))
	case r.Direction == Before && r.Roll == NextWorkday:
		return refuse(CodeRule, "倒推的期限不得顺延，只能提前")
	case r.Direction == After && r.Roll == PreviousWorkday:
		return refuse(CodeRule, "顺推的期限不得提前届满")
	case r.Period.Unit == Hour && r.Roll != None:
		return refuse(CodeRule, "以小时计的期限不因休息日顺延")
	case r.ClearDays && (r.Direction == After || r.Period.Unit == Hour):
		return refuse(CodeRule, "净日数只适用于以日计的倒推期限")
	case r.Kind == MinPublicity && r.Direction == Before:
		return refuse(CodeRule, "公示期只能自张贴之日起顺推")
	}
	return nil
}

// String returns the rule in Chinese, such as 15 个工作日内.
func (r Rule) String() string {
	r = r.normal()
	switch {
	case r.Kind == MinPublicity:
		return "公示不少于 " + r.Period.String()
	case r.Kind == NotBefore && r.Direction == Before:
		return "不早于此前 " + r.Period.String()
	case r.Kind == NotBefore:
		return "满 " + r.Period.String() + "后"
	case r.Direction == Before:
		return r.Period.String() + "前"
	}
	return r.Period.String() + "内"
}
