package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"gorm.io/gorm"

	"gongzhi/ballot"
)

type objectionRow struct {
	Poll     string `gorm:"primaryKey"`
	ID       string `gorm:"primaryKey"`
	N        int64
	About    string
	Answered bool
	Body     string
}

func (objectionRow) TableName() string { return "poll_objections" }

// What an objection is about.
const (
	aboutRoll   = "roll"
	aboutResult = "result"
)

// AddObjection keeps what somebody says against the roll until it is frozen, or against the provisional result until it is final.
// The poll numbers objections that bring no id.
func (s *Store) AddObjection(ctx context.Context, number string, o ballot.Objection) (ballot.Objection, error) {
	o.At, o.Answer, o.Upheld, o.Answered, o.By = clean(o.At), "", false, nil, ""
	if err := checkText(o.ID, o.Who, o.Line, o.Text); err != nil {
		return o, err
	}
	if (o.About != aboutRoll && o.About != aboutResult) || o.Who == "" || o.Text == "" {
		return o, invalid(ballot.CodeObjection, "异议须写明对清册还是对结果、异议人和内容")
	}
	err := s.changePoll(ctx, number, func(tx *gorm.DB, p *pollRow) error {
		if o.ID != "" {
			old, found, err := objection(tx, number, o.ID)
			if err != nil {
				return err
			}
			if found {
				return sameObjection(old, &o)
			}
		}
		switch {
		case o.About == aboutRoll && (p.Frozen || p.State != string(ballot.Preparing)):
			return frozenRoll(number)
		case o.About == aboutResult && p.State != string(ballot.Counted):
			return conflict(ballot.CodeResult, "表决 %s 不在结果询异期内", number)
		}
		var n int64
		if err := tx.Model(&objectionRow{}).Where("poll = ?", number).Count(&n).Error; err != nil {
			return fmt.Errorf("count objections: %w", err)
		}
		if o.ID == "" {
			o.ID = strconv.FormatInt(n+1, 10)
		}
		body, err := encode(o)
		if err != nil {
			return err
		}
		row := objectionRow{Poll: number, ID: o.ID, N: n + 1, About: o.About, Body: body}
		if err := tx.Create(&row).Error; err != nil {
			return fmt.Errorf("keep the objection: %w", err)
		}
		return nil
	})
	return o, err
}

// sameObjection gives the objection that was kept before under the same id.
func sameObjection(old ballot.Objection, o *ballot.Objection) error {
	if old.About != o.About || old.Who != o.Who || old.Line != o.Line || old.Text != o.Text {
		return conflict(ballot.CodeAgain, "编号为 %.40q 的异议已有不同的内容", o.ID)
	}
	*o = old
	return nil
}

func objection(tx *gorm.DB, number, id string) (ballot.Objection, bool, error) {
	var row objectionRow
	err := tx.Where("poll = ? AND id = ?", number, id).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return ballot.Objection{}, false, nil
	}
	if err != nil {
		return ballot.Objection{}, false, fmt.Errorf("read the objection: %w", err)
	}
	o, err := decode[ballot.Objection](row.Body)
	return o, true, err
}

// AnswerObjection answers an objection, once.
func (s *Store) AnswerObjection(ctx context.Context, number string, o ballot.Objection) error {
	if err := checkText(o.Answer, o.By); err != nil {
		return err
	}
	if o.Answer == "" || o.By == "" || o.Answered == nil {
		return invalid(ballot.CodeObjection, "须写明答复、答复人和时间")
	}
	return s.changePoll(ctx, number, func(tx *gorm.DB, _ *pollRow) error {
		old, found, err := objection(tx, number, o.ID)
		switch {
		case err != nil:
			return err
		case !found:
			return notFound(ballot.CodeObjection, "没有编号为 %.40q 的异议", o.ID)
		case old.Answered != nil && old.Answer == o.Answer && old.Upheld == o.Upheld:
			return nil
		case old.Answered != nil:
			return conflict(ballot.CodeObjection, "这件异议已经答复，答复不能更改")
		}
		old.Answer, old.Upheld, old.Answered, old.By = o.Answer, o.Upheld, cleanPtr(o.Answered), o.By
		body, err := encode(old)
		if err != nil {
			return err
		}
		err = tx.Model(&objectionRow{}).Where("poll = ? AND id = ?", number, o.ID).
			Updates(map[string]any{"answered": true, "body": body}).Error
		if err != nil {
			return fmt.Errorf("answer the objection: %w", err)
		}
		return nil
	})
}

// Objections lists objections, oldest first; about the roll and the result for the empty about.
func (r *Reader) Objections(ctx context.Context, number, about string) ([]ballot.Objection, error) {
	q := r.read(ctx).Where("poll = ?", number)
	if about != "" {
		q = q.Where("about = ?", about)
	}
	var rows []objectionRow
	if err := q.Order("n").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read objections: %w", err)
	}
	return convert(rows, func(row objectionRow) (ballot.Objection, error) { return decode[ballot.Objection](row.Body) })
}

type checkpointRow struct {
	Poll string `gorm:"primaryKey"`
	Size int64  `gorm:"primaryKey;autoIncrement:false"`
	Root string
	Note string
	At   int64
}

func (checkpointRow) TableName() string { return "poll_checkpoints" }

// AddCheckpoint keeps a signed checkpoint. The first one of a size stays; another root of the same size is a fault: somebody
// changed the ledger.
func (s *Store) AddCheckpoint(ctx context.Context, number string, c ballot.Checkpoint) error {
	row := checkpointRow{Poll: number, Size: c.Size, Root: c.Root, Note: c.Note, At: micros(clean(c.At))}
	return s.write(ctx, func(tx *gorm.DB) error {
		p, err := lockPoll(tx, number)
		if err != nil {
			return err
		}
		if c.Size < 0 || c.Size > p.Leaves {
			return fmt.Errorf("checkpoint of poll %s: size %d, but the ledger has %d leaves", number, c.Size, p.Leaves)
		}
		result := once(tx, "poll", "size").Create(&row)
		if result.Error != nil {
			return fmt.Errorf("keep the checkpoint: %w", result.Error)
		}
		if result.RowsAffected == 1 {
			return nil
		}
		var old checkpointRow
		if err := tx.Where("poll = ? AND size = ?", number, c.Size).Take(&old).Error; err != nil {
			return fmt.Errorf("read the checkpoint: %w", err)
		}
		if old.Root != c.Root {
			return fmt.Errorf("checkpoint of poll %s: another root was signed for size %d", number, c.Size)
		}
		return nil
	})
}

func (r checkpointRow) checkpoint() (ballot.Checkpoint, error) {
	return ballot.Checkpoint{Size: r.Size, Root: r.Root, Note: r.Note, At: moment(r.At)}, nil
}

// Checkpoints lists all checkpoints of a poll, oldest first.
func (r *Reader) Checkpoints(ctx context.Context, number string) ([]ballot.Checkpoint, error) {
	var rows []checkpointRow
	if err := r.read(ctx).Where("poll = ?", number).Order("size").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the checkpoints: %w", err)
	}
	return convert(rows, checkpointRow.checkpoint)
}

// LastCheckpoints lists the newest checkpoints of a poll, newest first.
func (r *Reader) LastCheckpoints(ctx context.Context, number string, limit int) ([]ballot.Checkpoint, error) {
	var rows []checkpointRow
	if err := r.read(ctx).Where("poll = ?", number).Order("size DESC").Limit(pageOf(limit)).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the last checkpoints: %w", err)
	}
	return convert(rows, checkpointRow.checkpoint)
}
