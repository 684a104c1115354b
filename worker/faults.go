package worker

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/interceptor"

	"gongzhi/record"
)

// Faults keeps which activities fail again and again: the engine lists them nowhere.
type Faults interface {
	NoteFault(ctx context.Context, f record.Fault) error
	ClearFault(ctx context.Context, number, run, activity string) error
}

// Noting makes an interceptor that notes the activities of cases which fail a second time, and clears the note when one comes to an
// end. A note that cannot be kept is logged: the activity itself must not fail for it.
func Noting(f Faults, now func() time.Time, log *slog.Logger) interceptor.WorkerInterceptor {
	return &noting{faults: f, now: now, log: log}
}

type noting struct {
	interceptor.WorkerInterceptorBase
	faults Faults
	now    func() time.Time
	log    *slog.Logger
}

func (n *noting) InterceptActivity(_ context.Context, next interceptor.ActivityInboundInterceptor) interceptor.ActivityInboundInterceptor {
	return &noted{ActivityInboundInterceptorBase: interceptor.ActivityInboundInterceptorBase{Next: next}, noting: n}
}

type noted struct {
	interceptor.ActivityInboundInterceptorBase
	noting *noting
}

// noteBudget is how long a note may take. The database may be what is failing.
const noteBudget = 2 * time.Second

func (a *noted) ExecuteActivity(ctx context.Context, in *interceptor.ExecuteActivityInput) (any, error) {
	result, err := a.Next.ExecuteActivity(ctx, in)
	info := activity.GetInfo(ctx)
	number, ofCase := strings.CutPrefix(info.WorkflowExecution.ID, "case:")
	if !ofCase || info.IsLocalActivity || info.Attempt < 2 {
		return result, err
	}
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteBudget)
	defer cancel()
	run := info.WorkflowExecution.RunID
	var failed error
	if err == nil {
		failed = a.noting.faults.ClearFault(bounded, number, run, info.ActivityID)
	} else {
		now := a.noting.now()
		failed = a.noting.faults.NoteFault(bounded, record.Fault{Case: number, Run: run, Activity: info.ActivityID, Type: info.ActivityType.Name,
			Attempt: info.Attempt, Error: err.Error(), First: now, Last: now})
	}
	if failed != nil {
		a.noting.log.WarnContext(ctx, "a failing activity could not be noted", "case", number, "activity", info.ActivityType.Name, "error", failed)
	}
	return result, err
}
