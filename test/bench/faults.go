package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.temporal.io/sdk/client"

	"gongzhi/calendar"
	"gongzhi/demo"
	"gongzhi/engine"
	"gongzhi/ops"
	"gongzhi/procedure"
	"gongzhi/procedure/refusal"
	"gongzhi/record"
	"gongzhi/server"
)

// What is required of an injected fault, and how long one is waited for.
const (
	mostUnseen = 90 * time.Second
	lookedFor  = 4 * time.Minute
)

// fault is something that is broken for one case.
type fault struct {
	name    string
	kind    ops.Kind
	patient bool // it counts only once it has lasted a while
	prepare func(x *breaker, ctx context.Context) (number string, err error)
	inject  func(x *breaker, ctx context.Context, number string) error
}

// injected are the faults that are tried, all of each round at once.
var injected = []fault{
	{"a person is late: a deadline in the past", ops.Overdue, false, (*breaker).nothing, (*breaker).lateCase},
	{"the only holder leaves a post", ops.Unmanned, false, (*breaker).manned, (*breaker).leave},
	{"the worker does not know the workflow", ops.Code, false, (*breaker).sound, (*breaker).unknown},
	{"the database refuses to record a reminder", ops.Retrying, true, (*breaker).sound, (*breaker).refuse},
	{"a workflow is ended with the engine's tools", ops.Disagree, true, (*breaker).sound, (*breaker).terminate},
	{"the rows of two cases are lost", ops.Disagree, true, (*breaker).sound, (*breaker).lose},
}

// faults measures how long a fault stays unseen.
func faults(ctx context.Context, b *bench) error {
	fmt.Fprintf(b.out, `Each fault is made for real, on a case of its own, and then GET /incidents is asked twice a second until it names the case.
Nobody asks for a sweep: they come each minute, so half a minute is luck. %d rounds; the first begins right after a sweep, which is the
worst moment, the others at other times of the minute. Two rows are lost for one workflow that is ended: engine and record are compared case
by case only where they count differently, and as many of one kind as of the other would not be seen.
`, b.faults)
	if b.quick {
		fmt.Fprintln(b.out, "-quick: sweeps are asked for, and only faults that count at once are made")
	}
	return b.onEach(ctx, "faults", func(ctx context.Context, p *place) error {
		return p.starting(ctx, func(s *shape, f *starter) error {
			x := &breaker{place: p, starter: f, shape: s, posts: map[string]string{}}
			return x.measure(ctx)
		})
	})
}

// breaker is the part of a run that one database has.
type breaker struct {
	*place
	*starter
	shape    *shape
	raw      *rawDB
	operator *user
	admin    *user
	director *user
	posts    map[string]string // of cases whose post will be vacant
	done     []broken
	made     int    // departments so far
	last     string // the case that was started last
}

// broken is one fault that was made.
type broken struct {
	fault
	round  int
	number string
	at     time.Time
	took   time.Duration // until it was on the list; 0: not in time
}

func (x *breaker) measure(ctx context.Context) (err error) {
	if x.raw, err = openRaw(x.address, 2); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, x.raw.Close()) }()
	for login, into := range map[string]**user{"ops.bai": &x.operator, "admin.shui": &x.admin, "sq0101.tao": &x.director} {
		if *into, err = signIn(ctx, x.shape.base, login); err != nil {
			return err
		}
		defer (*into).close()
	}
	for round := range x.faults {
		if err := x.round(ctx, round); err != nil {
			return err
		}
	}
	if x.split && !x.quick {
		if err := x.desert(ctx); err != nil {
			return err
		}
	}
	return x.print()
}

// round makes every fault once and waits until all are on the list.
func (x *breaker) round(ctx context.Context, round int) error {
	list := injected
	if x.quick {
		list = slices.DeleteFunc(slices.Clone(list), func(f fault) bool { return f.patient })
	}
	all := make([]broken, len(list))
	for i, f := range list {
		number, err := f.prepare(x, ctx)
		if err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
		all[i] = broken{fault: f, round: round + 1, number: number}
	}
	if err := x.moment(ctx, round); err != nil {
		return err
	}
	for i := range all {
		if err := all[i].inject(x, ctx, all[i].number); err != nil {
			return fmt.Errorf("%s: %w", all[i].name, err)
		}
		all[i].at = time.Now()
		if all[i].number == "" {
			all[i].number = x.last
		}
	}
	if err := x.wait(ctx, all); err != nil {
		return err
	}
	x.done = append(x.done, all...)
	return x.mend(ctx)
}

// moment waits for the end of a sweep, and then for a part of the minute that is another one in each round.
func (x *breaker) moment(ctx context.Context, round int) error {
	if x.quick {
		return nil
	}
	began := time.Now()
	err := eventually(ctx, 3*time.Minute, func() (bool, error) {
		runs, err := x.store.Runs(ctx)
		return slices.ContainsFunc(runs, func(r ops.Run) bool { return r.Kind == ops.Sweeping && r.At.After(began) }), err
	})
	if err != nil {
		return err
	}
	wait := time.NewTimer(time.Duration(round) * time.Minute / time.Duration(x.faults))
	defer wait.Stop()
	select {
	case <-wait.C:
	case <-ctx.Done():
	}
	return ctx.Err()
}

// wait looks at the list until every fault is on it.
func (x *breaker) wait(ctx context.Context, all []broken) error {
	limit, tick := time.Now().Add(lookedFor), time.NewTicker(500*time.Millisecond)
	defer tick.Stop()
	for time.Now().Before(limit) {
		if x.quick {
			if _, err := x.operator.call(ctx, "POST", "/incidents/sweep", map[string]any{}, nil); err != nil {
				return err
			}
		}
		open := 0
		for i := range all {
			seen, err := x.listed(ctx, &all[i])
			if err != nil {
				return err
			}
			if !seen {
				open++
			}
		}
		if open == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
	return nil
}

func (x *breaker) listed(ctx context.Context, f *broken) (bool, error) {
	if f.took > 0 {
		return true, nil
	}
	path := "/incidents?limit=1&kind=" + string(f.kind)
	switch {
	case f.kind == ops.Disagree: // where the row is lost, only the cause names the case
		path += "&text=" + url.QueryEscape(f.number)
	case f.number != "":
		path += "&case=" + url.QueryEscape(f.number)
	}
	var list record.Page[server.IncidentView]
	if err := x.operator.get(ctx, path, &list); err != nil || len(list.Items) == 0 {
		return false, err
	}
	f.took = time.Since(f.at)
	return true, nil
}

func (x *breaker) nothing(context.Context) (string, error) { return "", nil }

// now is a case's time when it is the real one.
func now() procedure.Clock {
	t := time.Now()
	return procedure.Clock{Since: t, At: t, Speed: 1}
}

func (x *breaker) sound(ctx context.Context) (string, error) { return x.start(ctx, now(), 0) }

// lateCase starts a case ten days ago in its own time: its formal review is overdue from the first moment.
func (x *breaker) lateCase(ctx context.Context, _ string) (err error) {
	clock := now()
	clock.At = clock.At.AddDate(0, 0, -10)
	x.last, err = x.start(ctx, clock, 0)
	return err
}

// manned makes a department with one clerk, and a case that waits for him.
func (x *breaker) manned(ctx context.Context) (string, error) {
	x.made++
	code, clerk := fmt.Sprintf("XW-F%d", x.made), fmt.Sprintf("fault.%d", x.made)
	err := x.store.SaveUnit(ctx, record.Unit{Code: code, Name: "示例局" + strconv.Itoa(x.made), Level: procedure.Department,
		District: demo.District, Parent: demo.District, Path: "/YT/XW/" + code + "/"})
	if err != nil {
		return "", err
	}
	seat := seatOf(code, "", procedure.DepartmentClerk)
	a := &area{actors: map[procedure.Holder]procedure.Actor{seat: {User: clerk, Name: "示例-" + clerk}}}
	if err := a.man(ctx, x.store, func(procedure.Holder) bool { return true }); err != nil {
		return "", err
	}
	number, err := x.director.file(ctx, refusal.Kind, refusal.Form{Matter: "替网点张贴海报", Department: code,
		Demanded: calendar.DateOf(time.Now()).String(), Reason: refusal.OffList})
	x.posts[number] = clerk // of the same name
	return number, err
}

func (x *breaker) leave(ctx context.Context, number string) error {
	_, err := x.admin.call(ctx, "DELETE", "/posts/"+x.posts[number], nil, nil)
	return err
}

// unknown puts a workflow in the place of a case's that no worker knows: a deployment without one of its procedures.
func (x *breaker) unknown(ctx context.Context, number string) error {
	if err := x.terminate(ctx, number); err != nil {
		return err
	}
	o := client.StartWorkflowOptions{ID: procedure.WorkflowID(number), TaskQueue: engine.TaskQueue}
	_, err := x.client.ExecuteWorkflow(ctx, o, "gone")
	return err
}

// refuse has the database refuse what the case records, and lets ten days of its time go by: reminders are to be recorded.
func (x *breaker) refuse(ctx context.Context, number string) error {
	text := `CREATE TRIGGER bench_refuses BEFORE INSERT ON events WHEN NEW.case_number = '%s'
		BEGIN SELECT RAISE(ABORT, 'no space left on device'); END`
	if x.split {
		text = `CREATE OR REPLACE FUNCTION bench_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
				BEGIN RAISE 'no space left on device'; END $$;
			CREATE TRIGGER bench_refuses BEFORE INSERT ON events FOR EACH ROW WHEN (NEW.case_number = '%s')
				EXECUTE FUNCTION bench_refuses()`
	}
	if _, err := x.raw.ExecContext(ctx, fmt.Sprintf(text, number)); err != nil {
		return err
	}
	clock := now()
	clock.At = clock.At.AddDate(0, 0, 10)
	return x.engine.Tell(ctx, []string{number}, procedure.ClockSignal, clock)
}

// mend takes away what would be in the way of the next round.
func (x *breaker) mend(ctx context.Context) error {
	text := "DROP TRIGGER IF EXISTS bench_refuses"
	if x.split {
		text += " ON events"
	}
	_, err := x.raw.ExecContext(ctx, text)
	return err
}

func (x *breaker) terminate(ctx context.Context, number string) error {
	return x.client.TerminateWorkflow(ctx, procedure.WorkflowID(number), "", "bench")
}

func (x *breaker) lose(ctx context.Context, number string) error {
	other, err := x.sound(ctx)
	if err != nil {
		return err
	}
	_, err = x.raw.ExecContext(ctx, fmt.Sprintf("DELETE FROM cases WHERE number IN (%s1, %s2)", x.raw.mark, x.raw.mark), number, other)
	return err
}

// desert stops the only worker, which also carries the sweeps.
func (x *breaker) desert(ctx context.Context) error {
	last := len(x.shape.apps) - 1
	if err := x.shape.apps[last].Close(); err != nil {
		return err
	}
	x.shape.apps = x.shape.apps[:last]
	one := []broken{{fault: fault{name: "the only worker stops, and with it the sweeps", kind: ops.NoWorker}, round: 1, at: time.Now()}}
	err := x.wait(ctx, one)
	x.done = append(x.done, one...)
	return err
}

func (x *breaker) print() error {
	var rows [][]string
	worst, unseen := time.Duration(0), 0
	names := map[string][]string{}
	var order []fault
	for _, d := range x.done {
		if names[d.name] == nil {
			order = append(order, d.fault)
		}
		text := "not in " + lookedFor.String()
		if d.took > 0 {
			text = fmt.Sprintf("%.1f", d.took.Seconds())
		} else {
			unseen++
		}
		names[d.name] = append(names[d.name], text)
		worst = max(worst, d.took)
	}
	for _, f := range order {
		rows = append(rows, []string{f.name, string(f.kind), strings.Join(names[f.name], ", ")})
	}
	rows = append(rows, []string{"the worst", "", fmt.Sprintf("%.1f", worst.Seconds()),
		fmt.Sprintf("≤ %.0f, all seen: %s", mostUnseen.Seconds(), verdict(unseen == 0 && worst <= mostUnseen))})
	return x.table("fault|kind|seconds until it is on the list, by round|required", rows)
}
