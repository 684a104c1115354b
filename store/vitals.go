package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"gongzhi/ops"
)

// What is asked for by those who watch the programs, every few seconds: short queries on indexes of what is not over.

// CommandBacklog counts the commands that are stored and not settled. oldest is when the first of them was stored, in engine time;
// zero when there is none.
func (r *Reader) CommandBacklog(ctx context.Context) (n int64, oldest time.Time, err error) {
	var first sql.NullInt64
	err = r.read(ctx).Raw("SELECT count(*), min(stored) FROM commands WHERE state = 'pending'").Row().Scan(&n, &first)
	if err != nil {
		return 0, time.Time{}, fmt.Errorf("count pending commands: %w", err)
	}
	if first.Valid {
		oldest = moment(first.Int64)
	}
	return n, oldest, nil
}

// OutboxBacklog counts the messages that are not handed out to persons yet. oldest is the case time of the first of them; nil when
// there is none.
func (r *Reader) OutboxBacklog(ctx context.Context) (n int, oldest *time.Time, err error) {
	var first sql.NullInt64
	err = r.read(ctx).Raw("SELECT count(*), min(at) FROM outbox WHERE fanned = 9223372036854775807").Row().Scan(&n, &first)
	if err != nil {
		return 0, nil, fmt.Errorf("count what is not handed out: %w", err)
	}
	if first.Valid {
		at := moment(first.Int64)
		oldest = &at
	}
	return n, oldest, nil
}

// Vitals are the figures of the database itself.
type Vitals struct {
	Kind    string // sqlite, postgres
	Version string
	Size    int64 // bytes; of SQLite without what is only in its log yet
	// InUse and Limit are the connections of this program.
	InUse, Limit int
	// Clients and MaxClients are the connections of everybody to a database server. SQLite has none: 0.
	Clients, MaxClients int
}

// Vitals asks the database how it is. It reads nothing that grows with the cases.
func (s *Store) Vitals(ctx context.Context) (Vitals, error) {
	v := Vitals{Kind: string(s.kind)}
	pools, err := s.Pools()
	if err != nil {
		return v, err
	}
	for _, pool := range pools {
		stats := pool.Stats()
		v.InUse += stats.InUse
		v.Limit += stats.MaxOpenConnections
	}
	db := s.read(ctx)
	if s.kind == sqliteKind {
		err = db.Raw("SELECT sqlite_version(), page_count * page_size FROM pragma_page_count(), pragma_page_size()").Row().
			Scan(&v.Version, &v.Size)
	} else { // what every role may read, not only a superuser
		err = db.Raw(`SELECT split_part(current_setting('server_version'), ' ', 1), pg_database_size(current_database()),
			(SELECT coalesce(sum(numbackends), 0) FROM pg_stat_database), current_setting('max_connections')::int`).Row().
			Scan(&v.Version, &v.Size, &v.Clients, &v.MaxClients)
	}
	if err != nil {
		return v, fmt.Errorf("ask the database how it is: %w", err)
	}
	return v, nil
}

// StandingCauses are the causes of the incidents of a kind that are not over, or that somebody closed while their causes stood.
func (r *Reader) StandingCauses(ctx context.Context, kind ops.Kind) ([]string, error) {
	var causes []string
	err := r.read(ctx).Model(&incidentRow{}).Where("kind = ? AND (live OR quiet)", string(kind)).Order("cause").Pluck("cause", &causes).Error
	if err != nil {
		return nil, fmt.Errorf("read the causes of incidents: %w", err)
	}
	return causes, nil
}

// LiveIncidents counts what is not over, by kind.
func (r *Reader) LiveIncidents(ctx context.Context) (map[ops.Kind]int64, error) {
	counts := map[ops.Kind]int64{}
	err := each(r.read(ctx), func(rows *sql.Rows) error {
		var kind string
		var n int64
		err := rows.Scan(&kind, &n)
		counts[ops.Kind(kind)] = n
		return err
	}, "SELECT kind, count(*) FROM incidents WHERE live GROUP BY kind", nil)
	if err != nil {
		return nil, fmt.Errorf("count incidents: %w", err)
	}
	return counts, nil
}
