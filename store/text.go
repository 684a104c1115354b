package store

import (
	"database/sql"
	"errors"
	"slices"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// What every decision reads and writes is asked for in SQL text: GORM puts each clause together anew and goes through rows by
// reflection, which was two thirds of what a decision left to the garbage collector. GORM still opens the transactions, numbers
// the question marks as the database wants them, and knows the rest of the tables.

// tuples are the rows behind VALUES: one question mark stands for all of them.
type tuples [][]any

// Build implements clause.Expression.
func (t tuples) Build(b clause.Builder) {
	for i, row := range t {
		if i > 0 {
			_ = b.WriteByte(',')
		}
		b.AddVar(b, row)
	}
}

// insert writes rows with a statement that has one question mark, behind VALUES. Both databases bound how many values a
// statement may have.
func insert[R any](c *script, text string, rows []R, values func(R) []any) error {
	for part := range slices.Chunk(rows, 100) {
		list := make(tuples, len(part))
		for i, row := range part {
			list[i] = values(row)
		}
		if err := c.add(text, list); err != nil {
			return err
		}
	}
	return nil
}

// each hands every row that a statement returns to scan.
func each(tx *gorm.DB, scan func(*sql.Rows) error, text string, args []any) (err error) {
	rows, err := tx.Raw(text, args...).Rows()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// repeated is a piece of SQL n times, with commas between.
func repeated(piece string, n int) string {
	return strings.TrimSuffix(strings.Repeat(piece+", ", n), ", ")
}
