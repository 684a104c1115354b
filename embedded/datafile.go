package embedded

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"go.temporal.io/server/common/headers"
	"go.temporal.io/server/schema"
	"golang.org/x/mod/semver"
	_ "modernc.org/sqlite" // the driver the engine's SQLite plugin uses, under the name "sqlite"
)

const (
	dataName  = "temporal.db"
	freshName = "temporal.db.new" // a file under construction; it counts for nothing until it is renamed
)

// schemaFiles are the two schemas of the SQLite plugin: executions, then visibility. The engine never checks nor
// upgrades the schema of a SQLite file, and its version constants do not change with the visibility columns;
// therefore the text of the schemas is the version.
var schemaFiles = [...]string{"sqlite/v3/temporal/schema.sql", "sqlite/v3/visibility/schema.sql"}

// stampTable says, inside the data file itself, which schema the file has and which engine wrote it last.
// Beside the file it could be lost or mixed up when a folder is copied.
const stampTable = `CREATE TABLE gongzhi_stamp (
	id             INTEGER PRIMARY KEY CHECK (id = 1),
	schema_hash    TEXT NOT NULL,
	server_version TEXT NOT NULL
)`

// build is what this binary carries: the schema and the version of the engine.
type build struct {
	statements []string // the schemas, in order
	hash       string   // of the statements; 16 hex digits
	version    string   // of the engine, as in "1.32.1"
}

func thisBuild() (build, error) {
	sum := sha256.New()
	b := build{version: headers.ServerVersion}
	for _, name := range schemaFiles {
		text, err := fs.ReadFile(schema.Assets(), name)
		if err != nil {
			return build{}, fail(CodeStorage, err, "程序中缺少引擎数据库结构 %s", name)
		}
		_, _ = sum.Write(text) // a hash never fails
		b.statements = append(b.statements, string(text))
	}
	b.hash = hex.EncodeToString(sum.Sum(nil))[:16]
	return b, nil
}

// dataFile is the engine's SQLite file in a folder the caller has locked.
type dataFile struct {
	dir    string
	build  build
	logger *slog.Logger
}

func (d dataFile) path() string  { return filepath.Join(d.dir, dataName) }
func (d dataFile) fresh() string { return filepath.Join(d.dir, freshName) }

// prepare leaves a data file with this build's schema in the folder: it makes one, or migrates the one that is there,
// or finds that nothing needs doing. Whenever it is interrupted, the folder holds either the old file or the new one,
// whole, and the next call carries on.
func (d dataFile) prepare(ctx context.Context) error {
	if err := d.removeLeftovers(); err != nil {
		return err
	}
	_, err := os.Stat(d.path())
	if errors.Is(err, fs.ErrNotExist) {
		return d.create(ctx)
	}
	if err != nil {
		return fail(CodeStorage, err, "无法读取引擎数据文件 %s", d.path())
	}
	have, err := d.readStamp(ctx)
	if err != nil {
		return err
	}
	newer := semver.Compare("v"+have.version, "v"+d.build.version) > 0
	switch {
	case have.hash == d.build.hash && (have.version == d.build.version || newer):
		return nil // the engine may go back one version while the schema stays the same
	case have.hash == d.build.hash:
		return d.writeVersion(ctx)
	case newer:
		return fail(CodeNewer, nil, "数据文件 %s 由更新的引擎 %s 写入，本程序的引擎为 %s，请使用新版程序",
			d.path(), have.version, d.build.version)
	}
	return d.migrate(ctx, have)
}

// removeLeftovers removes what an interrupted create or migrate left behind.
func (d dataFile) removeLeftovers() error {
	names := []string{d.fresh(), d.fresh() + "-journal", d.fresh() + "-wal", d.fresh() + "-shm"}
	copies, err := filepath.Glob(filepath.Join(globQuote(d.dir), dataName+".*"+copySuffix))
	if err != nil {
		return fail(CodeStorage, err, "无法读取数据目录 %s", d.dir)
	}
	for _, name := range append(names, copies...) {
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fail(CodeStorage, err, "无法清理未完成的文件 %s", name)
		}
	}
	return nil
}

// create makes the data file: whole under another name, on the disk, then renamed.
func (d dataFile) create(ctx context.Context) error {
	// The log of a data file that has vanished may hold the last changes, and would be replayed onto a new file.
	if info, err := os.Stat(d.path() + "-wal"); err == nil && info.Size() > 0 {
		return fail(CodeForeign, nil, "数据目录 %s 中只有引擎日志而没有数据文件，请恢复 %s 或移走该日志", d.dir, dataName)
	}
	if err := d.dropLog(); err != nil {
		return fail(CodeStorage, err, "无法清理数据目录 %s", d.dir)
	}
	if err := d.buildFresh(ctx, nil); err != nil {
		return fail(CodeStorage, err, "无法在数据目录 %s 中建立引擎数据文件", d.dir)
	}
	if err := d.publishFresh(); err != nil {
		return fail(CodeStorage, err, "无法在数据目录 %s 中建立引擎数据文件", d.dir)
	}
	return nil
}

// buildFresh writes the schema and the stamp into the file under construction, then lets fill add to it, and puts it
// on the disk. Nothing protects the file meanwhile (no journal, no waiting for the disk): half a file is thrown away.
func (d dataFile) buildFresh(ctx context.Context, fill func(*sql.Conn) error) (err error) {
	// SQLite would make a file that others can read, and its logs take over the rights of the file.
	file, err := os.OpenFile(d.fresh(), os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	db, err := openSQLite(d.fresh(), "mode=rw", "journal_mode=off", "synchronous=off")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()

	for _, text := range append([]string{"BEGIN"}, append(d.build.statements, stampTable)...) {
		if _, err := conn.ExecContext(ctx, text); err != nil {
			return err
		}
	}
	if _, err := conn.ExecContext(ctx, "INSERT INTO gongzhi_stamp (id, schema_hash, server_version) VALUES (1, ?, ?)",
		d.build.hash, d.build.version); err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, "COMMIT"); err != nil {
		return err
	}
	if fill != nil {
		return fill(conn)
	}
	return nil
}

// publishFresh puts the file under construction on the disk and gives it the name of the data file, in one step.
func (d dataFile) publishFresh() error {
	if err := syncPath(d.fresh()); err != nil {
		return err
	}
	if err := os.Rename(d.fresh(), d.path()); err != nil {
		return err
	}
	return syncPath(d.dir)
}

// stamp is the content of the stamp table.
type stamp struct{ hash, version string }

func (d dataFile) readStamp(ctx context.Context) (s stamp, err error) {
	db, err := openSQLite(d.path(), "mode=rw")
	if err != nil {
		return stamp{}, fail(CodeStorage, err, "无法打开引擎数据文件 %s", d.path())
	}
	defer func() {
		if closing := db.Close(); err == nil && closing != nil {
			err = fail(CodeStorage, closing, "无法关闭引擎数据文件 %s", d.path())
		}
	}()
	var tables int
	const has = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'gongzhi_stamp'"
	if err := db.QueryRowContext(ctx, has).Scan(&tables); err != nil {
		return stamp{}, fail(CodeStorage, err, "无法读取引擎数据文件 %s", d.path())
	}
	if tables == 0 {
		return stamp{}, fail(CodeForeign, nil, "文件 %s 不是本系统建立的引擎数据文件，请移走或另选数据目录", d.path())
	}
	const read = "SELECT schema_hash, server_version FROM gongzhi_stamp WHERE id = 1"
	if err := db.QueryRowContext(ctx, read).Scan(&s.hash, &s.version); err != nil {
		return stamp{}, fail(CodeStorage, err, "无法读取引擎数据文件 %s 的版本", d.path())
	}
	return s, nil
}

func (d dataFile) writeVersion(ctx context.Context) error {
	db, err := openSQLite(d.path(), "mode=rw", "synchronous=full")
	if err == nil {
		_, err = db.ExecContext(ctx, "UPDATE gongzhi_stamp SET server_version = ? WHERE id = 1", d.build.version)
		err = errors.Join(err, db.Close())
	}
	if err != nil {
		return fail(CodeStorage, err, "无法更新引擎数据文件 %s 的版本", d.path())
	}
	return nil
}

// settle writes the log back into the data file after the engine has stopped, so that the one file can be copied.
// Nothing is lost if it cannot: SQLite does the same at the next opening.
func (d dataFile) settle(ctx context.Context) error {
	db, err := openSQLite(d.path(), "mode=rw")
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	return errors.Join(err, db.Close())
}

// openSQLite opens a file with one connection. The first option is SQLite's mode, the others are pragmas.
func openSQLite(path, mode string, pragmas ...string) (*sql.DB, error) {
	name := "file:" + uriPath(path) + "?" + mode + "&_pragma=busy_timeout=10000"
	for _, pragma := range pragmas {
		name += "&_pragma=" + pragma
	}
	db, err := sql.Open("sqlite", name)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

// uriPath escapes what would end or change the path in SQLite's file URIs.
func uriPath(path string) string {
	return strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
}

// globQuote escapes what filepath.Glob takes for a pattern.
func globQuote(path string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(path)
}

// syncPath waits until a file, or the entries of a folder, are on the disk.
func syncPath(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}
