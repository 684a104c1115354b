package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"gongzhi/ops"
	"gongzhi/procedure"
	"gongzhi/record"
)

// What detectors ask for. Each question is one statement whose cost follows from what is open, never from what is closed.

var (
	_ ops.LateTasks     = (*Reader)(nil)
	_ ops.UnmannedTasks = (*Reader)(nil)
	_ ops.OutsideWaits  = (*Reader)(nil)
	_ ops.Circles       = (*Reader)(nil)
	_ ops.Displays      = (*Reader)(nil)
	_ ops.Votes         = (*Reader)(nil)
)

// gatherRows reads the rows of a statement one by one.
func gatherRows[V any](ctx context.Context, r *Reader, what string, scan func(*sql.Rows) (V, error), text string, args ...any) ([]V, error) {
	var list []V
	err := each(r.read(ctx), func(rows *sql.Rows) error {
		v, err := scan(rows)
		list = append(list, v)
		return err
	}, text, args)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", what, err)
	}
	return list, nil
}

// LateTasks implements ops.LateTasks. The card is named so that the index of open tasks is a range for each.
func (r *Reader) LateTasks(ctx context.Context, now time.Time) ([]record.Task, error) {
	return gatherRows(ctx, r, "late tasks", scanBody[record.Task], `SELECT body FROM tasks
		WHERE open = TRUE AND card IN ('', 'yellow', 'red') AND due <= ? AND state = 'open' ORDER BY due, id`, micros(now))
}

func scanBody[V any](rows *sql.Rows) (v V, err error) {
	var body sql.RawBytes
	if err := rows.Scan(&body); err != nil {
		return v, err
	}
	return v, json.Unmarshal(body, &v)
}

// UnmannedTasks implements ops.UnmannedTasks.
func (r *Reader) UnmannedTasks(ctx context.Context, day string) ([]ops.UnmannedTask, error) {
	scan := func(rows *sql.Rows) (t ops.UnmannedTask, err error) {
		var body string
		if err := rows.Scan(&body, &t.Disabled); err != nil {
			return t, err
		}
		t.Task, err = decode[record.Task](body)
		return t, err
	}
	// Holders are few and tasks are many: whether a post is held is asked once for each holder.
	return gatherRows(ctx, r, "unmanned tasks", scan, `WITH held AS (
			SELECT DISTINCT holder_unit AS u, holder_role AS r, holder_user AS p FROM tasks WHERE open = TRUE AND state = 'open'
		), valid AS (
			SELECT posts.unit AS u, posts.role AS r, users.id AS p, users.name AS name, users.disabled AS disabled FROM posts
			JOIN users ON users.id = posts.user_id WHERE posts.from_day <= ? AND (posts.to_day = '' OR posts.to_day >= ?)
		), vacant AS (
			SELECT u, r, p, coalesce((SELECT min(valid.name) FROM valid
				WHERE valid.u = held.u AND valid.r = held.r AND valid.disabled), '') AS disabled
			FROM held WHERE p = '' AND NOT EXISTS (SELECT 1 FROM valid WHERE valid.u = held.u AND valid.r = held.r AND NOT valid.disabled)
			UNION ALL SELECT u, r, p, coalesce((SELECT users.name FROM users WHERE users.id = held.p AND users.disabled), '')
			FROM held WHERE p <> '' AND NOT EXISTS (SELECT 1 FROM valid WHERE valid.p = held.p AND NOT valid.disabled)
		)
		SELECT tasks.body, vacant.disabled FROM vacant
		JOIN tasks ON tasks.holder_unit = vacant.u AND tasks.holder_role = vacant.r AND tasks.holder_user = vacant.p AND tasks.open = TRUE
		WHERE tasks.state = 'open' ORDER BY tasks.case_number, tasks.id`, day, day)
}

// OutsideWaits implements ops.OutsideWaits.
func (r *Reader) OutsideWaits(ctx context.Context, inside []string) ([]ops.CaseWait, error) {
	scan := func(rows *sql.Rows) (w ops.CaseWait, err error) {
		var body, kase string
		if err := rows.Scan(&body, &kase, &w.Unit); err != nil {
			return w, err
		}
		c, err := decode[record.Case](kase)
		if err != nil {
			return w, err
		}
		w.Title = c.Title
		w.Wait, err = decode[record.Wait](body)
		return w, err
	}
	text, args := `SELECT waits.body, cases.body, cases.unit FROM waits JOIN cases ON cases.number = waits.case_number
		WHERE waits.open = TRUE AND cases.open = TRUE`, []any{}
	for _, court := range inside { // most waits are for time itself: they are left out before they are decoded
		piece, err := encode(court)
		if err != nil {
			return nil, err
		}
		text += ` AND waits.body NOT LIKE ? ESCAPE '\'`
		args = append(args, `%"court":`+piece+`,%`)
	}
	return gatherRows(ctx, r, "waits", scan, text, args...)
}

// PausedClocks implements ops.OutsideWaits.
func (r *Reader) PausedClocks(ctx context.Context) ([]ops.CaseClock, error) {
	scan := func(rows *sql.Rows) (d ops.CaseClock, err error) {
		var body, kase string
		if err := rows.Scan(&body, &kase, &d.Unit, &d.UnitName); err != nil {
			return d, err
		}
		c, err := decode[record.Case](kase)
		if err != nil {
			return d, err
		}
		d.Title = c.Title
		d.Deadline, err = decode[record.Deadline](body)
		return d, err
	}
	return gatherRows(ctx, r, "paused clocks", scan, `SELECT deadlines.body, cases.body, cases.unit, coalesce(units.name, cases.unit)
		FROM deadlines JOIN cases ON cases.number = deadlines.case_number LEFT JOIN units ON units.code = cases.unit
		WHERE deadlines.paused AND cases.open = TRUE`)
}

// Circles implements ops.Circles.
func (r *Reader) Circles(ctx context.Context, least int) ([]ops.Circle, error) {
	scan := func(rows *sql.Rows) ([]ops.Circle, error) {
		var body, unit, unitName string
		if err := rows.Scan(&body, &unit, &unitName); err != nil {
			return nil, err
		}
		c, err := decode[caseDoc](body)
		if err != nil {
			return nil, err
		}
		var list []ops.Circle
		for _, back := range c.Returns {
			if back.N >= least {
				list = append(list, ops.Circle{
					Case: c.Number, Title: c.Title, Kind: c.Kind, Unit: unit, UnitName: unitName, Who: c.NextWho, From: back.From, To: back.To,
					Times: back.N, Since: back.Since,
				})
			}
		}
		return list, nil
	}
	// The index holds open cases from three times on: whoever asks for fewer would miss some.
	if least < returnsIndexed {
		return nil, fmt.Errorf("circles are indexed from %d on, not from %d", returnsIndexed, least)
	}
	lists, err := gatherRows(ctx, r, "cases that go in circles", scan, `SELECT cases.body, cases.unit, coalesce(units.name, cases.unit)
		FROM cases LEFT JOIN units ON units.code = cases.unit WHERE cases.open AND cases.returned >= 3 AND cases.returned >= ?
		ORDER BY cases.number`, least)
	var all []ops.Circle
	for _, list := range lists {
		all = append(all, list...)
	}
	return all, err
}

// returnsIndexed is from how many returns on the index of cases that go in circles holds a case.
const returnsIndexed = 3

// OpenNotices implements ops.Displays.
func (r *Reader) OpenNotices(ctx context.Context, kind procedure.Kind) ([]record.Notice, error) {
	return gatherRows(ctx, r, "notices", scanBody[record.Notice], `SELECT notices.body FROM notices
		JOIN cases ON cases.number = notices.case_number WHERE cases.open = TRUE AND cases.kind = ? ORDER BY notices.published, notices.seq`, string(kind))
}

// OpenVotes implements ops.Votes.
func (r *Reader) OpenVotes(ctx context.Context) ([]ops.Vote, error) {
	var rows []pollRow
	if err := r.read(ctx).Where("state = 'open'").Order("number").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read open votes: %w", err)
	}
	return r.votes(ctx, rows)
}

// ShownVotes implements ops.Displays.
func (r *Reader) ShownVotes(ctx context.Context) ([]ops.Vote, error) {
	var rows []pollRow
	err := r.read(ctx).Joins("JOIN cases ON cases.number = polls.number").Where("cases.open = TRUE AND polls.state <> 'void'").
		Order("polls.number").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read the votes of open cases: %w", err)
	}
	return r.votes(ctx, rows)
}

func (r *Reader) votes(ctx context.Context, rows []pollRow) ([]ops.Vote, error) {
	numbers, units := make([]string, len(rows)), make([]string, len(rows))
	for i, row := range rows {
		numbers[i], units[i] = row.Number, row.Unit
	}
	sums, err := r.sumsOf(ctx, numbers)
	if err != nil {
		return nil, err
	}
	names, err := r.unitNames(ctx, units)
	if err != nil {
		return nil, err
	}
	return convert(rows, func(row pollRow) (ops.Vote, error) {
		p, err := row.poll()
		v := ops.Vote{
			Case: row.Number, Title: p.Title, Unit: row.Unit, UnitName: names[row.Unit], Animal: string(p.Animal), State: row.State,
			Frozen: row.Frozen, Opens: p.Opens, Closes: p.Closes, Hidden: p.Hidden, Revisable: p.Revisable, Web: row.Web, Rule: p.Rule,
			Totals: sums[row.Number].totals(p.Options.Counting),
		}
		if p.Result != nil {
			v.Counted = &p.Result.At
		}
		return v, err
	})
}
