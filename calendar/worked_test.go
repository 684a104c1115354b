package calendar

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// at reads 2006-01-02 or 2006-01-02 15:04 in Zone.
func at(t testing.TB, s string) time.Time {
	t.Helper()
	form := "2006-01-02 15:04"
	if len(s) == len(layout) {
		form = layout
	}
	v, err := time.ParseInLocation(form, s, Zone)
	require.NoError(t, err)
	return v
}

func day(t testing.TB, s string) Date {
	t.Helper()
	d, err := ParseDate(s)
	require.NoError(t, err)
	return d
}

func mustDeadline(t testing.TB, c *Calendar, anchor string, r Rule, pauses ...Pause) Deadline {
	t.Helper()
	d, err := c.Deadline(at(t, anchor), r, pauses)
	require.NoError(t, err)
	return d
}

// TestWorkedDates reckons dates worked out by hand from the official arrangements.
func TestWorkedDates(t *testing.T) {
	t.Parallel()
	clear := AtLeastBefore(Days(20))
	clear.ClearDays = true
	for _, tc := range []struct {
		name, anchor string
		rule         Rule
		day          string
		provisional  bool
	}{
		{"make-up Sunday counts", "2026-09-17", Within(Workdays(5)), "2026-09-23", false},
		{"mid-autumn and national day", "2026-09-24", Within(Workdays(5)), "2026-10-09", false},
		{"make-up Saturday is the last day", "2026-02-11", Within(Workdays(3)), "2026-02-14", false},
		{"spring festival", "2026-02-13", Within(Workdays(15)), "2026-03-12", false},
		{"labour day, make-up Saturday", "2026-04-30", Within(Workdays(5)), "2026-05-11", false},
		{"query of a tender 质疑", "2026-09-28", Within(Workdays(7)), "2026-10-13", false},
		{"approval of an admission", "2026-09-21", Within(Workdays(15)), "2026-10-19", false},
		{"approval of the sample application", "2026-09-07", Within(Workdays(15)), "2026-09-28", false},
		{"thirty working days", "2026-09-07", Within(Workdays(30)), "2026-10-23", false},
		{"national day 2025", "2025-09-26", Within(Workdays(5)), "2025-10-10", false},
		{"national day 2025, make-up Saturday", "2025-09-30", Within(Workdays(7)), "2025-10-16", false},
		{"rolls over national day", "2026-09-22", Within(Days(10)), "2026-10-08", false},
		{"rolls over spring festival", "2026-02-08", Within(Days(7)), "2026-02-24", false},
		{"rolls over the dragon boat festival", "2026-06-14", Within(Days(5)), "2026-06-22", false},
		{"make-up Sunday does not roll", "2026-09-15", Within(Days(5)), "2026-09-20", false},
		{"appeal within 5 days", "2026-09-26", Within(Days(5)), "2026-10-08", false},
		{"voter list, latest day", "2026-11-22", AtLeastBefore(Days(20)), "2026-11-02", false},
		{"voter list, planned day", "2026-11-22", AtLeastBefore(Days(25)), "2026-10-28", false},
		{"voter list, clear days", "2026-11-22", clear, "2026-11-01", false},
		{"voter list, clear days, working day", "2026-11-22", clear.OnWorkday(), "2026-10-30", false},
		{"handover", "2026-11-22", Within(Days(10)), "2026-12-02", false},
		{"supervisors", "2026-11-22", Within(Days(15)), "2026-12-07", false},
		{"latest filing of an admission", "2026-11-16", AtLeastBefore(Workdays(30)), "2026-09-29", false},
		{"into a year not loaded", "2026-12-31", Within(Workdays(1)), "2027-01-04", true},
		{"two working days from a Saturday", "2026-11-21", Within(Workdays(2)), "2026-11-24", false},
		{"lamp case: two working days from Friday", "2026-11-20 19:40", Within(Workdays(2)), "2026-11-24", false},
		{"lamp case: five working days", "2026-11-20 19:40", Within(Workdays(5)), "2026-11-27", false},
		{"month without matching day", "2025-12-31", Within(Months(2)), "2026-02-28", false},
		{"leap day plus one year, then roll", "2024-02-29", Within(Years(1)), "2025-02-28", false},
		{"month ends in the break", "2026-01-18", Within(Months(1)), "2026-02-24", false},
		{"publicity does not roll", "2026-09-22", Publicity(Days(10)), "2026-10-02", false},
		{"publicity rolls when asked", "2026-09-22", Publicity(Days(10)).OnWorkday(), "2026-10-08", false},
		{"backward never later", "2026-10-23", AtLeastBefore(Days(20)), "2026-10-03", false},
		{"backward to an earlier working day", "2026-10-23", AtLeastBefore(Days(20)).OnWorkday(), "2026-09-30", false},
		{"backward month", "2026-03-31", AtLeastBefore(Months(1)), "2026-02-28", false},
		{"no days", "2026-10-03", Within(Days(0)), "2026-10-08", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := mustDeadline(t, Official(), tc.anchor, tc.rule)
			require.Equal(t, tc.day, d.Day.String())
			require.Equal(t, tc.provisional, d.Provisional)
			require.True(t, d.Due.Equal(d.Day.End()), "the last day ends at 24:00: %s", d.Due)
			last := d.Ledger[len(d.Ledger)-1]
			require.Equal(t, StatusDue, last.Status)
			require.Equal(t, d.Day, last.Date)
		})
	}
}

func TestHoursRunThroughDaysOff(t *testing.T) {
	t.Parallel()
	d := mustDeadline(t, Official(), "2026-11-21 10:20", Within(Hours(24)))
	require.True(t, d.Due.Equal(at(t, "2026-11-22 10:20")), d.Due)
	require.Equal(t, "2026-11-22", d.Day.String())
	require.False(t, d.Provisional)

	d = mustDeadline(t, Official(), "2026-11-20 19:40", Within(Hours(24)))
	require.True(t, d.Due.Equal(at(t, "2026-11-21 19:40")), d.Due)

	d = mustDeadline(t, Official(), "2026-11-21 10:20", AtLeastBefore(Hours(48)))
	require.True(t, d.Due.Equal(at(t, "2026-11-19 10:20")), d.Due)
	require.Equal(t, []LedgerDay{
		{day(t, "2026-11-21"), StatusStart, 0, "自 2026-11-21 10:20 倒推"},
		{day(t, "2026-11-20"), StatusCounted, 34, ""},
		{day(t, "2026-11-19"), StatusDue, 48, "至 2026-11-19 10:20"},
	}, d.Ledger)
}

// TestAnchorIsACivilDayInChina guards against reckoning in UTC or in the zone of
// the machine: 16:30 UTC is already the next day in China.
func TestAnchorIsACivilDayInChina(t *testing.T) {
	t.Parallel()
	anchor := time.Date(2026, 9, 16, 16, 30, 0, 0, time.UTC)
	d, err := Official().Deadline(anchor, Within(Workdays(5)), nil)
	require.NoError(t, err)
	require.Equal(t, "2026-09-23", d.Day.String())
	require.Equal(t, 8*60*60, offset(d.Anchor))
	require.Equal(t, 8*60*60, offset(d.Due))
}

func offset(t time.Time) int {
	_, seconds := t.Zone()
	return seconds
}

// TestYearEndIsReckonedAgain crosses 2026-12-31 without the table of 2027, then
// with one. The table is invented for the test; it ships with nothing.
func TestYearEndIsReckonedAgain(t *testing.T) {
	t.Parallel()
	rule := Within(Workdays(5))
	before := mustDeadline(t, Official(), "2026-12-28", rule)
	require.Equal(t, "2027-01-05", before.Day.String())
	require.True(t, before.Provisional)
	require.Equal(t, "元旦放假；2027年安排未载入，暂按推算", ledgerOf(before, "2027-01-01").Note)

	loaded, err := Official().With(invented2027())
	require.NoError(t, err)
	after := mustDeadline(t, loaded, "2026-12-28", rule)
	require.Equal(t, "2027-01-06", after.Day.String(), "4 January is off in the loaded table")
	require.False(t, after.Provisional)
	require.NotEqual(t, before.CalendarVersion, after.CalendarVersion)

	require.False(t, Official().Loaded(2027), "loading a year leaves the other calendar alone")
	inside := mustDeadline(t, Official(), "2026-12-24", rule)
	require.Equal(t, "2026-12-31", inside.Day.String())
	require.False(t, inside.Provisional, "a deadline that ends in 2026 is final")
	calendarDays := mustDeadline(t, Official(), "2026-12-24", Publicity(Days(20)))
	require.False(t, calendarDays.Provisional, "calendar days that do not roll rest on no table")
	rolling := mustDeadline(t, Official(), "2026-12-24", Within(Days(20)))
	require.True(t, rolling.Provisional)
	backward := mustDeadline(t, Official(), "2027-01-05", AtLeastBefore(Workdays(2)))
	require.True(t, backward.Provisional)
	require.Equal(t, "2026-12-31", backward.Day.String())
}

func invented2027() YearTable {
	return YearTable{Year: 2027, Source: "测试数据，非官方", Version: "test", Off: []Date{
		{2027, 1, 1}, {2027, 1, 4}, {2027, 10, 1}, {2027, 5, 1}, {2027, 5, 2}, {2027, 10, 2}, {2027, 10, 3}}}
}

func ledgerOf(d Deadline, date string) LedgerDay {
	for _, l := range d.Ledger {
		if l.Date.String() == date {
			return l
		}
	}
	return LedgerDay{}
}

// TestOfficialWorkdays compares each month with a count made by hand.
func TestOfficialWorkdays(t *testing.T) {
	t.Parallel()
	want := map[int][12]int{
		2025: {19, 19, 21, 22, 19, 20, 23, 21, 23, 18, 20, 23},
		2026: {21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23},
	}
	require.Len(t, Official().Years(), len(want))
	for year, months := range want {
		total := 0
		for m, n := range months {
			first := Date{year, time.Month(m + 1), 1}
			got := Official().WorkdaysBetween(first.AddDays(-1), first.AddMonths(1).AddDays(-1))
			require.Equal(t, n, got, "%d-%02d", year, m+1)
			total += got
		}
		require.Equal(t, 248, total)
		require.True(t, Official().Loaded(year))
	}
}
