package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations
var migrations embed.FS

// versionTable is where goose keeps what was migrated. It has its own name, so that the engine's tables may live beside ours.
const versionTable = "gongzhi_schema"

// Migrate brings the database at url to the schema of this program, one transaction a step. It is safe to repeat, and
// to run from several processes at once.
func Migrate(ctx context.Context, url string) error {
	d, err := parseURL(url)
	if err != nil {
		return err
	}
	if err := d.create(); err != nil {
		return err
	}
	db, err := d.openWriter()
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	p, err := provider(d, db)
	if err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// create makes the file of a SQLite database that does not exist: only its owner may read it. SQLite gives the files beside it
// the same permissions.
func (d database) create() error {
	if d.kind != sqliteKind {
		return nil
	}
	f, err := os.OpenFile(d.path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("create the database: %w", err)
	}
	return f.Close()
}

func provider(d database, db *sql.DB) (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations/"+string(d.kind))
	if err != nil {
		return nil, err
	}
	options := []goose.ProviderOption{goose.WithTableName(versionTable), goose.WithDisableGlobalRegistry(true)}
	dialect := goose.DialectSQLite3
	if d.kind == postgresKind {
		dialect = goose.DialectPostgres
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return nil, fmt.Errorf("migration lock: %w", err)
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	p, err := goose.NewProvider(dialect, db, files, options...)
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	return p, nil
}

// checkSchema refuses a database whose schema is not exactly the one this program was built for.
func checkSchema(ctx context.Context, d database, db *sql.DB) error {
	p, err := provider(d, db)
	if err != nil {
		return err
	}
	sources := p.ListSources()
	want := sources[len(sources)-1].Version
	have, err := schemaVersion(ctx, d, db)
	switch {
	case err != nil:
		return err
	case have == 0:
		return unmigrated()
	case have < want:
		return conflict(CodeOlder, "数据库结构（第 %d 版）旧于本程序（第 %d 版），请先运行 gongzhi migrate", have, want)
	case have > want:
		return conflict(CodeNewer, "数据库结构（第 %d 版）新于本程序（第 %d 版），请使用更新的程序", have, want)
	}
	return nil
}

func unmigrated() error {
	return conflict(CodeUnmigrated, "数据库尚未建表，请先运行 gongzhi migrate")
}

// schemaVersion is 0 for a database that was never migrated. It creates nothing.
func schemaVersion(ctx context.Context, d database, db *sql.DB) (int64, error) {
	exists := "SELECT name FROM sqlite_master WHERE type = 'table' AND name = '" + versionTable + "'"
	if d.kind == postgresKind {
		exists = "SELECT relname FROM pg_class WHERE oid = to_regclass('" + versionTable + "')"
	}
	var name string
	err := db.QueryRowContext(ctx, exists).Scan(&name)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("look for the schema: %w", err)
	}
	var version sql.NullInt64
	err = db.QueryRowContext(ctx, "SELECT max(version_id) FROM "+versionTable+" WHERE is_applied").Scan(&version)
	if err != nil {
		return 0, fmt.Errorf("read the schema version: %w", err)
	}
	return version.Int64, nil
}
