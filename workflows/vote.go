package workflows

import (
	"fmt"
	"time"

	"gongzhi/activities"
	"gongzhi/ballot"
	"gongzhi/calendar"
	"gongzhi/procedure"
)

// voteBudget is how long closing and counting may take: a million ballots are counted one by one.
const voteBudget = 5 * time.Minute

// LieOpen lets a period pass in which something is on display. It ends with the last day, whatever people do.
func (c Case) LieOpen(clock, title string, span procedure.Span, basis procedure.Basis) {
	k := c.Start(clock, title, span, basis)
	if k == nil {
		return
	}
	k.fixed = true // the last day was announced: no pause moves it
	c.Await(title+"届满", "时间", &k.deadline.Due, basis, never)
	c.Stop(k)
}

func never() bool { return false }

// lastDay is the last day of a span from today, as a notice states it.
func (c Case) lastDay(title string, span procedure.Span) string {
	if c.over() {
		return ""
	}
	period, err := span.Period(c.filing.Figures)
	if err != nil {
		c.fail(err)
		return ""
	}
	return c.daysFrom(c.now(c.ctx), title, period).Day.String()
}

func (c Case) daysFrom(anchor time.Time, title string, period calendar.Period) calendar.Deadline {
	p, ok := c.plan(activities.PlanRequest{Reckon: &activities.Reckoning{Anchor: anchor, Rule: calendar.Within(period)}}, title)
	if !ok {
		return calendar.Deadline{}
	}
	return *p.Deadline
}

// voting is what a vote needs to know.
type voting struct {
	span      procedure.Span // of the window
	basis     procedure.Basis
	extension int // days by which it is extended once when too few take part; 0: it is not
}

// Vote opens the window, lets it pass, extends it once where the notice says so, closes it and has the ballots counted. No ballot
// comes by here: the history of a vote is as long for ten ballots as for a million.
func (c Case) Vote(v voting) {
	k := c.Start("voting", "表决期", v.span, v.basis)
	if k == nil {
		return
	}
	k.fixed = true
	number, closes := c.filing.Case, k.deadline.Due
	c.lasting("开始表决", do.OpenPoll, nil, activities.Window{Number: number, Opens: c.now(c.ctx), Closes: closes})
	c.Await("投票", "业主、居民", &closes, v.basis, never)
	if v.extension > 0 && !c.quorate() {
		closes = c.daysFrom(c.now(c.ctx), "延长表决期", calendar.Period{N: v.extension, Unit: calendar.Day}).Due
		c.lasting("延长表决期", do.ExtendPoll, nil, activities.Window{Number: number, N: 1, Closes: closes})
		c.Post(procedure.Posted{Title: "延长表决期公告", Until: calendar.DateOf(closes.Add(-time.Microsecond)).String(),
			Text: fmt.Sprintf("参与表决的人数或面积未达规定比例，按照表决公告，表决期延长 %d 日，至 %s 止。已投的票继续有效。",
				v.extension, calendar.DateOf(closes.Add(-time.Microsecond)).Long())})
		c.Await("在延长的表决期内投票", "业主、居民", &closes, v.basis, never)
	}
	c.Stop(k)
	c.lasting("截止表决", do.ClosePoll, nil, number)
}

func (c Case) quorate() (enough bool) {
	c.lasting("核对参与比例", do.QuoratePoll, &enough, c.filing.Case)
	return enough
}

// count has the ballots counted and judged.
func (c Case) count() (t ballot.Tally) {
	c.lasting("计票", do.CountPoll, &t, c.filing.Case)
	return t
}

// lasting changes something outside the record, for a verb.
func (c Case) lasting(summary string, activity, result any, args ...any) {
	if !c.over() {
		c.fail(lasting(c.ctx, voteBudget, summary, activity, result, args...))
	}
}
