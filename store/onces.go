package store

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"
)

type onceRow struct {
	UserID   string `gorm:"primaryKey"`
	ID       string `gorm:"primaryKey"`
	Digest   string
	Done     bool
	Answer   []byte
	Reserved int64
}

func (onceRow) TableName() string { return "onces" }

const (
	reservationLasts = time.Minute    // longer than any request may run
	answerKept       = 24 * time.Hour // longer than anybody repeats a request
)

// Once reserves the key of a write that is not a command. fresh is true for whoever must do the work now: the first, or
// the next one when a reservation has stood for a minute without an answer. A finished key gives its stored answer.
// Another digest is refused with CodeIdempotent, an unfinished key with CodeRunning.
func (s *Store) Once(ctx context.Context, user, key, digest string) (answer []byte, fresh bool, err error) {
	now := s.now()
	err = s.write(ctx, func(tx *gorm.DB) error {
		if err := tx.Where("reserved < ?", micros(now.Add(-answerKept))).Delete(&onceRow{}).Error; err != nil {
			return fmt.Errorf("forget old keys: %w", err)
		}
		row := onceRow{UserID: user, ID: key, Digest: digest, Reserved: micros(now)}
		result := once(tx, "user_id", "id").Create(&row)
		if result.Error != nil {
			return fmt.Errorf("reserve the key: %w", result.Error)
		}
		if fresh = result.RowsAffected == 1; fresh {
			return nil
		}
		var old onceRow
		if err := tx.Where("user_id = ? AND id = ?", user, key).Take(&old).Error; err != nil {
			return fmt.Errorf("read the key: %w", err)
		}
		switch {
		case old.Digest != digest:
			return conflict(CodeIdempotent, "同一请求编号（Idempotency-Key）已用于另一请求，请换用新的编号")
		case old.Done:
			answer = old.Answer
			return nil
		}
		return s.takeOver(tx, old, now, &fresh)
	})
	return answer, fresh, err
}

// takeOver gives a reservation that nobody finished to one of those who ask for it.
func (s *Store) takeOver(tx *gorm.DB, old onceRow, now time.Time, fresh *bool) error {
	if now.Sub(moment(old.Reserved)) < reservationLasts {
		return conflict(CodeRunning, "同一请求正在处理，请稍候再试")
	}
	result := tx.Model(&onceRow{}).
		Where("user_id = ? AND id = ? AND reserved = ? AND done = ?", old.UserID, old.ID, old.Reserved, false).
		Update("reserved", micros(now))
	if result.Error != nil {
		return fmt.Errorf("take the key over: %w", result.Error)
	}
	if *fresh = result.RowsAffected == 1; !*fresh {
		return conflict(CodeRunning, "同一请求正在处理，请稍候再试")
	}
	return nil
}

// OnceDone stores the answer of a reserved key.
func (s *Store) OnceDone(ctx context.Context, user, key string, answer []byte) error {
	err := s.db.WithContext(ctx).Model(&onceRow{}).Where("user_id = ? AND id = ?", user, key).
		Updates(map[string]any{"done": true, "answer": answer}).Error
	if err != nil {
		return fmt.Errorf("store the answer: %w", err)
	}
	return nil
}

// OnceDrop gives a key back after a refusal or a fault, so that it may be tried again.
func (s *Store) OnceDrop(ctx context.Context, user, key string) error {
	err := s.db.WithContext(ctx).Where("user_id = ? AND id = ? AND done = ?", user, key, false).
		Delete(&onceRow{}).Error
	if err != nil {
		return fmt.Errorf("give the key back: %w", err)
	}
	return nil
}
