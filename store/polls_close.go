package store

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"gongzhi/ballot"
	"gongzhi/rules"
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

// choiceSum is what one choice has.
type choiceSum struct {
	Choice string
	Voters int64
	Heads  int64
	Area   int64
}

// totals puts the sums of choices together.
func totals(counting rules.Counting, sums []choiceSum) rules.Totals {
	t := rules.Totals{Counting: counting}
	for _, sum := range sums {
		w := rules.Weight{Heads: sum.Heads, Area: sum.Area}
		switch sum.Choice {
		case sumAll:
			t.All = w
		case string(ballot.Yes):
			t.Yes = w
		case string(ballot.No):
			t.No = w
		case string(ballot.Abstain):
			t.Abstain = w
		case sumSigned:
			t.Signed = w
		}
	}
	return t
}

// countBallots counts the last ballot of each voter in the ledger, by the weights of the frozen roll. It looks neither at the
// running sums nor at what the voters' rows say. It reads roll and ledger once each and joins nothing: PostgreSQL, which knows
// little of a poll that is new, would choose a join that compares every ballot with every voter.
func countBallots(db *gorm.DB, number string, counting rules.Counting) (rules.Totals, error) {
	var sums []choiceSum
	err := db.Raw(`WITH voters AS (
			SELECT voter, SUM(heads) AS heads, SUM(area) AS area, MAX(signed) AS signed, MAX(ballot) AS ballot
			FROM (
				SELECT no AS voter, heads, area, CASE WHEN signed THEN 1 ELSE 0 END AS signed, 0 AS ballot
				FROM poll_voters WHERE poll = ?
				UNION ALL
				SELECT voter, 0, 0, 0, n * 4 + CASE choice WHEN 'yes' THEN 1 WHEN 'no' THEN 2 ELSE 3 END
				FROM poll_leaves WHERE poll = ? AND kind = 'ballot') rows
			GROUP BY voter)
		SELECT CASE ballot % 4 WHEN 1 THEN 'yes' WHEN 2 THEN 'no' WHEN 3 THEN 'abstain' ELSE CASE signed WHEN 1 THEN 'signed' ELSE '' END END
				AS choice, COUNT(*) AS voters, CAST(SUM(heads) AS BIGINT) AS heads, CAST(SUM(area) AS BIGINT) AS area
		FROM voters GROUP BY 1
		UNION ALL
		SELECT 'all', COUNT(*), CAST(COALESCE(SUM(heads), 0) AS BIGINT), CAST(COALESCE(SUM(area), 0) AS BIGINT)
		FROM poll_voters WHERE poll = ?`, number, number, number).Scan(&sums).Error
	if err != nil {
		return rules.Totals{}, fmt.Errorf("count the ballots: %w", err)
	}
	return totals(counting, sums), nil
}
