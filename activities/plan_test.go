package activities

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"gongzhi/calendar"
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
		for _, a := range Ladder(cal, d, c.remind, c.superior, at(c.now)) {
			got = append(got, string(a.Rung)+" "+a.At.In(calendar.Zone).Format("01-02 15:04"))
		}
		require.Equal(t, c.want, strings.Join(got, ", "), name)
	}

	d.Open = true
	require.Empty(t, Ladder(cal, d, 5, true, at("09-07 10:00")), "a clock that stands rings no alarm")
}
