package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"gongzhi/calendar"
	"gongzhi/ops"
	"gongzhi/record"
)

// inArea limits a query to the incidents that may be seen by whoever watches over a subtree of units: those in the court of one of
// them, and those of the machine, which belong to nobody.
func inArea(q *gorm.DB, area string) *gorm.DB {
	return q.Where("unit = ? OR unit IN (?)", "", subtree(q, area))
}

var (
	incidentOrder = order{list: "incidents", by: "place", id: "id"}
	endedOrder    = order{list: "incidents.ended", by: "ended", id: "id", desc: true}
)

// Incidents lists incidents, a page at a time: the most harmful kind first, then the oldest; those that are over by their end, the
// last first. Their cases are not with them, see IncidentCases.
func (r *Reader) Incidents(ctx context.Context, area string, f ops.Filter) (record.Page[ops.Incident], error) {
	var page record.Page[ops.Incident]
	q := inArea(r.read(ctx), area)
	o := incidentOrder
	switch f.State {
	case "":
		q = q.Where("live")
	case ops.Resolved:
		q, o = q.Where("NOT live"), endedOrder
	case ops.Open, ops.Acknowledged, ops.Assigned:
		q = q.Where("live").Where("state = ?", string(f.State))
	case ops.All:
	default:
		return page, invalid(CodeFilter, "状态 %.40q 无效", f.State)
	}
	if f.Kind != "" {
		q = q.Where("kind = ?", string(f.Kind))
	}
	if f.Unit != "" {
		q = q.Where("unit IN (?)", below(q, f.Unit))
	}
	if f.Assignee != "" {
		q = q.Where("assignee = ?", f.Assignee)
	}
	if f.Case != "" {
		q = q.Where("id IN (?)", fresh(q).Table(affectedTable).Select("incident").Where("case_number = ?", f.Case))
	}
	if f.Text != "" {
		q = containing(q, "search", f.Text)
	}
	q, limit, err := o.page(q, f.After, f.Limit)
	if err != nil {
		return page, err
	}
	var rows []incidentRow
	if err := q.Find(&rows).Error; err != nil {
		return page, fmt.Errorf("read incidents: %w", err)
	}
	rows, page.Next = cut(o, rows, limit, func(row incidentRow) (int64, string) {
		if o.desc {
			return row.Ended, row.ID
		}
		return row.Place, row.ID
	})
	seen, err := r.lastSeen(ctx)
	if err != nil {
		return page, err
	}
	page.Items, err = convert(rows, func(row incidentRow) (ops.Incident, error) { return row.incident(seen) })
	return page, err
}

// Incident finds an incident that an area sees, without its cases; CodeIncident for a foreign one as for an unknown one.
func (r *Reader) Incident(ctx context.Context, area, id string) (ops.Incident, error) {
	row, err := incidentIn(r.read(ctx), area, id)
	if err != nil {
		return ops.Incident{}, err
	}
	seen, err := r.lastSeen(ctx)
	if err != nil {
		return ops.Incident{}, err
	}
	return row.incident(seen)
}

// lastSeen is when each kind was looked for the last time with success.
func (r *Reader) lastSeen(ctx context.Context) (map[string]int64, error) {
	var rows []runRow
	if err := r.read(ctx).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the runs of detectors: %w", err)
	}
	seen := make(map[string]int64, len(rows))
	for _, row := range rows {
		seen[row.Kind] = lastOK(row)
	}
	return seen, nil
}

// Runs are the last runs of all detectors, in the order of their kinds.
func (r *Reader) Runs(ctx context.Context) ([]ops.Run, error) {
	var rows []runRow
	if err := r.read(ctx).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the runs of detectors: %w", err)
	}
	slices.SortFunc(rows, func(a, b runRow) int {
		return slices.Index(ops.Kinds(), ops.Kind(a.Kind)) - slices.Index(ops.Kinds(), ops.Kind(b.Kind))
	})
	return convert(rows, runRow.run)
}

// IncidentCases lists the cases of an incident that the scope sees, by their numbers. A case without its row, which is an incident
// of its own, has no title: it is left out.
func (r *Reader) IncidentCases(
	ctx context.Context, s record.Scope, id, after string, limit int,
) (record.Page[ops.Affected], error) {
	var page record.Page[ops.Affected]
	err := r.planned(ctx, func(db *gorm.DB) error {
		c := affected(s)
		q, limit, err := affectedOrder.page(fresh(db).Model(&affectedRow{}).Where("incident = ?", id).Where(c.sql, c.args...), after, limit)
		if err != nil {
			return err
		}
		var rows []affectedRow
		if err := q.Find(&rows).Error; err != nil {
			return err
		}
		rows, page.Next = cut(affectedOrder, rows, limit, func(row affectedRow) (string, string) { return row.CaseNumber, row.Task })
		page.Items, err = titled(db, rows)
		return err
	})
	if err != nil {
		return page, fmt.Errorf("read the cases of the incident: %w", err)
	}
	return page, nil
}

// affectedOrder is that of the table itself: an incident may have thousands of cases, of which a page reads no more than it shows.
var affectedOrder = orderBy[string]{list: "incident.cases", by: "case_number", id: "task"}

// affected are the cases of incidents that a scope sees.
func affected(s record.Scope) condition {
	return seen(s, affectedTable, "case_number").
		and(where("EXISTS (SELECT 1 FROM " + casesTable + " WHERE " + casesTable + ".number = " + affectedTable + ".case_number)"))
}

// titled are cases of incidents with what the cases show.
func titled(db *gorm.DB, rows []affectedRow) ([]ops.Affected, error) {
	numbers := make([]string, len(rows))
	for i, row := range rows {
		numbers[i] = row.CaseNumber
	}
	var found []caseRow
	if err := fresh(db).Select("number", "body").Where("number IN ?", numbers).Find(&found).Error; err != nil {
		return nil, err
	}
	titles := make(map[string]string, len(found))
	for _, row := range found {
		c, err := decode[record.Case](row.Body)
		if err != nil {
			return nil, err
		}
		titles[row.Number] = c.Title
	}
	return convert(rows, func(a affectedRow) (ops.Affected, error) {
		return ops.Affected{Number: a.CaseNumber, Title: titles[a.CaseNumber], Task: a.Task}, nil
	})
}

// FirstCases are up to n cases of each incident that the scope sees, by the ids of the incidents.
func (r *Reader) FirstCases(ctx context.Context, s record.Scope, ids []string, n int) (map[string][]ops.Affected, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	first := make(map[string][]ops.Affected, len(ids))
	err := r.planned(ctx, func(db *gorm.DB) error {
		c := affected(s)
		var found []struct{ ID, Keys string }
		err := fresh(db).Raw(`SELECT id, coalesce((SELECT string_agg(case_number || ' ' || task, ',') FROM (SELECT case_number, task
			FROM `+affectedTable+` WHERE incident = incidents.id AND `+c.sql+` ORDER BY case_number, task LIMIT ?) AS first), '') AS keys
			FROM incidents WHERE id IN ?`, append(slices.Clone(c.args), n, ids)...).Scan(&found).Error
		if err != nil {
			return err
		}
		var rows []affectedRow
		for _, f := range found {
			for _, key := range slices.Sorted(slices.Values(strings.FieldsFunc(f.Keys, func(r rune) bool { return r == ',' }))) {
				number, task, _ := strings.Cut(key, " ")
				rows = append(rows, affectedRow{Incident: f.ID, CaseNumber: number, Task: task})
			}
		}
		all, err := titled(db, rows)
		for i, row := range rows[:len(all)] {
			first[row.Incident] = append(first[row.Incident], all[i])
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the cases of incidents: %w", err)
	}
	return first, nil
}

// IncidentHistory is what became of an incident, oldest first.
func (r *Reader) IncidentHistory(ctx context.Context, id string) ([]ops.Entry, error) {
	var rows []entryRow
	if err := r.read(ctx).Where("incident = ?", id).Order("n").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the history of the incident: %w", err)
	}
	return convert(rows, entryRow.entry)
}

// IncidentCounts are the numbers of what is not over, and what came and went on the last days up to today.
func (r *Reader) IncidentCounts(ctx context.Context, area string, today calendar.Date) (ops.Counts, error) {
	var c ops.Counts
	var rows []struct {
		Kind, State, Unit string
		N                 int
	}
	err := inArea(r.read(ctx).Table("incidents"), area).Where("live").Select("kind, state, unit, count(*) AS n").
		Group("kind, state, unit").Scan(&rows).Error
	if err != nil {
		return c, fmt.Errorf("count incidents: %w", err)
	}
	kinds, states, units := map[ops.Kind]int{}, map[ops.State]int{}, map[string]int{}
	for _, row := range rows {
		c.Total += row.N
		kinds[ops.Kind(row.Kind)] += row.N
		states[ops.State(row.State)] += row.N
		units[row.Unit] += row.N
	}
	for _, k := range ops.Kinds() {
		c.Kinds = append(c.Kinds, ops.KindCount{Kind: k, Title: k.Title(), Count: kinds[k]})
	}
	for _, s := range []ops.State{ops.Open, ops.Acknowledged, ops.Assigned} {
		c.States = append(c.States, ops.StateSum{State: s, Count: states[s]})
	}
	if c.Units, err = r.unitCounts(ctx, units); err != nil {
		return c, err
	}
	c.Trend, err = r.incidentTrend(ctx, area, today)
	return c, err
}

func (r *Reader) unitCounts(ctx context.Context, counts map[string]int) ([]ops.UnitCount, error) {
	codes := make([]string, 0, len(counts))
	for code := range counts {
		codes = append(codes, code)
	}
	names, err := r.unitNames(ctx, codes)
	if err != nil {
		return nil, err
	}
	list := make([]ops.UnitCount, 0, len(counts))
	for code, n := range counts {
		list = append(list, ops.UnitCount{Unit: code, Name: names[code], Count: n})
	}
	slices.SortFunc(list, ops.UnitCount.Compare)
	return list, nil
}

// incidentTrend counts by civil day: +08:00, the zone of every day of ours, and days of equal length.
func (r *Reader) incidentTrend(ctx context.Context, area string, today calendar.Date) ([]ops.DayCount, error) {
	first := today.AddDays(1 - ops.TrendDays)
	list := make([]ops.DayCount, ops.TrendDays)
	for i := range list {
		list[i].Day = first.AddDays(i).String()
	}
	start, day := micros(first.Start()), (24 * time.Hour).Microseconds()
	for _, text := range []struct {
		days, since string
		add         func(*ops.DayCount, int)
	}{
		{"(opened - ?) / ? AS day, count(*) AS n", "opened >= ? AND opened < ?", func(d *ops.DayCount, n int) { d.Opened += n }},
		{"(ended - ?) / ? AS day, count(*) AS n", "ended >= ? AND ended < ?", func(d *ops.DayCount, n int) { d.Ended += n }},
	} {
		var rows []struct{ Day, N int }
		err := inArea(r.read(ctx).Table("incidents"), area).Select(text.days, start, day).
			Where(text.since, start, start+ops.TrendDays*day).Group("day").Scan(&rows).Error
		if err != nil {
			return nil, fmt.Errorf("count incidents by day: %w", err)
		}
		for _, row := range rows {
			text.add(&list[row.Day], row.N)
		}
	}
	return list, nil
}
