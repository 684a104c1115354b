package store

import (
	"fmt"
	"maps"
	"slices"

	"gorm.io/gorm"
)

// shelf holds the rows of one kind of one case while events are folded. It is read when it is first looked at.
type shelf[V any] struct {
	load  func() (map[string]*item[V], error) // nil once loaded
	items map[string]*item[V]
}

type item[V any] struct {
	seq   int64 // event that made it
	value V
	dirty bool
}

type stored interface {
	item() (number, key string, seq int64, body string)
}

// newShelf reads its rows when they are needed.
func newShelf[V any, R stored](from *loader[R], number string) *shelf[V] {
	return &shelf[V]{load: func() (map[string]*item[V], error) {
		rows, err := from.of(number)
		if err != nil {
			return nil, err
		}
		items := make(map[string]*item[V], len(rows))
		for _, row := range rows {
			_, key, seq, body := row.item()
			value, err := decode[V](body)
			if err != nil {
				return nil, err
			}
			items[key] = &item[V]{seq: seq, value: value}
		}
		return items, nil
	}}
}

// loader reads the rows of one table for all cases of a transaction at once, when the first of them is looked at.
type loader[R stored] struct {
	tx      *gorm.DB // nil in a rebuild: there is nothing to read
	table   string
	key     string // the column of the case's number
	numbers []string
	rows    map[string][]R // by case; nil before they are read
}

func (l *loader[R]) of(number string) ([]R, error) {
	if l.rows == nil && l.tx != nil {
		var rows []R
		if err := l.tx.Table(l.table).Where(l.key+" IN ?", l.numbers).Find(&rows).Error; err != nil {
			return nil, fmt.Errorf("read %s of the cases: %w", l.table, err)
		}
		l.rows = make(map[string][]R, len(l.numbers))
		for _, row := range rows {
			of, _, _, _ := row.item()
			l.rows[of] = append(l.rows[of], row)
		}
	}
	return l.rows[number], nil
}

// projections is what the folds of one transaction start from.
type projections struct {
	cases     *loader[caseRow]
	tasks     *loader[taskRow]
	copies    *loader[copyRow]
	waits     *loader[waitRow]
	stages    *loader[bodyRow]
	deadlines *loader[bodyRow]
	notices   *loader[noticeRow]
}

// newProjections reads in tx; nil gives empty ones.
func newProjections(tx *gorm.DB, numbers []string) projections {
	const key = "case_number"
	return projections{
		cases:     &loader[caseRow]{tx: tx, table: casesTable, key: "number", numbers: numbers},
		tasks:     &loader[taskRow]{tx: tx, table: tasksTable, key: key, numbers: numbers},
		copies:    &loader[copyRow]{tx: tx, table: copiesTable, key: key, numbers: numbers},
		waits:     &loader[waitRow]{tx: tx, table: waitsTable, key: key, numbers: numbers},
		stages:    &loader[bodyRow]{tx: tx, table: stagesTable, key: key, numbers: numbers},
		deadlines: &loader[bodyRow]{tx: tx, table: deadlinesTable, key: key, numbers: numbers},
		notices:   &loader[noticeRow]{tx: tx, table: noticesTable, key: key, numbers: numbers},
	}
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
	deadlines []bodyRow
	notices   []noticeRow
	lists     []listRow
}

func (w *rowset) flush(tx *gorm.DB) error {
	for _, write := range []func() error{
		func() error { return upsert(tx, casesTable, w.cases, "number") },
		func() error { return upsert(tx, holdersTable, w.holders, "case_number", "unit", "role", "user_id") },
		func() error { return saveAreas(tx, w.holders) },
		func() error { return upsert(tx, tasksTable, w.tasks, "id") },
		func() error { return upsert(tx, copiesTable, w.copies, "case_number", "id") },
		func() error { return upsert(tx, waitsTable, w.waits, "case_number", "id") },
		func() error { return upsert(tx, stagesTable, w.stages, "case_number", "id") },
		func() error { return upsert(tx, deadlinesTable, w.deadlines, "case_number", "id") },
		func() error { return upsert(tx, noticesTable, w.notices, "case_number", "id") },
		func() error { return upsert(tx, listsTable, w.lists, "district", "year", "n") },
	} {
		if err := write(); err != nil {
			return err
		}
	}
	*w = rowset{}
	return nil
}

func upsert[R any](tx *gorm.DB, table string, rows []R, key ...string) error {
	if len(rows) == 0 {
		return nil
	}
	write := replace
	if table == holdersTable {
		write = once // a key and nothing else
	}
	if err := write(tx.Table(table), key...).CreateInBatches(rows, 100).Error; err != nil {
		return fmt.Errorf("write %s: %w", table, err)
	}
	return nil
}
