package ops

import (
	"context"
	"fmt"
	"time"

	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/record"
)

// Calendars gives the working days in force; the empty version is the current one.
type Calendars interface {
	Calendar(ctx context.Context, version string) (*calendar.Calendar, error)
}

// LateTasks reads what OverdueDetector needs.
type LateTasks interface {
	Calendars
	// LateTasks are the open tasks whose deadline has passed. One that waits for a signer or a helper is not in its holder's court.
	LateTasks(ctx context.Context, now time.Time) ([]record.Task, error)
}

// Stages finds a stage of a procedure by its stable name.
type Stages func(kind procedure.Kind, name string) (procedure.Stage, bool)

// OverdueDetector finds people who are late (超期未办). It goes by the dates, not by the card: a case whose workflow does not run
// gets none.
type OverdueDetector struct {
	Tasks  LateTasks
	Stages Stages
}

// Kind implements Detector.
func (OverdueDetector) Kind() Kind { return Overdue }

// Detect implements Detector.
func (d OverdueDetector) Detect(ctx context.Context, now time.Time) ([]Finding, error) {
	cal, err := d.Tasks.Calendar(ctx, "")
	if err != nil {
		return nil, err
	}
	tasks, err := d.Tasks.LateTasks(ctx, now)
	if err != nil {
		return nil, err
	}
	late := workdays(cal, now)
	found := make([]Finding, 0, len(tasks))
	for _, t := range tasks {
		if t.Due == nil {
			return nil, fmt.Errorf("the task %s is late and has no deadline", t.ID)
		}
		stage, _ := d.Stages(t.Kind, t.Stage)
		court := courtOf(t.Holder)
		looked := "从未查看"
		if t.ReadAt != nil {
			looked = clockOf(*t.ReadAt)
		}
		by := "超期"
		if n := late(lastDay(*t.Due)); n > 0 {
			by = fmt.Sprintf("超期 %d 个工作日", n)
		}
		found = append(found, Finding{
			Cause: t.ID, Since: *t.Due, Court: court, Unit: t.Holder.Unit, Basis: stage.Basis,
			Sentence: say(procedure.ToneRed, "", court, fmt.Sprintf("%s未办「%s」（应于%s前），最近一次查看：%s。", by, t.Title, lastDay(*t.Due).Short(), looked)),
			Facts:    map[string]string{"task": t.ID, "stage": t.Stage}, Cases: []Affected{{Number: t.Case, Title: t.CaseTitle, Task: t.ID}},
		})
	}
	return found, nil
}

// workdays counts the working days since a day, remembering them: many tasks are late since the same day.
func workdays(cal *calendar.Calendar, now time.Time) func(calendar.Date) int {
	today, known := calendar.DateOf(now), map[calendar.Date]int{}
	return func(day calendar.Date) int {
		n, ok := known[day]
		if !ok {
			n = cal.WorkdaysBetween(day, today)
			known[day] = n
		}
		return n
	}
}

// lastDay is the last day that counts before a moment: 24:00 is 00:00 of the next.
func lastDay(due time.Time) calendar.Date { return calendar.DateOf(due.Add(-time.Nanosecond)) }

// courtOf names a post with its unit, or a person.
func courtOf(h procedure.Holder) string {
	if h.User != "" || h.Role == "" {
		return h.Title()
	}
	return h.UnitName + "（" + h.Role.Title() + "）"
}

// say makes a sentence with one strong phrase between two plain ones.
func say(tone procedure.Tone, before, strong, after string) procedure.Sentence {
	s := procedure.Sentence{Text: before + strong + after, Tone: tone}
	for _, p := range []procedure.Phrase{{Text: before}, {Text: strong, Strong: true}, {Text: after}} {
		if p.Text != "" {
			s.Parts = append(s.Parts, p)
		}
	}
	return s
}
