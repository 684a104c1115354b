package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.opentelemetry.io/otel/trace"
	"gorm.io/gorm"

	"gongzhi/procedure"
	"gongzhi/record"
	"gongzhi/telemetry"
)

// Append adds events to the record of a case and folds them into what people see, in one transaction, which it may share
// with the appends of other cases. It returns the number of the last event.
//
// Events that are already recorded are compared and passed over, so that a retry is harmless; CodeConflict when one
// differs. CodeGap when the next number is missing. What a person wrote is joined from the stored command: to the first
// event of the command that a person caused.
//
// When ctx ends first, the events may still be recorded.
func (s *Store) Append(ctx context.Context, number string, list []procedure.Event) (int64, error) {
	list, err := prepare(number, list)
	if err != nil {
		return 0, err
	}
	ctx, span := s.follow(ctx, "append", trace.WithAttributes(telemetry.Case.String(number)))
	a := &addition{number: number, list: list, cause: span.SpanContext()}
	err = s.appends.Do(ctx, a)
	finish(span, err)
	if err != nil {
		return 0, err
	}
	return a.head, nil
}

// additions adds events to the records of several cases, each at most once, in one transaction: all or none.
func (s *Store) additions(ctx context.Context, batch []*addition) error {
	ctx, span := s.follow(ctx, "transaction", shared(batch)...)
	err := s.together(ctx, batch)
	finish(span, err)
	return err
}

// shared says for whom else a transaction writes than for the one whose trace it is in, and for which cases: its statements are
// those of all of them.
func shared(batch []*addition) []trace.SpanStartOption {
	var links []trace.Link
	var numbers []string
	for _, a := range batch {
		numbers = append(numbers, a.number)
		if a.cause.IsValid() {
			links = append(links, trace.Link{SpanContext: a.cause})
		}
	}
	of := telemetry.Case.String(batch[0].number)
	if len(batch) > 1 {
		of = telemetry.Case.StringSlice(numbers)
	}
	return []trace.SpanStartOption{trace.WithLinks(links...), trace.WithAttributes(of)}
}

func (s *Store) together(ctx context.Context, batch []*addition) error {
	slices.SortFunc(batch, func(a, b *addition) int { return strings.Compare(a.number, b.number) })
	return s.scriptedOn(ctx, s.chains, func(c *script) error {
		tx := c.tx
		chains, err := s.lockChains(tx, batch)
		if err != nil {
			return err
		}
		var parts []part
		for _, a := range batch {
			chain := chains[a.number]
			list, err := withTitle(tx, slices.Clone(a.list))
			if err != nil {
				return err
			}
			if list, err = beyond(tx, chain, list); err != nil {
				return err
			}
			a.head = chain.Head
			if len(list) > 0 {
				a.head = list[len(list)-1].Seq
				parts = append(parts, part{chain, list})
			}
		}
		if len(parts) == 0 {
			return nil
		}
		return extend(c, parts)
	})
}

// prepare checks what can be judged without the database.
func prepare(number string, list []procedure.Event) ([]procedure.Event, error) {
	if number == "" {
		return nil, invalid(CodeEvent, "缺少办件编号")
	}
	prepared := make([]procedure.Event, len(list))
	for i, e := range list {
		switch {
		case e.Case != "" && e.Case != number:
			return nil, invalid(CodeEvent, "记录属于办件 %s，而非 %s", e.Case, number)
		case e.Seq < 1 || i > 0 && e.Seq != list[i-1].Seq+1:
			return nil, invalid(CodeGap, "记录的序号不连续：第 %d 项", e.Seq)
		case !json.Valid(e.Data):
			return nil, invalid(CodeEvent, "记录第 %d 项的内容不是有效的 JSON", e.Seq)
		}
		e.Case, e.At = number, clean(e.At)
		e.Note, e.Fields, e.Files, e.Prev, e.Hash = "", nil, nil, "", "" // the recorder's to give
		prepared[i] = e
	}
	return prepared, nil
}

// lockChains keeps every other append to the cases waiting until this transaction ends. It locks them in the order of their
// numbers: so does everybody else.
func (s *Store) lockChains(tx *gorm.DB, batch []*addition) (map[string]chainRow, error) {
	numbers := make([]string, len(batch))
	for i, a := range batch {
		numbers[i] = a.number
	}
	chains := make(map[string]chainRow, len(batch))
	text := "SELECT case_number, head, hash FROM chains WHERE case_number IN ? ORDER BY case_number"
	if s.kind == postgresKind {
		text += " FOR UPDATE" // the only writer of SQLite holds the whole file
	}
	lock := func() error {
		return each(tx, func(rows *sql.Rows) error {
			var row chainRow
			err := rows.Scan(&row.CaseNumber, &row.Head, &row.Hash)
			chains[row.CaseNumber] = row
			return err
		}, text, []any{padded(numbers)})
	}
	if err := lock(); err != nil {
		return nil, fmt.Errorf("lock the records: %w", err)
	}
	if len(chains) == len(numbers) {
		return chains, nil
	}
	var first []chainRow // the first append of a case; another may be the first too
	for _, number := range numbers {
		if _, known := chains[number]; !known {
			first = append(first, chainRow{CaseNumber: number})
		}
	}
	if err := once(tx, "case_number").Create(&first).Error; err != nil {
		return nil, fmt.Errorf("open the records: %w", err)
	}
	if err := lock(); err != nil {
		return nil, fmt.Errorf("lock the records: %w", err)
	}
	return chains, nil
}

// withTitle adds the title to the first event of a case: it is a text of the filing and does not pass through the engine.
func withTitle(tx *gorm.DB, list []procedure.Event) ([]procedure.Event, error) {
	if len(list) == 0 || list[0].Type != procedure.CaseStarted {
		return list, nil
	}
	var p procedure.Started
	if err := json.Unmarshal(list[0].Data, &p); err != nil {
		return nil, invalid(CodeEvent, "立案记录无法读取：%v", err)
	}
	if p.Title != "" {
		return list, nil
	}
	var filing filingRow
	err := tx.Where("case_number = ?", list[0].Case).Take(&filing).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return list, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the filing: %w", err)
	}
	p.Title = filing.Title
	data, err := json.Marshal(p)
	list[0].Data = data
	return list, err
}

// beyond compares what is recorded already and returns the rest.
func beyond(tx *gorm.DB, chain chainRow, list []procedure.Event) ([]procedure.Event, error) {
	if len(list) == 0 {
		return nil, nil
	}
	if list[0].Seq > chain.Head+1 {
		return nil, invalid(CodeGap, "记录的序号不连续：已记至第 %d 项，来件为第 %d 项", chain.Head, list[0].Seq)
	}
	if list[0].Seq == chain.Head+1 {
		return list, nil
	}
	var rows []eventRow
	err := tx.Where("case_number = ? AND seq >= ? AND seq <= ?", chain.CaseNumber, list[0].Seq, list[len(list)-1].Seq).
		Order("seq").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read the record: %w", err)
	}
	old, err := events(rows)
	if err != nil {
		return nil, err
	}
	for i, e := range old {
		if !same(e, list[i]) {
			return nil, conflict(CodeConflict, "第 %d 项已有不同的记录，记录不可更改", e.Seq)
		}
	}
	return list[len(old):], nil
}

// same compares what the workflow gave, not what the recorder joined.
func same(a, b procedure.Event) bool {
	bare := func(e procedure.Event) procedure.Event {
		return procedure.Event{
			Case: e.Case, Seq: e.Seq, Type: e.Type, At: e.At, Actor: e.Actor, Command: e.Command, Data: e.Data,
		}
	}
	return bare(a).Sum() == bare(b).Sum()
}

// part is what is new of one case: its chain as it stands, and the events that follow.
type part struct {
	chain chainRow
	list  []procedure.Event
}

// extend writes new events, the projections, the commands that caused them and the feed.
func extend(c *script, parts []part) error {
	if err := join(c.tx, parts); err != nil {
		return err
	}
	var rows []eventRow
	var all []procedure.Event
	chains := make([]chainRow, 0, len(parts))
	numbers := make([]string, 0, len(parts))
	for _, p := range parts {
		chain := p.chain
		for i := range p.list {
			e := &p.list[i]
			e.Prev = chain.Hash
			e.Hash = e.Sum()
			chain.Head, chain.Hash = e.Seq, e.Hash
			row, err := newEventRow(*e)
			if err != nil {
				return err
			}
			rows = append(rows, row)
		}
		chains = append(chains, chain)
		numbers = append(numbers, chain.CaseNumber)
		all = append(all, p.list...)
	}
	if err := insert(c, insertEvents, rows, eventRow.values); err != nil {
		return fmt.Errorf("append events: %w", err)
	}
	from, err := readProjections(c.tx, numbers)
	if err != nil {
		return err
	}
	var w rowset
	var told outbox
	for _, p := range parts {
		f, err := newFold(from, p.chain.CaseNumber)
		if err != nil {
			return err
		}
		f.told = &told
		if err := f.apply(p.list); err != nil {
			return err
		}
		if err := f.rows(&w); err != nil {
			return err
		}
	}
	if err := w.write(c); err != nil {
		return err
	}
	if err := told.write(c); err != nil {
		return err
	}
	if err := insert(c, upsertChains, chains, chainRow.values); err != nil {
		return fmt.Errorf("advance the records: %w", err)
	}
	return announce(c, all) // last: it lines all commits up
}

// cause is what one command caused.
type cause struct {
	last  int64            // its last event
	first *procedure.Event // its first event that a person caused, if there is one
	kase  string
}

// join marks the commands that caused events as done, and gives the first event of each that a person caused what that person
// wrote.
func join(tx *gorm.DB, parts []part) error {
	causes := map[string]*cause{}
	for _, p := range parts {
		for i := range p.list {
			e := &p.list[i]
			if e.Command == "" {
				continue
			}
			c := causes[e.Command]
			if c == nil {
				c = &cause{kase: e.Case}
				causes[e.Command] = c
			}
			if c.last = e.Seq; c.first == nil && !e.Actor.System() {
				c.first = e
			}
		}
	}
	if len(causes) == 0 {
		return nil
	}
	settled := make(tuples, 0, len(causes)) // as texts, which is what PostgreSQL takes bare parameters of VALUES for
	for id, c := range causes {
		first := int64(0)
		if c.first != nil {
			first = c.first.Seq
		}
		settled = append(settled, []any{id, strconv.FormatInt(c.last, 10), strconv.FormatInt(first, 10)})
	}
	said := func(rows *sql.Rows) error {
		var row commandRow
		if err := rows.Scan(&row.ID, &row.CaseNumber, &row.JoinedSeq, &row.Body); err != nil {
			return err
		}
		c := causes[row.ID]
		if row.CaseNumber != c.kase {
			return invalid(CodeReference, "操作 %s 属于办件 %s，而非 %s", row.ID, row.CaseNumber, c.kase)
		}
		if c.first == nil || row.JoinedSeq != c.first.Seq {
			return nil
		}
		sent, err := decode[record.Command](row.Body)
		c.first.Note, c.first.Fields, c.first.Files = sent.Opinion, sent.Fields, sent.Files
		return err
	}
	if err := each(tx, said, settleCommands, []any{padded(settled)}); err != nil {
		return fmt.Errorf("settle the commands: %w", err)
	}
	return nil
}

// settleCommands: column1 to column3 are what both databases call the columns of VALUES.
const settleCommands = `UPDATE commands SET state = 'done', refusal = '', code = '', reason = '', kept = '',
	seq = CAST(v.column2 AS BIGINT), joined_seq = CASE WHEN joined_seq = 0 THEN CAST(v.column3 AS BIGINT) ELSE joined_seq END
	FROM (VALUES ?) v WHERE id = v.column1
	RETURNING id, case_number, joined_seq, body`

// announce adds events to the feed. The row of feed stays locked until the commit, so ids become visible in order.
func announce(c *script, list []procedure.Event) error {
	rows := make(tuples, len(list)) // as texts, see join
	for i, e := range list {
		rows[i] = []any{
			strconv.Itoa(len(list) - 1 - i), e.Case, strconv.FormatInt(e.Seq, 10), string(e.Type), strconv.FormatInt(micros(e.At), 10),
		}
	}
	if err := c.add("UPDATE feed SET last = last + ? WHERE id = 1", len(list)); err != nil {
		return fmt.Errorf("advance the feed: %w", err)
	}
	for piece := range pieces(rows) {
		if err := c.add(insertChanges, piece); err != nil {
			return fmt.Errorf("write the feed: %w", err)
		}
	}
	return nil
}

const insertChanges = `INSERT INTO changes (id, case_number, seq, type, at)
	SELECT last - CAST(v.column1 AS BIGINT), v.column2, CAST(v.column3 AS BIGINT), v.column4, CAST(v.column5 AS BIGINT)
	FROM feed, (VALUES ?) v WHERE feed.id = 1`
