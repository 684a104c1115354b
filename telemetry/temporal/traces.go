// Package temporal makes the engine's library take part in what a program says about itself: it carries traces through workflows,
// and shows the library's own measures.
package temporal

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"gongzhi/telemetry"
)

// Tracing makes the interceptor of a client and of its workers. A trace goes from the caller through the update of a workflow to the
// activities that the update causes. Nothing is begun while a history is replayed, and nothing spans the life of a workflow, which
// is months: what a timer causes begins a trace of its own.
func Tracing(p trace.TracerProvider) interceptor.Interceptor {
	return &tracing{tracer: p.Tracer("gongzhi/temporal")}
}

type tracing struct {
	interceptor.InterceptorBase
	tracer trace.Tracer
}

// header is where the caller's span travels. It holds two random numbers, so it is not encrypted; a worker that does not know it
// passes over it.
const header = "gongzhi-trace"

func put(h map[string]*commonpb.Payload, from trace.SpanContext) {
	if h == nil || !from.IsValid() {
		return
	}
	text := propagation.MapCarrier{}
	propagation.TraceContext{}.Inject(trace.ContextWithSpanContext(context.Background(), from), text)
	if payload, err := converter.GetDefaultDataConverter().ToPayload(text.Get("traceparent")); err == nil {
		h[header] = payload
	}
}

func get(h map[string]*commonpb.Payload) trace.SpanContext {
	var text string
	if p := h[header]; p == nil || converter.GetDefaultDataConverter().FromPayload(p, &text) != nil {
		return trace.SpanContext{}
	}
	return trace.SpanContextFromContext(propagation.TraceContext{}.Extract(context.Background(), propagation.MapCarrier{"traceparent": text}))
}

// about says which workflow a span belongs to: a case by its number.
func about(id string) trace.SpanStartEventOption {
	if number, ok := strings.CutPrefix(id, "case:"); ok {
		return trace.WithAttributes(telemetry.Case.String(number))
	}
	return trace.WithAttributes(attribute.String("temporal.workflow", id))
}

// end ends a span. Texts of errors stay out: a refusal may name a person. A refusal is an answer and no fault.
func end(span trace.Span, err error) {
	defer span.End()
	if err == nil {
		return
	}
	var app *temporal.ApplicationError
	if !errors.As(err, &app) {
		span.SetAttributes(attribute.String("error.type", fmt.Sprintf("%T", err)))
		span.SetStatus(codes.Error, "")
		return
	}
	span.SetAttributes(attribute.String("error.type", app.Type()))
	if !app.HasDetails() {
		span.SetStatus(codes.Error, "")
	}
}

// InterceptClient implements interceptor.ClientInterceptor.
func (t *tracing) InterceptClient(next interceptor.ClientOutboundInterceptor) interceptor.ClientOutboundInterceptor {
	return &calls{ClientOutboundInterceptorBase: interceptor.ClientOutboundInterceptorBase{Next: next}, tracing: t}
}

// calls are the calls to the engine.
type calls struct {
	interceptor.ClientOutboundInterceptorBase
	tracing *tracing
}

func (c *calls) begin(ctx context.Context, name, id string) (context.Context, trace.Span) {
	ctx, span := c.tracing.tracer.Start(ctx, name, trace.WithSpanKind(trace.SpanKindClient), about(id))
	put(interceptor.Header(ctx), span.SpanContext())
	return ctx, span
}

// UpdateWorkflow implements interceptor.ClientOutboundInterceptor.
func (c *calls) UpdateWorkflow(ctx context.Context, in *interceptor.ClientUpdateWorkflowInput) (client.WorkflowUpdateHandle, error) {
	ctx, span := c.begin(ctx, "temporal update "+in.UpdateName, in.WorkflowID)
	h, err := c.Next.UpdateWorkflow(ctx, in)
	end(span, err)
	return h, err
}

// UpdateWithStartWorkflow implements interceptor.ClientOutboundInterceptor.
func (c *calls) UpdateWithStartWorkflow(
	ctx context.Context, in *interceptor.ClientUpdateWithStartWorkflowInput,
) (client.WorkflowUpdateHandle, error) {
	ctx, span := c.begin(ctx, "temporal start and update "+in.UpdateOptions.UpdateName, in.UpdateOptions.WorkflowID)
	h, err := c.Next.UpdateWithStartWorkflow(ctx, in)
	end(span, err)
	return h, err
}

// ExecuteWorkflow implements interceptor.ClientOutboundInterceptor.
func (c *calls) ExecuteWorkflow(ctx context.Context, in *interceptor.ClientExecuteWorkflowInput) (client.WorkflowRun, error) {
	ctx, span := c.begin(ctx, "temporal start "+in.WorkflowType, in.Options.ID)
	r, err := c.Next.ExecuteWorkflow(ctx, in)
	end(span, err)
	return r, err
}

// InterceptWorkflow implements interceptor.WorkerInterceptor.
func (t *tracing) InterceptWorkflow(
	_ workflow.Context, next interceptor.WorkflowInboundInterceptor,
) interceptor.WorkflowInboundInterceptor {
	return &inside{WorkflowInboundInterceptorBase: interceptor.WorkflowInboundInterceptorBase{Next: next}, tracing: t}
}

// inside is one run of a workflow. Its coroutines run one at a time.
type inside struct {
	interceptor.WorkflowInboundInterceptorBase
	tracing  *tracing
	started  trace.SpanContext   // who started the run, until its first update is handled
	handling []trace.SpanContext // the updates that are being handled, the last one last
}

// Init implements interceptor.WorkflowInboundInterceptor.
func (i *inside) Init(out interceptor.WorkflowOutboundInterceptor) error {
	return i.Next.Init(&outward{WorkflowOutboundInterceptorBase: interceptor.WorkflowOutboundInterceptorBase{Next: out}, run: i})
}

// ExecuteWorkflow implements interceptor.WorkflowInboundInterceptor.
func (i *inside) ExecuteWorkflow(ctx workflow.Context, in *interceptor.ExecuteWorkflowInput) (any, error) {
	if !workflow.IsReplaying(ctx) {
		i.started = get(interceptor.WorkflowHeader(ctx))
	}
	return i.Next.ExecuteWorkflow(ctx, in)
}

// ExecuteUpdate implements interceptor.WorkflowInboundInterceptor.
func (i *inside) ExecuteUpdate(ctx workflow.Context, in *interceptor.UpdateInput) (_ any, err error) {
	if workflow.IsReplaying(ctx) {
		return i.Next.ExecuteUpdate(ctx, in)
	}
	parent := trace.ContextWithRemoteSpanContext(context.Background(), get(interceptor.WorkflowHeader(ctx)))
	_, span := i.tracing.tracer.Start(parent, "workflow update "+in.Name, about(workflow.GetInfo(ctx).WorkflowExecution.ID))
	this := span.SpanContext()
	i.handling = append(i.handling, this)
	defer func() { // also when the run is dropped from memory
		i.started = trace.SpanContext{}
		i.handling = slices.DeleteFunc(i.handling, this.Equal)
		end(span, err)
	}()
	return i.Next.ExecuteUpdate(ctx, in)
}

// carry hands what happens now to what it causes.
func (i *inside) carry(ctx workflow.Context) {
	if workflow.IsReplaying(ctx) {
		return
	}
	cause := i.started
	if n := len(i.handling); n > 0 {
		cause = i.handling[n-1]
	}
	put(interceptor.WorkflowHeader(ctx), cause)
}

type outward struct {
	interceptor.WorkflowOutboundInterceptorBase
	run *inside
}

// ExecuteActivity implements interceptor.WorkflowOutboundInterceptor.
func (o *outward) ExecuteActivity(ctx workflow.Context, name string, args ...any) workflow.Future {
	o.run.carry(ctx)
	return o.Next.ExecuteActivity(ctx, name, args...)
}

// ExecuteLocalActivity implements interceptor.WorkflowOutboundInterceptor.
func (o *outward) ExecuteLocalActivity(ctx workflow.Context, name string, args ...any) workflow.Future {
	o.run.carry(ctx)
	return o.Next.ExecuteLocalActivity(ctx, name, args...)
}

// InterceptActivity implements interceptor.WorkerInterceptor.
func (t *tracing) InterceptActivity(_ context.Context, next interceptor.ActivityInboundInterceptor) interceptor.ActivityInboundInterceptor {
	return &acting{ActivityInboundInterceptorBase: interceptor.ActivityInboundInterceptorBase{Next: next}, tracing: t}
}

type acting struct {
	interceptor.ActivityInboundInterceptorBase
	tracing *tracing
}

// ExecuteActivity implements interceptor.ActivityInboundInterceptor.
func (a *acting) ExecuteActivity(ctx context.Context, in *interceptor.ExecuteActivityInput) (any, error) {
	info := activity.GetInfo(ctx)
	ctx, span := a.tracing.tracer.Start(trace.ContextWithRemoteSpanContext(ctx, get(interceptor.Header(ctx))),
		"activity "+info.ActivityType.Name, about(info.WorkflowExecution.ID),
		trace.WithAttributes(attribute.Int("temporal.attempt", int(info.Attempt))))
	result, err := a.Next.ExecuteActivity(ctx, in)
	end(span, err)
	return result, err
}
