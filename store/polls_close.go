package store

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"gongzhi/ballot"
)

// ClosePoll appends the closing leaf once the window is over by the database's clock. A closed poll stays as it is.
func (s *Store) ClosePoll(ctx context.Context, number string, clock func(time.Time) time.Time) (ballot.Poll, error) {
	var closed ballot.Poll
	err := s.changePoll(ctx, number, func(tx *gorm.DB, p *pollRow) error {
		if err := s.closePoll(tx, p, clock); err != nil {
			return err
		}
		var err error
		closed, err = p.poll()
		return err
	})
	return closed, err
}

func (s *Store) closePoll(tx *gorm.DB, p *pollRow, clock func(time.Time) time.Time) error {
	switch ballot.PollState(p.State) {
	case ballot.Preparing:
		return conflict(ballot.CodeNotOpen, "表决 %s 尚未开始", p.Number)
	case ballot.Void:
		return conflict(ballot.CodeOver, "表决 %s 已作废", p.Number)
	case ballot.Closed, ballot.Counted, ballot.Final:
		return nil
	}
	now, err := s.pollTime(tx, clock)
	if err != nil {
		return err
	}
	at := p.since(now)
	if micros(at) < p.Closes {
		return conflict(ballot.CodeEarly, "表决 %s 尚未到截止时间", p.Number)
	}
	terms, err := p.terms()
	if err != nil {
		return err
	}
	totals, err := countBallots(tx, p.Number, terms.Options.Counting)
	if err != nil {
		return err
	}
	text := ballot.CloseText(p.Number, totals, p.Ballots, at)
	leaf := leafRow{
		Poll: p.Number, Idx: p.Leaves, Kind: leafClose, At: micros(at), Text: text, Tracker: ballot.Tracker(text), Files: "[]",
	}
	if err := tx.Create(&leaf).Error; err != nil {
		return fmt.Errorf("append the close: %w", err)
	}
	p.Leaves++
	p.LastAt, p.State = leaf.At, string(ballot.Closed)
	return nil
}
