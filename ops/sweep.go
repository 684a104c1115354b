package ops

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"gongzhi/procedure"
)

// Keeper stores incidents.
type Keeper interface {
	// Fold reads the incidents of a kind that are not over, or ended after a moment, hands them to f and stores what f returns,
	// all in one transaction that keeps every other fold of the kind waiting. It gives new incidents their ids, and stores the run.
	Fold(ctx context.Context, kind Kind, endedAfter time.Time, run Run, f func(known []Incident) []Change) error
}

// Sweep runs detectors.
type Sweep struct {
	Detectors []Detector
	Keeper    Keeper
	Now       func(ctx context.Context) (time.Time, error) // case time
	Watch     func() time.Time                             // what a stopwatch shows
	Logger    *slog.Logger
}

// budget is how long one detector may take.
const budget = 20 * time.Second

// Run lets every detector look once. The failure of one does not keep the others from looking: it is an incident itself, and what
// it found before stands, because nothing is known about it.
func (s *Sweep) Run(ctx context.Context) error {
	now, err := s.Now(ctx)
	if err != nil {
		return err
	}
	var failed []Finding
	var errs []error
	for _, d := range s.Detectors {
		began := s.Watch()
		found, err := s.look(ctx, d, now)
		run := Run{Kind: d.Kind(), At: now, Took: s.Watch().Sub(began), Found: len(found)}
		if err != nil {
			s.Logger.ErrorContext(ctx, "detector failed", "kind", d.Kind(), "error", err)
			run.Error = err.Error()
			failed = append(failed, failure(d.Kind(), err, now))
			errs = append(errs, s.Keeper.Fold(ctx, d.Kind(), now, run, func([]Incident) []Change { return nil }))
			continue
		}
		errs = append(errs, s.fold(ctx, run, found, now))
	}
	run := Run{Kind: Sweeping, At: now, Found: len(failed)}
	return errors.Join(append(errs, s.fold(ctx, run, failed, now))...)
}

func (s *Sweep) fold(ctx context.Context, run Run, found []Finding, now time.Time) error {
	err := s.Keeper.Fold(ctx, run.Kind, now.Add(-flap), run, func(known []Incident) []Change { return Merge(run.Kind, known, found, now) })
	if err != nil {
		return fmt.Errorf("fold %s: %w", run.Kind, err)
	}
	return nil
}

// look turns a panic into an error: a detector must not take the others with it.
func (s *Sweep) look(ctx context.Context, d Detector, now time.Time) (found []Finding, err error) {
	ctx, cancel := context.WithTimeout(ctx, budget)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return d.Detect(ctx, now)
}

func failure(kind Kind, err error, now time.Time) Finding {
	return Finding{
		Cause: string(kind), Sentence: words("「"+kind.Title()+"」的检测未能完成，该类问题暂时看不到新情况。", procedure.ToneRed),
		Since: now, Court: "运维", Facts: map[string]string{"error": err.Error()},
	}
}
