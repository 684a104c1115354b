package app

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"gongzhi/procedure"
	"gongzhi/record"
)

// clockSetting is the name under which the demo's clock is kept, so that a demo goes on in its own time after a restart.
const clockSetting = "demo.clock"

// clock is the time of cases. In production it is the engine's time and cannot be moved.
type clock struct {
	mu      sync.Mutex
	mapping procedure.Clock
	store   clockStore
	tell    teller
}

type clockStore interface {
	Setting(ctx context.Context, name string) (string, bool, error)
	SaveSetting(ctx context.Context, name, value string) error
	openCases
}

type openCases interface {
	Cases(ctx context.Context, s record.Scope, f record.CaseFilter) (record.Page[record.Case], error)
}

// teller signals cases.
type teller func(ctx context.Context, numbers []string, signal string, payload any) error

// Mapping is the clock as filings carry it.
func (k *clock) Mapping() procedure.Clock {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.mapping
}

// Now is the time of cases.
func (k *clock) Now() time.Time { return k.Mapping().Case(time.Now()) }

// restore gives a demo the time it had, or starts it at the given moment. A changed speed changes the mapping, and open cases
// are told.
func (k *clock) restore(ctx context.Context, start time.Time, speed int64) error {
	text, known, err := k.store.Setting(ctx, clockSetting)
	if err != nil {
		return err
	}
	if !known {
		return k.set(ctx, procedure.Clock{Since: time.Now(), At: start, Speed: speed})
	}
	var old procedure.Clock
	if err := json.Unmarshal([]byte(text), &old); err != nil {
		return fmt.Errorf("setting %s: %w", clockSetting, err)
	}
	if old.Speed == speed {
		k.mu.Lock()
		k.mapping = old
		k.mu.Unlock()
		return nil
	}
	now := time.Now()
	return k.set(ctx, procedure.Clock{Since: now, At: old.Case(now), Speed: speed})
}

// Jump moves the demo's time forward and wakes every open case.
func (k *clock) Jump(ctx context.Context, to time.Time) (procedure.Clock, error) {
	k.mu.Lock()
	next := procedure.Clock{Since: time.Now(), At: to, Speed: k.mapping.Speed}
	k.mu.Unlock()
	return next, k.set(ctx, next)
}

func (k *clock) set(ctx context.Context, next procedure.Clock) error {
	text, err := json.Marshal(next)
	if err != nil {
		return err
	}
	if err := k.store.SaveSetting(ctx, clockSetting, string(text)); err != nil {
		return err
	}
	k.mu.Lock()
	k.mapping = next
	k.mu.Unlock()
	return tellAll(ctx, k.store, k.tell, procedure.ClockSignal, next)
}

// tellAll signals every open case.
func tellAll(ctx context.Context, cases openCases, tell teller, signal string, payload any) error {
	open := true
	filter := record.CaseFilter{Open: &open, Sort: "started", Limit: 200}
	for {
		page, err := cases.Cases(ctx, record.Scope{{Everything: true}}, filter)
		if err != nil {
			return err
		}
		numbers := make([]string, len(page.Items))
		for i, c := range page.Items {
			numbers[i] = c.Number
		}
		if err := tell(ctx, numbers, signal, payload); err != nil {
			return err
		}
		if filter.After = page.Next; filter.After == "" {
			return nil
		}
	}
}
