package storetest

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// testVitals: the figures are those of the database that was opened, and move with what happens to it.
func testVitals(t *testing.T, b bundle) {
	v, err := b.Vitals(t.Context())
	require.NoError(t, err)
	before := v.Size
	require.Positive(t, before)
	require.Positive(t, v.Limit)
	require.LessOrEqual(t, v.InUse, v.Limit)
	if strings.HasPrefix(b.url, "sqlite:") {
		require.Equal(t, "sqlite", v.Kind)
		require.Regexp(t, `^3\.\d+`, v.Version)
		require.Zero(t, v.MaxClients, "a file has no server")
	} else {
		require.Equal(t, "postgres", v.Kind)
		require.Regexp(t, `^\d+(\.\d+)?$`, v.Version)
		require.Positive(t, v.Clients, "this program at least")
		require.GreaterOrEqual(t, v.MaxClients, v.Clients)
	}

	// A connection that is held shows, and is gone when it is given back.
	pools, err := b.Pools()
	require.NoError(t, err)
	for name, pool := range pools {
		held, err := pool.Conn(t.Context())
		require.NoError(t, err, name)
		during, err := b.Vitals(t.Context())
		require.NoError(t, err, name)
		require.Equal(t, 1, during.InUse, name)
		require.NoError(t, held.Close())
	}
	v, err = b.Vitals(t.Context())
	require.NoError(t, err)
	require.Zero(t, v.InUse)

	// What is written makes it larger. A server's size moves with its other tests too.
	if v.Kind == "sqlite" {
		require.NoError(t, b.SaveSetting(t.Context(), "large", strings.Repeat("共治", 1<<16)))
		v, err = b.Vitals(t.Context())
		require.NoError(t, err)
		require.Greater(t, v.Size, before)
	}
}

// testOutboxBacklog: what waits to be handed out is counted from its first moment, until it is handed out.
func testOutboxBacklog(t *testing.T, b bundle) {
	staff(t, b)
	n, oldest, err := b.OutboxBacklog(t.Context())
	require.NoError(t, err)
	require.Zero(t, n)
	require.Nil(t, oldest)
	s := NewScript("XW-ZR-2026-001")
	s.Task(Office, 3)
	first := s.Events[len(s.Events)-1].At
	s.Task(Office, 4)
	appendAll(t, b, s)
	n, oldest, err = b.OutboxBacklog(t.Context())
	require.NoError(t, err)
	require.Equal(t, 2, n)
	require.True(t, first.Equal(*oldest), "%s", oldest)
	_, err = b.FanOut(t.Context(), tick())
	require.NoError(t, err)
	n, _, err = b.OutboxBacklog(t.Context())
	require.NoError(t, err)
	require.Zero(t, n)
}
