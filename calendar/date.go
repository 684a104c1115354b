package calendar

import (
	"cmp"
	"fmt"
	"time"
)

// Zone is Chinese standard time. China has had no daylight saving time since
// 1992, so a fixed offset is exact and needs no zone database on the machine.
var Zone = time.FixedZone("Asia/Shanghai", 8*60*60)

const layout = "2006-01-02"

// Date is a civil day (日) without a time or a zone. Dates can be compared with
// == and used as map keys. The zero Date means "no day".
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// ParseDate reads a day written as 2006-01-02. It refuses every other form and
// days that do not exist, with CodeDate.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(layout, s)
	if err != nil || t.Year() < 1 {
		return Date{}, refuse(CodeDate, "日期 %.40q 无效：应为真实存在的日期，写作 2026-01-31", s)
	}
	return civil(t), nil
}

// DateOf returns the civil day of the instant t in Zone.
func DateOf(t time.Time) Date { return civil(t.In(Zone)) }

func civil(t time.Time) Date {
	y, m, d := t.Date()
	return Date{Year: y, Month: m, Day: d}
}

// utc gives the day a position on a line without zones, for arithmetic only.
func (d Date) utc() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// IsZero tells whether d is the zero Date, which means "no day".
func (d Date) IsZero() bool { return d == Date{} }

// Valid tells whether d is a day that exists.
func (d Date) Valid() bool { return d.Year >= 1 && d.Year <= 9999 && civil(d.utc()) == d }

// String returns the day as 2006-01-02, or an empty string for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// MarshalText returns the day as 2006-01-02, or nothing for the zero Date.
// It fails with CodeDate on a day that does not exist.
func (d Date) MarshalText() ([]byte, error) {
	if !d.IsZero() && !d.Valid() {
		return nil, refuse(CodeDate, "日期 %s 不存在", d)
	}
	return []byte(d.String()), nil
}

// UnmarshalText reads what MarshalText writes; it is as strict as ParseDate.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

// AddDays returns the day n calendar days later, or earlier when n is negative.
func (d Date) AddDays(n int) Date { return civil(d.utc().AddDate(0, 0, n)) }

// AddMonths returns the matching day n months later (earlier when n is negative),
// or the last day of that month when there is no matching day (Civil Code, 民法典,
// art. 202).
func (d Date) AddMonths(n int) Date {
	first := time.Date(d.Year, d.Month+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := civil(first.AddDate(0, 1, -1))
	last.Day = min(last.Day, d.Day)
	return last
}

// DaysUntil returns the number of calendar days from d to other; it is negative
// when other is earlier.
func (d Date) DaysUntil(other Date) int {
	return int(other.utc().Unix()/secondsPerDay - d.utc().Unix()/secondsPerDay)
}

const secondsPerDay = 24 * 60 * 60

// Compare returns -1, 0 or 1 when d is before, equal to or after other.
func (d Date) Compare(other Date) int {
	return cmp.Or(cmp.Compare(d.Year, other.Year), cmp.Compare(d.Month, other.Month), cmp.Compare(d.Day, other.Day))
}

// Before tells whether d is earlier than other.
func (d Date) Before(other Date) bool { return d.Compare(other) < 0 }

// After tells whether d is later than other.
func (d Date) After(other Date) bool { return d.Compare(other) > 0 }

// Start returns 00:00 of the day in Zone.
func (d Date) Start() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, Zone) }

// End returns 24:00 of the day in Zone, which is 00:00 of the next day.
func (d Date) End() time.Time { return time.Date(d.Year, d.Month, d.Day+1, 0, 0, 0, 0, Zone) }

var weekdays = [...]string{"周日", "周一", "周二", "周三", "周四", "周五", "周六"}

// Short returns the day as people write it within one year: 9月23日(周三).
func (d Date) Short() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%d月%d日（%s）", int(d.Month), d.Day, weekdays[d.Weekday()])
}

// Long returns the day with its year: 2026年9月23日(周三).
func (d Date) Long() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%d年%s", d.Year, d.Short())
}
