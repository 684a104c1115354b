package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"
	"gorm.io/gorm"
)

// script is the part of a transaction that only writes. PostgreSQL is sent its statements together and answers them together:
// waiting for each answer cost more than the writing. On SQLite nothing lies in between, and each runs at once.
type script struct {
	tx     *gorm.DB
	conn   *sql.Conn // of PostgreSQL; nil runs each statement at once
	store  *Store
	queued pgx.Batch
}

// scripted runs f in one transaction. What f adds to the script is written when f runs the script, or before the commit.
func (s *Store) scripted(ctx context.Context, f func(*script) error) error {
	return s.scriptedOn(ctx, s.db, f)
}

func (s *Store) scriptedOn(ctx context.Context, pool *gorm.DB, f func(*script) error) error {
	if s.kind == sqliteKind {
		return pool.WithContext(ctx).Transaction(func(tx *gorm.DB) error { return f(&script{tx: tx, store: s}) })
	}
	return pool.WithContext(ctx).Connection(func(db *gorm.DB) error {
		conn, ok := db.Statement.ConnPool.(*sql.Conn)
		if !ok {
			return fmt.Errorf("a connection of the database is a %T", db.Statement.ConnPool)
		}
		return db.Transaction(func(tx *gorm.DB) error {
			c := &script{tx: tx, conn: conn, store: s}
			if err := f(c); err != nil {
				return err
			}
			return c.run()
		})
	})
}

// add takes a statement whose result nobody needs.
func (c *script) add(text string, args ...any) error {
	if c.conn == nil {
		return c.tx.Exec(text, args...).Error
	}
	dry := c.tx.Session(&gorm.Session{DryRun: true}).Exec(text, args...) // GORM numbers the question marks
	if dry.Error == nil {
		c.queued.Queue(dry.Statement.SQL.String(), dry.Statement.Vars...)
	}
	return dry.Error
}

// run sends what was added, and returns the first error.
func (c *script) run() error {
	if c.queued.Len() == 0 {
		return nil
	}
	size := trace.WithAttributes(attribute.Int("db.operation.batch.size", c.queued.Len()))
	ctx, span := c.store.follow(c.tx.Statement.Context, "sql script", size)
	err := c.conn.Raw(func(raw any) error {
		driver, ok := raw.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("the driver of the database is a %T", raw)
		}
		return driver.Conn().SendBatch(ctx, &c.queued).Close()
	})
	finish(span, err)
	c.queued = pgx.Batch{}
	return err
}
