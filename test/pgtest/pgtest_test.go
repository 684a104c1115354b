package pgtest_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"gongzhi/test/pgtest"
)

func connect(t *testing.T, dsn string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func show(t *testing.T, conn *pgx.Conn, query string) (value string) {
	t.Helper()
	require.NoError(t, conn.QueryRow(t.Context(), query).Scan(&value))
	return value
}

func TestServerIsAwkwardAndSafe(t *testing.T) {
	t.Parallel()
	conn := connect(t, pgtest.Schema(t))
	for setting, want := range map[string]string{
		"TimeZone": "America/St_Johns", "fsync": "on", "synchronous_commit": "on", "max_connections": "200",
		"server_encoding": "UTF8", "lc_collate": "C", "is_superuser": "off",
	} {
		if setting == "lc_collate" {
			require.Equal(t, want, show(t, conn, "SELECT datcollate FROM pg_database WHERE datname = current_database()"))
			continue
		}
		require.Equal(t, want, show(t, conn, "SHOW "+setting), setting)
	}
	_, err := conn.Exec(t.Context(), "CREATE EXTENSION btree_gin") // Temporal's visibility store needs it
	require.NoError(t, err)
}

func TestDatabasesAreApartAndDropped(t *testing.T) {
	t.Parallel()
	var first string
	t.Run("use", func(t *testing.T) {
		first = pgtest.Schema(t)
		second := pgtest.Schema(t)
		require.NotEqual(t, first, second)
		_, err := connect(t, first).Exec(t.Context(), "CREATE TABLE only_here (n bigint)")
		require.NoError(t, err)
		require.Equal(t, "true", show(t, connect(t, first), "SELECT (to_regclass('only_here') IS NOT NULL)::text"))
		require.Equal(t, "false", show(t, connect(t, second), "SELECT (to_regclass('only_here') IS NOT NULL)::text"))
		// A session left open must not keep the database alive.
		_, err = pgx.Connect(context.Background(), first)
		require.NoError(t, err)
	})
	_, err := pgx.Connect(t.Context(), first)
	require.ErrorContains(t, err, "does not exist")
}

func TestCommittedRowsSurviveKill(t *testing.T) {
	t.Parallel()
	server := pgtest.Private(t)
	dsn := server.Schema(t)
	conn := connect(t, dsn)
	_, err := conn.Exec(t.Context(), "CREATE TABLE kept (n bigint); INSERT INTO kept VALUES (1)")
	require.NoError(t, err)
	open, err := connect(t, dsn).Begin(t.Context())
	require.NoError(t, err)
	_, err = open.Exec(t.Context(), "INSERT INTO kept VALUES (2)")
	require.NoError(t, err)

	require.NoError(t, server.Kill())
	_, err = pgx.Connect(t.Context(), dsn)
	require.Error(t, err, "a killed server answers nobody")

	require.NoError(t, server.Start(t.Context()))
	require.Equal(t, "1", show(t, connect(t, dsn), "SELECT string_agg(n::text, ',') FROM kept"))
	require.Error(t, server.Start(t.Context()), "it runs already")

	require.NoError(t, server.Stop())
	require.NoError(t, server.Start(t.Context()))
	require.Equal(t, "1", show(t, connect(t, dsn), "SELECT count(*)::text FROM kept"))
}

func TestSharedServerCannotBeKilled(t *testing.T) {
	t.Parallel()
	cmd := child("kill-shared", pgtest.EnvDSN+"=postgres://somebody@127.0.0.1:1/postgres")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Contains(t, string(out), "shared with other tests")
}

// TestNothingIsLeftBehind kills a test process that owns a server: the server must end and its folder must go.
func TestNothingIsLeftBehind(t *testing.T) {
	t.Parallel()
	temp := t.TempDir()
	require.NoError(t, os.Chmod(temp, 0o755))
	require.NoError(t, os.Chmod(filepath.Dir(temp), 0o755)) // PostgreSQL's own user must reach it
	cmd := child("die", pgtest.EnvDSN+"=", "TMPDIR="+temp)
	var out bytes.Buffer
	cmd.Stdout = &out
	require.Error(t, cmd.Run(), "it kills itself")
	dsn := strings.TrimSpace(out.String())
	require.True(t, strings.HasPrefix(dsn, "postgres://"), dsn)
	require.Eventually(t, func() bool {
		left, err := os.ReadDir(temp)
		return err == nil && len(left) == 0
	}, time.Minute, 50*time.Millisecond)
	_, err := pgx.Connect(t.Context(), dsn)
	require.Error(t, err)
}

func TestMissingPostgres(t *testing.T) {
	t.Parallel()
	_, err := pgtest.FindBinariesIn([]string{t.TempDir()}, filepath.Join(t.TempDir(), "*", "bin"))
	require.True(t, pgtest.IsMissing(err))
	require.ErrorContains(t, err, "apt-get install postgresql")
}

func TestNewestPostgresIsFound(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for _, version := range []string{"9", "15", "14"} {
		bin := filepath.Join(root, version, "bin")
		require.NoError(t, os.MkdirAll(bin, 0o755))
		for _, name := range []string{"initdb", "postgres"} {
			require.NoError(t, os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"), 0o755))
		}
	}
	dir, err := pgtest.FindBinariesIn(nil, filepath.Join(root, "*", "bin"))
	require.NoError(t, err)
	require.Equal(t, filepath.Join(root, "15", "bin"), dir)
}

func TestMissingIsSkippedOrFails(t *testing.T) {
	t.Parallel()
	tb := &recorder{TB: t}
	pgtest.Settle(tb, pgtest.ErrMissing, "")
	require.Contains(t, tb.skipped, "apt-get install postgresql")
	require.Empty(t, tb.failed)

	tb = &recorder{TB: t}
	pgtest.Settle(tb, pgtest.ErrMissing, "1")
	require.Contains(t, tb.failed, "apt-get install postgresql")
	require.Empty(t, tb.skipped)

	tb = &recorder{TB: t}
	pgtest.Settle(tb, errors.New("initdb broke"), "")
	require.Contains(t, tb.failed, "initdb broke", "a broken PostgreSQL is never a skip")
}

// recorder notes how a test would have ended.
type recorder struct {
	testing.TB
	skipped, failed string
}

func (r *recorder) Helper()                           {}
func (r *recorder) Skipf(format string, args ...any)  { r.skipped = fmt.Sprintf(format, args...) }
func (r *recorder) Fatalf(format string, args ...any) { r.failed = fmt.Sprintf(format, args...) }

const roleEnv = "PGTEST_CHILD"

// child runs this test binary again in another role.
func child(role string, env ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(append(os.Environ(), roleEnv+"="+role), env...)
	return cmd
}

func TestMain(m *testing.M) {
	switch os.Getenv(roleEnv) {
	case "kill-shared":
		pgtest.KillShared()
	case "die":
		server, err := pgtest.Open(context.Background())
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println(server.Admin())
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	default:
		os.Exit(m.Run())
	}
}
