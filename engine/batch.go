package engine

import (
	"context"
	"fmt"

	"go.temporal.io/sdk/client"
)

// Batches has batches carried out by a workflow, one for each.
type Batches struct {
	client                  client.Client
	queue, workflow, signal string
}

// NewBatches makes it on a client of the namespace of the sweeps.
func NewBatches(c client.Client, queue, workflow, signal string) *Batches {
	return &Batches{c, queue, workflow, signal}
}

// StartBatch starts the workflow of a batch, or tells the one that runs to look again before it ends.
func (b *Batches) StartBatch(ctx context.Context, id string) error {
	name := "batch:" + id
	if _, err := b.client.SignalWithStartWorkflow(ctx, name, b.signal, nil, client.StartWorkflowOptions{ID: name, TaskQueue: b.queue}, b.workflow, id); err != nil {
		return fmt.Errorf("start %s: %w", name, err)
	}
	return nil
}
