package store

import (
	"database/sql"
	"fmt"
	"maps"
	"slices"

	"gorm.io/gorm"
)

// shelf holds the rows of one kind of one case while events are folded. They are decoded when it is first looked at.
type shelf[V any] struct {
	load  func() (map[string]*item[V], error) // nil once loaded
	items map[string]*item[V]
}

type item[V any] struct {
	seq   int64 // event that made it
	value V
	dirty bool
}

// newShelf decodes its rows when they are needed.
func newShelf[V any](rows []storedRow) *shelf[V] {
	return &shelf[V]{load: func() (map[string]*item[V], error) {
		items := make(map[string]*item[V], len(rows))
		for _, row := range rows {
			value, err := decode[V](row.body)
			if err != nil {
				return nil, err
			}
			items[row.key] = &item[V]{seq: row.seq, value: value}
		}
		return items, nil
	}}
}

// storedRow is a row of any projection, as a fold needs it.
type storedRow struct {
	key  string
	seq  int64
	body string
}

// projections is what the folds of one transaction start from: the rows of its cases, by table and case.
type projections map[[2]string][]storedRow

// readProjections reads all rows of some cases at once.
func readProjections(tx *gorm.DB, numbers []string) (projections, error) {
	from := projections{}
	numbers = padded(numbers)
	scan := func(rows *sql.Rows) error {
		var table, number string
		var row storedRow
		err := rows.Scan(&table, &number, &row.key, &row.seq, &row.body)
		from[[2]string{table, number}] = append(from[[2]string{table, number}], row)
		return err
	}
	err := each(tx, scan, `SELECT 'cases', number, number, 1, body FROM cases WHERE number IN ?
		UNION ALL SELECT 'tasks', case_number, id, opened_seq, body FROM tasks WHERE case_number IN ?
		UNION ALL SELECT 'copies', case_number, id, seq, body FROM copies WHERE case_number IN ?
		UNION ALL SELECT 'waits', case_number, id, seq, body FROM waits WHERE case_number IN ?
		UNION ALL SELECT 'stages', case_number, id, seq, body FROM stages WHERE case_number IN ?
		UNION ALL SELECT 'deadlines', case_number, id, seq, body FROM deadlines WHERE case_number IN ?
		UNION ALL SELECT 'notices', case_number, id, seq, body FROM notices WHERE case_number IN ?`,
		[]any{numbers, numbers, numbers, numbers, numbers, numbers, numbers})
	if err != nil {
		return nil, fmt.Errorf("read what the cases show: %w", err)
	}
	return from, nil
}

func (s *shelf[V]) all() (map[string]*item[V], error) {
	if s.load != nil {
		items, err := s.load()
		if err != nil {
			return nil, err
		}
		s.items, s.load = items, nil
	}
	return s.items, nil
}

func (s *shelf[V]) put(key string, seq int64, value V) error {
	items, err := s.all()
	if err == nil {
		items[key] = &item[V]{seq: seq, value: value, dirty: true}
	}
	return err
}

// change hands out a value to be changed; nil when there is none.
func (s *shelf[V]) change(key string) (*V, error) {
	items, err := s.all()
	if err != nil || items[key] == nil {
		return nil, err
	}
	items[key].dirty = true
	return &items[key].value, nil
}

func (s *shelf[V]) dirty() bool {
	for _, it := range s.items {
		if it.dirty {
			return true
		}
	}
	return false
}

// changed turns what was changed into rows, in the order of their keys.
func changed[V, R any](s *shelf[V], number string, row func(number, key string, seq int64, v V) (R, error)) ([]R, error) {
	var rows []R
	for _, key := range slices.Sorted(maps.Keys(s.items)) {
		it := s.items[key]
		if !it.dirty {
			continue
		}
		r, err := row(number, key, it.seq, it.value)
		if err != nil {
			return nil, err
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// rowset gathers rows of one or many cases and writes them with few statements.
type rowset struct {
	cases     []caseRow
	holders   []holderRow
	tasks     []taskRow
	copies    []copyRow
	waits     []waitRow
	stages    []bodyRow
	deadlines []deadlineRow
	spells    []spellRow
	notices   []noticeRow
	lists     []listRow
}

// write adds the rows to the script. Those that a decision seldom has are written at once, after what they refer to.
func (w *rowset) write(c *script) error {
	for _, write := range []func() error{
		func() error { return insert(c, upsertCases, w.cases, caseRow.values) },
		func() error { return insert(c, insertHolders, w.holders, holderRow.values) },
		func() error { return insert(c, upsertTasks, w.tasks, taskRow.values) },
		func() error { return insert(c, upsertStages, w.stages, bodyRow.values) },
		func() error { return insert(c, upsertDeadlines, w.deadlines, deadlineRow.values) },
		func() error { return insert(c, upsertSpells, w.spells, spellRow.values) },
		func() error { return w.before(c) },
		func() error { return saveAreas(c.tx, w.holders) },
		func() error { return upsert(c.tx, w.copies, "case_number", "id") },
		func() error { return upsert(c.tx, w.waits, "case_number", "id") },
		func() error { return upsert(c.tx, w.notices, "case_number", "id") },
		func() error { return upsert(c.tx, w.lists, "district", "year", "n") },
	} {
		if err := write(); err != nil {
			return fmt.Errorf("write what the cases show: %w", err)
		}
	}
	*w = rowset{}
	return nil
}

// before runs the script if rows follow that are not written through it.
func (w *rowset) before(c *script) error {
	if len(w.holders)+len(w.copies)+len(w.waits)+len(w.notices)+len(w.lists) == 0 {
		return nil
	}
	return c.run()
}

func upsert[R any](tx *gorm.DB, rows []R, key ...string) error {
	if len(rows) == 0 {
		return nil
	}
	return replace(tx, key...).CreateInBatches(rows, 100).Error
}
