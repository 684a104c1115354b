package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"sync/atomic"
	"time"

	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"

	"gongzhi/engine"
	"gongzhi/procedure"
	"gongzhi/procedure/admission"
	"gongzhi/store"
)

// starter starts cases of 社区工作准入 as the API does, without the API in front: what is filed is stored, sent to the engine, and what
// comes of it is recorded. Each may have a time of its own.
type starter struct {
	maker  *maker
	area   *area
	store  *store.Store
	client client.Client
	engine *engine.Engine
	seed   uint64
	n      atomic.Int64
}

// starting does work with a starter while the product runs.
func (p *place) starting(ctx context.Context, work func(s *shape, f *starter) error) error {
	return p.running(ctx, func(s *shape) error {
		return p.stored(ctx, func(st *store.Store) (err error) {
			f := &starter{store: st, seed: p.seed}
			if f.area, err = demoArea(ctx, st); err != nil {
				return err
			}
			cal, err := st.Calendar(ctx, "")
			if err != nil {
				return err
			}
			if f.maker, err = newMaker(time.Now(), cal); err != nil {
				return err
			}
			f.client, err = client.Dial(client.Options{HostPort: s.engine.HostPort(), Namespace: s.engine.Namespace(),
				Logger: sdklog.NewStructuredLogger(slog.New(p.log))})
			if err != nil {
				return err
			}
			defer f.client.Close()
			f.engine = engine.New(f.client, st)
			return work(s, f)
		})
	})
}

// start starts a case that lives in a time of its own. Its formal review may take other days than the rule pack says; 0: those.
func (f *starter) start(ctx context.Context, clock procedure.Clock, days int64) (number string, err error) {
	sc := f.maker.script(invented{seed: f.seed, index: int(f.n.Add(1)), area: f.area, kind: admission.Kind, open: true})
	in, err := sc.filing()
	if err != nil {
		return "", err
	}
	in.Command.At = clock.Case(time.Now())
	in.Command.Filing.Clock = clock
	if days > 0 {
		in.Command.Filing.Figures = maps.Clone(in.Command.Filing.Figures)
		in.Command.Filing.Figures[admission.AcceptancePeriod] = days
	}
	command, fresh, err := f.store.StartCase(ctx, in)
	if err == nil && !fresh {
		err = errors.New("the case has been started before")
	}
	if err != nil {
		return "", err
	}
	if _, err := f.engine.Send(ctx, command); err != nil {
		return "", fmt.Errorf("start %s: %w", command.Case, err)
	}
	return command.Case, nil
}
