package store

import (
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// convert turns rows into what readers get.
func convert[R, V any](rows []R, one func(R) (V, error)) ([]V, error) {
	list := make([]V, 0, len(rows))
	for _, row := range rows {
		v, err := one(row)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

func columns(names []string) []clause.Column {
	list := make([]clause.Column, len(names))
	for i, name := range names {
		list[i] = clause.Column{Name: name}
	}
	return list
}

// once inserts a row unless one with the same key exists.
func once(db *gorm.DB, key ...string) *gorm.DB {
	return db.Clauses(clause.OnConflict{Columns: columns(key), DoNothing: true})
}

// replace inserts a row, or writes over the one with the same key.
func replace(db *gorm.DB, key ...string) *gorm.DB {
	return db.Clauses(clause.OnConflict{Columns: columns(key), UpdateAll: true})
}
