package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	sdkworker "go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

// bareQueue is the task queue of the bare workflows.
const bareQueue = "bare"

// bare is what the product is compared with: a workflow that takes one update, runs one empty local activity for it and goes on
// waiting, as a case does after a decision. It runs in the product's namespace, with a worker and a connection of its own.
type bare struct {
	client client.Client
	worker sdkworker.Worker
}

func startBare(s *shape, log slog.Handler) (*bare, error) {
	c, err := client.Dial(client.Options{HostPort: s.engine.HostPort(), Namespace: s.engine.Namespace(),
		Logger: sdklog.NewStructuredLogger(slog.New(log))})
	if err != nil {
		return nil, err
	}
	b := &bare{client: c, worker: sdkworker.New(c, bareQueue, sdkworker.Options{})}
	b.worker.RegisterWorkflowWithOptions(bareWorkflow, workflow.RegisterOptions{Name: "bare"})
	if err := b.worker.Start(); err != nil {
		c.Close()
		return nil, err
	}
	return b, nil
}

func (b *bare) close() {
	b.worker.Stop()
	b.client.Close()
}

func bareWorkflow(ctx workflow.Context) error {
	local := workflow.LocalActivityOptions{StartToCloseTimeout: 2 * time.Second}
	err := workflow.SetUpdateHandler(ctx, "act", func(ctx workflow.Context, id string) (string, error) {
		var done string
		err := workflow.ExecuteLocalActivity(workflow.WithLocalActivityOptions(ctx, local), bareActivity, id).Get(ctx, &done)
		return done, err
	})
	if err != nil {
		return err
	}
	return workflow.Await(ctx, func() bool { return false })
}

func bareActivity(_ context.Context, id string) (string, error) { return id, nil }

// begin starts a workflow with its first update, as the product starts a case.
func (b *bare) begin(ctx context.Context, id string) error {
	start := b.client.NewWithStartWorkflowOperation(client.StartWorkflowOptions{ID: id, TaskQueue: bareQueue,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING}, "bare")
	handle, err := b.client.UpdateWithStartWorkflow(ctx, client.UpdateWithStartWorkflowOptions{StartWorkflowOperation: start,
		UpdateOptions: bareUpdate(id, "start")})
	if err != nil {
		return err
	}
	return handle.Get(ctx, nil)
}

// update sends the one update that is measured and waits for its answer.
func (b *bare) update(ctx context.Context, id string) error {
	handle, err := b.client.UpdateWorkflow(ctx, bareUpdate(id, "decide"))
	if err != nil {
		return err
	}
	var done string
	if err := handle.Get(ctx, &done); err != nil {
		return err
	}
	if done != "decide" {
		return fmt.Errorf("the bare workflow answered %q", done)
	}
	return nil
}

func bareUpdate(workflowID, id string) client.UpdateWorkflowOptions {
	return client.UpdateWorkflowOptions{WorkflowID: workflowID, UpdateID: id, UpdateName: "act", Args: []any{id},
		WaitForStage: client.WorkflowUpdateStageCompleted}
}
