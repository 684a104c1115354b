package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver «pgx»

	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/procedure/admission"
	"gongzhi/record"
	"gongzhi/store"
)

// loader fills a database with very many cases. What was filed is inserted many at once, as StartCase would have left it; the records
// go through the store, where those of up to 64 cases share a transaction.
type loader struct {
	*maker
	store *store.Store
	raw   *rawDB
	areas []*area
	last  map[[2]string]int // last number by district and year
	n     int               // of the invented cases so far
}

// loaded says what was loaded.
type loaded struct {
	numbers []string
	events  int
	took    time.Duration
}

// load invents n cases; fate chooses what becomes of each, given how many events there are before it.
func (l *loader) load(ctx context.Context, b *bench, n int, fate func(i, events int) fate) (loaded, error) {
	out := loaded{}
	began := time.Now()
	const atOnce = 512
	for first := 0; first < n; first += atOnce {
		list := make([]filed, min(atOnce, n-first))
		for i := range list {
			c := invented{seed: b.seed, index: l.n, area: l.areas[0], kind: admission.Kind, fate: fate(first+i, out.events)}
			c.open = c.fate != declined
			if l.n%10 >= 6 {
				c.area = l.areas[1]
			}
			l.n++
			var err error
			if list[i], err = l.invent(c); err != nil {
				return out, err
			}
			out.numbers = append(out.numbers, list[i].command.Case)
			out.events += len(list[i].events)
		}
		if err := l.raw.insertFilings(ctx, list); err != nil {
			return out, err
		}
		many := &bench{options: options{clients: 64}}
		err := many.together(ctx, len(list), func(ctx context.Context, _, i int) error {
			_, err := l.store.Append(ctx, list[i].command.Case, list[i].events)
			return err
		})
		if err != nil {
			return out, err
		}
	}
	for of, n := range l.last {
		year, err := strconv.Atoi(of[1])
		if err == nil {
			err = l.store.SetCounter(ctx, of[0], "ZR", year, int64(n))
		}
		if err != nil {
			return out, err
		}
	}
	out.took = time.Since(began)
	return out, nil
}

// ownNumbers is more than the demonstration has used up.
const ownNumbers = 100

// filed is one case to be loaded.
type filed struct {
	command record.Command
	title   string
	form    []byte
	events  []procedure.Event
}

func (l *loader) invent(c invented) (filed, error) {
	sc := l.script(c)
	in, err := sc.filing()
	if err != nil {
		return filed{}, err
	}
	year := strconv.Itoa(calendar.DateOf(in.Command.At).Year)
	of := [2]string{c.area.code, year}
	l.last[of] = max(l.last[of], ownNumbers) + 1
	command := in.Command
	command.Case = fmt.Sprintf("%s-%s-%s-%03d", c.area.code, in.Prefix, year, l.last[of])
	command.Filing.Case, command.Filing.Command = command.Case, command.ID
	command.State, command.Stored = record.CommandPending, command.At
	events, err := sc.record(command, in.Title)
	if err != nil {
		return filed{}, err
	}
	var form any // its keys in order, as the store keeps them
	if err := json.Unmarshal(in.Form, &form); err != nil {
		return filed{}, err
	}
	ordered, err := json.Marshal(form)
	return filed{command, in.Title, ordered, events}, err
}

// rawDB is a connection beside the product.
type rawDB struct {
	*sql.DB
	mark string // before the number of a parameter
}

func openRaw(address string, connections int) (*rawDB, error) {
	driver, mark, dsn := "pgx", "$", address
	if file, ok := strings.CutPrefix(address, "sqlite:"); ok {
		q := url.Values{"_txlock": {"immediate"}, "_pragma": {"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)"}}
		driver, mark, dsn = "sqlite", "?", "file:"+file+"?"+q.Encode()
		connections = 1 // more would only wait for each other's lock
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return &rawDB{db, mark}, nil
}

// insert writes rows into a table with one statement.
func (r *rawDB) insert(ctx context.Context, tx *sql.Tx, into string, rows [][]any) error {
	var text strings.Builder
	var args []any
	text.WriteString(into + " VALUES ")
	for i, row := range rows {
		if i > 0 {
			text.WriteByte(',')
		}
		for n, v := range row {
			text.WriteString(map[bool]string{true: "(", false: ","}[n == 0])
			args = append(args, v)
			text.WriteString(r.mark + strconv.Itoa(len(args)))
		}
		text.WriteByte(')')
	}
	_, err := tx.ExecContext(ctx, text.String(), args...)
	return err
}

// insertFilings stores what was filed, and the commands that filed it; the store marks them as done when their events come.
func (r *rawDB) insertFilings(ctx context.Context, list []filed) (err error) {
	tx, err := r.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, tx.Rollback())
		}
	}()
	var commands, filings [][]any
	for _, f := range list {
		c := f.command
		body, err := json.Marshal(c)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(f.form)
		commands = append(commands, []any{c.ID, c.Case, c.Request, string(body), "pending", 0, 0, "", "", "", "", c.At.UnixMicro(), 0})
		filings = append(filings, []any{c.Case, c.ID, f.title, string(f.form), hex.EncodeToString(sum[:]), "", "[]", c.At.UnixMicro()})
	}
	err = r.insert(ctx, tx, `INSERT INTO commands
		(id, case_number, request, body, state, joined_seq, seq, code, reason, refusal, kept, stored, attempts)`, commands)
	if err != nil {
		return err
	}
	err = r.insert(ctx, tx, "INSERT INTO filings (case_number, command, title, form, form_hash, reapplies, files, at)", filings)
	if err != nil {
		return err
	}
	return tx.Commit()
}
