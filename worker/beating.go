package worker

import (
	"context"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/interceptor"
)

// Beating makes an interceptor that lets activities with a heartbeat beat as long as they run. What they do is in the database; they
// have nothing to say but that they live: when their program is killed, nobody waits for them until their time is up.
func Beating() interceptor.WorkerInterceptor { return &beating{} }

type beating struct {
	interceptor.WorkerInterceptorBase
}

func (*beating) InterceptActivity(_ context.Context, next interceptor.ActivityInboundInterceptor) interceptor.ActivityInboundInterceptor {
	return &heart{interceptor.ActivityInboundInterceptorBase{Next: next}}
}

type heart struct {
	interceptor.ActivityInboundInterceptorBase
}

func (h *heart) ExecuteActivity(ctx context.Context, in *interceptor.ExecuteActivityInput) (any, error) {
	every := activity.GetInfo(ctx).HeartbeatTimeout / 4
	if every <= 0 {
		return h.Next.ExecuteActivity(ctx, in)
	}
	done := make(chan struct{})
	defer close(done)
	go func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				activity.RecordHeartbeat(ctx)
			case <-done:
				return
			}
		}
	}()
	return h.Next.ExecuteActivity(ctx, in)
}
