package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"gongzhi/ballot"
	"gongzhi/procedure"
)

type sheetRow struct {
	Poll  string `gorm:"primaryKey"`
	Voter string `gorm:"primaryKey"`
	State string
	Body  string
}

func (sheetRow) TableName() string { return "poll_sheets" }

// sheetDoc is a sheet with what its page does not show.
type sheetDoc struct {
	ballot.Sheet
	FirstBy  procedure.Actor         `json:"first_by"`
	Signed   string                  `json:"signed"`   // the signed list
	Readings map[string]ballot.Entry `json:"readings"` // every one there ever was, by request
}

// EnterSheet stores one person's reading of a paper ballot. When a second person reads the same, it is accepted in the same
// transaction. When they differ, it is blocked until two people have read it anew.
func (s *Store) EnterSheet(
	ctx context.Context, c ballot.Cast, clock func(time.Time) time.Time,
) (ballot.Sheet, *ballot.Receipt, error) {
	c.Channel, c.Proxy, c.Second = ballot.Paper, strings.TrimSpace(c.Proxy), procedure.Actor{}
	var doc sheetDoc
	var receipt *ballot.Receipt
	err := s.write(ctx, func(tx *gorm.DB) error {
		b, err := s.lockBallots(tx, []ballot.Cast{c}, clock)
		if err != nil {
			return err
		}
		p, ok := b.polls[c.Number]
		if !ok {
			return noPoll(c.Number)
		}
		if doc, err = readSheet(tx, c); err != nil {
			return err
		}
		if known, err := p.readBefore(doc, c); known || err != nil {
			if err == nil && doc.State == ballot.SheetCounted {
				receipt, err = countedSheet(tx, c)
			}
			return err
		}
		if err := b.papers.usable(c); err != nil {
			return err
		}
		b.papers.use(c)
		if receipt, err = p.enter(&doc, c); err != nil {
			return err
		}
		if err := saveSheet(tx, c.Number, doc); err != nil {
			return err
		}
		return b.save()
	})
	if err != nil {
		return ballot.Sheet{}, nil, err
	}
	return doc.Sheet, receipt, nil
}

// readBefore tells whether the request brought its reading before, whenever it comes again.
func (p *pollBallots) readBefore(doc sheetDoc, c ballot.Cast) (bool, error) {
	old, known := doc.Readings[c.Request]
	_, other := p.given[c.Request]
	if known && (old.Choice != c.Choice || old.Proxy != c.Proxy || old.By != c.By.User) || other && !known {
		return false, conflict(ballot.CodeAgain, "同一请求编号已用于另一张票，请换用新的编号")
	}
	return known, nil
}

// enter judges a reading: the first of a sheet, or the second.
func (p *pollBallots) enter(doc *sheetDoc, c ballot.Cast) (*ballot.Receipt, error) {
	if c.By.User == "" {
		return nil, invalid(ballot.CodeSheet, "缺少录入人")
	}
	c.Signed = cmp.Or(doc.Signed, c.Signed)
	c.Files = union(doc.Files, c.Files)
	v, err := p.admit(c)
	if err != nil {
		return nil, err
	}
	entry := ballot.Entry{Choice: c.Choice, Proxy: c.Proxy, By: c.By.User, Name: c.By.Name, At: p.at}
	if doc.State == ballot.SheetOnce && doc.First.By == entry.By {
		return nil, conflict(ballot.CodeSheet, "第 %s 号的纸质票须由另一人作第二次录入", c.Voter)
	}
	doc.Signed, doc.Files = c.Signed, c.Files
	doc.Readings[c.Request] = entry
	if doc.State != ballot.SheetOnce { // a new sheet, or one whose two readings differ
		if doc.State == ballot.SheetDifferent {
			doc.Past = append(doc.Past, *doc.First, *doc.Second)
		}
		doc.First, doc.FirstBy, doc.Second, doc.State = &entry, c.By, nil, ballot.SheetOnce
		return nil, nil
	}
	doc.Second, doc.State = &entry, ballot.SheetDifferent
	if entry.Choice != doc.First.Choice || entry.Proxy != doc.First.Proxy {
		return nil, nil
	}
	doc.State = ballot.SheetCounted
	c.By, c.Second = doc.FirstBy, c.By
	if err := attended(c); err != nil {
		return nil, err
	}
	receipt, err := p.accept(v, c)
	return &receipt, err
}

// union adds what is new.
func union(list, more []string) []string {
	list = slices.Clone(list)
	for _, name := range more {
		if !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	return list
}

// readSheet reads the sheet of a voter, or begins one.
func readSheet(tx *gorm.DB, c ballot.Cast) (sheetDoc, error) {
	var row sheetRow
	err := tx.Where("poll = ? AND voter = ?", c.Number, c.Voter).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return sheetDoc{Sheet: ballot.Sheet{Voter: c.Voter}, Readings: map[string]ballot.Entry{}}, nil
	}
	if err != nil {
		return sheetDoc{}, fmt.Errorf("read the sheet: %w", err)
	}
	return decode[sheetDoc](row.Body)
}

func saveSheet(tx *gorm.DB, number string, doc sheetDoc) error {
	body, err := encode(doc)
	if err != nil {
		return err
	}
	row := sheetRow{Poll: number, Voter: doc.Voter, State: string(doc.State), Body: body}
	if err := replace(tx, "poll", "voter").Create(&row).Error; err != nil {
		return fmt.Errorf("keep the sheet: %w", err)
	}
	return nil
}

// countedSheet is the receipt of a voter's paper ballot. There is one at most: nothing replaces it.
func countedSheet(tx *gorm.DB, c ballot.Cast) (*ballot.Receipt, error) {
	var leaf leafRow
	err := tx.Where("poll = ? AND voter = ? AND channel = ?", c.Number, c.Voter, ballot.Paper).Order("n DESC").Take(&leaf).Error
	if err != nil {
		return nil, fmt.Errorf("read the ballot of the sheet: %w", err)
	}
	receipt, err := leaf.receipt()
	return &receipt, err
}

// Sheets lists sheets in the order of voters, after a voter; all for the empty state.
func (r *Reader) Sheets(
	ctx context.Context, number string, state ballot.SheetState, after string, limit int,
) ([]ballot.Sheet, error) {
	q := r.read(ctx).Where("poll = ? AND voter > ?", number, after)
	if state != "" {
		q = q.Where("state = ?", state)
	}
	var rows []sheetRow
	if err := q.Order("voter").Limit(pageOf(limit)).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the sheets: %w", err)
	}
	return convert(rows, func(row sheetRow) (ballot.Sheet, error) {
		doc, err := decode[sheetDoc](row.Body)
		return doc.Sheet, err
	})
}
