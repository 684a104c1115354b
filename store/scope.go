package store

import (
	"context"
	"fmt"
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

// within limits a query to the cases a scope sees: a unit of its subtrees, one of its posts or one of its people is the
// initiator, or ever held a task or a copy. The column of the table holds the case number.
func within(q *gorm.DB, s record.Scope, table, column string) *gorm.DB {
	if s.Everything {
		return q
	}
	var held conditions
	for _, h := range s.Holders {
		if h.Unit != "" {
			held.add("unit = ? AND role = ? AND user_id = ?", h.Unit, string(h.Role), "")
		}
	}
	if users := named(s); len(users) > 0 {
		held.add("user_id IN ?", users)
	}
	var either conditions
	if len(s.Paths) > 0 {
		// Asked for each case in the order of the page, which ends early, rather than sorting all cases of a city.
		either.add("EXISTS (?)", fresh(q).Table(areasTable).Select("1").
			Where("path IN ? AND case_number = "+table+"."+column, s.Paths))
	}
	if len(held) > 0 {
		either.add(column+" IN (?)", fresh(q).Table(holdersTable).Select("case_number").Where(held.any(q)))
	}
	return q.Where(either.any(q))
}

// conditions are joined by OR; none of them is false.
type conditions []condition

type condition struct {
	query string
	args  []any
}

func (c *conditions) add(query string, args ...any) { *c = append(*c, condition{query, args}) }

func (c conditions) any(db *gorm.DB) *gorm.DB {
	if len(c) == 0 {
		return fresh(db).Where("1 = 0")
	}
	either := fresh(db).Where(c[0].query, c[0].args...)
	for _, x := range c[1:] {
		either = either.Or(x.query, x.args...)
	}
	return either
}

// named lists the people of a scope, without empty names: an empty user means «nobody by name».
func named(s record.Scope) []string {
	var users []string
	add := func(user string) {
		if user != "" {
			users = append(users, user)
		}
	}
	for _, user := range s.Users {
		add(user)
	}
	for _, h := range s.Holders {
		add(h.User)
	}
	return users
}

// heldBy limits a query to tasks or copies in the court of a scope: of its posts, or handed to one of its people by name.
// flag is the column that makes them open or unread; it stands beside each holder so that one index answers both.
func heldBy(q *gorm.DB, s record.Scope, flag string) *gorm.DB {
	var either conditions
	for _, h := range s.Holders {
		if h.User == "" && h.Unit != "" {
			either.add("holder_unit = ? AND holder_role = ? AND holder_user = ? AND "+flag+" = ?",
				h.Unit, string(h.Role), "", true)
		}
	}
	if users := named(s); len(users) > 0 {
		either.add("holder_user IN ? AND "+flag+" = ?", users, true)
	}
	return q.Where(either.any(q))
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
