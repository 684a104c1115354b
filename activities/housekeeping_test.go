package activities

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/procedure"
	"gongzhi/record"
)

// relayed is a table of commands, the engine they go to and the drafts that are kept, in memory.
type relayed struct {
	pending []record.Command
	refusal error
	ends    map[string]record.CommandEnd
	kept    []record.Command
}

func (r *relayed) PendingCommands(context.Context, time.Time, int) ([]record.Command, error) {
	return r.pending, nil
}
func (r *relayed) TouchCommand(context.Context, string) error { return nil }
func (r *relayed) SettleCommand(_ context.Context, id string, end record.CommandEnd) error {
	r.ends[id] = end
	return nil
}
func (r *relayed) Send(context.Context, record.Command) (procedure.Receipt, error) {
	return procedure.Receipt{}, r.refusal
}
func (r *relayed) KeepOpinion(_ context.Context, c record.Command) error {
	r.kept = append(r.kept, c)
	return nil
}

// TestRelayKeepsTheOpinion: whoever was answered 202 and is refused later finds his words as a draft, as he would have at once.
func TestRelayKeepsTheOpinion(t *testing.T) {
	t.Parallel()
	written := record.Command{Command: procedure.Command{ID: "c1", Case: "XW-ZR-2026-014", Action: procedure.ActAnswer}, Opinion: "经费未落实"}
	silent, start := written, written
	silent.ID, silent.Opinion = "c2", "  "
	start.ID, start.Action = "c3", procedure.ActStart
	for kind, want := range map[procedure.Refusal]int{procedure.Conflict: 1, procedure.Forbidden: 0, procedure.Invalid: 0} {
		r := &relayed{pending: []record.Command{written, silent, start}, ends: map[string]record.CommandEnd{},
			refusal: procedure.Errorf(kind, "task.closed", "这件待办已经办结。")}
		h := Housekeeping{Commands: r, Engine: r, Opinions: r, Now: time.Now}
		swept, err := h.RelayCommands(t.Context())
		require.NoError(t, err)
		require.Equal(t, Swept{Refused: 3}, swept)
		require.Len(t, r.kept, want, kind)
		require.Equal(t, record.Refused(r.refusal.(*procedure.Error)), r.ends["c2"], "nothing was written")
		require.Equal(t, r.ends["c2"], r.ends["c3"], "an application has a draft of its own")
		if want == 0 {
			require.Equal(t, r.ends["c2"], r.ends["c1"])
			continue
		}
		require.Equal(t, written, r.kept[0])
		require.Equal(t, record.OpinionKept, r.ends["c1"].Kept)
		require.Equal(t, "这件待办已经办结。您填写的意见已保存为草稿。", r.ends["c1"].Reason)
	}
}
