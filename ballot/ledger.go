package ballot

import (
	"context"
	"fmt"
	"sync"

	"golang.org/x/mod/sumdb/tlog"
)

// page is how many rows are read at a time where a whole poll is read.
const page = 2000

// leaves reads the ledger of a poll. A Reader is one.
type leaves interface {
	Leaves(ctx context.Context, number string, from int64, limit int) ([]LeafRow, error)
}

// Ledger is the RFC 6962 tree over the leaves of one poll, in memory: 64 bytes a leaf. It reads the leaves when it is first
// needed, and then only the new ones. Any number of goroutines may use it.
type Ledger struct {
	number string
	from   leaves

	extending sync.Mutex // one goroutine reads new leaves
	signing   sync.Mutex // one goroutine signs; guards last
	last      *Checkpoint

	mu     sync.RWMutex
	hashes []tlog.Hash // as tlog.StoredHashIndex numbers them; what is written never changes
	size   int64
}

// NewLedger returns the ledger of a poll, of which nothing is read yet.
func NewLedger(number string, from leaves) *Ledger { return &Ledger{number: number, from: from} }

// Extend reads the leaves that were accepted since, and returns how many there are now.
func (l *Ledger) Extend(ctx context.Context) (int64, error) {
	l.extending.Lock()
	defer l.extending.Unlock()
	size, hashes := l.view()
	for {
		rows, err := l.from.Leaves(ctx, l.number, size, page)
		if err != nil {
			return 0, fmt.Errorf("leaves of %s from %d: %w", l.number, size, err)
		}
		for _, row := range rows {
			if row.Index != size {
				return 0, fmt.Errorf("ledger of %s: leaf %d is missing", l.number, size)
			}
			// Readers hold a shorter slice of the same array, in which nothing changes.
			added, err := tlog.StoredHashes(size, []byte(row.Text), stored(hashes))
			if err != nil {
				return 0, fmt.Errorf("ledger of %s: %w", l.number, err)
			}
			hashes = append(hashes, added...)
			size++
		}
		l.mu.Lock()
		l.size, l.hashes = size, hashes
		l.mu.Unlock()
		if len(rows) < page {
			return size, nil
		}
	}
}

// Root is the root of the tree over the first size leaves, which must have been read.
func (l *Ledger) Root(size int64) (tlog.Hash, error) {
	known, hashes := l.view()
	if size < 0 || size > known {
		return tlog.Hash{}, fmt.Errorf("ledger of %s has %d leaves, not %d", l.number, known, size)
	}
	return tlog.TreeHash(size, stored(hashes))
}

// Prove returns the proof that the tree over the first size leaves holds the leaf with that index.
func (l *Ledger) Prove(size, index int64) (tlog.RecordProof, error) {
	known, hashes := l.view()
	if size > known {
		return nil, fmt.Errorf("ledger of %s has %d leaves, not %d", l.number, known, size)
	}
	return tlog.ProveRecord(size, index, stored(hashes))
}

func (l *Ledger) view() (int64, []tlog.Hash) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.size, l.hashes
}

// stored reads hashes by their numbers.
func stored(hashes []tlog.Hash) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			if index < 0 || index >= int64(len(hashes)) {
				return nil, fmt.Errorf("no hash %d of %d", index, len(hashes))
			}
			found[i] = hashes[index]
		}
		return found, nil
	})
}
