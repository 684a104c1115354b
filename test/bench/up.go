package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"gongzhi/demo"
	"gongzhi/procedure/admission"
)

// What is required of gongzhi up.
const (
	mostStart  = 3 * time.Second
	mostMemory = 400 // MiB
	startLimit = time.Minute
)

// ups measures the real program.
func ups(ctx context.Context, b *bench) error {
	binary, err := b.program(ctx)
	if err != nil {
		return err
	}
	dir, err := b.folder("up")
	if err != nil {
		return err
	}
	p, empty, err := startProgram(ctx, binary, dir)
	if err != nil {
		return err
	}
	if err := b.fill(ctx, p.base); err != nil {
		return errors.Join(err, p.stop())
	}
	worked, err := p.rested(ctx, b.rest)
	if err := errors.Join(err, p.stop()); err != nil {
		return err
	}
	var starts sample
	var fresh memory
	for i := range b.starts {
		p, took, err := startProgram(ctx, binary, dir)
		if err != nil {
			return err
		}
		starts = append(starts, took)
		if i == b.starts-1 {
			fresh, err = p.rested(ctx, b.rest)
		}
		if err := errors.Join(err, p.stop()); err != nil {
			return err
		}
	}
	fmt.Fprintf(b.out, "%d open cases of 社区工作准入, each with a task, a clock and a timer. Ready: /readyz answers. Demonstration data, virtual time.\n", b.open)
	fmt.Fprintf(b.out, "first start on an empty folder: %d ms\n", empty.Milliseconds())
	peak := max(worked.rss, fresh.rss)
	return b.table("figure|value|required", [][]string{
		{fmt.Sprintf("ready on the existing folder, %d starts: min / median / max ms", len(starts)),
			fmt.Sprintf("%d / %d / %d", starts.at(0).Milliseconds(), starts.at(50).Milliseconds(), starts.at(100).Milliseconds()),
			fmt.Sprintf("< %s: %s", mostStart, verdict(starts.at(100) < mostStart))},
		{fmt.Sprintf("memory %s after the cases were filed: resident / anonymous MiB", b.rest), worked.String(), ""},
		{fmt.Sprintf("memory %s after the last start: resident / anonymous MiB", b.rest), fresh.String(),
			fmt.Sprintf("< %d, both: %s", mostMemory, verdict(peak < mostMemory))},
	})
}

// program returns the binary to measure, built unless it was given.
func (b *bench) program(ctx context.Context) (string, error) {
	if b.binary != "" {
		return filepath.Abs(b.binary)
	}
	root, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return "", fmt.Errorf("find the module: %w", err)
	}
	binary := filepath.Join(b.dir, "gongzhi")
	build := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-o", binary, "./cmd/gongzhi")
	build.Dir = strings.TrimSpace(string(root))
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	return binary, nil
}

// fill files the open cases.
func (b *bench) fill(ctx context.Context, base string) error {
	users, err := signInAll(ctx, base, b.clients, "tjj.sun")
	if err != nil {
		return err
	}
	defer closeAll(users)
	return b.together(ctx, b.open, func(ctx context.Context, client, i int) error {
		form := demo.Sample()
		form.Title = fmt.Sprintf("%s（%d）", form.Title, i+1)
		_, err := users[client].file(ctx, admission.Kind, form)
		return err
	})
}

// program is a running gongzhi up.
type program struct {
	base   string
	cmd    *exec.Cmd
	exited chan error
	errors *tail
}

var announced = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

// startProgram starts gongzhi up on a folder and returns when it is ready, with the time that took.
func startProgram(ctx context.Context, binary, dir string) (*program, time.Duration, error) {
	p := &program{exited: make(chan error, 1), errors: &tail{}}
	p.cmd = exec.CommandContext(ctx, binary, "up", "--demo", "--data", dir, "--listen", "127.0.0.1:0")
	p.cmd.Cancel = func() error { return p.cmd.Process.Signal(syscall.SIGTERM) }
	p.cmd.WaitDelay = startLimit
	p.cmd.Stderr = p.errors
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, 0, err
	}
	began := time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, 0, err
	}
	address := make(chan string, 1)
	go func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if found := announced.FindString(lines.Text()); found != "" && p.base == "" {
				p.base = found
				address <- found
			}
		}
		p.exited <- p.cmd.Wait() // after the last line: Wait closes the pipe
	}()
	limit := time.NewTimer(startLimit)
	defer limit.Stop()
	select {
	case base := <-address:
		err = ready(ctx, base)
	case err = <-p.exited:
		return nil, 0, fmt.Errorf("gongzhi up ended: %w\n%s", err, p.errors)
	case <-limit.C:
		err = errors.New("gongzhi up was not ready in time")
	}
	took := time.Since(began)
	if err != nil {
		return nil, 0, errors.Join(fmt.Errorf("%w\n%s", err, p.errors), p.stop())
	}
	return p, took, nil
}

func ready(ctx context.Context, base string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/readyz", nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	if err := resp.Body.Close(); err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("/readyz answers %d", resp.StatusCode)
	}
	return nil
}

// stop ends the program as an operator does, and waits for it.
func (p *program) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	limit := time.NewTimer(startLimit)
	defer limit.Stop()
	select {
	case err := <-p.exited:
		if err != nil {
			return fmt.Errorf("gongzhi up ended: %w\n%s", err, p.errors)
		}
		return nil
	case <-limit.C:
		return errors.Join(errors.New("gongzhi up did not stop in time"), p.cmd.Process.Kill())
	}
}

// memory is what a process holds, in MiB.
type memory struct{ rss, anonymous int }

func (m memory) String() string { return fmt.Sprintf("%d / %d", m.rss, m.anonymous) }

// rested reads the memory after a time without requests.
func (p *program) rested(ctx context.Context, rest time.Duration) (memory, error) {
	limit := time.NewTimer(rest)
	defer limit.Stop()
	select {
	case <-limit.C:
	case <-ctx.Done():
		return memory{}, ctx.Err()
	}
	status := fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid)
	var m memory
	for name, into := range map[string]*int{"VmRSS": &m.rss, "RssAnon": &m.anonymous} {
		kib, err := strconv.Atoi(strings.TrimSuffix(fact(status, name), " kB"))
		if err != nil {
			return m, fmt.Errorf("%s of %s: %w", name, status, err)
		}
		*into = kib / 1024
	}
	return m, nil
}

// tail keeps the end of what a program wrote.
type tail struct {
	mu   sync.Mutex
	text []byte
}

// Write implements io.Writer.
func (t *tail) Write(p []byte) (int, error) {
	const most = 4 << 10
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, p...)
	if n := len(t.text); n > most {
		t.text = append([]byte(nil), t.text[n-most:]...)
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(bytes.TrimSpace(t.text))
}
