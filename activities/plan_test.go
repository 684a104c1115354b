package activities

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/calendar"
	"gongzhi/procedure"
)

// The deadline of the sample: accepted on 2026-09-07, due on 2026-09-28; 2026-09-20 is a Sunday on which people work.
func TestLadder(t *testing.T) {
	t.Parallel()
	at := func(s string) time.Time {
		m, err := time.ParseInLocation("01-02 15:04", s, calendar.Zone)
		require.NoError(t, err)
		return m.AddDate(2026, 0, 0)
	}
	cal := calendar.Official()
	d, err := cal.Deadline(at("09-07 10:00"), calendar.Within(calendar.Workdays(15)), nil)
	require.NoError(t, err)
	for name, c := range map[string]struct {
		now      string
		remind   int
		superior bool
		want     string
	}{
		"all of it":              {"09-07 10:00", 5, true, "early 09-20 09:00, yellow 09-24 09:00, due 09-28 09:00, red 09-29 00:00, escalate 09-29 09:00"},
		"no early reminder":      {"09-07 10:00", 0, true, "yellow 09-24 09:00, due 09-28 09:00, red 09-29 00:00, escalate 09-29 09:00"},
		"nobody above":           {"09-07 10:00", 0, false, "yellow 09-24 09:00, due 09-28 09:00, red 09-29 00:00"},
		"entered late":           {"09-26 12:00", 5, true, "yellow 09-26 12:00, due 09-28 09:00, red 09-29 00:00, escalate 09-29 09:00"},
		"on the due day":         {"09-28 11:00", 5, true, "yellow 09-28 11:00, red 09-29 00:00, escalate 09-29 09:00"},
		"past it":                {"09-29 01:00", 5, true, "red 09-29 01:00, escalate 09-29 09:00"},
		"past the report of it":  {"10-09 10:00", 5, true, "red 10-09 10:00, escalate 10-09 10:00"},
		"a moment before yellow": {"09-24 08:59", 5, false, "yellow 09-24 09:00, due 09-28 09:00, red 09-29 00:00"},
	} {
		var got []string
		for _, a := range Ladder(cal, d, c.remind, c.superior, "", at(c.now)) {
			got = append(got, string(a.Rung)+" "+a.At.In(calendar.Zone).Format("01-02 15:04"))
		}
		require.Equal(t, c.want, strings.Join(got, ", "), name)
	}

	d.Open = true
	require.Empty(t, Ladder(cal, d, 5, true, "", at("09-07 10:00")), "a clock that stands rings no alarm")
}

// Reminders of one morning lie apart, so that thousands of them do not come at once; the deadline itself stays where it is.
func TestSpread(t *testing.T) {
	t.Parallel()
	cal := calendar.Official()
	from := time.Date(2026, 9, 7, 10, 0, 0, 0, calendar.Zone)
	d, err := cal.Deadline(from, calendar.Within(calendar.Workdays(15)), nil)
	require.NoError(t, err)
	moments := map[time.Time]int{}
	for n := range 600 {
		number := fmt.Sprintf("XW-ZR-2026-%d", n)
		nominal := Ladder(cal, d, 5, true, "", from)
		for i := range nominal { // no number has a second of its own, too
			if nominal[i].Rung != procedure.RungRed {
				nominal[i].At = calendar.DateOf(nominal[i].At).Start().Add(morning)
			}
		}
		got := Ladder(cal, d, 5, true, number, from)
		require.Len(t, got, len(nominal))
		for i, a := range got {
			require.Equal(t, nominal[i].Rung, a.Rung)
			require.False(t, a.At.Before(nominal[i].At), "never early")
			require.Less(t, a.At.Sub(nominal[i].At), time.Minute, "the minute stays")
			if a.Rung == procedure.RungRed {
				require.Equal(t, nominal[i].At, a.At)
			}
		}
		require.Equal(t, got, Ladder(cal, d, 5, true, number, from), "a case keeps its moment")
		moments[got[1].At]++
	}
	require.Greater(t, len(moments), 45, "600 cases share few of the sixty seconds")

	late := time.Date(2026, 9, 28, 11, 0, 0, 0, calendar.Zone) // the card that holds is shown at once
	require.Equal(t, late, Ladder(cal, d, 5, true, "XW-ZR-2026-7", late)[0].At)

	// Reckoned anew within the minute: what is still to come is not lost, what has come does not come again.
	due := Ladder(cal, d, 0, false, "XW-ZR-2026-7", from)[1]
	require.Greater(t, due.At.Sub(d.Day.Start()), morning, "this number does not have the first second")
	require.Contains(t, Ladder(cal, d, 0, false, "XW-ZR-2026-7", due.At.Add(-time.Second)), due)
	require.NotContains(t, Ladder(cal, d, 0, false, "XW-ZR-2026-7", due.At), due)

	tight := []procedure.Alarm{{At: d.Day.Start().Add(morning), Rung: procedure.RungDue}, {At: d.Day.Start().Add(morning), Rung: procedure.RungRed}}
	require.Equal(t, slices.Clone(tight), Spread(slices.Clone(tight), "XW-ZR-2026-7"), "no rung passes the next")
}
