package telemetry

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"
)

// Check is something that must answer before a program can work.
type Check struct {
	Name string
	Ask  func(ctx context.Context) error
}

// askWithin is how long a check may take.
const askWithin = 2 * time.Second

// Handler serves /metrics, /healthz and /readyz. It is for machines that watch, and is served on a listener of its own: what it shows
// is nobody else's business.
func (m *Measures) Handler(log *slog.Logger, checks ...Check) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", m.handler())
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { health(w, http.StatusOK, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		for _, c := range checks {
			ctx, cancel := context.WithTimeout(r.Context(), askWithin)
			err := c.Ask(ctx)
			cancel()
			if err != nil {
				log.WarnContext(r.Context(), "not ready", "source", c.Name, "error", err)
				health(w, http.StatusServiceUnavailable, c.Name)
				return
			}
		}
		health(w, http.StatusOK, "ok")
	})
	return mux
}

func health(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"status": text}) // the prober may have gone away
}
