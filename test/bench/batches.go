package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"time"

	"gongzhi/ops"
	"gongzhi/server"
	"gongzhi/store"
)

// mostRehearsal is how long somebody may wait to read what would happen to as many cases as a batch may have.
const mostRehearsal = 5 * time.Second

// inBatch is how many cases a batch may have; rehearsals of a tenth show how the time grows.
const inBatch = 1000

// rehearsals are orders that ask the database for different things.
var rehearsals = []struct {
	name string
	body map[string]any
}{
	{"urge a task", map[string]any{"remedy": ops.Urge}},
	{"extend a task and its clock", map[string]any{"remedy": ops.Extend, "days": 1}},
	{"give a task to a person", map[string]any{"remedy": ops.Reassign, "target": map[string]string{"unit": "XW-SGB", "user": "office.xu"}}},
	{"suspend the case", map[string]any{"remedy": ops.Suspend}},
}

// batches measures the rehearsal of the largest batch: one request, which checks every case as it is checked when it is done.
func batches(ctx context.Context, b *bench) error {
	fmt.Fprintln(b.out, "POST /batches for all open cases, which wait for their formal review: the one request chooses them, rehearses\neach and keeps the batch.")
	return b.onEach(ctx, "batches", func(ctx context.Context, p *place) error {
		many := min(inBatch, p.stuck)
		few := max(many/10, 1)
		small, err := p.rehearsed(ctx, few, few)
		if err != nil {
			return err
		}
		large, err := p.rehearsed(ctx, many-few, many)
		if err != nil {
			return err
		}
		var rows [][]string
		for i, r := range rehearsals {
			of, worst := large[i].at(50), large[i].at(100)
			rows = append(rows, []string{r.name, ms(small[i].at(50)), ms(of), ms(worst), ms(of / time.Duration(many)),
				fmt.Sprintf("%.1f", of.Seconds()/small[i].at(50).Seconds()), verdict(worst < mostRehearsal)})
		}
		return p.table(fmt.Sprintf("rehearsal|%d cases: p50 ms|%d cases: p50 ms|max ms|a case ms|ratio|max < %s", few, many, mostRehearsal), rows)
	})
}

// rehearsed loads more open cases, so that there are all of them, and rehearses each order.
func (p *place) rehearsed(ctx context.Context, more, all int) (took []sample, err error) {
	if err := p.stored(ctx, func(s *store.Store) error { return p.loadReviews(ctx, s, more, all-more) }); err != nil {
		return nil, err
	}
	err = p.running(ctx, func(s *shape) error {
		u, err := signIn(ctx, s.base, "ops.bai")
		if err != nil {
			return err
		}
		defer u.close()
		for _, r := range rehearsals {
			one, err := u.rehearse(ctx, r.body, all, p.quick)
			if err != nil {
				return fmt.Errorf("%s: %w", r.name, err)
			}
			took = append(took, one)
		}
		return nil
	})
	return took, err
}

// loadReviews puts open cases into 星梧区, beside those that are there.
func (p *place) loadReviews(ctx context.Context, s *store.Store, n, there int) (err error) {
	first, err := demoArea(ctx, s)
	if err != nil {
		return err
	}
	cal, err := s.Calendar(ctx, "")
	if err != nil {
		return err
	}
	m, err := newMaker(time.Now(), cal)
	if err != nil {
		return err
	}
	raw, err := openRaw(p.address, 4)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, raw.Close()) }()
	l := &loader{maker: m, store: s, raw: raw, areas: []*area{first, first}, last: map[[2]string]int{}, n: there}
	if there > 0 { // their numbers are taken
		for _, year := range []int{time.Now().Year() - 1, time.Now().Year()} {
			l.last[[2]string{first.code, fmt.Sprint(year)}] = ownNumbers + there
		}
	}
	if _, err := l.load(ctx, p.bench, n, func(int, int) fate { return reviewed }); err != nil {
		return err
	}
	return analyse(ctx, p.address)
}

// rehearse has a batch made of all open cases, some times over.
func (u *user) rehearse(ctx context.Context, order map[string]any, all int, quick bool) (took sample, err error) {
	body := map[string]any{"reason": "预演", "cases": map[string]any{"kind": "admission"}}
	maps.Copy(body, order)
	repeat := 5
	if quick {
		repeat = 1
	}
	for range repeat {
		var b server.BatchView
		began := time.Now()
		if _, err := u.call(ctx, http.MethodPost, "/batches", body, &b); err != nil {
			return nil, err
		}
		took = append(took, time.Since(began))
		if b.Counts.Planned != all {
			return nil, fmt.Errorf("of %d cases %+v", all, b.Counts)
		}
	}
	return took, nil
}
