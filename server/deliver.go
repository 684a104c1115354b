package server

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"gongzhi/procedure"
	"gongzhi/record"
)

// sendBudget is how long a request waits for the engine. After it the answer is 202: the stored command will be repeated.
const sendBudget = 5 * time.Second

// repeated answers a request whose key is already stored, before the state of the case is looked at: the first request has
// changed it.
func (s *Server) repeated(ctx context.Context) (*statusReply[ActionResult], error) {
	stored, err := s.storedCommand(ctx)
	if stored == nil || err != nil {
		return nil, err
	}
	return s.deliver(ctx, *stored, nil)
}

// storedCommand finds the command of the request's key.
func (s *Server) storedCommand(ctx context.Context) (*record.Command, error) {
	c := callOf(ctx)
	stored, err := s.Reader.Command(ctx, c.key)
	var refusal *procedure.Error
	switch {
	case errors.As(err, &refusal) && refusal.Kind == procedure.NotFound:
		return nil, nil
	case err != nil:
		return nil, err
	case stored.Actor.User != c.who.User.ID || stored.Request != c.digest:
		return nil, errKeyReused
	}
	return &stored, nil
}

var errKeyReused = conflict("idempotency.conflict", "这个 Idempotency-Key 已用于另一个请求，请刷新页面后重试。")

// submit stores a command, sends it, and answers with the state of the case after it.
func (s *Server) submit(ctx context.Context, kase record.Case, t *record.Task, c procedure.Command, w words) (*statusReply[ActionResult], error) {
	call := callOf(ctx)
	c.ID, c.At, c.Head = call.key, s.now(), kase.Seq
	stored, _, err := s.Commands.SubmitCommand(ctx, record.Command{
		Command: c, Opinion: strings.TrimSpace(w.opinion), Fields: w.fields, Files: w.files,
		Request: call.digest, State: record.CommandPending, Stored: s.Now(),
	})
	if err != nil {
		return nil, s.keep(ctx, kase, t, w, err)
	}
	return s.deliver(ctx, stored, t)
}

// deliver sends a stored command to the engine, unless its end is known, and answers with what has become of it. t is the task
// it acts on, if that is at hand.
func (s *Server) deliver(ctx context.Context, c record.Command, t *record.Task) (*statusReply[ActionResult], error) {
	receipt, err := s.send(ctx, c)
	var refusal *procedure.Error
	var answered *Problem
	switch {
	case errors.As(err, &answered):
		return nil, answered
	case errors.As(err, &refusal):
		return nil, s.refuse(ctx, c, t, refusal)
	case err != nil:
		s.Logger.WarnContext(ctx, "command is not confirmed yet", "command", c.ID, "case", c.Case, "error", err)
		return &statusReply[ActionResult]{Status: http.StatusAccepted, Body: ActionResult{
			Command: c.ID, State: record.CommandPending, Where: prefix + "/commands/" + c.ID,
		}}, nil
	}
	kase, err := s.visibleCase(ctx, c.Case)
	out := ActionResult{Command: c.ID, State: record.CommandDone, Seq: receipt.Seq}
	var gone *procedure.Error
	switch {
	case err == nil:
		out.Case = &kase
	case errors.As(err, &gone) && gone.Kind == procedure.NotFound: // one has handed it on, and no longer sees it
	default:
		return nil, err
	}
	return &statusReply[ActionResult]{Status: http.StatusOK, Body: out}, nil
}

// send gives a command to the engine. A finished command gives its stored receipt; a refused one the *Problem that its sender
// was answered.
func (s *Server) send(ctx context.Context, c record.Command) (procedure.Receipt, error) {
	switch c.State {
	case record.CommandDone:
		return procedure.Receipt{Command: c.ID, Case: c.Case, Seq: c.Seq}, nil
	case record.CommandRefused:
		p := newProblem(cmp.Or(statuses[c.Refusal], http.StatusConflict), c.Code, c.Reason)
		p.Kept = c.Kept
		return procedure.Receipt{}, p
	}
	budget, cancel := context.WithTimeout(ctx, sendBudget)
	defer cancel()
	return s.Engine.Send(budget, c)
}

// refuse answers a command that its case refuses, and settles it with that answer: a repeat is answered the same.
func (s *Server) refuse(ctx context.Context, c record.Command, t *record.Task, refusal *procedure.Error) error {
	kase := record.Case{Number: c.Case}
	if now, err := s.visibleCase(ctx, c.Case); err == nil {
		kase = now
	}
	if now, err := s.Reader.Task(ctx, whoIs(ctx).Scope, c.Task); err == nil {
		t = &now
	}
	p := s.problem(ctx, s.keep(ctx, kase, t, words{c.Opinion, c.Files, c.Fields}, refusal))
	end := record.CommandEnd{State: record.CommandRefused, Refusal: refusal.Kind, Code: p.Code, Reason: p.Detail, Kept: p.Kept}
	if err := s.Commands.SettleCommand(context.WithoutCancel(ctx), c.ID, end); err != nil {
		return fmt.Errorf("refused (%s) and not settled: %w", refusal.Code, err)
	}
	return p
}

// keep turns a refusal into an answer that loses nothing: on a conflict what the person wrote becomes a draft.
func (s *Server) keep(ctx context.Context, kase record.Case, t *record.Task, w words, err error) error {
	var refusal *procedure.Error
	if !errors.As(err, &refusal) || refusal.Kind != procedure.Conflict || refusal.Code == "idempotency.conflict" {
		return err
	}
	p := newProblem(http.StatusConflict, refusal.Code, procedure.FullStop(refusal.Message))
	if t != nil && t.State == record.TaskDone && refusal.Code == "task.closed" {
		p.Detail = fmt.Sprintf("两位同事同时处理了这件待办，%s已先一步「%s」。", orPerson(t.ActorName), t.Label)
	}
	written := record.Command{Opinion: w.opinion, Files: w.files, Fields: w.fields}
	if !written.HasWords() {
		return p
	}
	written.Case, written.Actor, written.At = kase.Number, whoIs(ctx).actor(), s.now()
	if t != nil {
		written.Task = t.ID
	}
	if err := s.Drafts.KeepOpinion(ctx, written); err != nil {
		s.Logger.ErrorContext(ctx, "opinion could not be kept as a draft", "case", kase.Number, "error", err)
		p.Detail += "您填写的意见未能保存，请先自行复制。"
		return p
	}
	p.Kept = record.OpinionKept
	p.Detail += p.Kept
	return p
}

func (s *Server) getCommand(ctx context.Context, in *IDPath) (*reply[CommandView], error) {
	c, err := s.Reader.Command(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if c.Actor.User != whoIs(ctx).User.ID {
		return nil, procedure.Errorf(procedure.NotFound, "command.not_found", "没有这条操作记录。")
	}
	return answer(CommandView{ID: c.ID, State: c.State, Code: c.Code, Reason: c.Reason, Case: c.Case, Seq: c.Seq}), nil
}
