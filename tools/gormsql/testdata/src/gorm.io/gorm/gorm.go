// Package gorm has the shapes of the methods the check looks at.
package gorm

type DB struct{}

func (db *DB) Where(query any, args ...any) *DB   { return db }
func (db *DB) Order(value any) *DB                { return db }
func (db *DB) Select(query any, args ...any) *DB  { return db }
func (db *DB) Raw(sql string, values ...any) *DB  { return db }
func (db *DB) First(dest any, conds ...any) *DB   { return db }
func (db *DB) Find(dest any, conds ...any) *DB    { return db }
func (db *DB) Delete(value any, conds ...any) *DB { return db }
func (db *DB) Create(value any) *DB               { return db }
