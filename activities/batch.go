package activities

import (
	"context"
	"errors"
	"time"

	"go.temporal.io/sdk/activity"
)

// BatchRunner does what a batch says to its next cases, at most n of them; a server.Batcher does. beat is called before each; where it
// is false somebody else goes on. more: something is left to do, after a while where one is given.
type BatchRunner interface {
	RunItems(ctx context.Context, id string, n int, beat func() bool) (more bool, after time.Duration, err error)
}

// RunningBatches knows which batches have to be carried out.
type RunningBatches interface {
	RunningBatches(ctx context.Context) ([]string, error)
}

// BatchStarter has a batch carried out. It may be told twice.
type BatchStarter interface {
	StartBatch(ctx context.Context, id string) error
}

// Batches holds what carrying out batches (批量处置) needs. Its methods are the activities.
type Batches struct {
	Runner  BatchRunner
	Running RunningBatches
	Starter BatchStarter
}

// The limits of one slice of a batch. A case may wait some seconds for its answer; whoever does not beat for longer is dead.
const (
	BatchSlice     = 20
	BatchLimit     = 5 * time.Minute
	BatchHeartbeat = 20 * time.Second
)

// BatchRun is what one slice of a batch came to.
type BatchRun struct {
	More  bool          `json:"more"`
	After time.Duration `json:"after,omitempty"` // to be waited before the next slice
}

// RunBatch does the next cases of a batch. Where it stood is in the database: it may be repeated.
func (b *Batches) RunBatch(ctx context.Context, id string) (BatchRun, error) {
	stopping := activity.GetWorkerStopChannel(ctx)
	beat := func() bool {
		activity.RecordHeartbeat(ctx)
		select {
		case <-stopping:
			return false
		default:
			return ctx.Err() == nil
		}
	}
	more, after, err := b.Runner.RunItems(ctx, id, BatchSlice, beat)
	return BatchRun{More: more, After: after}, err
}

// ReviveBatches has every batch carried out that runs: the program may have died before it told the engine.
func (b *Batches) ReviveBatches(ctx context.Context) error {
	ids, err := b.Running.RunningBatches(ctx)
	for _, id := range ids {
		err = errors.Join(err, b.Starter.StartBatch(ctx, id))
	}
	return err
}
