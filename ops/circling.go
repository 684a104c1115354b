package ops

import (
	"context"
	"fmt"
	"time"

	"gongzhi/procedure"
)

// Circle is how often a case was sent back from one stage to another.
type Circle struct {
	Case     string
	Title    string
	Kind     procedure.Kind
	Unit     string
	UnitName string
	Who      string // in whose court it is now
	From, To string // stages
	Times    int
	Since    time.Time // the first time
}

// Circles reads what CirclingDetector needs.
type Circles interface {
	// Circles are the pairs of stages of open cases between which the case was sent back at least so many times.
	Circles(ctx context.Context, least int) ([]Circle, error)
}

// CirclingDetector finds cases that go back and forth (反复退回).
type CirclingDetector struct {
	Cases  Circles
	Stages Stages
}

// circlesFrom is how often a case must have been sent back between the same two stages.
const circlesFrom = 3

// Kind implements Detector.
func (CirclingDetector) Kind() Kind { return Circling }

// Detect implements Detector.
func (d CirclingDetector) Detect(ctx context.Context, _ time.Time) ([]Finding, error) {
	circles, err := d.Cases.Circles(ctx, circlesFrom)
	if err != nil {
		return nil, err
	}
	found := make([]Finding, 0, len(circles))
	for _, c := range circles {
		from, to := d.title(c.Kind, c.From), d.title(c.Kind, c.To)
		court := c.Who
		if court == "" {
			court = c.UnitName
		}
		found = append(found, Finding{
			Cause: c.Case + "/" + c.From + "/" + c.To, Since: c.Since, Court: court, Unit: c.Unit,
			Sentence: say(procedure.ToneYellow, "在「"+to+"」与「"+from+"」之间", fmt.Sprintf("退回 %d 次", c.Times), "。"),
			Facts:    map[string]string{"from": c.From, "to": c.To}, Cases: []Affected{{Number: c.Case, Title: c.Title}},
		})
	}
	return found, nil
}

func (d CirclingDetector) title(kind procedure.Kind, name string) string {
	if s, ok := d.Stages(kind, name); ok {
		return s.Title
	}
	return name
}
