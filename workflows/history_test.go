package workflows

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/client"
)

// A history is limited to some ten thousand events, and every event is written to disk: one human step (a task opened,
// reminded never, decided, closed) costs at most twenty.
const stepLimit = 20

// events reads a recorded history. When the code makes other events it does not replay and must be recorded again.
func events(t *testing.T, name string) []*historypb.HistoryEvent {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "histories", name+".json"))
	require.NoError(t, err)
	defer f.Close()
	h, err := client.HistoryFromJSON(f, client.HistoryJSONOptions{})
	require.NoError(t, err)
	return h.Events
}

func TestHistory_WhatAStepCosts(t *testing.T) {
	t.Parallel()
	var costs []int
	last := 0
	for i, e := range events(t, "revision-steps") {
		if e.GetEventType() == enums.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED {
			costs, last = append(costs, i-last), i
		}
	}
	require.Len(t, costs, 4, "two streets, the meeting, the office")
	t.Logf("events from one decision to the next: %v", costs)
	for _, n := range costs[1:] { // the first counts the beginning of the case too
		require.LessOrEqual(t, n, stepLimit)
		require.GreaterOrEqual(t, n, 5, "an update alone costs five: the counting is broken")
	}
}
