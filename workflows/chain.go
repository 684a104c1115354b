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
	previous := make([]*round, len(steps)) // the latest round of each step
	came := make([]int, len(steps))        // the step that led to each; -1 for the beginning
	came[0] = -1
	for i, straight := 0, -1; i < len(steps) && !c.over(); {
		c.chain = stageNames(steps[:i+1])
		var again []Option
		if previous[i] != nil && previous[i].undone != nil {
			again = append(again, keeping(previous[i]))
		}
		c.file.before = nil
		if from := came[i]; from >= 0 && len(steps[from].stages) == 1 {
			c.file.before = previous[from]
		}
		last = steps[i].run(c, again)
		if last == nil {
			return procedure.NoAnswer
		}
		if last.undone != nil { // back to whoever took his decision back
			from := came[i]
			previous[from].undone = last.undone
			if straight = -1; from < i-1 {
				straight = i
			}
			i = from
			continue
		}
		previous[i] = last
		next := i + 1
		if o, _ := last.stage.Option(last.answer); last.answer != procedure.Return && o.Effect == procedure.Stop {
			return last.answer
		}
		switch {
		case last.answer == procedure.Return:
			next = slices.IndexFunc(steps, func(s Step) bool { return s.has(last.back.returnTo) })
			if straight = -1; last.back.mode == procedure.Straight {
				straight = i
			}
		case straight > i:
			next, straight = straight, -1
		}
		if next < len(steps) {
			came[next] = i
		}
		i = next
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
	return func(a *asking) { a.kept, a.undone = kept, r.undone }
}
