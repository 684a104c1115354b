package telemetry

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Gauge is a measure that is read when somebody asks for it.
type Gauge struct {
	Name, Help string
	Label      string // the name of its one label; empty: none
}

// Source is where gauges are read: the database, the engine.
type Source struct {
	Name   string
	Gauges []Gauge
	// Read says what the gauges are now. Several programs may be asked every few seconds each: it costs a few short queries and does
	// not grow with the number of cases.
	Read func(ctx context.Context, say func(name, label string, value float64)) error
}

// What was read stays true for freshFor; a source that does not answer within readWithin is down, and its gauges are absent: an old
// number would look like a good one.
const (
	freshFor   = 10 * time.Second
	readWithin = 3 * time.Second
)

var sourceUp = prometheus.NewDesc("gongzhi_source_up", "1 if the gauges of a source could be read.", []string{"source"}, nil)

// Watch shows the gauges of a source. now is the clock by which readings age.
func (m *Measures) Watch(s Source, now func() time.Time) error {
	w := &watched{source: s, now: now, descs: map[string]*prometheus.Desc{}}
	for _, g := range s.Gauges {
		var labels []string
		if g.Label != "" {
			labels = []string{g.Label}
		}
		w.descs[g.Name] = prometheus.NewDesc(g.Name, g.Help, labels, nil)
	}
	return m.registry.Register(w)
}

type watched struct {
	source Source
	now    func() time.Time
	descs  map[string]*prometheus.Desc

	mu   sync.Mutex
	read time.Time
	last []prometheus.Metric
}

// Describe implements prometheus.Collector.
func (w *watched) Describe(to chan<- *prometheus.Desc) {
	for _, d := range w.descs {
		to <- d
	}
}

// Collect implements prometheus.Collector.
func (w *watched) Collect(to chan<- prometheus.Metric) {
	for _, m := range w.readings() {
		to <- m
	}
}

func (w *watched) readings() []prometheus.Metric {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.now()
	if age := now.Sub(w.read); w.last != nil && age >= 0 && age < freshFor {
		return w.last
	}
	ctx, cancel := context.WithTimeout(context.Background(), readWithin)
	defer cancel()
	var list []prometheus.Metric
	up := 1.0
	err := w.source.Read(ctx, func(name, label string, value float64) {
		d := w.descs[name]
		var labels []string
		if label != "" {
			labels = []string{label}
		}
		m, err := prometheus.NewConstMetric(d, prometheus.GaugeValue, value, labels...)
		if err != nil {
			m = prometheus.NewInvalidMetric(d, err)
		}
		list = append(list, m)
	})
	if err != nil {
		list, up = nil, 0
	}
	w.last = append(list, prometheus.MustNewConstMetric(sourceUp, prometheus.GaugeValue, up, w.source.Name))
	w.read = now
	return w.last
}
