package app

import (
	"context"
	"sync"

	"go.temporal.io/sdk/client"
	sdkworker "go.temporal.io/sdk/worker"

	"gongzhi/app/faults"
	"gongzhi/procedure"
)

// crew are the workers of a program. A worker that was stopped cannot be started again, so that each time they are made anew; only a
// demonstration stops them before its end.
type crew struct {
	hire func() ([]sdkworker.Worker, error) // the last one is stopped first

	mu   sync.Mutex
	team []sdkworker.Worker
}

// Hire implements faults.Plant.
func (c *crew) Hire() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.team != nil || c.hire == nil { // they work already, or this program has none
		return nil
	}
	team, err := c.hire()
	for _, w := range team {
		if err == nil {
			if err = w.Start(); err == nil {
				c.team = append(c.team, w)
			}
		}
	}
	if err != nil {
		c.leave()
	}
	return err
}

// Dismiss implements faults.Plant.
func (c *crew) Dismiss() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.leave()
}

func (c *crew) leave() {
	for i := len(c.team) - 1; i >= 0; i-- {
		c.team[i].Stop()
	}
	c.team = nil
}

// plant is what a demonstration can break.
type plant struct {
	*crew
	cases client.Client
}

var _ faults.Plant = plant{}

// End implements faults.Plant.
func (p plant) End(ctx context.Context, number string) error {
	return p.cases.TerminateWorkflow(ctx, procedure.WorkflowID(number), "", "演示故障：在引擎里被结束")
}
