package store

import (
	"gongzhi/procedure"
	"gongzhi/record"
)

// How the events of a task (待办) change what people see.

func taskOpened(f *fold, e procedure.Event, p procedure.Opened) error {
	f.hold(p.Holder)
	return f.tasks.put(p.Task, e.Seq, taskDoc{Task: record.Task{
		ID: p.Task, Case: f.number, CaseTitle: f.c.Title, Kind: f.c.Kind, Stage: p.Stage, Title: p.Title, Does: p.Does,
		Round: p.Round, Subject: p.Subject, State: record.TaskOpen, Holder: p.Holder, Sign: p.Sign, Added: p.Added,
		Parent: p.Parent, Options: p.Options, Clock: p.Clock, Due: cleanPtr(p.Due), Day: p.Day,
		Provisional: p.Provisional, Suspended: f.c.Suspended, OpenedAt: clean(e.At), Seq: e.Seq,
	}})
}

// task hands out a task to be changed by an event.
func (f *fold) task(e procedure.Event, id string) (*taskDoc, error) {
	t, err := f.tasks.change(id)
	if err != nil {
		return nil, err
	}
	if t == nil {
		return nil, unknown(e, "待办", id)
	}
	t.Seq = e.Seq
	return t, nil
}

func taskUnmanned(f *fold, e procedure.Event, p procedure.Tasked) error {
	t, err := f.task(e, p.Task)
	if err == nil {
		t.Unmanned = true
	}
	return err
}

// taskRead records when a task or a copy was first opened (已阅), and by whom. Whoever opens a task can act on it: its post is
// not empty any more.
func taskRead(f *fold, e procedure.Event, p procedure.Tasked) error {
	c, err := f.copies.change(p.Task)
	if err != nil {
		return err
	}
	if c != nil {
		if c.ReadAt == nil {
			c.ReadAt, c.ReadBy = ptr(clean(e.At)), e.Actor.Title()
		}
		return nil
	}
	t, err := f.task(e, p.Task)
	if err != nil {
		return err
	}
	t.Unmanned = false
	if t.ReadAt == nil {
		t.ReadAt, t.ReadBy = ptr(clean(e.At)), e.Actor.Title()
	}
	return nil
}

func taskReminded(f *fold, e procedure.Event, p procedure.Reminded) error {
	t, err := f.task(e, p.Task)
	if err != nil {
		return err
	}
	t.Reminded++
	switch p.Rung {
	case procedure.RungYellow, procedure.RungDue:
		t.Card = worse(t.Card, yellow)
	case procedure.RungRed, procedure.RungEscalate:
		t.Card = red
	}
	t.Worst = worse(t.Worst, t.Card)
	if p.To != nil { // the superior must be able to see what was reported
		t.Escalated = p.To.Title()
		f.hold(*p.To)
	}
	return nil
}

func taskUrged(f *fold, e procedure.Event, p procedure.Urged) error {
	t, err := f.task(e, p.Task)
	if err == nil {
		t.Urged++
	}
	return err
}

// taskMoved: 转办 passes the responsibility on; 委派 lends the task to a helper and remembers to whom it returns.
func taskMoved(f *fold, e procedure.Event, p procedure.Moved) error {
	t, err := f.task(e, p.Task)
	if err != nil {
		return err
	}
	switch p.How {
	case procedure.ActDelegate:
		if t.Owner == nil {
			owner := t.Holder
			t.Owner = &owner
		}
	default:
		t.Owner = nil
	}
	t.Holder, t.Unmanned, t.ReadAt, t.ReadBy = p.Holder, false, nil, ""
	f.hold(p.Holder)
	return nil
}

func taskBlocked(f *fold, e procedure.Event, p procedure.Tasked) error {
	t, err := f.task(e, p.Task)
	if err == nil {
		t.State = record.TaskBlocked
	}
	return err
}

func taskUnblocked(f *fold, e procedure.Event, p procedure.Tasked) error {
	t, err := f.task(e, p.Task)
	if err == nil {
		t.State = record.TaskOpen
	}
	return err
}

// taskRedated: without a moment the clock stands. A card falls when the new deadline still lies ahead.
func taskRedated(f *fold, e procedure.Event, p procedure.Redated) error {
	t, err := f.task(e, p.Task)
	if err != nil {
		return err
	}
	t.Due, t.Day, t.Paused = cleanPtr(p.Due), p.Day, p.Due == nil
	t.stand(t.Paused, clean(e.At))
	if p.Due == nil || p.Due.After(e.At) {
		t.Card, t.Escalated = "", ""
	}
	return nil
}

func taskAnswered(f *fold, e procedure.Event, p procedure.Answered) error {
	t, err := f.task(e, p.Task)
	if err != nil {
		return err
	}
	if p.Holder != (procedure.Holder{}) {
		t.Holder = p.Holder
	}
	t.State, t.ClosedAt, t.Card, t.Paused, t.Unmanned = record.TaskDone, ptr(clean(e.At)), "", false, false
	t.Answer, t.Label, t.Opinion, t.Late = p.Answer, p.Label, e.Note, p.Late
	t.ActorName, t.ActorUser, t.ActorFor = e.Actor.Title(), e.Actor.User, e.Actor.For
	t.Back, err = f.backTo(t, p)
	if t.Back != "" {
		f.c.sentBack(p.Stage, t.Back, p.Round, clean(e.At))
	}
	f.spellOf(t)
	return err
}

// taskReopened: the decision was taken back (撤回) before the next person acted.
func taskReopened(f *fold, e procedure.Event, p procedure.Tasked) error {
	t, err := f.task(e, p.Task)
	if err != nil {
		return err
	}
	t.State, t.ClosedAt, t.WhyClosed = record.TaskOpen, nil, ""
	t.Answer, t.Label, t.Opinion, t.Late = procedure.NoAnswer, "", "", false
	t.ActorName, t.ActorUser, t.ActorFor = "", "", ""
	if t.Back != "" {
		f.c.tookBack(t.Stage, t.Back, t.Round)
		t.Back = ""
	}
	f.spellOf(t)
	return nil
}

func taskClosed(f *fold, e procedure.Event, p procedure.Dropped) error {
	t, err := f.task(e, p.Task)
	if err == nil {
		t.State, t.ClosedAt, t.WhyClosed, t.Card = record.TaskClosed, ptr(clean(e.At)), p.Why, ""
		t.Paused, t.Unmanned, t.Suspended = false, false, nil
	}
	if err == nil && p.Why == procedure.WhySilent {
		f.spellOf(t)
	}
	return err
}
