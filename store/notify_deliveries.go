package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"time"

	"gorm.io/gorm"

	"gongzhi/notify"
)

// deliveryRow is one message to one person over one channel. Body is what is not asked for by column.
type deliveryRow struct {
	ID         string `gorm:"primaryKey"`
	N          int64
	Source     string
	CaseNumber string
	Task       string
	Kind       string
	Channel    string
	UserID     string
	State      string
	Digest     bool
	At         int64
	Held       int64
	NextAt     int64
	Claim      string
	Attempts   int
	Began      int64
	SentAt     int64
	ReadAt     int64
	Reason     string
	Body       string
}

func (deliveryRow) TableName() string { return "deliveries" }

const insertDeliveries = `INSERT INTO deliveries (id, n, source, case_number, task, kind, channel, user_id, state, digest, at, held,
	next_at, claim, attempts, began, sent_at, read_at, reason, body) VALUES ? ON CONFLICT (id) DO NOTHING`

func (r deliveryRow) values() []any {
	return []any{
		r.ID, r.N, r.Source, r.CaseNumber, r.Task, r.Kind, r.Channel, r.UserID, r.State, r.Digest, r.At, r.Held, r.NextAt, r.Claim, r.Attempts,
		r.Began, r.SentAt, r.ReadAt, r.Reason, r.Body,
	}
}

// deliveryDoc is the body of a delivery: its words as they were when it was made, and what a digest needs.
type deliveryDoc struct {
	notify.Letter
	Person  notify.Person  `json:"person"`
	Message notify.Message `json:"message"`
}

func newDeliveryRow(d notify.Delivery, n int64, engine time.Time) (deliveryRow, error) {
	body, err := encode(deliveryDoc{Letter: d.Letter, Person: d.Person, Message: d.Message})
	return deliveryRow{
		ID: d.ID, N: n, Source: d.Message.Source, CaseNumber: d.Case, Task: d.Task, Kind: string(d.Kind), Channel: string(d.Channel),
		UserID: d.Person.User, State: string(d.State), Digest: d.Digest, At: micros(d.At), Held: micros(d.Held), NextAt: micros(engine),
		Attempts: d.Attempts, Began: microsOr(d.Began, never), SentAt: microsOr(d.SentAt, never), ReadAt: microsOr(d.ReadAt, never),
		Reason: d.Reason, Body: body,
	}, err
}

func (r deliveryRow) delivery() (notify.Delivery, error) {
	doc, err := decode[deliveryDoc](r.Body)
	d := notify.Delivery{
		ID: r.ID, Channel: notify.Channel(r.Channel), Person: doc.Person, Kind: notify.Kind(r.Kind), Case: r.CaseNumber, Task: r.Task,
		State: notify.State(r.State), At: moment(r.At), Held: moment(r.Held), Digest: r.Digest, Attempts: r.Attempts,
		Began: momentPtr(r.Began), Reason: r.Reason, SentAt: momentPtr(r.SentAt), ReadAt: momentPtr(r.ReadAt),
		Letter: doc.Letter, Message: doc.Message, Claim: r.Claim,
	}
	if d.State == notify.Queued && d.Attempts > 0 {
		d.Next = momentPtr(r.NextAt)
	}
	return d, err
}

// waiting is the condition of the index of deliveries that are to be sent.
const waiting = "state IN ('queued', 'sending') AND held <= ? AND next_at <= ?"

// due tells whether there are deliveries to be sent now.
func (s *Store) due(ctx context.Context, t notify.Tick) (bool, error) {
	n := 0
	err := each(s.read(ctx), func(*sql.Rows) error { n++; return nil },
		"SELECT 1 FROM deliveries WHERE "+waiting+" LIMIT 1", []any{micros(t.Case), micros(t.Engine)})
	if err != nil {
		return false, fmt.Errorf("look for deliveries: %w", err)
	}
	return n > 0, nil
}

// ClaimDeliveries gives deliveries that are to be sent now to one sender, until a moment of engine time: whoever has not settled
// them by then has lost them. A delivery whose task was done in the meantime is dropped.
func (s *Store) ClaimDeliveries(ctx context.Context, t notify.Tick, until time.Time, limit int) ([]notify.Delivery, error) {
	var rows []deliveryRow
	var choices map[string]choiceDoc
	claim := rand.Text()
	text := `UPDATE deliveries SET state = 'sending', claim = ?, next_at = ?, attempts = attempts + 1,
		began = CASE WHEN began = 9223372036854775807 THEN ? ELSE began END
		WHERE id IN (SELECT id FROM deliveries WHERE ` + waiting + ` ORDER BY held, n LIMIT ?)`
	if s.kind == postgresKind { // others take others
		text = `UPDATE deliveries SET state = 'sending', claim = ?, next_at = ?, attempts = attempts + 1,
			began = CASE WHEN began = 9223372036854775807 THEN ? ELSE began END
			WHERE id IN (SELECT id FROM deliveries WHERE ` + waiting + ` ORDER BY held, n LIMIT ? FOR UPDATE SKIP LOCKED)`
	}
	err := s.write(ctx, func(tx *gorm.DB) error {
		rows = nil
		err := tx.Exec(`UPDATE deliveries SET state = 'dropped', reason = ? WHERE state IN ('queued', 'sending') AND held <= ? AND next_at <= ?
			AND task <> '' AND NOT EXISTS (SELECT 1 FROM tasks WHERE tasks.id = deliveries.task AND tasks.open)`,
			"待办已办结，不再发送", micros(t.Case), micros(t.Engine)).Error
		if err != nil {
			return fmt.Errorf("drop deliveries: %w", err)
		}
		err = each(tx, func(r *sql.Rows) error {
			var row deliveryRow
			err := r.Scan(&row.ID, &row.N, &row.CaseNumber, &row.Task, &row.Kind, &row.Channel, &row.UserID, &row.Digest, &row.At, &row.Held,
				&row.Attempts, &row.Began, &row.Body)
			rows = append(rows, row)
			return err
		}, text+" RETURNING id, n, case_number, task, kind, channel, user_id, digest, at, held, attempts, began, body",
			[]any{claim, micros(until), micros(t.Engine), micros(t.Case), micros(t.Engine), limit})
		if err != nil {
			return fmt.Errorf("claim deliveries: %w", err)
		}
		users := make([]string, len(rows))
		for i, r := range rows {
			users[i] = r.UserID
		}
		choices, err = choicesOf(tx, users)
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(rows, func(a, b deliveryRow) int { return int(a.N - b.N) })
	list := make([]notify.Delivery, 0, len(rows))
	for _, r := range rows {
		r.State, r.Claim, r.SentAt, r.ReadAt = string(notify.Sending), claim, never, never
		d, err := r.delivery()
		if err != nil {
			return nil, err
		}
		if d.Choice, err = s.vault.openChoice(r.UserID, choices[r.UserID]); err != nil {
			return nil, err
		}
		list = append(list, d)
	}
	return list, nil
}

// SettleDeliveries writes how attempts ended. What the claim does not hold any more stays as it is.
func (s *Store) SettleDeliveries(ctx context.Context, claim string, results []notify.Result) error {
	return s.scripted(ctx, func(c *script) error {
		for part := range slices.Chunk(results, 100) {
			list := make(tuples, len(part)) // as texts, see join
			for i, r := range part {
				sent := never
				if r.State == notify.Sent {
					sent = micros(r.At)
				}
				list[i] = []any{
					r.ID, string(r.State), strconv.Itoa(r.Attempts), strconv.FormatInt(micros(r.Next), 10), strconv.FormatInt(micros(r.Held), 10),
					strconv.FormatInt(sent, 10), r.Reason,
				}
			}
			err := c.add(`UPDATE deliveries SET state = v.column2, attempts = CAST(v.column3 AS BIGINT), next_at = CAST(v.column4 AS BIGINT),
				held = CAST(v.column5 AS BIGINT), sent_at = CAST(v.column6 AS BIGINT), reason = v.column7, claim = ''
				FROM (VALUES ?) v WHERE id = v.column1 AND claim = ?`, list, claim)
			if err != nil {
				return fmt.Errorf("settle deliveries: %w", err)
			}
		}
		return nil
	})
}
