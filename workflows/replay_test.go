package workflows

import (
	"encoding/json"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"gongzhi/procedure"
	"gongzhi/procedure/admission"
	"gongzhi/procedure/revision"
)

// Recorded histories of a real engine replay on today's code: a running case survives the next release. They are recorded by
// record_test.go.

func replay(file string, catalog map[procedure.Kind]Func) error {
	r := worker.NewWorkflowReplayer()
	for kind, carry := range catalog {
		r.RegisterWorkflowWithOptions((func(workflow.Context, procedure.Filing) (procedure.Outcome, error))(carry), workflow.RegisterOptions{Name: string(kind)})
	}
	return r.ReplayWorkflowHistoryFromJSONFile(log.NewStructuredLogger(slog.New(slog.DiscardHandler)), file)
}

func TestReplay_EveryRecordedHistory(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("testdata", "histories", "*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			t.Parallel()
			require.NoError(t, replay(file, Catalog()))
		})
	}
}

// The guard itself: code whose steps have changed places does not replay.
func TestReplay_NoticesChangedSteps(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(Case, revision.Form){
		"two steps have changed places": func(c Case, f revision.Form) {
			c.Chain(One(revision.Decision), One(revision.Hearing))
			c.Decide(revision.Publication)
			c.PublishList(f.Title, f.Changes)
		},
		"a step is left out": func(c Case, f revision.Form) {
			c.Chain(One(revision.Hearing), One(revision.Decision))
			c.PublishList(f.Title, f.Changes)
		},
		"a step is new": func(c Case, f revision.Form) {
			c.Chain(One(revision.Hearing), One(revision.Publication), One(revision.Decision))
			c.Decide(revision.Publication)
			c.PublishList(f.Title, f.Changes)
		},
		"the end comes before the list": func(c Case, _ revision.Form) {
			c.Chain(One(revision.Hearing), One(revision.Decision))
			c.Decide(revision.Publication)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			changed := func(ctx workflow.Context, filing procedure.Filing) (procedure.Outcome, error) {
				var f revision.Form
				if err := json.Unmarshal(filing.Facts, &f); err != nil {
					return procedure.Outcome{}, err
				}
				c := openCase(ctx, revision.Procedure(), filing, Facts{Title: f.Title})
				change(c, f)
				return c.Close(procedure.Completed, "新版清单已公布")
			}
			err := replay(filepath.Join("testdata", "histories", "revision.json"), map[procedure.Kind]Func{revision.Kind: changed})
			require.Error(t, err)
		})
	}
}

// Two steps whose answers are the same words make the same activities and timers: only the mark of the step tells them apart.
func TestReplay_NoticesLikeStepsInAnotherOrder(t *testing.T) {
	t.Parallel()
	changed := func(ctx workflow.Context, filing procedure.Filing) (procedure.Outcome, error) {
		c := openCase(ctx, admission.Procedure(), filing, Facts{Title: "换序", Communities: []string{"0101", "0102"}})
		c.Chain(Step{[]procedure.Stage{admission.FormalReview}, accept}, Side(admission.StreetHearing, admission.CommunityHearing),
			One(admission.Decision), One(admission.JointReview))
		return c.Close(procedure.Completed, "办成")
	}

	err := replay(filepath.Join("testdata", "histories", "admission-exit.json"), map[procedure.Kind]Func{admission.Kind: changed})

	require.ErrorContains(t, err, "the history goes on with joint-review#1, the code with decision#1")
}
