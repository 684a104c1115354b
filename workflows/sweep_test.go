package workflows

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"gongzhi/activities"
	standstill "gongzhi/ops"
	"gongzhi/procedure"
	"gongzhi/record"
	"gongzhi/store"
	"gongzhi/store/storetest"
)

// eye is a detector that a test breaks and mends.
type eye struct {
	kind standstill.Kind
	sees func() ([]standstill.Finding, error)
}

func (e eye) Kind() standstill.Kind                                           { return e.kind }
func (e eye) Detect(context.Context, time.Time) ([]standstill.Finding, error) { return e.sees() }

// lookout is a store, a schedule in virtual time, and two detectors.
type lookout struct {
	*store.Store
	env           *testsuite.TestWorkflowEnvironment
	late, silent  func() ([]standstill.Finding, error)
	broken        error // of what the sweep needs before any detector looks
	asked         int   // how often the activity ran
	failedRuns    []error
	completedRuns int
}

func newLookout(t *testing.T) *lookout {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	nothing := func() ([]standstill.Finding, error) { return nil, nil }
	l := &lookout{Store: storetest.Open(t), env: suite.NewTestWorkflowEnvironment(), late: nothing, silent: nothing}
	l.env.SetStartTime(storetest.Now)
	ctx := t.Context()
	require.NoError(t, l.SaveUnit(ctx, record.Unit{Code: "XW", Name: "星梧区", Level: procedure.District, Path: "/XW/"}))
	sweep := &standstill.Sweep{
		Keeper: l.Store, Watch: l.env.Now, Logger: slog.New(slog.DiscardHandler),
		Now: func(context.Context) (time.Time, error) { l.asked++; return l.env.Now(), l.broken },
		Detectors: []standstill.Detector{
			eye{standstill.Overdue, func() ([]standstill.Finding, error) { return l.late() }},
			eye{standstill.Silent, func() ([]standstill.Finding, error) { return l.silent() }},
		},
	}
	l.env.RegisterWorkflow(Sweep)
	l.env.RegisterActivity(&activities.Watch{Sweeper: sweep})
	return l
}

// run lets the schedule fire once a minute, whatever becomes of a run, with what happens before each.
func (l *lookout) run(t *testing.T, before ...func()) {
	t.Helper()
	schedule := func(ctx workflow.Context) error {
		for _, happens := range before {
			happens()
			child := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{})
			if err := workflow.ExecuteChildWorkflow(child, Sweep).Get(ctx, nil); err != nil {
				l.failedRuns = append(l.failedRuns, err)
			} else {
				l.completedRuns++
			}
			if err := workflow.Sleep(ctx, time.Minute); err != nil {
				return err
			}
		}
		return nil
	}
	l.env.ExecuteWorkflow(schedule)
	require.True(t, l.env.IsWorkflowCompleted())
	require.NoError(t, l.env.GetWorkflowError())
}

func (l *lookout) list(t *testing.T) map[standstill.Kind]standstill.Incident {
	t.Helper()
	page, err := l.Incidents(t.Context(), "/XW/", standstill.Filter{State: standstill.All})
	require.NoError(t, err)
	byKind := map[standstill.Kind]standstill.Incident{}
	for _, i := range page.Items {
		byKind[i.Kind] = i
	}
	return byKind
}

func (l *lookout) lastRun(t *testing.T, kind standstill.Kind) standstill.Run {
	t.Helper()
	runs, err := l.Runs(t.Context())
	require.NoError(t, err)
	for _, r := range runs {
		if r.Kind == kind {
			return r
		}
	}
	return standstill.Run{}
}

func found(text string) func() ([]standstill.Finding, error) {
	return func() ([]standstill.Finding, error) {
		return []standstill.Finding{{Cause: text, Since: storetest.Now, Sentence: procedure.Sentence{Text: text}}}, nil
	}
}

// TestSweep_DetectorFails: a detector that fails or panics fails no run. The others look, that it failed is an incident and stands
// with its run, and what it found before stays; when it looks again, that is over.
func TestSweep_DetectorFails(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func() ([]standstill.Finding, error){
		"error": func() ([]standstill.Finding, error) { return nil, errors.New("no database") },
		"panic": func() ([]standstill.Finding, error) { panic("no database") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLookout(t)
			var during map[standstill.Kind]standstill.Incident
			l.run(t,
				func() { l.late = found("超期") },
				func() { l.late, l.silent = fail, found("未回复") },
				func() {
					during = l.list(t)
					require.Contains(t, l.lastRun(t, standstill.Overdue).Error, "no database")
					require.Empty(t, l.lastRun(t, standstill.Silent).Error)
					l.late = found("超期")
				},
			)
			require.Empty(t, l.failedRuns)
			require.Equal(t, 3, l.completedRuns)
			require.Equal(t, standstill.Open, during[standstill.Sweeping].State)
			require.Equal(t, "「超期未办」的检测未能完成，该类问题暂时看不到新情况。", during[standstill.Sweeping].Sentence.Text)
			require.Equal(t, standstill.Open, during[standstill.Overdue].State, "nothing new is known of it")
			require.Equal(t, standstill.Open, during[standstill.Silent].State, "the other has looked")
			require.Equal(t, standstill.Resolved, l.list(t)[standstill.Sweeping].State, "the control: it is over when it looks again")
			require.Empty(t, l.lastRun(t, standstill.Overdue).Error)
		})
	}
}

// TestSweep_RunFails: a run that cannot even begin fails as such, is not repeated by itself, and stops no later run.
func TestSweep_RunFails(t *testing.T) {
	t.Parallel()
	l := newLookout(t)
	l.late = found("超期")
	l.run(t, func() { l.broken = errors.New("no clock") }, func() {
		require.Empty(t, l.list(t), "the control: nothing was kept")
		l.broken = nil
	}, func() {})
	require.Len(t, l.failedRuns, 1)
	var failure *temporal.ApplicationError
	require.ErrorAs(t, l.failedRuns[0], &failure)
	require.Equal(t, "no clock", failure.Message())
	require.Equal(t, 2, l.completedRuns)
	require.Equal(t, 3, l.asked, "once a run: the next one is the retry")
	require.Equal(t, standstill.Open, l.list(t)[standstill.Overdue].State)
}

// TestSweep_Bounded: the engine does not wait for ever for a worker that has died while looking.
func TestSweep_Bounded(t *testing.T) {
	t.Parallel()
	l := newLookout(t)
	var limit time.Duration
	var attempts int32
	l.env.SetOnActivityStartedListener(func(info *activity.Info, _ context.Context, _ converter.EncodedValues) {
		limit, attempts = info.Deadline.Sub(info.StartedTime), info.Attempt
	})
	l.run(t, func() {})
	require.Equal(t, int32(1), attempts)
	require.Positive(t, limit)
	require.LessOrEqual(t, limit, 5*time.Minute+time.Second)
}
