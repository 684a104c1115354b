package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"gongzhi/ops"
	"gongzhi/store"
)

// saveBatch keeps a batch of some planned cases and one that is skipped.
func saveBatch(t *testing.T, b bundle, id, area string, at time.Time, planned int) ops.Batch {
	t.Helper()
	batch := ops.Batch{
		ID: id, Cure: ops.Urge, Label: "催办", Chosen: "未办结的办件", Reason: "来电", State: ops.BatchDraft, Version: 1, By: "bai", ByName: "示例-白",
		At: at, Area: area, Order: []byte(`{"remedy":"urge"}`), History: []ops.Entry{{At: at, By: "bai", What: ops.BatchMade}},
	}
	items := []ops.BatchItem{{N: 1, Number: "X-1", State: ops.ItemSkipped, Plan: "没有待办。", At: at}}
	for n := range planned {
		number := fmt.Sprintf("X-%d", n+2)
		items = append(items, ops.BatchItem{N: int64(n + 2), Number: number, Title: "第 1 件", Task: number + ".2", Place: "p", State: ops.ItemPlanned, Plan: "催办。", At: at})
	}
	require.NoError(t, b.SaveBatch(t.Context(), batch, items))
	require.NoError(t, b.SaveBatch(t.Context(), batch, items), "the same again is the same")
	return batch
}

// testBatches: the cases of a batch are settled once; each comes to its turn, and its first result stands.
func testBatches(t *testing.T, b bundle) {
	ctx := t.Context()
	saveBatch(t, b, "b1", "/T/XW/", Now, 250)
	saveBatch(t, b, "b2", "/T/LH/", Now.Add(time.Minute), 1)
	got, err := b.Batch(ctx, "/T/XW/", "b1")
	require.NoError(t, err)
	require.Equal(t, ops.BatchCounts{Total: 251, Planned: 250, Skipped: 1}, got.Counts)
	require.JSONEq(t, `{"remedy":"urge"}`, string(got.Order))
	require.Equal(t, "/T/XW/", got.Area)
	_, err = b.Batch(ctx, "/T/LH/", "b1")
	code(t, err, store.CodeBatch)
	_, err = b.Batch(ctx, "?", "b1")
	code(t, err, store.CodeBatch)

	page, err := b.Batches(ctx, "/T/", "", 1)
	require.NoError(t, err)
	require.Equal(t, "b2", page.Items[0].ID, "the newest first")
	require.Equal(t, 2, page.Items[0].Counts.Total)
	page, err = b.Batches(ctx, "/T/", page.Next, 1)
	require.NoError(t, err)
	require.Equal(t, "b1", page.Items[0].ID)
	require.Empty(t, page.Next)

	seen := map[int64]bool{}
	for after := ""; ; {
		items, err := b.BatchItems(ctx, "b1", ops.ItemPlanned, after, 100)
		require.NoError(t, err)
		for _, it := range items.Items {
			require.False(t, seen[it.N])
			seen[it.N] = true
			require.Equal(t, "p", it.Place)
		}
		if after = items.Next; after == "" {
			break
		}
	}
	require.Len(t, seen, 250)

	it, found, err := b.NextItem(ctx, "b1")
	require.NoError(t, err)
	require.True(t, found)
	require.EqualValues(t, 2, it.N)
	require.NoError(t, b.SettleItem(ctx, "b1", 2, ops.ItemSent, "已提交。", Now.Add(time.Minute)))
	for n := int64(3); n <= 251; n++ {
		it, found, err = b.NextItem(ctx, "b1")
		require.NoError(t, err)
		require.True(t, found)
		require.Equal(t, n, it.N, "what has not answered waits until the others had their turn")
		require.NoError(t, b.SettleItem(ctx, "b1", n, ops.ItemDone, "已催办。", Now.Add(2*time.Minute)))
	}
	it, found, err = b.NextItem(ctx, "b1")
	require.NoError(t, err)
	require.True(t, found)
	require.Equal(t, ops.ItemSent, it.State)
	require.NoError(t, b.SettleItem(ctx, "b1", 2, ops.ItemSkipped, "已办结。", Now))
	require.NoError(t, b.SettleItem(ctx, "b1", 2, ops.ItemDone, "已催办。", Now), "too late")
	_, found, err = b.NextItem(ctx, "b1")
	require.NoError(t, err)
	require.False(t, found)
	got, err = b.Batch(ctx, "", "b1")
	require.NoError(t, err)
	require.Equal(t, ops.BatchCounts{Total: 251, Done: 249, Skipped: 2}, got.Counts)
}

// testBatchActs: two operators cannot overwrite each other, and the program's own acts need no version.
func testBatchActs(t *testing.T, b bundle) {
	ctx := t.Context()
	saveBatch(t, b, "b1", "/T/XW/", Now, 2)
	var g errgroup.Group
	errs := make([]error, 6)
	for n := range errs {
		g.Go(func() error {
			by := fmt.Sprint("op", n)
			_, errs[n] = b.ActOnBatch(ctx, "/T/XW/", "b1", ops.BatchAct{What: ops.BatchRun, Version: 1, By: by, ByName: by, Post: "post-" + by, At: Now})
			return nil
		})
	}
	require.NoError(t, g.Wait())
	done := 0
	for _, err := range errs {
		if err == nil {
			done++
			continue
		}
		code(t, err, ops.CodeBatchStale)
	}
	require.Equal(t, 1, done)
	ids, err := b.RunningBatches(ctx)
	require.NoError(t, err)
	require.Equal(t, []string{"b1"}, ids)
	got, err := b.Batch(ctx, "/T/XW/", "b1")
	require.NoError(t, err)
	require.Equal(t, ops.BatchRunning, got.State)
	require.Equal(t, "post-"+got.Runner, got.Post)
	require.Len(t, got.History, 2)
	_, err = b.ActOnBatch(ctx, "/T/LH/", "b1", ops.BatchAct{What: ops.BatchStop, Version: 2, By: "x", At: Now})
	code(t, err, store.CodeBatch)
	got, err = b.ActOnBatch(ctx, "", "b1", ops.BatchAct{What: ops.BatchStop, Text: "执行人已不在原岗位。", At: Now})
	require.NoError(t, err)
	require.Equal(t, "执行人已不在原岗位。", got.Why)
	require.EqualValues(t, 3, got.Version)
	ids, err = b.RunningBatches(ctx)
	require.NoError(t, err)
	require.Empty(t, ids)
}
