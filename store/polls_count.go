package store

import (
	"database/sql"
	"fmt"

	"gorm.io/gorm"

	"gongzhi/ballot"
	"gongzhi/rules"
)

// counted is a voter while ballots are counted.
type counted struct {
	heads, area int64
	n           int64 // of the newest ballot found; 0: none
	choice      ballot.Choice
	signed      bool
}

// countBallots counts the last ballot of each voter in the ledger, by the weights of the frozen roll. It looks neither at the
// running sums nor at what the voters' rows say of ballots. It reads roll and ledger once each, in any order.
func countBallots(db *gorm.DB, number string, counting rules.Counting) (rules.Totals, error) {
	var size int64
	if err := db.Raw("SELECT COUNT(*) FROM poll_voters WHERE poll = ?", number).Scan(&size).Error; err != nil {
		return rules.Totals{}, fmt.Errorf("count the roll: %w", err)
	}
	voters := make([]counted, 0, size)
	place := make(map[string]int32, size) // in voters, by number
	// Outside of the functions: a row more must not be a variable more.
	var no, choice string
	var n int64
	var v counted
	read := func(rows *sql.Rows) error {
		err := rows.Scan(&no, &v.heads, &v.area, &v.signed)
		place[no] = int32(len(voters))
		voters = append(voters, v)
		return err
	}
	if err := each(db, read, "SELECT no, heads, area, signed FROM poll_voters WHERE poll = ?", []any{number}); err != nil {
		return rules.Totals{}, fmt.Errorf("count the roll: %w", err)
	}
	count := func(rows *sql.Rows) error {
		if err := rows.Scan(&no, &n, &choice); err != nil {
			return err
		}
		i, known := place[no]
		if !known || !ballot.Choice(choice).Valid() {
			return fmt.Errorf("ballot %d of voter %q says %q: there is no such voter, or no such choice", n, no, choice)
		}
		if v := &voters[i]; n > v.n {
			v.n, v.choice = n, ballot.Choice(choice)
		}
		return nil
	}
	err := each(db, count, "SELECT voter, n, choice FROM poll_leaves WHERE poll = ? AND kind = ?", []any{number, leafBallot})
	if err != nil {
		return rules.Totals{}, fmt.Errorf("count the ballots: %w", err)
	}
	var row sumRow
	for _, v := range voters {
		w := rules.Weight{Heads: v.heads, Area: v.area}
		row.Roll.add(1, w)
		switch {
		case v.n > 0:
			row.of(string(v.choice)).add(1, w)
		case v.signed:
			row.Signed.add(1, w)
		}
	}
	return row.totals(counting), nil
}
