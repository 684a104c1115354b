package embedded

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
)

const (
	childEnv    = "GONGZHI_EMBEDDED_TEST_CHILD" // the data folder; set only in the child process
	childPeriod = 4 * time.Second               // longer than it takes to kill the child
	childReady  = "READY "
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childEnv); dir != "" {
		if err := child(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// child runs an engine with one workflow that waits for a timer, says so, and then waits to be killed.
func child(dir string) error {
	ctx, cancel := context.WithTimeout(context.Background(), testLimit) // it must not outlive a parent that failed
	defer cancel()
	s, err := Start(ctx, Options{Dir: dir, Logger: quiet()})
	if err != nil {
		return err
	}
	c, _, err := connect(s)
	if err != nil {
		return err
	}
	r, err := c.ExecuteWorkflow(ctx, client.StartWorkflowOptions{ID: "period", TaskQueue: taskQueue}, Period, childPeriod)
	if err != nil {
		return err
	}
	// The timer must be in the history before the kill.
	if err := waitForEvent(ctx, c, r, enums.EVENT_TYPE_TIMER_STARTED); err != nil {
		return err
	}
	fmt.Println(childReady + r.GetRunID())
	<-ctx.Done()
	return ctx.Err()
}

func TestKillAndStartAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(testContext(t), self)
	cmd.Env = append(os.Environ(), childEnv+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	runID := ""
	for lines := bufio.NewScanner(out); runID == "" && lines.Scan(); {
		runID, _ = strings.CutPrefix(lines.Text(), childReady)
	}
	require.NotEmpty(t, runID, "the child never became ready")

	_, err = Start(testContext(t), Options{Dir: dir, Logger: quiet()})
	requireCode(t, err, CodeLocked) // while another process runs, not only another call

	require.NoError(t, cmd.Process.Signal(syscall.SIGKILL))
	require.Error(t, cmd.Wait())
	require.Equal(t, syscall.SIGKILL, cmd.ProcessState.Sys().(syscall.WaitStatus).Signal())

	r := startRun(t, Options{Dir: dir}) // the kernel has dropped the lock, SQLite reads the log
	requireResult(t, r.client, "period", runID, "期满")
}
