package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"gongzhi/ops"
	"gongzhi/record"
)

type batchRow struct {
	ID      string `gorm:"primaryKey"`
	Area    string
	State   string
	Version int64
	At      int64
	Body    string
}

func (batchRow) TableName() string { return "batches" }

// storedBatch is a batch with what its page does not show.
type storedBatch struct {
	ops.Batch
	Post  string          `json:"post"`
	Area  string          `json:"area"`
	Order json.RawMessage `json:"order"`
}

func newBatchRow(b ops.Batch) (batchRow, error) {
	b.Counts = ops.BatchCounts{} // they are those of the items
	body, err := encode(storedBatch{Batch: b, Post: b.Post, Area: b.Area, Order: b.Order})
	return batchRow{ID: b.ID, Area: b.Area, State: string(b.State), Version: b.Version, At: micros(b.At), Body: body}, err
}

func (r batchRow) batch() (ops.Batch, error) {
	s, err := decode[storedBatch](r.Body)
	s.Batch.Post, s.Batch.Area, s.Batch.Order = s.Post, s.Area, s.Order
	return s.Batch, err
}

type batchItemRow struct {
	Batch      string `gorm:"primaryKey"`
	N          int64  `gorm:"primaryKey"`
	CaseNumber string
	Task       string
	Title      string
	Place      string
	State      string
	Plan       string
	Text       string
	At         int64
}

func (batchItemRow) TableName() string { return "batch_items" }

const insertBatchItems = `INSERT INTO batch_items (batch, n, case_number, task, title, place, state, plan, text, at) VALUES ?`

func (r batchItemRow) values() []any {
	return []any{r.Batch, r.N, r.CaseNumber, r.Task, r.Title, r.Place, r.State, r.Plan, r.Text, r.At}
}

func (r batchItemRow) item() (ops.BatchItem, error) {
	return ops.BatchItem{N: r.N, Number: r.CaseNumber, Task: r.Task, Title: r.Title, Place: r.Place, State: ops.ItemState(r.State),
		Plan: r.Plan, Text: r.Text, At: moment(r.At)}, nil
}

// CodeBatch refuses a batch that is not there, or that somebody else watches over.
const CodeBatch = "batch.not_found"

// SaveBatch keeps a batch with its cases. The same id again is the same batch.
func (s *Store) SaveBatch(ctx context.Context, b ops.Batch, items []ops.BatchItem) error {
	b.At = clean(b.At)
	row, err := newBatchRow(b)
	if err != nil {
		return err
	}
	rows := make([]batchItemRow, len(items))
	for i, it := range items {
		rows[i] = batchItemRow{Batch: b.ID, N: it.N, CaseNumber: it.Number, Task: it.Task, Title: it.Title, Place: it.Place,
			State: string(it.State), Plan: it.Plan, Text: it.Text, At: micros(it.At)}
	}
	return s.scripted(ctx, func(c *script) error {
		made := once(c.tx, "id").Create(&row)
		if made.Error != nil {
			return fmt.Errorf("keep the batch: %w", made.Error)
		}
		if made.RowsAffected == 0 {
			return nil
		}
		if err := insert(c, insertBatchItems, rows, batchItemRow.values); err != nil {
			return fmt.Errorf("keep the cases of the batch: %w", err)
		}
		return nil
	})
}

var (
	batchOrder = order{list: "batches", by: "at", id: "id", desc: true}
	itemOrder  = order{list: "batch.items", by: "n", id: "case_number"}
)

// watched limits a query to the batches that may be seen by whoever watches over a subtree of units.
func watched(q *gorm.DB, area string) *gorm.DB {
	return q.Where("area >= ? AND area < ?", area, area+string(maxRune))
}

// Batches lists the batches of an area, the newest first, a page at a time.
func (r *Reader) Batches(ctx context.Context, area, after string, limit int) (record.Page[ops.Batch], error) {
	var page record.Page[ops.Batch]
	q, limit, err := batchOrder.page(watched(r.read(ctx), area), after, limit)
	if err != nil {
		return page, err
	}
	var rows []batchRow
	if err := q.Find(&rows).Error; err != nil {
		return page, fmt.Errorf("read the batches: %w", err)
	}
	rows, page.Next = cut(batchOrder, rows, limit, func(row batchRow) (int64, string) { return row.At, row.ID })
	if page.Items, err = convert(rows, batchRow.batch); err != nil {
		return page, err
	}
	return page, countItems(r.read(ctx), page.Items)
}

// Batch finds a batch of an area; CodeBatch for a foreign one as for an unknown one.
func (r *Reader) Batch(ctx context.Context, area, id string) (ops.Batch, error) {
	return batchIn(r.read(ctx), area, id)
}

func batchIn(db *gorm.DB, area, id string) (ops.Batch, error) {
	var row batchRow
	err := watched(db.Where("id = ?", id), area).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return ops.Batch{}, notFound(CodeBatch, "没有这一批处置，或您无权查看")
	}
	if err != nil {
		return ops.Batch{}, fmt.Errorf("read the batch: %w", err)
	}
	b, err := row.batch()
	if err != nil {
		return b, err
	}
	list := []ops.Batch{b}
	err = countItems(fresh(db), list)
	return list[0], err
}

// countItems counts what has become of the cases of batches.
func countItems(db *gorm.DB, list []ops.Batch) error {
	if len(list) == 0 {
		return nil
	}
	at := make(map[string]*ops.Batch, len(list))
	ids := make([]string, len(list))
	for i := range list {
		at[list[i].ID], ids[i] = &list[i], list[i].ID
	}
	var rows []struct {
		Batch, State string
		N            int
	}
	err := db.Table("batch_items").Select("batch, state, count(*) AS n").Where("batch IN ?", ids).Group("batch, state").Scan(&rows).Error
	if err != nil {
		return fmt.Errorf("count the cases of batches: %w", err)
	}
	for _, row := range rows {
		at[row.Batch].Counts.Add(ops.ItemState(row.State), row.N)
	}
	return nil
}

// BatchItems lists the cases of a batch in their order, a page at a time; those of one state, unless it is empty.
func (r *Reader) BatchItems(
	ctx context.Context, id string, state ops.ItemState, after string, limit int,
) (record.Page[ops.BatchItem], error) {
	var page record.Page[ops.BatchItem]
	q := r.read(ctx).Where("batch = ?", id)
	if state != "" {
		q = q.Where("state = ?", string(state))
	}
	q, limit, err := itemOrder.page(q, after, limit)
	if err != nil {
		return page, err
	}
	var rows []batchItemRow
	if err := q.Find(&rows).Error; err != nil {
		return page, fmt.Errorf("read the cases of the batch: %w", err)
	}
	rows, page.Next = cut(itemOrder, rows, limit, func(row batchItemRow) (int64, string) { return row.N, row.CaseNumber })
	page.Items, err = convert(rows, batchItemRow.item)
	return page, err
}

// ActOnBatch does what somebody wants to do with a batch of an area. Acts on one batch come one after the other.
func (s *Store) ActOnBatch(ctx context.Context, area, id string, a ops.BatchAct) (b ops.Batch, err error) {
	a.At = clean(a.At)
	err = s.write(ctx, func(tx *gorm.DB) error {
		old, err := batchIn(tx.Clauses(clause.Locking{Strength: "UPDATE"}), area, id)
		if err != nil {
			return err
		}
		if b, err = old.Act(a); err != nil {
			return err
		}
		row, err := newBatchRow(b)
		if err != nil {
			return err
		}
		err = tx.Model(&batchRow{ID: id}).Select("state", "version", "body").Updates(row).Error
		if err != nil {
			return fmt.Errorf("write the batch: %w", err)
		}
		return nil
	})
	return b, err
}

// RunningBatches are the ids of the batches that somebody has to carry out.
func (r *Reader) RunningBatches(ctx context.Context) ([]string, error) {
	var ids []string
	err := r.read(ctx).Model(&batchRow{}).Where("state = 'running'").Order("id").Pluck("id", &ids).Error
	if err != nil {
		return nil, fmt.Errorf("read the running batches: %w", err)
	}
	return ids, nil
}

// NextItem is the case of a batch whose turn it is: the first one that is planned; when there are none any more, the one without an
// answer that was asked longest ago. found is false when each has its result.
func (r *Reader) NextItem(ctx context.Context, id string) (item ops.BatchItem, found bool, err error) {
	for _, state := range []ops.ItemState{ops.ItemPlanned, ops.ItemSent} {
		var rows []batchItemRow
		err := r.read(ctx).Where("batch = ? AND state = ?", id, string(state)).Order("at, n").Limit(1).Find(&rows).Error
		if err != nil {
			return item, false, fmt.Errorf("read the next case of the batch: %w", err)
		}
		if len(rows) > 0 {
			item, err = rows[0].item()
			return item, err == nil, err
		}
	}
	return item, false, nil
}

// SettleItem notes what has become of a case of a batch. A result stands: what comes later changes nothing.
func (s *Store) SettleItem(ctx context.Context, id string, n int64, state ops.ItemState, text string, at time.Time) error {
	err := s.db.WithContext(ctx).Model(&batchItemRow{}).Where("batch = ? AND n = ? AND state IN ('planned', 'sent')", id, n).
		Select("state", "text", "at").Updates(batchItemRow{State: string(state), Text: text, At: micros(at)}).Error
	if err != nil {
		return fmt.Errorf("note the result of a case: %w", err)
	}
	return nil
}
