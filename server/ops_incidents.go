package server

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"gongzhi/calendar"
	"gongzhi/ops"
	"gongzhi/procedure"
	"gongzhi/record"
)

// shownCases is how many cases a line of the list shows.
const shownCases = 3

// area is the subtree that the session watches over: the district of its post, or the unit of a post above districts. Where there is
// none it is a path that no unit has.
func (s *Server) area(ctx context.Context) (string, error) {
	units, err := s.unitsByCode(ctx)
	if err != nil {
		return "", err
	}
	who := whoIs(ctx)
	code := who.District
	if code == "" {
		code = who.Active.Unit
	}
	if path := units[code].Path; path != "" {
		return path, nil
	}
	return "?", nil
}

// under tells whether a unit lies in an area.
func under(u record.Unit, area string) bool { return u.Path != "" && strings.HasPrefix(u.Path, area) }

func (s *Server) listIncidents(ctx context.Context, in *incidentsInput) (*reply[record.Page[IncidentView]], error) {
	area, err := s.area(ctx)
	if err != nil {
		return nil, err
	}
	f := ops.Filter{
		Kind: in.Kind, State: in.State, Unit: in.Unit, Assignee: in.Assignee, Case: in.Case, Text: in.Text, After: in.After, Limit: in.Limit,
	}
	if f.Assignee == "me" {
		f.Assignee = whoIs(ctx).User.ID
	}
	page, err := s.Operations.Incidents.Incidents(ctx, area, f)
	if err != nil {
		return nil, err
	}
	views, err := s.incidentViews(ctx, page.Items)
	return answer(record.Page[IncidentView]{Items: views, Next: page.Next}), err
}

func (s *Server) incidentViews(ctx context.Context, list []ops.Incident) ([]IncidentView, error) {
	units, err := s.unitsByCode(ctx)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(list))
	for i, one := range list {
		ids[i] = one.ID
	}
	cases, err := s.Operations.Incidents.FirstCases(ctx, whoIs(ctx).Scope, ids, shownCases)
	if err != nil {
		return nil, err
	}
	views := make([]IncidentView, len(list))
	for i, one := range list {
		views[i] = IncidentView{
			Incident: one, KindTitle: one.Kind.Title(), UnitName: units[one.Unit].Name, Cases: cases[one.ID], May: incidentRights(whoIs(ctx), one),
		}
	}
	return views, nil
}

// incidentRights: an operator acts, the others read.
func incidentRights(who *Principal, i ops.Incident) IncidentRights {
	acts, live := slices.Contains(operators, who.Active.Role), i.State != ops.Resolved
	return IncidentRights{Acknowledge: acts && i.State == ops.Open, Assign: acts && live, Comment: acts, Resolve: acts && live}
}

func (s *Server) getIncident(ctx context.Context, in *incidentInput) (*reply[IncidentPage], error) {
	area, err := s.area(ctx)
	if err != nil {
		return nil, err
	}
	i, err := s.Operations.Incidents.Incident(ctx, area, in.ID)
	if err != nil {
		return nil, err
	}
	views, err := s.incidentViews(ctx, []ops.Incident{i})
	if err != nil {
		return nil, err
	}
	p := IncidentPage{Incident: views[0]}
	if p.Remedies, err = s.cureOffers(ctx, i, views[0].Cases); err != nil {
		return nil, err
	}
	if p.History, err = s.Operations.Incidents.IncidentHistory(ctx, in.ID); err != nil {
		return nil, err
	}
	p.Cases, err = s.Operations.Incidents.IncidentCases(ctx, whoIs(ctx).Scope, in.ID, in.After, in.Limit)
	return answer(p), err
}

func (s *Server) incidentCounts(ctx context.Context, _ *none) (*reply[ops.Counts], error) {
	area, err := s.area(ctx)
	if err != nil {
		return nil, err
	}
	c, err := s.Operations.Incidents.IncidentCounts(ctx, area, calendar.DateOf(s.now()))
	return answer(c), err
}

func (s *Server) incidentRuns(ctx context.Context, _ *none) (*reply[RunsView], error) {
	runs, err := s.Operations.Incidents.Runs(ctx)
	if err != nil {
		return nil, err
	}
	v := RunsView{Now: s.now()}
	for _, r := range runs {
		v.Runs = append(v.Runs, RunView{
			Kind: r.Kind, Title: r.Kind.Title(), At: r.At, TookMS: r.Took.Milliseconds(), Found: r.Found, Error: r.Error, LastOK: r.LastOK,
		})
		switch {
		case v.Lag < 0:
		case r.LastOK == nil:
			v.Lag = -1
		default:
			v.Lag = max(v.Lag, int64(v.Now.Sub(*r.LastOK)/time.Second))
		}
	}
	return answer(v), nil
}

// sweepWithin is how long people wait for a sweep.
const sweepWithin = 10 * time.Second

func (s *Server) sweepNow(ctx context.Context, _ *none) (*reply[Swept], error) {
	waiting, cancel := context.WithTimeout(ctx, s.sweepWithin)
	defer cancel()
	err := s.Operations.Sweeper.Sweep(waiting, callOf(ctx).key)
	switch {
	case err == nil:
		return answer(Swept{Done: true}), nil
	case errors.Is(waiting.Err(), context.DeadlineExceeded) && ctx.Err() == nil:
		return answer(Swept{}), nil
	}
	return nil, err
}

func (s *Server) acknowledgeIncident(ctx context.Context, in *incidentNoteInput) (*reply[IncidentView], error) {
	return s.actOnIncident(ctx, in.ID, ops.Act{What: ops.Acknowledge, Version: in.Body.Version, Text: in.Body.Text})
}

func (s *Server) commentIncident(ctx context.Context, in *incidentReasonInput) (*reply[IncidentView], error) {
	return s.actOnIncident(ctx, in.ID, ops.Act{What: ops.Comment, Version: in.Body.Version, Text: in.Body.Text})
}

func (s *Server) resolveIncident(ctx context.Context, in *incidentReasonInput) (*reply[IncidentView], error) {
	return s.actOnIncident(ctx, in.ID, ops.Act{What: ops.Ended, Version: in.Body.Version, Text: in.Body.Text})
}

// assignIncident gives an incident to somebody who can see it: a post of those who watch over the area.
func (s *Server) assignIncident(ctx context.Context, in *incidentAssignInput) (*reply[IncidentView], error) {
	area, err := s.area(ctx)
	if err != nil {
		return nil, err
	}
	to, _, err := s.Reader.UserByLogin(ctx, in.Body.User)
	if err != nil {
		return nil, err
	}
	posts, err := s.Reader.PostsOf(ctx, to.ID, s.today())
	if err != nil {
		return nil, err
	}
	units, err := s.unitsByCode(ctx)
	if err != nil {
		return nil, err
	}
	watches := func(p record.Post) bool {
		return slices.Contains(watchers, p.Role) && under(units[p.Unit], area)
	}
	if to.Disabled || !slices.ContainsFunc(posts, watches) {
		return nil, procedure.Errorf(procedure.Conflict, "incident.assignee", "%s 没有本区运行监控、系统管理、审计或督查的岗位，看不到这件事，不能指派。", to.Name)
	}
	return s.actOnIncident(ctx, in.ID, ops.Act{
		What: ops.Assign, Version: in.Body.Version, To: to.ID, ToName: to.Name, Text: in.Body.Text,
	})
}

func (s *Server) actOnIncident(ctx context.Context, id string, a ops.Act) (*reply[IncidentView], error) {
	area, err := s.area(ctx)
	if err != nil {
		return nil, err
	}
	who := whoIs(ctx)
	a.By, a.ByName, a.At = who.User.ID, who.User.Name, s.now()
	i, err := s.Operations.Incidents.ActOnIncident(ctx, area, id, a)
	if err != nil {
		return nil, err
	}
	views, err := s.incidentViews(ctx, []ops.Incident{i})
	if err != nil {
		return nil, err
	}
	return answer(views[0]), nil
}
