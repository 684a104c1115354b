package activities

import "context"

// Sweeper looks once for work that does not move, and keeps what it finds. An ops.Sweep does.
type Sweeper interface {
	Run(ctx context.Context) error
}

// Watch holds what the sweeps for incidents need. Its method is the activity.
type Watch struct {
	Sweeper Sweeper
}

// SweepIncidents lets every detector look once.
func (w *Watch) SweepIncidents(ctx context.Context) error { return w.Sweeper.Run(ctx) }
