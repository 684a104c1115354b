package ops

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/procedure"
)

// TestBatch_Act tries every act on a batch in every state: what is not in the table is refused, and changes nothing.
func TestBatch_Act(t *testing.T) {
	t.Parallel()
	allowed := map[string]map[BatchState]BatchState{
		BatchRun:    {BatchDraft: BatchRunning},
		BatchResume: {BatchStopped: BatchRunning},
		BatchStop:   {BatchRunning: BatchStopped},
		BatchEnd:    {BatchRunning: BatchDone},
	}
	for _, what := range []string{BatchRun, BatchResume, BatchStop, BatchEnd, BatchConfirm, "guess"} {
		for _, state := range []BatchState{BatchDraft, BatchRunning, BatchStopped, BatchDone} {
			b := Batch{State: state, Version: 3, By: "bai", Counts: BatchCounts{Total: 1, Planned: 1}}
			after, err := b.Act(BatchAct{What: what, Version: 3, By: "bai", ByName: "示例-白", At: time.Now()})
			want, ok := allowed[what][state]
			if !ok {
				require.Error(t, err, "%s %s", what, state)
				require.Equal(t, b, after)
				continue
			}
			require.NoError(t, err, "%s %s", what, state)
			require.Equal(t, want, after.State)
			require.EqualValues(t, 4, after.Version)
			require.Len(t, after.History, 1)
			require.Empty(t, b.History)
		}
	}
}

func TestBatch_SecondPerson(t *testing.T) {
	t.Parallel()
	refused := func(err error, code string) {
		t.Helper()
		var refusal *procedure.Error
		require.True(t, errors.As(err, &refusal), "%v", err)
		require.Equal(t, code, refusal.Code)
	}
	b := Batch{State: BatchDraft, Second: true, Version: 1, By: "bai", Label: "终止办件", Counts: BatchCounts{Total: 1, Planned: 1}}
	act := func(what, by string) (Batch, error) {
		return b.Act(BatchAct{What: what, Version: b.Version, By: by, ByName: by})
	}
	_, err := act(BatchRun, "bai")
	refused(err, CodeBatchUnconfirmed)
	_, err = act(BatchConfirm, "bai")
	refused(err, CodeBatchSame)
	b, err = act(BatchConfirm, "hua")
	require.NoError(t, err)
	_, err = act(BatchConfirm, "dou")
	refused(err, CodeBatchState)
	_, err = act(BatchRun, "hua")
	refused(err, CodeBatchSame)
	_, err = b.Act(BatchAct{What: BatchRun, Version: 1, By: "bai"})
	refused(err, CodeBatchStale)
	require.ErrorContains(t, err, "hua已先一步在")
	b, err = act(BatchRun, "bai")
	require.NoError(t, err)
	b.Counts = BatchCounts{Total: 1, Done: 1}
	b, err = act(BatchStop, "bai")
	require.NoError(t, err)
	_, err = act(BatchResume, "bai")
	refused(err, CodeBatchNothing)
}

// What only the program does needs no version, and says why.
func TestBatch_StopsByItself(t *testing.T) {
	t.Parallel()
	b := Batch{State: BatchRunning, Version: 7, Counts: BatchCounts{Total: 1, Planned: 1}}
	b, err := b.Act(BatchAct{What: BatchStop, Text: "执行人已不在原岗位。"})
	require.NoError(t, err)
	require.Equal(t, "执行人已不在原岗位。", b.Why)
	b, err = b.Act(BatchAct{What: BatchResume, Version: 8, By: "dou"})
	require.NoError(t, err)
	require.Empty(t, b.Why)
	require.Equal(t, "dou", b.Runner)
}
