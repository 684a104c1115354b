package pgtest

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// settings are for finding faults, not for speed: data reach the disk, and the zone is one that nobody expects, with
// half an hour and summer time, so that code that leans on the server's zone fails. No worker of autovacuum sits in a database
// that a test drops.
const settings = `
listen_addresses = '127.0.0.1'
max_connections = 200
fsync = on
synchronous_commit = on
timezone = 'America/St_Johns'
log_timezone = 'UTC'
autovacuum = off
`

// Instance is a PostgreSQL server.
type Instance struct {
	admin string // DSN of a role that may create databases

	// What follows is empty for a server that somebody else started.
	dir  string
	bin  string
	port int
	cred *syscall.Credential
	log  *os.File
	life io.Closer // closing it tells the watcher to end the server and to remove the folder
	gone chan struct{}

	mu      sync.Mutex
	process *exec.Cmd
	exited  chan struct{}
}

// Open creates a server in a temporary folder and starts it. The caller closes it; when the process dies first, however it
// dies, the server is stopped and the folder removed all the same.
func Open(ctx context.Context) (_ *Instance, err error) {
	bin, err := FindBinaries()
	if err != nil {
		return nil, err
	}
	cred, err := credential()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "gongzhi-pg-")
	if err != nil {
		return nil, err
	}
	p := &Instance{dir: dir, bin: bin, cred: cred}
	if err := p.watch(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.Close())
		}
	}()
	if err := p.create(ctx); err != nil {
		return nil, err
	}
	if err := p.Start(ctx); err != nil {
		return nil, err
	}
	return p, p.addRole(ctx)
}

// watch starts a shell that waits for this process to end and then cleans up behind it. Its input is a pipe that nobody
// writes to: the kernel closes it with the process, even after kill -9.
func (p *Instance) watch() error {
	const script = `read -r _
pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null) && kill -QUIT "$pid" 2>/dev/null
n=0; while [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null && [ $n -lt 100 ]; do sleep 0.1; n=$((n+1)); done
rm -rf "$1"`
	watcher := exec.Command("/bin/sh", "-c", script, "sh", p.dir)
	watcher.Dir = "/"
	watcher.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // an interrupt from the terminal must not end it first
	life, err := watcher.StdinPipe()
	if err != nil {
		return err
	}
	if err := watcher.Start(); err != nil {
		return err
	}
	p.life, p.gone = life, make(chan struct{})
	go func() {
		defer close(p.gone)
		_ = watcher.Wait() // its exit code is rm's; Close looks at the folder itself
	}()
	return nil
}

// create makes the cluster's files.
func (p *Instance) create(ctx context.Context) error {
	password := rand.Text()
	pwfile := filepath.Join(p.dir, "password")
	if err := os.WriteFile(pwfile, []byte(password), 0o600); err != nil {
		return err
	}
	if p.cred != nil {
		for _, path := range []string{p.dir, pwfile} {
			if err := os.Chown(path, int(p.cred.Uid), int(p.cred.Gid)); err != nil {
				return err
			}
		}
	}
	// The C collation orders text by code point, as SQLite does.
	initdb := p.command(ctx, "initdb", "--pgdata="+p.data(), "--username=postgres", "--pwfile="+pwfile,
		"--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions")
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	port, err := freePort()
	if err != nil {
		return err
	}
	p.port = port
	p.admin = p.url("postgres", password)
	conf := fmt.Sprintf("%sport = %d\nunix_socket_directories = '%s'\n", settings, port, p.dir)
	file, err := os.OpenFile(filepath.Join(p.data(), "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = file.WriteString(conf)
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	p.log, err = os.OpenFile(p.logPath(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	return err
}

// addRole changes from the superuser to a role that may create databases and nothing else.
func (p *Instance) addRole(ctx context.Context) error {
	password := rand.Text()
	if err := p.exec(ctx, "CREATE ROLE gongzhi LOGIN CREATEDB PASSWORD '"+password+"'"); err != nil {
		return err
	}
	p.admin = p.url("gongzhi", password)
	return nil
}

// Start starts a server that was killed or stopped, on the same folder and port, and waits until it answers.
func (p *Instance) Start(ctx context.Context) error {
	if p.dir == "" {
		return errShared
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.process != nil {
		return errors.New("the server is running")
	}
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	for {
		err := p.tryStart(ctx)
		// After a kill the backends of the old server may hold its memory, and with it the folder, for a moment.
		if err == nil || ctx.Err() != nil || !strings.Contains(err.Error(), "shared memory block") {
			return err
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
}

func (p *Instance) tryStart(ctx context.Context) error {
	mark, err := p.log.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	process := p.command(context.Background(), "postgres", "-D", p.data())
	process.Stdout, process.Stderr = p.log, p.log
	if err := process.Start(); err != nil {
		return err
	}
	exited := make(chan struct{})
	go func() {
		defer close(exited)
		_ = process.Wait() // how a killed server ended is no news
	}()
	for {
		err := p.ping(ctx)
		if err == nil {
			p.process, p.exited = process, exited
			return nil
		}
		select {
		case <-exited:
			return fmt.Errorf("postgres did not start:\n%s", p.logSince(mark))
		default:
		}
		if pauseErr := pause(ctx); pauseErr != nil {
			_ = process.Process.Kill()
			<-exited
			return fmt.Errorf("postgres does not answer: %w\n%s", err, p.logSince(mark))
		}
	}
}

// Kill ends the server as a power cut would: kill -9, nothing is flushed. [Instance.Start] brings it back.
func (p *Instance) Kill() error { return p.end(syscall.SIGKILL) }

// Stop ends the server in order; sessions are cut off.
func (p *Instance) Stop() error { return p.end(syscall.SIGINT) }

var errShared = errors.New("this server is shared with other tests: take one with pgtest.Private")

func (p *Instance) end(signal syscall.Signal) error {
	if p.dir == "" {
		return errShared
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.process == nil {
		return nil
	}
	if err := p.process.Process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	<-p.exited
	p.process = nil
	return nil
}

// Close stops the server and removes its folder.
func (p *Instance) Close() error {
	if p.dir == "" {
		return errShared
	}
	err := p.Stop()
	if p.log != nil {
		err = errors.Join(err, p.log.Close())
	}
	err = errors.Join(err, p.life.Close())
	<-p.gone
	if _, statErr := os.Stat(p.dir); !errors.Is(statErr, os.ErrNotExist) {
		err = errors.Join(err, fmt.Errorf("%s was not removed", p.dir))
	}
	return err
}

// Admin returns the DSN of a role that may create databases.
func (p *Instance) Admin() string { return p.admin }

func (p *Instance) data() string    { return filepath.Join(p.dir, "data") }
func (p *Instance) logPath() string { return filepath.Join(p.dir, "log") }

func (p *Instance) url(role, password string) string {
	u := url.URL{
		Scheme: "postgres", User: url.UserPassword(role, password), Path: "/postgres", RawQuery: "sslmode=disable",
		Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(p.port)),
	}
	return u.String()
}

func (p *Instance) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(p.bin, name), args...)
	cmd.Dir = p.dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TZ=UTC"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Credential: p.cred}
	return cmd
}

func (p *Instance) ping(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, p.admin)
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

func (p *Instance) logSince(mark int64) string {
	text, err := os.ReadFile(p.logPath())
	if err != nil || int64(len(text)) < mark {
		return fmt.Sprint(err)
	}
	return string(bytes.TrimSpace(text[mark:]))
}

// pause waits between two looks at a server that is starting.
func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(50 * time.Millisecond):
		return nil
	}
}

func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().(*net.TCPAddr).Port, nil
}
