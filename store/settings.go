package store

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"
)

type settingRow struct {
	ID    string `gorm:"primaryKey"`
	Value string
}

func (settingRow) TableName() string { return "settings" }

// SaveSetting keeps a value under a name, such as the clock of a demo.
func (s *Store) SaveSetting(ctx context.Context, name, value string) error {
	if err := replace(s.db.WithContext(ctx), "id").Create(&settingRow{ID: name, Value: value}).Error; err != nil {
		return fmt.Errorf("save the setting: %w", err)
	}
	return nil
}

// Setting returns the value kept under a name, and whether there is one.
func (r *Reader) Setting(ctx context.Context, name string) (string, bool, error) {
	var row settingRow
	err := r.read(ctx).Where("id = ?", name).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return "", false, nil
	}
	if err != nil {
		return "", false, fmt.Errorf("read the setting: %w", err)
	}
	return row.Value, true, nil
}
