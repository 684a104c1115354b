package store

import (
	"context"
	"fmt"

	"gorm.io/gorm/clause"

	"gongzhi/record"
)

type faultRow struct {
	CaseNumber string `gorm:"primaryKey"`
	Run        string `gorm:"primaryKey"`
	Activity   string `gorm:"primaryKey"`
	Type       string
	Attempt    int64
	Error      string
	First      int64
	Last       int64
}

func (faultRow) TableName() string { return "faults" }

func (r faultRow) fault() (record.Fault, error) {
	return record.Fault{Case: r.CaseNumber, Run: r.Run, Activity: r.Activity, Type: r.Type, Attempt: int32(r.Attempt), Error: r.Error,
		First: moment(r.First), Last: moment(r.Last)}, nil
}

// longestError is how much of an error is kept.
const longestError = 2000

// NoteFault keeps that an activity has failed once more. First is that of the first note.
func (s *Store) NoteFault(ctx context.Context, f record.Fault) error {
	text := []rune(f.Error)
	row := faultRow{CaseNumber: f.Case, Run: f.Run, Activity: f.Activity, Type: f.Type, Attempt: int64(f.Attempt),
		Error: string(text[:min(len(text), longestError)]), First: micros(f.First), Last: micros(f.Last)}
	err := s.db.WithContext(ctx).Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "case_number"}, {Name: "run"}, {Name: "activity"}},
		DoUpdates: clause.AssignmentColumns([]string{"attempt", "error", "last"}),
	}).Create(&row).Error
	if err != nil {
		return fmt.Errorf("note the fault of %s: %w", f.Case, err)
	}
	return nil
}

// ClearFault forgets the fault of an activity that has come to an end.
func (s *Store) ClearFault(ctx context.Context, number, run, activity string) error {
	err := s.db.WithContext(ctx).Delete(&faultRow{CaseNumber: number, Run: run, Activity: activity}).Error
	if err != nil {
		return fmt.Errorf("clear the fault of %s: %w", number, err)
	}
	return nil
}

// DoubtFaults says of the faults of a case that nobody has renewed them: what has been tried again at once begins to count anew, and
// an activity that goes well at its first attempt clears no note.
func (s *Store) DoubtFaults(ctx context.Context, number string) error {
	err := s.db.WithContext(ctx).Model(&faultRow{}).Where("case_number = ?", number).Update("last", 0).Error
	if err != nil {
		return fmt.Errorf("doubt the faults of %s: %w", number, err)
	}
	return nil
}

// Faults lists the activities that have failed at least so many times in a row and have not come to an end, the oldest first.
func (r *Reader) Faults(ctx context.Context, attempts int32) ([]record.Fault, error) {
	var rows []faultRow
	err := r.read(ctx).Where("attempt >= ?", attempts).Order("first, case_number, run, activity").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read the faults: %w", err)
	}
	return convert(rows, faultRow.fault)
}
