package ops

import (
	"context"
	"fmt"
	"time"

	"gongzhi/procedure"
	"gongzhi/rules"
)

// Vote is a vote of an open case with its running totals.
type Vote struct {
	Case      string
	Title     string
	Unit      string
	UnitName  string
	Animal    string // the legal kind, as in its application
	State     string // preparing, open, closed, counted, final, void
	Frozen    bool   // the roll
	Opens     *time.Time
	Closes    *time.Time
	Counted   *time.Time // when the result was found
	Hidden    bool       // nobody may learn running results
	Revisable bool
	Web       int64 // ballots of the web that count
	Rule      rules.ConsentRule
	Totals    rules.Totals
}

// Votes reads what LostDetector needs.
type Votes interface {
	// OpenVotes are the votes that take ballots.
	OpenVotes(ctx context.Context) ([]Vote, error)
}

// LostDetector finds votes that surely cannot pass any more (表决已不可能通过). It says only that it is certain, never how anybody
// voted, and keeps quiet about votes whose running results are hidden.
type LostDetector struct {
	Votes Votes
}

// Kind implements Detector.
func (LostDetector) Kind() Kind { return Lost }

// Detect implements Detector.
func (d LostDetector) Detect(ctx context.Context, _ time.Time) ([]Finding, error) {
	votes, err := d.Votes.OpenVotes(ctx)
	if err != nil {
		return nil, err
	}
	var found []Finding
	for _, v := range votes {
		if v.Hidden || v.Totals.All.Heads == 0 {
			continue
		}
		// Paper may replace a web ballot, so that a ballot is final only where there is none of them.
		f, err := rules.Predict(v.Rule, v.Totals, !v.Revisable && v.Web == 0)
		if err != nil {
			return nil, fmt.Errorf("vote %s: %w", v.Case, err)
		}
		if f.Prospect != rules.WillFail || !f.Certain {
			continue
		}
		found = append(found, Finding{
			Cause: v.Case, Court: v.UnitName, Unit: v.Unit, Basis: basisOf(v.Rule.Sources),
			Sentence: say(procedure.ToneRed, "「", v.Title, "」已不可能通过：已投的票不能再改，其余全部同意也达不到规定比例。"),
			Cases:    []Affected{{Number: v.Case, Title: v.Title}},
		})
	}
	return found, nil
}

// basisOf is the first source of a rule, as a basis.
func basisOf(sources []rules.Source) procedure.Basis {
	if len(sources) == 0 {
		return procedure.Basis{}
	}
	return procedure.Basis{Text: sources[0].Article, Tag: string(sources[0].Tag)}
}
