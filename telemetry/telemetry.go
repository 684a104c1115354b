// Package telemetry is what a program says about itself: measures for Prometheus, traces for OpenTelemetry, logs without personal
// data, and whether it is ready. It knows neither procedures nor the store: what it shows is handed to it.
package telemetry

import (
	"cmp"
	"context"
	"fmt"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// Case is the attribute that names the case a span belongs to. No span carries anything of a person.
const Case = attribute.Key("gongzhi.case")

// Tracing sends spans to where the variables of OpenTelemetry say (OTEL_EXPORTER_OTLP_ENDPOINT), over gRPC, which is in the program
// anyway. Without an address there are no traces: the provider is nil, and nobody begins a span.
func Tracing(ctx context.Context, getenv func(string) string, service string) (*sdktrace.TracerProvider, error) {
	address := cmp.Or(getenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"), getenv("OTEL_EXPORTER_OTLP_ENDPOINT"))
	if address == "" || getenv("OTEL_SDK_DISABLED") == "true" {
		return nil, nil
	}
	protocol := cmp.Or(getenv("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"), getenv("OTEL_EXPORTER_OTLP_PROTOCOL"), "grpc")
	if protocol != "grpc" {
		return nil, fmt.Errorf("OTEL_EXPORTER_OTLP_PROTOCOL 只能是 grpc，而不是 %s", protocol)
	}
	exporter, err := otlptracegrpc.New(ctx)
	if err != nil {
		return nil, fmt.Errorf("traces to %s: %w", address, err)
	}
	about, err := resource.New(ctx, resource.WithAttributes(attribute.String("service.name", service)), resource.WithTelemetrySDK(),
		resource.WithFromEnv())
	if err != nil {
		return nil, fmt.Errorf("traces to %s: %w", address, err)
	}
	return sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(CaseOfParent{}), sdktrace.WithBatcher(exporter), sdktrace.WithResource(about)), nil
}

// CaseOfParent names the case of a span on every span below it in the same program, down to the statements: whoever looks for a
// case finds them without the trace around them.
type CaseOfParent struct{}

// OnStart implements sdktrace.SpanProcessor. A span that names a case itself keeps it.
func (CaseOfParent) OnStart(parent context.Context, s sdktrace.ReadWriteSpan) {
	above, ok := trace.SpanFromContext(parent).(sdktrace.ReadOnlySpan)
	if !ok || caseOf(s).Valid() {
		return
	}
	if number := caseOf(above); number.Valid() {
		s.SetAttributes(number)
	}
}

// OnEnd implements sdktrace.SpanProcessor.
func (CaseOfParent) OnEnd(sdktrace.ReadOnlySpan) {}

// Shutdown implements sdktrace.SpanProcessor.
func (CaseOfParent) Shutdown(context.Context) error { return nil }

// ForceFlush implements sdktrace.SpanProcessor.
func (CaseOfParent) ForceFlush(context.Context) error { return nil }

// caseOf is the attribute that names a span's case; not valid where it has none.
func caseOf(s sdktrace.ReadOnlySpan) attribute.KeyValue {
	for _, a := range s.Attributes() {
		if a.Key == Case {
			return a
		}
	}
	return attribute.KeyValue{}
}
