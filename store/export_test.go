package store

import (
	"context"
	"sync/atomic"

	"gorm.io/gorm"

	"gongzhi/procedure"
)

// Handled lists the kinds of event that are folded.
func Handled() map[procedure.EventType]bool {
	kinds := map[procedure.EventType]bool{}
	for kind := range handlers {
		kinds[kind] = true
	}
	return kinds
}

// WriteThrough tries to write over the connections of the reader.
func (r *Reader) WriteThrough(ctx context.Context) error {
	return r.read(ctx).Create(&settingRow{ID: "x", Value: "y"}).Error
}

// CountStatements counts what a store asks its database from now on.
func CountStatements(s *Store) *atomic.Int64 {
	var n atomic.Int64
	count := func(*gorm.DB) { n.Add(1) }
	for _, db := range []*gorm.DB{s.db, s.reads.db} {
		c := db.Callback()
		_ = c.Query().Register("count", count)
		_ = c.Row().Register("count", count)
		_ = c.Raw().Register("count", count)
		_ = c.Create().Register("count", count)
		_ = c.Update().Register("count", count)
		_ = c.Delete().Register("count", count)
	}
	return &n
}
