// Package pgtest gives tests a real PostgreSQL in a temporary folder.
//
// A test asks for a database of its own:
//
//	dsn := pgtest.Schema(t)
//
// One server is shared by all tests of a binary, and by all binaries when the command pgstart started it for them.
// A test that kills the server takes one of its own with [Private].
package pgtest

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	// EnvDSN names the server that tests share: the DSN of a role that may create databases.
	EnvDSN = "GONGZHI_TEST_POSTGRES"
	// EnvRequire turns a missing PostgreSQL from a skipped test into a failed one when it is "1".
	EnvRequire = "GONGZHI_REQUIRE_POSTGRES"
)

// startTimeout bounds one start of the server, recovery after a kill included.
const startTimeout = 60 * time.Second

// shared is the server of this test binary. It is process-wide because a start takes seconds and tests only borrow it.
var shared = sync.OnceValues(func() (*Instance, error) {
	if dsn := os.Getenv(EnvDSN); dsn != "" {
		return &Instance{admin: dsn}, nil
	}
	return Open(context.Background())
})

// Server returns the server that the tests of this binary share. It must not be killed: see [Private].
// Without PostgreSQL the test is skipped with the reason, or fails when [EnvRequire] is "1".
func Server(tb testing.TB) *Instance {
	tb.Helper()
	instance, err := shared()
	settle(tb, err, os.Getenv(EnvRequire))
	return instance
}

// Private returns a server that only this test uses, stopped at its end: it may be killed and started again.
// Without PostgreSQL it does what [Server] does.
func Private(tb testing.TB) *Instance {
	tb.Helper()
	instance, err := Open(context.Background())
	settle(tb, err, os.Getenv(EnvRequire))
	tb.Cleanup(func() {
		if err := instance.Close(); err != nil {
			tb.Errorf("pgtest: close: %v", err)
		}
	})
	return instance
}

// Schema returns the DSN of an empty database that only this test uses, on the shared server. It is dropped at the test's end.
// The role owns the database and is no superuser, as in production.
func Schema(tb testing.TB) string {
	tb.Helper()
	return Server(tb).Schema(tb)
}

// Schema returns the DSN of an empty database that only this test uses. It is dropped at the test's end.
func (p *Instance) Schema(tb testing.TB) string {
	tb.Helper()
	name := "t_" + strings.ToLower(rand.Text())
	if err := p.exec(tb.Context(), "CREATE DATABASE "+name+" TEMPLATE template0"); err != nil {
		tb.Fatalf("pgtest: create database: %v", err)
	}
	tb.Cleanup(func() {
		// The test's context is over by now.
		ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
		defer cancel()
		if err := p.exec(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			tb.Errorf("pgtest: drop database: %v", err)
		}
	})
	dsn, err := p.DSN(name)
	if err != nil {
		tb.Fatalf("pgtest: %v", err)
	}
	return dsn
}

// DSN returns the address of a database on this server.
func (p *Instance) DSN(database string) (string, error) {
	u, err := url.Parse(p.admin)
	if err != nil || u.Scheme == "" {
		return "", fmt.Errorf("%s must be a URL such as postgres://user:password@host:5432/postgres", EnvDSN)
	}
	u.Path = "/" + database
	return u.String(), nil
}

func (p *Instance) exec(ctx context.Context, statement string) error {
	conn, err := pgx.Connect(ctx, p.admin)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, statement)
	if closeErr := conn.Close(ctx); err == nil {
		err = closeErr
	}
	return err
}

// settle ends a test that got no server: PostgreSQL missing is a skip unless it is required, all else is a failure.
func settle(tb testing.TB, err error, required string) {
	tb.Helper()
	switch {
	case err == nil:
	case IsMissing(err) && required != "1":
		tb.Skipf("pgtest: %v (set %s=1 to make this a failure)", err, EnvRequire)
	default:
		tb.Fatalf("pgtest: %v", err)
	}
}
