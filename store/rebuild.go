package store

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"gongzhi/record"
)

// Rebuild drops all projections and folds them again from the events, in one transaction: readers see the old rows until
// the new ones are complete. It changes nothing unless a projection was wrong.
func (s *Store) Rebuild(ctx context.Context) (record.Rebuilt, error) {
	began := s.now()
	var report record.Rebuilt
	err := s.scripted(ctx, func(c *script) error {
		tx := c.tx
		if err := s.stopAppends(tx); err != nil {
			return err
		}
		if err := dropProjections(tx); err != nil {
			return err
		}
		var chains []chainRow
		if err := tx.Where("head > 0").Order("case_number").Find(&chains).Error; err != nil {
			return fmt.Errorf("read the cases: %w", err)
		}
		var w rowset
		for i, chain := range chains {
			n, err := refold(tx, chain.CaseNumber, &w)
			if err != nil {
				return fmt.Errorf("fold %s: %w", chain.CaseNumber, err)
			}
			report.Cases++
			report.Events += n
			if i%100 == 99 || i == len(chains)-1 {
				if err := w.write(c); err != nil {
					return err
				}
			}
		}
		return nil
	})
	report.Took = s.now().Sub(began)
	return report, err
}

// Refold folds what one case shows anew from its record, as Rebuild does for all. CodeCase for a case that has none.
func (s *Store) Refold(ctx context.Context, number string) error {
	return s.scripted(ctx, func(c *script) error {
		var known []chainRow
		if err := c.tx.Where("case_number = ? AND head > 0", number).Find(&known).Error; err != nil {
			return fmt.Errorf("read the record: %w", err)
		}
		if len(known) == 0 {
			return noCase(number)
		}
		if _, err := s.lockChains(c.tx, []*addition{{number: number}}); err != nil {
			return err
		}
		for _, row := range []any{&holderRow{}, &taskRow{}, &copyRow{}, &waitRow{}, &noticeRow{}, &listRow{}} {
			if err := c.tx.Where("case_number = ?", number).Delete(row).Error; err != nil {
				return fmt.Errorf("drop what the case shows: %w", err)
			}
		}
		for _, text := range []string{
			"DELETE FROM case_areas WHERE case_number = ?", "DELETE FROM stages WHERE case_number = ?",
			"DELETE FROM deadlines WHERE case_number = ?", "DELETE FROM spells WHERE case_number = ?",
			"DELETE FROM cases WHERE number = ?",
		} {
			if err := c.tx.Exec(text, number).Error; err != nil {
				return fmt.Errorf("drop what the case shows: %w", err)
			}
		}
		var w rowset
		if _, err := refold(c.tx, number, &w); err != nil {
			return fmt.Errorf("fold %s: %w", number, err)
		}
		return w.write(c)
	})
}

// stopAppends makes appends wait until the transaction ends. On SQLite it is the only writer anyway.
func (s *Store) stopAppends(tx *gorm.DB) error {
	if s.kind == sqliteKind {
		return nil
	}
	if err := tx.Exec("LOCK TABLE chains IN EXCLUSIVE MODE").Error; err != nil {
		return fmt.Errorf("stop appends: %w", err)
	}
	return nil
}

func dropProjections(tx *gorm.DB) error {
	for _, table := range []string{
		casesTable, holdersTable, areasTable, tasksTable, copiesTable, stagesTable, deadlinesTable, waitsTable, spellsTable,
	} {
		if err := tx.Exec("DELETE FROM " + table).Error; err != nil {
			return fmt.Errorf("drop %s: %w", table, err)
		}
	}
	// Imported lists and their notices come from no event and stay.
	for _, row := range []any{&listRow{}, &noticeRow{}} {
		if err := tx.Where("case_number <> ?", "").Delete(row).Error; err != nil {
			return fmt.Errorf("drop what was published: %w", err)
		}
	}
	return nil
}

func refold(tx *gorm.DB, number string, w *rowset) (int64, error) {
	var rows []eventRow
	if err := tx.Where("case_number = ?", number).Order("seq").Find(&rows).Error; err != nil {
		return 0, fmt.Errorf("read events: %w", err)
	}
	list, err := events(rows)
	if err != nil {
		return 0, err
	}
	f, err := newFold(nil, number)
	if err != nil {
		return 0, err
	}
	if err := f.apply(list); err != nil {
		return 0, err
	}
	return int64(len(list)), f.rows(w)
}
