package workflows

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"gongzhi/activities"
)

// Sweep lets every detector of standstill look once (运行监控).
func Sweep(ctx workflow.Context) error {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: 5 * time.Minute, HeartbeatTimeout: heartbeat, Summary: "检测卡住的事",
		RetryPolicy: &temporal.RetryPolicy{MaximumAttempts: 1}, // the next sweep is the retry
	})
	var watch *activities.Watch
	return workflow.ExecuteActivity(ctx, watch.SweepIncidents).Get(ctx, nil)
}
