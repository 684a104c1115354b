package server

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/record"
)

func (s *Server) listCases(ctx context.Context, in *casesInput) (*reply[record.Page[record.Case]], error) {
	f := record.CaseFilter{
		Kind: procedure.Kind(in.Kind), State: procedure.CaseState(in.State), Card: in.Card, Unit: in.Unit, Mine: in.Mine,
		Text: in.Text, Sort: in.Sort, After: in.After, Limit: in.Limit,
	}
	if in.Open != "" {
		open := in.Open == "true"
		f.Open = &open
	}
	page, err := s.Reader.Cases(ctx, whoIs(ctx).Scope, f)
	return answer(page), err
}

// matter reads a case within the scope of the session, with what its offers are computed from.
func (s *Server) matter(ctx context.Context, number string) (matter, error) {
	m, err := s.deskMatter(ctx, number)
	if err == nil {
		m.deadlines, err = s.deadlines(ctx, number)
	}
	if err == nil && m.who.Active.Role == procedure.Operator { // only an operator displays one again
		m.notices, err = s.Reader.CaseNotices(ctx, number)
	}
	return m, err
}

// deskMatter is a matter without its deadlines: what is offered on a task does not depend on them.
func (s *Server) deskMatter(ctx context.Context, number string) (matter, error) {
	who := whoIs(ctx)
	desk, err := s.Reader.CaseDesk(ctx, who.Scope, number)
	if err != nil {
		return matter{}, err
	}
	// A case whose procedure left the catalogue stays readable.
	kind, _ := s.catalogued(desk.Case.Kind)
	return matter{who: who, kind: kind, kase: desk.Case, tasks: desk.Tasks, stages: desk.Stages}, nil
}

// deadlines are the clocks of a case. One that stands is reckoned again with its pause: the record has the day from before it,
// and a reader asks what remains.
func (s *Server) deadlines(ctx context.Context, number string) ([]record.Deadline, error) {
	deadlines, err := s.Reader.CaseDeadlines(ctx, number)
	if err != nil {
		return nil, err
	}
	for i, d := range deadlines {
		if d.WaitFor == procedure.Applicant {
			if deadlines[i].WaitFor, err = s.applicant(ctx, number); err != nil {
				return nil, err
			}
		}
		if d.State != "paused" || d.Deadline.Anchor.IsZero() || d.Deadline.Rule.Period.N == 0 {
			continue
		}
		cal, err := s.Reader.Calendar(ctx, d.Deadline.CalendarVersion)
		if err != nil {
			return nil, err
		}
		if deadlines[i].Deadline, err = cal.Deadline(d.Deadline.Anchor, d.Deadline.Rule, d.Deadline.Pauses); err != nil {
			return nil, err
		}
	}
	return deadlines, nil
}

// applicant is the name of the unit that filed a case which the caller may see.
func (s *Server) applicant(ctx context.Context, number string) (string, error) {
	kase, err := s.Reader.Case(ctx, record.Scope{{Everything: true}}, number)
	return cmp.Or(kase.UnitName, procedure.Applicant), err
}

func (s *Server) getCase(ctx context.Context, in *CasePath) (*reply[CaseDetail], error) {
	m, err := s.matter(ctx, in.Number)
	if err != nil {
		return nil, err
	}
	d := CaseDetail{
		Case: m.kase, Procedure: ProcedureHead{Kind: m.kase.Kind, Name: m.kase.KindName, Stages: m.kind.Stages},
		Stages: m.stages, Actions: views(shown(m.all(), m.who.Active.Role)), Tasks: []TaskView{},
	}
	for _, t := range m.tasks {
		d.Tasks = append(d.Tasks, TaskView{Task: t, My: m.mine(t)})
	}
	for _, deadline := range m.deadlines {
		deadline.Deadline.Ledger = nil
		d.Deadlines = append(d.Deadlines, deadline)
	}
	if d.Waits, err = s.Reader.CaseWaits(ctx, in.Number); err != nil {
		return nil, err
	}
	if d.Copies, err = s.Reader.CaseCopies(ctx, in.Number); err != nil {
		return nil, err
	}
	if d.Notices, err = s.Reader.CaseNotices(ctx, in.Number); err != nil {
		return nil, err
	}
	if d.Filing, err = s.filingOf(ctx, m); err != nil {
		return nil, err
	}
	if d.Sentence, err = s.sayCase(ctx, m, d.Waits); err != nil {
		return nil, err
	}
	d.Head, err = s.head(ctx, m.kase)
	return answer(d), err
}

func (s *Server) filingOf(ctx context.Context, m matter) (FilingView, error) {
	filing, err := s.Reader.CaseFiling(ctx, m.kase.Number)
	if err != nil {
		return FilingView{}, err
	}
	attached, err := s.attachments(ctx, filing.Attachments)
	return FilingView{Form: filing.Form, Schema: m.kind.Schema, UI: m.kind.UI, FormHash: filing.FormHash, Attachments: attached}, err
}

func (s *Server) attachments(ctx context.Context, ids []string) ([]record.Attachment, error) {
	if len(ids) == 0 {
		return []record.Attachment{}, nil
	}
	return s.Reader.Attachments(ctx, ids)
}

// head reads the last event of a case.
func (s *Server) head(ctx context.Context, kase record.Case) (Head, error) {
	if kase.Seq == 0 {
		return Head{}, nil
	}
	events, err := s.Reader.Events(ctx, kase.Number, kase.Seq-1, 1)
	if err != nil || len(events) == 0 {
		return Head{Seq: kase.Seq}, err
	}
	return Head{Seq: events[0].Seq, Hash: events[0].Hash}, nil
}

func (s *Server) caseEvents(ctx context.Context, in *eventsInput) (*reply[[]EventView], error) {
	m, err := s.deskMatter(ctx, in.Number)
	if err != nil {
		return nil, err
	}
	events, err := s.Reader.Events(ctx, in.Number, in.AfterSeq, in.Limit)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, e := range events {
		ids = append(ids, e.Files...)
	}
	files, err := s.attachments(ctx, ids)
	if err != nil {
		return nil, err
	}
	lines := []EventView{}
	for _, e := range events {
		line := EventView{Event: e}
		line.Text, line.Icon = e.Text()
		line.About = m.about(e)
		for _, f := range files {
			if slices.Contains(e.Files, f.ID) {
				line.Attachments = append(line.Attachments, f)
			}
		}
		lines = append(lines, line)
	}
	return answer(lines), nil
}

// aboutTasks are the events that name a task by its id alone.
var aboutTasks = []procedure.EventType{
	procedure.TaskReminded, procedure.TaskUrged, procedure.TaskRead, procedure.TaskBlocked, procedure.TaskUnblocked, procedure.TaskRedated,
	procedure.TaskReopened, procedure.TaskClosed,
}

// about is whose task an event concerns, where its own words do not say so: 听雨社区「执行进展」.
func (m matter) about(e procedure.Event) string {
	var p procedure.Tasked
	if !slices.Contains(aboutTasks, e.Type) || json.Unmarshal(e.Data, &p) != nil {
		return ""
	}
	i := slices.IndexFunc(m.tasks, func(t record.Task) bool { return t.ID == p.Task })
	if i < 0 {
		return "" // a copy
	}
	return m.tasks[i].Holder.Title() + "「" + m.tasks[i].Title + "」"
}

// caseDeadline gives one clock with its day-by-day ledger. A recorded deadline has none: it is reckoned again with the same
// calendar, and must come out the same.
func (s *Server) caseDeadline(ctx context.Context, in *ClockPath) (*reply[record.Deadline], error) {
	if _, err := s.visibleCase(ctx, in.Number); err != nil {
		return nil, err
	}
	deadlines, err := s.deadlines(ctx, in.Number)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(deadlines, func(d record.Deadline) bool { return d.Clock == in.Clock })
	if i < 0 {
		return nil, procedure.Errorf(procedure.NotFound, "deadline.not_found", "这个办件没有名为「%s」的期限。", in.Clock)
	}
	d := deadlines[i]
	if len(d.Deadline.Ledger) > 0 || d.Deadline.Anchor.IsZero() {
		return answer(d), nil
	}
	cal, err := s.Reader.Calendar(ctx, d.Deadline.CalendarVersion)
	if err != nil {
		return nil, err
	}
	full, err := cal.Deadline(d.Deadline.Anchor, d.Deadline.Rule, d.Deadline.Pauses)
	if err != nil {
		return nil, err
	}
	if full.Day != d.Deadline.Day {
		s.Logger.WarnContext(ctx, "deadline differs from its ledger", "case", in.Number, "clock", in.Clock)
	}
	d.Deadline.Ledger = full.Ledger
	return answer(d), nil
}

// verifyCase recomputes the chain of a case from its first event.
func (s *Server) verifyCase(ctx context.Context, in *CasePath) (*reply[Verification], error) {
	if _, err := s.visibleCase(ctx, in.Number); err != nil {
		return nil, err
	}
	found, err := s.Reader.VerifyCase(ctx, in.Number)
	if err != nil {
		return nil, err
	}
	v := Verification{OK: found.Whole(), Events: found.Events, Head: found.Head, Broken: []Broken{}}
	for _, b := range found.Broken {
		v.Broken = append(v.Broken, Broken{Seq: b.Seq, Why: b.Why})
	}
	return answer(v), nil
}

// sayCase says where a case stands.
func (s *Server) sayCase(ctx context.Context, m matter, waits []record.Wait) (procedure.Sentence, error) {
	cal, err := s.Reader.Calendar(ctx, "")
	if err != nil {
		return procedure.Sentence{}, err
	}
	now := s.now()
	sit := procedure.Situation{Now: now, State: m.kase.State, Result: m.kase.Result, Closed: m.kase.ClosedAt, Still: m.kase.Suspended}
	for _, t := range m.tasks {
		if !unfinished(t) {
			continue
		}
		p := s.pending(t, cal)
		p.Pause = s.standing(t, m.deadlines, cal)
		if t.Escalated != "" {
			if p.EscalatedAt, err = s.escalatedAt(ctx, t); err != nil {
				return procedure.Sentence{}, err
			}
		}
		sit.Open = append(sit.Open, p)
	}
	slices.SortStableFunc(sit.Open, byDue)
	if i := slices.IndexFunc(m.deadlines, func(d record.Deadline) bool { return d.State == "paused" }); i >= 0 {
		sit.Pause = standingOf(m.deadlines[i], now, cal)
		if sit.Pause.Who == "" && len(sit.Open) > 0 {
			sit.Pause.Who = sit.Open[0].Holder.Title()
		}
	}
	for _, w := range waits {
		if w.Closed == nil {
			sit.Waits = append(sit.Waits, procedure.Waiting{Wait: w.Wait, For: w.For, Court: w.Court, Until: w.Until, Basis: w.Basis})
		}
	}
	return sit.Say(), nil
}

func byDue(a, b procedure.Pending) int {
	switch {
	case a.Due == nil && b.Due == nil:
		return 0
	case a.Due == nil:
		return 1
	case b.Due == nil:
		return -1
	}
	return a.Due.Compare(*b.Due)
}

// pending is an open task as the sentence needs it. The unit of its period is that of its stage.
func (s *Server) pending(t record.Task, cal *calendar.Calendar) procedure.Pending {
	p := procedure.Pending{
		Holder: t.Holder, Stage: t.Stage, Title: t.Title, Does: t.Does, Due: t.Due, Card: t.Card, Escalated: t.Escalated,
		Unmanned: t.Unmanned, Blocked: t.State == record.TaskBlocked, Still: t.Suspended,
	}
	if t.Due == nil {
		return p
	}
	unit := calendar.Workday
	if kind, ok := s.catalogued(t.Kind); ok {
		if stage, ok := kind.Stage(t.Stage); ok && stage.Within != nil {
			unit = stage.Within.Unit
		}
	}
	day, err := calendar.ParseDate(t.Day)
	if err != nil {
		day = calendar.DateOf(t.Due.Add(-1))
	}
	d := calendar.Deadline{Day: day, Due: *t.Due, Provisional: t.Provisional, Rule: calendar.Rule{Period: calendar.Period{Unit: unit}}}
	left := d.Left(cal, s.now())
	p.Left = &left
	return p
}

// standing is the pause of the clock a task runs on, or nil.
func (s *Server) standing(t record.Task, deadlines []record.Deadline, cal *calendar.Calendar) *procedure.Standing {
	if !t.Paused {
		return nil
	}
	i := slices.IndexFunc(deadlines, func(d record.Deadline) bool { return d.Clock == t.Clock && d.State == "paused" })
	if i < 0 {
		return nil
	}
	return standingOf(deadlines[i], s.now(), cal)
}
