package calendar

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func requireCode(t *testing.T, err error, code string) {
	t.Helper()
	var own *Error
	require.ErrorAs(t, err, &own)
	require.Equal(t, code, own.Code, own.Text)
	require.NotEmpty(t, own.Text)
	require.ErrorIs(t, err, &Error{Code: code})
}

func TestParseDate(t *testing.T) {
	t.Parallel()
	for _, ok := range []string{"2026-09-20", "2024-02-29", "0001-01-01", "9999-12-31"} {
		d, err := ParseDate(ok)
		require.NoError(t, err)
		require.Equal(t, ok, d.String())
	}
	for _, bad := range []string{"", "2026-02-29", "2026-13-01", "2026-00-10", "2026-9-20", "2026-09-20 ", "2026/09/20",
		"0000-01-01", "02026-09-20", "2026-09-20T00:00:00Z", "２０２６-09-20", "-026-09-20", strings.Repeat("9", 1<<16)} {
		_, err := ParseDate(bad)
		requireCode(t, err, CodeDate)
	}
	var d Date
	require.Error(t, json.Unmarshal([]byte(`"2026-02-30"`), &d))
	require.NoError(t, json.Unmarshal([]byte(`""`), &d))
	require.True(t, d.IsZero())
	_, err := json.Marshal(Date{2026, 2, 30})
	require.Error(t, err)
	require.Equal(t, Date{2026, 9, 17}, DateOf(time.Date(2026, 9, 16, 16, 0, 0, 0, time.UTC)), "the day in China")
	require.Equal(t, 28, Date{2026, 2, 1}.AddMonths(1).DaysUntil(Date{2026, 3, 29}))
	require.True(t, Date{2026, 9, 20}.Before(Date{2026, 10, 1}))
	require.True(t, Date{2026, 10, 1}.After(Date{2026, 9, 20}))
	require.Equal(t, time.Sunday, Date{2026, 9, 20}.Weekday())
	require.Equal(t, 24*time.Hour, Date{2026, 9, 20}.End().Sub(Date{2026, 9, 20}.Start()))
}

func TestDeadlineRefusesAbsurdInput(t *testing.T) {
	t.Parallel()
	anchor := at(t, "2026-09-07")
	before := anchor.Add(-time.Hour)
	far := time.Date(9999, 1, 1, 0, 0, 0, 0, Zone)
	for name, tc := range map[string]struct {
		anchor time.Time
		rule   Rule
		pauses []Pause
		code   string
	}{
		"negative":             {anchor, Within(Workdays(-1)), nil, CodePeriod},
		"too long":             {anchor, Within(Workdays(36_501)), nil, CodePeriod},
		"largest int":          {anchor, Within(Days(math.MaxInt)), nil, CodePeriod},
		"smallest int":         {anchor, Within(Hours(math.MinInt)), nil, CodePeriod},
		"too many months":      {anchor, Within(Months(1_201)), nil, CodePeriod},
		"too many years":       {anchor, Within(Years(101)), nil, CodePeriod},
		"no unit":              {anchor, Rule{Period: Period{N: 1}}, nil, CodePeriod},
		"zero time":            {time.Time{}, Within(Days(1)), nil, CodeAnchor},
		"year 1899":            {at(t, "1899-12-31"), Within(Days(1)), nil, CodeAnchor},
		"year 2201":            {at(t, "2201-01-01"), Within(Days(1)), nil, CodeAnchor},
		"unknown direction":    {anchor, Rule{Period: Days(1), Direction: "sideways"}, nil, CodeRule},
		"unknown kind":         {anchor, Rule{Period: Days(1), Kind: "x"}, nil, CodeRule},
		"unknown roll":         {anchor, Rule{Period: Days(1), Roll: "x"}, nil, CodeRule},
		"backward rolls later": {anchor, Rule{Period: Days(1), Direction: Before, Roll: NextWorkday}, nil, CodeRule},
		"forward ends earlier": {anchor, Rule{Period: Days(1), Roll: PreviousWorkday}, nil, CodeRule},
		"hours roll":           {anchor, Rule{Period: Hours(1), Roll: NextWorkday}, nil, CodeRule},
		"clear days forward":   {anchor, Rule{Period: Days(1), ClearDays: true}, nil, CodeRule},
		"clear hours":          {anchor, Rule{Period: Hours(1), Direction: Before, ClearDays: true}, nil, CodeRule},
		"backward display":     {anchor, Rule{Period: Days(1), Direction: Before, Kind: MinPublicity}, nil, CodeRule},
		"pause ends early":     {anchor, Within(Days(1)), []Pause{{From: anchor, To: &before}}, CodePause},
		"pause far away":       {anchor, Within(Days(1)), []Pause{{From: anchor, To: &far}}, CodePause},
		"pause without start":  {anchor, Within(Days(1)), []Pause{{}}, CodePause},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Official().Deadline(tc.anchor, tc.rule, tc.pauses)
			requireCode(t, err, tc.code)
		})
	}
}

// TestLimitsAreReached is the positive control of the guards above: the largest
// permitted input gives a result.
func TestLimitsAreReached(t *testing.T) {
	t.Parallel()
	for _, r := range []Rule{Within(Hours(36_500)), Within(Days(36_500)), Within(Workdays(36_500)), Within(Months(1_200)), Within(Years(100)),
		AtLeastBefore(Workdays(36_500)).OnWorkday(), {Period: Days(3), Direction: Before, Roll: PreviousWorkday, ClearDays: true}} {
		for _, anchor := range []string{"1900-01-01", "2200-12-31"} {
			d, err := Official().Deadline(at(t, anchor), r, nil)
			require.NoError(t, err, "%s %s", anchor, r)
			require.True(t, d.Day.Valid())
		}
	}
	end := time.Date(2300, 12, 31, 0, 0, 0, 0, Zone)
	d, err := Official().Deadline(at(t, "2200-01-01"), Within(Hours(24)), []Pause{{From: at(t, "2200-01-01"), To: &end}})
	require.NoError(t, err)
	require.True(t, d.Due.Equal(end.Add(24*time.Hour)), d.Due)

	got, provisional := Official().AddWorkdays(Date{2026, 1, 1}, math.MaxInt)
	require.True(t, got.Valid())
	require.True(t, provisional)
	got, _ = Official().AddWorkdays(Date{2026, 1, 1}, math.MinInt)
	require.True(t, got.Valid())
	got, _ = Official().AddWorkdays(Date{2026, 2, 30}, 1)
	require.True(t, got.IsZero())
	require.Zero(t, Official().WorkdaysBetween(Date{math.MinInt, 1, 1}, Date{2026, 1, 1}))
}

func TestCalendarIsImmutable(t *testing.T) {
	t.Parallel()
	table := invented2027()
	c, err := Official().With(table)
	require.NoError(t, err)
	version := c.Version()
	table.Off[1] = Date{2027, 3, 3}
	c.Years()[2].Off[0] = Date{2027, 3, 3}
	require.True(t, c.IsWorkday(Date{2027, 3, 3}))
	require.False(t, c.IsWorkday(Date{2027, 1, 4}))
	again, err := New(c.Years()...)
	require.NoError(t, err)
	require.Equal(t, version, again.Version())

	changed := invented2027()
	changed.Off[1] = Date{2027, 3, 3}
	other, err := c.With(changed)
	require.NoError(t, err)
	require.NotEqual(t, version, other.Version(), "other days give another version")
	require.False(t, other.IsWorkday(Date{2027, 3, 3}))
	require.True(t, other.IsWorkday(Date{2027, 1, 4}), "the earlier table of the year is replaced")

	reversed := c.Years()
	reversed[0], reversed[2] = reversed[2], reversed[0]
	same, err := New(reversed...)
	require.NoError(t, err)
	require.Equal(t, version, same.Version(), "the order of loading does not matter")
	_, err = New(table, table)
	requireCode(t, err, CodeTableTwice)
}

func TestParseYear(t *testing.T) {
	t.Parallel()
	const good = `{"year":2027,"source":"测试","version":"1","off":["2027-01-01","2027-10-01"],"work":["2027-01-02"],"holidays":[{"name":"元旦","from":"2027-01-01","through":"2027-01-01"}]}`
	table, err := ParseYear([]byte(good))
	require.NoError(t, err)
	require.Equal(t, 2027, table.Year)
	for name, tc := range map[string]struct{ old, new, code string }{
		"unknown field":           {`"version"`, `"note":"x","version"`, CodeTableUnknown},
		"other letters":           {`"off"`, `"Off"`, CodeTableUnknown},
		"field in a wrong place":  {`"version"`, `"name":"x","version"`, CodeTableUnknown},
		"field twice":             {`"version"`, `"off":[],"version"`, CodeTableDuplicate},
		"field twice, nested":     {`"name":"元旦"`, `"name":"元旦","name":"元旦"`, CodeTableDuplicate},
		"day twice":               {`"2027-10-01"`, `"2027-10-01","2027-10-01"`, CodeTableDuplicate},
		"work day twice":          {`["2027-01-02"]`, `["2027-01-02","2027-01-02"]`, CodeTableDuplicate},
		"day of another year":     {`"2027-10-01"`, `"2027-10-01","2026-10-02"`, CodeTableForeign},
		"off and work":            {`"2027-10-01"`, `"2027-10-01","2027-01-02"`, CodeTableBoth},
		"work on a weekday":       {`["2027-01-02"]`, `["2027-01-05"]`, CodeTableWork},
		"source missing":          {`"source":"测试",`, ``, CodeTableSource},
		"source blank":            {`"测试"`, `" "`, CodeTableSource},
		"version missing":         {`"version":"1",`, ``, CodeTableVersion},
		"year missing":            {`"year":2027,`, ``, CodeTableYear},
		"year absurd":             {`"year":2027`, `"year":99999`, CodeTableYear},
		"year as text":            {`"year":2027`, `"year":"2027"`, CodeTableSyntax},
		"impossible day":          {`"2027-10-01"`, `"2027-10-01","2027-02-29"`, CodeDate},
		"empty day":               {`"2027-10-01"`, `"2027-10-01",""`, CodeDate},
		"statutory day missing":   {`,"2027-10-01"`, ``, CodeTableStatutory},
		"statutory day worked":    {`["2027-01-02"]`, `["2027-05-01"]`, CodeTableStatutory},
		"holiday not off":         {`"through":"2027-01-01"`, `"through":"2027-01-03"`, CodeTableHoliday},
		"holiday backward":        {`"from":"2027-01-01"`, `"from":"2027-01-02"`, CodeTableHoliday},
		"holiday endless":         {`"through":"2027-01-01"`, `"through":"9999-01-01"`, CodeTableHoliday},
		"holiday without name":    {`"name":"元旦",`, ``, CodeTableHoliday},
		"trailing text":           {`}]}`, `}]} {}`, CodeTableSyntax},
		"cut off":                 {`}]}`, `}]`, CodeTableSyntax},
		"too large":               {`"测试"`, `"` + strings.Repeat("x", maxTableBytes) + `"`, CodeTableSyntax},
		"unclosed deep structure": {good, strings.Repeat("[", 20_000), CodeTableSyntax},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, 1, strings.Count(good, tc.old), "the test must change one place")
			_, err := ParseYear([]byte(strings.Replace(good, tc.old, tc.new, 1)))
			requireCode(t, err, tc.code)
		})
	}
	all := YearTable{Year: 2028, Source: "x", Version: "1"}
	for d := (Date{2028, 1, 1}); d.Year == 2028; d = d.AddDays(1) {
		all.Off = append(all.Off, d)
	}
	requireCode(t, all.Validate(), CodeTableTooFew)
}
