package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gongzhi/notify"
	"gongzhi/ops"
	"gongzhi/record"
	"gongzhi/store"
)

// What is required over 100,000 open cases.
const (
	mostLook  = 200 * time.Millisecond
	mostSweep = 10 * time.Second
)

// begun is how many open cases have a workflow that exists.
const begun = 2_000

// stuck measures the operators' pages and the detectors over very many open cases.
func stuck(ctx context.Context, b *bench) error {
	fmt.Fprintf(b.out, `Open cases of 社区工作准入 with 10 events each. Of a thousand 50 are late, 5 have a clock that stands too long, 5 wait for
an outside body, 2 were sent back three times; one community has no director; 37 activities fail for one cause and 3 for others; 20
workflows fail. SQLite has a tenth of it. Closed cases are refused at the formal review: 8 events each; a fifth as many incidents are over.
The engine: %d of the open cases have a workflow that is open and waits for a timer; it is not the procedure's own, so nothing happens in
it. All other cases, open and closed, have a row in the engine's list of workflows, which is what the detectors ask; those workflows do
not exist. Messages of the invented events are not sent, but for 500.
`, min(begun, b.stuck))
	return b.onEach(ctx, "stuck", func(ctx context.Context, p *place) error {
		x := &standstill{place: p, open: b.stuck, closed: b.closed}
		if !p.split {
			x.open, x.closed = max(x.open/10, 1), max(x.closed/10, 1)
		}
		return x.measure(ctx)
	})
}

// standstill is the part of a run that one database has.
type standstill struct {
	*place
	open, closed int
	store        *store.Store
	raw          *rawDB
	loader       *loader
	numbers      []string // of the open cases
	over         []string // of the closed cases that were loaded last

	// While the product runs:
	engine   *idle
	operator *user
	first    time.Duration // of the sweep that the start causes
}

func (x *standstill) measure(ctx context.Context) error {
	return x.place.stored(ctx, func(s *store.Store) (err error) {
		x.store = s
		if x.raw, err = openRaw(x.address, 4); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, x.raw.Close()) }()
		if err := x.fill(ctx); err != nil {
			return err
		}
		if err := x.begin(ctx); err != nil {
			return err
		}
		var few, many, differing swept
		gone := x.real()[len(x.real())-min(5, len(x.numbers)/4):]
		err = x.watching(ctx, func(*shape) (err error) {
			few, err = x.sweeps(ctx, x.closed/10)
			return err
		})
		if err != nil {
			return err
		}
		if err := x.grow(ctx); err != nil {
			return err
		}
		err = x.watching(ctx, func(s *shape) (err error) {
			if many, err = x.sweeps(ctx, x.closed); err != nil {
				return err
			}
			if err := x.pages(ctx, s); err != nil {
				return err
			}
			if err := x.engine.end(ctx, gone); err != nil {
				return err
			}
			differing, err = x.sweeps(ctx, x.closed)
			return err
		})
		if err != nil {
			return err
		}
		return x.printSweeps(few, many, differing, len(gone))
	})
}

// watching does work while the product runs and the first sweep, which its start causes, is over.
func (x *standstill) watching(ctx context.Context, work func(s *shape) error) error {
	began := time.Now()
	return x.running(ctx, func(s *shape) (err error) {
		if x.first, err = x.firstSweep(ctx, began); err != nil {
			return err
		}
		if x.engine, err = startIdle(s.engine, x.log); err != nil {
			return err
		}
		defer x.engine.close()
		if x.operator, err = signIn(ctx, s.base, "ops.bai"); err != nil {
			return err
		}
		defer x.operator.close()
		return work(s)
	})
}

// begin gives the engine a workflow for each open case.
func (x *standstill) begin(ctx context.Context) (err error) {
	began := time.Now()
	e, err := x.startEngine(ctx, x.dir)
	if err != nil {
		return err
	}
	defer func() {
		if e != nil {
			err = errors.Join(err, e.Stop())
		}
	}()
	i, err := startIdle(e, x.log)
	if err != nil {
		return err
	}
	err = i.begin(ctx, x.real(), min(20, len(x.numbers)/4))
	i.close()
	if err = errors.Join(err, e.Stop()); err != nil {
		return err
	}
	e = nil
	if err := list(ctx, x.dir, listRunning, x.numbers[len(x.real()):]); err != nil {
		return err
	}
	if err := list(ctx, x.dir, listDone, x.over); err != nil {
		return err
	}
	fmt.Fprintf(x.out, "%d workflows begun, the others listed, in %s\n", len(x.real()), time.Since(began).Round(100*time.Millisecond))
	return nil
}

// real are the open cases whose workflow exists.
func (x *standstill) real() []string { return x.numbers[:min(begun, len(x.numbers))] }

// grow makes closed cases ten times as many.
func (x *standstill) grow(ctx context.Context) error {
	if err := x.close(ctx, x.closed-x.closed/10); err != nil {
		return err
	}
	if err := list(ctx, x.dir, listDone, x.over); err != nil {
		return err
	}
	return x.vacuum(ctx)
}

// fill loads the cases and the troubles that are not theirs.
func (x *standstill) fill(ctx context.Context) error {
	m, areas, err := x.world(ctx, x.store)
	if err != nil {
		return err
	}
	if err := areas[1].manRest(ctx, x.store); err != nil {
		return err
	}
	if _, err := x.raw.ExecContext(ctx, "UPDATE posts SET to_day = '2026-01-31' WHERE user_id = 'sq0202.zou'"); err != nil {
		return err
	}
	x.loader = &loader{maker: m, store: x.store, raw: x.raw, areas: areas, last: map[[2]string]int{}}
	open, err := x.loader.load(ctx, x.bench, x.open, func(i, events int) fate { return fateOf(i, events < eventsOpen*i) })
	if err != nil {
		return err
	}
	x.numbers = open.numbers
	fmt.Fprintf(x.out, "%d open cases with %d events, loaded in %s\n", x.open, open.events, open.took.Round(100*time.Millisecond))
	if err := x.close(ctx, x.closed/10); err != nil {
		return err
	}
	if err := x.repeatFaults(ctx); err != nil {
		return err
	}
	if err := x.undelivered(ctx); err != nil {
		return err
	}
	return x.vacuum(ctx)
}

// vacuum does for PostgreSQL what a server in use does by itself; the one of the tests has that switched off.
func (x *standstill) vacuum(ctx context.Context) error {
	if !x.split {
		return nil
	}
	_, err := x.raw.ExecContext(ctx, "VACUUM ANALYZE")
	return err
}

// eventsOpen is the average number of events of an open case behind the operators' pages.
const eventsOpen = 10

// close loads closed cases, and incidents that are over.
func (x *standstill) close(ctx context.Context, n int) error {
	done, err := x.loader.load(ctx, x.bench, n, func(int, int) fate { return declined })
	if err != nil {
		return err
	}
	x.over = done.numbers
	fmt.Fprintf(x.out, "%d closed cases with %d events, loaded in %s\n", n, done.events, done.took.Round(100*time.Millisecond))
	now := time.Now()
	kinds := []ops.Kind{ops.Overdue, ops.Silent, ops.Unmanned, ops.Retrying}
	for k, kind := range kinds {
		run := ops.Run{Kind: kind, At: now}
		ended := func([]ops.Incident) []ops.Change { return past(kind, k, len(kinds), done.numbers[:n/5], now) }
		err := x.store.Fold(ctx, kind, now, run, ended)
		if err != nil {
			return err
		}
	}
	return nil
}

// past are incidents of a kind that are over: every so many of the cases had one.
func past(kind ops.Kind, first, step int, numbers []string, now time.Time) []ops.Change {
	var list []ops.Change
	for i := first; i < len(numbers); i += step {
		opened := now.AddDate(0, 0, -i%90).Add(-2 * time.Hour)
		ended := opened.Add(time.Hour)
		f := ops.Finding{Cause: numbers[i], Since: opened, Court: "区委社会工作部", Unit: "XW-SGB", Cases: []ops.Affected{{Number: numbers[i]}}}
		f.Sentence.Text = "区委社会工作部（准入办）超期 1 个工作日未办「形式审查」。"
		list = append(list, ops.Change{New: true, Found: true,
			Incident: ops.Incident{Kind: kind, State: ops.Resolved, Version: 2, Opened: opened, Seen: ended, Ended: &ended, How: "原因已消除",
				Times: 1, Count: 1, Finding: f},
			History: []ops.Entry{{At: opened, What: ops.Opened}, {At: ended, What: ops.Ended}}})
	}
	return list
}

// repeatFaults notes activities that fail, as their workers do.
func (x *standstill) repeatFaults(ctx context.Context) error {
	now := time.Now()
	for i := range min(40, len(x.numbers)) {
		text := "database is locked (5)"
		if i >= 37 {
			text = fmt.Sprintf("trouble %c", 'A'+i)
		}
		err := x.store.NoteFault(ctx, record.Fault{Case: x.numbers[i], Run: "r", Activity: "1", Type: "Record", Attempt: 9, Error: text,
			First: now.Add(-time.Hour), Last: now.Add(24 * time.Hour)}) // as if renewed all the time
		if err != nil {
			return err
		}
	}
	return nil
}

// undelivered lets 500 of the messages out, to somebody who wants them over a channel that is not set up. The others count as told.
func (x *standstill) undelivered(ctx context.Context) error {
	choice := notify.Usual()
	choice.Channels, choice.Address = []notify.Channel{notify.Mail}, "office@example.cn"
	if err := x.store.SaveNotifyChoice(ctx, "office.qian", choice); err != nil {
		return err
	}
	_, err := x.raw.ExecContext(ctx, `UPDATE outbox SET fanned = 1, told = 1 WHERE source NOT IN
		(SELECT source FROM outbox WHERE role = 'admission.office' AND unit = 'XW-SGB' ORDER BY source LIMIT 500)`)
	if err != nil {
		return err
	}
	now := time.Now()
	_, err = x.store.FanOut(ctx, notify.Tick{Engine: now, Case: now})
	return err
}
