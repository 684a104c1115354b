package embedded

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	enginesql "go.temporal.io/server/common/persistence/sql"
	"go.temporal.io/server/common/persistence/sql/sqlplugin"
	sqliteplugin "go.temporal.io/server/common/persistence/sql/sqlplugin/sqlite"
	"pgregory.net/rapid"
)

// timerFile is a data file opened by the engine's own plugin and by ours.
func timerFile(t *testing.T) (theirs, ours sqlplugin.DB, path string) {
	t.Helper()
	d := newDataFile(t, t.TempDir())
	require.NoError(t, d.prepare(context.Background()))
	open := func(plugin string) sqlplugin.DB {
		cfg := storeConfig(d.path(), t.Name())
		cfg.PluginName = plugin
		db, err := enginesql.NewSQLDB(sqlplugin.DbKindMain, cfg, nil, newEngineLogger(quiet()), nil)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, db.Close()) })
		return db
	}
	return open(sqliteplugin.PluginName), open(pluginName), d.path()
}

// What is read of the timers is what the engine's own statement reads, whatever the page.
func TestTimersAreTheEngines(t *testing.T) {
	t.Parallel()
	theirs, ours, _ := timerFile(t)
	base := time.Date(2026, 9, 7, 9, 0, 0, 0, time.UTC)
	var rows []sqlplugin.TimerTasksRow
	for i := range 60 { // moments with parts of a second and without, several timers in one, one without any moment, another shard's
		at := base.Add(time.Duration(i/4) * 250 * time.Millisecond).Add(time.Duration(i%3) * time.Microsecond)
		rows = append(rows, sqlplugin.TimerTasksRow{ShardID: int32(1 + i%7/6), VisibilityTimestamp: at, TaskID: int64(1000 + i*7%60), Data: []byte{byte(i)}, DataEncoding: "Proto3"})
	}
	rows[13].VisibilityTimestamp = time.Time{}
	_, err := ours.InsertIntoTimerTasks(t.Context(), rows)
	require.NoError(t, err)

	some := 0
	rapid.Check(t, func(r *rapid.T) {
		moment := rapid.Custom(func(r *rapid.T) time.Time {
			if rapid.IntRange(0, 9).Draw(r, "none") == 0 {
				return time.Time{}
			}
			at := base.Add(time.Duration(rapid.IntRange(-1, 17).Draw(r, "quarters")) * 250 * time.Millisecond)
			return at.Add(time.Duration(rapid.IntRange(0, 3000).Draw(r, "ns")) * time.Nanosecond).In(time.FixedZone("", rapid.IntRange(-9, 9).Draw(r, "zone")*3600))
		})
		f := sqlplugin.TimerTasksRangeFilter{
			ShardID: 1, InclusiveMinVisibilityTimestamp: moment.Draw(r, "from"), ExclusiveMaxVisibilityTimestamp: moment.Draw(r, "to"),
			InclusiveMinTaskID: int64(rapid.IntRange(990, 1070).Draw(r, "task")), PageSize: rapid.IntRange(1, 80).Draw(r, "page")}
		if next := rapid.IntRange(0, 2*len(rows)).Draw(r, "row"); next < len(rows) { // the engine goes on from a timer that it knows
			f.InclusiveMinVisibilityTimestamp = rows[next].VisibilityTimestamp
			f.InclusiveMinTaskID = rows[next].TaskID + rapid.Int64Range(-1, 1).Draw(r, "beside")
		}
		want, err := theirs.RangeSelectFromTimerTasks(context.Background(), f)
		require.NoError(r, err)
		got, err := ours.RangeSelectFromTimerTasks(context.Background(), f)
		require.NoError(r, err)
		require.Equal(r, want, got)
		some += len(got)
	})
	require.NotZero(t, some, "pages with timers were compared")
}

// The statement looks its lower bound up. With the engine's own, as the control shows, it would pass over all that lies before.
func TestTimersAreLookedUp(t *testing.T) {
	t.Parallel()
	_, _, path := timerFile(t)
	plan := func(statement string) string {
		db, err := openSQLite(path, "mode=rw")
		require.NoError(t, err)
		defer func() { require.NoError(t, db.Close()) }()
		args := make([]any, strings.Count(statement, "?"))
		var id, parent, unused int
		var detail string
		require.NoError(t, db.QueryRow("EXPLAIN QUERY PLAN "+statement, args...).Scan(&id, &parent, &unused, &detail))
		return detail
	}
	bound := "visibility_timestamp>?"
	require.Contains(t, plan(dueTimers), bound)
	require.NotContains(t, plan(`SELECT task_id FROM timer_tasks WHERE shard_id = ?
 AND ((visibility_timestamp >= ? AND task_id >= ?) OR visibility_timestamp > ?) AND visibility_timestamp < ?
 ORDER BY visibility_timestamp, task_id LIMIT ?`), bound)
}
