// Package activities is everything a workflow may do to the world: read the calendar and the posts, and record events.
// It declares the interfaces it needs; the store satisfies them.
package activities

import (
	"context"
	"time"

	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/record"
)

// Recorder appends events to a case's record and folds them into the projections, in one transaction.
type Recorder interface {
	Append(ctx context.Context, number string, events []procedure.Event) (head int64, err error)
}

// Directory knows who holds which post.
type Directory interface {
	Holders(ctx context.Context, q record.HolderQuery) ([]procedure.Holder, error)
	Manned(ctx context.Context, h procedure.Holder, day string) (bool, error)
}

// Calendars gives the calendar in force, or an older version by its digest.
type Calendars interface {
	Calendar(ctx context.Context, version string) (*calendar.Calendar, error)
}

// Lists gives out numbers of list versions, once for each key.
type Lists interface {
	AllocateListVersion(ctx context.Context, district string, year int, key string) (version, base string, err error)
	List(ctx context.Context, district, version string) (record.ListVersion, error)
}

// Commands is the table of stored commands that the relay empties.
type Commands interface {
	PendingCommands(ctx context.Context, olderThan time.Time, limit int) ([]record.Command, error)
	TouchCommand(ctx context.Context, id string) error
	SettleCommand(ctx context.Context, id string, end record.CommandEnd) error
}

// Engine sends a stored command to the workflow of its case, starting it when the command says so.
type Engine interface {
	Send(ctx context.Context, c record.Command) (procedure.Receipt, error)
}

// Activities holds what the activities need. Its methods are the activities.
type Activities struct {
	Recorder  Recorder
	Directory Directory
	Calendars Calendars
	Lists     Lists
	Polls     Polls
}

// Record writes events. It is idempotent by case and sequence number, so that the engine may repeat it.
func (a *Activities) Record(ctx context.Context, number string, events []procedure.Event) error {
	_, err := a.Recorder.Append(ctx, number, events)
	return err
}
