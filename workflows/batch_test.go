package workflows

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"gongzhi/activities"
)

// lot is a batch that somebody carries out slice by slice.
type lot struct {
	slices []activities.BatchRun
	asked  []time.Time
	now    func() time.Time
	during func(n int) error
}

func (l *lot) RunItems(_ context.Context, id string, n int, beat func() bool) (bool, time.Duration, error) {
	if id != "b1" || n != activities.BatchSlice || !beat() {
		return false, 0, errors.New("not as it was meant")
	}
	l.asked = append(l.asked, l.now())
	if l.during != nil {
		if err := l.during(len(l.asked)); err != nil {
			return false, 0, err
		}
	}
	if len(l.slices) == 0 {
		return false, 0, nil
	}
	r := l.slices[0]
	l.slices = l.slices[1:]
	return r.More, r.After, nil
}

func carry(t *testing.T, l *lot) *testsuite.TestWorkflowEnvironment {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestWorkflowEnvironment()
	l.now = env.Now
	env.RegisterWorkflowWithOptions(Batch, workflow.RegisterOptions{Name: BatchWorkflow})
	env.RegisterActivity(&activities.Batches{Runner: l})
	return env
}

var more = activities.BatchRun{More: true}

func TestBatch_SliceBySlice(t *testing.T) {
	t.Parallel()
	l := &lot{slices: []activities.BatchRun{more, more}}
	env := carry(t, l)
	env.ExecuteWorkflow(Batch, "b1")
	require.NoError(t, env.GetWorkflowError())
	require.Len(t, l.asked, 3)
}

// What a case does not answer is asked again after a while; whoever resumes the batch does not wait for it.
func TestBatch_Waits(t *testing.T) {
	t.Parallel()
	l := &lot{slices: []activities.BatchRun{{More: true, After: time.Minute}, {More: true, After: time.Hour}}}
	env := carry(t, l)
	env.RegisterDelayedCallback(func() { env.SignalWorkflow(BatchGo, nil) }, 10*time.Minute)
	env.ExecuteWorkflow(Batch, "b1")
	require.NoError(t, env.GetWorkflowError())
	require.Len(t, l.asked, 3)
	require.GreaterOrEqual(t, l.asked[1].Sub(l.asked[0]), time.Minute)
	require.Less(t, l.asked[2].Sub(l.asked[1]), time.Hour)
}

// Somebody stops the batch and resumes it while the last slice runs: the slice has seen the stop, and the batch must still go on.
func TestBatch_ResumedAtTheLastMoment(t *testing.T) {
	t.Parallel()
	l := &lot{}
	env := carry(t, l)
	l.during = func(n int) error {
		if n == 1 {
			env.SignalWorkflow(BatchGo, nil)
		}
		return nil
	}
	env.ExecuteWorkflow(Batch, "b1")
	require.NoError(t, env.GetWorkflowError())
	require.Len(t, l.asked, 2)
}

// A fault of the database is tried again; nothing is given up.
func TestBatch_TriedAgain(t *testing.T) {
	t.Parallel()
	l := &lot{during: func(n int) error {
		if n < 5 {
			return errors.New("no database")
		}
		return nil
	}}
	env := carry(t, l)
	env.ExecuteWorkflow(Batch, "b1")
	require.NoError(t, env.GetWorkflowError())
	require.Len(t, l.asked, 5)
}

// A long batch goes on in a new run that knows its id and nothing else.
func TestBatch_GoesOnInANewRun(t *testing.T) {
	t.Parallel()
	l := &lot{}
	for range mostSlices {
		l.slices = append(l.slices, more)
	}
	env := carry(t, l)
	env.ExecuteWorkflow(Batch, "b1")
	var again *workflow.ContinueAsNewError
	require.ErrorAs(t, env.GetWorkflowError(), &again)
	require.Equal(t, BatchWorkflow, again.WorkflowType.Name)
	require.Len(t, l.asked, mostSlices)
}
