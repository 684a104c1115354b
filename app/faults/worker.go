package faults

import (
	"context"
	"errors"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/workflow"

	"gongzhi/procedure"
)

// Interceptor breaks what a worker does for a case. It has to come after whoever notes the failures.
func (f *Faults) Interceptor() interceptor.WorkerInterceptor { return &breaking{faults: f} }

type breaking struct {
	interceptor.WorkerInterceptorBase
	faults *Faults
}

// InterceptActivity implements interceptor.WorkerInterceptor.
func (b *breaking) InterceptActivity(
	_ context.Context, next interceptor.ActivityInboundInterceptor,
) interceptor.ActivityInboundInterceptor {
	return &failing{ActivityInboundInterceptorBase: interceptor.ActivityInboundInterceptorBase{Next: next}, faults: b.faults}
}

type failing struct {
	interceptor.ActivityInboundInterceptorBase
	faults *Faults
}

var errDisk = errors.New("演示故障：记录写不进去")

// ExecuteActivity fails what a case does by itself. What it only reads, in a local activity, still works: that would fail unseen.
func (a *failing) ExecuteActivity(ctx context.Context, in *interceptor.ExecuteActivityInput) (any, error) {
	info := activity.GetInfo(ctx)
	if !info.IsLocalActivity && a.faults.has(Record, caseOf(info.WorkflowExecution.ID)) {
		return nil, errDisk
	}
	return a.Next.ExecuteActivity(ctx, in)
}

// InterceptWorkflow implements interceptor.WorkerInterceptor.
func (b *breaking) InterceptWorkflow(
	_ workflow.Context, next interceptor.WorkflowInboundInterceptor,
) interceptor.WorkflowInboundInterceptor {
	return &panicking{WorkflowInboundInterceptorBase: interceptor.WorkflowInboundInterceptorBase{Next: next}, faults: b.faults}
}

type panicking struct {
	interceptor.WorkflowInboundInterceptorBase
	faults *Faults
}

// HandleSignal fails the step that begins with a jump of the clock, at every attempt until the fault is over. The engine keeps the
// signal and that the step failed; nothing that the program would have done gets into the history.
func (w *panicking) HandleSignal(ctx workflow.Context, in *interceptor.HandleSignalInput) error {
	if in.SignalName == procedure.ClockSignal && w.faults.has(Code, caseOf(workflow.GetInfo(ctx).WorkflowExecution.ID)) {
		panic("演示故障：程序在这一步出错")
	}
	return w.Next.HandleSignal(ctx, in)
}
