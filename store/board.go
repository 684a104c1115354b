package store

import (
	"context"
	"database/sql"
	"fmt"

	"gorm.io/gorm"

	"gongzhi/calendar"
	"gongzhi/record"
)

// 期限看板: open tasks by the unit in whose court they are and by when they fall due. An index of the open tasks holds all that is
// counted, so what is closed costs nothing.

// courts are the units whose work a scope oversees: the subtrees of its grants. A grant for some procedures only oversees none.
func courts(s record.Scope, column string) condition {
	var list []condition
	for _, g := range s {
		switch {
		case len(g.Kinds) > 0:
		case g.Everything:
			return where("1 = 1")
		default:
			for _, path := range g.Paths {
				list = append(list, where(column+" IN (SELECT code FROM units WHERE path >= ? AND path < ?)", path, path+string(maxRune)))
			}
		}
	}
	return either(list)
}

// planned reads with a plan made for the very values. PostgreSQL would make one for all of them once it has seen the statement a
// few times, which takes a hundred times as long where the values lie at the end of an index.
func (r *Reader) planned(ctx context.Context, read func(*gorm.DB) error) error {
	if r.kind != postgresKind {
		return read(r.read(ctx))
	}
	return r.read(ctx).Transaction(func(tx *gorm.DB) error {
		if err := tx.Exec("SET LOCAL plan_cache_mode = force_custom_plan").Error; err != nil {
			return err
		}
		return read(tx)
	}, &sql.TxOptions{ReadOnly: true})
}

// belowUnit are the codes of a unit and of those below it.
func belowUnit(column, unit string) condition {
	if unit == "" {
		return where("1 = 1")
	}
	return where(column+` IN (SELECT u.code FROM units u
		JOIN units root ON root.code = ? AND u.path >= root.path AND u.path < root.path || ?)`,
		unit, string(maxRune))
}

func overseen(s record.Scope, column, unit string) condition {
	return courts(s, column).and(belowUnit(column, unit))
}

// DueBoard counts the open tasks of every unit that the scope oversees, by column.
func (r *Reader) DueBoard(ctx context.Context, s record.Scope, f record.DueFilter) ([]record.DueCell, error) {
	c := overseen(s, "holder_unit", f.Unit)
	var cells []record.DueCell
	args := append([]any{never, micros(f.Now), f.Last}, c.args...)
	err := r.planned(ctx, func(db *gorm.DB) error {
		return db.Raw(`SELECT holder_unit AS unit,
				CASE WHEN paused THEN 'paused' WHEN due = ? THEN 'undated' WHEN due <= ? THEN 'overdue'
					WHEN day > ? THEN 'later' ELSE day END AS "column",
				count(*) AS count, count(CASE WHEN card = 'yellow' THEN 1 END) AS yellow, count(CASE WHEN card = 'red' THEN 1 END) AS red
			FROM tasks WHERE open AND `+c.sql+` GROUP BY 1, 2 ORDER BY 1, 2`, args...).Scan(&cells).Error
	})
	if err != nil {
		return nil, fmt.Errorf("count what falls due: %w", err)
	}
	return cells, nil
}

// DueTasks lists the open tasks of a column, nearest deadline first, a page at a time.
func (r *Reader) DueTasks(ctx context.Context, s record.Scope, f record.DueFilter) (record.Page[record.Task], error) {
	var page record.Page[record.Task]
	within, err := inColumn(f)
	if err != nil {
		return page, err
	}
	c := overseen(s, "holder_unit", f.Unit).and(within)
	if f.Holder != "" {
		c = c.and(where("holder_unit = ?", f.Holder))
	}
	o := order{list: "board." + f.Column, by: "due", id: "id"}
	var rows []taskRow
	var limit int
	err = r.planned(ctx, func(db *gorm.DB) error {
		var q *gorm.DB
		if q, limit, err = o.page(db.Where("open").Where(c.sql, c.args...), f.After, f.Limit); err != nil {
			return err
		}
		return q.Find(&rows).Error
	})
	if err != nil {
		return page, fmt.Errorf("read what falls due: %w", err)
	}
	rows, page.Next = cut(o, rows, limit, func(t taskRow) (int64, string) { return t.Due, t.ID })
	page.Items, err = convert(rows, func(row taskRow) (record.Task, error) { return r.task(row.Body) })
	return page, err
}

// inColumn are the tasks that DueBoard counts in a column.
func inColumn(f record.DueFilter) (condition, error) {
	now := micros(f.Now)
	switch f.Column {
	case record.DuePaused:
		return where("paused AND due = ?", never), nil
	case record.DueUndated:
		return where("NOT paused AND due = ?", never), nil
	case record.DueOverdue:
		return where("NOT paused AND due <= ?", now), nil
	case record.DueLater:
		return where("NOT paused AND due > ? AND due < ? AND day > ?", now, never, f.Last), nil
	}
	day, err := calendar.ParseDate(f.Column)
	if err != nil {
		return condition{}, invalid(CodeFilter, "期限看板的列 %.40q 无效", f.Column)
	}
	// The moment bounds what the index is searched for: it lies on the day, or is its end.
	return where("NOT paused AND due > ? AND due >= ? AND due <= ? AND day = ? AND day <= ?", now, micros(day.Start()), micros(day.End()),
		f.Column, f.Last), nil
}
