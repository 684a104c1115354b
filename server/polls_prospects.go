package server

import (
	"context"
	"fmt"
	"time"

	"gongzhi/ballot"
	"gongzhi/calendar"
	"gongzhi/rules"
)

// Prospects say in one sentence until when a vote can still pass.
type Prospects struct {
	Chance  string     `json:"chance" enum:"waiting,open,passes,fails,over" doc:"passes and fails: as things stand; over: no ballot changes it any more"`
	Certain bool       `json:"certain" doc:"nothing that may still happen changes it"`
	Text    string     `json:"text"`
	Until   *time.Time `json:"until,omitempty" doc:"from this moment on it cannot pass, unless it has or is extended"`
	Latest  *time.Time `json:"latest,omitempty" doc:"the same, should the window be extended as the notice allows"`
}

// standing is a poll with everything that its prospects depend on.
type standing struct {
	poll     ballot.Poll
	totals   rules.Totals
	channels map[ballot.Channel]int64
}

// forecast is whether the vote is decided; nil while nobody may know.
func (v standing) forecast() (*rules.Forecast, error) {
	p := v.poll
	if hidden(p) || p.All.Heads == 0 {
		return nil, nil
	}
	// Paper may replace a web ballot, so that a ballot is final only when there is none of them, or after the close.
	final := !running(p) || !p.Revisable && v.channels[ballot.Web] == 0
	f, err := rules.Predict(p.Rule, v.totals, final)
	return &f, err
}

func (s *Server) prospects(ctx context.Context, v standing) (Prospects, error) {
	p := v.poll
	switch {
	case p.State != ballot.Open:
		return resting(p), nil
	case p.Closes == nil:
		return Prospects{}, fmt.Errorf("the poll %s is open without end", p.Number)
	}
	f, err := v.forecast()
	if err != nil {
		return Prospects{}, err
	}
	o := Prospects{Chance: "open", Until: p.Closes}
	end := lastDay(*p.Closes)
	if f != nil && f.Prospect != rules.Open {
		return decided(o, *f, end), nil
	}
	o.Text = "在" + end + "截止之前都还可以通过，截止时没有达到比例的，不能通过。"
	more, err := p.Rule.Extendable(v.totals)
	if err != nil || !more || p.Extension == 0 || p.Extended > 0 {
		return o, err
	}
	cal, err := s.Reader.Calendar(ctx, "")
	if err != nil {
		return o, err
	}
	d, err := cal.Deadline(*p.Closes, calendar.Within(calendar.Period{N: p.Extension, Unit: calendar.Day}), nil)
	if err != nil {
		return o, err
	}
	o.Latest = &d.Due
	o.Text = fmt.Sprintf("在%s截止之前都还可以通过；截止时参与不足规定比例的，按公告延长一次 %d 日，到%s为止，此后不能再通过。", end, p.Extension, lastDay(d.Due))
	return o, nil
}

// resting is the prospects of a vote that takes no ballots.
func resting(p ballot.Poll) Prospects {
	o := Prospects{Chance: "over", Certain: true}
	switch p.State {
	case ballot.Preparing:
		o = Prospects{Chance: "waiting", Text: "表决还没有开始，表决期从开始之日起算。"}
		if p.Platform != "" {
			o.Text = "在" + p.Platform + "表决，结果以该平台认证的为准。"
		}
	case ballot.Closed:
		o.Text = "表决已经截止，票不再变动，能否通过以计票为准。"
	case ballot.Counted:
		o.Certain = false // until 询异 is over the count may be looked at again
		o.Text = "初步统计结果是" + outcome(p) + "，询异结束后确定。"
	case ballot.Final:
		o.Text = "结果是" + outcome(p) + "，已经确定。"
	default:
		o.Text = "表决已作废，没有结果。"
	}
	return o
}

// decided is the prospects of an open vote that is decided, or would be if the ballots stayed as they are.
func decided(o Prospects, f rules.Forecast, end string) Prospects {
	o.Certain = f.Certain
	switch {
	case f.Prospect == rules.WillFail && f.Certain:
		o.Chance, o.Text = "fails", "已经确定不能通过：已投的票不能再改，其余全部同意也达不到比例，延长也改变不了。"
	case f.Prospect == rules.WillFail:
		o.Chance, o.Text = "fails", "按已投的票已不能通过；票还可以改，到"+end+"截止时才能确定。"
	case f.Certain:
		o.Chance, o.Text = "passes", "票数已经确定达到比例，此后的票改变不了。"
	default:
		o.Chance, o.Text = "passes", "按已投的票将会通过；票还可以改，到"+end+"截止时才能确定。"
	}
	return o
}

// lastDay is the day at whose end a window closes.
func lastDay(closes time.Time) string {
	return calendar.DateOf(closes.Add(-time.Microsecond)).Long()
}
