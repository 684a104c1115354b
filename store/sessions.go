package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Sessions keeps logins for alexedwards/scs (its Store and CtxStore). Only the SHA-256 of a token is stored: a stolen
// copy of the table opens no session.
type Sessions struct{ s *Store }

// Sessions returns the store of sessions.
func (s *Store) Sessions() Sessions { return Sessions{s} }

type sessionRow struct {
	Token  string `gorm:"primaryKey"`
	Data   []byte
	Expiry int64
}

func (sessionRow) TableName() string { return "sessions" }

// FindCtx returns the data of a session that has not ended.
func (x Sessions) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	var data []byte
	err := x.s.reads.read(ctx).Raw("SELECT data FROM sessions WHERE token = ? AND expiry > ?", hash([]byte(token)), micros(x.s.now())).
		Row().Scan(&data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("read the session: %w", err)
	}
	return data, true, nil
}

// CommitCtx adds a session or writes over it.
func (x Sessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	row := sessionRow{Token: hash([]byte(token)), Data: data, Expiry: micros(expiry)}
	if err := replace(x.s.db.WithContext(ctx), "token").Create(&row).Error; err != nil {
		return fmt.Errorf("save the session: %w", err)
	}
	return nil
}

// DeleteCtx ends a session.
func (x Sessions) DeleteCtx(ctx context.Context, token string) error {
	err := x.s.db.WithContext(ctx).Where("token = ?", hash([]byte(token))).Delete(&sessionRow{}).Error
	if err != nil {
		return fmt.Errorf("end the session: %w", err)
	}
	return nil
}

// Find, Commit and Delete complete the interface; scs calls the ones with a context.

// Find is FindCtx without a context.
func (x Sessions) Find(token string) ([]byte, bool, error) {
	return x.FindCtx(context.Background(), token)
}

// Commit is CommitCtx without a context.
func (x Sessions) Commit(token string, data []byte, expiry time.Time) error {
	return x.CommitCtx(context.Background(), token, data, expiry)
}

// Delete is DeleteCtx without a context.
func (x Sessions) Delete(token string) error { return x.DeleteCtx(context.Background(), token) }

// Sweep removes sessions that have ended, and returns how many.
func (x Sessions) Sweep(ctx context.Context) (int64, error) {
	result := x.s.db.WithContext(ctx).Where("expiry <= ?", micros(x.s.now())).Delete(&sessionRow{})
	if result.Error != nil {
		return 0, fmt.Errorf("sweep sessions: %w", result.Error)
	}
	return result.RowsAffected, nil
}
