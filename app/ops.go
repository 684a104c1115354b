package app

import (
	"context"
	"time"

	"go.temporal.io/sdk/client"

	"gongzhi/engine"
	"gongzhi/ops"
	"gongzhi/procedure"
	"gongzhi/procedure/catalog"
	"gongzhi/record"
	"gongzhi/rules"
	"gongzhi/store"
	"gongzhi/worker"
)

// sweep joins the detectors of standstill with the store.
func (a *App) sweep(s *store.Store, k *clock, m mender) *ops.Sweep {
	r := s.Reader()
	var shown ops.Displays = r
	if a.faults != nil {
		shown = a.faults.Displays(r)
	}
	all := detectors(s, k, m, shown)
	if a.faults != nil {
		all = a.faults.Detectors(all)
	}
	return &ops.Sweep{
		Detectors: all, Keeper: s, Now: func(context.Context) (time.Time, error) { return k.Now(), nil }, Watch: time.Now, Logger: a.log,
	}
}

// lookout lets the server look itself where no worker does.
func (a *App) lookout(s *store.Store, k *clock, m mender, sweeps client.Client) *lookout {
	l := newLookout(engine.NewSweeper(sweeps, worker.Sweeps, worker.Sweep), a.sweep(s, k, m).Run, s.Runs, a.log)
	a.onClose("lookout", func(context.Context) error { l.close(); return nil })
	l.start()
	return l
}

// detectors are all detectors there are, each with what it reads.
func detectors(s *store.Store, k *clock, m mender, shown ops.Displays) []ops.Detector {
	r := s.Reader()
	queues := func(ctx context.Context) ([]record.Queue, error) {
		q, err := m.Queue(ctx, engine.TaskQueue, "办件")
		return []record.Queue{q}, err
	}
	return []ops.Detector{
		ops.Failing{Machine: m, Titles: r},
		ops.Deserted{Queues: queues, Engine: time.Now},
		ops.Differing{Machine: m, Record: r, Titles: r, Case: k.sinceEngine},
		ops.Repeating{Faults: s, Machine: m, Titles: r, Engine: time.Now, Case: k.sinceEngine},
		ops.UnmannedDetector{Tasks: r},
		ops.ClockDetector{Votes: shown, Pack: rules.Load},
		ops.LostDetector{Votes: r},
		ops.OverdueDetector{Tasks: r, Stages: stage},
		ops.SilentDetector{Waits: r},
		ops.CirclingDetector{Cases: r, Stages: stage},
		ops.UndeliveredDetector{Deliveries: failures{r}},
	}
}

func stage(kind procedure.Kind, name string) (procedure.Stage, bool) {
	p, _ := catalog.Find(kind)
	return p.Stage(name)
}
