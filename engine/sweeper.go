package engine

import (
	"context"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
)

// Sweeper has incidents looked for on demand; the schedule does it each minute.
type Sweeper struct {
	client          client.Client
	queue, workflow string
}

// NewSweeper makes a sweeper on a client of the namespace of the sweeps.
func NewSweeper(c client.Client, queue, workflow string) *Sweeper {
	return &Sweeper{c, queue, workflow}
}

// Sweep starts a sweep under an id, or finds the one of that id, and waits for its end or that of ctx.
func (s *Sweeper) Sweep(ctx context.Context, id string) error {
	run, err := s.client.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: "sweep:" + id, TaskQueue: s.queue,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
	}, s.workflow)
	if err != nil {
		return err
	}
	return run.Get(ctx, nil)
}
