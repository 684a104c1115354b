package store

import (
	"database/sql"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"gorm.io/gorm"

	"gongzhi/ballot"
	"gongzhi/rules"
)

// freezing is a roll while it becomes voters, of which only a few are in memory at a time.
type freezing struct {
	tx      *gorm.DB
	number  string
	rows    []voterRow
	persons []personRow
	voters  int
	units   []string // of all voters
	total   rules.Weight
	sums    map[string]*sumRow // by building
}

// save stores the voters as they come.
func (f *freezing) save(voters iter.Seq2[ballot.Voter, error]) error {
	for v, err := range voters {
		if err != nil {
			return err
		}
		if err := f.add(v); err != nil {
			return err
		}
		if len(f.rows) == rollBatch {
			if err := f.flush(); err != nil {
				return err
			}
		}
	}
	if err := f.flush(); err != nil {
		return err
	}
	if err := f.ownPseudonyms(); err != nil {
		return err
	}
	sums := slices.SortedFunc(maps.Values(f.sums), func(a, b *sumRow) int { return strings.Compare(a.Building, b.Building) })
	if err := f.tx.CreateInBatches(sums, rollBatch).Error; err != nil {
		return fmt.Errorf("store the sums: %w", err)
	}
	return nil
}

func (f *freezing) add(v ballot.Voter) error {
	row, person, err := newVoterRows(f.number, v)
	if err != nil {
		return err
	}
	f.rows, f.persons = append(f.rows, row), append(f.persons, person)
	f.units = append(f.units, v.Units...)
	f.voters++
	f.total.Heads += v.Weight.Heads
	f.total.Area += v.Weight.Area
	if f.sums[v.Building] == nil {
		f.sums[v.Building] = &sumRow{Poll: f.number, Building: v.Building}
	}
	f.sums[v.Building].Roll.add(1, v.Weight)
	return nil
}

func (f *freezing) flush() error {
	if len(f.rows) == 0 {
		return nil
	}
	result := once(f.tx, "poll", "no").Create(&f.rows)
	if result.Error != nil {
		return fmt.Errorf("store the voters: %w", result.Error)
	}
	if result.RowsAffected != int64(len(f.rows)) {
		return invalid(ballot.CodeRoll, "清册中有编号出现两次，在第 %s 号至第 %s 号之间", f.rows[0].No, f.rows[len(f.rows)-1].No)
	}
	if err := f.tx.Create(&f.persons).Error; err != nil {
		return fmt.Errorf("store the persons: %w", err)
	}
	f.rows, f.persons = f.rows[:0], f.persons[:0]
	return nil
}

// ownPseudonyms refuses two voters who would be one in the ledger.
func (f *freezing) ownPseudonyms() error {
	var different int
	err := f.tx.Model(&voterRow{}).Where("poll = ?", f.number).Select("COUNT(DISTINCT pseudonym)").Scan(&different).Error
	if err != nil {
		return fmt.Errorf("compare the pseudonyms: %w", err)
	}
	if different != f.voters {
		return invalid(ballot.CodeRoll, "清册中有代号出现两次")
	}
	return nil
}

// sameUnits refuses voters that were not made from the newest version: all units of the voters are its lines, each of one voter, and
// the lines that are left are the excluded ones.
func (f *freezing) sameUnits(p *pollRow, v pollRollRow) error {
	slices.Sort(f.units)
	for i, unit := range f.units {
		if i > 0 && f.units[i-1] == unit {
			return invalid(ballot.CodeRoll, "清册中 %.60s 出现两次", unit)
		}
	}
	found := 0
	compare := func(rows *sql.Rows) error {
		var code string
		err := rows.Scan(&code)
		if _, ours := slices.BinarySearch(f.units, code); ours {
			found++
		}
		return err
	}
	if err := each(f.tx, compare, "SELECT code FROM poll_lines WHERE poll = ? AND version = ?", []any{f.number, p.Roll}); err != nil {
		return fmt.Errorf("compare the roll: %w", err)
	}
	if found != len(f.units) || found+v.Excluded != v.Lines {
		return otherRoll(p)
	}
	return nil
}
