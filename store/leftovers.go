package store

import "context"

// ClearLeftovers deletes sessions that have ended. Old request keys and login failures go with the writes that follow them.
func (s *Store) ClearLeftovers(ctx context.Context) error {
	_, err := s.Sessions().Sweep(ctx)
	return err
}
