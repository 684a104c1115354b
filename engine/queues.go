package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	taskqueuepb "go.temporal.io/api/taskqueue/v1"
	"go.temporal.io/api/workflowservice/v1"

	"gongzhi/procedure"
	"gongzhi/record"
)

// Lane is one kind of work of a task queue.
type Lane struct {
	Kind    string   // workflow, activity
	Pollers []Poller // who asked for it, the last one first; the engine forgets them after some minutes
	Backlog int64    // about how much of it nobody has taken
	Oldest  time.Duration
	// Added and Taken are what the engine counted over the last half minute, a second. What goes to a worker without the queue (the
	// next steps of a case that the worker knows already) is not in them.
	Added, Taken float32
}

// Poller is a worker that asked for work.
type Poller struct {
	Identity string // process@host@
	Seen     time.Time
	Build    string // empty: not told
}

var laneKinds = []struct {
	name string
	kind enumspb.TaskQueueType
}{{"workflow", enumspb.TASK_QUEUE_TYPE_WORKFLOW}, {"activity", enumspb.TASK_QUEUE_TYPE_ACTIVITY}}

// Lanes asks how the work of a task queue is taken: that of workflows first, then that of activities.
func (m *Machine) Lanes(ctx context.Context, queue string) ([]Lane, error) {
	lanes := make([]Lane, len(laneKinds))
	for i, k := range laneKinds {
		r, err := m.client.WorkflowService().DescribeTaskQueue(ctx, &workflowservice.DescribeTaskQueueRequest{
			Namespace: m.namespace, TaskQueue: &taskqueuepb.TaskQueue{Name: queue}, TaskQueueType: k.kind, ReportStats: true})
		if err != nil {
			return nil, fmt.Errorf("describe the queue %s: %w", queue, m.known(err))
		}
		stats := r.GetStats()
		lanes[i] = Lane{Kind: k.name, Backlog: stats.GetApproximateBacklogCount(), Oldest: stats.GetApproximateBacklogAge().AsDuration(),
			Added: stats.GetTasksAddRate(), Taken: stats.GetTasksDispatchRate()}
		for _, p := range r.GetPollers() {
			lanes[i].Pollers = append(lanes[i].Pollers, Poller{Identity: p.GetIdentity(), Seen: p.GetLastAccessTime().AsTime(), Build: build(p)})
		}
		slices.SortFunc(lanes[i].Pollers, func(a, b Poller) int { return b.Seen.Compare(a.Seen) })
	}
	return lanes, nil
}

// build is what a worker says of its version, by the newer way or by the older one.
func build(p *taskqueuepb.PollerInfo) string {
	if id := p.GetDeploymentOptions().GetBuildId(); id != "" {
		return id
	}
	//lint:ignore SA1019 the newer way is for workers with versioned deployments; the others still say it here
	return p.GetWorkerVersionCapabilities().GetBuildId()
}

// Queue asks how the work of a task queue is taken: that of workflows and that of activities, whichever is worse.
func (m *Machine) Queue(ctx context.Context, name, title string) (record.Queue, error) {
	q := record.Queue{Name: name, Title: title}
	lanes, err := m.Lanes(ctx, name)
	if err != nil {
		return q, err
	}
	for _, l := range lanes {
		q.Backlog += l.Backlog
		q.Oldest = max(q.Oldest, l.Oldest)
	}
	if pollers := lanes[0].Pollers; len(pollers) > 0 {
		q.Workers, q.Seen = len(pollers), &pollers[0].Seen
	}
	return q, nil
}

// Version is that of the engine. It is the shortest question there is.
func (m *Machine) Version(ctx context.Context) (string, error) {
	r, err := m.client.WorkflowService().GetSystemInfo(ctx, &workflowservice.GetSystemInfoRequest{})
	if err != nil {
		return "", fmt.Errorf("ask the engine for its version: %w", err)
	}
	return r.GetServerVersion(), nil
}

// Retention is for how long the engine keeps what has ended in the namespace.
func (m *Machine) Retention(ctx context.Context) (time.Duration, error) {
	r, err := m.client.WorkflowService().DescribeNamespace(ctx, &workflowservice.DescribeNamespaceRequest{Namespace: m.namespace})
	if err != nil {
		return 0, fmt.Errorf("describe the namespace %s: %w", m.namespace, m.known(err))
	}
	return r.GetConfig().GetWorkflowExecutionRetentionTtl().AsDuration(), nil
}

// Namespace is that of the machine.
func (m *Machine) Namespace() string { return m.namespace }

// known says in words what an engine without the namespace means.
func (m *Machine) known(err error) error {
	var missing *serviceerror.NamespaceNotFound
	if errors.As(err, &missing) {
		return procedure.Errorf(procedure.NotFound, "engine.namespace", "引擎里没有命名空间 %s，办理程序还没有启动过", m.namespace)
	}
	return err
}
