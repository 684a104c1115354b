package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib" // also the driver «pgx»
	"go.opentelemetry.io/otel/trace"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
	_ "modernc.org/sqlite" // the driver «sqlite», the same as the engine's

	"gongzhi/batch"
	"gongzhi/procedure"
)

// Options says which database to open and what the store may not look up itself.
type Options struct {
	// URL is "sqlite:/path/gongzhi.db" or a PostgreSQL URL.
	URL    string
	Logger *slog.Logger
	// Now is the engine's time: when commands are stored, sessions end and logins are locked. nil means time.Now.
	// Case time comes with events and never from here.
	Now func() time.Time
	// Kinds names procedures on the rows that readers get: 社区工作准入.
	Kinds map[procedure.Kind]string
	// Traces, if there are any, follow statements.
	Traces trace.TracerProvider
	// AllowUnsafe opens a PostgreSQL that may lose what it confirmed. Only for the control of a durability test.
	AllowUnsafe bool
}

// Store reads and writes. Its read methods are those of Reader.
type Store struct {
	*reads
	db     *gorm.DB
	chains *gorm.DB // for appends, one at a time: SQLite's db, or a connection of their own
	log    *slog.Logger
	now    func() time.Time
	tracer trace.Tracer // nil without traces

	appends *batch.Writer[*addition]
}

// Reader reads. It has no method that writes, and on SQLite its connections cannot.
type Reader struct {
	db    *gorm.DB
	kind  databaseKind
	kinds map[procedure.Kind]string
	vault *vault // see SealWith
}

// reads lets Store have a method of the name Reader beside the methods of a Reader.
type reads = Reader

type databaseKind string

const (
	sqliteKind   databaseKind = "sqlite"
	postgresKind databaseKind = "postgres"
)

// database is a parsed Options.URL.
type database struct {
	kind databaseKind
	path string // of SQLite
	dsn  string // of PostgreSQL
}

func parseURL(text string) (database, error) {
	if path, ok := strings.CutPrefix(text, "sqlite:"); ok && path != "" {
		path, err := filepath.Abs(path)
		return database{kind: sqliteKind, path: path}, err
	}
	if strings.HasPrefix(text, "postgres://") || strings.HasPrefix(text, "postgresql://") {
		return database{kind: postgresKind, dsn: text}, nil
	}
	return database{}, invalid(CodeURL, "数据库地址无效：应为 sqlite:/路径/gongzhi.db 或 postgres:// 地址")
}

// sqliteDSN: a transaction takes the write lock when it begins, so that two of them never wait for each other, and a
// commit is on the disk before it is confirmed.
func (d database) sqliteDSN(readOnly bool) string {
	q := url.Values{"_txlock": {"immediate"}, "_pragma": {
		"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)",
	}}
	if readOnly {
		q = url.Values{"_pragma": {"busy_timeout(10000)", "query_only(1)"}}
	}
	return "file:" + (&url.URL{Path: d.path}).EscapedPath() + "?" + q.Encode()
}

func (d database) openWriter() (*sql.DB, error) {
	if d.kind == postgresKind {
		db, err := sql.Open("pgx", d.dsn)
		return limited(db, err, 2*runtime.NumCPU()+8)
	}
	return d.openSQLite(false, 1)
}

func (d database) openSQLite(readOnly bool, connections int) (*sql.DB, error) {
	db, err := openKeeping(d.sqliteDSN(readOnly))
	return limited(db, err, connections)
}

// openChains opens the one connection of PostgreSQL that appends use. They come one after the other, and what they ask for is found
// by its key, however many rows a table has: the server keeps their plans instead of making each anew, and no connection has to
// learn statements that another one knows.
func (d database) openChains() (*sql.DB, error) {
	config, err := pgx.ParseConfig(d.dsn)
	if err != nil {
		return nil, invalid(CodeURL, "数据库地址无效：%v", err)
	}
	settle := func(ctx context.Context, c *pgx.Conn) error {
		_, err := c.Exec(ctx, "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off")
		return err
	}
	return limited(stdlib.OpenDB(*config, stdlib.OptionAfterConnect(settle)), nil, 1)
}

func limited(db *sql.DB, err error, connections int) (*sql.DB, error) {
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return db, nil
}

// Open opens a migrated database. It refuses an unmigrated, older or newer schema, and a PostgreSQL whose settings may
// lose what it confirmed.
func Open(ctx context.Context, o Options) (*Store, error) {
	d, err := parseURL(o.URL)
	if err != nil {
		return nil, err
	}
	if d.kind == sqliteKind { // connecting would create the file
		if _, err := os.Stat(d.path); errors.Is(err, fs.ErrNotExist) {
			return nil, unmigrated()
		}
	}
	writer, err := d.openWriter()
	if err != nil {
		return nil, err
	}
	s, err := open(ctx, d, writer, o)
	if err != nil {
		_ = writer.Close()
		return nil, err
	}
	return s, nil
}

func open(ctx context.Context, d database, writer *sql.DB, o Options) (*Store, error) {
	if err := checkSchema(ctx, d, writer); err != nil {
		return nil, err
	}
	if d.kind == postgresKind && !o.AllowUnsafe {
		if err := checkDurable(ctx, writer); err != nil {
			return nil, err
		}
	}
	db, err := d.gorm(writer)
	if err != nil {
		return nil, err
	}
	readers := db
	if d.kind == sqliteKind {
		pool, err := d.openSQLite(true, max(4, runtime.NumCPU()))
		if err != nil {
			return nil, err
		}
		if readers, err = d.gorm(pool); err != nil {
			_ = pool.Close()
			return nil, err
		}
	}
	chains := db
	if d.kind == postgresKind {
		pool, err := d.openChains()
		if err != nil {
			return nil, err
		}
		if chains, err = d.gorm(pool); err != nil {
			_ = pool.Close()
			return nil, err
		}
	}
	s := &Store{reads: &Reader{db: readers, kind: d.kind, kinds: o.Kinds}, db: db, chains: chains, log: o.Logger, now: o.Now}
	s.appends = newAppends(s.additions)
	if o.Traces != nil {
		if err := s.trace(o.Traces.Tracer("gongzhi/store")); err != nil {
			return nil, err
		}
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.now == nil {
		s.now = time.Now
	}
	return s, nil
}

func (d database) gorm(pool *sql.DB) (*gorm.DB, error) {
	var dialect gorm.Dialector = sqliteDialect{pool: pool}
	if d.kind == postgresKind {
		dialect = postgres.New(postgres.Config{Conn: pool})
	}
	// Writes open their transactions themselves. Errors reach the caller, who logs them once.
	db, err := gorm.Open(dialect, &gorm.Config{SkipDefaultTransaction: true, Logger: logger.Discard})
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	return db, nil
}

// checkDurable: with any of these settings off, PostgreSQL confirms commits that a power cut undoes.
func checkDurable(ctx context.Context, db *sql.DB) error {
	for _, name := range []string{"synchronous_commit", "fsync", "full_page_writes"} {
		var value string
		if err := db.QueryRowContext(ctx, "SELECT current_setting($1)", name).Scan(&value); err != nil {
			return fmt.Errorf("read the setting %s: %w", name, err)
		}
		if value != "on" && !(name == "synchronous_commit" && value == "remote_apply") {
			return conflict(CodeUnsafe, "PostgreSQL 的 %s 为 %s，断电时可能丢失已确认的数据；请改为 on", name, value)
		}
	}
	return nil
}

// Reader returns the part of the store that cannot write.
func (s *Store) Reader() *Reader { return s.reads }

// Ping tells whether the database answers.
func (r *Reader) Ping(ctx context.Context) error {
	db, err := r.db.DB()
	if err != nil {
		return err
	}
	return db.PingContext(ctx)
}

// Close ends all connections, after the appends that have begun.
func (s *Store) Close() error {
	s.appends.Wait()
	var first error
	for _, handle := range []*gorm.DB{s.reads.db, s.chains, s.db} {
		db, err := handle.DB()
		if err == nil {
			err = db.Close() // closing a shared pool twice is harmless
		}
		if first == nil {
			first = err
		}
	}
	return first
}

// Pools are the connections to the database, by what they are for.
func (s *Store) Pools() (map[string]*sql.DB, error) {
	writers, err := s.db.DB()
	if err != nil {
		return nil, err
	}
	readers, err := s.reads.db.DB()
	if err != nil {
		return nil, err
	}
	if readers != writers {
		return map[string]*sql.DB{"write": writers, "read": readers}, nil
	}
	chains, err := s.chains.DB()
	if err != nil {
		return nil, err
	}
	return map[string]*sql.DB{"all": writers, "append": chains}, nil
}

// write runs f in one transaction.
func (s *Store) write(ctx context.Context, f func(tx *gorm.DB) error) error {
	return s.db.WithContext(ctx).Transaction(f)
}

func (r *Reader) read(ctx context.Context) *gorm.DB { return r.db.WithContext(ctx) }
