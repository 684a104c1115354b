package telemetry

import (
	"database/sql"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Measures is what a program can be asked for by Prometheus. Labels come from closed sets: routes and not paths, kinds and not cases.
type Measures struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	took     *prometheus.HistogramVec
	lines    *prometheus.CounterVec
}

// requestBuckets are finest around 200 ms, in which a page must answer, and end with the time limit of a request.
var requestBuckets = []float64{.005, .01, .025, .05, .1, .15, .2, .3, .5, 1, 2.5, 5, 10, 30}

// NewMeasures makes the measures of a program, those of Go and of the process among them.
func NewMeasures() *Measures {
	m := &Measures{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "gongzhi_http_requests_total", Help: "Requests answered."}, []string{"method", "route", "status"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "gongzhi_http_request_duration_seconds", Help: "Time from a request to the end of its answer, without live streams.",
			Buckets: requestBuckets}, []string{"method", "route"}),
		lines: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "gongzhi_log_lines_total", Help: "Lines written to the log."}, []string{"level"}),
	}
	m.registry.MustRegister(m.requests, m.took, m.lines, collectors.NewGoCollector(), collectors.NewBuildInfoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Registry takes further measures.
func (m *Measures) Registry() *prometheus.Registry { return m.registry }

// Answered counts an answered request. route is a pattern of ours; a stream has no duration.
func (m *Measures) Answered(method, route string, status int, took time.Duration, stream bool) {
	method = known(method)
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
	if !stream {
		m.took.WithLabelValues(method, route).Observe(took.Seconds())
	}
}

// known keeps callers from inventing methods, each of which would be a series of its own.
func known(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodPatch, http.MethodOptions:
		return method
	}
	return "other"
}

// Pool shows the connections of a database.
func (m *Measures) Pool(name string, pool *sql.DB) error {
	return m.registry.Register(collectors.NewDBStatsCollector(pool, name))
}

// Scrapes at the same time are refused beyond scrapers: each reads the database when what was read is no longer fresh.
const (
	scrapers     = 4
	scrapeWithin = 10 * time.Second
)

func (m *Measures) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{
		ErrorHandling: promhttp.ContinueOnError, MaxRequestsInFlight: scrapers, Timeout: scrapeWithin})
}
