package workflows

import (
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"gongzhi/activities"
	"gongzhi/notify"
)

// The workflows of messages (通知), and the id of the one that sends: there is one at a time.
const (
	MessagesWorkflow   = "messages"
	DeliveriesWorkflow = "deliveries"
)

// mostBatches bounds one run: what is left is for the next one.
const mostBatches = 100

// Messages makes the deliveries of the messages that wait, and has them sent. Sending goes on by itself: a mail server that does
// not answer must not keep messages from the screens. A run with nothing to do is a local activity and no more.
func Messages(ctx workflow.Context) error {
	local := workflow.WithLocalActivityOptions(ctx, workflow.LocalActivityOptions{
		ScheduleToCloseTimeout: 30 * time.Second, RetryPolicy: &temporal.RetryPolicy{MaximumAttempts: 1}, // the next run is the retry
	})
	var postman *activities.Postman
	var f notify.Fanned
	for range mostBatches {
		if err := workflow.ExecuteLocalActivity(local, postman.FanOutMessages).Get(ctx, &f); err != nil {
			return err
		}
		if !f.More {
			break
		}
	}
	if !f.Due {
		return nil
	}
	child := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID: DeliveriesWorkflow, ParentClosePolicy: enumspb.PARENT_CLOSE_POLICY_ABANDON,
		WorkflowIDReusePolicy: enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE, WorkflowExecutionTimeout: time.Hour,
	})
	err := workflow.ExecuteChildWorkflow(child, DeliveriesWorkflow).GetChildWorkflowExecution().Get(ctx, nil)
	if temporal.IsWorkflowExecutionAlreadyStartedError(err) {
		return nil // it is still sending, and will find these too
	}
	return err
}

// Deliveries sends what is to be sent now.
func Deliveries(ctx workflow.Context) error {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: activities.DeliveryLimit, HeartbeatTimeout: heartbeat, Summary: "发送通知",
		RetryPolicy: &temporal.RetryPolicy{MaximumAttempts: 1}, // the next run is the retry
	})
	var postman *activities.Postman
	for range mostBatches {
		var p activities.Posted
		if err := workflow.ExecuteActivity(ctx, postman.SendDeliveries).Get(ctx, &p); err != nil || !p.More {
			return err
		}
	}
	return nil
}
