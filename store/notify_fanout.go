package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"

	"gorm.io/gorm"

	"gongzhi/calendar"
	"gongzhi/notify"
	"gongzhi/procedure"
)

// fanBatch is how many messages one transaction fans out.
const fanBatch = 500

// FanOut makes the deliveries of messages that wait in the outbox, at most 500 messages in one transaction: for whoever holds the
// post today, and whoever looks after it. It is one at a time in all processes.
func (s *Store) FanOut(ctx context.Context, t notify.Tick) (notify.Fanned, error) {
	var out notify.Fanned
	err := s.scripted(ctx, func(c *script) error {
		out = notify.Fanned{}
		last, err := s.lockOutbox(c.tx)
		if err != nil {
			return err
		}
		messages, err := pendingMessages(c.tx)
		if err != nil {
			return err
		}
		f := fanOut{tick: t, day: calendar.DateOf(t.Case).String(), last: last, made: map[string]bool{}}
		if len(messages) > 0 {
			if err := f.prepare(c.tx, messages); err != nil {
				return err
			}
			for _, m := range messages {
				if err := f.fan(m); err != nil {
					return err
				}
			}
			if err := f.write(c); err != nil {
				return err
			}
		}
		out.Messages, out.Deliveries, out.Nobody, out.More = len(messages), len(f.rows), f.nobody, len(messages) == fanBatch
		if err := c.add("UPDATE outbox_head SET last = ?, ran = ? WHERE id = 1", f.last, micros(t.Engine)); err != nil {
			return fmt.Errorf("note the fan-out: %w", err)
		}
		return nil
	})
	if err != nil {
		return notify.Fanned{}, err
	}
	out.Due, err = s.due(ctx, t)
	return out, err
}

// lockOutbox keeps every other fan-out waiting until this transaction ends, and returns the number of the newest delivery.
func (s *Store) lockOutbox(tx *gorm.DB) (int64, error) {
	text := "SELECT last FROM outbox_head WHERE id = 1"
	if s.kind == postgresKind {
		text += " FOR UPDATE"
	}
	var last int64
	if err := tx.Raw(text).Row().Scan(&last); err != nil {
		return 0, fmt.Errorf("lock the outbox: %w", err)
	}
	return last, nil
}

func pendingMessages(tx *gorm.DB) ([]notify.Message, error) {
	var list []notify.Message
	err := each(tx, func(rows *sql.Rows) error {
		var body string
		if err := rows.Scan(&body); err != nil {
			return err
		}
		m, err := decode[notify.Message](body)
		list = append(list, m)
		return err
	}, "SELECT body FROM outbox WHERE fanned = 9223372036854775807 ORDER BY at, source LIMIT ?", []any{fanBatch})
	if err != nil {
		return nil, fmt.Errorf("read the outbox: %w", err)
	}
	return list, nil
}

// fanOut is one transaction's work.
type fanOut struct {
	tick    notify.Tick
	day     string
	posts   map[[2]string][]notify.Person // who holds a post, by unit and role
	named   map[string]notify.Person      // accounts in use that hold any post
	deputy  map[string][]deputy           // by delegator
	choices map[string]choiceDoc
	words   map[notify.Kind]notify.Words

	last   int64
	made   map[string]bool
	rows   []deliveryRow
	told   tuples
	nobody int
}

// deputy is one who looks after the posts of another (代理).
type deputy struct {
	notify.Person
	kinds []procedure.Kind
}

// prepare reads everything that the messages need, in five statements whatever their number.
func (f *fanOut) prepare(tx *gorm.DB, messages []notify.Message) error {
	var err error
	if err = f.readHolders(tx, messages); err != nil {
		return fmt.Errorf("read who holds the posts: %w", err)
	}
	if err = f.readDeputies(tx); err != nil {
		return fmt.Errorf("read the delegations: %w", err)
	}
	var users []string
	for _, people := range f.posts {
		for _, p := range people {
			users = append(users, p.User)
		}
	}
	for user := range f.named {
		users = append(users, user)
	}
	for _, list := range f.deputy {
		for _, d := range list {
			users = append(users, d.User)
		}
	}
	if f.choices, err = choicesOf(tx, users); err != nil {
		return err
	}
	f.words, err = allWords(tx)
	return err
}

func (f *fanOut) readHolders(tx *gorm.DB, messages []notify.Message) error {
	f.posts, f.named = map[[2]string][]notify.Person{}, map[string]notify.Person{}
	posts, users := tuples{}, []string{}
	seen := map[[2]string]bool{}
	for _, m := range messages {
		if m.To.User != "" {
			users = append(users, m.To.User)
			continue
		}
		key := [2]string{m.To.Unit, string(m.To.Role)}
		if !seen[key] {
			seen[key] = true
			posts = append(posts, []any{key[0], key[1]})
		}
	}
	if len(posts) > 0 {
		err := each(tx, func(rows *sql.Rows) error {
			var key [2]string
			var p notify.Person
			err := rows.Scan(&key[0], &key[1], &p.User, &p.Name)
			f.posts[key] = append(f.posts[key], p)
			return err
		}, `SELECT DISTINCT posts.unit, posts.role, users.id, users.name FROM posts JOIN users ON users.id = posts.user_id
			WHERE NOT users.disabled AND posts.from_day <= ? AND (posts.to_day = '' OR posts.to_day >= ?)
				AND (posts.unit, posts.role) IN (VALUES ?)
			ORDER BY posts.unit, posts.role, users.id`, []any{f.day, f.day, posts})
		if err != nil {
			return err
		}
	}
	if len(users) == 0 {
		return nil
	}
	return each(tx, func(rows *sql.Rows) error {
		var p notify.Person
		err := rows.Scan(&p.User, &p.Name)
		f.named[p.User] = p
		return err
	}, `SELECT id, name FROM users WHERE NOT disabled AND id IN ? AND EXISTS (SELECT 1 FROM posts WHERE posts.user_id = users.id
		AND posts.from_day <= ? AND (posts.to_day = '' OR posts.to_day >= ?))`, []any{users, f.day, f.day})
}

func (f *fanOut) readDeputies(tx *gorm.DB) error {
	f.deputy = map[string][]deputy{}
	names := map[string]string{}
	for _, people := range f.posts {
		for _, p := range people {
			names[p.User] = p.Name
		}
	}
	for user, p := range f.named {
		names[user] = p.Name
	}
	if len(names) == 0 {
		return nil
	}
	from := make([]string, 0, len(names))
	for user := range names {
		from = append(from, user)
	}
	return each(tx, func(rows *sql.Rows) error {
		var giver, kinds string
		var d deputy
		if err := rows.Scan(&giver, &kinds, &d.User, &d.Name); err != nil {
			return err
		}
		d.For = names[giver]
		var err error
		d.kinds, err = decode[[]procedure.Kind](kinds)
		f.deputy[giver] = append(f.deputy[giver], d)
		return err
	}, `SELECT delegations.from_user, delegations.kinds, users.id, users.name FROM delegations JOIN users ON users.id = delegations.to_user
		WHERE NOT users.disabled AND delegations.revoked = ? AND delegations.begin_day <= ? AND delegations.end_day >= ?
			AND delegations.from_user IN ?
		ORDER BY delegations.from_user, users.id`, []any{never, f.day, f.day, from})
}

// people are those who are told of a message: the holders first, then who looks after them. Everybody once.
func (f *fanOut) people(m notify.Message) []notify.Person {
	holders := f.posts[[2]string{m.To.Unit, string(m.To.Role)}]
	if m.To.User != "" {
		holders = nil
		if p, ok := f.named[m.To.User]; ok {
			holders = []notify.Person{p}
		}
	}
	var list []notify.Person
	seen := map[string]bool{}
	add := func(p notify.Person) {
		if !seen[p.User] {
			seen[p.User] = true
			list = append(list, p)
		}
	}
	for _, p := range holders {
		add(p)
	}
	for _, p := range holders {
		for _, d := range f.deputy[p.User] {
			if covers(d.kinds, m.Procedure) {
				add(d.Person)
			}
		}
	}
	return list
}

// covers tells whether a delegation is for a procedure: an empty list is for every one.
func covers(kinds []procedure.Kind, kind procedure.Kind) bool {
	for _, k := range kinds {
		if k == kind {
			return true
		}
	}
	return len(kinds) == 0
}

func (f *fanOut) fan(m notify.Message) error {
	people := f.people(m)
	if len(people) == 0 {
		f.nobody++
	}
	for _, p := range people {
		letter, err := f.words[m.Kind].Write(notify.FieldsOf(m, p))
		if err != nil {
			return fmt.Errorf("template %s: %w", m.Kind, err)
		}
		for _, d := range notify.Fan(m, p, f.choices[p.User].Choice, letter, f.tick) {
			if f.made[d.ID] {
				continue
			}
			f.made[d.ID] = true
			f.last++
			row, err := newDeliveryRow(d, f.last, f.tick.Engine)
			if err != nil {
				return err
			}
			f.rows = append(f.rows, row)
		}
	}
	f.told = append(f.told, []any{m.Source, m.To.Unit, string(m.To.Role), m.To.User, strconv.Itoa(len(people))})
	return nil
}

func (f *fanOut) write(c *script) error {
	if err := insert(c, insertDeliveries, f.rows, deliveryRow.values); err != nil {
		return fmt.Errorf("write the deliveries: %w", err)
	}
	err := c.add(`UPDATE outbox SET fanned = ?, told = CAST(v.column5 AS BIGINT) FROM (VALUES ?) v
		WHERE source = v.column1 AND unit = v.column2 AND role = v.column3 AND user_id = v.column4`, micros(f.tick.Engine), f.told)
	if err != nil {
		return fmt.Errorf("settle the outbox: %w", err)
	}
	return nil
}
