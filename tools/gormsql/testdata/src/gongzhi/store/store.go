package store

import (
	"strings"

	"fmt"

	"gorm.io/gorm"
)

type row struct{ ID int64 }

type column string

const byNumber = "number = ?"

func planted(db *gorm.DB, name string, col column, any any, conds []any, cols []string) {
	db.Where("name = '" + name + "'")        // want `gorm's Where is not made of constants`
	db.Where(fmt.Sprintf("name = %q", name)) // want `gorm's Where is not made of constants`
	db.Where(any)                            // want `gorm's Where is not made of constants`
	db.Order(name)                           // want `gorm's Order is not made of constants`
	db.Order(col)                            // want `gorm's Order is not made of constants`
	db.Select(cols)                          // want `gorm's Select is not made of constants`
	db.Raw(name)                             // want `gorm's Raw is not made of constants`
	db.First(&row{}, name)                   // want `gorm's First is not made of constants`
	db.Find(&row{}, conds...)                // want `gorm's Find is not made of constants`
	db.Delete(&row{}, name)                  // want `gorm's Delete is not made of constants`
	(db.Order)(name)                         // want `gorm's Order is not made of constants`
}

type other struct{}

func (other) Order(string) {}

func allowed(db *gorm.DB, name string, id int64, ids []int64) {
	db.Where(byNumber, name).Order("id DESC")
	db.Where("id IN ?", ids)
	db.Where(row{ID: id})
	db.Where(map[string]any{"name": name})
	db.Select([]string{"id", "name"})
	db.First(&row{}, id)
	db.Find(&row{}, ids)
	db.Find(&row{})
	db.Create(&name)
	other{}.Order(name)
}

// The helpers below are given constants only.

func within(db *gorm.DB, column string) { db.Where(column + " IN (?)") }

func table[T any](db *gorm.DB, name string) { db.Raw("SELECT * FROM " + name) }

func helped(db *gorm.DB, flag bool) {
	within(db, "number")
	within(db, byNumber)
	table[row](db, "cases")
	for name, column := range map[string]string{"tasks": "due", "waits": "until"} {
		table[int](db, name)
		within(db, column)
	}
	add := func(query string) { db.Where(query) }
	add("a = 1")
	direction := "ASC"
	if flag {
		direction = "DESC"
	}
	db.Order("id " + direction)
	var rest string
	rest += " LIMIT 1"
	db.Raw(rest)
}

// Each helper below is reached by a text from outside.

func leaky(db *gorm.DB, column string) { db.Order(column) } // want `gorm's Order is not made of constants`

func second(db *gorm.DB, column string) { leaky(db, column+" DESC") }

func Exported(db *gorm.DB, column string) {
	second(db, column)
	db.Order(column) // want `gorm's Order is not made of constants`
}

func handed(db *gorm.DB, column string) { db.Order(column) } // want `gorm's Order is not made of constants`

var hook = handed

type request struct{ sort string }

func sorted(by string) request { return request{sort: by} }

func Sorted(by string) request { return sorted(by) }

func fromField(db *gorm.DB, r request, list []string) {
	db.Order(r.sort) // want `gorm's Order is not made of constants`
	sort := "id"
	sort = r.sort
	db.Order(sort) // want `gorm's Order is not made of constants`
	for _, column := range list {
		db.Order(column) // want `gorm's Order is not made of constants`
	}
	text := "id"
	fmt.Sscan("x", &text)
	db.Order(text)                                // want `gorm's Order is not made of constants`
	add := func(query string) { db.Where(query) } // want `gorm's Where is not made of constants`
	add(r.sort)
	add(global) // a package variable may change
}

var global = "id"

type order struct {
	by, id string
	Shown  string
}

var orders = []order{{"due", "id", "due"}, {by: "at", id: "number"}}

func (o order) apply(db *gorm.DB) {
	db.Order(o.by + ", " + o.id)
	db.Order(o.Shown) // want `gorm's Order is not made of constants`
}

type view struct{ by string }

func views(by string, db *gorm.DB) {
	for _, v := range []*view{{by: "id"}, {by: by}} {
		db.Order(v.by) // want `gorm's Order is not made of constants`
	}
}

func Views(by string, db *gorm.DB) { views(by, db) }

func repeated(piece string, n int) string {
	return strings.TrimSuffix(strings.Repeat(piece+", ", n), ", ")
}

func either(name string, n int) string {
	if n > 1 {
		return name
	}
	return "id"
}

type condition struct{ sql string }

func where(sql string, _ ...any) condition { return condition{sql} }

func (c condition) and(d condition, args ...any) condition {
	return where(c.sql+" AND "+d.sql, args...)
}

func made(db *gorm.DB, n int) {
	db.Raw("VALUES " + repeated("(?)", n))
	c := where("a = ?").and(where("b = ?"))
	c.sql += " OR c"
	db.Where(c.sql)
}

func Made(db *gorm.DB, name string) {
	db.Raw(either(name, 2))      // want `gorm's Raw is not made of constants`
	db.Raw(strings.ToUpper("a")) // want `gorm's Raw is not made of constants`
}
