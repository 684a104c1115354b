package ballot

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"gongzhi/batch"
	"gongzhi/procedure"
)

// How many ballots share a transaction, and how long it may take.
const (
	mostBallots  = 256
	ballotBudget = 30 * time.Second
)

// Caster accepts ballots, several in one transaction. A Store is one.
type Caster interface {
	Cast(ctx context.Context, casts []Cast, clock func(time.Time) time.Time) []Accepted
}

// Box lets the ballots that come in while a transaction runs share the next one: they wait for the lock of their poll anyway.
type Box struct {
	Store Caster
	Clock func(time.Time) time.Time // turns the database's time into case time

	once   sync.Once
	writer batch.Writer[*boxed]
}

// boxed is a ballot and how it ended.
type boxed struct {
	cast Cast
	end  Accepted
}

// Cast waits until the ballot is accepted or refused, or ctx ends. In the last case it may still be accepted: the same request
// again gives its receipt.
func (b *Box) Cast(ctx context.Context, c Cast) (Receipt, error) {
	b.once.Do(func() { b.writer.Write, b.writer.Most, b.writer.Budget = b.write, mostBallots, ballotBudget })
	in := &boxed{cast: c}
	if err := b.writer.Do(ctx, in); err != nil {
		return Receipt{}, err
	}
	return in.end.Receipt, in.end.Err
}

// Wait waits for the ballots that have come in. Call it before the store is closed, when no more can come.
func (b *Box) Wait() { b.writer.Wait() }

// write casts ballots. A refusal is no failure: it stands. Ballots that failed may have been stored nevertheless: then the same
// request gives the receipt.
func (b *Box) write(ctx context.Context, in []*boxed) error {
	casts := make([]Cast, len(in))
	for i, one := range in {
		casts[i] = one.cast
	}
	ends := b.Store.Cast(ctx, casts, b.Clock)
	if len(ends) != len(casts) {
		return fmt.Errorf("cast: %d ends for %d ballots", len(ends), len(casts))
	}
	for i, end := range ends {
		if fault(end.Err) {
			return end.Err
		}
		in[i].end = end
	}
	return nil
}

func fault(err error) bool {
	var refusal *procedure.Error
	return err != nil && !errors.As(err, &refusal)
}
