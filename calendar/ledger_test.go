package calendar

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestLedgerDayByDay(t *testing.T) {
	t.Parallel()
	resumed := at(t, "2026-09-22 16:00")
	d := mustDeadline(t, Official(), "2026-09-17 09:00", Within(Workdays(5)),
		Pause{From: at(t, "2026-09-18 11:00"), To: &resumed, Ground: "补正"})
	require.Equal(t, []LedgerDay{
		{day(t, "2026-09-17"), StatusStart, 0, "起算日不计入"},
		{day(t, "2026-09-18"), StatusCounted, 1, "本日计入，次日起暂停：补正"},
		{day(t, "2026-09-19"), StatusPaused, 1, "暂停：补正"},
		{day(t, "2026-09-20"), StatusPaused, 1, "暂停：补正"},
		{day(t, "2026-09-21"), StatusPaused, 1, "暂停：补正"},
		{day(t, "2026-09-22"), StatusPaused, 1, "恢复当日不计入：补正"},
		{day(t, "2026-09-23"), StatusCounted, 2, ""},
		{day(t, "2026-09-24"), StatusCounted, 3, ""},
		{day(t, "2026-09-25"), StatusOff, 3, "中秋节放假"},
		{day(t, "2026-09-26"), StatusOff, 3, "中秋节放假"},
		{day(t, "2026-09-27"), StatusOff, 3, "中秋节放假"},
		{day(t, "2026-09-28"), StatusCounted, 4, ""},
		{day(t, "2026-09-29"), StatusDue, 5, "届满日"},
	}, d.Ledger)

	d = mustDeadline(t, Official(), "2026-09-29", Within(Days(2)))
	require.Equal(t, []LedgerDay{
		{day(t, "2026-09-29"), StatusStart, 0, "起算日不计入"},
		{day(t, "2026-09-30"), StatusCounted, 1, ""},
		{day(t, "2026-10-01"), StatusRolled, 2, "国庆节放假（调休）；末日逢休息日，顺延"},
		{day(t, "2026-10-02"), StatusOff, 2, "国庆节放假（调休）"},
		{day(t, "2026-10-03"), StatusOff, 2, "国庆节放假（调休）"},
		{day(t, "2026-10-04"), StatusOff, 2, "国庆节放假（调休）"},
		{day(t, "2026-10-05"), StatusOff, 2, "国庆节放假（调休）"},
		{day(t, "2026-10-06"), StatusOff, 2, "国庆节放假（调休）"},
		{day(t, "2026-10-07"), StatusOff, 2, "国庆节放假（调休）"},
		{day(t, "2026-10-08"), StatusDue, 2, "顺延至本日；届满日"},
	}, d.Ledger)

	d = mustDeadline(t, Official(), "2026-02-12", Within(Workdays(2)))
	require.Equal(t, LedgerDay{day(t, "2026-02-14"), StatusDue, 2, "补班计入；届满日"}, d.Ledger[2])

	d = mustDeadline(t, Official(), "2026-10-12", AtLeastBefore(Workdays(2)))
	require.Equal(t, []LedgerDay{
		{day(t, "2026-10-12"), StatusStart, 0, "倒推起点，不计入"},
		{day(t, "2026-10-11"), StatusOff, 0, "周末"},
		{day(t, "2026-10-10"), StatusCounted, 1, "补班计入"},
		{day(t, "2026-10-09"), StatusDue, 2, "最迟日"},
	}, d.Ledger)
}

func TestPauses(t *testing.T) {
	t.Parallel()
	span := func(from, to string) Pause {
		p := Pause{From: at(t, from), Ground: "补正"}
		if to != "" {
			end := at(t, to)
			p.To = &end
		}
		return p
	}
	for _, tc := range []struct {
		name   string
		rule   Rule
		pauses []Pause
		day    string // empty: open
		left   int
	}{
		{"none", Within(Workdays(15)), nil, "2026-09-28", 0},
		{"three working days", Within(Workdays(15)), []Pause{span("2026-09-09", "2026-09-14")}, "2026-10-08", 0},
		{"the same day", Within(Workdays(15)), []Pause{span("2026-09-09 09:00", "2026-09-09 17:00")}, "2026-09-28", 0},
		{"overlap counts once", Within(Workdays(15)), []Pause{span("2026-09-10", "2026-09-14"), span("2026-09-09", "2026-09-11")}, "2026-10-08", 0},
		{"over before the anchor", Within(Workdays(15)), []Pause{span("2026-09-01", "2026-09-05")}, "2026-09-28", 0},
		{"after the last day", Within(Workdays(15)), []Pause{span("2026-09-28 10:00", "")}, "2026-09-28", 0},
		{"open", Within(Workdays(15)), []Pause{span("2026-09-09", "")}, "", 13},
		{"open inside a closed one", Within(Workdays(15)), []Pause{span("2026-09-09", "2026-09-30"), span("2026-09-15", "")}, "", 13},
		{"open from the anchor", Within(Workdays(15)), []Pause{span("2026-09-07 10:00", "")}, "", 15},
		{"calendar days", Within(Days(10)), []Pause{span("2026-09-09", "2026-09-14")}, "2026-09-22", 0},
		{"a month keeps its days", Within(Months(1)), []Pause{span("2026-09-09", "2026-09-14")}, "2026-10-12", 0},
		{"no last day while paused", Within(Days(5)), []Pause{span("2026-09-11", "2026-09-13")}, "2026-09-14", 0},
		{"rolls past the pause", Within(Days(5)), []Pause{span("2026-09-12", "2026-09-16")}, "2026-09-17", 0},
		{"rolling day is paused", Within(Days(6)), []Pause{span("2026-09-13", "2026-09-15")}, "2026-09-16", 0},
		{"rolling day is paused, open", Within(Days(6)), []Pause{span("2026-09-13", "")}, "", 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := mustDeadline(t, Official(), "2026-09-07", tc.rule, tc.pauses...)
			require.Equal(t, tc.day, d.Day.String())
			require.Equal(t, tc.day == "", d.Open)
			require.Equal(t, tc.left, d.Remaining)
			require.Equal(t, d.Open, d.Due.IsZero())
		})
	}
}

func TestPausesOfHours(t *testing.T) {
	t.Parallel()
	until := func(s string) *time.Time { v := at(t, s); return &v }
	d := mustDeadline(t, Official(), "2026-11-21 10:20", Within(Hours(24)),
		Pause{From: at(t, "2026-11-21 12:20"), To: until("2026-11-21 13:50"), Ground: "鉴定"},
		Pause{From: at(t, "2026-11-21 13:20"), To: until("2026-11-21 14:20"), Ground: "补正"},
		Pause{From: at(t, "2026-11-20 13:20"), To: until("2026-11-21 10:50"), Ground: "早于起算"})
	require.True(t, d.Due.Equal(at(t, "2026-11-22 12:50")), d.Due)
	require.Equal(t, []LedgerDay{
		{day(t, "2026-11-21"), StatusStart, 11, "自 2026-11-21 10:20 起算；含暂停：鉴定、补正、早于起算"},
		{day(t, "2026-11-22"), StatusDue, 24, "至 2026-11-22 12:50 届满"},
	}, d.Ledger)

	d = mustDeadline(t, Official(), "2026-11-21 10:20", Within(Hours(24)),
		Pause{From: at(t, "2026-11-21 12:00"), To: until("2026-11-21 18:00"), Ground: "鉴定"},
		Pause{From: at(t, "2026-11-21 13:00"), To: until("2026-11-21 14:00"), Ground: "补正"})
	require.True(t, d.Due.Equal(at(t, "2026-11-22 16:20")), "a pause within a pause changes nothing: %s", d.Due)

	d = mustDeadline(t, Official(), "2026-11-21 10:20", Within(Hours(24)),
		Pause{From: at(t, "2026-11-21 12:50"), Ground: "鉴定"})
	require.True(t, d.Open)
	require.Equal(t, 22, d.Remaining, "21.5 hours, rounded up")
	require.Equal(t, "暂停计时，恢复后还剩 22 小时", d.Text(d.Anchor))

	d = mustDeadline(t, Official(), "2026-11-21 10:00", Within(Hours(72)),
		Pause{From: at(t, "2026-11-21 20:00"), To: until("2026-11-23 08:00"), Ground: "鉴定"})
	require.True(t, d.Due.Equal(at(t, "2026-11-25 22:00")), d.Due)
	require.Equal(t, LedgerDay{day(t, "2026-11-22"), StatusPaused, 10, "暂停：鉴定"}, d.Ledger[1])
}

func TestNotBefore(t *testing.T) {
	t.Parallel()
	r := Rule{Period: Days(30), Direction: Before, Kind: NotBefore}
	d := mustDeadline(t, Official(), "2026-11-22", r)
	require.Equal(t, "2026-10-23", d.Day.String())
	require.True(t, d.Due.Equal(d.Day.Start()), "the day itself is permitted")
	require.Equal(t, "还须 3 日", d.Left(Official(), at(t, "2026-10-20 08:00")).String())
	require.Equal(t, "期限已满", d.Left(Official(), at(t, "2026-10-23 00:00")).String())

	forward := Rule{Period: Workdays(5), Kind: NotBefore}
	d = mustDeadline(t, Official(), "2026-09-17", forward)
	require.True(t, d.Due.Equal(at(t, "2026-09-24")), "the period must have run in full")
}

// TestBackwardIgnoresPauses: an election day does not move, so neither does the
// latest day before it.
func TestBackwardIgnoresPauses(t *testing.T) {
	t.Parallel()
	d := mustDeadline(t, Official(), "2026-11-22", AtLeastBefore(Days(20)), Pause{From: at(t, "2026-11-10"), Ground: "补正"})
	require.Equal(t, "2026-11-02", d.Day.String())
	require.Empty(t, d.Pauses)
	require.False(t, d.Open)
}

func TestDeadlineJSON(t *testing.T) {
	t.Parallel()
	end := at(t, "2026-09-22 16:00")
	for _, d := range []Deadline{
		mustDeadline(t, Official(), "2026-09-17 09:00", Within(Workdays(5)), Pause{From: at(t, "2026-09-18"), To: &end, Ground: "补正", Evidence: "补正通知书"}),
		mustDeadline(t, Official(), "2026-09-17 09:00", Within(Workdays(5)), Pause{From: at(t, "2026-09-18"), Ground: "补正"}),
	} {
		raw, err := json.Marshal(d)
		require.NoError(t, err)
		for _, key := range []string{"day", "due"} {
			require.Equal(t, !d.Open, containsKey(t, raw, key), "%s is written unless the deadline is open", key)
		}
		var back Deadline
		require.NoError(t, json.Unmarshal(raw, &back))
		again, err := json.Marshal(back)
		require.NoError(t, err)
		require.JSONEq(t, string(raw), string(again))
		require.True(t, back.Due.Equal(d.Due))
		require.Equal(t, d.Ledger, back.Ledger)
		require.Equal(t, d.Rule, back.Rule)
	}
}

func containsKey(t *testing.T, raw []byte, key string) bool {
	t.Helper()
	var m map[string]any
	require.NoError(t, json.Unmarshal(raw, &m))
	_, ok := m[key]
	return ok
}

func TestLeftAndText(t *testing.T) {
	t.Parallel()
	wd := mustDeadline(t, Official(), "2026-09-17", Within(Workdays(5)))
	days := mustDeadline(t, Official(), "2026-09-22", Within(Days(10)))
	hours := mustDeadline(t, Official(), "2026-11-21 10:20", Within(Hours(24)))
	posted := mustDeadline(t, Official(), "2026-09-22", Publicity(Days(5)))
	open := mustDeadline(t, Official(), "2026-09-17", Within(Workdays(5)), Pause{From: at(t, "2026-09-18"), Ground: "补正"})
	forecast := mustDeadline(t, Official(), "2026-12-31", Within(Workdays(1)))
	for _, tc := range []struct {
		d         Deadline
		now, left string
		overdue   int
		late      bool
	}{
		{wd, "2026-09-17 09:00", "还剩 5 个工作日", 0, false},
		{wd, "2026-09-19 09:00", "还剩 4 个工作日", 0, false},
		{wd, "2026-09-23 23:59", "今日届满", 0, false},
		{wd, "2026-09-24 00:00", "已超期 1 个工作日", 1, true},
		{wd, "2026-09-27 12:00", "已超期 1 个工作日", 1, true},
		{wd, "2026-10-08 12:00", "已超期 5 个工作日", 5, true},
		{days, "2026-10-01 09:00", "还剩 7 日", 0, false},
		{days, "2026-10-10 09:00", "已超期 2 日", 2, true},
		{hours, "2026-11-22 09:00", "还剩 2 小时", 0, false},
		{hours, "2026-11-22 10:20", "已超期", 0, true},
		{hours, "2026-11-22 13:19", "已超期 2 小时", 2, true},
		{posted, "2026-09-25 09:00", "还须 2 日", 0, false},
		{posted, "2026-09-27 09:00", "今日期满", 0, false},
		{posted, "2026-09-28 00:00", "期限已满", 1, true},
		{open, "2026-12-01 09:00", "暂停计时，恢复后还剩 4 个工作日", 0, false},
		{forecast, "2027-01-01 09:00", "还剩 1 个工作日（暂定）", 0, false},
	} {
		l := tc.d.Left(Official(), at(t, tc.now))
		require.Equal(t, tc.left, l.String(), tc.now)
		require.Equal(t, tc.overdue, l.Overdue, tc.now)
		require.Equal(t, tc.late, l.Late, tc.now)
	}
	friday := mustDeadline(t, Official(), "2026-11-18", Within(Workdays(2)))
	require.Equal(t, "已超期", friday.Left(Official(), at(t, "2026-11-21 09:00")).String(), "late on the weekend after, by no working day")

	now := at(t, "2026-09-20")
	require.Equal(t, "9月23日（周三）", wd.Text(now))
	require.Equal(t, "2026年9月23日（周三）", wd.Text(at(t, "2025-09-20")))
	require.Equal(t, "11月22日（周日） 10:20", hours.Text(now))
	require.Equal(t, "2027年1月4日（周一）（暂定）", forecast.Text(now))
	require.Equal(t, "自9月17日（周四）起 5 个工作日内，至9月23日（周三）", wd.Sentence(now))
	require.Equal(t, "11月16日（周一）的 30 个工作日前，9月29日（周二）",
		mustDeadline(t, Official(), "2026-11-16", AtLeastBefore(Workdays(30))).Sentence(now))
	require.Equal(t, []string{"24 小时", "5 日", "15 个工作日", "3 个月", "2 年"},
		[]string{Hours(24).String(), Days(5).String(), Workdays(15).String(), Months(3).String(), Years(2).String()})
}
