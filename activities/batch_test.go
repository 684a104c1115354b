package activities

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
)

// started notes which batches were started; one of them cannot be.
type started struct{ ids []string }

func (s *started) RunningBatches(context.Context) ([]string, error) {
	return []string{"a", "b", "c"}, nil
}

func (s *started) StartBatch(_ context.Context, id string) error {
	if id == "b" {
		return errors.New("no engine")
	}
	s.ids = append(s.ids, id)
	return nil
}

// A batch that cannot be started keeps no other from being carried out, and is told.
func TestReviveBatches(t *testing.T) {
	t.Parallel()
	s := &started{}
	err := (&Batches{Running: s, Starter: s}).ReviveBatches(t.Context())
	require.ErrorContains(t, err, "no engine")
	require.Equal(t, []string{"a", "c"}, s.ids)
}
