package embedded

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
)

const copySuffix = ".copying" // ends the name of a backup that is still being written

// migrate copies an older data file into a fresh one with this build's schema and puts that in its place. The engine
// has no migrations for SQLite. The old file keeps its data under temporal.db.<hash>.bak.
//
// A crash before the rename leaves the old file in place, untouched but for its log, which SQLite has written back
// into it; a crash after the rename leaves the new one. There is no moment without a data file.
func (d dataFile) migrate(ctx context.Context, have stamp) error {
	d.logger.WarnContext(ctx, "引擎数据文件需要升级", "file", d.path(), "from", have.version, "to", d.build.version)
	for _, step := range d.migration(ctx, have) {
		if err := step(); err != nil {
			return fail(CodeMigration, err, "引擎数据文件 %s 升级失败，原文件未改动", d.path())
		}
	}
	return nil
}

// migration lists the steps of migrate. Between any two of them the process may die.
func (d dataFile) migration(ctx context.Context, have stamp) []func() error {
	return []func() error{
		func() error {
			return d.buildFresh(ctx, func(conn *sql.Conn) error { return d.copyOld(ctx, conn) })
		},
		d.dropLog,
		func() error { return d.keepOld(have.hash) },
		d.publishFresh,
	}
}

// copyOld attaches the old file and copies its tables into the main database of the connection, in one transaction.
func (d dataFile) copyOld(ctx context.Context, conn *sql.Conn) error {
	if _, err := conn.ExecContext(ctx, "ATTACH DATABASE ? AS old", "file:"+uriPath(d.path())+"?mode=rw"); err != nil {
		return fmt.Errorf("attach: %w", err)
	}
	// What the log still holds goes into the file first, so that the file alone is the backup.
	var busy, logged, written int
	if err := conn.QueryRowContext(ctx, "PRAGMA old.wal_checkpoint(TRUNCATE)").Scan(&busy, &logged, &written); err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	if busy != 0 {
		return errors.New("checkpoint: the file is in use")
	}
	tables, err := texts(ctx, conn, `SELECT n.name FROM pragma_table_list AS n
		JOIN pragma_table_list AS o ON o.schema = 'old' AND o.name = n.name AND o.type = 'table'
		WHERE n.schema = 'main' AND n.type = 'table' AND n.name NOT LIKE 'sqlite\_%' ESCAPE '\' AND n.name <> 'gongzhi_stamp'
		ORDER BY n.name`) // virtual tables and their shadows have other types; the triggers fill them
	if err != nil {
		return fmt.Errorf("list tables: %w", err)
	}
	if _, err := conn.ExecContext(ctx, "BEGIN"); err != nil {
		return err
	}
	for _, table := range tables {
		if err := copyTable(ctx, conn, table); err != nil {
			return fmt.Errorf("table %s: %w", table, err)
		}
	}
	if _, err := conn.ExecContext(ctx, "COMMIT"); err != nil {
		return err
	}
	check, err := texts(ctx, conn, "PRAGMA main.quick_check")
	if err != nil || len(check) != 1 || check[0] != "ok" {
		return fmt.Errorf("check of the new file: %s: %w", strings.Join(check, "; "), errors.Join(err, errBroken))
	}
	if err := d.reportDropped(ctx, conn); err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, "DETACH DATABASE old")
	return err
}

// reportDropped names what the new schema has no place for; from now on it is only in the backup.
func (d dataFile) reportDropped(ctx context.Context, conn *sql.Conn) error {
	dropped, err := texts(ctx, conn, `SELECT o.name || '.' || c.name FROM pragma_table_list AS o
		JOIN pragma_table_xinfo(o.name, 'old') AS c ON c.hidden = 0
		WHERE o.schema = 'old' AND o.type = 'table' AND o.name NOT LIKE 'sqlite\_%' ESCAPE '\'
		AND NOT EXISTS (SELECT 1 FROM pragma_table_xinfo(o.name, 'main') AS n WHERE n.name = c.name)
		ORDER BY o.name, c.cid`)
	if err != nil {
		return fmt.Errorf("list dropped columns: %w", err)
	}
	if len(dropped) > 0 {
		d.logger.WarnContext(ctx, "新版引擎不再使用的列只保留在备份中", "columns", dropped)
	}
	return nil
}

var errBroken = errors.New("the copy is not sound")

// copyTable copies the columns both tables have. Generated columns are computed anew.
func copyTable(ctx context.Context, conn *sql.Conn, table string) error {
	columns, err := texts(ctx, conn, `SELECT n.name FROM pragma_table_xinfo(?1, 'main') AS n
		JOIN pragma_table_xinfo(?1, 'old') AS o ON o.name = n.name AND o.hidden = 0
		WHERE n.hidden = 0 ORDER BY n.cid`, table)
	if err != nil {
		return err
	}
	rows, err := count(ctx, conn, "old", table)
	if err != nil || rows == 0 {
		return err // nothing to copy; rows the schema itself inserts stay
	}
	if len(columns) == 0 {
		return errors.New("no common column")
	}
	for i, column := range columns {
		columns[i] = identifier(column)
	}
	list, name := strings.Join(columns, ", "), identifier(table)
	for _, statement := range []string{
		fmt.Sprintf("DELETE FROM main.%s", name), // rows the schema itself inserts: the old file has its own
		fmt.Sprintf("INSERT INTO main.%s (%s) SELECT %s FROM old.%s", name, list, list, name),
	} {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	copied, err := count(ctx, conn, "main", table)
	if err != nil {
		return err
	}
	if copied != rows {
		return fmt.Errorf("%w: %d of %d rows", errBroken, copied, rows)
	}
	return nil
}

// dropLog removes the old file's log after it has been written back. A log left behind would be replayed onto
// the new file, which bears the same name, and destroy it.
func (d dataFile) dropLog() error {
	wal := d.path() + "-wal"
	info, err := os.Stat(wal)
	if err == nil && info.Size() > 0 {
		return fmt.Errorf("%s still holds changes", wal)
	}
	for _, name := range []string{wal, d.path() + "-shm"} {
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return syncPath(d.dir)
}

// keepOld gives the old file a second name, or copies it where the file system has no hard links. An earlier backup
// of the same schema is never overwritten.
func (d dataFile) keepOld(hash string) error {
	for n := 1; ; n++ {
		name := fmt.Sprintf("%s.%s.bak", d.path(), hash)
		if n > 1 {
			name = fmt.Sprintf("%s.%s.%d.bak", d.path(), hash, n)
		}
		err := os.Link(d.path(), name)
		if err == nil {
			return syncPath(d.dir)
		}
		if !errors.Is(err, fs.ErrExist) {
			if _, err := os.Stat(name); err == nil {
				continue
			}
			return copyFile(d.path(), name)
		}
		if sameFile(d.path(), name) {
			return nil // an earlier attempt was interrupted between here and the rename
		}
	}
}

func sameFile(a, b string) bool {
	first, err := os.Stat(a)
	if err != nil {
		return false
	}
	second, err := os.Stat(b)
	return err == nil && os.SameFile(first, second)
}

// copyFile copies a file under a temporary name, on the disk, and renames the copy.
func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	temporary := to + copySuffix
	out, err := os.OpenFile(temporary, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	if err = errors.Join(err, out.Sync(), out.Close()); err != nil {
		return err
	}
	return os.Rename(temporary, to)
}

func texts(ctx context.Context, conn *sql.Conn, query string, args ...any) (list []string, err error) {
	rows, err := conn.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		list = append(list, text)
	}
	return list, rows.Err()
}

func count(ctx context.Context, conn *sql.Conn, database, table string) (n int64, err error) {
	query := fmt.Sprintf("SELECT count(*) FROM %s.%s", database, identifier(table))
	err = conn.QueryRowContext(ctx, query).Scan(&n)
	return n, err
}

func identifier(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
