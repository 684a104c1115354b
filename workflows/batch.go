package workflows

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"gongzhi/activities"
)

// The workflow that carries out a batch (批量处置), and the signal that it has been started or resumed. There is one for each batch.
const (
	BatchWorkflow = "batch"
	BatchGo       = "go"
)

// mostSlices bounds one run. Where the batch stands is in the database: the next run needs only its id.
const mostSlices = 50

// Batch carries out a batch slice by slice, until each case has its result or somebody has stopped it: that, too, the slices find in
// the database. A signal that came while a slice ran may mean that somebody has resumed it since: it looks again.
func Batch(ctx workflow.Context, id string) error {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: activities.BatchLimit, HeartbeatTimeout: activities.BatchHeartbeat, Summary: "批量处置",
		RetryPolicy: &temporal.RetryPolicy{InitialInterval: time.Second, MaximumInterval: time.Minute},
	})
	again := workflow.GetSignalChannel(ctx, BatchGo)
	var b *activities.Batches
	for range mostSlices {
		for again.ReceiveAsync(nil) { // what is meant is seen by the next slice
		}
		var r activities.BatchRun
		if err := workflow.ExecuteActivity(ctx, b.RunBatch, id).Get(ctx, &r); err != nil {
			return err
		}
		switch {
		case r.More && r.After > 0:
			if _, err := workflow.AwaitWithTimeout(ctx, r.After, func() bool { return again.Len() > 0 }); err != nil {
				return err
			}
		case !r.More && again.Len() == 0:
			return nil
		}
	}
	return workflow.NewContinueAsNewError(ctx, BatchWorkflow, id)
}
