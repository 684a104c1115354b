package workflows

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"gongzhi/procedure"
	"gongzhi/procedure/catalog"
	"gongzhi/rules"
)

// These tests walk the catalogue and tell whoever adds a procedure what is missing.

func TestConformance_EveryDefinitionIsValid(t *testing.T) {
	t.Parallel()
	for _, p := range catalog.All() {
		t.Run(string(p.Kind), func(t *testing.T) { require.Empty(t, faultsOf(t, p)) })
	}
}

func TestConformance_EveryProcedureHasItsWorkflow(t *testing.T) {
	t.Parallel()
	var kinds []procedure.Kind
	for _, p := range catalog.All() {
		kinds = append(kinds, p.Kind)
	}
	var carried []procedure.Kind
	for kind, carry := range Catalog() {
		require.NotNil(t, carry)
		carried = append(carried, kind)
	}
	require.ElementsMatch(t, kinds, carried)
}

// Every stage is reached and left in some diary.
func TestConformance_EveryStageIsPlayed(t *testing.T) {
	t.Parallel()
	for _, p := range catalog.All() {
		all := ""
		for _, file := range filesOf(t, "diaries", p.Kind, "txt") {
			raw, err := os.ReadFile(file)
			require.NoError(t, err)
			all += string(raw)
		}
		for _, s := range p.Stages {
			require.Contains(t, all, "开启 "+s.Title+"#", "%s: no diary opens the stage %s", p.Kind, s.Name)
			require.Contains(t, all, "结束 "+s.Title+"#", "%s: no diary leaves the stage %s", p.Kind, s.Name)
		}
	}
}

func TestConformance_EveryProcedureHasARecordedHistory(t *testing.T) {
	t.Parallel()
	for _, p := range catalog.All() {
		require.NotEmpty(t, filesOf(t, "histories", p.Kind, "json"), "%s: record one with `go test -tags record -run Record ./workflows`", p.Kind)
	}
}

// filesOf lists the recorded files of a kind: admission.txt, admission-exit.txt.
func filesOf(t *testing.T, folder string, kind procedure.Kind, ext string) []string {
	t.Helper()
	var out []string
	for _, pattern := range []string{string(kind), string(kind) + "-*"} {
		found, err := filepath.Glob(filepath.Join("testdata", folder, pattern+"."+ext))
		require.NoError(t, err)
		out = append(out, found...)
	}
	return out
}

// faultsOf says everything that is wrong with a definition.
func faultsOf(t *testing.T, p procedure.Procedure) (faults []string) {
	t.Helper()
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	pack, err := rules.Load(p.Pack)
	if err != nil {
		fault("rule pack %s: %v", p.Pack, err)
	}
	for what, text := range map[string]string{"name": p.Name, "summary": p.Summary, "duration": p.Duration, "prefix": p.Prefix,
		"decides": strings.Join(p.Decides, ""), "prepare": strings.Join(p.Prepare, "")} {
		if text == "" {
			fault("no %s", what)
		}
	}
	if p.Version < 1 || !slices.Contains(procedure.Roles(), p.Initiator) {
		fault("version %d, initiator %q", p.Version, p.Initiator)
	}
	if !json.Valid(p.Schema) || !json.Valid(p.UI) {
		fault("the form is not JSON")
	}
	names, used := map[string]bool{}, map[string]bool{}
	for _, s := range p.Stages {
		if names[s.Name] {
			fault("two stages are named %s", s.Name)
		}
		names[s.Name], used[s.Segment] = true, true
		for _, f := range stageFaults(s, pack) {
			fault("%s: %s", s.Name, f)
		}
		if !slices.Contains(p.Segments, s.Segment) {
			fault("%s: the segment %q is not on the stage bar", s.Name, s.Segment)
		}
	}
	for _, s := range p.Segments {
		if !used[s] {
			fault("no stage belongs to the segment %s", s)
		}
	}
	return faults
}

// bare are red answers that need no opinion, each with its reason.
var bare = map[string]string{
	"handover/missing": "the money that has not arrived is itself the reason; a community refuses with one click",
}

func stageFaults(s procedure.Stage, pack rules.Pack) (faults []string) {
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	if s.Name == "" || s.Title == "" || s.Does == "" || s.Basis.Text == "" {
		fault("name, title, duty and basis must be said")
	}
	if !slices.Contains([]string{"T", "X", "M", "P", "D"}, s.Basis.Tag) {
		fault("confidence tag %q", s.Basis.Tag)
	}
	for _, seat := range []procedure.Seat{s.Seat, s.EscalateTo} {
		if seat != (procedure.Seat{}) && (!slices.Contains(procedure.Roles(), seat.Role) || seat.Where == "") {
			fault("seat %+v", seat)
		}
	}
	switch {
	case s.Seat == (procedure.Seat{}):
		fault("nobody acts")
	case s.Within == nil && s.Undated == "":
		fault("no period, and no word why")
	case s.Clock != "" && s.Within == nil:
		fault("the clock %s has no period", s.Clock)
	case s.Within != nil && s.EscalateTo == (procedure.Seat{}):
		fault("a period nobody watches over")
	case s.Sign == procedure.InTurn && s.Silence != procedure.Duty:
		fault("silence would end a step before everybody's turn came")
	}
	if s.Within != nil {
		if f, known := pack.Figures[s.Within.Figure]; !known || f.Unit != string(s.Within.Unit) || f.Value < 1 {
			fault("the rule pack has no %s of %s", s.Within.Unit, s.Within.Figure)
		}
	}
	if len(s.Options) == 0 {
		fault("no answer is possible")
	}
	seen := map[procedure.Answer]bool{}
	for _, o := range s.Options {
		switch {
		case seen[o.Answer]:
			fault("two options %s", o.Answer)
		case o.Label == "" || answerWords[o.Answer] == "":
			fault("the answer %s has no label or no word for the record", o.Answer)
		case o.Answer == procedure.Silent || o.Answer == procedure.NoAnswer:
			fault("%q cannot be chosen", o.Answer)
		case (o.Effect == procedure.Back) != (o.Answer == procedure.Return):
			fault("退回 and its effect belong together")
		case !slices.Contains([]procedure.Effect{procedure.Forward, procedure.Stop, procedure.Back}, o.Effect):
			fault("effect %q", o.Effect)
		case (o.Danger || o.Effect == procedure.Stop) && !o.Opinion && bare[s.Name+"/"+string(o.Answer)] == "":
			fault("the red answer %s asks for no opinion", o.Answer)
		}
		seen[o.Answer] = true
	}
	return faults
}

// The guard itself: a definition full of faults is told every one of them.
func TestConformance_NoticesWhatIsWrong(t *testing.T) {
	t.Parallel()
	p := catalog.All()[0]
	p.Stages = slices.Clone(p.Stages)
	broken := p.Stages[0]
	broken.Within = &procedure.Span{Figure: "nowhere", Unit: "workday"}
	broken.Options = []procedure.Option{{Answer: procedure.Refuse, Label: "不予受理", Effect: procedure.Stop, Danger: true}}
	broken.Seat.Role = "nobody"
	broken.Segment = "别处"
	p.Stages = append(p.Stages, broken, procedure.Stage{Name: "empty"})
	text := strings.Join(faultsOf(t, p), "\n")
	for _, want := range []string{"two stages are named formal-review", "nowhere", "asks for no opinion", "nobody", "别处", "nobody acts", "no answer is possible", "must be said"} {
		require.Contains(t, text, want)
	}
	undated := p.Stages[0]
	undated.Within, undated.Clock = nil, ""
	require.Equal(t, []string{"no period, and no word why"}, stageFaults(undated, rules.Pack{}))
}
