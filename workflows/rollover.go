package workflows

import (
	"go.temporal.io/sdk/workflow"

	"gongzhi/procedure"
)

// The engine counts the updates of a run and refuses those after 2,000; it suggests a new run by the length of the history alone.
// A case that has carried out this many commands goes on in a new run at its next rest.
const manyCommands = 1200

// remembered is how many commands a new run still knows: enough for every repetition that can be under way.
const remembered = 300

// ripe tells whether the workflow should go on in a new run: its history has grown long and nothing is open.
func (c Case) ripe() bool {
	long := workflow.GetInfo(c.ctx).GetContinueAsNewSuggested() || len(c.seen) > manyCommands
	return long && len(c.open()) == 0 && len(c.complaints) == 0 && c.suspended == nil
}

// ContinueAsNew goes on in a new run of the same workflow. Nobody outside notices: number, record and commands go on. Commands may
// come while it records: what they did is recorded too, since the new run counts on from there.
func (c Case) ContinueAsNew(period int) (procedure.Outcome, error) {
	for again := true; again && !c.over(); again = c.recorded < c.seq {
		c.move(c.lane)
		c.record(c.ctx)
		c.rest(c.lane)
		c.fail(workflow.Await(c.ctx, func() bool { return workflow.AllHandlersFinished(c.ctx) }))
	}
	if c.over() { // somebody ended the case meanwhile
		return c.Close(procedure.Terminated, "")
	}
	next := c.filing
	next.Clock = c.clock
	next.Resume = &procedure.Resume{Seq: c.recorded, Rounds: c.rounds, Seen: c.latest(),
		Executing: c.executing, Complaints: c.complaints, Suspended: c.suspended, Period: period, Published: c.published}
	for _, id := range c.copyIDs {
		if k := c.copies[id]; !k.read {
			next.Resume.Copies = append(next.Resume.Copies, procedure.UnreadCopy{ID: id, To: k.to})
		}
	}
	return procedure.Outcome{}, workflow.NewContinueAsNewError(c.ctx, string(c.filing.Kind), next)
}

// latest picks the commands that may still be repeated.
func (f *file) latest() map[string]procedure.Receipt {
	out := map[string]procedure.Receipt{}
	for _, id := range f.sent[max(0, len(f.sent)-remembered):] {
		out[id] = f.seen[id]
	}
	return out
}

// takeUp goes on with what the run before has left.
func (f *file) takeUp(r procedure.Resume) {
	f.seq, f.recorded, f.safe, f.executing, f.complaints = r.Seq, r.Seq, r.Seq, r.Executing, r.Complaints
	f.state, f.approved, f.published = procedure.Executing, true, r.Published
	f.rounds, f.seen, f.suspended = r.Rounds, r.Seen, r.Suspended
	for _, unread := range r.Copies {
		f.remember(unread.ID, unread.To)
	}
}
