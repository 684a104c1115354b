package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"gongzhi/procedure"
	"gongzhi/record"
)

// What is asked of the record where the engine is compared with it.

// CaseTitles are the titles of cases by their numbers. Cases that are not on record are left out.
func (r *Reader) CaseTitles(ctx context.Context, numbers []string) (map[string]string, error) {
	titles := make(map[string]string, len(numbers))
	for part := range slices.Chunk(numbers, 500) {
		cases, err := gatherRows(ctx, r, "the titles of cases", scanBody[record.Case], "SELECT body FROM cases WHERE number IN ?", part)
		if err != nil {
			return nil, err
		}
		for _, c := range cases {
			titles[c.Number] = c.Title
		}
	}
	return titles, nil
}

// CountOpen counts the open cases.
func (r *Reader) CountOpen(ctx context.Context) (int64, error) {
	var n int64
	if err := r.read(ctx).Model(&caseRow{}).Where("open = ?", true).Count(&n).Error; err != nil {
		return 0, fmt.Errorf("count the open cases: %w", err)
	}
	return n, nil
}

// EachOpenCase goes through the open cases. Since is when one last changed.
func (r *Reader) EachOpenCase(ctx context.Context, f func(record.Opened)) error {
	err := each(r.read(ctx), func(rows *sql.Rows) error {
		var number string
		var changed int64
		err := rows.Scan(&number, &changed)
		f(record.Opened{Case: number, Since: moment(changed)})
		return err
	}, "SELECT number, changed_at FROM cases WHERE open = ?", []any{true})
	if err != nil {
		return fmt.Errorf("read the open cases: %w", err)
	}
	return nil
}

// Standing is the state of a case on record; empty if there is none.
func (r *Reader) Standing(ctx context.Context, number string) (procedure.CaseState, error) {
	var states []string
	if err := r.read(ctx).Model(&caseRow{}).Where("number = ?", number).Pluck("state", &states).Error; err != nil {
		return "", fmt.Errorf("read the state of %s: %w", number, err)
	}
	if len(states) == 0 {
		return "", nil
	}
	return procedure.CaseState(states[0]), nil
}
