package store

import (
	"context"
	"time"

	"go.opentelemetry.io/otel/trace"

	"gongzhi/batch"
	"gongzhi/procedure"
)

// How many appends share a transaction, and how long it may take.
const (
	mostAdditions  = 64
	additionBudget = 30 * time.Second
)

// addition is one append that waits for its transaction.
type addition struct {
	number string
	list   []procedure.Event
	head   int64 // the number of the last event, once written
	cause  trace.SpanContext
}

// newAppends lets the appends that come in while a transaction runs share the next one: all commits pass through one row (feed), so
// they come one after the other anyway. A case is never twice in one.
func newAppends(write func(ctx context.Context, list []*addition) error) *batch.Writer[*addition] {
	return &batch.Writer[*addition]{
		Write: write, Key: func(a *addition) string { return a.number }, Most: mostAdditions, Budget: additionBudget,
	}
}
