package store

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"gongzhi/procedure"
	"gongzhi/record"
)

// copyReadRow says that a copy (抄送) was read after its case had been closed (ADR 0015). Before that, reading is an event.
type copyReadRow struct {
	CaseNumber string `gorm:"primaryKey"`
	Copy       string `gorm:"primaryKey"`
	Command    string
	Reader     string // as the record shows an actor
	At         int64
}

const copyReadsTable = "copy_reads"

func (copyReadRow) TableName() string { return copyReadsTable }

// ReadCopy stores the command that marks a copy of a closed case as read (已阅), together with its effect. The same id with
// the same request returns what is stored and fresh=false. CodeCaseOpen while the case still moves: then its workflow records
// the reading. CodeCopyRead when somebody has read it before.
func (s *Store) ReadCopy(ctx context.Context, c record.Command) (stored record.Command, fresh bool, err error) {
	if err := checkCommand(c); err != nil {
		return record.Command{}, false, err
	}
	err = s.scripted(ctx, func(out *script) error {
		tx := out.tx
		if stored, fresh, err = s.store(tx, c); err != nil || !fresh {
			return err
		}
		if err := markRead(tx, stored); err != nil {
			return err
		}
		chain := chainRow{CaseNumber: c.Case}
		if err := tx.Take(&chain).Error; err != nil {
			return fmt.Errorf("read the record: %w", err)
		}
		stored.State, stored.Seq = record.CommandDone, chain.Head
		err := tx.Model(&commandRow{ID: c.ID}).Select("state", "seq").
			Updates(commandRow{State: string(stored.State), Seq: stored.Seq}).Error
		if err != nil {
			return fmt.Errorf("settle the command: %w", err)
		}
		// Not in the record, but news to the pages that show the copy.
		return announce(out, []procedure.Event{{Case: c.Case, Seq: chain.Head, Type: procedure.TaskRead, At: stored.At}})
	})
	return stored, fresh, err
}

func markRead(tx *gorm.DB, c record.Command) error {
	var kase caseRow
	err := tx.Where("number = ?", c.Case).Take(&kase).Error
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound):
		return notFound(CodeCase, "没有编号为 %.40s 的办件", c.Case)
	case err != nil:
		return fmt.Errorf("read the case: %w", err)
	case kase.Open:
		return conflict(CodeCaseOpen, "办件 %s 尚未办结，已阅由流程记入经过", c.Case)
	}
	var copied copyRow
	err = tx.Where("case_number = ? AND id = ?", c.Case, c.Task).Take(&copied).Error
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound):
		return notFound(CodeCopy, "没有这份抄送")
	case err != nil:
		return fmt.Errorf("read the copy: %w", err)
	}
	mark := copyReadRow{CaseNumber: c.Case, Copy: c.Task, Command: c.ID, Reader: c.Actor.Title(), At: micros(c.At)}
	if copied.Unread {
		result := once(tx, "case_number", "copy").Create(&mark)
		if result.Error != nil {
			return fmt.Errorf("mark the copy: %w", result.Error)
		}
		if result.RowsAffected == 1 {
			return nil
		}
	}
	return conflict(CodeCopyRead, "这份抄送已经阅过")
}

// unreadOf limits a query to the copies of a scope that nobody has read.
func unreadOf(q *gorm.DB, s record.Scope) *gorm.DB {
	return heldBy(q, s, copiesTable, "unread").Where("NOT EXISTS (?)", fresh(q).Table(copyReadsTable).Select("1").
		Where("copy_reads.case_number = copies.case_number AND copy_reads.copy = copies.id"))
}

// readLater adds to copies that they were read after their case had been closed.
func (r *Reader) readLater(ctx context.Context, copies []record.Copy) error {
	if len(copies) == 0 {
		return nil
	}
	numbers := make([]string, len(copies))
	for i, c := range copies {
		numbers[i] = c.Case
	}
	var rows []copyReadRow
	if err := r.read(ctx).Where("case_number IN ?", numbers).Find(&rows).Error; err != nil {
		return fmt.Errorf("read who has read the copies: %w", err)
	}
	for _, row := range rows {
		for i := range copies {
			if c := &copies[i]; c.Case == row.CaseNumber && c.ID == row.Copy {
				c.ReadAt, c.ReadBy = ptr(moment(row.At)), row.Reader
			}
		}
	}
	return nil
}
