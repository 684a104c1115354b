package store

import (
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"
)

// areaRow says that a case concerns a place: the path of a unit that held it, or of any unit above.
type areaRow struct {
	Path       string `gorm:"primaryKey"`
	CaseNumber string `gorm:"primaryKey"`
}

func (areaRow) TableName() string { return areasTable }

// above lists a path and those above it: «/T/», «/T/XW/», «/T/XW/XW-01/».
func above(path string) []string {
	var paths []string
	for i, r := range path {
		if r == '/' && i > 0 {
			paths = append(paths, path[:i+1])
		}
	}
	return paths
}

// saveAreas adds the places of holders.
func saveAreas(tx *gorm.DB, holders []holderRow) error {
	if len(holders) == 0 {
		return nil
	}
	codes := make([]string, 0, len(holders))
	for _, h := range holders {
		codes = append(codes, h.Unit)
	}
	slices.Sort(codes)
	codes = slices.Compact(codes)
	paths := map[string]string{}
	for part := range slices.Chunk(codes, 500) {
		var units []unitRow
		if err := tx.Where("code IN ?", part).Find(&units).Error; err != nil {
			return fmt.Errorf("read the paths of holders: %w", err)
		}
		for _, u := range units {
			paths[u.Code] = u.Path
		}
	}
	known := map[areaRow]bool{}
	var rows []areaRow
	for _, h := range holders {
		for _, path := range above(paths[h.Unit]) {
			if row := (areaRow{Path: path, CaseNumber: h.CaseNumber}); !known[row] {
				known[row] = true
				rows = append(rows, row)
			}
		}
	}
	if len(rows) == 0 {
		return nil
	}
	if err := once(tx, "path", "case_number").CreateInBatches(rows, 500).Error; err != nil {
		return fmt.Errorf("write the places of cases: %w", err)
	}
	return nil
}

// moveAreas follows a unit that has moved in the tree, or is new: the cases it ever held lie elsewhere now.
func moveAreas(tx *gorm.DB, unit string) error {
	var numbers []string
	err := tx.Model(&holderRow{}).Distinct("case_number").Where("unit = ?", unit).Pluck("case_number", &numbers).Error
	if err != nil {
		return fmt.Errorf("read the cases of the unit: %w", err)
	}
	for part := range slices.Chunk(numbers, 500) {
		if err := tx.Where("case_number IN ?", part).Delete(&areaRow{}).Error; err != nil {
			return fmt.Errorf("clear the places of cases: %w", err)
		}
		var holders []holderRow
		if err := tx.Where("case_number IN ?", part).Find(&holders).Error; err != nil {
			return fmt.Errorf("read the holders of cases: %w", err)
		}
		if err := saveAreas(tx, holders); err != nil {
			return err
		}
	}
	return nil
}

// validPath: a path names every unit from the top, between slashes.
func validPath(path string) bool {
	return len(path) > 2 && strings.HasPrefix(path, "/") && strings.HasSuffix(path, "/") && !strings.Contains(path, "//")
}
