package system

import (
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite" // the driver «sqlite»
)

// acknowledged is a write that was answered with success: from that moment it may never be lost.
type acknowledged struct {
	id, login string
	status    int // 200, 201 or 202
	number    string
}

// openFile opens a SQLite file beside the program that owns it.
func openFile(t *testing.T, path string) *sql.DB {
	t.Helper()
	_, err := os.Stat(path)
	require.NoError(t, err)
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?_pragma=busy_timeout(10000)")
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// lost says which acknowledged writes the record does not hold: every one must be stored; what was answered with 200 or 201
// must be done, with an event that names it; what was answered with 202 may also be refused by now, or still be on its way.
func lost(t *testing.T, db *sql.DB, written []acknowledged) []string {
	t.Helper()
	var missing []string
	for _, a := range written {
		var state string
		var events int
		err := db.QueryRowContext(t.Context(), `SELECT state, (SELECT count(*) FROM events WHERE command = $1) FROM commands WHERE id = $1`, a.id).Scan(&state, &events)
		switch {
		case err == sql.ErrNoRows:
			missing = append(missing, a.id+" is not stored")
		case err != nil:
			require.NoError(t, err)
		case state == "done" && events == 0:
			missing = append(missing, a.id+" is done, and no event tells of it")
		case state != "done" && (a.status != 202 || events > 0):
			missing = append(missing, fmt.Sprintf("%s was answered with %d and is %s", a.id, a.status, state))
		}
	}
	return missing
}

// pending counts the commands whose end is not known yet.
func pending(t *testing.T, db *sql.DB) (n int) {
	t.Helper()
	require.NoError(t, db.QueryRowContext(t.Context(), "SELECT count(*) FROM commands WHERE state = 'pending'").Scan(&n))
	return n
}

// strings of one column.
func column(t *testing.T, db *sql.DB, query string, args ...any) []string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query, args...)
	require.NoError(t, err)
	defer func() { _ = rows.Close() }()
	var out []string
	for rows.Next() {
		var s string
		require.NoError(t, rows.Scan(&s))
		out = append(out, s)
	}
	require.NoError(t, rows.Err())
	return out
}

// dump writes every row of every table of a SQLite file, so that two states can be compared.
func dump(t *testing.T, path string) string {
	t.Helper()
	db := openFile(t, path)
	var all strings.Builder
	for _, table := range column(t, db, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name") {
		rows, err := db.QueryContext(t.Context(), "SELECT * FROM "+table)
		require.NoError(t, err)
		names, err := rows.Columns()
		require.NoError(t, err)
		var lines []string
		for rows.Next() {
			values, targets := make([]any, len(names)), make([]any, len(names))
			for i := range values {
				targets[i] = &values[i]
			}
			require.NoError(t, rows.Scan(targets...))
			lines = append(lines, fmt.Sprintf("%s %v", table, values))
		}
		require.NoError(t, rows.Err())
		slices.Sort(lines)
		all.WriteString(strings.Join(append(lines, ""), "\n"))
	}
	require.NoError(t, db.Close())
	return all.String()
}

// copyFolder copies the database of a stopped program to a new folder.
func copyFolder(t *testing.T, dir string) (copied, path string) {
	t.Helper()
	copied = t.TempDir()
	for _, suffix := range []string{"", "-wal", "-shm"} {
		content, err := os.ReadFile(filepath.Join(dir, "gongzhi.db"+suffix))
		if os.IsNotExist(err) && suffix != "" {
			continue
		}
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(copied, "gongzhi.db"+suffix), content, 0o600))
	}
	return copied, filepath.Join(copied, "gongzhi.db")
}
