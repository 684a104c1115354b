package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"gongzhi/procedure"
	"gongzhi/record"
)

// Case finds a case that the scope sees; CodeCase for a foreign one as for an unknown one.
func (r *Reader) Case(ctx context.Context, s record.Scope, number string) (record.Case, error) {
	var body string
	var unit sql.NullString
	c := seen(s, casesTable, "number")
	err := r.read(ctx).Raw("SELECT body, (SELECT name FROM units WHERE code = cases.unit) FROM cases WHERE number = ? AND "+c.sql,
		append([]any{number}, c.args...)...).Row().Scan(&body, &unit)
	if errors.Is(err, sql.ErrNoRows) {
		return record.Case{}, noCase(number)
	}
	if err != nil {
		return record.Case{}, fmt.Errorf("read the case: %w", err)
	}
	return r.named(body, unit.String)
}

func noCase(number string) error {
	return notFound(CodeCase, "没有编号为 %.40s 的办件，或您无权查看", number)
}

// CaseDesk reads a case with its tasks in the order they were opened and its stages in the order they were entered, all as of
// one moment; CodeCase as Case.
func (r *Reader) CaseDesk(ctx context.Context, s record.Scope, number string) (record.Desk, error) {
	desk := record.Desk{Tasks: []record.Task{}, Stages: []record.Stage{}}
	c := seen(s, casesTable, "number")
	found := false
	scan := func(rows *sql.Rows) error {
		var what, id, body string
		var seq int64
		var unit sql.NullString
		err := rows.Scan(&what, &seq, &id, &body, &unit)
		switch {
		case err != nil:
			return err
		case what == "case":
			found = true
			desk.Case, err = r.named(body, unit.String)
		case !found: // the case comes first, if the scope sees it
			return noCase(number)
		case what == "task":
			var t record.Task
			t, err = r.task(body)
			desk.Tasks = append(desk.Tasks, t)
		default:
			var stage record.Stage
			stage, err = decode[record.Stage](body)
			desk.Stages = append(desk.Stages, stage)
		}
		return err
	}
	err := each(r.read(ctx), scan, `SELECT 'case' AS what, 0 AS seq, number AS id, body, (SELECT name FROM units WHERE code = cases.unit) AS unit
		FROM cases WHERE number = ? AND `+c.sql+`
		UNION ALL SELECT 'task', opened_seq, id, body, '' FROM tasks WHERE case_number = ?
		UNION ALL SELECT 'stage', seq, id, body, '' FROM stages WHERE case_number = ?
		ORDER BY seq, id`, append(append([]any{number}, c.args...), number, number))
	if err == nil && !found {
		err = noCase(number)
	}
	if err != nil {
		return record.Desk{}, fmt.Errorf("read the case with its tasks: %w", err)
	}
	return desk, nil
}

// caseOrders are the ways of sorting cases.
var caseOrders = map[string]order{
	"due":     {list: "cases.due", by: "next_due", id: "number"},
	"started": {list: "cases.started", by: "started_at", id: "number", desc: true},
	"changed": {list: "cases.changed", by: "changed_at", id: "number", desc: true},
}

// Cases lists the cases that the scope sees and the filter chooses, a page at a time.
func (r *Reader) Cases(ctx context.Context, s record.Scope, f record.CaseFilter) (record.Page[record.Case], error) {
	var page record.Page[record.Case]
	o, ok := caseOrders[cmp.Or(f.Sort, "due")]
	if !ok {
		return page, invalid(CodeFilter, "排序方式 %.40q 无效：应为 due、started 或 changed", f.Sort)
	}
	q, limit, err := o.page(r.filterCases(within(r.read(ctx), s, casesTable, "number"), s, f), f.After, f.Limit)
	if err != nil {
		return page, err
	}
	var rows []caseRow
	if err := q.Find(&rows).Error; err != nil {
		return page, fmt.Errorf("read cases: %w", err)
	}
	rows, page.Next = cut(o, rows, limit, func(c caseRow) (int64, string) {
		switch o.by {
		case "started_at":
			return c.StartedAt, c.Number
		case "changed_at":
			return c.ChangedAt, c.Number
		}
		return c.NextDue, c.Number
	})
	page.Items, err = r.caseList(ctx, rows)
	return page, err
}

func (r *Reader) filterCases(q *gorm.DB, s record.Scope, f record.CaseFilter) *gorm.DB {
	if f.Kind != "" {
		q = q.Where("kind = ?", string(f.Kind))
	}
	if f.State != "" {
		q = q.Where("state = ?", string(f.State))
	}
	if f.Open != nil {
		q = q.Where("open = ?", *f.Open)
	}
	if f.Card != "" {
		q = q.Where("card = ?", f.Card)
	}
	if f.Mine {
		q = byPeople(q, s, casesTable, "number", "initiator IN ?")
	}
	if f.Unit != "" {
		q = q.Where("unit IN (?)", below(q, f.Unit))
	}
	if f.Text != "" {
		q = q.Where(containing(fresh(q), "search", f.Text).Or("unit IN (?)", unitsNamed(q, f.Text)))
	}
	return q
}

// below chooses the codes of a unit and of all units below it.
func below(q *gorm.DB, unit string) *gorm.DB {
	root := fresh(q).Table("units AS root").Select("root.path").Where("root.code = ?", unit)
	return fresh(q).Table("units").Select("code").Where("path >= (?) AND path < (?) || ?", root, root, string(maxRune))
}

// unitsNamed chooses the codes of the units whose names contain a text.
func unitsNamed(q *gorm.DB, text string) *gorm.DB {
	return containing(fresh(q).Table("units").Select("code"), "lower(name)", text)
}

// caseList decodes rows and names their procedures and units.
func (r *Reader) caseList(ctx context.Context, rows []caseRow) ([]record.Case, error) {
	units := make([]string, 0, len(rows))
	for _, row := range rows {
		units = append(units, row.Unit)
	}
	names, err := r.unitNames(ctx, units)
	if err != nil {
		return nil, err
	}
	return convert(rows, func(row caseRow) (record.Case, error) { return r.named(row.Body, names[row.Unit]) })
}

// named decodes a case and says what its procedure and its unit are called today.
func (r *Reader) named(body, unit string) (record.Case, error) {
	c, err := decode[record.Case](body)
	c.KindName, c.UnitName = r.kindName(c.Kind), unit
	return c, err
}

func (r *Reader) unitNames(ctx context.Context, codes []string) (map[string]string, error) {
	if len(codes) == 0 {
		return nil, nil
	}
	var rows []unitRow
	if err := r.read(ctx).Where("code IN ?", codes).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read unit names: %w", err)
	}
	names := make(map[string]string, len(rows))
	for _, row := range rows {
		names[row.Code] = row.Name
	}
	return names, nil
}

// CaseDeadlines returns the clocks of a case, without the day-by-day ledger.
func (r *Reader) CaseDeadlines(ctx context.Context, number string) ([]record.Deadline, error) {
	return bodies[record.Deadline](r.read(ctx), deadlinesTable, number)
}

// CaseWaits returns the waits of a case, closed ones too.
func (r *Reader) CaseWaits(ctx context.Context, number string) ([]record.Wait, error) {
	return bodies[record.Wait](r.read(ctx), waitsTable, number)
}

// CaseCopies returns the copies (抄送) of a case.
func (r *Reader) CaseCopies(ctx context.Context, number string) ([]record.Copy, error) {
	list, err := bodies[record.Copy](r.read(ctx), copiesTable, number)
	if err != nil || len(list) == 0 {
		return list, err
	}
	kind, err := r.kindOf(ctx, number)
	if err != nil {
		return nil, err
	}
	for i := range list {
		list[i].KindName = kind
	}
	return list, r.readLater(ctx, list)
}

func (r *Reader) kindOf(ctx context.Context, number string) (string, error) {
	var kind procedure.Kind
	err := r.read(ctx).Table(casesTable).Select("kind").Where("number = ?", number).Scan(&kind).Error
	return r.kindName(kind), err
}

// bodies reads rows of a case that are shown as they are, in the order of the events that made them.
func bodies[V any](db *gorm.DB, table, number string) ([]V, error) {
	var rows []bodyRow
	err := db.Table(table).Select("case_number, id, seq, body").Where("case_number = ?", number).
		Order("seq, id").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", table, err)
	}
	return convert(rows, func(row bodyRow) (V, error) { return decode[V](row.Body) })
}

// Events returns the record of a case after an event, in order; limit 0 returns all.
func (r *Reader) Events(ctx context.Context, number string, afterSeq int64, limit int) ([]procedure.Event, error) {
	if limit <= 0 {
		limit = -1
	}
	var rows []eventRow
	err := r.read(ctx).Where("case_number = ? AND seq > ?", number, afterSeq).Order("seq").Limit(limit).Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read the record: %w", err)
	}
	return events(rows)
}

// Changes returns the feed after an id, oldest first.
func (r *Reader) Changes(ctx context.Context, afterID int64, limit int) ([]record.Change, error) {
	var rows []changeRow
	err := r.read(ctx).Where("id > ?", afterID).Order("id").Limit(limit).Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read the feed: %w", err)
	}
	list := make([]record.Change, 0, len(rows))
	for _, row := range rows {
		list = append(list, record.Change{
			ID: row.ID, Case: row.CaseNumber, Seq: row.Seq, Type: procedure.EventType(row.Type), At: moment(row.At),
		})
	}
	return list, nil
}

// LastChange returns the id of the newest line of the feed, 0 when it is empty: where a new reader begins.
func (r *Reader) LastChange(ctx context.Context) (int64, error) {
	var last int64
	err := r.read(ctx).Table("feed").Select("last").Where("id = 1").Scan(&last).Error
	if err != nil {
		return 0, fmt.Errorf("read the feed: %w", err)
	}
	return last, nil
}
