package temporal

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/stretchr/testify/require"
)

func TestMeasures(t *testing.T) {
	t.Parallel()
	r := prometheus.NewRegistry()
	h := Measures(r).WithTags(map[string]string{"namespace": "gongzhi", "client_name": "temporal_go", "worker_type": "none"})
	var all sync.WaitGroup
	for range 8 { // the library asks for the same from many goroutines
		all.Go(func() {
			h.WithTags(map[string]string{"operation": "PollActivityTaskQueue"}).Counter("temporal_request").Inc(1)
		})
	}
	all.Wait()
	h.Counter("temporal_local_activity_total").Inc(2)
	h.WithTags(map[string]string{"task_queue": "host:8d7c"}).Gauge("temporal_num_pollers").Update(3)
	h.WithTags(map[string]string{"activity_type": "Record"}).Timer("temporal_activity_execution_latency").Record(30 * time.Millisecond)
	h.Gauge("temporal_request_total").Update(9) // a name that is taken by another kind is passed over

	w := httptest.NewRecorder()
	promhttp.HandlerFor(r, promhttp.HandlerOpts{}).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
	for _, want := range []string{
		`temporal_request_total{activity_type="",failure_reason="",namespace="gongzhi",operation="PollActivityTaskQueue",poller_type="",` +
			`status_code="",task_queue="",worker_type="",workflow_type=""} 8`,
		`task_queue="sticky",worker_type="",workflow_type=""} 3`,
		`temporal_activity_execution_latency_seconds_bucket{activity_type="Record"`,
	} {
		require.Contains(t, w.Body.String(), want)
	}
	require.Contains(t, w.Body.String(), "\ntemporal_local_activity_total{")
	require.NotContains(t, w.Body.String(), "host:8d7c")
}
