package store

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"gongzhi/ballot"
	"gongzhi/record"
)

// pollOrder is how polls are listed: the newest first.
var pollOrder = order{list: "polls", by: "prepared", id: "number", desc: true}

// PollPage lists the polls whose cases the scope sees, with their running sums and their cases.
func (r *Reader) PollPage(ctx context.Context, s record.Scope, f ballot.PollFilter) (record.Page[ballot.Listed], error) {
	var page record.Page[ballot.Listed]
	q, limit, err := pollOrder.page(filterPolls(within(r.read(ctx), s, pollsTable, "number"), f), f.After, f.Limit)
	if err != nil {
		return page, err
	}
	var rows []pollRow
	if err := q.Find(&rows).Error; err != nil {
		return page, fmt.Errorf("read polls: %w", err)
	}
	rows, page.Next = cut(pollOrder, rows, limit, func(p pollRow) (int64, string) { return p.Prepared, p.Number })
	numbers := make([]string, len(rows))
	for i, row := range rows {
		numbers[i] = row.Number
	}
	sums, err := r.sumsOf(ctx, numbers)
	if err != nil {
		return page, err
	}
	cases, err := r.casesOf(ctx, numbers)
	if err != nil {
		return page, err
	}
	page.Items, err = convert(rows, func(row pollRow) (ballot.Listed, error) {
		p, err := row.poll()
		return ballot.Listed{
			Poll: p, Totals: sums[row.Number].totals(p.Options.Counting), Channels: row.channels(), Case: cases[row.Number],
		}, err
	})
	return page, err
}

const pollsTable = "polls"

func filterPolls(q *gorm.DB, f ballot.PollFilter) *gorm.DB {
	if f.State != "" {
		q = q.Where("state = ?", string(f.State))
	}
	if f.Unit != "" {
		q = q.Where("unit IN (?)", below(q, f.Unit))
	}
	if f.Text != "" { // the title of the case names estate and matter
		named := fresh(q).Table(casesTable).Select("number").Where(containing(fresh(q), "search", f.Text).Or("unit IN (?)", unitsNamed(q, f.Text)))
		q = q.Where("number IN (?)", named)
	}
	return q
}

// casesOf reads cases by their numbers.
func (r *Reader) casesOf(ctx context.Context, numbers []string) (map[string]record.Case, error) {
	if len(numbers) == 0 {
		return nil, nil
	}
	var rows []caseRow
	if err := r.read(ctx).Where("number IN ?", numbers).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the cases of polls: %w", err)
	}
	list, err := r.caseList(ctx, rows)
	cases := make(map[string]record.Case, len(list))
	for _, c := range list {
		cases[c.Number] = c
	}
	return cases, err
}
