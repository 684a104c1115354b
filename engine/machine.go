package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/api/serviceerror"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"

	"gongzhi/procedure"
	"gongzhi/record"
)

// Machine asks the engine how it is, and mends what stands still in it. What it asks about all cases it asks in bulk; it describes
// single cases only when it is asked about them.
type Machine struct {
	client    client.Client
	namespace string
}

// NewMachine makes a machine on a connected client of a namespace.
func NewMachine(c client.Client, namespace string) *Machine {
	return &Machine{client: c, namespace: namespace}
}

// pageSize is how many workflows one answer of the engine lists at most. An engine whose own limit is lower gives fewer.
const pageSize = 10_000

// open are the queries of all cases that are not over; also one that is held counts. Each asks for one state: the engine's database has
// an index of states, which it does not use for several at once. It would go through all workflows then, those that are over too.
var open = []string{
	"ExecutionStatus = 'Running' AND WorkflowId STARTS_WITH 'case:'",
	"ExecutionStatus = 'Paused' AND WorkflowId STARTS_WITH 'case:'",
}

// Problems are the cases whose workflow code fails. The engine marks them by itself, and takes the mark away at the next good step.
func (m *Machine) Problems(ctx context.Context) ([]record.Problem, error) {
	var all []record.Problem
	err := m.list(ctx, "TemporalReportedProblems IS NOT NULL AND ExecutionStatus = 'Running'", func(w *workflowpb.WorkflowExecutionInfo) error {
		number, ok := strings.CutPrefix(w.GetExecution().GetWorkflowId(), "case:")
		if !ok {
			return nil
		}
		all = append(all, record.Problem{Case: number, Cause: cause(w.GetSearchAttributes())})
		return nil
	})
	return all, err
}

// cause reads «cause=WorkflowTaskFailedCauseNonDeterministicError» from what the engine has marked a workflow with.
func cause(attributes *commonpb.SearchAttributes) string {
	text := string(attributes.GetIndexedFields()["TemporalReportedProblems"].GetData())
	_, after, ok := strings.Cut(text, "cause=")
	if !ok {
		return "unknown"
	}
	name, _, _ := strings.Cut(after, `"`)
	return strings.TrimPrefix(name, "WorkflowTaskFailedCause")
}

// Open counts the cases that the engine has open.
func (m *Machine) Open(ctx context.Context) (int64, error) {
	all := int64(0)
	for _, query := range open {
		r, err := m.client.CountWorkflow(ctx, &workflowservice.CountWorkflowExecutionsRequest{Namespace: m.namespace, Query: query})
		if err != nil {
			return 0, fmt.Errorf("count the cases of the engine: %w", err)
		}
		all += r.GetCount()
	}
	return all, nil
}

// EachOpen goes through the cases that the engine has open.
func (m *Machine) EachOpen(ctx context.Context, f func(record.Opened)) error {
	for _, query := range open {
		err := m.list(ctx, query, func(w *workflowpb.WorkflowExecutionInfo) error {
			f(record.Opened{Case: strings.TrimPrefix(w.GetExecution().GetWorkflowId(), "case:"), Since: w.GetStartTime().AsTime()})
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (m *Machine) list(ctx context.Context, query string, f func(*workflowpb.WorkflowExecutionInfo) error) error {
	var token []byte
	for {
		r, err := m.client.ListWorkflow(ctx, &workflowservice.ListWorkflowExecutionsRequest{
			Namespace: m.namespace, Query: query, PageSize: pageSize, NextPageToken: token})
		if err != nil {
			return fmt.Errorf("list the cases of the engine: %w", err)
		}
		for _, w := range r.GetExecutions() {
			if err := f(w); err != nil {
				return err
			}
		}
		if token = r.GetNextPageToken(); len(token) == 0 {
			return nil
		}
	}
}

// Inside describes one case. ok is false where the engine does not know it.
func (m *Machine) Inside(ctx context.Context, number string) (in record.Inside, ok bool, err error) {
	id := procedure.WorkflowID(number)
	r, err := m.client.DescribeWorkflowExecution(ctx, id, "")
	var gone *serviceerror.NotFound
	if errors.As(err, &gone) {
		return in, false, nil
	}
	if err != nil {
		return in, false, fmt.Errorf("describe %s: %w", number, err)
	}
	w := r.GetWorkflowExecutionInfo()
	in = record.Inside{Workflow: id, Run: w.GetExecution().GetRunId(), Status: w.GetStatus().String(), Events: w.GetHistoryLength(),
		Bytes: w.GetHistorySizeBytes(), Pending: []record.Unfinished{}}
	if task := r.GetPendingWorkflowTask(); task.GetAttempt() > 1 {
		in.Attempt = task.GetAttempt()
		if in.Failing, err = m.lastFailure(ctx, id, in.Run); err != nil {
			return in, true, err
		}
	}
	for _, a := range r.GetPendingActivities() {
		u := record.Unfinished{ID: a.GetActivityId(), Type: a.GetActivityType().GetName(), Attempt: a.GetAttempt(),
			State: strings.ToLower(a.GetState().String()), Error: a.GetLastFailure().GetMessage(), Since: a.GetScheduledTime().AsTime()}
		if next := a.GetNextAttemptScheduleTime(); next != nil {
			at := next.AsTime()
			u.Next = &at
		}
		in.Pending = append(in.Pending, u)
	}
	return in, true, nil
}

// lastFailure is why the workflow code failed last. The engine has written it into the history.
func (m *Machine) lastFailure(ctx context.Context, id, run string) (string, error) {
	e, err := m.lastEvent(ctx, id, run, enumspb.EVENT_TYPE_WORKFLOW_TASK_FAILED)
	if err != nil || e == nil {
		return "", err
	}
	return e.GetWorkflowTaskFailedEventAttributes().GetFailure().GetMessage(), nil
}

// lastEvent looks for an event of some kinds from the end of a history.
func (m *Machine) lastEvent(ctx context.Context, id, run string, kinds ...enumspb.EventType) (*historypb.HistoryEvent, error) {
	var token []byte
	for range 10 { // it lies near the end, or what is asked for is not there
		r, err := m.client.WorkflowService().GetWorkflowExecutionHistoryReverse(ctx, &workflowservice.GetWorkflowExecutionHistoryReverseRequest{
			Namespace: m.namespace, Execution: &commonpb.WorkflowExecution{WorkflowId: id, RunId: run}, NextPageToken: token})
		if err != nil {
			return nil, fmt.Errorf("read the history of %s: %w", id, err)
		}
		for _, e := range r.GetHistory().GetEvents() {
			if slices.Contains(kinds, e.GetEventType()) {
				return e, nil
			}
		}
		if token = r.GetNextPageToken(); len(token) == 0 {
			return nil, nil
		}
	}
	return nil, nil
}

// Retry has every unfinished activity of a case tried again at once, with its attempts counted anew; a held one goes on.
func (m *Machine) Retry(ctx context.Context, number string, by record.Hand) error {
	return m.eachPending(ctx, number, func(at *commonpb.WorkflowExecution, a record.Unfinished) error {
		service := m.client.WorkflowService()
		if a.State == "paused" {
			_, err := service.UnpauseActivity(ctx, &workflowservice.UnpauseActivityRequest{Namespace: m.namespace, Execution: at, Identity: identity(by),
				Activity: &workflowservice.UnpauseActivityRequest_Id{Id: a.ID}, ResetAttempts: true})
			return err
		}
		_, err := service.ResetActivity(ctx, &workflowservice.ResetActivityRequest{Namespace: m.namespace, Execution: at, Identity: identity(by),
			Activity: &workflowservice.ResetActivityRequest_Id{Id: a.ID}, ResetHeartbeat: true})
		return err
	})
}

// Hold keeps the unfinished activities of a case from being tried again until Retry.
func (m *Machine) Hold(ctx context.Context, number string, by record.Hand) error {
	return m.eachPending(ctx, number, func(at *commonpb.WorkflowExecution, a record.Unfinished) error {
		_, err := m.client.WorkflowService().PauseActivity(ctx, &workflowservice.PauseActivityRequest{Namespace: m.namespace, Execution: at,
			Identity: identity(by), Activity: &workflowservice.PauseActivityRequest_Id{Id: a.ID}, Reason: by.Reason})
		return err
	})
}

func (m *Machine) eachPending(ctx context.Context, number string, f func(*commonpb.WorkflowExecution, record.Unfinished) error) error {
	in, ok, err := m.Inside(ctx, number)
	if err != nil {
		return err
	}
	if !ok || len(in.Pending) == 0 {
		return procedure.Errorf(procedure.Conflict, "machine.idle", "引擎里没有这件办件正在重试的动作，可能已经恢复")
	}
	at := &commonpb.WorkflowExecution{WorkflowId: in.Workflow, RunId: in.Run}
	for _, a := range in.Pending {
		var gone *serviceerror.NotFound
		if err := f(at, a); err != nil && !errors.As(err, &gone) { // it has just ended
			return fmt.Errorf("%s of %s: %w", a.Type, number, err)
		}
	}
	return nil
}

// Rewind has the code that is there now take the step again at which a case stands still, instead of at the engine's next attempt,
// which may be far away. Everything before that step stays as it is: steps that were done are on record, with their moments.
func (m *Machine) Rewind(ctx context.Context, number string, by record.Hand) error {
	in, ok, err := m.Inside(ctx, number)
	if err != nil {
		return err
	}
	if !ok || in.Attempt == 0 {
		return procedure.Errorf(procedure.Conflict, "machine.sound", "这件办件的程序没有出错，不需要重置")
	}
	failed, err := m.lastEvent(ctx, in.Workflow, in.Run, enumspb.EVENT_TYPE_WORKFLOW_TASK_FAILED, enumspb.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT)
	if err != nil {
		return err
	}
	if failed == nil {
		return procedure.Errorf(procedure.Conflict, "machine.sound", "引擎没有记下出错的一步，请稍后再试")
	}
	_, err = m.client.ResetWorkflowExecution(ctx, &workflowservice.ResetWorkflowExecutionRequest{Namespace: m.namespace, Identity: identity(by),
		WorkflowExecution: &commonpb.WorkflowExecution{WorkflowId: in.Workflow, RunId: in.Run}, Reason: by.Reason,
		WorkflowTaskFinishEventId: failed.GetEventId(), RequestId: by.ID})
	if err != nil {
		return fmt.Errorf("rewind %s: %w", number, err)
	}
	return nil
}

// identity is how the engine's own histories name a person.
func identity(by record.Hand) string { return "user:" + by.Actor.User }
