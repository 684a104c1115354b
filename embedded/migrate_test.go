package embedded

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

const oldHash = "0ld0ld0ld0ld0ld0"

// age turns a data file into one that an older engine might have written: another hash, a missing index and a missing
// table, a column and a table that are no longer used.
func age(t *testing.T, path string) {
	t.Helper()
	query(t, path,
		"UPDATE gongzhi_stamp SET schema_hash = '"+oldHash+"', server_version = '1.30.9'",
		"DROP INDEX by_workflow_id",
		"DROP TABLE nexus_endpoints",
		"ALTER TABLE executions ADD COLUMN retired TEXT DEFAULT 'gone'",
		"CREATE TABLE retired_things (id INTEGER PRIMARY KEY, text TEXT)",
		"INSERT INTO retired_things (text) VALUES ('only in the backup')",
		"SELECT 1")
}

func TestRunningWorkflowSurvivesMigration(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := startRun(t, Options{Dir: dir})
	open := begin(t, first.client, "open", Question)
	rest(t, first.client, open)
	closed := begin(t, first.client, "closed", Question)
	answer(t, first.client, "closed", "同意")
	requireResult(t, first.client, "closed", closed.GetRunID(), "同意")
	first.stop()
	path := filepath.Join(dir, dataName)
	age(t, path)
	histories := query(t, path, "SELECT count(*) FROM history_node")

	second := startRun(t, Options{Dir: dir})
	requireResult(t, second.client, "closed", closed.GetRunID(), "同意")
	answer(t, second.client, "open", "补正后同意")
	requireResult(t, second.client, "open", open.GetRunID(), "补正后同意")
	second.stop()

	require.Equal(t, newDataFile(t, dir).build.hash, query(t, path, "SELECT schema_hash FROM gongzhi_stamp"))
	require.Equal(t, "2", query(t, path, "SELECT count(*) FROM sqlite_master WHERE name IN ('by_workflow_id', 'nexus_endpoints')"))
	require.Equal(t, "0", query(t, path, "SELECT count(*) FROM pragma_table_info('executions') WHERE name = 'retired'"))
	backup := path + "." + oldHash + ".bak"
	require.Equal(t, histories, query(t, backup, "SELECT count(*) FROM history_node"), "the old file is as it was")
	require.Equal(t, "only in the backup", query(t, backup, "SELECT text FROM retired_things"))
}

// oldFile makes an aged data file as a killed process leaves it: the last changes are only in the log.
func oldFile(t *testing.T, d dataFile) {
	t.Helper()
	alive := newDataFile(t, t.TempDir())
	require.NoError(t, alive.prepare(context.Background()))
	age(t, alive.path())
	db, err := openSQLite(alive.path(), "mode=rw", "journal_mode=wal")
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	for _, statement := range []string{
		"UPDATE namespace_metadata SET notification_version = 77",
		`INSERT INTO executions_visibility (namespace_id, run_id, start_time, execution_time, workflow_id,
			workflow_type_name, status, encoding, search_attributes) VALUES
			('n', 'r1', '2026-01-01', '2026-01-01', 'w1', 'T', 1, 'x', '{"KeywordList01":"甲♡乙","Keyword01":"街道"}'),
			('n', 'r2', '2026-01-02', '2026-01-02', 'w2', 'T', 1, 'x', NULL)`,
	} {
		_, err := db.Exec(statement)
		require.NoError(t, err)
	}
	for _, suffix := range []string{"", "-wal"} { // closing would write the log back
		text, err := os.ReadFile(alive.path() + suffix)
		require.NoError(t, err)
		require.NotEmpty(t, text)
		require.NoError(t, os.WriteFile(d.path()+suffix, text, 0o600))
	}
}

func requireMigrated(t *testing.T, d dataFile) {
	t.Helper()
	require.Equal(t, d.build.hash, query(t, d.path(), "SELECT schema_hash FROM gongzhi_stamp"))
	require.Equal(t, "77", query(t, d.path(), "SELECT notification_version FROM namespace_metadata"), "not the row the schema inserts")
	require.Equal(t, "2", query(t, d.path(), "SELECT count(*) FROM executions_visibility"))
	require.Equal(t, "w1", query(t, d.path(), "SELECT workflow_id FROM executions_visibility WHERE Keyword01 = '街道'"), "generated columns")
	require.Equal(t, "w1", query(t, d.path(), `SELECT workflow_id FROM executions_visibility WHERE rowid IN (
		SELECT rowid FROM executions_visibility_fts_keyword_list
		WHERE executions_visibility_fts_keyword_list MATCH 'KeywordList01:"乙"')`), "the search index")
	require.NoFileExists(t, d.fresh())
}

func TestMigrationSurvivesACrashBetweenAnyTwoSteps(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	steps := len(newDataFile(t, t.TempDir()).migration(ctx, stamp{}))
	for done := 0; done <= steps; done++ {
		t.Run(fmt.Sprintf("after step %d", done), func(t *testing.T) {
			t.Parallel()
			d := newDataFile(t, t.TempDir())
			oldFile(t, d)
			for _, step := range d.migration(ctx, stamp{hash: oldHash})[:done] {
				require.NoError(t, step())
			}
			// Here the process dies; the next one finds what is there.
			require.NoError(t, d.prepare(ctx))
			requireMigrated(t, d)
			backups, err := filepath.Glob(d.path() + ".*.bak")
			require.NoError(t, err)
			require.Equal(t, []string{d.path() + "." + oldHash + ".bak"}, backups, "one backup, however often it was tried")
			require.Equal(t, "only in the backup", query(t, backups[0], "SELECT text FROM retired_things"))
		})
	}
}

func TestFailedMigrationLeavesTheOldFile(t *testing.T) {
	t.Parallel()
	d := newDataFile(t, t.TempDir())
	oldFile(t, d)
	// The old rows have no value for a column that the new schema demands.
	query(t, d.path(),
		"INSERT INTO nexus_endpoints_partition_status (id, version) VALUES (0, 5)",
		"ALTER TABLE nexus_endpoints_partition_status RENAME COLUMN version TO edition",
		"SELECT 1")
	requireCode(t, d.prepare(context.Background()), CodeMigration)
	require.Equal(t, oldHash, query(t, d.path(), "SELECT schema_hash FROM gongzhi_stamp"))
	require.Equal(t, "2", query(t, d.path(), "SELECT count(*) FROM executions_visibility"))
	require.NoFileExists(t, d.path()+"."+oldHash+".bak")

	query(t, d.path(), "ALTER TABLE nexus_endpoints_partition_status RENAME COLUMN edition TO version", "SELECT 1")
	require.NoError(t, d.prepare(context.Background())) // the control
	requireMigrated(t, d)
}

func TestEarlierBackupIsKept(t *testing.T) {
	t.Parallel()
	d := newDataFile(t, t.TempDir())
	oldFile(t, d)
	first := d.path() + "." + oldHash + ".bak"
	require.NoError(t, os.WriteFile(first, []byte("an earlier backup"), 0o600))
	require.NoError(t, d.prepare(context.Background()))
	text, err := os.ReadFile(first)
	require.NoError(t, err)
	require.Equal(t, "an earlier backup", string(text))
	require.Equal(t, "only in the backup", query(t, d.path()+"."+oldHash+".2.bak", "SELECT text FROM retired_things"))
}

func TestCopyFile(t *testing.T) { // for file systems without hard links
	t.Parallel()
	dir := t.TempDir()
	from, to := filepath.Join(dir, "from"), filepath.Join(dir, "to")
	require.NoError(t, os.WriteFile(from, []byte("content"), 0o600))
	require.NoError(t, copyFile(from, to))
	text, err := os.ReadFile(to)
	require.NoError(t, err)
	require.Equal(t, "content", string(text))
	require.NoFileExists(t, to+copySuffix)
}
