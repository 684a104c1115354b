package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"gongzhi/activities"
	"gongzhi/calendar"
	"gongzhi/notify"
	"gongzhi/procedure"
	"gongzhi/record"
)

// mostLate is how late the last of 10,000 reminders of one minute may be.
const mostLate = time.Minute

// reminders measures very many deadlines in the same moment.
func reminders(ctx context.Context, b *bench) error {
	fmt.Fprintf(b.out, `%d cases of 社区工作准入, each a real workflow, each with the timer of its yellow card in the minute of 09:00 of the same day, at
the second that the product gives its number. Their clock runs at the real speed; it is only set so that this 09:00 comes some minutes
from now. The formal review has 1 working day instead of 3, so that the yellow card is the next thing to happen. One worker. Cases are
stored and sent to the engine as the API does it, but not through HTTP. Late: from the case's own second until the reminder is read in
the record's feed, looked at every 100 ms.
`, b.deadlines)
	return b.onEach(ctx, "reminders", func(ctx context.Context, p *place) error {
		return p.starting(ctx, func(_ *shape, f *starter) error {
			r := &ladder{place: p, starter: f, due: map[string]bool{}, seen: map[string]int{}}
			return r.measure(ctx)
		})
	})
}

// ladder is the part of a run that one database has.
type ladder struct {
	*place
	*starter
	fires time.Time // the real moment of 09:00
	nine  time.Time // the same in the time of the cases

	mu      sync.Mutex
	due     map[string]bool // cases that are to be reminded
	setup   time.Duration
	missed  int            // not started before the moment
	seen    map[string]int // reminders by case
	early   int
	woken   sample // when the workflow woke up
	written sample // when the reminder was read in the feed
	since   sample // the same, from 09:00 on
	told    time.Duration
	peak    int // MiB
}

func (r *ladder) measure(ctx context.Context) error {
	last, err := r.store.LastChange(ctx)
	if err != nil {
		return err
	}
	if err := r.setUp(ctx); err != nil {
		return err
	}
	forget := resetPeak()
	if err := r.listen(ctx, last); err != nil {
		return err
	}
	if err := eventually(ctx, 5*time.Minute, func() (bool, error) { return r.delivered(ctx) }); err != nil {
		return err
	}
	if r.peak = peak(); forget != nil {
		fmt.Fprintf(r.out, "the kernel does not measure peaks anew (%v): the peak of memory is that since the start\n", forget)
	}
	return r.print()
}

// setUp starts the cases. The first few, whose reminder is a day away, say how long the others will take.
func (r *ladder) setUp(ctx context.Context) error {
	began := time.Now()
	day, _ := r.maker.cal.AddWorkdays(calendar.DateOf(began), 1) // ahead of the real time: nothing is overdue for the rest of the product
	r.nine = day.Start().Add(9 * time.Hour)
	few := min(max(r.deadlines/20, 8), 300)
	err := r.begin(ctx, few, procedure.Clock{Since: began, At: r.nine.Add(time.Hour), Speed: 1}, time.Time{})
	if err != nil {
		return err
	}
	each := time.Since(began) / time.Duration(few)
	spare := 20 * time.Second
	if r.quick {
		spare = 3 * time.Second
	}
	began = time.Now()
	r.fires = began.Add(each*time.Duration(r.deadlines)*3/2 + spare)
	if err := r.begin(ctx, r.deadlines, procedure.Clock{Since: r.fires, At: r.nine, Speed: 1}, r.fires.Add(-time.Second)); err != nil {
		return err
	}
	r.setup, r.missed = time.Since(began), r.deadlines-len(r.due)
	if len(r.due) == 0 {
		return errors.New("no case was started in time")
	}
	return nil
}

// begin starts cases. Those that come too late for a moment are left out.
func (r *ladder) begin(ctx context.Context, n int, clock procedure.Clock, until time.Time) error {
	return r.together(ctx, n, func(ctx context.Context, _, _ int) error {
		if !until.IsZero() && time.Now().After(until) {
			return nil
		}
		number, err := r.start(ctx, clock, 1)
		if err == nil && !until.IsZero() {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.due[number] = true
		}
		return err
	})
}

// listen reads the feed until every case was reminded, and a while longer: nobody may be reminded twice.
func (r *ladder) listen(ctx context.Context, last int64) error {
	limit, tick := time.NewTimer(time.Until(r.fires)+5*time.Minute), time.NewTicker(100*time.Millisecond)
	defer limit.Stop()
	defer tick.Stop()
	var complete time.Time
	for complete.IsZero() || time.Since(complete) < 5*time.Second {
		changes, err := r.store.Changes(ctx, last, 5000)
		if err != nil {
			return err
		}
		r.note(changes, time.Now())
		if n := len(changes); n > 0 {
			last = changes[n-1].ID
			continue // there may be more
		}
		if complete.IsZero() && len(r.seen) == len(r.due) {
			complete = time.Now()
		}
		if !complete.IsZero() {
			if _, err := r.delivered(ctx); err != nil {
				return err
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-limit.C:
			return nil // what is missing is told
		case <-tick.C:
		}
	}
	return nil
}

func (r *ladder) note(changes []record.Change, now time.Time) {
	for _, c := range changes {
		if c.Type != procedure.TaskReminded || !r.due[c.Case] {
			continue
		}
		if r.seen[c.Case]++; r.seen[c.Case] > 1 {
			continue
		}
		own := momentOf(c.Case, r.nine)
		woken, written := c.At.Sub(own), now.Sub(r.fires)-own.Sub(r.nine)
		if woken < 0 || written < 0 {
			r.early++
		}
		r.woken, r.written, r.since = append(r.woken, woken), append(r.written, written), append(r.since, now.Sub(r.fires))
	}
}

// momentOf is when a case is to be reminded: at its own second of the minute of 09:00.
func momentOf(number string, nine time.Time) time.Time {
	return activities.Spread([]procedure.Alarm{{At: nine, Rung: procedure.RungYellow}}, number)[0].At
}

// delivered notes when the messages of all reminders lay in the boxes of those who hold the posts.
func (r *ladder) delivered(ctx context.Context) (bool, error) {
	now := time.Now()
	waiting, err := r.store.NotifyBacklog(ctx, notify.Tick{Engine: now, Case: now})
	if err == nil && waiting.Outbox == 0 && r.told == 0 {
		r.told = now.Sub(r.fires)
	}
	return r.told > 0, err
}

func (r *ladder) print() error {
	twice := 0
	for _, n := range r.seen {
		if n > 1 {
			twice++
		}
	}
	row := func(name string, s sample) []string {
		cells := []string{name, strconv.Itoa(len(s))}
		for _, percent := range []int{5, 25, 50, 75, 95, 100} {
			cells = append(cells, secs(s.at(percent)))
		}
		return cells
	}
	whole := r.early == 0 && twice == 0 && len(r.seen) == len(r.due) && r.missed == 0
	fmt.Fprintf(r.out, "%d cases started in %s; %d were not started in time and are left out\n",
		len(r.due), r.setup.Round(100*time.Millisecond), r.missed)
	fmt.Fprintf(r.out, "peak memory meanwhile: %d MiB, of bench, server, worker and engine in one process\n", r.peak)
	return r.table("seconds late|reminders|p5|p25|p50|p75|p95|last", [][]string{
		row("the workflow wakes up", r.woken), row("the reminder is on record", r.written),
		row("the same, seconds after 09:00", r.since),
		{"all messages lie in the boxes, after 09:00", "", "", "", "", "", "", secs(r.told)},
		{fmt.Sprintf("required: all once (%d missing, %d twice), none early (%d): %s", len(r.due)-len(r.seen), twice, r.early, verdict(whole))},
		{fmt.Sprintf("required: the last at most %s late: %s", mostLate, verdict(whole && r.written.at(100) <= mostLate))},
	})
}
