package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"gongzhi/notify"
	"gongzhi/record"
)

// CodeMessage is the code of a message that does not exist.
const CodeMessage = "message.not_found"

// CodeDelivery is the code of a delivery that did not fail.
const CodeDelivery = "delivery.not_failed"

var (
	newestMessages  = order{list: "messages", by: "n", id: "id", desc: true}
	deliveriesInOrd = order{list: "deliveries", by: "n", id: "id"}
)

// Messages lists a user's in-app messages, newest first.
func (r *Reader) Messages(ctx context.Context, user string, unread bool, after string, limit int) (record.Page[notify.Delivery], error) {
	q := r.read(ctx).Where("user_id = ? AND channel = 'inapp'", user)
	if unread {
		q = q.Where("state = 'sent'")
	}
	return deliveryPage(q, newestMessages, after, limit)
}

// CaseDeliveries lists who was told what of a case, in the order it was made.
func (r *Reader) CaseDeliveries(ctx context.Context, number, after string, limit int) (record.Page[notify.Delivery], error) {
	return deliveryPage(r.read(ctx).Where("case_number = ?", number), deliveriesInOrd, after, limit)
}

func deliveryPage(q *gorm.DB, o order, after string, limit int) (record.Page[notify.Delivery], error) {
	q, limit, err := o.page(q, after, limit)
	if err != nil {
		return record.Page[notify.Delivery]{}, err
	}
	var rows []deliveryRow
	if err := q.Find(&rows).Error; err != nil {
		return record.Page[notify.Delivery]{}, fmt.Errorf("read deliveries: %w", err)
	}
	rows, next := cut(o, rows, limit, func(d deliveryRow) (int64, string) { return d.N, d.ID })
	items, err := convert(rows, deliveryRow.delivery)
	return record.Page[notify.Delivery]{Items: items, Next: next}, err
}

// UnreadMessages counts a user's in-app messages that are not read, up to 1000.
func (r *Reader) UnreadMessages(ctx context.Context, user string) (int, error) {
	var n int
	err := r.read(ctx).Raw(`SELECT count(*) FROM (SELECT 1 FROM deliveries WHERE user_id = ? AND channel = 'inapp' AND state = 'sent'
		LIMIT 1000) x`, user).Row().Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count messages: %w", err)
	}
	return n, nil
}

// ReadMessage notes that a user has read a message, at a moment of case time. Reading it again changes nothing. CodeMessage when
// the user has no such message.
func (s *Store) ReadMessage(ctx context.Context, user, id string, at time.Time) error {
	mine := func(db *gorm.DB) *gorm.DB {
		return db.Model(&deliveryRow{}).Where("id = ? AND user_id = ? AND channel = 'inapp'", id, user)
	}
	result := mine(s.db.WithContext(ctx)).Where("state = 'sent'").Updates(map[string]any{"state": string(notify.Read), "read_at": micros(at)})
	if result.Error != nil {
		return fmt.Errorf("read the message: %w", result.Error)
	}
	if result.RowsAffected > 0 {
		return nil
	}
	var n int64
	if err := mine(s.db.WithContext(ctx)).Count(&n).Error; err != nil {
		return fmt.Errorf("look for the message: %w", err)
	}
	if n == 0 {
		return notFound(CodeMessage, "没有这条消息")
	}
	return nil
}

// ReadMessages notes that a user has read all messages up to one, which is the newest that the user has seen: what came in
// meanwhile stays unread.
func (s *Store) ReadMessages(ctx context.Context, user, through string, at time.Time) error {
	var row deliveryRow
	db := s.db.WithContext(ctx)
	err := db.Where("id = ? AND user_id = ? AND channel = 'inapp'", through, user).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return notFound(CodeMessage, "没有这条消息")
	}
	if err != nil {
		return fmt.Errorf("look for the message: %w", err)
	}
	err = db.Model(&deliveryRow{}).Where("user_id = ? AND channel = 'inapp' AND state = 'sent' AND n <= ?", user, row.N).
		Updates(map[string]any{"state": string(notify.Read), "read_at": micros(at)}).Error
	if err != nil {
		return fmt.Errorf("read the messages: %w", err)
	}
	return nil
}

// MessagesAfter names the users who got in-app messages after a delivery's number, and the newest number: for the live view.
func (r *Reader) MessagesAfter(ctx context.Context, after int64) (users map[string]bool, last int64, err error) {
	users, last = map[string]bool{}, after
	err = each(r.read(ctx), func(rows *sql.Rows) error {
		var n int64
		var user, channel string
		err := rows.Scan(&n, &user, &channel)
		if last = n; channel == string(notify.InApp) {
			users[user] = true
		}
		return err
	}, "SELECT n, user_id, channel FROM deliveries WHERE n > ? ORDER BY n LIMIT 1000", []any{after})
	if err != nil {
		return nil, after, fmt.Errorf("read new messages: %w", err)
	}
	return users, last, nil
}

// LastMessage is the number of the newest delivery.
func (r *Reader) LastMessage(ctx context.Context) (int64, error) {
	var last int64
	if err := r.read(ctx).Raw("SELECT last FROM outbox_head WHERE id = 1").Row().Scan(&last); err != nil {
		return 0, fmt.Errorf("read the newest message: %w", err)
	}
	return last, nil
}

// NotifyBacklog is what waits, and what went wrong.
func (r *Reader) NotifyBacklog(ctx context.Context, t notify.Tick) (notify.Backlog, error) {
	var b notify.Backlog
	var ran sql.NullInt64
	db := r.read(ctx)
	var err error
	if b.Outbox, b.Oldest, err = r.OutboxBacklog(ctx); err == nil {
		err = db.Raw(`SELECT count(CASE WHEN held <= ? THEN 1 END), count(CASE WHEN held > ? THEN 1 END),
			count(CASE WHEN held <= ? AND attempts > 0 AND state = 'queued' THEN 1 END)
			FROM deliveries WHERE state IN ('queued', 'sending')`, micros(t.Case), micros(t.Case), micros(t.Case)).
			Row().Scan(&b.Queued, &b.Held, &b.Retrying)
	}
	if err == nil {
		err = db.Raw("SELECT count(*) FROM deliveries WHERE state = 'failed'").Row().Scan(&b.Failed)
	}
	if err == nil {
		err = db.Raw("SELECT count(*) FROM outbox WHERE told = 0 AND fanned < 9223372036854775807").Row().Scan(&b.Nobody)
	}
	if err == nil {
		err = db.Raw("SELECT ran FROM outbox_head WHERE id = 1").Row().Scan(&ran)
	}
	if err != nil {
		return b, fmt.Errorf("read what waits to be sent: %w", err)
	}
	if ran.Int64 > 0 {
		at := moment(ran.Int64)
		b.Ran = &at
	}
	return b, nil
}

// Undelivered lists deliveries that were given up and still matter: the case and the task are open, and the person has neither
// read the same message in the platform nor got it over another channel. In order, at most limit.
func (r *Reader) Undelivered(ctx context.Context, limit int) ([]notify.Delivery, error) {
	var rows []deliveryRow
	err := r.read(ctx).Table("deliveries AS d").Where("d.state = 'failed'").
		Where("EXISTS (SELECT 1 FROM cases WHERE cases.number = d.case_number AND cases.open)").
		Where("d.task = '' OR EXISTS (SELECT 1 FROM tasks WHERE tasks.id = d.task AND tasks.open)").
		Where(`NOT EXISTS (SELECT 1 FROM deliveries r WHERE r.case_number = d.case_number AND r.source = d.source AND r.user_id = d.user_id
			AND (r.state = 'read' OR r.state = 'sent' AND r.channel <> 'inapp'))`).
		Order("d.n").Limit(limit).Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read what did not arrive: %w", err)
	}
	return convert(rows, deliveryRow.delivery)
}

// RetryDelivery sends a delivery of a case again that was given up. CodeDelivery when it was not.
func (s *Store) RetryDelivery(ctx context.Context, number, id string, now time.Time) error {
	result := s.db.WithContext(ctx).Model(&deliveryRow{}).Where("id = ? AND case_number = ? AND state = 'failed'", id, number).
		Updates(map[string]any{"state": string(notify.Queued), "attempts": 0, "began": never, "next_at": micros(now), "reason": ""})
	if result.Error != nil {
		return fmt.Errorf("queue the delivery: %w", result.Error)
	}
	if result.RowsAffected == 0 {
		return conflict(CodeDelivery, "这一条没有失败，不需要重发")
	}
	return nil
}
