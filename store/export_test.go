package store

import (
	"context"

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
