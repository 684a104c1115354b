package app

import (
	"context"
	"time"

	"gongzhi/engine"
	"gongzhi/procedure"
	"gongzhi/record"
	"gongzhi/store"
)

// mender sets going again what stands still in the machine.
type mender struct {
	*engine.Machine
	store *store.Store
}

// Retry has the unfinished activities of a case tried again at once. The next sweep asks the engine whether they still fail.
func (m mender) Retry(ctx context.Context, number string, by record.Hand) error {
	if err := m.Machine.Retry(ctx, number, by); err != nil {
		return err
	}
	return m.store.DoubtFaults(ctx, number)
}

// Reconcile makes engine and record agree: what people see is folded anew from the record, and a case that has ended in the engine
// without saying so is closed on record, in the name of whoever asked for it.
func (m mender) Reconcile(ctx context.Context, number string, by record.Hand) error {
	if err := m.store.Refold(ctx, number); err != nil {
		return err
	}
	state, err := m.store.Standing(ctx, number)
	if err != nil || !state.Open() {
		return err
	}
	in, known, err := m.Inside(ctx, number)
	if err != nil || known && (in.Status == "Running" || in.Status == "Paused") {
		return err
	}
	return m.close(ctx, number, by)
}

// close writes the end of a case that its workflow did not write: it is gone, so nobody else gives numbers to events any more.
func (m mender) close(ctx context.Context, number string, by record.Hand) error {
	desk, err := m.store.CaseDesk(ctx, record.Scope{{Everything: true}}, number)
	if err != nil {
		return err
	}
	deadlines, err := m.store.CaseDeadlines(ctx, number)
	if err != nil {
		return err
	}
	const why = "办件在流程引擎中已被结束"
	seq := desk.Case.Seq
	var list []procedure.Event
	add := func(kind procedure.EventType, actor procedure.Actor, payload any) {
		e := procedure.NewEvent(kind, by.At, actor, "", payload)
		seq++
		e.Case, e.Seq = number, seq
		list = append(list, e)
	}
	for _, t := range desk.Tasks {
		if t.State == record.TaskOpen || t.State == record.TaskBlocked {
			add(procedure.TaskClosed, procedure.SystemEngine, procedure.Dropped{Task: t.ID, Why: why})
		}
	}
	for _, d := range deadlines {
		if d.State != "stopped" {
			add(procedure.ClockStopped, procedure.SystemEngine, procedure.Clocked{Clock: d.Clock, Title: d.Title, Basis: d.Basis, Deadline: d.Deadline})
		}
	}
	add(procedure.CaseClosed, by.Actor, procedure.Closed{Outcome: procedure.Outcome{State: procedure.Terminated, Result: why + "：" + by.Reason}})
	_, err = m.store.Append(ctx, number, list)
	return err
}

// sinceEngine maps moments of the engine to case time.
func (k *clock) sinceEngine(t time.Time) time.Time { return k.Mapping().Case(t) }
