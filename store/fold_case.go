package store

import (
	"fmt"
	"slices"
	"time"

	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/record"
)

// How the events of a case, its stages, clocks, waits and publications change what people see.

func caseStarted(f *fold, e procedure.Event, p procedure.Started) error {
	if f.c.Number != "" {
		return invalid(CodeEvent, "办件 %s 已经开始，不能再次开始", f.number)
	}
	by := p.Filing.Initiator
	f.c.Case = record.Case{
		Number: f.number, Kind: p.Filing.Kind, Version: p.Filing.Version, Title: p.Title, State: procedure.Running,
		District: p.Filing.District, Unit: by.Unit, Initiator: by.User, InitiatorName: by.Name, StartedAt: clean(e.At),
	}
	f.hold(procedure.Holder{Unit: by.Unit, Role: by.Role})
	for _, user := range []string{by.User, by.For} {
		if user != "" {
			f.hold(procedure.Holder{Unit: by.Unit, Role: by.Role, User: user})
		}
	}
	return nil
}

func casePhased(f *fold, _ procedure.Event, p procedure.Phased) error {
	f.c.State = p.State
	return nil
}

func caseClosed(f *fold, e procedure.Event, p procedure.Closed) error {
	at := clean(e.At)
	f.c.State, f.c.Result, f.c.ClosedAt, f.c.Suspended = p.Outcome.State, p.Outcome.Result, &at, nil
	return nil
}

func caseCopied(f *fold, e procedure.Event, p procedure.Copied) error {
	f.hold(p.To)
	return f.copies.put(p.Copy, e.Seq, record.Copy{
		ID: p.Copy, Case: f.number, CaseTitle: f.c.Title, To: p.To, Why: p.Why, From: e.Actor.Title(), At: clean(e.At),
	})
}

// caseComplained changes nothing but the case's last event: a report of 加码 is read from the record itself.
func caseComplained(*fold, procedure.Event, procedure.Complained) error { return nil }

func caseSuspended(f *fold, e procedure.Event, p procedure.Suspended) error {
	return f.suspend(&procedure.Stillness{By: e.Actor.Title(), Since: clean(p.Since), Why: e.Note})
}

func caseContinued(f *fold, _ procedure.Event, _ procedure.Suspended) error { return f.suspend(nil) }

// suspend marks a case and its open tasks as lying still, or not.
func (f *fold) suspend(s *procedure.Stillness) error {
	f.c.Suspended = s
	tasks, err := f.tasks.all()
	for _, it := range tasks {
		if taskIsOpen(it.value.Task) {
			it.value.Suspended, it.dirty = s, true
		}
	}
	return err
}

func stageKey(stage string, round int) string { return fmt.Sprintf("%s/%d", stage, round) }

func stageEntered(f *fold, e procedure.Event, p procedure.Entered) error {
	f.c.Segment = p.Segment
	return f.stages.put(stageKey(p.Stage, p.Round), e.Seq, record.Stage{
		Stage: p.Stage, Title: p.Title, Segment: p.Segment, Round: p.Round, Entered: clean(e.At),
	})
}

func stageLeft(f *fold, e procedure.Event, p procedure.Left) error {
	s, err := f.stages.change(stageKey(p.Stage, p.Round))
	if err != nil {
		return err
	}
	if s == nil {
		return unknown(e, "环节", p.Stage)
	}
	at := clean(e.At)
	s.Left, s.Text = &at, p.Text
	return nil
}

func clockStarted(f *fold, e procedure.Event, p procedure.Clocked) error {
	return f.deadlines.put(p.Clock, e.Seq, record.Deadline{
		Case: f.number, Clock: p.Clock, Title: p.Title, Basis: p.Basis, State: "running", Deadline: p.Deadline,
	})
}

// clockChanged folds the pause (with its ground), the resumption and the end of a clock.
func clockChanged(state string) func(f *fold, e procedure.Event, p procedure.Clocked) error {
	return func(f *fold, e procedure.Event, p procedure.Clocked) error {
		d, err := f.deadlines.change(p.Clock)
		if err != nil {
			return err
		}
		if d == nil {
			return unknown(e, "期限", p.Clock)
		}
		if state != "paused" {
			f.stoodStill(e, *d)
		}
		d.State, d.Ground, d.WaitFor = state, p.Ground, p.Wait
		if !p.Deadline.Anchor.IsZero() {
			d.Deadline = p.Deadline
		}
		if state == "paused" {
			stand(&d.Deadline, clean(e.At), procedure.GroundTitle(p.Ground))
		}
		if state == "stopped" {
			at := clean(e.At)
			d.Stopped = &at
		}
		return nil
	}
}

// stand opens a pause in a deadline: the event that pauses a clock carries the dates from before.
func stand(d *calendar.Deadline, from time.Time, ground string) {
	if n := len(d.Pauses); n > 0 && d.Pauses[n-1].To == nil {
		return
	}
	d.Pauses = append(slices.Clone(d.Pauses), calendar.Pause{From: from, Ground: ground})
}

// clockRedated folds a deadline that was reckoned anew; the clock runs or stands as before.
func clockRedated(f *fold, e procedure.Event, p procedure.Clocked) error {
	d, err := f.deadlines.change(p.Clock)
	if err != nil {
		return err
	}
	if d == nil {
		return unknown(e, "期限", p.Clock)
	}
	d.Deadline = p.Deadline
	return nil
}

func waitOpened(f *fold, e procedure.Event, p procedure.Waiting) error {
	return f.waits.put(fmt.Sprintf("%s/%d", p.Wait, e.Seq), e.Seq, record.Wait{
		Case: f.number, Wait: p.Wait, For: p.For, Court: p.Court, Basis: p.Basis, Since: clean(e.At),
		Until: cleanPtr(p.Until),
	})
}

func waitClosed(f *fold, e procedure.Event, p procedure.Waiting) error {
	items, err := f.waits.all()
	if err != nil {
		return err
	}
	var last *item[record.Wait]
	for _, it := range items {
		if it.value.Wait == p.Wait && it.value.Closed == nil && (last == nil || it.seq > last.seq) {
			last = it
		}
	}
	if last == nil {
		return unknown(e, "等待事项", p.Wait)
	}
	at := clean(e.At)
	last.value.Closed, last.dirty = &at, true
	f.waited(fmt.Sprintf("wait/%s/%d", p.Wait, last.seq), last.value.Court, last.value.Since, at)
	return nil
}

func noticePosted(f *fold, e procedure.Event, p procedure.Posted) error {
	return f.notices.put(p.Notice, e.Seq, record.Notice{
		ID: p.Notice, Case: f.number, District: f.c.District, Title: p.Title, Text: p.Text, From: clean(p.From),
		Version: p.Version, Until: p.Until, Objections: p.Objections,
	})
}

func listPublished(f *fold, e procedure.Event, p procedure.Published) error {
	row, err := newListRow(record.ListVersion{
		District: p.District, Version: p.Version, Base: p.Base, Why: p.Why, Case: f.number, Published: clean(e.At),
	}, numbered(p.Version, p.Changes))
	if err == nil {
		f.lists = append(f.lists, row)
	}
	return err
}

// receiptIssued changes nothing but the case's last event: a receipt (拒绝回执) is read from the record itself.
func receiptIssued(*fold, procedure.Event, procedure.Issued) error { return nil }

// unknown refuses an event about something the case has not: only a programming error in a workflow makes it.
func unknown(e procedure.Event, what, name string) error {
	return invalid(CodeReference, "记录第 %d 项（%s）所指的%s %.80q 不存在", e.Seq, e.Type, what, name)
}

func ptr(t time.Time) *time.Time { return &t }
