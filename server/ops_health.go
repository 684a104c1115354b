package server

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"gongzhi/ops"
	"gongzhi/procedure"
)

// Vitals are how the machine is. Each part is asked for on its own, and may fail on its own.
type Vitals interface {
	// Queues are the task queues of the product.
	Queues() []Queue
	// Lanes are the kinds of work of a queue: that of workflows, that of activities.
	Lanes(ctx context.Context, queue string) ([]Lane, error)
	Database(ctx context.Context) (DatabaseFigures, error)
	Engine(ctx context.Context) (EngineFigures, error)
}

// Queue is a task queue: what it carries, and what stands still while nobody takes its work.
type Queue struct{ Name, Title, Stops string }

// Lane is one kind of work of a queue.
type Lane struct {
	Kind    string   // workflow, activity
	Pollers []Poller // the last one first
	Backlog int64
	Oldest  time.Duration // for how long the oldest work has lain
	Added   float64       // a second
	Taken   float64       // a second
}

// Poller is a worker that asked for work. Identity is process@host@, as workers name themselves.
type Poller struct {
	Identity string
	Seen     time.Time
	Build    string
}

// HealthView is how the machine is. Spans are in seconds of machine time: the time of a demonstration may run faster.
type HealthView struct {
	Now      time.Time    `json:"now" doc:"machine time at which this was asked"`
	Queues   []QueueView  `json:"queues"`
	Database DatabaseView `json:"database"`
	Engine   EngineView   `json:"engine"`
}

// QueueView is a task queue; where Error is said, nothing else is known of it.
type QueueView struct {
	Name  string     `json:"name"`
	Title string     `json:"title" doc:"办件"`
	Stops string     `json:"stops" doc:"what stands still while nobody takes its work"`
	Lanes []LaneView `json:"lanes"`
	Error string     `json:"error,omitempty"`
}

// LaneView is one kind of work of a queue. The detector of work that nobody takes judges by the same limits.
type LaneView struct {
	Kind    string       `json:"kind" enum:"workflow,activity"`
	State   string       `json:"state" enum:"taken,slow,deserted" doc:"slow: work lies although workers ask; deserted: none asks"`
	Workers []WorkerView `json:"workers" doc:"those that asked lately, the last one first"`
	Asked   *int64       `json:"asked,omitempty" doc:"seconds since a worker last asked, for as long as the engine remembers"`
	Backlog int64        `json:"backlog" doc:"about how much waits"`
	Oldest  int64        `json:"oldest" doc:"seconds for which the oldest has waited"`
	Added   float64      `json:"added" doc:"a second, over the last half minute"`
	Taken   float64      `json:"taken" doc:"a second, over the last half minute"`
}

// WorkerView is a program that takes work.
type WorkerView struct {
	Process string `json:"process" doc:"number of the process; empty: the worker names itself otherwise"`
	Host    string `json:"host"`
	Asked   int64  `json:"asked" doc:"seconds since it last asked"`
	Build   string `json:"build,omitempty"`
}

// DatabaseView is the database; where Error is said, there are no figures.
type DatabaseView struct {
	Figures *DatabaseFigures `json:"figures,omitempty"`
	Error   string           `json:"error,omitempty"`
}

// DatabaseFigures are what the database says of itself, and how far what people see is behind.
type DatabaseFigures struct {
	Kind       string `json:"kind" enum:"sqlite,postgres"`
	Version    string `json:"version"`
	TookMS     int64  `json:"took_ms" doc:"for the shortest question there is"`
	Size       int64  `json:"size" doc:"bytes"`
	InUse      int    `json:"in_use" doc:"connections of this program"`
	Limit      int    `json:"limit"`
	Clients    int    `json:"clients" doc:"connections of everybody to the database server; 0: there is no server"`
	MaxClients int    `json:"max_clients"`
	Pending    int64  `json:"pending" doc:"commands that are stored and not settled"`
	Lag        int64  `json:"lag" doc:"seconds for which the oldest of them has waited"`
	Outbox     int    `json:"outbox" doc:"messages that are not handed out yet"`
	OutboxLag  int64  `json:"outbox_lag" doc:"seconds for which the oldest of them has waited"`
	OpenCases  int64  `json:"open_cases"`
}

// EngineView is the engine; where Error is said, there are no figures.
type EngineView struct {
	Figures *EngineFigures `json:"figures,omitempty"`
	Error   string         `json:"error,omitempty"`
}

// EngineFigures are what the engine says of itself.
type EngineFigures struct {
	Version   string `json:"version"`
	TookMS    int64  `json:"took_ms" doc:"for the shortest question there is"`
	Namespace string `json:"namespace"`
	Retention int64  `json:"retention" doc:"seconds for which the engine keeps what has ended"`
}

const (
	// partWithin is how long a part of the machine may take to answer.
	partWithin = 2 * time.Second
	// checkupKeeps is how long an answer is good: several people look, and the engine is asked once.
	checkupKeeps = 3 * time.Second
)

// checkup keeps the last answer. Whoever asks while it is being made waits for it.
type checkup struct {
	mu   sync.Mutex
	last HealthView
}

func (s *Server) opsHealth(ctx context.Context, _ *none) (*reply[HealthView], error) {
	s.checkup.mu.Lock()
	defer s.checkup.mu.Unlock()
	now := s.Now()
	if age := now.Sub(s.checkup.last.Now); age < 0 || age >= checkupKeeps {
		s.checkup.last = s.examine(context.WithoutCancel(ctx), now) // others wait for it too
	}
	return answer(s.checkup.last), nil
}

// examine asks all parts at once.
func (s *Server) examine(ctx context.Context, now time.Time) HealthView {
	vitals := s.Operations.Vitals
	queues := vitals.Queues()
	v := HealthView{Now: now, Queues: make([]QueueView, len(queues))}
	var parts sync.WaitGroup
	for i, q := range queues {
		parts.Go(func() {
			v.Queues[i] = QueueView{Name: q.Name, Title: q.Title, Stops: q.Stops, Lanes: []LaneView{}}
			ask := func(ctx context.Context) ([]Lane, error) { return vitals.Lanes(ctx, q.Name) }
			var lanes *[]Lane
			if lanes, v.Queues[i].Error = part(ctx, s, "「"+q.Title+"」队列", ask); lanes == nil {
				return
			}
			for _, l := range *lanes {
				v.Queues[i].Lanes = append(v.Queues[i].Lanes, l.view(now))
			}
		})
	}
	parts.Go(func() { v.Database.Figures, v.Database.Error = part(ctx, s, "数据库", vitals.Database) })
	parts.Go(func() { v.Engine.Figures, v.Engine.Error = part(ctx, s, "流程引擎", vitals.Engine) })
	parts.Wait()
	return v
}

// part asks for one part within its own limit. Where it has no answer it says so in a sentence; the cause is for the log.
func part[T any](ctx context.Context, s *Server, what string, ask func(context.Context) (T, error)) (*T, string) {
	bounded, cancel := context.WithTimeout(ctx, s.partWithin)
	defer cancel()
	v, err := ask(bounded)
	if err == nil {
		return &v, ""
	}
	s.Logger.WarnContext(ctx, "a part of the machine has no answer", "part", what, "error", err)
	var said *procedure.Error
	switch {
	case errors.As(err, &said):
		return nil, procedure.FullStop(said.Message)
	case bounded.Err() != nil:
		return nil, fmt.Sprintf("%s在 %d 秒内没有回答。", what, int(partWithin.Seconds()))
	}
	return nil, what + "答不上来，原因已写入日志。"
}

// view judges a lane as the detector does.
func (l Lane) view(now time.Time) LaneView {
	v := LaneView{
		Kind: l.Kind, State: "taken", Workers: []WorkerView{}, Backlog: l.Backlog, Oldest: seconds(l.Oldest), Added: l.Added, Taken: l.Taken,
	}
	var last *time.Time
	if len(l.Pollers) > 0 {
		last = &l.Pollers[0].Seen
		asked := seconds(now.Sub(*last))
		v.Asked = &asked
	}
	for _, p := range l.Pollers {
		if ops.Asked(&p.Seen, now) {
			w := WorkerView{Asked: seconds(now.Sub(p.Seen)), Build: p.Build}
			w.Process, w.Host = whichProgram(p.Identity)
			v.Workers = append(v.Workers, w)
		}
	}
	switch {
	case !ops.Asked(last, now):
		v.State = "deserted"
	case ops.Lies(l.Backlog, l.Oldest):
		v.State = "slow"
	}
	return v
}

// whichProgram takes process and host from process@host@. Whatever else a worker calls itself may name a person, and is not shown.
func whichProgram(identity string) (process, host string) {
	process, rest, ok := strings.Cut(identity, "@")
	if !ok || process == "" || strings.Trim(process, "0123456789") != "" {
		return "", ""
	}
	host, _, _ = strings.Cut(rest, "@")
	return process, host
}

// seconds are whole seconds; never less than none, as clocks of machines differ.
func seconds(d time.Duration) int64 { return max(0, int64(d/time.Second)) }
