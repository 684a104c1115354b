package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
)

// SQLite compiles a statement in this process each time it is asked for it: a tenth of the time of a decision, when nothing is
// kept. GORM's own cache does not help: a statement first used in a transaction is closed with it, and is compiled again by
// every later one. So each connection keeps what it has compiled. (pgx does the same for PostgreSQL by itself.)

// keptStatements bounds what one connection keeps: lists that filter by several values have many forms.
const keptStatements = 500

// keeping opens the connections of a pool of SQLite.
type keeping struct {
	dsn    string
	driver driver.Driver
}

func openKeeping(dsn string) (*sql.DB, error) {
	plain, err := sql.Open("sqlite", dsn) // opens nothing; names the driver
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(keeping{dsn, plain.Driver()}), plain.Close()
}

func (k keeping) Driver() driver.Driver { return k.driver }

func (k keeping) Connect(context.Context) (driver.Conn, error) {
	c, err := k.driver.Open(k.dsn)
	if err != nil {
		return nil, err
	}
	inner, ok := c.(connection)
	if !ok {
		return nil, errors.Join(errors.New("the driver of SQLite lacks a method"), c.Close())
	}
	return &keeper{connection: inner, kept: map[string]*statement{}}, nil
}

// connection is what the driver can do.
type connection interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.ConnBeginTx
	driver.ExecerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// keeper is one connection with its statements. It is used by one goroutine at a time, like every connection.
type keeper struct {
	connection
	kept map[string]*statement
}

// ExecContext leaves scripts and transactions to the driver; the rest is prepared.
func (k *keeper) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if len(args) == 0 {
		return k.connection.ExecContext(ctx, query, args)
	}
	return nil, driver.ErrSkip
}

// Prepare keeps nothing: database/sql asks for PrepareContext.
func (k *keeper) Prepare(query string) (driver.Stmt, error) { return k.connection.Prepare(query) }

func (k *keeper) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	if s := k.kept[query]; s != nil && !s.busy {
		s.busy = true
		return s, nil
	}
	inner, err := k.connection.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	ready, ok := inner.(prepared)
	if !ok || k.kept[query] != nil { // the same statement is being read: this one is for once
		return inner, nil
	}
	if len(k.kept) >= keptStatements {
		for text, s := range k.kept { // an idle one, whichever
			if !s.busy {
				delete(k.kept, text)
				if err := s.prepared.Close(); err != nil {
					return nil, errors.Join(err, inner.Close())
				}
				break
			}
		}
	}
	s := &statement{prepared: ready, busy: true}
	k.kept[query] = s
	return s, nil
}

func (k *keeper) Close() error {
	var errs []error
	for _, s := range k.kept {
		errs = append(errs, s.prepared.Close())
	}
	k.kept = nil
	return errors.Join(append(errs, k.connection.Close())...)
}

type prepared interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// statement goes back to its connection instead of being closed.
type statement struct {
	prepared
	busy bool
}

func (s *statement) Close() error {
	s.busy = false
	return nil
}
