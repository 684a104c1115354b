package ops

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/procedure/consent"
	"gongzhi/record"
	"gongzhi/rules"
)

// Displays reads what ClockDetector needs.
type Displays interface {
	// ShownVotes are the votes of open cases, whatever their state.
	ShownVotes(ctx context.Context) ([]Vote, error)
	// OpenNotices are the notices of open cases of a procedure, in the order they were published.
	OpenNotices(ctx context.Context, kind procedure.Kind) ([]record.Notice, error)
}

// ClockDetector finds notices that were not published when the next step needed them, and notices displayed for less than the law
// asks (法定时限有误). It holds the record against the rule pack of today, not against what the workflow meant to do: a workflow that
// is right makes no such notice.
type ClockDetector struct {
	Votes Displays
	Pack  func(id string) (rules.Pack, error)
}

// Kind implements Detector.
func (ClockDetector) Kind() Kind { return Clock }

// display is a notice of a vote that must lie open for a period.
type display struct {
	title  string // with which the title of the notice ends
	figure string
	basis  procedure.Basis // empty: that of the figure
	needed string          // the step that needs it, once the vote has taken it; empty: not yet
}

// displays are the notices of a vote, in their order.
func displays(v Vote) []display {
	matter := consent.Facts{Animal: v.Animal}
	span, basis := matter.Display()
	shown, _ := matter.ResultDisplay()
	roll, opened, result := "", "", ""
	if v.Frozen {
		roll = "清册已冻结"
	}
	if v.Opens != nil {
		opened = "表决已开始"
	}
	if v.State == "final" {
		result = "结果已确定"
	}
	return []display{
		{title: "：清册公示", figure: consent.RollPublication, needed: roll},
		{title: "：表决公告", figure: span.Figure, basis: basis, needed: opened},
		{title: "：初步统计结果", figure: consent.ResultOpinions},
		{title: "：表决结果公告", figure: shown.Figure, needed: result},
		{title: "：居民会议决定公告", figure: shown.Figure},
		{title: "：决算公告", figure: shown.Figure},
	}
}

// The facts of what is wrong with a notice: with which words its title ends, and for how many days it must be displayed.
const (
	FactNotice = "notice"
	FactLeast  = "least"
)

// Detect implements Detector.
func (d ClockDetector) Detect(ctx context.Context, _ time.Time) ([]Finding, error) {
	pack, err := d.Pack(consent.PackID)
	if err != nil {
		return nil, err
	}
	votes, err := d.Votes.ShownVotes(ctx)
	if err != nil {
		return nil, err
	}
	notices, err := d.Votes.OpenNotices(ctx, consent.Kind)
	if err != nil {
		return nil, err
	}
	byCase := map[string][]record.Notice{}
	for _, n := range notices {
		byCase[n.Case] = append(byCase[n.Case], n)
	}
	var found []Finding
	for _, v := range votes {
		for _, one := range displays(v) {
			least, err := pack.Figure(one.figure)
			if err != nil {
				return nil, fmt.Errorf("figure %s: %w", one.figure, err)
			}
			if one.basis == (procedure.Basis{}) {
				one.basis = procedure.Basis{Text: least.Source.Article, Tag: string(least.Source.Tag)}
			}
			f, wrong, err := one.check(v, byCase[v.Case], int(least.Value))
			if err != nil {
				return nil, err
			}
			if wrong {
				found = append(found, f)
			}
		}
	}
	return found, nil
}

// check looks at the newest notice of its kind: what was too short is mended by publishing it again for long enough.
func (d display) check(v Vote, notices []record.Notice, least int) (Finding, bool, error) {
	f := Finding{
		Cause: v.Case + d.title, Court: v.UnitName, Unit: v.Unit, Basis: d.basis, Cases: []Affected{{Number: v.Case, Title: v.Title}},
		Facts: map[string]string{FactNotice: d.title, FactLeast: fmt.Sprint(least)},
	}
	name := strings.TrimPrefix(d.title, "：")
	var last *record.Notice
	for i := range notices {
		if strings.HasSuffix(notices[i].Title, d.title) {
			last = &notices[i]
		}
	}
	switch {
	case last == nil && d.needed == "":
		return f, false, nil
	case last == nil:
		f.Sentence = say(procedure.ToneRed, "「"+v.Title+"」的", name, fmt.Sprintf("未按时公布，%s（依据：%s）。", d.needed, d.basis.Text))
		if v.Opens != nil {
			f.Since = *v.Opens
		}
		return f, true, nil
	case last.Until == "":
		return f, false, nil // it stays
	}
	until, err := calendar.ParseDate(last.Until)
	if err != nil {
		return f, false, fmt.Errorf("notice %s: %w", last.ID, err)
	}
	// The day on which it was published does not count.
	days := calendar.DateOf(last.From).DaysUntil(until)
	if days >= least {
		return f, false, nil
	}
	f.Since, f.Facts["id"] = last.From, last.ID
	f.Sentence = say(procedure.ToneRed, "「"+last.Title+"」", fmt.Sprintf("公示仅 %d 日，少于 %d 日", max(days, 0), least), fmt.Sprintf("（依据：%s）。", d.basis.Text))
	return f, true, nil
}
