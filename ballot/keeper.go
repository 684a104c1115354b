package ballot

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"gongzhi/procedure"
)

const (
	// interval is how often a Keeper looks for polls that have grown: twice in the 60 s that may lie between checkpoints.
	interval = 30 * time.Second
	// settle is how old the last checkpoint must be before a proof may ask for a new one: asking cannot make many.
	settle = 20 * time.Second
	// kept is how many leaves of all ledgers together stay in memory, 64 bytes each.
	kept = 4_000_000
)

// ErrForked means that the ledger in the database is not the one that was signed before: a leaf was changed, removed or moved.
// Nothing is signed any more.
var ErrForked = errors.New("the ledger contradicts its last checkpoint")

// keeperStore is what a Keeper needs of a Store.
type keeperStore interface {
	Poll(ctx context.Context, number string) (Poll, error)
	OpenPolls(ctx context.Context) ([]string, error)
	Leaves(ctx context.Context, number string, from int64, limit int) ([]LeafRow, error)
	LeafByTracker(ctx context.Context, number, tracker string) (LeafRow, error)
	LastCheckpoints(ctx context.Context, number string, limit int) ([]Checkpoint, error)
	AddCheckpoint(ctx context.Context, number string, c Checkpoint) error
}

// Keeper keeps the ledgers: it signs checkpoints and proves receipts.
type Keeper struct {
	Store  keeperStore
	Secret Secret
	Now    func() time.Time // case time
	// Tick starts a look at all open polls; nil: every half minute.
	Tick <-chan time.Time
	// Failed is told what went wrong with a poll; the others go on. number is empty when the polls could not be listed.
	Failed func(number string, err error)

	mu      sync.Mutex
	ledgers map[string]*Ledger
	recent  []string // numbers, the one used last at the end
}

// Run signs a checkpoint for every open poll that has grown, until ctx ends.
func (k *Keeper) Run(ctx context.Context) error {
	tick := k.Tick
	if tick == nil {
		ticker := time.NewTicker(interval)
		defer ticker.Stop()
		tick = ticker.C
	}
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick:
			k.sweep(ctx)
		}
	}
}

func (k *Keeper) sweep(ctx context.Context) {
	numbers, err := k.Store.OpenPolls(ctx)
	k.fail(ctx, "", err)
	for _, number := range numbers {
		_, err := k.checkpoint(ctx, number, false)
		k.fail(ctx, number, err)
	}
}

func (k *Keeper) fail(ctx context.Context, number string, err error) {
	if err != nil && ctx.Err() == nil && k.Failed != nil {
		k.Failed(number, err)
	}
}

// Checkpoint returns a checkpoint of the whole ledger: the last one if nothing was added since, or a new one.
func (k *Keeper) Checkpoint(ctx context.Context, number string) (Checkpoint, error) {
	return k.checkpoint(ctx, number, true)
}

// checkpoint signs when the ledger has grown; an empty ledger only on demand.
func (k *Keeper) checkpoint(ctx context.Context, number string, demanded bool) (Checkpoint, error) {
	poll, err := k.Store.Poll(ctx, number)
	if err != nil {
		return Checkpoint{}, err
	}
	if poll.Leaves == 0 && !demanded {
		return Checkpoint{}, nil
	}
	l := k.ledger(number)
	l.signing.Lock()
	defer l.signing.Unlock()
	if l.last != nil && l.last.Size >= poll.Leaves {
		return *l.last, nil
	}
	size, err := l.Extend(ctx)
	if err != nil {
		return Checkpoint{}, err
	}
	if l.last == nil {
		last, err := k.Store.LastCheckpoints(ctx, number, 1)
		if err != nil {
			return Checkpoint{}, fmt.Errorf("last checkpoint of %s: %w", number, err)
		}
		if len(last) > 0 {
			l.last = &last[0]
		}
	}
	if l.last != nil {
		// The tree that is signed next must begin with the tree that was signed last.
		if root, err := l.Root(l.last.Size); err != nil || hex.EncodeToString(root[:]) != l.last.Root {
			return Checkpoint{}, fmt.Errorf("poll %s, %d leaves: %w", number, l.last.Size, ErrForked)
		}
		if l.last.Size == size {
			return *l.last, nil
		}
	}
	root, err := l.Root(size)
	if err != nil {
		return Checkpoint{}, err
	}
	c, err := signCheckpoint(k.Secret, number, size, root, k.Now())
	if err != nil {
		return Checkpoint{}, err
	}
	if err := k.Store.AddCheckpoint(ctx, number, c); err != nil {
		return Checkpoint{}, fmt.Errorf("keep checkpoint of %s: %w", number, err)
	}
	l.last = &c
	return c, nil
}

// Proof proves that the ballot with that tracker is in the ledger, by the last checkpoint. A ballot that is too new for one is
// refused with a sentence that asks to come back.
func (k *Keeper) Proof(ctx context.Context, number, tracker string) (Proof, error) {
	row, err := k.Store.LeafByTracker(ctx, number, tracker)
	if err != nil {
		return Proof{}, err
	}
	c, err := k.covering(ctx, number, row.Index)
	if err != nil {
		return Proof{}, err
	}
	l := k.ledger(number)
	if known, _ := l.view(); known < c.Size {
		if _, err := l.Extend(ctx); err != nil {
			return Proof{}, err
		}
	}
	path, err := l.Prove(c.Size, row.Index)
	if err != nil {
		return Proof{}, fmt.Errorf("prove leaf %d of %s: %w", row.Index, number, err)
	}
	p := Proof{Leaf: row.Text, Index: row.Index, Checkpoint: c.Note, Hashes: make([]string, len(path))}
	for i, h := range path {
		p.Hashes[i] = hex.EncodeToString(h[:])
	}
	return p, nil
}

// covering returns a checkpoint that covers the leaf.
func (k *Keeper) covering(ctx context.Context, number string, index int64) (Checkpoint, error) {
	if last := k.ledger(number).lastCheckpoint(); last != nil {
		if last.Size > index {
			return *last, nil
		}
		if k.Now().Sub(last.At) < settle {
			return Checkpoint{}, refuse(procedure.Conflict, CodeReceipt, "这张票刚刚收到，一分钟内写入签名检查点，请稍后再查")
		}
	}
	return k.Checkpoint(ctx, number)
}

func (l *Ledger) lastCheckpoint() *Checkpoint {
	l.signing.Lock()
	defer l.signing.Unlock()
	return l.last
}

// ledger returns the ledger of a poll, and forgets those used longest ago when there are too many leaves in memory.
func (k *Keeper) ledger(number string) *Ledger {
	k.mu.Lock()
	defer k.mu.Unlock()
	l, known := k.ledgers[number]
	if !known {
		if k.ledgers == nil {
			k.ledgers = map[string]*Ledger{}
		}
		l = NewLedger(number, k.Store)
		k.ledgers[number] = l
	}
	k.recent = append(slices.DeleteFunc(k.recent, func(other string) bool { return other == number }), number)
	k.forget(kept)
	return l
}

// forget keeps the ledgers used last that have no more leaves than limit, and in any case the very last.
func (k *Keeper) forget(limit int64) {
	leaves := int64(0)
	for i := len(k.recent) - 1; i >= 0; i-- {
		size, _ := k.ledgers[k.recent[i]].view()
		if leaves += size; leaves > limit && i < len(k.recent)-1 {
			for _, number := range k.recent[:i+1] {
				delete(k.ledgers, number)
			}
			k.recent = slices.Clone(k.recent[i+1:])
			return
		}
	}
}
