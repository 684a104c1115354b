package store

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"
)

// attemptRow counts the attempts at a password under one key, one after the other.
type attemptRow struct {
	Name string `gorm:"primaryKey"`
	N    int
	At   int64 // the last one
}

func (attemptRow) TableName() string { return "login_attempts" }

// keepAttempts is how long attempts are kept: longer than any lock.
const keepAttempts = 24 * time.Hour

// LoginAttempt counts an attempt at a password. It is counted before the password is looked at, in one statement, so that
// guesses side by side, in any number of processes, cannot pass the limit. n is its number in the row of attempts of which
// none came later than within after the one before; 0 when the limit is reached and it may not be made: last is the moment
// of the last one that was counted.
func (s *Store) LoginAttempt(
	ctx context.Context, key string, at time.Time, within time.Duration, limit int,
) (n int, last time.Time, err error) {
	err = s.write(ctx, func(tx *gorm.DB) error {
		var counted []int
		err := tx.Raw(`INSERT INTO login_attempts (name, n, at) VALUES (?, 1, ?)
			ON CONFLICT (name) DO UPDATE SET at = excluded.at,
				n = CASE WHEN login_attempts.at <= ? THEN 1 ELSE login_attempts.n + 1 END
			WHERE login_attempts.at <= ? OR login_attempts.n < ? RETURNING n`,
			key, micros(at), micros(at.Add(-within)), micros(at.Add(-within)), limit).Scan(&counted).Error
		if err != nil {
			return fmt.Errorf("count the attempt: %w", err)
		}
		if len(counted) == 1 {
			n, last = counted[0], clean(at)
			return nil
		}
		var row attemptRow
		if err := tx.Where("name = ?", key).Take(&row).Error; err != nil {
			return fmt.Errorf("read the attempts: %w", err)
		}
		last = moment(row.At)
		return nil
	})
	return n, last, err
}

// DropLoginAttempt takes an attempt back whose password nobody looked at.
func (s *Store) DropLoginAttempt(ctx context.Context, key string) error {
	err := s.db.WithContext(ctx).Model(&attemptRow{}).Where("name = ? AND n > 0", key).Update("n", gorm.Expr("n - 1")).Error
	if err != nil {
		return fmt.Errorf("take the attempt back: %w", err)
	}
	return nil
}

// ClearLoginAttempts forgets the attempts under keys: the password was right.
func (s *Store) ClearLoginAttempts(ctx context.Context, keys ...string) error {
	if err := s.db.WithContext(ctx).Where("name IN ?", keys).Delete(&attemptRow{}).Error; err != nil {
		return fmt.Errorf("forget the attempts: %w", err)
	}
	return nil
}

// clearOldAttempts forgets the attempts of days ago.
func (s *Store) clearOldAttempts(ctx context.Context) error {
	err := s.db.WithContext(ctx).Where("at < ?", micros(s.now().Add(-keepAttempts))).Delete(&attemptRow{}).Error
	if err != nil {
		return fmt.Errorf("forget old attempts: %w", err)
	}
	return nil
}
