package app

import (
	"context"
	"log/slog"
	"time"

	"gongzhi/activities"
	"gongzhi/engine"
	"gongzhi/ops"
	"gongzhi/procedure"
	"gongzhi/procedure/catalog"
	"gongzhi/record"
	"gongzhi/rules"
	"gongzhi/store"
)

// watch joins the detectors of standstill with the store.
func watch(s *store.Store, k *clock, m mender, log *slog.Logger) *activities.Watch {
	return &activities.Watch{Sweeper: &ops.Sweep{
		Detectors: detectors(s, k, m), Keeper: s, Now: func(context.Context) (time.Time, error) { return k.Now(), nil },
		Watch: time.Now, Logger: log,
	}}
}

// detectors are all detectors there are, each with what it reads.
func detectors(s *store.Store, k *clock, m mender) []ops.Detector {
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
		ops.ClockDetector{Votes: r, Pack: rules.Load},
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
