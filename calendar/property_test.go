package calendar

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// drawDay reaches from a provisional year through the loaded ones to the next.
func drawDay(t *rapid.T, label string) Date {
	return Date{2024, 6, 1}.AddDays(rapid.IntRange(0, 1200).Draw(t, label))
}

func drawCalendar(t *rapid.T) *Calendar {
	if rapid.Bool().Draw(t, "with 2027") {
		c, err := Official().With(invented2027())
		require.NoError(t, err)
		return c
	}
	return Official()
}

func reckon(t *rapid.T, c *Calendar, anchor Date, r Rule, pauses ...Pause) Deadline {
	d, err := c.Deadline(anchor.Start().Add(9*time.Hour), r, pauses)
	require.NoError(t, err)
	return d
}

func TestAddingThenCounting(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, from, n := drawCalendar(t), drawDay(t, "from"), rapid.IntRange(1, 300).Draw(t, "n")
		to, provisional := c.AddWorkdays(from, n)
		require.Equal(t, n, c.WorkdaysBetween(from, to))
		require.True(t, c.IsWorkday(to), "never lands on a day off: %s", to)
		require.Equal(t, !c.Loaded(to.Year) || !c.Loaded(from.AddDays(1).Year), provisional)
		d := reckon(t, c, from, Within(Workdays(n)))
		require.Equal(t, to, d.Day, "the deadline counts as AddWorkdays does")
		require.Equal(t, provisional, d.Provisional)
	})
}

func TestMonotone(t *testing.T) {
	t.Parallel()
	units := []Unit{Hour, Day, Workday, Month, Year}
	rapid.Check(t, func(t *rapid.T) {
		c, anchor := drawCalendar(t), drawDay(t, "anchor")
		u := rapid.SampledFrom(units).Draw(t, "unit")
		n := rapid.IntRange(0, 40).Draw(t, "n")
		for _, rule := range []func(Period) Rule{Within, AtLeastBefore, func(p Period) Rule { return AtLeastBefore(p).OnWorkday() }} {
			r, more := rule(Period{n, u}), rule(Period{n + 1, u})
			if r.Validate() != nil { // hours never roll
				continue
			}
			one, two := reckon(t, c, anchor, r), reckon(t, c, anchor, more)
			if r.Direction == Before {
				require.False(t, two.Due.After(one.Due), "longer is earlier")
				require.False(t, one.Day.After(anchor), "never later than the anchor")
			} else {
				require.False(t, two.Due.Before(one.Due), "longer is later")
			}
			next := reckon(t, c, anchor.AddDays(1), r)
			require.False(t, next.Due.Before(one.Due), "a later anchor is not earlier")
		}
	})
}

func TestRollsOnlyToWorkdays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, anchor := drawCalendar(t), drawDay(t, "anchor")
		p := Period{rapid.IntRange(0, 60).Draw(t, "n"), rapid.SampledFrom([]Unit{Day, Month}).Draw(t, "unit")}
		raw := reckon(t, c, anchor, Publicity(p))
		rolled := reckon(t, c, anchor, Within(p))
		require.True(t, c.IsWorkday(rolled.Day))
		require.False(t, rolled.Day.Before(raw.Day))
		require.Zero(t, c.WorkdaysBetween(raw.Day, rolled.Day.AddDays(-1)), "no working day is passed over")
		if c.IsWorkday(raw.Day) {
			require.Equal(t, raw.Day, rolled.Day)
		}
		back := reckon(t, c, anchor, AtLeastBefore(p).OnWorkday())
		require.True(t, c.IsWorkday(back.Day))
		require.False(t, back.Day.After(reckon(t, c, anchor, AtLeastBefore(p)).Day), "never later")
	})
}

// TestPausingMovesByThePause: pausing k working days moves the deadline by exactly
// k working days, and exactly the remaining days survive.
func TestPausingMovesByThePause(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, anchor := drawCalendar(t), drawDay(t, "anchor")
		n := rapid.IntRange(1, 40).Draw(t, "n")
		plain := reckon(t, c, anchor, Within(Workdays(n)))
		stop := anchor.AddDays(rapid.IntRange(0, anchor.DaysUntil(plain.Day)-1).Draw(t, "stop"))
		resume := stop.AddDays(rapid.IntRange(0, 40).Draw(t, "length"))
		until := resume.Start().Add(17 * time.Hour)
		pause := Pause{From: stop.Start().Add(17 * time.Hour), Ground: "补正"}

		open := reckon(t, c, anchor, Within(Workdays(n)), pause)
		remaining := n - c.WorkdaysBetween(anchor, stop)
		require.True(t, open.Open)
		require.Equal(t, remaining, open.Remaining)

		pause.To = &until
		closed := reckon(t, c, anchor, Within(Workdays(n)), pause)
		k := c.WorkdaysBetween(stop, resume)
		moved, _ := c.AddWorkdays(plain.Day, k)
		require.Equal(t, moved, closed.Day)
		require.Equal(t, remaining, c.WorkdaysBetween(resume, closed.Day))

		doubled := reckon(t, c, anchor, Within(Workdays(n)), pause, pause)
		require.Equal(t, closed.Day, doubled.Day, "an overlap counts once")
	})
}

func TestHourPausesMoveExactly(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		anchor := drawDay(t, "anchor").Start().Add(time.Duration(rapid.IntRange(0, 1439).Draw(t, "minute")) * time.Minute)
		n := rapid.IntRange(1, 200).Draw(t, "n")
		stop := anchor.Add(time.Duration(rapid.IntRange(0, n*60-1).Draw(t, "stop")) * time.Minute)
		length := time.Duration(rapid.IntRange(0, 20_000).Draw(t, "length")) * time.Minute
		resume := stop.Add(length)
		d, err := Official().Deadline(anchor, Within(Hours(n)), []Pause{{From: stop, To: &resume}, {From: stop, To: &resume}})
		require.NoError(t, err)
		require.True(t, d.Due.Equal(anchor.Add(time.Duration(n)*time.Hour+length)), d.Due)
		last := d.Ledger[len(d.Ledger)-1]
		require.Equal(t, n, last.Count)
	})
}

func TestBackwardThenForward(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, n := drawCalendar(t), rapid.IntRange(1, 60).Draw(t, "n")
		event, _ := c.AddWorkdays(drawDay(t, "event"), 1)
		latest := reckon(t, c, event, AtLeastBefore(Workdays(n))).Day
		require.Equal(t, n, c.WorkdaysBetween(latest, event))
		require.Equal(t, event, reckon(t, c, latest, Within(Workdays(n))).Day)
		next, _ := c.AddWorkdays(latest, 1)
		require.True(t, reckon(t, c, next, Within(Workdays(n))).Day.After(event), "one working day later is too late")

		back, _ := c.AddWorkdays(event, -n)
		require.Equal(t, latest, back)
		plain := reckon(t, c, event, AtLeastBefore(Days(n))).Day
		require.Equal(t, event, reckon(t, c, plain, Publicity(Days(n))).Day)
	})
}

// TestLedgerIsWhole: the ledger names every day once, in order, and its counts grow
// by one on counted days only.
func TestLedgerIsWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, anchor := drawCalendar(t), drawDay(t, "anchor")
		r := Within(Period{rapid.IntRange(1, 60).Draw(t, "n"), rapid.SampledFrom([]Unit{Day, Workday}).Draw(t, "unit")})
		stop := anchor.AddDays(rapid.IntRange(-5, 60).Draw(t, "stop"))
		until := stop.AddDays(rapid.IntRange(0, 20).Draw(t, "length")).End().Add(-time.Second)
		d := reckon(t, c, anchor, r, Pause{From: stop.Start(), To: &until, Ground: "鉴定"})
		count := 0
		reached := false
		for i, l := range d.Ledger {
			require.Equal(t, anchor.AddDays(i), l.Date)
			switch {
			case l.Status == StatusStart:
				require.Zero(t, i)
			case !reached && (l.Status == StatusCounted || l.Status == StatusRolled || l.Status == StatusDue):
				count++
				require.True(t, r.Period.Unit == Day || c.IsWorkday(l.Date))
			default:
				require.NotEmpty(t, l.Note, "a day that does not count says why")
			}
			require.Equal(t, count, l.Count)
			reached = count == r.Period.N
		}
		require.Equal(t, r.Period.N, count)
		require.Equal(t, d.Day, d.Ledger[len(d.Ledger)-1].Date)
		require.Equal(t, StatusDue, d.Ledger[len(d.Ledger)-1].Status)
	})
}

func TestLeftAgreesWithTheLedger(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, anchor := drawCalendar(t), drawDay(t, "anchor")
		d := reckon(t, c, anchor, Within(Workdays(rapid.IntRange(1, 40).Draw(t, "n"))))
		now := anchor.AddDays(rapid.IntRange(0, 80).Draw(t, "later")).Start().Add(10 * time.Hour)
		l := d.Left(c, now)
		require.Equal(t, now.After(d.Due), l.Late)
		require.True(t, l.N == 0 || l.Overdue == 0)
		future := 0
		for _, line := range d.Ledger {
			if line.Date.After(DateOf(now)) && (line.Status == StatusCounted || line.Status == StatusDue) {
				future++
			}
		}
		require.Equal(t, future, l.N)
	})
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2026-09-20", "2024-02-29", "2026-02-29", "", "0000-00-00", "2026-9-1", "+2026-01-01"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDate(s)
		if err != nil {
			requireCode(t, err, CodeDate)
			return
		}
		require.Equal(t, s, d.String())
		require.True(t, d.Valid())
		require.Equal(t, d, DateOf(d.Start()))
		require.Equal(t, d.AddDays(1), DateOf(d.End()))
	})
}

func FuzzParseYear(f *testing.F) {
	for _, name := range []string{"data/2025.json", "data/2026.json"} {
		raw, err := data.ReadFile(name)
		require.NoError(f, err)
		f.Add(raw)
	}
	for _, s := range []string{"", "{}", "[]", "null", `{"year":2027}`, `{"off":["2027-01-01"],"off":[]}`, `}`, `{"year":1e400}`, `"x"`, `{"a":{"b":[[]]}}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		table, err := ParseYear(raw)
		if err != nil {
			var own *Error
			require.ErrorAs(t, err, &own)
			require.NotEmpty(t, own.Code)
			return
		}
		c, err := New(table)
		require.NoError(t, err)
		again, err := json.Marshal(table)
		require.NoError(t, err)
		back, err := ParseYear(again)
		require.NoError(t, err)
		other, err := New(back)
		require.NoError(t, err)
		require.Equal(t, c.Version(), other.Version())
	})
}

func FuzzDeadline(f *testing.F) {
	f.Add(int64(1788742800), 15, "workday", "after", "due", "none", false, int64(0), int64(-1))
	f.Add(int64(1788742800), 10, "day", "after", "due", "next_workday", false, int64(3600), int64(400000))
	f.Add(int64(1788742800), 20, "day", "before", "not_before", "previous_workday", true, int64(0), int64(0))
	f.Add(int64(1788742800), 24, "hour", "after", "", "", false, int64(7200), int64(3600))
	f.Add(int64(1788742800), 4, "hour", "", "", "", false, int64(7200), int64(3600))
	f.Add(int64(-1<<62), 36_501, "month", "sideways", "x", "x", true, int64(1<<62), int64(1<<62))
	f.Fuzz(func(t *testing.T, anchor int64, n int, unit, direction, kind, roll string, clear bool, stop, length int64) {
		from := time.Unix(anchor, 0).Add(time.Duration(stop) * time.Second)
		pause := Pause{From: from, Ground: "补正"}
		if length >= 0 {
			to := from.Add(time.Duration(length) * time.Second)
			pause.To = &to
		}
		r := Rule{Period{n, Unit(unit)}, Direction(direction), Kind(kind), Roll(roll), clear}
		d, err := Official().Deadline(time.Unix(anchor, 0), r, []Pause{pause})
		if err != nil {
			var own *Error
			require.ErrorAs(t, err, &own)
			return
		}
		require.NotEmpty(t, d.Ledger)
		first := d.Ledger[0]
		require.Equal(t, DateOf(d.Anchor), first.Date, "the first line is the anchor's day")
		require.True(t, first.Status == StatusStart || len(d.Ledger) == 1, "which is also the last one of a few hours")
		require.Equal(t, d.Open, d.Due.IsZero())
		if !d.Open && d.Rule.Direction == After {
			require.False(t, d.Due.Before(d.Anchor))
		}
		if d.Open {
			require.LessOrEqual(t, d.Remaining, max(n*366, n))
		}
		_ = d.Left(Official(), d.Anchor).String() + d.Text(d.Anchor) + d.Sentence(d.Anchor)
	})
}
