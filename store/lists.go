package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"gongzhi/procedure"
	"gongzhi/record"
)

// listRow is one version of a district's list (清单). An imported version has items; one published by a case has the
// changes to the version before it, and is a projection.
type listRow struct {
	District   string `gorm:"primaryKey"`
	Year       int    `gorm:"primaryKey;autoIncrement:false"`
	N          int    `gorm:"primaryKey;autoIncrement:false"`
	Version    string
	Base       string
	Why        string
	CaseNumber string
	Published  int64
	Changes    string
}

func (listRow) TableName() string { return listsTable }

type listItemRow struct {
	District string `gorm:"primaryKey"`
	Year     int    `gorm:"primaryKey;autoIncrement:false"`
	N        int    `gorm:"primaryKey;autoIncrement:false"`
	Position int    `gorm:"primaryKey;autoIncrement:false"`
	Body     string
}

func (listItemRow) TableName() string { return "list_items" }

type allocationRow struct {
	ID       string `gorm:"primaryKey"`
	District string
	Year     int
	N        int
	Version  string
	Base     string
}

func (allocationRow) TableName() string { return "list_allocations" }

// parseVersion reads «2026.3».
func parseVersion(version string) (year, n int, err error) {
	a, b, ok := strings.Cut(version, ".")
	year, err1 := strconv.Atoi(a)
	n, err2 := strconv.Atoi(b)
	if !ok || err1 != nil || err2 != nil || year < 1 || n < 1 || listVersion(year, n) != version {
		return 0, 0, invalid(CodeVersion, "清单版本 %.40q 无效：应形如 2026.3", version)
	}
	return year, n, nil
}

func listVersion(year, n int) string { return fmt.Sprintf("%d.%d", year, n) }

func newListRow(v record.ListVersion, changes []procedure.ListChange) (listRow, error) {
	year, n, err := parseVersion(v.Version)
	if err != nil {
		return listRow{}, err
	}
	body, err := encode(append([]procedure.ListChange{}, changes...))
	return listRow{
		District: v.District, Year: year, N: n, Version: v.Version, Base: v.Base, Why: v.Why, CaseNumber: v.Case,
		Published: micros(v.Published), Changes: body,
	}, err
}

func (r listRow) version() (record.ListVersion, error) {
	return record.ListVersion{
		District: r.District, Version: r.Version, Base: r.Base, Why: r.Why, Case: r.CaseNumber,
		Published: moment(r.Published),
	}, nil
}

// numbered gives added items their numbers: 2026.3-1 is the first one that version 2026.3 added. It follows from the record
// alone, whatever is published before or after, and no number is ever given twice.
func numbered(version string, changes []procedure.ListChange) []procedure.ListChange {
	changes = slices.Clone(changes)
	n := 0
	for i := range changes {
		if changes[i].Op == "add" && changes[i].Item.No == "" {
			n++
			changes[i].Item.No = fmt.Sprintf("%s-%d", version, n)
		}
	}
	return changes
}

// listCounter numbers the versions of a district's list among the counters of cases.
const listCounter = "list"

// AllocateListVersion gives the next version of a district's list and the version it builds on: 2026.3 after 2026.2.
// The same key (case and step) always gets the same answer.
func (s *Store) AllocateListVersion(
	ctx context.Context, district string, year int, key string,
) (version, base string, err error) {
	err = s.write(ctx, func(tx *gorm.DB) error {
		// The counter's row is the lock; it also numbers what is given and not published yet.
		n, err := next(tx, district, listCounter, year)
		if err != nil {
			return err
		}
		var old allocationRow
		err = tx.Where("id = ?", key).Take(&old).Error
		if err == nil {
			version, base = old.Version, old.Base
			return errGiven
		}
		if !errors.Is(err, gorm.ErrRecordNotFound) {
			return fmt.Errorf("read the list version: %w", err)
		}
		if base, err = newestVersion(tx, district, year, int(n)); err != nil {
			return err
		}
		version = listVersion(year, int(n))
		row := allocationRow{ID: key, District: district, Year: year, N: int(n), Version: version, Base: base}
		if err := tx.Create(&row).Error; err != nil {
			return fmt.Errorf("give the list version: %w", err)
		}
		return nil
	})
	if errors.Is(err, errGiven) {
		err = nil
	}
	return version, base, err
}

// errGiven rolls the counter back when the key had its version already.
var errGiven = errors.New("list version was given before")

// newestVersion is the newest version before (year, n), given or published; empty when there is none.
func newestVersion(tx *gorm.DB, district string, year, n int) (string, error) {
	var newest listRow
	for _, table := range []string{listsTable, "list_allocations"} {
		var row listRow
		err := tx.Table(table).Select("year, n, version").
			Where("district = ? AND (year < ? OR (year = ? AND n < ?))", district, year, year, n).
			Order("year DESC, n DESC").Limit(1).Scan(&row).Error
		if err != nil {
			return "", fmt.Errorf("read the newest list: %w", err)
		}
		if row.Year > newest.Year || row.Year == newest.Year && row.N > newest.N {
			newest = row
		}
	}
	return newest.Version, nil
}

// ImportList keeps a version with all its items, such as the list a district begins with.
func (s *Store) ImportList(ctx context.Context, v record.ListVersion) error {
	v.Case = ""
	row, err := newListRow(v, nil)
	if err != nil {
		return err
	}
	notice, err := importNotice(v)
	if err != nil {
		return err
	}
	items := make([]listItemRow, len(v.Items))
	for i, it := range v.Items {
		body, err := encode(it)
		if err != nil {
			return err
		}
		items[i] = listItemRow{District: row.District, Year: row.Year, N: row.N, Position: i, Body: body}
	}
	return s.write(ctx, func(tx *gorm.DB) error {
		result := once(tx, "district", "year", "n").Create(&row)
		if result.Error != nil {
			return fmt.Errorf("import the list: %w", result.Error)
		}
		if result.RowsAffected == 0 {
			return conflict(CodeListExists, "%s 的清单 %s 已存在", v.District, v.Version)
		}
		if err := tx.Create(&notice).Error; err != nil {
			return fmt.Errorf("announce the list: %w", err)
		}
		if err := tx.CreateInBatches(items, 100).Error; err != nil {
			return fmt.Errorf("import the items: %w", err)
		}
		err := tx.Exec(`INSERT INTO counters (district, prefix, year, n) VALUES (?, ?, ?, ?)
			ON CONFLICT (district, prefix, year) DO UPDATE SET n = excluded.n WHERE counters.n < excluded.n`,
			row.District, listCounter, row.Year, row.N).Error
		if err != nil {
			return fmt.Errorf("count the list: %w", err)
		}
		return nil
	})
}

// Lists returns the versions of a district's list without their items, newest first; of all districts for the empty one.
func (r *Reader) Lists(ctx context.Context, district string) ([]record.ListVersion, error) {
	var rows []listRow
	q := r.read(ctx).Order("year DESC, n DESC, district")
	if district != "" {
		q = q.Where("district = ?", district)
	}
	if err := q.Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read lists: %w", err)
	}
	return convert(rows, listRow.version)
}

// List returns a version of a district's list with its items; the newest for the empty version. CodeList when there is
// none.
func (r *Reader) List(ctx context.Context, district, version string) (record.ListVersion, error) {
	var rows []listRow
	err := r.read(ctx).Where("district = ?", district).Order("year, n").Find(&rows).Error
	if err != nil {
		return record.ListVersion{}, fmt.Errorf("read the list: %w", err)
	}
	if version != "" {
		i := slices.IndexFunc(rows, func(row listRow) bool { return row.Version == version })
		rows = rows[:i+1]
	}
	if len(rows) == 0 {
		return record.ListVersion{}, notFound(CodeList, "%.40s 没有这一版清单", district)
	}
	v, err := rows[len(rows)-1].version()
	if err != nil {
		return v, err
	}
	v.Items, err = r.items(ctx, rows)
	return v, err
}

// items starts from the last imported version and carries out the changes published after it.
func (r *Reader) items(ctx context.Context, rows []listRow) ([]procedure.ListItem, error) {
	from := len(rows) - 1
	for from > 0 && rows[from].CaseNumber != "" {
		from--
	}
	first := rows[from]
	var stored []listItemRow
	err := r.read(ctx).Where("district = ? AND year = ? AND n = ?", first.District, first.Year, first.N).
		Order("position").Find(&stored).Error
	if err != nil {
		return nil, fmt.Errorf("read the items: %w", err)
	}
	items, err := convert(stored, func(row listItemRow) (procedure.ListItem, error) {
		return decode[procedure.ListItem](row.Body)
	})
	if err != nil {
		return nil, err
	}
	for _, row := range rows[from:] {
		changes, err := decode[[]procedure.ListChange](row.Changes)
		if err != nil {
			return nil, err
		}
		for _, c := range changes {
			items = applyChange(items, c)
		}
	}
	return items, nil
}

// applyChange is forgiving: a change to an item that is gone adds it, so that no published item is ever lost.
func applyChange(items []procedure.ListItem, c procedure.ListChange) []procedure.ListItem {
	i := slices.IndexFunc(items, func(it procedure.ListItem) bool { return it.No == c.Item.No })
	switch {
	case c.Op == "remove" && i >= 0:
		return slices.Delete(items, i, i+1)
	case c.Op == "remove":
		return items
	case i >= 0:
		items[i] = c.Item
		return items
	}
	return append(items, c.Item)
}
