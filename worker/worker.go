// Package worker registers the catalog and the activities on the task queues.
package worker

import (
	"context"
	"errors"
	"slices"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"gongzhi/activities"
	"gongzhi/workflows"
)

// Sweeps is the task queue of the housekeeping that runs on schedules.
const Sweeps = "gongzhi-sweeps"

// The workflows that run on schedules, each of the same name.
const (
	Chores = "housekeeping"
	Sweep  = "sweep"
)

// Cases makes the worker that carries all cases.
func Cases(c client.Client, queue string, acts *activities.Activities, options worker.Options) worker.Worker {
	w := worker.New(c, queue, options)
	for kind, procedure := range workflows.Catalog() {
		w.RegisterWorkflowWithOptions(procedure, workflow.RegisterOptions{Name: string(kind)})
	}
	w.RegisterActivity(acts)
	return w
}

// Housekeeping makes the worker of the scheduled sweeps. They live in a namespace of their own, whose histories are kept for a day:
// a sweep a minute would otherwise fill the engine's database.
func Housekeeping(c client.Client, chores *activities.Housekeeping, watch *activities.Watch, options worker.Options) worker.Worker {
	options.Interceptors = append(slices.Clone(options.Interceptors), Beating())
	w := worker.New(c, Sweeps, options)
	w.RegisterWorkflowWithOptions(workflows.Housekeeping, workflow.RegisterOptions{Name: Chores})
	w.RegisterWorkflowWithOptions(workflows.Sweep, workflow.RegisterOptions{Name: Sweep})
	w.RegisterActivity(chores)
	w.RegisterActivity(watch)
	return w
}

// Schedule creates the schedule of a workflow where it does not exist, and runs it once now: what was left over when the program
// last stopped does not wait for the next time.
func Schedule(ctx context.Context, c client.Client, name string, every time.Duration) error {
	_, err := c.ScheduleClient().Create(ctx, client.ScheduleOptions{
		ID:            name,
		Spec:          client.ScheduleSpec{Intervals: []client.ScheduleIntervalSpec{{Every: every}}},
		Action:        &client.ScheduleWorkflowAction{ID: name, Workflow: name, TaskQueue: Sweeps, WorkflowExecutionTimeout: 10 * time.Minute},
		Overlap:       enumspb.SCHEDULE_OVERLAP_POLICY_SKIP,
		CatchupWindow: time.Minute,
	})
	if err != nil && !errors.Is(err, temporal.ErrScheduleAlreadyRunning) {
		return err
	}
	return c.ScheduleClient().GetHandle(ctx, name).Trigger(ctx, client.ScheduleTriggerOptions{Overlap: enumspb.SCHEDULE_OVERLAP_POLICY_SKIP})
}
