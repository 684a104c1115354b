package store

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"
)

type failureRow struct {
	Name string
	At   int64
}

func (failureRow) TableName() string { return "login_failures" }

// keepFailures is how long failed logins are kept: longer than any lock.
const keepFailures = 24 * time.Hour

// LoginFailures gives the failed logins under a key since a moment, and the last one. All processes count together.
func (r *Reader) LoginFailures(ctx context.Context, key string, since time.Time) (n int, last time.Time, err error) {
	var found struct{ N, Last int64 }
	err = r.read(ctx).Model(&failureRow{}).Select("count(*) AS n, coalesce(max(at), 0) AS last").
		Where("name = ? AND at >= ?", key, micros(since)).Scan(&found).Error
	if err != nil {
		return 0, time.Time{}, fmt.Errorf("count failed logins: %w", err)
	}
	if found.N == 0 {
		return 0, time.Time{}, nil
	}
	return int(found.N), moment(found.Last), nil
}

// AddLoginFailure records a failed login, and forgets those of days ago.
func (s *Store) AddLoginFailure(ctx context.Context, key string, at time.Time) error {
	return s.write(ctx, func(tx *gorm.DB) error {
		if err := tx.Where("at < ?", micros(at.Add(-keepFailures))).Delete(&failureRow{}).Error; err != nil {
			return fmt.Errorf("forget failed logins: %w", err)
		}
		if err := tx.Create(&failureRow{Name: key, At: micros(at)}).Error; err != nil {
			return fmt.Errorf("record the failed login: %w", err)
		}
		return nil
	})
}

// ClearLoginFailures forgets the failed logins under a key.
func (s *Store) ClearLoginFailures(ctx context.Context, key string) error {
	if err := s.db.WithContext(ctx).Where("name = ?", key).Delete(&failureRow{}).Error; err != nil {
		return fmt.Errorf("clear failed logins: %w", err)
	}
	return nil
}
