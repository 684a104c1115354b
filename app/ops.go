package app

import (
	"context"
	"log/slog"
	"time"

	"gongzhi/activities"
	"gongzhi/ops"
	"gongzhi/procedure"
	"gongzhi/procedure/catalog"
	"gongzhi/rules"
	"gongzhi/store"
)

// watch joins the detectors of standstill with the store.
func watch(s *store.Store, k *clock, log *slog.Logger) *activities.Watch {
	return &activities.Watch{Sweeper: &ops.Sweep{
		Detectors: detectors(s.Reader()), Keeper: s, Now: func(context.Context) (time.Time, error) { return k.Now(), nil },
		Watch: time.Now, Logger: log,
	}}
}

// detectors are all detectors there are, each with what it reads.
func detectors(r *store.Reader) []ops.Detector {
	return []ops.Detector{
		ops.UnmannedDetector{Tasks: r},
		ops.ClockDetector{Votes: r, Pack: rules.Load},
		ops.LostDetector{Votes: r},
		ops.OverdueDetector{Tasks: r, Stages: stage},
		ops.SilentDetector{Waits: r},
		ops.CirclingDetector{Cases: r, Stages: stage},
	}
}

func stage(kind procedure.Kind, name string) (procedure.Stage, bool) {
	p, _ := catalog.Find(kind)
	return p.Stage(name)
}
