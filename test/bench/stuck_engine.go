package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"time"

	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	sdkworker "go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"gongzhi/embedded"
	"gongzhi/engine"
	"gongzhi/procedure"
)

// The workflows of invented cases: nothing ever happens in them. They are on a queue of their own and begin in ten days, so that the
// engine keeps each as a workflow that is open and waits for a timer.
const (
	idleQueue = "bench-idle"
	idleFor   = 10 * 24 * time.Hour
)

// idle gives the engine a workflow for each open case, and lets some fail.
type idle struct {
	client client.Client
	worker sdkworker.Worker
}

func startIdle(e *embedded.Server, log slog.Handler) (*idle, error) {
	c, err := client.Dial(client.Options{HostPort: e.HostPort(), Namespace: e.Namespace(), Logger: sdklog.NewStructuredLogger(slog.New(log))})
	if err != nil {
		return nil, err
	}
	i := &idle{client: c, worker: sdkworker.New(c, idleQueue, sdkworker.Options{})}
	ill := func(workflow.Context) error { panic("a step that cannot be taken") }
	i.worker.RegisterWorkflowWithOptions(ill, workflow.RegisterOptions{Name: "ill"})
	if err := i.worker.Start(); err != nil {
		c.Close()
		return nil, err
	}
	return i, nil
}

func (i *idle) close() {
	i.worker.Stop()
	i.client.Close()
}

// begin starts the workflows of cases and waits until the engine lists them all. The first ones fail at once, all for the same cause.
func (i *idle) begin(ctx context.Context, numbers []string, ill int) error {
	many := &bench{options: options{clients: 32}}
	err := many.together(ctx, len(numbers), func(ctx context.Context, _, n int) error {
		o := client.StartWorkflowOptions{ID: procedure.WorkflowID(numbers[n]), TaskQueue: idleQueue, StartDelay: idleFor}
		kind := "idle"
		if n < ill {
			kind, o.StartDelay = "ill", 0
		}
		_, err := i.client.ExecuteWorkflow(ctx, o, kind)
		return err
	})
	if err != nil {
		return err
	}
	machine := engine.NewMachine(i.client, embedded.DefaultNamespace)
	return eventually(ctx, time.Minute, func() (bool, error) {
		open, err := machine.Open(ctx)
		if err != nil || open < int64(len(numbers)) {
			return false, err
		}
		failing, err := machine.Problems(ctx)
		return len(failing) >= ill, err
	})
}

// eventually asks every half second whether something has come about.
func eventually(ctx context.Context, limit time.Duration, ask func() (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	for {
		if done, err := ask(); done || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.New("what was waited for did not come about in time")
		case <-tick.C:
		}
	}
}

// end takes the workflows of cases away beside the platform.
func (i *idle) end(ctx context.Context, numbers []string) error {
	for _, number := range numbers {
		if err := i.client.TerminateWorkflow(ctx, procedure.WorkflowID(number), "", "bench"); err != nil {
			return err
		}
	}
	return nil
}

// Rows of the engine's list of workflows, which is all that a detector asks about cases that are well.
const (
	listRunning = 1
	listDone    = 2
)

// list adds workflows to the list of an engine that does not run. To run as many would take an hour: the rows are copies of one that is
// there, under other names.
func list(ctx context.Context, dir string, status int, names []string) (err error) {
	db, err := openRaw("sqlite:"+filepath.Join(dir, "temporal.db"), 1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	for part := range slices.Chunk(names, 10_000) {
		ids, err := json.Marshal(part)
		if err != nil {
			return err
		}
		_, err = db.ExecContext(ctx, `INSERT INTO executions_visibility (namespace_id, run_id, start_time, execution_time, workflow_id,
				workflow_type_name, status, close_time, history_length, history_size_bytes, execution_duration, state_transition_count, memo,
				encoding, task_queue, search_attributes, root_workflow_id, root_run_id)
			SELECT namespace_id, lower(hex(randomblob(16))), start_time, execution_time, 'case:' || name.value, workflow_type_name, ?1,
				CASE WHEN ?1 = 1 THEN NULL ELSE start_time END, history_length, history_size_bytes, execution_duration, state_transition_count,
				memo, encoding, task_queue, search_attributes, 'case:' || name.value, root_run_id
			FROM (SELECT * FROM executions_visibility WHERE task_queue = ?2 AND workflow_type_name = 'idle' LIMIT 1), json_each(?3) AS name`,
			status, idleQueue, string(ids))
		if err != nil {
			return fmt.Errorf("list workflows: %w", err)
		}
	}
	return nil
}
