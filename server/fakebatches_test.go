package server

import (
	"context"
	"slices"
	"strings"
	"time"

	"gongzhi/ops"
	"gongzhi/record"
)

// fakeBatches keeps batches in memory.
type fakeBatches struct {
	batches []ops.Batch
	items   map[string][]ops.BatchItem
	started []string
	refuse  error // what StartBatch fails with
}

func (f *fakeOps) SaveBatch(_ context.Context, b ops.Batch, items []ops.BatchItem) error {
	defer f.lock()()
	f.lots.batches = append(f.lots.batches, b)
	if f.lots.items == nil {
		f.lots.items = map[string][]ops.BatchItem{}
	}
	f.lots.items[b.ID] = items
	return nil
}

func (f *fakeOps) batch(area, id string) (int, error) {
	n := slices.IndexFunc(f.lots.batches, func(b ops.Batch) bool { return b.ID == id && strings.HasPrefix(b.Area, area) })
	if n < 0 {
		return 0, gone("batch")
	}
	return n, nil
}

func (f *fakeOps) counted(b ops.Batch) ops.Batch {
	b.Counts = ops.BatchCounts{}
	for _, it := range f.lots.items[b.ID] {
		b.Counts.Add(it.State, 1)
	}
	return b
}

func (f *fakeOps) Batches(_ context.Context, area, _ string, _ int) (record.Page[ops.Batch], error) {
	defer f.lock()()
	var p record.Page[ops.Batch]
	for _, b := range f.lots.batches {
		if strings.HasPrefix(b.Area, area) {
			p.Items = append(p.Items, f.counted(b))
		}
	}
	return p, nil
}

func (f *fakeOps) Batch(_ context.Context, area, id string) (ops.Batch, error) {
	defer f.lock()()
	n, err := f.batch(area, id)
	if err != nil {
		return ops.Batch{}, err
	}
	return f.counted(f.lots.batches[n]), nil
}

func (f *fakeOps) BatchItems(_ context.Context, id string, state ops.ItemState, _ string, _ int) (record.Page[ops.BatchItem], error) {
	defer f.lock()()
	items := slices.DeleteFunc(slices.Clone(f.lots.items[id]), func(it ops.BatchItem) bool { return state != "" && it.State != state })
	return record.Page[ops.BatchItem]{Items: items}, nil
}

func (f *fakeOps) ActOnBatch(_ context.Context, area, id string, a ops.BatchAct) (ops.Batch, error) {
	defer f.lock()()
	n, err := f.batch(area, id)
	if err != nil {
		return ops.Batch{}, err
	}
	b, err := f.counted(f.lots.batches[n]).Act(a)
	if err == nil {
		f.lots.batches[n] = b
	}
	return b, err
}

func (f *fakeOps) NextItem(_ context.Context, id string) (ops.BatchItem, bool, error) {
	defer f.lock()()
	for _, state := range []ops.ItemState{ops.ItemPlanned, ops.ItemSent} {
		for _, it := range f.lots.items[id] {
			if it.State == state {
				return it, true, nil
			}
		}
	}
	return ops.BatchItem{}, false, nil
}

func (f *fakeOps) SettleItem(_ context.Context, id string, n int64, state ops.ItemState, text string, at time.Time) error {
	defer f.lock()()
	it := &f.lots.items[id][n-1]
	it.State, it.Text, it.At = state, text, at
	return nil
}

func (f *fakeOps) StartBatch(_ context.Context, id string) error {
	defer f.lock()()
	f.lots.started = append(f.lots.started, id)
	return f.lots.refuse
}
