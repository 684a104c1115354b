package worker

import (
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"gongzhi/activities"
	"gongzhi/workflows"
)

// The workflow of batches, and its signal.
const (
	Batch   = workflows.BatchWorkflow
	BatchGo = workflows.BatchGo
)

// Batches lets a worker of the sweeps carry out batches.
func Batches(w worker.Worker, b *activities.Batches) {
	w.RegisterWorkflowWithOptions(workflows.Batch, workflow.RegisterOptions{Name: workflows.BatchWorkflow})
	w.RegisterActivity(b)
}
