// Command bench prints the figures that the product is held to. Each is measured in one run on one machine, and what depends on
// the machine is a ratio to a bare workflow on the same engine. Nothing is asserted: the figure stands beside what is required of it.
//
//	make bench                      everything, more than an hour; -only chooses
//	go run ./test/bench -quick      a smoke run of two minutes; its figures mean little
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"gongzhi/app"
)

// options are the command line.
type options struct {
	only      string
	database  string
	cases     int
	decisions int
	clients   int
	seconds   int
	open      int
	starts    int
	casts     int
	ballots   int
	stuck     int
	closed    int
	deadlines int
	faults    int
	rest      time.Duration
	seed      uint64
	binary    string
	quick     bool
}

func parse(args []string) (options, error) {
	var o options
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.StringVar(&o.only, "only", "", "comma-separated figures: "+strings.Join(names(), ",")+" (default: all)")
	f.StringVar(&o.database, "database", "", "sqlite or postgresql, for figures that have both (default: both)")
	f.IntVar(&o.cases, "cases", 10_000, "cases in the database behind the pages, with 20 events each")
	f.IntVar(&o.decisions, "decisions", 1_000, "decisions to measure on each side")
	f.IntVar(&o.clients, "clients", 16, "clients that decide at the same time")
	f.IntVar(&o.seconds, "seconds", 60, "the longest a measured stretch of decisions may take")
	f.IntVar(&o.open, "open", 1_000, "open cases in the folder of gongzhi up")
	f.IntVar(&o.starts, "starts", 7, "starts of gongzhi up")
	f.IntVar(&o.casts, "casts", 20_000, "ballots to cast through the API, and on each bare side")
	f.IntVar(&o.ballots, "ballots", 1_000_000, "ballots to count, export and verify")
	f.IntVar(&o.stuck, "stuck", 100_000, "open cases behind the operators' pages, with 10 events each; SQLite has a tenth")
	f.IntVar(&o.closed, "closed", 100_000, "closed cases beside them; SQLite has a tenth")
	f.IntVar(&o.deadlines, "deadlines", 10_000, "deadlines in the same moment")
	f.IntVar(&o.faults, "faults", 3, "rounds of injected faults")
	f.DurationVar(&o.rest, "rest", time.Minute, "rest before memory is read")
	f.Uint64Var(&o.seed, "seed", 1, "of the invented cases")
	f.StringVar(&o.binary, "binary", "", "the program gongzhi (default: built from this checkout)")
	f.BoolVar(&o.quick, "quick", false, "a smoke run: few cases, short rests")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if o.quick {
		given := map[string]bool{}
		f.Visit(func(x *flag.Flag) { given[x.Name] = true })
		for name, value := range map[string]string{"cases": "60", "decisions": "40", "clients": "4", "open": "8", "starts": "2", "rest": "1s",
			"casts": "320", "ballots": "2000", "stuck": "400", "closed": "100", "deadlines": "24", "faults": "1"} {
			if !given[name] {
				if err := f.Set(name, value); err != nil {
					return o, err
				}
			}
		}
	}
	if o.cases < 1 || o.decisions < rounds || o.clients < 1 || o.seconds < 1 || o.open < 1 || o.starts < 1 ||
		o.casts < 1 || o.ballots < 1 || o.stuck < 40 || o.closed < 10 || o.deadlines < 1 || o.faults < 1 {
		return o, fmt.Errorf("every number must be at least 1, -decisions at least %d, -stuck 40, -closed 10", rounds)
	}
	if !slices.Contains([]string{"", "sqlite", "postgresql"}, o.database) {
		return o, fmt.Errorf("no database is called %q: there are sqlite and postgresql", o.database)
	}
	for _, name := range o.chosen() {
		if !slices.Contains(names(), name) {
			return o, fmt.Errorf("no figure is called %q: there are %s", name, strings.Join(names(), ", "))
		}
	}
	return o, nil
}

func (o options) chosen() []string {
	if o.only == "" {
		return names()
	}
	return strings.Split(o.only, ",")
}

// figure is one section of the report.
type figure struct {
	name, title string
	print       func(ctx context.Context, b *bench) error
}

func figures() []figure {
	return []figure{
		{"decisions", "Decisions through the API against a bare workflow on the same engine", decisions},
		{"steps", "History events of one human step", steps},
		{"pages", "Pages over a full database", pages},
		{"votes", "Ballots through the API against bare commits, and a vote of very many", votes},
		{"stuck", "What stands still among very many open cases", stuck},
		{"batches", "What would happen to the cases of the largest batch", batches},
		{"reminders", "Very many deadlines in the same minute", reminders},
		{"faults", "How long an injected fault stays unseen", faults},
		{"up", "gongzhi up on an existing folder", ups},
	}
}

func names() []string {
	var out []string
	for _, f := range figures() {
		out = append(out, f.name)
	}
	return out
}

// bench is one run.
type bench struct {
	options
	out io.Writer
	dir string // temporary, removed at the end
	log *warnings
	pg  *postgres // nil when this machine has none
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	app.KeepMemory(ctx) // as the programs do
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) (err error) {
	o, err := parse(args)
	if err != nil {
		return err
	}
	b := &bench{options: o, out: out, log: newWarnings()}
	if b.dir, err = os.MkdirTemp("", "gongzhi-bench-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.dir)) }()
	pg, why, err := openPostgres(ctx)
	if err != nil {
		return err
	}
	if b.pg = pg; pg != nil {
		defer func() { err = errors.Join(err, pg.close()) }()
	}
	began := time.Now()
	b.head(ctx, args, why)
	for _, f := range figures() {
		if !slices.Contains(o.chosen(), f.name) {
			continue
		}
		fmt.Fprintf(out, "\n== %s: %s\n", f.name, f.title)
		if err := f.print(ctx, b); err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
	}
	fmt.Fprintf(out, "\ntook %s; %s\n", time.Since(began).Round(time.Second), b.log)
	return nil
}

// folder makes a folder for one purpose.
func (b *bench) folder(name string) (string, error) {
	dir := filepath.Join(b.dir, name)
	return dir, os.MkdirAll(dir, 0o700)
}
