package store

import (
	"context"
	"database/sql"
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

// within limits a query to the cases a scope sees. The column of the table holds the case number.
func within(q *gorm.DB, s record.Scope, table, column string) *gorm.DB {
	var either conditions
	for _, g := range s {
		if g.Everything && len(g.Kinds) == 0 {
			return q
		}
		either = append(either, ofKinds(fresh(q).Where(sees(q, g, table, column)), g, table, column))
	}
	return q.Where(either.any(q))
}

// sees are the cases of a grant, whatever their procedure: a unit of its subtrees, one of its posts or one of its people is
// the initiator, or ever held a task or a copy.
func sees(q *gorm.DB, g record.Grant, table, column string) *gorm.DB {
	if g.Everything {
		return fresh(q).Where("1 = 1")
	}
	var held conditions
	for _, h := range g.Holders {
		if h.Unit != "" {
			held = append(held, fresh(q).Where("unit = ? AND role = ? AND user_id = ?", h.Unit, string(h.Role), ""))
		}
	}
	if users := named(g); len(users) > 0 {
		held = append(held, fresh(q).Where("user_id IN ?", users))
	}
	var either conditions
	if len(g.Paths) > 0 {
		// Asked for each case in the order of the page, which ends early, rather than sorting all cases of a city.
		here := fresh(q).Table(areasTable).Select("1").Where("path IN ? AND case_number = "+table+"."+column, g.Paths)
		either = append(either, fresh(q).Where("EXISTS (?)", here))
	}
	if len(held) > 0 {
		cases := fresh(q).Table(holdersTable).Select("case_number").Where(held.any(q))
		either = append(either, fresh(q).Where(column+" IN (?)", cases))
	}
	return either.any(q)
}

// ofKinds limits a query to the procedures of a grant: a delegation may be for some only.
func ofKinds(q *gorm.DB, g record.Grant, table, column string) *gorm.DB {
	switch {
	case len(g.Kinds) == 0:
		return q
	case table == casesTable:
		return q.Where("kind IN ?", g.Kinds)
	}
	return q.Where("EXISTS (?)", fresh(q).Table(casesTable).Select("1").
		Where(casesTable+".number = "+table+"."+column+" AND "+casesTable+".kind IN ?", g.Kinds))
}

// conditions are joined by OR; none of them is false.
type conditions []*gorm.DB

func (c conditions) any(db *gorm.DB) *gorm.DB {
	if len(c) == 0 {
		return fresh(db).Where("1 = 0")
	}
	either := fresh(db).Where(c[0])
	for _, x := range c[1:] {
		either = either.Or(x)
	}
	return either
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

// byPeople limits a query to the rows that match the people of a grant: a text in which @people stands for them. The column of
// the table holds the case number.
func byPeople(q *gorm.DB, s record.Scope, table, column, match string) *gorm.DB {
	var either conditions
	for _, g := range s {
		if users := people(g); len(users) > 0 {
			by := fresh(q).Where(match, sql.Named("people", users))
			either = append(either, ofKinds(by, g, table, column))
		}
	}
	return q.Where(either.any(q))
}

// heldBy limits a query to tasks or copies in the court of a scope: of its posts, or handed to one of its people by name.
// flag is the column that makes them open or unread; it stands beside each holder so that one index answers both.
func heldBy(q *gorm.DB, s record.Scope, table, flag string) *gorm.DB {
	var either conditions
	for _, g := range s {
		var held conditions
		for _, h := range g.Holders {
			if h.User == "" && h.Unit != "" {
				held = append(held, fresh(q).Where("holder_unit = ? AND holder_role = ? AND holder_user = ? AND "+flag+" = ?",
					h.Unit, string(h.Role), "", true))
			}
		}
		if users := named(g); len(users) > 0 {
			held = append(held, fresh(q).Where("holder_user IN ? AND "+flag+" = ?", users, true))
		}
		for _, one := range held { // each for itself, so that each is found by its index
			either = append(either, ofKinds(one, g, table, "case_number"))
		}
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
