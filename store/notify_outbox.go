package store

import (
	"context"
	"fmt"

	"gongzhi/notify"
	"gongzhi/procedure"
	"gongzhi/record"
)

// outboxRow is one message that waits for its fan-out, or has had it. Body is the JSON of the message.
type outboxRow struct {
	Source     string `gorm:"primaryKey"`
	Unit       string `gorm:"primaryKey"`
	Role       string `gorm:"primaryKey"`
	UserID     string `gorm:"primaryKey"`
	CaseNumber string
	At         int64
	Fanned     int64
	Told       int64
	Body       string
}

func (outboxRow) TableName() string { return "outbox" }

// insertOutbox passes over what is there: nobody is told of the same twice.
const insertOutbox = `INSERT INTO outbox (source, unit, role, user_id, case_number, at, fanned, told, body) VALUES ?
	ON CONFLICT (source, unit, role, user_id) DO NOTHING`

func (r outboxRow) values() []any {
	return []any{r.Source, r.Unit, r.Role, r.UserID, r.CaseNumber, r.At, r.Fanned, r.Told, r.Body}
}

func newOutboxRow(m notify.Message) (outboxRow, error) {
	body, err := encode(m)
	return outboxRow{
		Source: m.Source, Unit: m.To.Unit, Role: string(m.To.Role), UserID: m.To.User, CaseNumber: m.Case, At: micros(m.At),
		Fanned: never, Body: body,
	}, err
}

// outbox takes the messages of events while they are folded: a message says what is true after its event. A rebuild has none:
// what was sent stays sent.
type outbox struct{ rows []outboxRow }

// add takes the message of an event, if somebody is told of it.
func (o *outbox) add(f *fold, e procedure.Event) error {
	if o == nil || !notify.Told(e.Type) {
		return nil
	}
	m, err := notify.Of(e, f.c.Case, func(id string) (record.Task, error) {
		tasks, err := f.tasks.all()
		if err != nil {
			return record.Task{}, err
		}
		if tasks[id] == nil {
			return record.Task{}, unknown(e, "待办", id)
		}
		return tasks[id].value.Task, nil
	})
	if err != nil {
		return fmt.Errorf("message of event %d: %w", e.Seq, err)
	}
	row, err := newOutboxRow(m)
	o.rows = append(o.rows, row)
	return err
}

// write puts the messages into the outbox: one statement more, and only when there are any.
func (o *outbox) write(c *script) error {
	if err := insert(c, insertOutbox, o.rows, outboxRow.values); err != nil {
		return fmt.Errorf("write the outbox: %w", err)
	}
	return nil
}

// Tell puts messages into the outbox that no event causes. One whose source and holder are there already is passed over.
func (s *Store) Tell(ctx context.Context, list []notify.Message) error {
	rows, err := convert(list, newOutboxRow)
	if err != nil {
		return err
	}
	return s.scripted(ctx, func(c *script) error { return (&outbox{rows: rows}).write(c) })
}
