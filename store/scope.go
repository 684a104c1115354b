package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"gongzhi/procedure"
	"gongzhi/record"
)

// subtree chooses the codes of the units whose path begins with prefix. The path is compared as a range, which an index
// serves and which has no wildcards.
func subtree(db *gorm.DB, prefix string) *gorm.DB {
	return fresh(db).Table("units").Select("code").Where("path >= ? AND path < ?", prefix, prefix+string(maxRune))
}

const maxRune = '\U0010FFFF'

func fresh(db *gorm.DB) *gorm.DB { return db.Session(&gorm.Session{NewDB: true}) }

// condition is a piece of SQL with its arguments: a scope is asked about in every request, and text is put together much
// faster than GORM's own clauses.
type condition struct {
	sql  string
	args []any
}

func where(sql string, args ...any) condition { return condition{sql, args} }

func (c condition) and(d condition) condition {
	return condition{c.sql + " AND " + d.sql, append(slices.Clip(c.args), d.args...)}
}

// either joins conditions by OR; none of them is false.
func either(list []condition) condition {
	if len(list) == 0 {
		return where("1 = 0")
	}
	all := condition{"(" + list[0].sql, slices.Clip(list[0].args)}
	for _, c := range list[1:] {
		all.sql += " OR " + c.sql
		all.args = append(all.args, c.args...)
	}
	all.sql += ")"
	return all
}

// within limits a query to the cases a scope sees. The column of the table holds the case number.
func within(q *gorm.DB, s record.Scope, table, column string) *gorm.DB {
	c := seen(s, table, column)
	return q.Where(c.sql, c.args...)
}

// seen are the cases a scope sees.
func seen(s record.Scope, table, column string) condition {
	var list []condition
	for _, g := range s {
		list = append(list, ofKinds(sees(g, table, column), g, table, column))
	}
	return either(list)
}

// sees are the cases of a grant, whatever their procedure: a unit of its subtrees, one of its posts or one of its people is
// the initiator, or ever held a task or a copy.
func sees(g record.Grant, table, column string) condition {
	if g.Everything {
		return where("1 = 1")
	}
	var list []condition
	if len(g.Paths) > 0 {
		// Asked for each case in the order of the page, which ends early, rather than sorting all cases of a city.
		list = append(list, where("EXISTS (SELECT 1 FROM "+areasTable+" WHERE path IN ? AND case_number = "+table+"."+column+")", g.Paths))
	}
	var held []condition
	for _, h := range g.Holders {
		if h.Unit != "" {
			held = append(held, where("unit = ? AND role = ? AND user_id = ?", h.Unit, string(h.Role), ""))
		}
	}
	if users := named(g); len(users) > 0 {
		held = append(held, where("user_id IN ?", users))
	}
	if len(held) > 0 {
		c := either(held)
		list = append(list, condition{column + " IN (SELECT case_number FROM " + holdersTable + " WHERE " + c.sql + ")", c.args})
	}
	return either(list)
}

// ofKinds limits a condition to the procedures of a grant: a delegation may be for some only.
func ofKinds(c condition, g record.Grant, table, column string) condition {
	switch {
	case len(g.Kinds) == 0:
		return c
	case table == casesTable:
		return c.and(where("kind IN ?", g.Kinds))
	}
	return c.and(where("EXISTS (SELECT 1 FROM "+casesTable+" WHERE "+casesTable+".number = "+table+"."+column+" AND "+
		casesTable+".kind IN ?)", g.Kinds))
}

// named lists the people of a grant, without empty names: an empty user means «nobody by name».
func named(g record.Grant) []string {
	users := people(g)
	for _, h := range g.Holders {
		if h.User != "" {
			users = append(users, h.User)
		}
	}
	return users
}

// people are the person, or those represented.
func people(g record.Grant) []string {
	return slices.DeleteFunc(slices.Clone(g.Users), func(user string) bool { return user == "" })
}

// byPeople limits a query to the rows that name one of the people of a grant: naming has a question mark wherever they may
// stand. The column of the table holds the case number.
func byPeople(q *gorm.DB, s record.Scope, table, column, naming string) *gorm.DB {
	var list []condition
	for _, g := range s {
		users := people(g)
		if len(users) == 0 {
			continue
		}
		by := condition{"(" + naming + ")", slices.Repeat([]any{users}, strings.Count(naming, "?"))}
		list = append(list, ofKinds(by, g, table, column))
	}
	c := either(list)
	return q.Where(c.sql, c.args...)
}

// heldBy limits a query to tasks or copies in the court of a scope: of its posts, or handed to one of its people by name.
// flag is the column that makes them open or unread; it stands beside each holder so that one index answers both.
func heldBy(q *gorm.DB, s record.Scope, table, flag string) *gorm.DB {
	var list []condition
	for _, g := range s {
		var held []condition
		for _, h := range g.Holders {
			if h.User == "" && h.Unit != "" {
				held = append(held, where("holder_unit = ? AND holder_role = ? AND holder_user = ? AND "+flag+" = ?",
					h.Unit, string(h.Role), "", true))
			}
		}
		if users := named(g); len(users) > 0 {
			held = append(held, where("holder_user IN ? AND "+flag+" = ?", users, true))
		}
		for _, one := range held { // each for itself, so that each is found by its index
			list = append(list, ofKinds(one, g, table, "case_number"))
		}
	}
	c := either(list)
	return q.Where(c.sql, c.args...)
}

// containing limits a query to rows whose search column contains a text; % and _ are plain characters.
func containing(q *gorm.DB, column, text string) *gorm.DB {
	return q.Where(column+` LIKE ? ESCAPE '\'`, like(text))
}

func like(text string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.ToLower(text)) + "%"
}

// Visible tells which of the cases a scope sees, for the feed.
func (r *Reader) Visible(ctx context.Context, s record.Scope, numbers []string) (map[string]bool, error) {
	if len(numbers) == 0 {
		return nil, nil
	}
	var found []string
	q := r.read(ctx).Table(casesTable).Where("number IN ?", numbers)
	if err := within(q, s, casesTable, "number").Pluck("number", &found).Error; err != nil {
		return nil, fmt.Errorf("read visible cases: %w", err)
	}
	seen := make(map[string]bool, len(found))
	for _, number := range found {
		seen[number] = true
	}
	return seen, nil
}

// kindName is the Chinese name of a procedure on a row.
func (r *Reader) kindName(k procedure.Kind) string { return r.kinds[k] }
