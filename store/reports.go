package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/record"
)

// 效能报表: what ended in a period, added up by how many working days it took. The sums are few however many tasks there were, and
// any quantile follows from them exactly, on both databases alike.

// yearBack is how many days before a period the working days are numbered for the database. What was opened before that is rare and
// comes row by row.
const yearBack = 400

// longestPeriod is how many days a report may be about.
const longestPeriod = 366

// SpellSums adds up, in no order, what ended in a period in the court of the units that the scope oversees. Working days are those of
// the calendar: the day on which something began does not count, the day on which it ended does, and those on which its clock stood do
// not.
func (r *Reader) SpellSums(
	ctx context.Context, s record.Scope, cal *calendar.Calendar, f record.SpellFilter,
) ([]record.SpellSum, error) {
	if f.To.Before(f.From) || f.From.DaysUntil(f.To) >= longestPeriod {
		return nil, invalid(CodeFilter, "期间无效：应为 1 至 %d 天", longestPeriod)
	}
	c := overseen(s, "unit", f.Unit)
	if f.Kind != "" {
		c = c.and(where("kind = ?", string(f.Kind)))
	}
	w := newWorkdays(cal, f.From.AddDays(-yearBack), f.To)
	first := dayNumber(w.first)
	text, args := spellsSQLite, []any{first, w.packed(), first, w.packed(), first}
	if r.kind == postgresKind {
		text, args = spellsPostgres, []any{w.array(), first - 1, first - 1} // arrays begin with 1
	}
	args = append(append(args, dayNumber(f.From), dayNumber(f.To)), c.args...)
	var sums []record.SpellSum
	err := r.planned(ctx, func(db *gorm.DB) error {
		return each(db, func(rows *sql.Rows) error {
			sum, err := w.scan(rows)
			sums = append(sums, sum)
			return err
		}, text+c.sql+sumSpells, args)
	})
	if err != nil {
		return nil, fmt.Errorf("read how long things took: %w", err)
	}
	return sums, nil
}

// What SpellSums asks. days are NULL for what began before the working days are numbered.
const (
	spellColumns = `SELECT kind, stage, unit, court, stood, opened, closed, dated, late, silent, returned, card, `

	// PostgreSQL looks the numbers up in an array, which is made once: joining them as rows takes many times as long.
	spellsPostgres = `WITH days AS MATERIALIZED (SELECT CAST(? AS BIGINT[]) AS n), counted AS (` + spellColumns + `
		(SELECT n FROM days)[closed - ?] - (SELECT n FROM days)[opened - ?] AS days FROM spells WHERE closed >= ? AND closed <= ? AND `

	// SQLite has no arrays: a number is cut out of a list of equally long ones. Joining them as rows takes many times as long here, too.
	spellsSQLite = `WITH counted AS (` + spellColumns + `
		CASE WHEN opened >= ? THEN CAST(CAST(substr(CAST(? AS BLOB), (closed - ?) * 4 + 1, 4) AS TEXT) AS INTEGER)
			- CAST(CAST(substr(CAST(? AS BLOB), (opened - ?) * 4 + 1, 4) AS TEXT) AS INTEGER) END AS days
		FROM spells WHERE closed >= ? AND closed <= ? AND `

	sumSpells = `)
		SELECT kind, stage, unit, court, days,
			CASE WHEN days IS NULL OR stood <> '' THEN opened || '-' || closed || ' ' || stood ELSE '' END AS odd,
			count(*), count(CASE WHEN dated THEN 1 END), count(CASE WHEN late THEN 1 END), count(CASE WHEN silent THEN 1 END),
			count(CASE WHEN returned THEN 1 END), count(CASE WHEN card = 'yellow' THEN 1 END), count(CASE WHEN card = 'red' THEN 1 END)
		FROM counted GROUP BY 1, 2, 3, 4, 5, 6`
)

// workdays numbers the working days from first on, for the database; what lies before is asked of the calendar.
type workdays struct {
	cal   *calendar.Calendar
	first calendar.Date
	n     []int64 // working days since first, by day
}

func newWorkdays(cal *calendar.Calendar, first, last calendar.Date) workdays {
	w := workdays{cal: cal, first: first}
	n := int64(0)
	for d := first; !d.After(last); d = d.AddDays(1) {
		if d != first && cal.IsWorkday(d) {
			n++
		}
		w.n = append(w.n, n)
	}
	return w
}

// array is the numbers as PostgreSQL reads them.
func (w workdays) array() string {
	texts := make([]string, len(w.n))
	for i, n := range w.n {
		texts[i] = strconv.FormatInt(n, 10)
	}
	return "{" + strings.Join(texts, ",") + "}"
}

// packed is the numbers, four bytes each.
func (w workdays) packed() string {
	var b strings.Builder
	for _, n := range w.n {
		fmt.Fprintf(&b, "%4d", n)
	}
	return b.String()
}

func (w workdays) scan(rows *sql.Rows) (record.SpellSum, error) {
	s := record.SpellSum{What: record.SpellTask}
	var kind, odd string
	var days *int
	err := rows.Scan(&kind, &s.Stage, &s.Unit, &s.Court, &days, &odd, &s.Count, &s.Dated, &s.Late, &s.Silent, &s.Returned, &s.Yellow, &s.Red)
	if err != nil {
		return s, err
	}
	if s.Kind = procedure.Kind(kind); s.Court != "" {
		s.What = record.SpellWait
	}
	if odd == "" && days != nil {
		s.Days = *days
		return s, nil
	}
	s.Days, err = w.without(odd)
	return s, err
}

// without counts the working days of a spell, «20700-20730», without those on which its clock stood, which follow: the day on which a
// clock is stopped still counts, the day on which it is started again does not (see calendar.Pause).
func (w workdays) without(odd string) (int, error) {
	n := 0
	for i, part := range strings.Fields(odd) {
		from, to, _ := strings.Cut(part, "-")
		a, err := strconv.ParseInt(from, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("read %q: %w", odd, err)
		}
		b, err := strconv.ParseInt(to, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("read %q: %w", odd, err)
		}
		if i == 0 {
			n = w.between(a, b)
		} else {
			n -= w.between(a, b)
		}
	}
	return max(n, 0), nil
}

func (w workdays) between(after, through int64) int {
	return w.cal.WorkdaysBetween(epoch.AddDays(int(after)), epoch.AddDays(int(through)))
}
