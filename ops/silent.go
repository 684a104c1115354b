package ops

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/record"
)

// CaseWait is an open wait with its case.
type CaseWait struct {
	record.Wait
	Title string
	Unit  string // that filed the case: who may ask the outside body
}

// CaseClock is a clock that stands, with its case.
type CaseClock struct {
	record.Deadline
	Title    string
	Unit     string
	UnitName string
}

// OutsideWaits reads what SilentDetector needs, of open cases.
type OutsideWaits interface {
	Calendars
	// OutsideWaits are the open waits in other courts than those given.
	OutsideWaits(ctx context.Context, inside []string) ([]CaseWait, error)
	PausedClocks(ctx context.Context) ([]CaseClock, error)
}

// SilentDetector finds bodies that do not answer and whom no deadline of ours binds (外部未回复): waits in an outside court, and
// clocks that stand until somebody outside has done something (专家评审、勘验检查、听证、调解、补正).
type SilentDetector struct {
	Waits OutsideWaits
}

// silentAfter is how many working days of silence are trouble: no law says when a body outside must answer (产品默认).
const silentAfter = 10

// insideCourts are the courts of waits that nobody need answer: time itself, and voters, who are free to stay silent.
var insideCourts = []string{"时间", "业主、居民"}

// Inside tells whether a wait in that court is nobody's delay.
func Inside(court string) bool { return slices.Contains(insideCourts, court) }

// Kind implements Detector.
func (SilentDetector) Kind() Kind { return Silent }

// Detect implements Detector.
func (d SilentDetector) Detect(ctx context.Context, now time.Time) ([]Finding, error) {
	cal, err := d.Waits.Calendar(ctx, "")
	if err != nil {
		return nil, err
	}
	waits, err := d.Waits.OutsideWaits(ctx, insideCourts)
	if err != nil {
		return nil, err
	}
	clocks, err := d.Waits.PausedClocks(ctx)
	if err != nil {
		return nil, err
	}
	since := workdays(cal, now)
	var found []Finding
	for _, w := range waits {
		n := since(calendar.DateOf(w.Since))
		if n < silentAfter || w.Until != nil && now.Before(*w.Until) { // it has been given time until then
			continue
		}
		found = append(found, Finding{
			Cause: "wait/" + w.Case + "/" + w.Wait.Wait, Since: w.Since, Court: w.Court, Unit: w.Unit, Basis: w.Basis,
			Sentence: say(procedure.ToneYellow, "等 ", w.Court, fmt.Sprintf(" 回复「%s」已 %d 个工作日。", w.For, n)),
			Facts:    map[string]string{"wait": w.Wait.Wait}, Cases: []Affected{{Number: w.Case, Title: w.Title}},
		})
	}
	for _, c := range clocks {
		from := standsSince(c.Deadline.Deadline)
		if n := since(calendar.DateOf(from)); n >= silentAfter {
			found = append(found, standing(c, from, n))
		}
	}
	return found, nil
}

func standing(c CaseClock, from time.Time, n int) Finding {
	f := Finding{
		Cause: "clock/" + c.Case + "/" + c.Clock + "/" + strconv.FormatInt(from.Unix(), 10), Since: from, Unit: c.Unit, Basis: c.Basis,
		Facts: map[string]string{"clock": c.Clock, "ground": c.Ground}, Cases: []Affected{{Number: c.Case, Title: c.Title}},
	}
	what := procedure.GroundTitle(c.Ground)
	if c.WaitFor == procedure.Applicant {
		f.Court = c.UnitName
		f.Sentence = say(procedure.ToneYellow, "等 ", c.UnitName, fmt.Sprintf(" %s已 %d 个工作日，「%s」的时钟一直停着。", what, n, c.Deadline.Title))
		return f
	}
	f.Court = what
	f.Sentence = say(procedure.ToneYellow, "等 ", what, fmt.Sprintf(" 的结果已 %d 个工作日，「%s」的时钟一直停着（由 %s 暂停）。", n, c.Deadline.Title, c.WaitFor))
	return f
}

// standsSince is when the pause began that has not ended.
func standsSince(d calendar.Deadline) time.Time {
	for _, p := range d.Pauses {
		if p.To == nil {
			return p.From
		}
	}
	return d.Anchor
}
