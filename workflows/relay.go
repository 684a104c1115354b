package workflows

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"gongzhi/activities"
)

// Relay is one sweep of the stored commands.
func Relay(ctx workflow.Context) (activities.Swept, error) {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: 5 * time.Minute, Summary: "重送未决操作",
		RetryPolicy: &temporal.RetryPolicy{MaximumAttempts: 1}, // the next sweep is the retry
	})
	var relay *activities.Relay
	var s activities.Swept
	err := workflow.ExecuteActivity(ctx, relay.RelayCommands).Get(ctx, &s)
	return s, err
}
