package store_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"gongzhi/procedure"
	"gongzhi/store"
	"gongzhi/store/storetest"
	"gongzhi/test/pgtest"
)

func TestSQLite(t *testing.T) {
	t.Parallel()
	storetest.Run(t, storetest.SQLite)
}

func TestPostgres(t *testing.T) {
	t.Parallel()
	storetest.Run(t, pgtest.Schema)
}

// TestPostgresInAnotherZone: a session zone with a strange offset and daylight saving changes nothing that is kept.
func TestPostgresInAnotherZone(t *testing.T) {
	t.Parallel()
	storetest.SameRows(t, storetest.SQLite(t), with(t, pgtest.Schema(t), "timezone", "Pacific/Chatham"))
}

// TestBothDatabasesKeepTheSame compares every row, column by column.
func TestBothDatabasesKeepTheSame(t *testing.T) {
	t.Parallel()
	storetest.SameRows(t, storetest.SQLite(t), pgtest.Schema(t))
}

func with(t *testing.T, dsn, key, value string) string {
	t.Helper()
	u, err := url.Parse(dsn)
	require.NoError(t, err)
	q := u.Query()
	q.Set(key, value)
	u.RawQuery = q.Encode()
	return u.String()
}

func refusal(t *testing.T, err error, code string) {
	t.Helper()
	var refused *procedure.Error
	require.ErrorAs(t, err, &refused)
	require.Equal(t, code, refused.Code)
}

func TestOpenRefusesPostgresThatMayLose(t *testing.T) {
	t.Parallel()
	dsn := pgtest.Schema(t)
	require.NoError(t, store.Migrate(t.Context(), dsn))
	for _, value := range []string{"off", "local", "remote_write"} {
		_, err := store.Open(t.Context(), store.Options{URL: with(t, dsn, "synchronous_commit", value)})
		refusal(t, err, store.CodeUnsafe)
	}
	s, err := store.Open(t.Context(), store.Options{URL: with(t, dsn, "synchronous_commit", "off"), AllowUnsafe: true})
	require.NoError(t, err)
	require.NoError(t, s.Close())
	s, err = store.Open(t.Context(), store.Options{URL: dsn})
	require.NoError(t, err)
	require.NoError(t, s.Close())
}

func TestOpenRefusesAnEmptyDatabase(t *testing.T) {
	t.Parallel()
	_, err := store.Open(t.Context(), store.Options{URL: pgtest.Schema(t)})
	refusal(t, err, store.CodeUnmigrated)
	path := filepath.Join(t.TempDir(), "none.db")
	_, err = store.Open(t.Context(), store.Options{URL: "sqlite:" + path})
	refusal(t, err, store.CodeUnmigrated)
	require.NoFileExists(t, path, "looking creates nothing")
	require.NoError(t, os.WriteFile(path, nil, 0o600))
	_, err = store.Open(t.Context(), store.Options{URL: "sqlite:" + path})
	refusal(t, err, store.CodeUnmigrated)
	require.NoError(t, os.WriteFile(path, []byte("this is no database, but it is long enough to be read"), 0o600))
	_, err = store.Open(t.Context(), store.Options{URL: "sqlite:" + path})
	require.Error(t, err)
}

// The record of a district is nobody else's on the machine: neither the file nor those that SQLite puts beside it.
func TestSQLiteFilesAreTheOwners(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	url := "sqlite:" + filepath.Join(dir, "gongzhi.db")
	require.NoError(t, store.Migrate(t.Context(), url))
	s, err := store.Open(t.Context(), store.Options{URL: url})
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	require.NoError(t, s.SaveSetting(t.Context(), "a", "b"))

	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(files), 2, "the database and its log")
	for _, f := range files {
		info, err := f.Info()
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), f.Name())
	}
}

func TestReaderOfSQLiteCannotWrite(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t)
	require.ErrorContains(t, s.Reader().WriteThrough(t.Context()), "readonly")
	require.NoError(t, s.SaveSetting(t.Context(), "x", "y"))
}

// TestEveryEventIsFolded: each kind of event that procedure declares has a function that folds it, and the case that the
// rebuild is tested with has each of them.
func TestEveryEventIsFolded(t *testing.T) {
	t.Parallel()
	handled, used := store.Handled(), map[procedure.EventType]bool{}
	for _, e := range storetest.Full("N").Events {
		used[e.Type] = true
	}
	declared := declaredEvents(t)
	require.Greater(t, len(declared), 20)
	require.Equal(t, declared, handled)
	require.Equal(t, declared, used)
}

// declaredEvents reads the constants of type EventType.
func declaredEvents(t *testing.T) map[procedure.EventType]bool {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../procedure/event.go", nil, 0)
	require.NoError(t, err)
	kinds := map[procedure.EventType]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if name, ok := spec.Type.(*ast.Ident); !ok || name.Name != "EventType" {
			return true
		}
		for _, v := range spec.Values {
			text, err := strconv.Unquote(v.(*ast.BasicLit).Value)
			require.NoError(t, err)
			kinds[procedure.EventType(text)] = true
		}
		return true
	})
	return kinds
}
