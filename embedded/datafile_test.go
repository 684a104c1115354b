package embedded

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func newDataFile(t *testing.T, dir string) dataFile {
	t.Helper()
	b, err := thisBuild()
	require.NoError(t, err)
	return dataFile{dir: dir, build: b, logger: quiet()}
}

// query runs statements on a file and returns the first column of the last one's first row, if it has one.
func query(t *testing.T, path string, statements ...string) (value string) {
	t.Helper()
	db, err := openSQLite(path, "mode=rw")
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	for i, statement := range statements {
		if i < len(statements)-1 {
			_, err := db.Exec(statement)
			require.NoError(t, err, statement)
			continue
		}
		var v sql.NullString
		if err := db.QueryRow(statement).Scan(&v); err != sql.ErrNoRows {
			require.NoError(t, err, statement)
		}
		value = v.String
	}
	return value
}

func TestCreateIsWholeOrNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	d := newDataFile(t, dir)

	// A process that died between two schema statements leaves such a file and such companions.
	half := d
	half.build.statements = []string{d.build.statements[0], "CREATE TABLE broken ("}
	require.Error(t, half.create(context.Background()))
	require.FileExists(t, d.fresh())
	require.NoFileExists(t, d.path(), "half a schema never bears the name of the data file")
	backup := filepath.Join(dir, dataName+".0123456789abcdef.bak")
	for _, name := range []string{d.fresh() + "-journal", d.fresh() + "-wal", d.fresh() + "-shm", backup + copySuffix} {
		require.NoError(t, os.WriteFile(name, []byte("left over"), 0o600))
	}
	require.NoError(t, os.WriteFile(backup, []byte("a finished backup"), 0o600))

	require.NoError(t, d.prepare(context.Background()))
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	require.Equal(t, []string{dataName, filepath.Base(backup)}, names)
	require.Equal(t, "1", query(t, d.path(), "SELECT count(*) FROM sqlite_master WHERE name = 'executions_visibility'"))
	info, err := os.Stat(d.path())
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), "others may not read it")
	require.NoError(t, d.prepare(context.Background()), "nothing left to do")
}

func TestLogWithoutDataFileIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	wal := filepath.Join(dir, dataName+"-wal")
	require.NoError(t, os.WriteFile(wal, []byte("the last changes of a file that was moved away"), 0o600))
	requireCode(t, newDataFile(t, dir).prepare(context.Background()), CodeForeign)
	require.FileExists(t, wal)

	require.NoError(t, os.Truncate(wal, 0)) // the control: an empty log holds nothing
	require.NoError(t, newDataFile(t, dir).prepare(context.Background()))
}

func TestNewerFileIsRefused(t *testing.T) {
	t.Parallel()
	d := newDataFile(t, t.TempDir())
	require.NoError(t, d.prepare(context.Background()))
	const newer = "UPDATE gongzhi_stamp SET server_version = '999.0.0'"
	query(t, d.path(), newer, "SELECT 1")
	require.NoError(t, d.prepare(context.Background()), "the same schema may be used by an older engine")

	query(t, d.path(), "UPDATE gongzhi_stamp SET schema_hash = 'future'", "SELECT 1")
	coded := requireCode(t, d.prepare(context.Background()), CodeNewer)
	require.Contains(t, coded.Message, "999.0.0")
	require.Equal(t, "future", query(t, d.path(), "SELECT schema_hash FROM gongzhi_stamp"))
}

func TestStampFollowsTheEngine(t *testing.T) {
	t.Parallel()
	d := newDataFile(t, t.TempDir())
	require.NoError(t, d.prepare(context.Background()))
	query(t, d.path(), "UPDATE gongzhi_stamp SET server_version = '1.0.0'", "SELECT 1")
	require.NoError(t, d.prepare(context.Background()))
	require.Equal(t, d.build.version, query(t, d.path(), "SELECT server_version FROM gongzhi_stamp"))
}
