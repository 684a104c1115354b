package calendar

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"time"
)

// Calendar knows which days are worked. It never changes: loading a year gives a
// new Calendar. It is safe for use by several goroutines.
//
// A year without a table is provisional: Monday to Friday minus the statutory days
// of fixed date (1 January, 1–2 May, 1–3 October). The lunar statutory days (春节、
// 清明、端午、中秋) and all adjusted breaks of such a year are unknown and are
// counted as ordinary days; nothing is invented.
type Calendar struct {
	tables  map[int]YearTable
	off     map[Date]string // label for the ledger
	work    map[Date]bool
	version string
}

// statutory lists the statutory days (法定休假日) whose date is the same each year
// (全国年节及纪念日放假办法, revision of 2024).
var statutory = [...]struct {
	month time.Month
	day   int
	name  string
}{
	{time.January, 1, "元旦"},
	{time.May, 1, "劳动节"}, {time.May, 2, "劳动节"},
	{time.October, 1, "国庆节"}, {time.October, 2, "国庆节"}, {time.October, 3, "国庆节"},
}

// New returns a Calendar of the given tables. It refuses an invalid table and a
// year given twice. Without any table every year is provisional.
func New(tables ...YearTable) (*Calendar, error) {
	c := &Calendar{tables: map[int]YearTable{}, off: map[Date]string{}, work: map[Date]bool{}}
	for _, t := range tables {
		if err := t.Validate(); err != nil {
			return nil, err
		}
		if c.Loaded(t.Year) {
			return nil, refuse(CodeTableTwice, "%d 年的节假日数据给出了两次", t.Year)
		}
		c.add(t.clone())
	}
	version, err := c.digest()
	if err != nil {
		return nil, err
	}
	c.version = version
	return c, nil
}

func (c *Calendar) add(t YearTable) {
	c.tables[t.Year] = t
	for _, d := range t.Off {
		c.off[d] = "放假"
	}
	for _, h := range t.Holidays {
		for d := h.From; !d.After(h.Through); d = d.AddDays(1) {
			c.off[d] = h.label()
		}
	}
	for _, d := range t.Work {
		c.work[d] = true
	}
}

//go:embed data/*.json
var data embed.FS

// official is parsed once; a Calendar cannot be changed by whoever holds it.
var official = sync.OnceValues(func() (*Calendar, error) {
	names, err := fs.Glob(data, "data/*.json")
	if err != nil {
		return nil, err
	}
	var tables []YearTable
	for _, name := range names {
		raw, err := data.ReadFile(name)
		if err != nil {
			return nil, err
		}
		t, err := ParseYear(raw)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		tables = append(tables, t)
	}
	return New(tables...)
})

// Official returns the Calendar of the years published by the State Council that
// are part of the program: 2025 and 2026. It panics when the embedded data are
// damaged, which the tests of this package exclude.
func Official() *Calendar {
	c, err := official()
	if err != nil {
		panic("calendar: embedded data: " + err.Error())
	}
	return c
}

// With returns a Calendar that also holds t, in place of an earlier table of the
// same year.
func (c *Calendar) With(t YearTable) (*Calendar, error) {
	tables := []YearTable{t}
	for year, old := range c.tables {
		if year != t.Year {
			tables = append(tables, old)
		}
	}
	return New(tables...)
}

// Years returns the loaded tables in order of the year. They are copies.
func (c *Calendar) Years() []YearTable {
	years := make([]YearTable, 0, len(c.tables))
	for _, t := range c.tables {
		years = append(years, t.clone())
	}
	slices.SortFunc(years, func(a, b YearTable) int { return a.Year - b.Year })
	return years
}

// Loaded tells whether the official table of the year is present.
func (c *Calendar) Loaded(year int) bool {
	_, ok := c.tables[year]
	return ok
}

// Version names the tables by their years and a digest of their contents. The same
// tables give the same version on every machine.
func (c *Calendar) Version() string { return c.version }

func (c *Calendar) digest() (string, error) {
	years := c.Years()
	raw, err := json.Marshal(years)
	if err != nil {
		return "", fmt.Errorf("calendar: digest: %w", err)
	}
	names := make([]string, 0, len(years))
	for _, t := range years {
		names = append(names, t.Version)
	}
	sum := sha256.Sum256(raw)
	return strings.Join(names, "+") + "@" + hex.EncodeToString(sum[:6]), nil
}

// IsWorkday tells whether d is a working day (工作日). Make-up weekend days are.
func (c *Calendar) IsWorkday(d Date) bool {
	if _, off := c.off[d]; off {
		return false
	}
	if c.work[d] {
		return true
	}
	return !weekend(d) && (c.Loaded(d.Year) || statutoryName(d) == "")
}

// note says in Chinese why d is worked or not; it is empty for an ordinary weekday.
func (c *Calendar) note(d Date) string {
	if label, off := c.off[d]; off {
		return label
	}
	why, forecast := "", ""
	if c.work[d] {
		why = "补班计入"
	} else if weekend(d) {
		why = "周末"
	}
	if !c.Loaded(d.Year) {
		forecast = fmt.Sprintf("%d年安排未载入，暂按推算", d.Year)
		if name := statutoryName(d); name != "" {
			why = name + "放假"
		}
	}
	return join(why, forecast)
}

func statutoryName(d Date) string {
	for _, s := range statutory {
		if d.Month == s.month && d.Day == s.day {
			return s.name
		}
	}
	return ""
}

func join(a, b string) string {
	switch {
	case a == "":
		return b
	case b == "":
		return a
	}
	return a + "；" + b
}

func weekend(d Date) bool {
	w := d.Weekday()
	return w == time.Saturday || w == time.Sunday
}

// longestCount keeps AddWorkdays from walking for ever on absurd numbers.
const longestCount = 36_500

// AddWorkdays returns the n-th working day after d, or before d when n is negative.
// d itself is not counted; for n = 0 the result is d. provisional is true when the
// result rests on a year whose table is not loaded. n is limited to ±36,500 and d
// to the years 1 to 9999; a day outside gives the zero Date.
func (c *Calendar) AddWorkdays(d Date, n int) (day Date, provisional bool) {
	if !d.Valid() {
		return Date{}, false
	}
	step := 1
	if n < 0 {
		step = -1
	}
	for left := min(max(n, -longestCount), longestCount); left != 0; {
		d = d.AddDays(step)
		provisional = provisional || !c.Loaded(d.Year)
		if c.IsWorkday(d) {
			left -= step
		}
	}
	return d, provisional
}

// WorkdaysBetween returns the number of working days later than after, up to and
// including through. It is 0 when through is not later, or when a day is outside
// the years 1 to 9999.
func (c *Calendar) WorkdaysBetween(after, through Date) int {
	if !after.Valid() || !through.Valid() {
		return 0
	}
	n := 0
	for d := after.AddDays(1); !d.After(through); d = d.AddDays(1) {
		if c.IsWorkday(d) {
			n++
		}
	}
	return n
}
