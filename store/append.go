package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"gongzhi/procedure"
	"gongzhi/record"
)

// Append adds events to the record of a case and folds them into what people see, in one transaction. It returns the
// number of the last event.
//
// Events that are already recorded are compared and passed over, so that a retry is harmless; CodeConflict when one
// differs. CodeGap when the next number is missing. What a person wrote is joined from the stored command: to the first
// event of the command that a person caused.
func (s *Store) Append(ctx context.Context, number string, list []procedure.Event) (int64, error) {
	list, err := prepare(number, list)
	if err != nil {
		return 0, err
	}
	var head int64
	err = s.write(ctx, func(tx *gorm.DB) error {
		chain, err := lockChain(tx, number)
		if err != nil {
			return err
		}
		head = chain.Head
		if list, err = withTitle(tx, list); err != nil {
			return err
		}
		fresh, err := beyond(tx, chain, list)
		if err != nil || len(fresh) == 0 {
			return err
		}
		head = fresh[len(fresh)-1].Seq
		return extend(tx, chain, fresh)
	})
	if err != nil {
		return 0, err
	}
	return head, nil
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

// lockChain keeps every other append to the case waiting until this transaction ends.
func lockChain(tx *gorm.DB, number string) (chainRow, error) {
	var chain chainRow
	lock := func() error {
		return tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("case_number = ?", number).Take(&chain).Error
	}
	err := lock()
	if errors.Is(err, gorm.ErrRecordNotFound) { // the first append; another may be the first too
		if err := once(tx, "case_number").Create(&chainRow{CaseNumber: number}).Error; err != nil {
			return chain, fmt.Errorf("open the record: %w", err)
		}
		err = lock()
	}
	if err != nil {
		return chain, fmt.Errorf("lock the record: %w", err)
	}
	return chain, nil
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

// extend writes new events, the projections, the commands that caused them and the feed.
func extend(tx *gorm.DB, chain chainRow, list []procedure.Event) error {
	if err := join(tx, list); err != nil {
		return err
	}
	rows := make([]eventRow, 0, len(list))
	for i := range list {
		list[i].Prev = chain.Hash
		list[i].Hash = list[i].Sum()
		chain.Head, chain.Hash = list[i].Seq, list[i].Hash
		row, err := newEventRow(list[i])
		if err != nil {
			return err
		}
		rows = append(rows, row)
	}
	if err := tx.CreateInBatches(rows, 100).Error; err != nil {
		return fmt.Errorf("append events: %w", err)
	}
	f, err := newFold(tx, chain.CaseNumber)
	if err != nil {
		return err
	}
	if err := f.apply(list); err != nil {
		return err
	}
	var w rowset
	if err := f.rows(&w); err != nil {
		return err
	}
	if err := w.flush(tx); err != nil {
		return err
	}
	if err := tx.Model(&chain).Select("head", "hash").Updates(chain).Error; err != nil {
		return fmt.Errorf("advance the record: %w", err)
	}
	return announce(tx, list) // last: it lines all commits up
}

// join marks the commands that caused events as done, and gives the first event of each that a person caused what that person
// wrote.
func join(tx *gorm.DB, list []procedure.Event) error {
	type part struct{ first, last int64 } // first: of a person; 0 when there is none
	parts := map[string]part{}
	var ids []string // in the order of the events: whoever locks several commands locks them in the same order
	for _, e := range list {
		if e.Command == "" {
			continue
		}
		p, known := parts[e.Command]
		if !known {
			ids = append(ids, e.Command)
		}
		if p.last = e.Seq; p.first == 0 && !e.Actor.System() {
			p.first = e.Seq
		}
		parts[e.Command] = p
	}
	for _, id := range ids {
		p := parts[id]
		var rows []commandRow
		err := tx.Raw(`UPDATE commands SET state = 'done', refusal = '', code = '', reason = '', kept = '', seq = ?,
			joined_seq = CASE WHEN joined_seq = 0 THEN ? ELSE joined_seq END WHERE id = ? RETURNING *`, p.last, p.first, id).Scan(&rows).Error
		if err != nil {
			return fmt.Errorf("settle the command: %w", err)
		}
		if len(rows) == 0 {
			continue
		}
		if row := rows[0]; row.CaseNumber != list[0].Case {
			return invalid(CodeReference, "操作 %s 属于办件 %s，而非 %s", id, row.CaseNumber, list[0].Case)
		} else if p.first > 0 && row.JoinedSeq == p.first {
			c, err := decode[record.Command](row.Body)
			if err != nil {
				return err
			}
			e := &list[p.first-list[0].Seq]
			e.Note, e.Fields, e.Files = c.Opinion, c.Fields, c.Files
		}
	}
	return nil
}

// announce adds events to the feed. The row of feed stays locked until the commit, so ids become visible in order.
func announce(tx *gorm.DB, list []procedure.Event) error {
	var last int64
	err := tx.Raw("UPDATE feed SET last = last + ? WHERE id = 1 RETURNING last", len(list)).Scan(&last).Error
	if err != nil {
		return fmt.Errorf("advance the feed: %w", err)
	}
	rows := make([]changeRow, len(list))
	for i, e := range list {
		rows[i] = changeRow{
			ID: last - int64(len(list)-1-i), CaseNumber: e.Case, Seq: e.Seq, Type: string(e.Type), At: micros(e.At),
		}
	}
	if err := tx.CreateInBatches(rows, 100).Error; err != nil {
		return fmt.Errorf("write the feed: %w", err)
	}
	return nil
}
