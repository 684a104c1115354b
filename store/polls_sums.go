package store

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"

	"gorm.io/gorm"

	"gongzhi/ballot"
	"gongzhi/rules"
)

// sumRow are the running sums of one building.
type sumRow struct {
	Poll     string `gorm:"primaryKey"`
	Building string `gorm:"primaryKey"`
	Roll     sum    `gorm:"embedded;embeddedPrefix:roll_"`
	Yes      sum    `gorm:"embedded;embeddedPrefix:yes_"`
	No       sum    `gorm:"embedded;embeddedPrefix:no_"`
	Abstain  sum    `gorm:"embedded;embeddedPrefix:abstain_"`
	Signed   sum    `gorm:"embedded;embeddedPrefix:signed_"` // without a ballot
}

func (sumRow) TableName() string { return "poll_sums" }

// sum is a running sum.
type sum struct {
	Voters int64
	Heads  int64
	Area   int64
}

// sumSigned is the sum of those who signed for a ballot sheet, beside the sums of the choices.
const sumSigned = "signed"

// of is the sum of a choice, or of those who signed.
func (r *sumRow) of(choice string) *sum {
	switch choice {
	case string(ballot.Yes):
		return &r.Yes
	case string(ballot.No):
		return &r.No
	case sumSigned:
		return &r.Signed
	}
	return &r.Abstain
}

// add adds voters of one weight.
func (s *sum) add(voters int64, w rules.Weight) {
	s.Voters += voters
	s.Heads += voters * w.Heads
	s.Area += voters * w.Area
}

func (s sum) weight() rules.Weight { return rules.Weight{Heads: s.Heads, Area: s.Area} }

func (r sumRow) totals(counting rules.Counting) rules.Totals {
	return rules.Totals{
		Counting: counting, All: r.Roll.weight(), Yes: r.Yes.weight(), No: r.No.weight(), Abstain: r.Abstain.weight(),
		Signed: r.Signed.weight(),
	}
}

// moveSums writes the sums that ballots change: all but those of the roll. The rows of VALUES are (building, the sums).
const (
	moveSums = `UPDATE poll_sums SET
	yes_voters = yes_voters + v.column2, yes_heads = yes_heads + v.column3, yes_area = yes_area + v.column4,
	no_voters = no_voters + v.column5, no_heads = no_heads + v.column6, no_area = no_area + v.column7,
	abstain_voters = abstain_voters + v.column8, abstain_heads = abstain_heads + v.column9, abstain_area = abstain_area + v.column10,
	signed_voters = signed_voters + v.column11, signed_heads = signed_heads + v.column12, signed_area = signed_area + v.column13
	FROM (VALUES `
	movedSums = "(?, CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), " +
		"CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT))"
	moveSumsEnd = ") v WHERE poll_sums.poll = ? AND poll_sums.building = v.column1"
)

// moved are the sums in the order of moveSums.
func (r *sumRow) moved() []any {
	var values []any
	for _, s := range []sum{r.Yes, r.No, r.Abstain, r.Signed} {
		values = append(values, s.Voters, s.Heads, s.Area)
	}
	return values
}

// saveSums moves the running sums. Their rows are there since the roll was frozen.
func (p *pollBallots) saveSums(tx *gorm.DB) error {
	for part := range slices.Chunk(slices.Sorted(maps.Keys(p.sums)), rollBatch) {
		var values []any
		for _, building := range part {
			values = append(append(values, building), p.sums[building].moved()...)
		}
		result := tx.Exec(moveSums+repeated(movedSums, len(part))+moveSumsEnd, append(values, p.row.Number)...)
		if result.Error != nil {
			return fmt.Errorf("add the ballots up: %w", result.Error)
		}
		if result.RowsAffected != int64(len(part)) {
			return errChanged
		}
	}
	return nil
}

// Cells are the buildings with what they have cast, from the running sums.
func (r *Reader) Cells(ctx context.Context, number string) ([]ballot.Cell, error) {
	cells := []ballot.Cell{}
	read := func(rows *sql.Rows) error {
		var c ballot.Cell
		err := rows.Scan(&c.Building, &c.Voters, &c.Ballots, &c.All.Heads, &c.All.Area, &c.Yes.Heads, &c.Yes.Area, &c.No.Heads, &c.No.Area,
			&c.Abstain.Heads, &c.Abstain.Area)
		c.Cast.Heads = c.Yes.Heads + c.No.Heads + c.Abstain.Heads
		c.Cast.Area = c.Yes.Area + c.No.Area + c.Abstain.Area
		cells = append(cells, c)
		return err
	}
	err := each(r.read(ctx), read, `SELECT building, roll_voters, yes_voters + no_voters + abstain_voters, roll_heads, roll_area,
		yes_heads, yes_area, no_heads, no_area, abstain_heads, abstain_area FROM poll_sums WHERE poll = ? ORDER BY building`, []any{number})
	if err != nil {
		return nil, fmt.Errorf("read the sums: %w", err)
	}
	return cells, nil
}

// Totals are the totals of this moment, from the running sums.
func (r *Reader) Totals(ctx context.Context, number string) (rules.Totals, error) {
	p, err := r.Poll(ctx, number)
	if err != nil {
		return rules.Totals{}, err
	}
	sums, err := r.sumsOf(ctx, []string{number})
	return sums[number].totals(p.Options.Counting), err
}

// sumsOf adds up the running sums of several polls.
func (r *Reader) sumsOf(ctx context.Context, numbers []string) (map[string]sumRow, error) {
	if len(numbers) == 0 {
		return nil, nil
	}
	var rows []sumRow
	err := r.read(ctx).Select(`poll, CAST(SUM(roll_voters) AS BIGINT) AS roll_voters, CAST(SUM(roll_heads) AS BIGINT) AS roll_heads, CAST(SUM(roll_area) AS BIGINT) AS roll_area,
		CAST(SUM(yes_voters) AS BIGINT) AS yes_voters, CAST(SUM(yes_heads) AS BIGINT) AS yes_heads, CAST(SUM(yes_area) AS BIGINT) AS yes_area,
		CAST(SUM(no_voters) AS BIGINT) AS no_voters, CAST(SUM(no_heads) AS BIGINT) AS no_heads, CAST(SUM(no_area) AS BIGINT) AS no_area,
		CAST(SUM(abstain_voters) AS BIGINT) AS abstain_voters, CAST(SUM(abstain_heads) AS BIGINT) AS abstain_heads, CAST(SUM(abstain_area) AS BIGINT) AS abstain_area,
		CAST(SUM(signed_voters) AS BIGINT) AS signed_voters, CAST(SUM(signed_heads) AS BIGINT) AS signed_heads, CAST(SUM(signed_area) AS BIGINT) AS signed_area`).
		Where("poll IN ?", numbers).Group("poll").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read the sums: %w", err)
	}
	sums := make(map[string]sumRow, len(rows))
	for _, row := range rows {
		sums[row.Poll] = row
	}
	return sums, nil
}
