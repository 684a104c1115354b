package engine

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"gongzhi/procedure"
	"gongzhi/record"
)

// running is a case that answers every command with the same reply.
type running struct {
	client.Client
	client.WorkflowUpdateHandle
	reply procedure.Reply
}

func (r running) UpdateWorkflow(context.Context, client.UpdateWorkflowOptions) (client.WorkflowUpdateHandle, error) {
	return r, nil
}

func (r running) Get(_ context.Context, result any) error {
	*result.(*procedure.Reply) = r.reply
	return nil
}

type recorder struct {
	got map[string][]procedure.Event
	err error
}

func (r *recorder) Append(_ context.Context, number string, events []procedure.Event) (int64, error) {
	r.got[number] = append(r.got[number], events...)
	return 0, r.err
}

func command() record.Command {
	return record.Command{Command: procedure.Command{ID: "c", Case: "XW-ZR-2026-001"}}
}

func TestSend_RecordsWhatTheReplyBrings(t *testing.T) {
	t.Parallel()
	r := &recorder{got: map[string][]procedure.Event{}}
	events := []procedure.Event{{Seq: 7}, {Seq: 8}}

	receipt, err := New(running{reply: procedure.Reply{Receipt: procedure.Receipt{Seq: 8}, Events: events}}, r).Send(t.Context(), command())

	require.NoError(t, err)
	require.EqualValues(t, 8, receipt.Seq)
	require.Equal(t, map[string][]procedure.Event{"XW-ZR-2026-001": events}, r.got)
}

// The case has carried the command out: whatever the database says of the events, the command is not refused but repeated.
func TestSend_ARecordThatFailsIsNoRefusal(t *testing.T) {
	t.Parallel()
	gap := procedure.Errorf(procedure.Invalid, "record.gap", "记录的序号不连续")
	r := &recorder{got: map[string][]procedure.Event{}, err: gap}

	_, err := New(running{reply: procedure.Reply{Events: []procedure.Event{{Seq: 7}}}}, r).Send(t.Context(), command())

	require.ErrorContains(t, err, "record.gap")
	var refusal *procedure.Error
	require.NotErrorAs(t, err, &refusal)
}
