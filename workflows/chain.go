package workflows

import (
	"slices"

	"gongzhi/procedure"
)

// Step is one link of a chain: the stages it opens and how it runs.
type Step struct {
	stages []procedure.Stage
	run    func(c Case, again []Option) *round
}

// One is a step of a single stage.
func One(stage procedure.Stage) Step {
	return Step{[]procedure.Stage{stage}, func(c Case, again []Option) *round { return c.ask(stage, again...) }}
}

// Side runs stages side by side as one step; it goes on when all have ended.
func Side(stages ...procedure.Stage) Step {
	return Step{stages, func(c Case, _ []Option) *round {
		rounds := make([]*round, len(stages))
		work := make([]func(Case), len(stages))
		for i, stage := range stages {
			work[i] = func(c Case) { rounds[i] = c.ask(stage) }
		}
		c.Together(work...)
		if c.over() {
			return nil
		}
		for _, r := range rounds { // a decision taken back, or a return, concerns the whole step
			if r.undone != nil || r.answer == procedure.Return {
				return r
			}
		}
		return rounds[len(rounds)-1]
	}}
}

// Chain runs steps one after the other. An answer may return the matter to an earlier step, from which it runs every step again
// (重走) or comes straight back to the returner (直达); a decision may be taken back while the next body has not acted (撤回).
// Each entry is a new round. It returns the answer that ended it: that of the last step, or the first that stops.
func (c Case) Chain(steps ...Step) procedure.Answer {
	var last *round
	previous := make([]*round, len(steps))
	for i, straight := 0, -1; i < len(steps) && !c.over(); {
		c.chain = stageNames(steps[:i+1])
		var again []Option
		if previous[i] != nil && previous[i].undone != nil {
			again = append(again, keeping(previous[i]))
			previous[i].undone = nil
		}
		c.file.before = nil
		if i > 0 && len(steps[i-1].stages) == 1 {
			c.file.before = previous[i-1]
		}
		last = steps[i].run(c, again)
		if last == nil {
			return procedure.NoAnswer
		}
		switch {
		case last.undone != nil:
			previous[i-1].undone = last.undone
			i--
			continue
		case last.answer == procedure.Return:
			target := slices.IndexFunc(steps, func(s Step) bool { return s.has(last.back.returnTo) })
			if last.back.mode == procedure.Straight {
				straight = i
			} else {
				straight = -1
			}
			i = target
			continue
		}
		previous[i] = last
		if o, _ := last.stage.Option(last.answer); o.Effect == procedure.Stop {
			return last.answer
		}
		if straight > i {
			i, straight = straight, -1
			continue
		}
		i++
	}
	c.chain, c.file.before = nil, nil
	if last == nil {
		return procedure.NoAnswer
	}
	return last.answer
}

func (s Step) has(stage string) bool {
	return slices.ContainsFunc(s.stages, func(o procedure.Stage) bool { return o.Name == stage })
}

func stageNames(steps []Step) []string {
	var names []string
	for _, s := range steps {
		for _, stage := range s.stages {
			names = append(names, stage.Name)
		}
	}
	return names
}

// keeping asks a step again with every answer standing but the one taken back.
func keeping(r *round) Option {
	var kept []*ticket
	for _, t := range r.tickets {
		if t.state == done && t != r.undone {
			kept = append(kept, t)
		}
	}
	return func(a *asking) { a.kept = kept }
}
