package store

import (
	"database/sql"
	"errors"
	"iter"
	"math/bits"
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

// mostTuples is how many rows are written with one statement: both databases bound how many values a statement may have.
const mostTuples = 64

// insert writes rows with a statement that has one question mark, behind VALUES.
func insert[R any](c *script, text string, rows []R, values func(R) []any) error {
	for piece := range pieces(rows) {
		list := make(tuples, len(piece))
		for i, row := range piece {
			list[i] = values(row)
		}
		if err := c.add(text, list); err != nil {
			return err
		}
	}
	return nil
}

// pieces cuts a list into pieces whose lengths are powers of two. Statements of every length would each be compiled anew; of these
// few, all are soon known.
func pieces[L ~[]R, R any](rows L) iter.Seq[L] {
	return func(yield func(L) bool) {
		for len(rows) > 0 {
			n := min(1<<(bits.Len(uint(len(rows)))-1), mostTuples)
			if !yield(rows[:n]) {
				return
			}
			rows = rows[n:]
		}
	}
}

// padded repeats the last of a list until its length is a power of two, for the same reason. It is for what may be said twice: keys
// that are looked for, rows that are joined.
func padded[L ~[]R, R any](list L) L {
	list = slices.Clone(list)
	for len(list)&(len(list)-1) != 0 {
		list = append(list, list[len(list)-1])
	}
	return list
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
