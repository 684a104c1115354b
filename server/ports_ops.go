package server

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gongzhi/calendar"
	"gongzhi/ops"
	"gongzhi/record"
)

// Operations is what the routes of 运行监控 stand on. Everything but Console is required.
type Operations struct {
	Incidents Incidents
	Views     Views
	Sweeper   Sweeper
	Proposals Proposals
	Machine   Machine
	Batches   Batches
	Starter   BatchStarter
	Vitals    Vitals
	// Console is the address of a run of a workflow in Temporal's own console; nil: there is none.
	Console func(workflow, run string) string
}

// missing names what the routes of 运行监控 cannot do without.
func (o Operations) missing() error {
	var errs []error
	for name, absent := range map[string]bool{"Incidents": o.Incidents == nil, "Views": o.Views == nil, "Sweeper": o.Sweeper == nil,
		"Proposals": o.Proposals == nil, "Machine": o.Machine == nil, "Batches": o.Batches == nil,
		"Starter": o.Starter == nil, "Vitals": o.Vitals == nil} {
		if absent {
			errs = append(errs, fmt.Errorf("server: option Operations.%s is missing", name))
		}
	}
	return errors.Join(errs...)
}

// Incidents is the list of what does not move. area is the path of the units that the reader watches over; the cases of an incident
// are read within the scope of the session.
type Incidents interface {
	Incidents(ctx context.Context, area string, f ops.Filter) (record.Page[ops.Incident], error)
	Incident(ctx context.Context, area, id string) (ops.Incident, error)
	IncidentHistory(ctx context.Context, id string) ([]ops.Entry, error)
	IncidentCases(ctx context.Context, scope record.Scope, id, after string, limit int) (record.Page[ops.Affected], error)
	// FirstCases are up to n cases of each of several incidents, by their ids.
	FirstCases(ctx context.Context, scope record.Scope, ids []string, n int) (map[string][]ops.Affected, error)
	IncidentCounts(ctx context.Context, area string, today calendar.Date) (ops.Counts, error)
	// Runs are the last runs of the detectors.
	Runs(ctx context.Context) ([]ops.Run, error)
	// ActOnIncident refuses with incident.stale when somebody else was first.
	ActOnIncident(ctx context.Context, area, id string, a ops.Act) (ops.Incident, error)
}

// Views keeps filters under names. The one who saves gives the id.
type Views interface {
	Views(ctx context.Context, user, page string) ([]ops.View, error)
	View(ctx context.Context, id string) (ops.View, error)
	SaveView(ctx context.Context, v ops.View) (ops.View, error)
	DeleteView(ctx context.Context, user, id string) error
}

// Sweeper has the detectors look now. It returns when they have looked, or ctx ends; they go on looking then. The same id again
// waits for the same sweep.
type Sweeper interface {
	Sweep(ctx context.Context, id string) error
}

// Proposals keeps the remedies that wait for a second person.
type Proposals interface {
	Propose(ctx context.Context, p ops.Proposal) error
	Proposals(ctx context.Context, state ops.ProposalState) ([]ops.Proposal, error)
	// DecideProposal refuses with remedy.same_person whoever proposed it, and with remedy.decided the one who comes second.
	DecideProposal(ctx context.Context, id string, state ops.ProposalState, by, name string, at time.Time) (ops.Proposal, error)
}

// Machine sets going again what stands still in the engine.
type Machine interface {
	Inside(ctx context.Context, number string) (in record.Inside, known bool, err error)
	Retry(ctx context.Context, number string, by record.Hand) error
	Hold(ctx context.Context, number string, by record.Hand) error
	Rewind(ctx context.Context, number string, by record.Hand) error
	Reconcile(ctx context.Context, number string, by record.Hand) error
}

// Batches keeps frozen sets of cases with what is to be done to each. area is as in Incidents; the empty one is everything.
type Batches interface {
	SaveBatch(ctx context.Context, b ops.Batch, items []ops.BatchItem) error
	Batches(ctx context.Context, area, after string, limit int) (record.Page[ops.Batch], error)
	Batch(ctx context.Context, area, id string) (ops.Batch, error)
	BatchItems(ctx context.Context, id string, state ops.ItemState, after string, limit int) (record.Page[ops.BatchItem], error)
	// ActOnBatch refuses with batch.stale when somebody else was first.
	ActOnBatch(ctx context.Context, area, id string, a ops.BatchAct) (ops.Batch, error)
	// NextItem is the one whose turn it is: found is false when each has its result.
	NextItem(ctx context.Context, id string) (item ops.BatchItem, found bool, err error)
	// SettleItem notes a result. The first result stands.
	SettleItem(ctx context.Context, id string, n int64, state ops.ItemState, text string, at time.Time) error
}

// BatchStarter has somebody carry out a batch that runs. It may be told twice.
type BatchStarter interface {
	StartBatch(ctx context.Context, id string) error
}
