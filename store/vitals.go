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
