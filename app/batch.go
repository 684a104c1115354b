package app

import (
	"time"

	"go.temporal.io/sdk/client"

	"gongzhi/activities"
	"gongzhi/engine"
	"gongzhi/procedure/catalog"
	"gongzhi/server"
	"gongzhi/store"
	"gongzhi/worker"
)

// starter has batches carried out by whichever worker takes them.
func starter(sweeps client.Client) *engine.Batches {
	return engine.NewBatches(sweeps, worker.Sweeps, worker.Batch, worker.BatchGo)
}

// batches lets a worker of the sweeps carry out batches, with the checks of the server and in the name of whoever runs them.
func (a *App) batches(s *store.Store, k *clock, eng *engine.Engine, m mender, sweeps client.Client) (*activities.Batches, error) {
	b, err := server.NewBatcher(server.Options{
		Reader: reads{s.Reader(), k}, Commands: people{s, k}, Engine: eng, Catalog: catalog.All, Now: time.Now, Clock: k.Mapping, Logger: a.log,
		Operations: server.Operations{Machine: m, Batches: s}, Notifying: server.Notifying{Messages: s},
	})
	return &activities.Batches{Runner: b, Running: s, Starter: starter(sweeps)}, err
}
