package store

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"gongzhi/calendar"
)

type calendarRow struct {
	N       int64 `gorm:"primaryKey;autoIncrement:false"`
	Version string
	Tables  string
	Saved   int64
}

func (calendarRow) TableName() string { return "calendars" }

func (r calendarRow) calendar() (*calendar.Calendar, error) {
	tables, err := decode[[]calendar.YearTable](r.Tables)
	if err != nil {
		return nil, err
	}
	c, err := calendar.New(tables...)
	if err != nil {
		return nil, fmt.Errorf("stored calendar %s: %w", r.Version, err)
	}
	return c, nil
}

// SaveCalendarYear loads the days off and make-up days (放假调休) of one year, in place of an earlier table of the same
// year. Calendars are never changed: the new one is current, the old ones stay under their versions.
func (s *Store) SaveCalendarYear(ctx context.Context, table calendar.YearTable) (*calendar.Calendar, error) {
	var saved *calendar.Calendar
	err := s.write(ctx, func(tx *gorm.DB) error {
		current, n, err := newestCalendar(tx)
		if err != nil {
			return err
		}
		if saved, err = current.With(table); err != nil {
			return err
		}
		if saved.Version() == current.Version() {
			return nil
		}
		tables, err := encode(saved.Years())
		if err != nil {
			return err
		}
		row := calendarRow{N: n + 1, Version: saved.Version(), Tables: tables, Saved: micros(s.now())}
		if err := tx.Create(&row).Error; err != nil {
			return fmt.Errorf("save the calendar: %w", err)
		}
		return nil
	})
	return saved, err
}

// newestCalendar is the last one saved, or the program's own (n = 0).
func newestCalendar(db *gorm.DB) (*calendar.Calendar, int64, error) {
	var row calendarRow
	err := db.Order("n DESC").Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return calendar.Official(), 0, nil
	}
	if err != nil {
		return nil, 0, fmt.Errorf("read the calendar: %w", err)
	}
	c, err := row.calendar()
	return c, row.N, err
}

// Calendar returns the calendar of a version, the current one for the empty version; CodeCalendar when there is none.
func (r *Reader) Calendar(ctx context.Context, version string) (*calendar.Calendar, error) {
	if version == "" {
		c, _, err := newestCalendar(r.read(ctx))
		return c, err
	}
	var row calendarRow
	err := r.read(ctx).Where("version = ?", version).Order("n DESC").Take(&row).Error
	if err == nil {
		return row.calendar()
	}
	if !errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, fmt.Errorf("read the calendar: %w", err)
	}
	if c := calendar.Official(); c.Version() == version {
		return c, nil
	}
	return nil, notFound(CodeCalendar, "没有版本为 %.40q 的工作日历", version)
}
