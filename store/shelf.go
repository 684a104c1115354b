package store

import (
	"fmt"
	"maps"
	"slices"

	"gorm.io/gorm"
)

// shelf holds the rows of one kind of one case while events are folded. It is read from the database when it is first
// looked at; in a rebuild there is nothing to read.
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
	item() (string, int64, string)
}

// newShelf reads rows R of a table when they are needed; tx is nil in a rebuild.
func newShelf[V any, R stored](tx *gorm.DB, table, number string) *shelf[V] {
	if tx == nil {
		return &shelf[V]{items: map[string]*item[V]{}}
	}
	return &shelf[V]{load: func() (map[string]*item[V], error) {
		var rows []R
		if err := tx.Table(table).Where("case_number = ?", number).Find(&rows).Error; err != nil {
			return nil, fmt.Errorf("read %s of the case: %w", table, err)
		}
		items := make(map[string]*item[V], len(rows))
		for _, row := range rows {
			key, seq, body := row.item()
			value, err := decode[V](body)
			if err != nil {
				return nil, err
			}
			items[key] = &item[V]{seq: seq, value: value}
		}
		return items, nil
	}}
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
