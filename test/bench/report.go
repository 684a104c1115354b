package main

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"text/tabwriter"
	"time"
)

// head prints what is needed to repeat the run and to judge its numbers.
func (b *bench) head(ctx context.Context, args []string, noPostgres string) {
	fmt.Fprintf(b.out, "gongzhi bench, %s\n", time.Now().Format("2006-01-02 15:04 -07:00"))
	fmt.Fprintf(b.out, "repeat:   %s\n", strings.TrimSpace("go run ./test/bench "+strings.Join(args, " ")))
	fmt.Fprintf(b.out, "seed:     %d\n", b.seed)
	fmt.Fprintf(b.out, "machine:  %d × %s, %s, %s/%s, kernel %s\n", runtime.NumCPU(), fact("/proc/cpuinfo", "model name"),
		fact("/proc/meminfo", "MemTotal"), runtime.GOOS, runtime.GOARCH, firstLine("/proc/sys/kernel/osrelease"))
	fmt.Fprintf(b.out, "load:     %s (before the run)\n", firstLine("/proc/loadavg"))
	fmt.Fprintf(b.out, "disk:     %s on %s\n", b.dir, filesystem(b.dir))
	fmt.Fprintf(b.out, "software: %s, PostgreSQL %s\n", runtime.Version(), b.pg.version(ctx, noPostgres))
	if b.quick {
		fmt.Fprintln(b.out, "-quick:   a smoke run, its figures mean little")
	}
}

// table prints rows under a head, in columns.
func (b *bench) table(head string, rows [][]string) error {
	w := tabwriter.NewWriter(b.out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, strings.ReplaceAll(head, "|", "\t"))
	for _, row := range rows {
		fmt.Fprintln(w, strings.Join(row, "\t"))
	}
	return w.Flush()
}

// verdict says whether a figure meets what is required.
func verdict(ok bool) string {
	if ok {
		return "meets"
	}
	return "misses"
}

// fact finds «name: value» in a file of the kernel.
func fact(path, name string) string {
	f, err := os.Open(path)
	if err != nil {
		return "unknown"
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		key, value, ok := strings.Cut(lines.Text(), ":")
		if ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}

func firstLine(path string) string {
	content, err := os.ReadFile(path)
	if err != nil {
		return "unknown"
	}
	line, _, _ := strings.Cut(string(content), "\n")
	return line
}

// filesystem names the kind of file system below a folder: a commit costs nothing on one that lives in memory.
func filesystem(dir string) string {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return "unknown"
	}
	known := map[int64]string{0xEF53: "ext4", 0x01021994: "tmpfs (memory)", 0x794C7630: "overlayfs", 0x58465342: "xfs", 0x9123683E: "btrfs"}
	if name, ok := known[int64(s.Type)]; ok {
		return name
	}
	return fmt.Sprintf("file system %#x", s.Type)
}

// sample is a set of durations.
type sample []time.Duration

// at is the smallest duration that is not exceeded by the given share of the sample, in percent.
func (s sample) at(percent int) time.Duration {
	if len(s) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(s))
	i := (len(sorted)*percent + 99) / 100
	return sorted[min(max(i, 1), len(sorted))-1]
}

// ms writes a duration in milliseconds.
func ms(d time.Duration) string { return fmt.Sprintf("%.1f", d.Seconds()*1000) }

// warnings is the log of the programs under test: every line is written, as in production, but to nowhere; warnings are counted
// and the first of each kind is told at the end.
type warnings struct {
	slog.Handler
	seen *seen
}

type seen struct {
	mu    sync.Mutex
	order []string
	count map[string]int
}

type nowhere struct{}

func (nowhere) Write(p []byte) (int, error) { return len(p), nil }

func newWarnings() *warnings {
	return &warnings{slog.NewTextHandler(nowhere{}, &slog.HandlerOptions{Level: slog.LevelInfo}), &seen{count: map[string]int{}}}
}

// Handle implements slog.Handler.
func (w *warnings) Handle(ctx context.Context, r slog.Record) error {
	if r.Level >= slog.LevelWarn {
		text := r.Message
		r.Attrs(func(a slog.Attr) bool {
			if strings.EqualFold(a.Key, "error") {
				text += ": " + a.Value.String()
			}
			return true
		})
		w.seen.add(text)
	}
	return w.Handler.Handle(ctx, r)
}

// WithAttrs implements slog.Handler.
func (w *warnings) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &warnings{w.Handler.WithAttrs(attrs), w.seen}
}

// WithGroup implements slog.Handler.
func (w *warnings) WithGroup(name string) slog.Handler {
	return &warnings{w.Handler.WithGroup(name), w.seen}
}

func (s *seen) add(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.count[text]++; s.count[text] == 1 && len(s.order) < 10 {
		s.order = append(s.order, text)
	}
}

// String tells what the programs complained about.
func (w *warnings) String() string {
	w.seen.mu.Lock()
	defer w.seen.mu.Unlock()
	if len(w.seen.order) == 0 {
		return "the programs logged no warning"
	}
	out := "warnings logged by the programs:"
	for _, text := range w.seen.order {
		out += fmt.Sprintf("\n  %d × %s", w.seen.count[text], text)
	}
	return out
}
