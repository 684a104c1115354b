package ballot

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"sync"
	"time"

	"gongzhi/procedure"
	"gongzhi/rules"
)

// Conductor does what the workflow of a vote asks for. Everything it does can be repeated.
type Conductor struct {
	Store  Store
	Secret Secret
	// Clock turns the database's time into case time.
	Clock func(time.Time) time.Time
	// Now is case time.
	Now func() time.Time
	// Checkpoint signs the ledger as it is.
	Checkpoint func(ctx context.Context, number string) error

	// freezing: one roll at a time. It is held in memory while its heads are counted, and read by a second connection while its
	// voters are written by the first.
	freezing sync.Mutex
}

// Frozen is a roll that cannot change any more.
type Frozen struct {
	Version     int          `json:"version"`
	Fingerprint string       `json:"fingerprint"`
	Voters      int64        `json:"voters"`
	Total       rules.Weight `json:"total"`
}

// Tally is what a count found, in short: the record of the vote has the rest.
type Tally struct {
	Passed bool      `json:"passed"`
	Text   string    `json:"text"`
	Short  string    `json:"short"` // the tests that were not met
	At     time.Time `json:"at"`    // when it was found
	// Why there is no count: what people have to mend first.
	Why string `json:"why,omitempty"`
}

// Prepare creates the poll of a case.
func (c *Conductor) Prepare(ctx context.Context, t Terms) error { return c.Store.PreparePoll(ctx, t) }

// Freeze turns the newest roll into voters.
func (c *Conductor) Freeze(ctx context.Context, number string) (Frozen, error) {
	p, err := c.Store.Poll(ctx, number)
	if err != nil {
		return Frozen{}, err
	}
	versions, err := c.Store.RollVersions(ctx, number)
	if err != nil {
		return Frozen{}, err
	}
	if len(versions) == 0 {
		return Frozen{}, refuse(procedure.Conflict, CodeRoll, "清册还没有导入")
	}
	v := versions[0]
	if !p.Frozen {
		if err := c.freeze(ctx, p, v); err != nil {
			return Frozen{}, err
		}
		if p, err = c.Store.Poll(ctx, number); err != nil {
			return Frozen{}, err
		}
	}
	return Frozen{Version: v.Version, Fingerprint: v.Fingerprint, Voters: p.Voters, Total: p.All}, nil
}

func (c *Conductor) freeze(ctx context.Context, p Poll, v RollVersion) error {
	c.freezing.Lock()
	defer c.freezing.Unlock()
	lines := c.lines(ctx, p.Number, v.Version)
	roll, err := countLines(lines, p.Options)
	if err != nil {
		return err
	}
	return c.Store.FreezeRoll(ctx, p.Number, buildVoters(p.Number, lines, roll, c.Secret), roll.Total)
}

// lines reads a version of the roll, a page at a time.
func (c *Conductor) lines(ctx context.Context, number string, version int) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		for after := ""; ; {
			part, err := c.Store.RollLines(ctx, number, version, after, page)
			if err != nil {
				yield(Line{}, err)
				return
			}
			for _, l := range part {
				if !yield(l, nil) {
					return
				}
				after = l.Code
			}
			if len(part) < page {
				return
			}
		}
	}
}

// Open opens the window.
func (c *Conductor) Open(ctx context.Context, number string, opens, closes time.Time) error {
	return c.Store.OpenPoll(ctx, number, opens, closes)
}

// Quorate tells whether as many take part as the rule asks; true where it asks nothing.
func (c *Conductor) Quorate(ctx context.Context, number string) (bool, error) {
	p, err := c.Store.Poll(ctx, number)
	if err != nil {
		return false, err
	}
	t, err := c.Store.Totals(ctx, number)
	if err != nil {
		return false, err
	}
	return p.Rule.Quorate(t)
}

// Extend moves the close.
func (c *Conductor) Extend(ctx context.Context, number string, n int, closes time.Time) error {
	return c.Store.ExtendPoll(ctx, number, n, closes)
}

// Close closes the window and signs the ledger.
func (c *Conductor) Close(ctx context.Context, number string) error {
	if _, err := c.Store.ClosePoll(ctx, number, c.Clock); err != nil {
		return err
	}
	return c.Checkpoint(ctx, number)
}

// Count counts the ballots, one by one and not from the running sums, and judges the result.
func (c *Conductor) Count(ctx context.Context, number string) (Tally, error) {
	p, err := c.Store.Poll(ctx, number)
	if err != nil {
		return Tally{}, err
	}
	if p.Result != nil && p.State != Closed {
		return tally(*p.Result), nil
	}
	var t rules.Totals
	switch {
	case p.Imported != nil && p.Imported.Second == "":
		return Tally{}, refuse(procedure.Conflict, CodeResult, "官方平台的认证结果须由第二人核对后才能采用")
	case p.Imported != nil:
		t = p.Imported.Totals
	case p.State == Preparing:
		return Tally{}, refuse(procedure.Conflict, CodeResult, "官方平台的认证结果还没有录入")
	default:
		if t, err = c.recount(ctx, number); err != nil {
			return Tally{}, err
		}
	}
	verdict, err := rules.Judge(p.Rule, t)
	if err != nil {
		return Tally{}, err
	}
	r := Result{Totals: t, Verdict: verdict, Leaves: p.Leaves, At: c.Now()}
	if versions, err := c.Store.RollVersions(ctx, number); err != nil {
		return Tally{}, err
	} else if len(versions) > 0 {
		r.Roll, r.Print = versions[0].Version, versions[0].Fingerprint
	}
	last, err := c.Store.LastCheckpoints(ctx, number, 1)
	if err != nil {
		return Tally{}, err
	}
	if len(last) > 0 {
		r.Root = last[0].Root
	}
	return tally(r), c.Store.SaveResult(ctx, number, r)
}

// recount counts the ballots and makes sure that the running sums, which everybody has looked at, say the same.
func (c *Conductor) recount(ctx context.Context, number string) (rules.Totals, error) {
	t, err := c.Store.CountBallots(ctx, number)
	if err != nil {
		return t, err
	}
	sums, err := c.Store.Totals(ctx, number)
	if err != nil {
		return t, err
	}
	if sums != t {
		return t, fmt.Errorf("the ballots of %s say %+v, the running sums %+v", number, t, sums)
	}
	return t, nil
}

// tally says the result in one sentence: every fraction, and whether it is enough.
func tally(r Result) Tally {
	var all, short []string
	for _, test := range r.Verdict.Tests {
		text := test.Title + " " + test.Shown
		all = append(all, text)
		if !test.Met {
			short = append(short, text)
		}
	}
	return Tally{Passed: r.Verdict.Outcome == rules.Passed, At: r.At, Text: r.Verdict.Outcome.Label() + "：" + strings.Join(all, "；"),
		Short: strings.Join(short, "；") + "，不足规定的比例"}
}

// Finish ends 询异. It refuses while an objection to the result has no answer.
func (c *Conductor) Finish(ctx context.Context, number string) error {
	objections, err := c.Store.Objections(ctx, number, "result")
	if err != nil {
		return err
	}
	open := 0
	for _, o := range objections {
		if o.Answered == nil {
			open++
		}
	}
	if open > 0 {
		return refuse(procedure.Conflict, CodeObjection, "还有 %d 件对结果的异议未答复", open)
	}
	return c.Store.FinishPoll(ctx, number)
}

// Void ends a poll whose case ended before. A final result stays what it is, also when the project ends early.
func (c *Conductor) Void(ctx context.Context, number string) error {
	p, err := c.Store.Poll(ctx, number)
	var refusal *procedure.Error
	switch {
	case errors.As(err, &refusal) && refusal.Kind == procedure.NotFound: // the case ended before its poll was prepared
		return nil
	case err != nil:
		return err
	case p.State == Final:
		return nil
	}
	return c.Store.VoidPoll(ctx, number)
}
