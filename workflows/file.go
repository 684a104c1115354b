package workflows

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"gongzhi/activities"
	"gongzhi/procedure"
)

// do names the activities by method; its value is never used.
var do *activities.Activities

// file is the state of one running case. All of it is rebuilt by replay; nothing in it is read from outside.
type file struct {
	def    procedure.Procedure
	filing procedure.Filing
	facts  Facts

	clock   procedure.Clock         // the demo's time mapping; the identity in production
	jumps   int                     // how often the mapping changed: waits compare it
	signals workflow.ReceiveChannel // of the clock

	seq      int64             // last sequence number given out
	recorded int64             // last one known to be on record
	safe     int64             // last one that is on record or in a reply, whose sender records it
	pending  []procedure.Event // those after recorded, in order
	carriers int               // commands whose reply will carry what is pending
	writing  bool

	state     procedure.CaseState
	outcome   *procedure.Outcome // set once by whatever ends the case early
	by        procedure.Actor    // who ended it
	ending    string             // the command that ended it
	sealed    bool               // no withdrawal from here on
	approved  bool               // a withdrawal from here on undoes what was approved
	aborts    []func(Case)       // what is still to do when the case ends early
	expired   bool               // its time has come
	suspended *time.Time         // since when it lies still by an operator's order; nil: it does not
	published int                // list versions so far: the key of the next number
	finished  bool
	err       error

	moving  int // lanes that have work to do before they wait again
	rounds  map[string]int
	tickets map[string]*ticket
	copies  map[string]*copied // 抄送 by id
	copyIDs []string           // in the order of sending
	order   []string           // ticket ids in opening order: maps have no order a replay could rely on
	clocks  []*clock
	seen    map[string]procedure.Receipt
	sent    []string // ids of the commands carried out, in order
	chain   []string // stages of the chain so far, for 退回
	before  *round   // the settled step that led to the running one, for 撤回

	complaints []string // commands by which a community reported 加码, not yet examined
	executing  []string // units that carry the matter out: they may complain
}

// Facts are what every kind tells the kit about its case.
type Facts struct {
	Title       string   // of the case
	Communities []string // unit codes concerned
}

// now is the time of the case.
func (f *file) now(ctx workflow.Context) time.Time { return f.clock.Case(workflow.Now(ctx)) }

// over tells whether verbs must do nothing any more.
func (f *file) over() bool { return f.err != nil || f.outcome != nil }

// emit gives an event its place in the record. It is durable only after flush.
func (f *file) emit(ctx workflow.Context, kind procedure.EventType, by procedure.Actor, command string, payload any) int64 {
	e := procedure.NewEvent(kind, f.now(ctx), by, command, payload)
	f.seq++
	e.Case, e.Seq = f.filing.Case, f.seq
	f.pending = append(f.pending, e)
	return f.seq
}

// flush puts what has happened into safe hands before the case waits or goes on. While a command is being carried out these are
// the sender's: the events travel back in the reply, the engine has them with the command's acceptance, and the sender records
// them before he answers anybody. What the clock has caused has no sender: the case records it itself.
func (f *file) flush(ctx workflow.Context) {
	if f.carriers > 0 && len(f.pending) <= batchSize {
		return
	}
	if f.safe < f.seq {
		f.record(ctx)
	}
}

// record puts on record everything that is not known to be there, in order: one writer at a time, everyone else waits until his
// events are in. What a reply has carried already is recorded again: the record passes over what it has. It runs on a disconnected
// context, so that what happened is recorded although the case is being cancelled.
//
// Recording is a normal activity: the engine knows the events before the database does. As a local activity it would write them
// before the engine has kept the workflow task that made them; after a crash the task is carried out again at another moment,
// perhaps without the update that had caused it, and the record would be ahead of the case for ever.
func (f *file) record(ctx workflow.Context) {
	ctx, cancel := workflow.NewDisconnectedContext(ctx)
	defer cancel()
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: 5 * time.Second, Summary: "记录", // a worker that dies while it records delays the case by this
		RetryPolicy: &temporal.RetryPolicy{InitialInterval: 200 * time.Millisecond, BackoffCoefficient: 2, MaximumInterval: time.Minute},
	})
	for want := f.seq; f.recorded < want; {
		if f.writing {
			_ = workflow.Await(ctx, func() bool { return !f.writing })
			continue
		}
		f.writing = true
		batch := f.pending[:min(len(f.pending), batchSize)]
		err := workflow.ExecuteActivity(ctx, do.Record, f.filing.Case, batch).Get(ctx, nil)
		f.writing = false
		if err != nil { // it retries for ever: only a history that contradicts the code comes here
			f.err = err
			return
		}
		f.known(batch[len(batch)-1].Seq)
	}
}

// known forgets the events up to a sequence number that is on record.
func (f *file) known(seq int64) {
	if seq <= f.recorded || seq > f.seq {
		return
	}
	f.pending = f.pending[len(f.pending)-int(f.seq-seq):]
	f.recorded, f.safe = seq, max(f.safe, seq)
}

// batchSize keeps one message, to the recorder or in a reply, far below the engine's limit of 2 MiB, however many communities are
// concerned.
const batchSize = 100

// effect reads something through a local activity with a small budget, and falls back to a normal one that operators can see and that
// retries until the cause is mended. A failing local activity would be invisible and hold up the whole workflow.
func effect(ctx workflow.Context, summary string, activity any, result any, args ...any) error {
	local := workflow.WithLocalActivityOptions(ctx, workflow.LocalActivityOptions{
		StartToCloseTimeout: 2 * time.Second, ScheduleToCloseTimeout: 4 * time.Second, Summary: summary,
		RetryPolicy: &temporal.RetryPolicy{InitialInterval: 200 * time.Millisecond, MaximumAttempts: 3},
	})
	err := workflow.ExecuteLocalActivity(local, activity, args...).Get(ctx, result)
	if err == nil || temporal.IsCanceledError(err) {
		return err
	}
	return lasting(ctx, 30*time.Second, summary, activity, result, args...)
}

// lasting changes something outside the record (a poll opens). It is an activity that operators can see, which retries until the
// cause is mended: a local one could happen, be forgotten with its workflow task, and happen again at another moment.
func lasting(ctx workflow.Context, budget time.Duration, summary string, activity any, result any, args ...any) error {
	visible := workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: budget, Summary: summary,
		RetryPolicy: &temporal.RetryPolicy{InitialInterval: time.Second, MaximumInterval: time.Minute},
	})
	return workflow.ExecuteActivity(visible, activity, args...).Get(ctx, result)
}

// copied is one 抄送 of the case.
type copied struct {
	to   procedure.Holder
	read bool
}

// copyTo sends the case to somebody for information and remembers it, so that he can be seen to have read it (已阅).
func (f *file) copyTo(ctx workflow.Context, h procedure.Holder, why string, by procedure.Actor, command string) {
	id := fmt.Sprintf("%s.c%d", f.filing.Case, f.seq+1)
	f.remember(id, h)
	f.emit(ctx, procedure.CaseCopied, by, command, procedure.Copied{Copy: id, To: h, Why: why})
}

// taskID is the id of the task that the next event opens.
func (f *file) taskID() string { return fmt.Sprintf("%s.%d", f.filing.Case, f.seq+1) }

func (f *file) add(t *ticket) {
	f.tickets[t.id] = t
	f.order = append(f.order, t.id)
}

// open lists the tickets that still want an answer, in opening order.
func (f *file) open() []*ticket {
	var out []*ticket
	for _, id := range f.order {
		if t := f.tickets[id]; t.live() {
			out = append(out, t)
		}
	}
	return out
}

func (f *file) remember(id string, to procedure.Holder) {
	f.copies[id] = &copied{to: to}
	f.copyIDs = append(f.copyIDs, id)
}
