// Package embedded runs a complete Temporal server (frontend, history, matching, worker) inside this process, on one
// SQLite file in one folder. It is the engine of `gongzhi up`: no other program, no network beyond the loopback address.
//
// Import rule: only cmd/gongzhi and tests may import this package. It pulls in the whole server, about 180 MB of
// binary; everything else talks to Temporal through its client and never knows where the engine runs.
package embedded

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/temporal"
)

const (
	// DefaultNamespace is the namespace of all workflows of the platform.
	DefaultNamespace = "gongzhi"
	// DefaultRetention is how long a closed workflow stays readable in the engine. The longest procedures take a
	// year (a purchase of services), and objections and audits look back at least one more month; the platform's own record of
	// a case does not depend on it. The engine's default of one day would lose the history before anyone asks.
	DefaultRetention = 400 * 24 * time.Hour

	startLimit = 60 * time.Second // a migration of some gigabytes fits in
	stopLimit  = 15 * time.Second // a quiet engine needs about one second
	portTries  = 5
)

// Options say where and how the engine runs. Only Dir is compulsory.
type Options struct {
	Dir       string        // data folder, made if missing; holds temporal.db, its backups and the lock
	Namespace string        // default DefaultNamespace
	Retention time.Duration // of closed workflows; default DefaultRetention, at least 1 h
	// Beside names further namespaces with their retentions, such as that of scheduled housekeeping.
	Beside   map[string]time.Duration
	HostPort string       // of the frontend, on 127.0.0.1 only; default 127.0.0.1:0, any free port
	Logger   *slog.Logger // receives warnings and errors; default slog.Default()
}

// Server is a running engine. Stop it after all workers have stopped and all clients are closed.
type Server struct {
	hostPort  string
	namespace string
	data      dataFile
	store     *config.SQL
	engine    temporal.Server
	logger    engineLogger
	lock      *folderLock
	limit     time.Duration // of shutdown
	stop      func() error
}

// HostPort returns the address clients dial.
func (s *Server) HostPort() string { return s.hostPort }

// Namespace returns the namespace that Start made sure of.
func (s *Server) Namespace() string { return s.namespace }

// Stop ends the engine and gives the folder free. It returns within 15 seconds; when the engine has not stopped by
// then, the folder stays locked until the process ends. Further calls return the first result.
func (s *Server) Stop() error { return s.stop() }

// Start runs the engine and returns when it serves. It ends early when ctx does, and after 60 seconds in any case.
// Every error has an *Error in its chain.
func Start(ctx context.Context, o Options) (*Server, error) { return start(ctx, o, pickPorts) }

// start is Start with the source of ports, which a test replaces.
func start(ctx context.Context, o Options, pick func(n, first int) ([]int, error)) (*Server, error) {
	o, port, err := o.complete()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, fail(CodeStorage, err, "无法建立数据目录 %s", o.Dir)
	}
	lock, err := lockFolder(o.Dir)
	if err != nil {
		return nil, err
	}
	s, err := startLocked(ctx, o, port, lock, pick)
	if err != nil {
		return nil, err
	}
	return s, nil
}

// complete fills in the defaults and checks what was given.
func (o Options) complete() (Options, int, error) {
	if o.Dir == "" {
		return o, 0, fail(CodeOptions, nil, "未指定数据目录")
	}
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return o, 0, fail(CodeOptions, err, "数据目录 %s 无效", o.Dir)
	}
	o.Dir = dir
	if o.Namespace == "" {
		o.Namespace = DefaultNamespace
	}
	if o.Retention == 0 {
		o.Retention = DefaultRetention
	}
	if o.Retention < time.Hour {
		return o, 0, fail(CodeOptions, nil, "引擎记录保留期 %s 过短，至少一小时", o.Retention)
	}
	if o.HostPort == "" {
		o.HostPort = net.JoinHostPort(loopback, "0")
	}
	host, text, err := net.SplitHostPort(o.HostPort)
	if err != nil || host != loopback {
		return o, 0, fail(CodeOptions, err, "引擎地址 %s 无效，只能使用 %s", o.HostPort, loopback)
	}
	port, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return o, 0, fail(CodeOptions, err, "引擎端口 %s 无效", text)
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	return o, int(port), nil
}

// namespaces lists every namespace with its retention.
func (o Options) namespaces() map[string]time.Duration {
	all := maps.Clone(o.Beside)
	if all == nil {
		all = map[string]time.Duration{}
	}
	all[o.Namespace] = o.Retention
	return all
}

// startLocked runs the engine on a locked folder. It owns the lock: on failure the lock is released once nothing of
// the engine is left running.
func startLocked(ctx context.Context, o Options, port int, lock *folderLock, pick func(n, first int) ([]int, error)) (*Server, error) {
	release := func(err error) error { return errors.Join(err, lock.release()) }
	b, err := thisBuild()
	if err != nil {
		return nil, release(err)
	}
	data := dataFile{dir: o.Dir, build: b, logger: o.Logger}
	if err := data.prepare(ctx); err != nil {
		return nil, release(err)
	}
	s := &Server{
		namespace: o.Namespace,
		data:      data,
		store:     storeConfig(data.path(), uuid.NewString()),
		logger:    newEngineLogger(o.Logger),
		lock:      lock,
		limit:     stopLimit,
	}
	for name, retention := range o.namespaces() {
		if err := makeNamespace(s.store, name, retention); err != nil {
			return nil, release(err)
		}
	}
	s.stop = sync.OnceValue(s.shutdown)

	// The engine's start knows no context. When ours ends first, the rest goes on in the background and is undone.
	started := make(chan error, 1)
	go func() { started <- s.launch(port, pick) }()
	select {
	case err = <-started:
		if s.engine == nil {
			return nil, release(err)
		}
	case <-ctx.Done():
		go func() {
			err := <-started
			if s.engine == nil {
				err = release(err)
			} else {
				err = errors.Join(err, s.stop())
			}
			if err != nil { // the caller has its answer already
				o.Logger.WarnContext(ctx, "中断的引擎启动未能完全撤销", "error", err)
			}
		}()
		return nil, fail(CodeNotReady, context.Cause(ctx), "引擎未能在限定时间内启动")
	}
	if err == nil {
		err = s.waitUntilServing(ctx, o.namespaces())
	}
	if err != nil {
		return nil, errors.Join(err, s.stop())
	}
	return s, nil
}

// launch builds and starts the engine. Between finding a free port and binding it another program may take it, so
// a taken port is answered with other ports, unless the caller asked for that very port.
func (s *Server) launch(port int, pick func(n, first int) ([]int, error)) error {
	for try := 1; ; try++ {
		ports, err := pick(len(temporal.DefaultServices), port)
		if err != nil {
			return fail(CodePort, err, "端口 %d 无法使用", port)
		}
		engine, err := buildEngine(s.store, ports, s.logger)
		if err == nil {
			s.engine = engine
			s.hostPort = net.JoinHostPort(loopback, strconv.Itoa(ports[0]))
			break
		}
		if !errors.Is(err, syscall.EADDRINUSE) {
			return fail(CodeStart, err, "引擎启动失败")
		}
		if try == portTries {
			return fail(CodePort, err, "连续 %d 次未能取得空闲端口", portTries)
		}
	}
	if err := s.engine.Start(); err != nil {
		return fail(CodeStart, err, "引擎启动失败")
	}
	return nil
}

// buildEngine turns the panic of a fatal log line into an error. The listeners are bound in this goroutine.
func buildEngine(store *config.SQL, ports []int, logger engineLogger) (engine temporal.Server, err error) {
	defer func() {
		if r := recover(); r != nil {
			fatal, ok := r.(*fatalError)
			if !ok {
				panic(r)
			}
			err = fatal
		}
	}()
	return newEngine(store, ports, logger)
}

func (s *Server) shutdown() error {
	s.logger.stopping.Store(true)
	done := make(chan error, 1)
	go func() { done <- s.engine.Stop() }()
	timer := time.NewTimer(s.limit)
	defer timer.Stop()
	select {
	case err := <-done:
		if err = errors.Join(err, s.data.settle(context.Background())); err != nil {
			err = fail(CodeStop, err, "引擎停止时出错")
		}
		return errors.Join(err, s.lock.release())
	case <-timer.C:
		// The engine may still write: giving the folder free now would let a second one in.
		return fail(CodeStopLate, nil, "引擎未能在 %s 内停止，数据目录在进程结束前保持锁定", s.limit)
	}
}
