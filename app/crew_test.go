package app

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	sdkworker "go.temporal.io/sdk/worker"
)

// hand is a worker that says what it does.
type hand struct {
	sdkworker.Worker
	name  string
	said  *[]string
	fails error
}

func (h hand) Start() error { *h.said = append(*h.said, "start "+h.name); return h.fails }
func (h hand) Stop()        { *h.said = append(*h.said, "stop "+h.name) }

// Each time the workers are others; who comes last goes first, and where one cannot start none is left.
func TestCrew(t *testing.T) {
	t.Parallel()
	var said []string
	hired := 0
	var fails error
	c := &crew{hire: func() ([]sdkworker.Worker, error) {
		hired++
		return []sdkworker.Worker{hand{name: "cases", said: &said}, hand{name: "sweeps", said: &said, fails: fails}}, nil
	}}
	require.NoError(t, c.Hire())
	require.NoError(t, c.Hire(), "they work already")
	c.Dismiss()
	c.Dismiss()
	require.Equal(t, []string{"start cases", "start sweeps", "stop sweeps", "stop cases"}, said)
	require.NoError(t, c.Hire())
	require.Equal(t, 2, hired)
	c.Dismiss()

	said, fails = nil, errors.New("no engine")
	require.ErrorIs(t, c.Hire(), fails)
	require.Equal(t, []string{"start cases", "start sweeps", "stop cases"}, said)
	require.NoError(t, (&crew{}).Hire(), "a program without workers")
}
