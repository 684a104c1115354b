package app

import (
	"context"
	"log/slog"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"

	"gongzhi/engine"
	"gongzhi/procedure"
	"gongzhi/record"
	"gongzhi/store"
	"gongzhi/store/storetest"
)

// nowhere is a connection to an engine that is not there.
func nowhere(t *testing.T) client.Client {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	quiet := sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler))
	c, err := client.NewLazyClient(client.Options{HostPort: l.Addr().String(), Logger: quiet})
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

// TestVitals_NoEngine: the questions to an engine that is not there end with their limit; the database answers.
func TestVitals_NoEngine(t *testing.T) {
	t.Parallel()
	m := engine.NewMachine(nowhere(t), "gongzhi")
	v := vitals{storetest.Open(t), &clock{mapping: procedure.RealClock()}, m, m}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := v.Engine(ctx)
	require.Error(t, err)
	for _, q := range v.Queues() {
		_, err := v.Lanes(ctx, q.Name)
		require.Error(t, err, q.Name)
	}
	f, err := v.Database(t.Context())
	require.NoError(t, err)
	require.Equal(t, "sqlite", f.Kind)
	require.Positive(t, f.Size)
	require.Zero(t, f.Lag)
}

// TestVitals_Lag: what is stored and not settled is as old as it is, until it is settled.
func TestVitals_Lag(t *testing.T) {
	t.Parallel()
	url := storetest.SQLite(t)
	require.NoError(t, store.Migrate(t.Context(), url))
	s, err := store.Open(t.Context(), store.Options{URL: url, Now: func() time.Time { return time.Now().Add(-90 * time.Second) }})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	v := vitals{store: s, clock: &clock{mapping: procedure.RealClock()}}
	c := record.Command{Request: "digest"}
	c.ID, c.Case, c.Action, c.Task = "c1", "XW-ZR-2026-001", procedure.ActAnswer, "XW-ZR-2026-001/2"
	c.Actor, c.At = procedure.Actor{User: "li", Name: "示例-李"}, time.Now()
	_, _, err = s.SubmitCommand(t.Context(), c)
	require.NoError(t, err)
	f, err := v.Database(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 1, f.Pending)
	require.GreaterOrEqual(t, f.Lag, int64(90))
	require.Less(t, f.Lag, int64(150))
	require.NoError(t, s.SettleCommand(t.Context(), "c1", record.CommandEnd{State: record.CommandDone}))
	f, err = v.Database(t.Context())
	require.NoError(t, err)
	require.Zero(t, f.Pending)
	require.Zero(t, f.Lag)
}

// TestWaited: in production a wait is what it is; in a demonstration days that were passed over are no wait.
func TestWaited(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 9, 1, 9, 0, 0, 0, time.UTC)
	require.Equal(t, 3*time.Hour, waited(procedure.RealClock(), now, now.Add(-3*time.Hour)))
	require.Zero(t, waited(procedure.RealClock(), now, now.Add(time.Second)), "clocks of machines differ")
	fast := procedure.Clock{Since: now.Add(-time.Hour), At: now.AddDate(0, 1, 0), Speed: 60}
	require.Equal(t, 5*time.Minute, waited(fast, now, fast.Case(now).Add(-5*time.Hour)))
	require.Equal(t, time.Hour, waited(fast, now, fast.At.AddDate(0, 0, -9)), "due before the jump, recorded after it")
}
