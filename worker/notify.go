package worker

import (
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"gongzhi/activities"
	"gongzhi/workflows"
)

// Tell is the workflow that tells people what was recorded. It runs on a schedule.
const Tell = workflows.MessagesWorkflow

// Messages lets a worker of the sweeps tell people what was recorded.
func Messages(w worker.Worker, p *activities.Postman) {
	w.RegisterWorkflowWithOptions(workflows.Messages, workflow.RegisterOptions{Name: workflows.MessagesWorkflow})
	w.RegisterWorkflowWithOptions(workflows.Deliveries, workflow.RegisterOptions{Name: workflows.DeliveriesWorkflow})
	w.RegisterActivity(p)
}
