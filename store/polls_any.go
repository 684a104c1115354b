package store

import (
	"context"
	"fmt"
)

// HasPolls tells whether there is any poll: from the first one on, a database belongs to the secret its codes were made with.
func (r *Reader) HasPolls(ctx context.Context) (bool, error) {
	var rows []pollRow
	if err := r.read(ctx).Select("number").Limit(1).Find(&rows).Error; err != nil {
		return false, fmt.Errorf("look for polls: %w", err)
	}
	return len(rows) > 0, nil
}
