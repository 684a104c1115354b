// Package workflows proves that workflowcheck, with the exceptions of workflowcheck.yaml, still finds what it must.
package workflows_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestPlanted runs workflowcheck as make lint does, on a module whose lines say what is to be found in them.
func TestPlanted(t *testing.T) {
	t.Parallel()
	check := filepath.Join(t.TempDir(), "workflowcheck")
	out, err := exec.Command("go", "build", "-o", check, "go.temporal.io/sdk/contrib/tools/workflowcheck").CombinedOutput()
	if err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	config, err := filepath.Abs("../workflowcheck.yaml")
	if err != nil {
		t.Fatal(err)
	}
	run := exec.Command(check, "-single-line", "-config", config, "./workflows/...")
	run.Dir = filepath.Join("testdata", "control")
	run.Env = append(os.Environ(), "GOPROXY=off", "GOWORK=off")
	out, err = run.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 3 {
		t.Fatalf("workflowcheck ended with %v, not with the exit code 3 of a finding:\n%s", err, out)
	}

	source, err := os.ReadFile(filepath.Join(run.Dir, "workflows", "workflows.go"))
	if err != nil {
		t.Fatal(err)
	}
	wanted := 0
	for line := range strings.Lines(string(source)) {
		_, want, ok := strings.Cut(strings.TrimSpace(line), "// want ")
		if !ok {
			continue
		}
		wanted++
		if !regexp.MustCompile(want).Match(out) {
			t.Errorf("not found: %s", want)
		}
	}
	if found := strings.Count(string(out), "workflows.go:"); wanted == 0 || found != wanted {
		t.Errorf("%d findings, %d wanted", found, wanted)
	}
	if t.Failed() {
		t.Logf("%s", out)
	}
}
