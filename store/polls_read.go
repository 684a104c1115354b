package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"gongzhi/ballot"
	"gongzhi/rules"
)

// Poll finds a poll by the number of its case.
func (r *Reader) Poll(ctx context.Context, number string) (ballot.Poll, error) {
	row, err := r.poll(ctx, number)
	if err != nil {
		return ballot.Poll{}, err
	}
	return row.poll()
}

func (r *Reader) poll(ctx context.Context, number string) (pollRow, error) {
	var row pollRow
	err := r.read(ctx).Where("number = ?", number).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return row, noPoll(number)
	}
	if err != nil {
		return row, fmt.Errorf("read the poll: %w", err)
	}
	return row, nil
}

// PollsOf lists the polls that a unit organised, newest first.
func (r *Reader) PollsOf(ctx context.Context, unit string, limit int) ([]ballot.Poll, error) {
	var rows []pollRow
	err := r.read(ctx).Where("unit = ?", unit).Order("prepared DESC, number DESC").Limit(pageOf(limit)).Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read polls: %w", err)
	}
	return convert(rows, pollRow.poll)
}

// OpenPolls are the numbers of the polls that are open, or closed without a result.
func (r *Reader) OpenPolls(ctx context.Context) ([]string, error) {
	numbers := []string{}
	err := r.read(ctx).Model(&pollRow{}).Where("state IN ?", []string{string(ballot.Open), string(ballot.Closed)}).
		Order("number").Pluck("number", &numbers).Error
	if err != nil {
		return nil, fmt.Errorf("read open polls: %w", err)
	}
	return numbers, nil
}

// CountBallots counts the ballots themselves.
func (r *Reader) CountBallots(ctx context.Context, number string) (rules.Totals, error) {
	p, err := r.Poll(ctx, number)
	if err != nil {
		return rules.Totals{}, err
	}
	return countBallots(r.read(ctx), number, p.Options.Counting)
}

// Channels counts the ballots that count, by channel.
func (r *Reader) Channels(ctx context.Context, number string) (map[ballot.Channel]int64, error) {
	row, err := r.poll(ctx, number)
	if err != nil {
		return nil, err
	}
	return row.channels(), nil
}

func (r pollRow) channels() map[ballot.Channel]int64 {
	return map[ballot.Channel]int64{ballot.Web: r.Web, ballot.Paper: r.Paper, ballot.Door: r.Door}
}

// Leaves lists the ledger from an index on, in order.
func (r *Reader) Leaves(ctx context.Context, number string, from int64, limit int) ([]ballot.LeafRow, error) {
	list := make([]ballot.LeafRow, 0, min(pageOf(limit), mostAtOnce))
	var leaf ballot.LeafRow
	read := func(rows *sql.Rows) error {
		err := rows.Scan(&leaf.Index, &leaf.Text)
		list = append(list, leaf)
		return err
	}
	err := each(r.read(ctx), read, "SELECT idx, text FROM poll_leaves WHERE poll = ? AND idx >= ? ORDER BY idx LIMIT ?",
		[]any{number, from, pageOf(limit)})
	if err != nil {
		return nil, fmt.Errorf("read the ledger: %w", err)
	}
	return list, nil
}

// LeafByTracker finds a leaf by the short name that its voter keeps.
func (r *Reader) LeafByTracker(ctx context.Context, number, tracker string) (ballot.LeafRow, error) {
	var row leafRow
	err := r.read(ctx).Where("poll = ? AND tracker = ?", number, strings.ToUpper(tracker)).Order("idx").Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return ballot.LeafRow{}, notFound(ballot.CodeReceipt, "没有编号为 %.40q 的回执", tracker)
	}
	if err != nil {
		return ballot.LeafRow{}, fmt.Errorf("read the ledger: %w", err)
	}
	return row.leaf()
}

// Ballots are all versions of a voter's ballot, oldest first.
func (r *Reader) Ballots(ctx context.Context, number, voter string) ([]ballot.Receipt, error) {
	var rows []leafRow
	err := r.read(ctx).Where("poll = ? AND voter = ? AND kind = ?", number, voter, leafBallot).Order("n").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read the ballots of a voter: %w", err)
	}
	return convert(rows, leafRow.receipt)
}
