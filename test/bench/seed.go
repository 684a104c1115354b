package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"gongzhi/demo"
	"gongzhi/procedure"
	"gongzhi/procedure/admission"
	"gongzhi/procedure/refusal"
	"gongzhi/record"
	"gongzhi/store"
)

// eventsEach is the average number of events of a case.
const eventsEach = 20

// seeded says what is in the database.
type seeded struct {
	cases, events, open int
	took                time.Duration
}

// seedCases fills a database through the store's own way in: StartCase for the filing, Append for the whole record of a case in
// one transaction. Six of ten cases are in 星梧区, one of seven is open.
func (b *bench) seedCases(ctx context.Context, s *store.Store) (seeded, error) {
	began := time.Now()
	m, areas, err := b.world(ctx, s)
	if err != nil {
		return seeded{}, err
	}
	plan, out, err := b.plan(m, areas)
	if err != nil {
		return out, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	const writers = 4 // SQLite has one; the others prepare what it writes next
	var next atomic.Int64
	var wait sync.WaitGroup
	for range writers {
		wait.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(plan) {
					return
				}
				if err := m.write(ctx, s, plan[i]); err != nil {
					cancel(err)
				}
			}
		})
	}
	wait.Wait()
	out.took = time.Since(began)
	return out, context.Cause(ctx)
}

// world makes the districts.
func (b *bench) world(ctx context.Context, s *store.Store) (*maker, []*area, error) {
	first, err := demoArea(ctx, s)
	if err != nil {
		return nil, nil, err
	}
	other, err := newArea(ctx, s)
	if err != nil {
		return nil, nil, err
	}
	cal, err := s.Calendar(ctx, "")
	if err != nil {
		return nil, nil, err
	}
	m, err := newMaker(time.Now(), cal)
	if err != nil {
		return nil, nil, err
	}
	return m, []*area{first, other}, publish(ctx, s)
}

// publish gives the district a year of list versions.
func publish(ctx context.Context, s *store.Store) error {
	list, err := s.List(ctx, demo.District, "")
	if err != nil {
		return err
	}
	for n := range 50 {
		list.Base, list.Version = list.Version, fmt.Sprintf("2026.%d", n+3)
		list.Why, list.Published = fmt.Sprintf("第 %d 次调整", n+1), list.Published.Add(24*time.Hour)
		list.Items = append(slices.Clone(list.Items), procedure.ListItem{No: fmt.Sprintf("A-%d", n+1), Title: "协助" + matters[n%len(matters)],
			Kind: "assist", Department: "示例局", Part: "协助", Frequency: "按次", Basis: "示例", Keywords: []string{matters[n%len(matters)]}})
		if err := s.ImportList(ctx, list); err != nil {
			return err
		}
	}
	return nil
}

// plan chooses kinds so that the cases have 20 events on average: it writes every case once to count them.
func (b *bench) plan(m *maker, areas []*area) ([]invented, seeded, error) {
	out := seeded{cases: b.cases}
	plan := make([]invented, b.cases)
	for i := range plan {
		c := invented{seed: b.seed, index: i, area: areas[0], kind: admission.Kind, open: i%7 == 0}
		if i%10 >= 6 {
			c.area = areas[1]
		}
		if out.events > eventsEach*i {
			c.kind = refusal.Kind
		}
		sc := m.script(c)
		in, err := sc.filing()
		if err != nil {
			return nil, out, err
		}
		in.Command.Filing.Case = "X"
		events, err := sc.record(in.Command, in.Title)
		if err != nil {
			return nil, out, err
		}
		plan[i] = c
		out.events += len(events)
		if c.open {
			out.open++
		}
	}
	return plan, out, nil
}

func (m *maker) write(ctx context.Context, s *store.Store, c invented) error {
	sc := m.script(c)
	in, err := sc.filing()
	if err != nil {
		return err
	}
	var filed record.Command
	if filed, _, err = s.StartCase(ctx, in); err != nil {
		return err
	}
	events, err := sc.record(filed, in.Title)
	if err != nil {
		return err
	}
	_, err = s.Append(ctx, filed.Case, events)
	return err
}
