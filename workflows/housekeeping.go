package workflows

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"gongzhi/activities"
)

// heartbeat is after how long of silence a scheduled activity is given up: the one that follows waits for it.
const heartbeat = 15 * time.Second

// Housekeeping is one sweep: stored commands are sent again, batches that run are carried out, leftovers are cleared away.
func Housekeeping(ctx workflow.Context) (activities.Swept, error) {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: 5 * time.Minute, HeartbeatTimeout: heartbeat, Summary: "例行清理",
		RetryPolicy: &temporal.RetryPolicy{MaximumAttempts: 1}, // the next sweep is the retry
	})
	var chores *activities.Housekeeping
	var s activities.Swept
	err := workflow.ExecuteActivity(ctx, chores.RelayCommands).Get(ctx, &s)
	if err != nil {
		return s, err
	}
	var batches *activities.Batches
	if err := workflow.ExecuteActivity(ctx, batches.ReviveBatches).Get(ctx, nil); err != nil {
		return s, err
	}
	return s, workflow.ExecuteActivity(ctx, chores.ClearLeftovers).Get(ctx, nil)
}
