package store

import (
	"slices"
	"time"

	"gongzhi/procedure"
)

// Which answers send a case back, and how often: a case that goes in circles shows in the list of what does not move.

// backTo is the stage to which an answer sends the case back: the one that was chosen (退回), or one that follows the answer although
// the case had been there before it first came to the stage that answers (补正、费未到、重新计票). Empty: it goes on.
func (f *fold) backTo(t *taskDoc, p procedure.Answered) (string, error) {
	if p.Answer == procedure.Return {
		return p.ReturnTo, nil
	}
	i := slices.IndexFunc(t.Options, func(o procedure.Option) bool { return o.Answer == p.Answer })
	if i < 0 || len(t.Options[i].Then) == 0 {
		return "", nil
	}
	stages, err := f.stages.all()
	if err != nil {
		return "", err
	}
	here := stages[stageKey(p.Stage, 1)]
	for _, next := range t.Options[i].Then {
		if there := stages[stageKey(next, 1)]; here != nil && there != nil && there.seq < here.seq {
			return next, nil
		}
	}
	return "", nil
}

func (c *caseDoc) pair(from, to string) *returned {
	i := slices.IndexFunc(c.Returns, func(r returned) bool { return r.From == from && r.To == to })
	if i < 0 {
		return nil
	}
	return &c.Returns[i]
}

// sentBack counts a return, once for each round.
func (c *caseDoc) sentBack(from, to string, round int, at time.Time) {
	r := c.pair(from, to)
	switch {
	case r == nil:
		c.Returns = append(c.Returns, returned{From: from, To: to, N: 1, Round: round, Since: at})
	case round > r.Round:
		r.N++
		r.Round = round
	}
}

// tookBack uncounts the return of a round: its giver took the decision back (撤回).
func (c *caseDoc) tookBack(from, to string, round int) {
	if r := c.pair(from, to); r != nil && r.Round == round && r.N > 0 {
		r.N--
		r.Round--
	}
}

func (c caseDoc) mostReturned() int {
	most := 0
	for _, r := range c.Returns {
		most = max(most, r.N)
	}
	return most
}
