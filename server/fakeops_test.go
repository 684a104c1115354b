package server

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"gongzhi/calendar"
	"gongzhi/ops"
	"gongzhi/procedure"
	"gongzhi/record"
)

// fakeOps is the list of incidents, the views and the sweeper in memory.
type fakeOps struct {
	mu        sync.Mutex
	units     func() []record.Unit
	incidents []ops.Incident
	history   map[string][]ops.Entry
	views     []ops.View
	runs      []ops.Run
	asked     ops.Filter // last
	swept     []string   // ids
	sweeping  func(ctx context.Context) error
	cures     fakeCures
	lots      fakeBatches
}

func newFakeOps(units func() []record.Unit) *fakeOps {
	return &fakeOps{units: units, history: map[string][]ops.Entry{}}
}

func (f *fakeOps) lock() func() { f.mu.Lock(); return f.mu.Unlock }

// add stocks an incident that nobody has acted on.
func (f *fakeOps) add(id string, kind ops.Kind, unit string, at time.Time, cases ...string) {
	defer f.lock()()
	i := ops.Incident{ID: id, Kind: kind, State: ops.Open, Version: 1, Opened: at, Seen: at, Times: 1, Count: len(cases), Finding: ops.Finding{
		Cause: id, Unit: unit, Since: at, Court: "区财政局", Sentence: procedure.Sentence{Text: "卡住了。"},
	}}
	for _, number := range cases {
		i.Cases = append(i.Cases, ops.Affected{Number: number, Title: "摸底登记"})
	}
	f.incidents = append(f.incidents, i)
	f.history[id] = []ops.Entry{{Incident: id, At: at, What: ops.Opened, Text: "卡住了。"}}
}

func (f *fakeOps) in(area, unit string) bool {
	return unit == "" || slices.ContainsFunc(f.units(), func(u record.Unit) bool { return u.Code == unit && strings.HasPrefix(u.Path, area) })
}

func bare(i ops.Incident) ops.Incident {
	i.Cases = nil
	return i
}

func (f *fakeOps) Incidents(_ context.Context, area string, filter ops.Filter) (record.Page[ops.Incident], error) {
	defer f.lock()()
	f.asked = filter
	var p record.Page[ops.Incident]
	for _, i := range f.incidents {
		holds := slices.ContainsFunc(i.Cases, func(a ops.Affected) bool { return a.Number == filter.Case })
		if f.in(area, i.Unit) && (filter.State == ops.All || i.State != ops.Resolved) && (filter.Kind == "" || filter.Kind == i.Kind) && (filter.Case == "" || holds) {
			p.Items = append(p.Items, bare(i))
		}
	}
	return p, nil
}

func (f *fakeOps) find(area, id string) (int, error) {
	i := slices.IndexFunc(f.incidents, func(i ops.Incident) bool { return i.ID == id && f.in(area, i.Unit) })
	if i < 0 {
		return 0, gone("incident")
	}
	return i, nil
}

func (f *fakeOps) Incident(_ context.Context, area, id string) (ops.Incident, error) {
	defer f.lock()()
	n, err := f.find(area, id)
	if err != nil {
		return ops.Incident{}, err
	}
	return bare(f.incidents[n]), nil
}

func (f *fakeOps) IncidentHistory(_ context.Context, id string) ([]ops.Entry, error) {
	defer f.lock()()
	return slices.Clone(f.history[id]), nil
}

func (f *fakeOps) IncidentCases(_ context.Context, _ record.Scope, id, _ string, _ int) (record.Page[ops.Affected], error) {
	defer f.lock()()
	for _, i := range f.incidents {
		if i.ID == id {
			return record.Page[ops.Affected]{Items: i.Cases}, nil
		}
	}
	return record.Page[ops.Affected]{}, nil
}

func (f *fakeOps) FirstCases(_ context.Context, _ record.Scope, ids []string, n int) (map[string][]ops.Affected, error) {
	defer f.lock()()
	first := map[string][]ops.Affected{}
	for _, i := range f.incidents {
		if slices.Contains(ids, i.ID) {
			first[i.ID] = i.Cases[:min(n, len(i.Cases))]
		}
	}
	return first, nil
}

func (f *fakeOps) IncidentCounts(_ context.Context, area string, today calendar.Date) (ops.Counts, error) {
	defer f.lock()()
	c := ops.Counts{Trend: []ops.DayCount{{Day: today.String()}}}
	for _, i := range f.incidents {
		if f.in(area, i.Unit) {
			c.Total++
		}
	}
	return c, nil
}

func (f *fakeOps) Runs(context.Context) ([]ops.Run, error) {
	defer f.lock()()
	return slices.Clone(f.runs), nil
}

func (f *fakeOps) ActOnIncident(_ context.Context, area, id string, a ops.Act) (ops.Incident, error) {
	defer f.lock()()
	n, err := f.find(area, id)
	if err != nil {
		return ops.Incident{}, err
	}
	c, err := f.incidents[n].Act(a, f.history[id][len(f.history[id])-1])
	if err != nil {
		return ops.Incident{}, err
	}
	f.incidents[n] = c.Incident
	f.history[id] = append(f.history[id], c.History...)
	return bare(c.Incident), nil
}

func (f *fakeOps) Views(_ context.Context, user, page string) ([]ops.View, error) {
	defer f.lock()()
	var list []ops.View
	for _, v := range f.views {
		if v.User == user && (page == "" || v.Page == page) {
			list = append(list, v)
		}
	}
	return list, nil
}

func (f *fakeOps) View(_ context.Context, id string) (ops.View, error) {
	defer f.lock()()
	for _, v := range f.views {
		if v.ID == id {
			return v, nil
		}
	}
	return ops.View{}, gone("view")
}

func (f *fakeOps) SaveView(_ context.Context, v ops.View) (ops.View, error) {
	defer f.lock()()
	i := slices.IndexFunc(f.views, func(o ops.View) bool { return o.ID == v.ID })
	switch {
	case i < 0:
		f.views = append(f.views, v)
	case f.views[i].User != v.User:
		return v, gone("view")
	default:
		f.views[i] = v
	}
	return v, nil
}

func (f *fakeOps) DeleteView(_ context.Context, user, id string) error {
	defer f.lock()()
	n := len(f.views)
	f.views = slices.DeleteFunc(f.views, func(v ops.View) bool { return v.ID == id && v.User == user })
	if len(f.views) == n {
		return gone("view")
	}
	return nil
}

func (f *fakeOps) Sweep(ctx context.Context, id string) error {
	f.mu.Lock()
	f.swept = append(f.swept, id)
	wait := f.sweeping
	f.mu.Unlock()
	if wait == nil {
		return nil
	}
	return wait(ctx)
}
