package server

import (
	"context"
	"slices"
	"strings"

	"gongzhi/ops"
	"gongzhi/procedure"
	"gongzhi/record"
)

// mostBatched is how many cases a batch may have, and mostFiltered how many a filter may find before their stages are looked at.
const (
	mostBatched  = 1000
	mostFiltered = 1000
	batchPage    = 200
)

// frozen are the cases that an order is for, with the words of the filter that found them.
type frozen struct {
	cases []ops.Affected
	words string
	whole bool // each case once, whatever its tasks
	seen  map[ops.Affected]bool
}

func (f *frozen) add(a ops.Affected) error {
	key := ops.Affected{Number: a.Number, Task: a.Task}
	if f.whole {
		a.Task, key.Task = "", ""
	}
	if f.seen[key] {
		return nil
	}
	if len(f.cases) == mostBatched {
		return invalid("batch.many", "一批至多 %d 件，符合条件的更多，请缩小范围，分几批处置。", mostBatched)
	}
	f.seen[key] = true
	f.cases = append(f.cases, a)
	return nil
}

// freeze chooses the cases of an order within the scope of the session.
func (s *Server) freeze(ctx context.Context, in BatchOrder) (*frozen, error) {
	f := &frozen{whole: in.Remedy.OfCase(), seen: map[ops.Affected]bool{}}
	var err error
	if in.Cases != nil {
		err = s.freezeCases(ctx, *in.Cases, f)
	} else {
		err = s.freezeIncidents(ctx, *in.Incidents, f)
	}
	if err == nil && len(f.cases) == 0 {
		err = conflict("batch.empty", "没有符合条件的办件。")
	}
	return f, err
}

func (s *Server) freezeCases(ctx context.Context, in BatchCases, f *frozen) error {
	var err error
	if f.words, err = s.sayCases(ctx, in); err != nil {
		return err
	}
	open, n := true, 0
	filter := record.CaseFilter{Kind: in.Kind, State: in.State, Open: &open, Card: in.Card, Unit: in.Unit, Text: in.Text, Sort: "started", Limit: batchPage}
	for {
		page, err := s.Reader.Cases(ctx, whoIs(ctx).Scope, filter)
		if err != nil {
			return err
		}
		if n += len(page.Items); n > mostFiltered {
			return invalid("batch.many", "一批至多 %d 件，符合条件的更多，请缩小范围，分几批处置。", mostFiltered)
		}
		for _, kase := range page.Items {
			if err := s.freezeCase(ctx, kase, in.Stage, f); err != nil {
				return err
			}
		}
		if filter.After = page.Next; filter.After == "" {
			return nil
		}
	}
}

// freezeCase adds a case, or each of its open tasks: those of a stage, if one is asked for.
func (s *Server) freezeCase(ctx context.Context, kase record.Case, stage string, f *frozen) error {
	a := ops.Affected{Number: kase.Number, Title: kase.Title}
	if f.whole && stage == "" {
		return f.add(a)
	}
	tasks, err := s.Reader.CaseTasks(ctx, kase.Number)
	if err != nil {
		return err
	}
	tasks = slices.DeleteFunc(tasks, func(t record.Task) bool { return !unfinished(t) || stage != "" && t.Stage != stage })
	if len(tasks) == 0 && stage == "" { // it is shown, with why nothing can be done
		return f.add(a)
	}
	for _, t := range tasks {
		a.Task = t.ID
		if err := f.add(a); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) freezeIncidents(ctx context.Context, in BatchIncidents, f *frozen) error {
	var err error
	if f.words, err = s.sayIncidents(ctx, in); err != nil {
		return err
	}
	area, err := s.area(ctx)
	if err != nil {
		return err
	}
	if in.ID != "" {
		i, err := s.Operations.Incidents.Incident(ctx, area, in.ID)
		if err == nil && i.Kind != in.Kind {
			err = invalid("batch.kind", "这件事属于「%s」，不是「%s」。", i.Kind.Title(), in.Kind.Title())
		}
		if err != nil {
			return err
		}
		return s.freezeIncident(ctx, i, f)
	}
	filter := ops.Filter{Kind: in.Kind, State: in.State, Unit: in.Unit, Assignee: in.Assignee, Case: in.Case, Text: in.Text, Limit: batchPage}
	if filter.Assignee == "me" {
		filter.Assignee = whoIs(ctx).User.ID
	}
	for {
		page, err := s.Operations.Incidents.Incidents(ctx, area, filter)
		if err != nil {
			return err
		}
		for _, i := range page.Items {
			if err := s.freezeIncident(ctx, i, f); err != nil {
				return err
			}
		}
		if filter.After = page.Next; filter.After == "" {
			return nil
		}
	}
}

// freezeIncident adds the cases of an incident. One whose row is lost is named by the incident itself.
func (s *Server) freezeIncident(ctx context.Context, i ops.Incident, f *frozen) error {
	if i.State == ops.Resolved {
		return conflict(ops.CodeOver, "这件事已经解决，没有可以处置的办件。")
	}
	n := 0
	for after := ""; ; {
		page, err := s.Operations.Incidents.IncidentCases(ctx, whoIs(ctx).Scope, i.ID, after, batchPage)
		if err != nil {
			return err
		}
		for _, a := range page.Items {
			n++
			if err := f.add(a); err != nil {
				return err
			}
		}
		if after = page.Next; after == "" {
			break
		}
	}
	if number := i.Facts[ops.FactCase]; n == 0 && number != "" {
		return f.add(ops.Affected{Number: number})
	}
	return nil
}

// sayCases is a filter of cases in words.
func (s *Server) sayCases(ctx context.Context, in BatchCases) (string, error) {
	kind, _ := s.catalogued(in.Kind)
	parts := []string{"未办结的办件", kind.Name, map[procedure.CaseState]string{procedure.Running: "办理中", procedure.Executing: "执行中"}[in.State],
		map[string]string{"yellow": "黄牌", "red": "红牌"}[in.Card]}
	if in.Stage != "" {
		parts = append(parts, "在「"+s.stageTitle(in.Kind, in.Stage)+"」")
	}
	return s.sayRest(ctx, parts, in.Unit, in.Text)
}

// stageTitle is the title of a stage, of a kind or of whichever has one of that name.
func (s *Server) stageTitle(kind procedure.Kind, name string) string {
	for _, p := range s.Catalog() {
		if stage, ok := p.Stage(name); ok && (kind == "" || p.Kind == kind) {
			return stage.Title
		}
	}
	return name
}

// sayIncidents is a filter of incidents in words.
func (s *Server) sayIncidents(ctx context.Context, in BatchIncidents) (string, error) {
	parts := []string{"卡住的事：" + in.Kind.Title(), map[ops.State]string{ops.Open: "待处置", ops.Acknowledged: "已知悉", ops.Assigned: "已指派"}[in.State]}
	if in.ID != "" {
		parts = append(parts, "其中一件事的办件")
	}
	if in.Case != "" {
		parts = append(parts, "办件 "+in.Case)
	}
	if in.Assignee != "" {
		parts = append(parts, "有指派人")
	}
	return s.sayRest(ctx, parts, in.Unit, in.Text)
}

func (s *Server) sayRest(ctx context.Context, parts []string, unit, text string) (string, error) {
	if unit != "" {
		units, err := s.unitsByCode(ctx)
		if err != nil {
			return "", err
		}
		name := units[unit].Name
		if name == "" {
			name = unit
		}
		parts = append(parts, name)
	}
	if text != "" {
		parts = append(parts, "含「"+text+"」")
	}
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), "，"), nil
}
