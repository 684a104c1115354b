package embedded

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"time"

	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/log"
	"go.temporal.io/server/common/metrics"
	enginesql "go.temporal.io/server/common/persistence/sql"
	"go.temporal.io/server/common/persistence/sql/sqlplugin"
	sqliteplugin "go.temporal.io/server/common/persistence/sql/sqlplugin/sqlite"
	"go.temporal.io/server/common/resolver"
)

// pluginName is the engine's SQLite plugin with one read of ours.
const pluginName = "gongzhi-sqlite"

func init() { enginesql.RegisterPlugin(pluginName, plugin{}) } // the engine knows plugins by name only

// plugin opens the data file as the engine's own SQLite plugin does, but reads the timers that are due through an index. The
// engine's statement has its lower bound in an OR, which SQLite cannot look up: it passes over every timer that has run out and is
// not cleared away yet, many times a second, on the only connection: the more deadlines at once, the slower each (ADR 0024).
type plugin struct{}

func (plugin) GetVisibilityQueryConverter() sqlplugin.VisibilityQueryConverter {
	c, err := enginesql.GetPluginVisibilityQueryConverter(sqliteplugin.PluginName)
	if err != nil {
		panic(err) // the package is imported: it has registered itself
	}
	return c
}

func (plugin) CreateDB(
	kind sqlplugin.DbKind, cfg *config.SQL, r resolver.ServiceResolver, l log.Logger, m metrics.Handler,
) (sqlplugin.GenericDB, error) {
	inner := *cfg
	inner.PluginName = sqliteplugin.PluginName
	db, err := enginesql.NewSQLDB(kind, &inner, r, l, m)
	if err != nil || kind != sqlplugin.DbKindMain {
		return db, err
	}
	timers, err := sql.Open("sqlite", timersURI(cfg)) // connects when it is first asked; most parts of the engine never ask
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	timers.SetMaxOpenConns(1)
	timers.SetConnMaxIdleTime(time.Minute)
	return &timerDB{engineDB: db.(engineDB), timers: timers}, nil // the plugin's is always both
}

// engineDB is all that the engine asks of a database of the main kind: its work, and the check of its schema at the start.
type engineDB interface {
	sqlplugin.DB
	sqlplugin.AdminCRUD
	ExpectedVersion() string
	VerifyVersion() error
}

// timersURI opens the file of the engine for reading. Both must write moments alike: SQLite compares them as text.
func timersURI(cfg *config.SQL) string {
	v := url.Values{"mode": {"rw"}, "_time_format": {"sqlite"}, "_pragma": {"query_only=1", "busy_timeout=10000"}}
	return "file:" + cfg.DatabaseName + "?" + v.Encode()
}

// timerDB is the engine's database with a connection for reading timers beside it.
type timerDB struct {
	engineDB
	timers *sql.DB
}

// The second condition says what the engine's says; the first is what the index can look up.
const dueTimers = `SELECT visibility_timestamp, task_id, data, data_encoding FROM timer_tasks
 WHERE shard_id = ? AND visibility_timestamp >= ? AND visibility_timestamp < ? AND (visibility_timestamp > ? OR task_id >= ?)
 ORDER BY visibility_timestamp, task_id LIMIT ?`

// RangeSelectFromTimerTasks reads timers in the order in which they run out.
func (d *timerDB) RangeSelectFromTimerTasks(ctx context.Context, f sqlplugin.TimerTasksRangeFilter) (_ []sqlplugin.TimerTasksRow, err error) {
	from, to := moment(f.InclusiveMinVisibilityTimestamp), moment(f.ExclusiveMaxVisibilityTimestamp)
	rows, err := d.timers.QueryContext(ctx, dueTimers, f.ShardID, from, to, from, f.InclusiveMinTaskID, f.PageSize)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var out []sqlplugin.TimerTasksRow
	for rows.Next() {
		var r sqlplugin.TimerTasksRow
		if err := rows.Scan(&r.VisibilityTimestamp, &r.TaskID, &r.Data, &r.DataEncoding); err != nil {
			return nil, err
		}
		if r.VisibilityTimestamp = r.VisibilityTimestamp.UTC(); r.VisibilityTimestamp.Equal(earliest) {
			r.VisibilityTimestamp = time.Time{}
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// Close ends both.
func (d *timerDB) Close() error { return errors.Join(d.timers.Close(), d.engineDB.Close()) }

var earliest = time.Date(1000, 1, 1, 0, 0, 0, 0, time.UTC) // what the engine writes for no moment

// moment is a time as the engine writes it.
func moment(t time.Time) time.Time {
	if t.IsZero() {
		return earliest
	}
	return t.UTC().Truncate(time.Microsecond)
}
