package temporal

import (
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.temporal.io/sdk/client"
)

// Measures shows the measures of the engine's library under the names that its manual gives them: «temporal_request_total»,
// «temporal_request_latency_seconds».
func Measures(registry prometheus.Registerer) client.MetricsHandler {
	return handler{meters: &meters{registry: registry}}
}

// labels are those that every measure has. The library names others, or leaves some out: Prometheus wants them alike.
var labels = [...]string{
	"namespace", "task_queue", "workflow_type", "activity_type", "operation", "worker_type", "poller_type", "failure_reason", "status_code",
}

var labelOf = func() map[string]int {
	at := map[string]int{}
	for i, l := range labels {
		at[l] = i
	}
	return at
}()

// handler is a set of values for the labels. It is copied, not changed.
type handler struct {
	meters *meters
	values [len(labels)]string
}

// meters are the measures by their names: the library makes them up as it goes.
type meters struct {
	registry prometheus.Registerer
	byName   sync.Map
}

// latencyBuckets end with a long poll.
var latencyBuckets = []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60}

// WithTags implements client.MetricsHandler.
func (h handler) WithTags(tags map[string]string) client.MetricsHandler {
	for name, value := range tags {
		i, ok := labelOf[name]
		switch {
		case !ok:
			continue
		case value == "none":
			value = ""
		case name == "task_queue" && strings.Contains(value, ":"):
			value = "sticky" // the queue of one process has a random name
		}
		h.values[i] = value
	}
	return h
}

// vec finds or makes a measure. Two that make the same at once get the same.
func vec[V prometheus.Collector](m *meters, name string, make func() V) (V, bool) {
	if known, ok := m.byName.Load(name); ok {
		v, ok := known.(V)
		return v, ok
	}
	known, loaded := m.byName.LoadOrStore(name, make())
	v, ok := known.(V)
	if ok && !loaded {
		ok = m.registry.Register(v) == nil
	}
	return v, ok
}

// Counter implements client.MetricsHandler.
func (h handler) Counter(name string) client.MetricsCounter {
	name = strings.TrimSuffix(name, "_total") + "_total"
	v, ok := vec(h.meters, name, func() *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: "Of the engine's library."}, labels[:])
	})
	if !ok {
		return client.MetricsNopHandler.Counter(name)
	}
	return counter{v.WithLabelValues(h.values[:]...)}
}

// Gauge implements client.MetricsHandler.
func (h handler) Gauge(name string) client.MetricsGauge {
	v, ok := vec(h.meters, name, func() *prometheus.GaugeVec {
		return prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: name, Help: "Of the engine's library."}, labels[:])
	})
	if !ok {
		return client.MetricsNopHandler.Gauge(name)
	}
	return gauge{v.WithLabelValues(h.values[:]...)}
}

// Timer implements client.MetricsHandler.
func (h handler) Timer(name string) client.MetricsTimer {
	name += "_seconds"
	v, ok := vec(h.meters, name, func() *prometheus.HistogramVec {
		o := prometheus.HistogramOpts{Name: name, Help: "Of the engine's library.", Buckets: latencyBuckets}
		return prometheus.NewHistogramVec(o, labels[:])
	})
	if !ok {
		return client.MetricsNopHandler.Timer(name)
	}
	return timer{v.WithLabelValues(h.values[:]...)}
}

type (
	counter struct{ prometheus.Counter }
	gauge   struct{ prometheus.Gauge }
	timer   struct{ prometheus.Observer }
)

// Inc implements client.MetricsCounter.
func (c counter) Inc(n int64) { c.Add(float64(n)) }

// Update implements client.MetricsGauge.
func (g gauge) Update(v float64) { g.Set(v) }

// Record implements client.MetricsTimer.
func (t timer) Record(d time.Duration) { t.Observe(d.Seconds()) }
