package store

import "context"

// ClearLeftovers deletes sessions that have ended and login attempts of days ago. Old request keys go with the writes that
// follow them.
func (s *Store) ClearLeftovers(ctx context.Context) error {
	if err := s.clearOldAttempts(ctx); err != nil {
		return err
	}
	_, err := s.Sessions().Sweep(ctx)
	return err
}
