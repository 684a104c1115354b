// Package engine carries stored commands to the workflows of their cases. It is the only place that speaks to Temporal as a
// client; its errors are refusals in the words of the procedure, or faults that leave the result unknown.
package engine

import (
	"context"
	"errors"
	"fmt"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"gongzhi/procedure"
	"gongzhi/record"
)

// TaskQueue is the one queue that carries all cases.
const TaskQueue = "gongzhi"

// Recorder appends events to a case's record and folds them into the projections, in one transaction. It passes over what is
// recorded already.
type Recorder interface {
	Append(ctx context.Context, number string, events []procedure.Event) (head int64, err error)
}

// Engine sends commands through a Temporal client, and records what comes of them.
type Engine struct {
	client client.Client
	record Recorder
}

// New makes an engine on a connected client.
func New(c client.Client, r Recorder) *Engine { return &Engine{client: c, record: r} }

// Send gives a command to its case, waits for what comes of it and records it; a command with a filing starts the case first. It
// may be repeated with the same command: the id is the update's id, and the case knows what it has seen. The result of an error
// that is not a *procedure.Error is unknown: repeat.
func (e *Engine) Send(ctx context.Context, c record.Command) (procedure.Receipt, error) {
	handle, err := e.deliver(ctx, c)
	if err != nil {
		return procedure.Receipt{}, translate(err)
	}
	var r procedure.Reply
	if err := handle.Get(ctx, &r); err != nil {
		return procedure.Receipt{}, translate(err)
	}
	if len(r.Events) > 0 {
		if _, err := e.record.Append(ctx, c.Case, r.Events); err != nil {
			return procedure.Receipt{}, fmt.Errorf("%s is done and not on record: %v", c.ID, err) // no refusal: it is repeated
		}
	}
	return r.Receipt, nil
}

func (e *Engine) deliver(ctx context.Context, c record.Command) (client.WorkflowUpdateHandle, error) {
	update := client.UpdateWorkflowOptions{
		WorkflowID: procedure.WorkflowID(c.Case), UpdateID: c.ID, UpdateName: procedure.ActUpdate,
		Args: []any{c.Command}, WaitForStage: client.WorkflowUpdateStageCompleted,
	}
	if c.Filing == nil {
		return e.client.UpdateWorkflow(ctx, update)
	}
	start := e.client.NewWithStartWorkflowOperation(client.StartWorkflowOptions{
		ID: procedure.WorkflowID(c.Case), TaskQueue: TaskQueue, StaticSummary: c.Case,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
	}, string(c.Filing.Kind), *c.Filing)
	return e.client.UpdateWithStartWorkflow(ctx, client.UpdateWithStartWorkflowOptions{StartWorkflowOperation: start, UpdateOptions: update})
}

// translate turns what the engine says into a refusal where it is one.
func translate(err error) error {
	var app *temporal.ApplicationError
	if errors.As(err, &app) && app.HasDetails() {
		var kind string
		if app.Details(&kind) == nil && kind != "" {
			return &procedure.Error{Code: app.Type(), Message: app.Message(), Kind: procedure.Refusal(kind)}
		}
	}
	var gone *serviceerror.NotFound
	if errors.As(err, &gone) {
		return procedure.Errorf(procedure.Conflict, "case.closed", "该办件已办结，不能再操作")
	}
	return err
}

// Tell signals open cases that the demo's clock or the calendar has changed. It goes on past a case that has just ended.
func (e *Engine) Tell(ctx context.Context, numbers []string, signal string, payload any) error {
	var faults []error
	for _, number := range numbers {
		err := e.client.SignalWorkflow(ctx, procedure.WorkflowID(number), "", signal, payload)
		var gone *serviceerror.NotFound
		if err != nil && !errors.As(err, &gone) {
			faults = append(faults, fmt.Errorf("%s: %w", number, err))
		}
	}
	return errors.Join(faults...)
}

// Healthy asks whether the engine answers.
func (e *Engine) Healthy(ctx context.Context) error {
	_, err := e.client.CheckHealth(ctx, &client.CheckHealthRequest{})
	return err
}
