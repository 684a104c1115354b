package system

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Limits after which a test gives up waiting. They are generous: the machine may be busy.
const (
	startLimit  = 60 * time.Second
	settleLimit = 30 * time.Second
	// sweepLimit is for what the relay repeats: it runs once a minute.
	sweepLimit = 90 * time.Second
)

// output collects what a program says on both channels.
type output struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.Write(b)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.String()
}

// program is one running process under test.
type program struct {
	name   string
	cmd    *exec.Cmd
	out    *output
	exited chan struct{} // closed when it has ended
	url    string        // of its API, when it has one
}

// launch starts a program. It is killed at the test's end if it still runs; its output is kept when the test failed.
func launch(t *testing.T, env []string, name string, args ...string) *program {
	t.Helper()
	p := &program{name: name, out: &output{}, exited: make(chan struct{})}
	p.cmd = command(context.Background(), env, name, args...)
	p.cmd.Stdout, p.cmd.Stderr = p.out, p.out
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} // nothing outlives a test process that is killed
	require.NoError(t, p.cmd.Start())
	go func() {
		defer close(p.exited)
		_ = p.cmd.Wait() // the exit code is read from ProcessState
	}()
	t.Cleanup(func() {
		p.kill()
		p.judge(t)
	})
	return p
}

// command is a program with an environment without settings of the machine.
func command(ctx context.Context, env []string, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(binaries, name), args...)
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "GONGZHI_") {
			cmd.Env = append(cmd.Env, e)
		}
	}
	cmd.Env = append(cmd.Env, env...)
	return cmd
}

// runs executes a command of `gongzhi` to its end and returns what it said and its exit code.
func runs(t *testing.T, stdin string, args ...string) (string, int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	cmd := command(ctx, nil, "gongzhi", args...)
	cmd.Stdin = strings.NewReader(stdin)
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("gongzhi %v: %v", args, err)
	}
	require.NoError(t, ctx.Err(), "gongzhi %v did not end", args)
	return string(out), cmd.ProcessState.ExitCode()
}

// must executes a command of `gongzhi` that has to succeed.
func must(t *testing.T, args ...string) string {
	t.Helper()
	out, code := runs(t, "", args...)
	require.Zero(t, code, "gongzhi %v: %s", args, out)
	return out
}

var address = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

// ready waits until the program has said a word, and remembers the address it announces.
func (p *program) ready(t *testing.T, word string) *program {
	t.Helper()
	eventually(t, p.name+" says "+word, startLimit, func() bool {
		select {
		case <-p.exited:
			t.Fatalf("%s ended before it was ready: %s", p.name, p.out)
		default:
		}
		return strings.Contains(p.out.String(), word+"\n") || address.MatchString(p.out.String())
	})
	p.url = address.FindString(p.out.String())
	return p
}

// up starts `gongzhi up` on a folder and waits until it serves.
func up(t *testing.T, env []string, dir string, flags ...string) *program {
	t.Helper()
	args := append([]string{"up", "--data", dir, "--listen", "127.0.0.1:0"}, flags...)
	return launch(t, env, "gongzhi", args...).ready(t, "共治已启动")
}

// kill ends the program at once, as a power cut does.
func (p *program) kill() {
	_ = p.cmd.Process.Kill() // it may have ended
	<-p.exited
}

// stop asks the program to end and returns its exit code and how long it took.
func (p *program) stop(t *testing.T) (code int, took time.Duration) {
	t.Helper()
	began := time.Now()
	require.NoError(t, p.cmd.Process.Signal(syscall.SIGTERM))
	select {
	case <-p.exited:
	case <-time.After(startLimit):
		t.Fatalf("%s did not end on SIGTERM: %s", p.name, p.out)
	}
	return p.cmd.ProcessState.ExitCode(), time.Since(began)
}

// ends waits until the program has ended by itself.
func (p *program) ends(t *testing.T) int {
	t.Helper()
	select {
	case <-p.exited:
	case <-time.After(startLimit):
		t.Fatalf("%s did not end: %s", p.name, p.out)
	}
	return p.cmd.ProcessState.ExitCode()
}

// alarms are lines that no program may ever write: a panic, or a request that failed without a refusal.
var alarms = regexp.MustCompile(`(?m)^.*(panic:|goroutine \d+ \[|request failed|fatal error|DATA RACE).*$`)

// judge fails the test for an alarm in the output, and keeps the output of a failed test.
func (p *program) judge(t *testing.T) {
	for _, line := range alarms.FindAllString(p.out.String(), 5) {
		if !strings.Contains(line, "context canceled") { // the caller went away
			t.Errorf("%s: %.600s", p.name, line)
		}
	}
	if !t.Failed() {
		return
	}
	dir := filepath.Join(os.TempDir(), "gongzhi-system-logs")
	file := filepath.Join(dir, fmt.Sprintf("%s-%s-%d.log", strings.ReplaceAll(t.Name(), "/", "_"), p.name, p.cmd.Process.Pid))
	if err := errors.Join(os.MkdirAll(dir, 0o755), os.WriteFile(file, []byte(p.out.String()), 0o644)); err != nil {
		t.Logf("output of %s could not be kept: %v\n%s", p.name, err, p.out)
		return
	}
	t.Logf("output of %s: %s", p.name, file)
}

// eventually waits for a condition.
func eventually(t *testing.T, what string, within time.Duration, condition func() bool) {
	t.Helper()
	deadline := time.NewTimer(within)
	defer deadline.Stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !condition() {
		select {
		case <-tick.C:
		case <-deadline.C:
			t.Fatalf("not within %s: %s", within, what)
		}
	}
}
