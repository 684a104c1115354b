package server

import (
	"context"
	"net/http"
	"slices"

	"gongzhi/procedure"
)

// catalogued finds a procedure by its kind.
func (s *Server) catalogued(kind procedure.Kind) (procedure.Procedure, bool) {
	all := s.Catalog()
	i := slices.IndexFunc(all, func(p procedure.Procedure) bool { return p.Kind == kind })
	if i < 0 {
		return procedure.Procedure{}, false
	}
	return all[i], true
}

func (s *Server) listProcedures(ctx context.Context, _ *none) (*reply[[]ProcedureCard], error) {
	who := whoIs(ctx)
	cards := []ProcedureCard{}
	for _, p := range s.Catalog() {
		card := ProcedureCard{Kind: p.Kind, Name: p.Name, Summary: p.Summary, Duration: p.Duration, Prepare: p.Prepare, WhoDecides: whoDecides(p)}
		if err := mayStartKind(who, p); err != nil {
			card.WhyNot = err.Message
		}
		card.MayStart = card.WhyNot == ""
		cards = append(cards, card)
	}
	return answer(cards), nil
}

// listRoles gives every kind of post there is, in the order in which an administrator chooses.
func (s *Server) listRoles(context.Context, *none) (*reply[[]RoleView], error) {
	views := []RoleView{}
	for _, r := range procedure.Roles() {
		views = append(views, RoleView{Role: r, Name: r.Title()})
	}
	return answer(views), nil
}

// whoDecides lists the posts whose answer can end a case, in the order of the stages.
func whoDecides(p procedure.Procedure) []string {
	var titles []string
	for _, stage := range p.Stages {
		stops := slices.ContainsFunc(stage.Options, func(o procedure.Option) bool { return o.Effect == procedure.Stop })
		if title := stage.Seat.Role.Title(); stops && stage.Seat.Where != procedure.AtInitiator && !slices.Contains(titles, title) {
			titles = append(titles, title)
		}
	}
	return titles
}

// mayStartKind says why a person may not start a procedure, or nil.
func mayStartKind(who *Principal, p procedure.Procedure) *procedure.Error {
	switch {
	case !p.Starts(who.Active.Role):
		return procedure.Errorf(procedure.Forbidden, "case.not_initiator", "「%s」只能由%s发起，您当前的岗位是%s。", p.Name, p.Initiator.Title(), who.Active.Role.Title())
	case who.Disabled:
		return procedure.Errorf(procedure.Forbidden, "unit.disabled", "您所在单位已停用，不能发起新的「%s」；在办的办件照常办理。", p.Name)
	case who.District == "":
		return procedure.Errorf(procedure.Forbidden, "case.no_district", "您所在单位不属于任何一个区，不能发起「%s」。", p.Name)
	}
	return nil
}

func (s *Server) getProcedure(_ context.Context, in *KindPath) (*reply[procedure.Procedure], error) {
	p, ok := s.catalogued(procedure.Kind(in.Kind))
	if !ok {
		return nil, errNoProcedure
	}
	return answer(p), nil
}

var errNoProcedure = procedure.Errorf(procedure.NotFound, "procedure.not_found", "没有这个事项。")

func (s *Server) check(ctx context.Context, in *checkInput) (*reply[Check], error) {
	intake, who, err := s.intake(ctx, procedure.Kind(in.Kind))
	if err != nil {
		return nil, err
	}
	c, err := intake.Check(ctx, in.Body.Form, who, s.now())
	if err != nil {
		return nil, err
	}
	c.OK = !slices.ContainsFunc(c.Findings, blocks)
	return answer(c), nil
}

// intake finds the judge of a kind and proves that the caller may start it.
func (s *Server) intake(ctx context.Context, kind procedure.Kind) (Intake, Applicant, error) {
	p, ok := s.catalogued(kind)
	intake := s.Intakes[kind]
	if !ok || intake == nil {
		return nil, Applicant{}, errNoProcedure
	}
	who := whoIs(ctx)
	if err := mayStartKind(who, p); err != nil {
		return nil, Applicant{}, err
	}
	return intake, Applicant{Actor: who.actor(), District: who.District}, nil
}

func blocks(f Finding) bool { return f.Level == "block" }

// refused is the answer to a filing that the check blocks: each finding is an error of its field.
func refused(c Check) error {
	p := newProblem(http.StatusUnprocessableEntity, "case.blocked", "申请未通过校核，尚不能提交。请按提示修改；已填内容仍在草稿中。")
	for _, f := range c.Findings {
		if !blocks(f) {
			continue
		}
		path := "form"
		if f.Field != "" {
			path += "." + f.Field
		}
		p.Errors = append(p.Errors, ProblemError{Path: path, Code: f.Code, Message: f.Message})
	}
	if len(p.Errors) == 1 {
		p.Detail = procedure.FullStop(p.Errors[0].Message)
	}
	return p
}
