package workflows

import (
	"fmt"
	"slices"

	"gongzhi/procedure"
)

// ledger reads a record as a strict reader would and notes every fault.
type ledger struct {
	order    []*entry
	tasks    map[string]*entry
	commands map[string]int // events by command
	clocks   map[string]string
	faults   []string
	closed   bool
}

// entry is a task as the record tells it.
type entry struct {
	id, parent string
	stage      string
	round      int
	sign       procedure.Sign
	holder     procedure.Holder
	options    []procedure.Option
	lent       bool            // a helper has it
	by         procedure.Actor // who answered it
	state      string          // open, blocked, answered, closed
}

func (t *entry) live() bool { return t.state == "open" || t.state == "blocked" }

func (l *ledger) fault(e procedure.Event, format string, args ...any) {
	l.faults = append(l.faults, fmt.Sprintf("%d %s by %s: ", e.Seq, e.Type, e.Actor.Title())+fmt.Sprintf(format, args...))
}

// in lists the tasks in some states.
func (l *ledger) in(states ...string) []*entry {
	var out []*entry
	for _, t := range l.order {
		if slices.Contains(states, t.state) {
			out = append(out, t)
		}
	}
	return out
}

// ledger reads the record so far.
func (c *court) ledger() *ledger {
	c.mu.Lock()
	defer c.mu.Unlock()
	l := &ledger{tasks: map[string]*entry{}, commands: map[string]int{}, clocks: map[string]string{}}
	for i, e := range c.events {
		if i > 0 && e.At.Before(c.events[i-1].At) {
			l.fault(e, "earlier than the line before")
		}
		if l.closed {
			l.fault(e, "after the end")
		}
		if e.Command != "" {
			l.commands[e.Command]++
		}
		l.read(e)
	}
	return l
}

func (l *ledger) read(e procedure.Event) {
	switch e.Type {
	case procedure.CaseClosed:
		l.closed = true
		for name, state := range l.clocks {
			if state != "stopped" {
				l.fault(e, "the clock %s is %s", name, state)
			}
		}
	case procedure.TaskOpened:
		p := payload[procedure.Opened](e)
		t := &entry{id: p.Task, parent: p.Parent, stage: p.Stage, round: p.Round, sign: p.Sign, holder: p.Holder, options: p.Options, state: "open"}
		if l.tasks[p.Task] != nil {
			l.fault(e, "opened twice")
		}
		l.tasks[p.Task], l.order = t, append(l.order, t)
	case procedure.TaskBlocked:
		l.turn(e, payload[procedure.Tasked](e).Task, "open", "blocked")
	case procedure.TaskUnblocked:
		l.turn(e, payload[procedure.Tasked](e).Task, "blocked", "open")
	case procedure.TaskReopened:
		l.turn(e, payload[procedure.Tasked](e).Task, "answered", "open")
	case procedure.TaskMoved:
		p := payload[procedure.Moved](e)
		if t := l.tasks[p.Task]; t == nil || !t.live() || !t.holder.Competent(e.Actor) {
			l.fault(e, "moved by somebody incompetent, or when it was over")
		} else {
			t.holder, t.lent = p.Holder, p.How == procedure.ActDelegate
		}
	case procedure.TaskAnswered:
		l.answered(e, payload[procedure.Answered](e))
	case procedure.TaskClosed:
		p := payload[procedure.Dropped](e)
		if t := l.tasks[p.Task]; t == nil || !t.live() {
			l.fault(e, "%s ends twice", p.Task)
		} else {
			t.state = "closed"
		}
	case procedure.TaskReminded:
		p := payload[procedure.Reminded](e)
		if t := l.tasks[p.Task]; t == nil || !t.live() {
			l.fault(e, "reminded of what is over")
		} else if !e.Actor.System() && (e.Actor.Role != procedure.Operator || p.Rung != procedure.RungEscalate || p.To == nil) {
			l.fault(e, "a person reminded of something but an operator who reports it")
		}
	case procedure.ClockStarted:
		l.run(e, "", "running")
	case procedure.ClockPaused:
		l.run(e, "running", "paused")
	case procedure.ClockResumed:
		l.run(e, "paused", "running")
	case procedure.ClockStopped:
		l.clocks[payload[procedure.Clocked](e).Clock] = "stopped"
	}
}

func (l *ledger) turn(e procedure.Event, id, from, to string) {
	if t := l.tasks[id]; t == nil || t.state != from {
		l.fault(e, "%s is not %s", id, from)
	} else {
		t.state = to
	}
}

func (l *ledger) run(e procedure.Event, from, to string) {
	name := payload[procedure.Clocked](e).Clock
	if s := l.clocks[name]; s != from && (from != "" || s != "stopped") {
		l.fault(e, "the clock %s was %q", name, s)
	}
	l.clocks[name] = to
}

func (l *ledger) answered(e procedure.Event, p procedure.Answered) {
	t := l.tasks[p.Task]
	sentBack := e.Actor.Role == procedure.Operator && p.Answer == procedure.Return
	switch {
	case t == nil || t.state != "open" && !(sentBack && t.live()):
		l.fault(e, "%s was not open", p.Task)
		return
	case sentBack:
	case e.Actor.System():
		l.fault(e, "a machine decided")
	case !t.holder.Competent(e.Actor):
		l.fault(e, "not competent for %s", t.holder.Title())
	}
	if t.sign == procedure.All && t.parent == "" {
		for _, o := range l.order {
			if o != t && o.parent == "" && o.stage == t.stage && o.round == t.round && o.state == "answered" && o.by.User == e.Actor.User {
				l.fault(e, "signed twice in one round")
			}
		}
	}
	t.state, t.by = "answered", e.Actor
}
