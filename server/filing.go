package server

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"gongzhi/procedure"
	"gongzhi/record"
)

// startCase files a case: the check that the form showed all along is run once more, and blocks.
func (s *Server) startCase(ctx context.Context, in *body[CaseInput]) (*statusReply[FilingResult], error) {
	stored, err := s.storedCommand(ctx)
	if err != nil {
		return nil, err
	}
	if stored == nil {
		if stored, err = s.file(ctx, in.Body); err != nil {
			return nil, err
		}
	}
	return s.begin(ctx, *stored, in.Body.Draft)
}

// file checks and stores an application; the store gives it its number.
func (s *Server) file(ctx context.Context, in CaseInput) (*record.Command, error) {
	intake, who, err := s.intake(ctx, in.Kind)
	if err != nil {
		return nil, err
	}
	if _, err := s.usableFiles(ctx, in.Files); err != nil {
		return nil, err
	}
	now := s.now()
	check, err := intake.Check(ctx, in.Form, who, now)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(check.Findings, blocks) {
		return nil, refused(check)
	}
	filing, title, err := intake.File(ctx, in.Form, who, now)
	if err != nil {
		return nil, err
	}
	call := callOf(ctx)
	kind, _ := s.catalogued(in.Kind)
	filing.Kind, filing.Version, filing.District = kind.Kind, kind.Version, who.District
	filing.Initiator, filing.Command, filing.Clock = who.Actor, call.key, s.Clock()
	stored, _, err := s.Commands.StartCase(ctx, Filed{
		Command: record.Command{
			Command: procedure.Command{ID: call.key, Action: procedure.ActStart, Actor: who.Actor, At: now},
			Filing:  &filing, Files: in.Files, Request: call.digest, State: record.CommandPending, Stored: s.Now(),
		},
		Form: in.Form, Title: title, Files: in.Files,
	})
	if err != nil {
		return nil, err
	}
	return &stored, nil
}

// begin starts the case of a stored filing.
func (s *Server) begin(ctx context.Context, c record.Command, draft string) (*statusReply[FilingResult], error) {
	if c.Filing == nil {
		return nil, errKeyReused
	}
	out := FilingResult{Command: c.ID, State: record.CommandDone, Number: c.Filing.Case}
	about(ctx, out.Number)
	_, err := s.send(ctx, c)
	var refusal *procedure.Error
	var answered *Problem
	switch {
	case errors.As(err, &answered):
		return nil, answered
	case errors.As(err, &refusal):
		return nil, s.refuse(ctx, c, nil, refusal)
	case err != nil:
		s.Logger.WarnContext(ctx, "start is not confirmed yet", "command", c.ID, "case", out.Number, "error", err)
	}
	s.dropDraft(ctx, draft)
	if err == nil {
		kase, readErr := s.visibleCase(ctx, out.Number)
		if readErr == nil {
			out.Case = &kase
			return &statusReply[FilingResult]{Status: http.StatusCreated, Body: out}, nil
		}
		if !errors.As(readErr, &refusal) {
			return nil, readErr
		}
	}
	out.State, out.Where = record.CommandPending, prefix+"/commands/"+c.ID
	return &statusReply[FilingResult]{Status: http.StatusAccepted, Body: out}, nil
}

// dropDraft removes the draft of a filed application. That it stays is a nuisance, not a failure of the filing.
func (s *Server) dropDraft(ctx context.Context, id string) {
	if id == "" {
		return
	}
	var refusal *procedure.Error
	if err := s.Drafts.DeleteDraft(ctx, whoIs(ctx).User.ID, id); err != nil && !errors.As(err, &refusal) {
		s.Logger.WarnContext(ctx, "draft could not be removed", "error", err)
	}
}
