package workflows

import (
	"testing"

	"github.com/stretchr/testify/require"

	"gongzhi/calendar"
	"gongzhi/procedure"
)

// A deadline that runs into a year without a published table is provisional; when the table is loaded it is reckoned anew, and
// one that rests on loaded years stays where it is.
func TestCalendar_ProvisionalDeadlineIsReckonedAnew(t *testing.T) {
	t.Parallel()
	c := newCourt(t, "2026-12-28 09:00")
	filing := e6()
	c.at("2026-12-28 10:00", func() { c.answer("formal-review", office, procedure.Accept) })
	c.at("2026-12-29 10:00", func() {
		require.True(t, c.task("community-hearing", "0101").Provisional)
		table, err := calendar.ParseYear([]byte(`{"year": 2027, "source": "测试用虚构安排", "version": "1",
			"off": ["2027-01-01", "2027-01-04", "2027-01-05", "2027-05-01", "2027-05-02", "2027-10-01", "2027-10-02", "2027-10-03"], "work": ["2027-01-09"]}`))
		c.must(err)
		c.cal, err = c.cal.With(table)
		c.must(err)
		c.SignalWorkflow(procedure.CalendarSignal, 2027)
	})
	c.at("2026-12-30 10:00", func() {
		c.send(procedure.Command{Action: procedure.ActTerminate, Actor: ops}, c.must)
	})
	c.run(filing)

	var moved []string
	for _, e := range c.events {
		if e.Type == procedure.ClockRedated {
			p := payload[procedure.Clocked](e)
			require.False(t, p.Deadline.Provisional)
			require.Equal(t, procedure.SystemSchedule, e.Actor)
			moved = append(moved, p.Title+" "+p.Was+" → "+p.Deadline.Day.String())
		}
	}
	require.ElementsMatch(t, []string{
		"听取街道意见 2027-01-05 → 2027-01-07", "听取社区意见 2027-01-05 → 2027-01-07", "审批时限 2027-01-19 → 2027-01-20",
	}, moved)
}

func TestCalendar_LoadedYearsNeverMove(t *testing.T) {
	t.Parallel()
	c := newCourt(t, "2026-09-07 09:00")
	c.at("2026-09-07 10:00", func() { c.SignalWorkflow(procedure.CalendarSignal, 2027) })
	c.at("2026-09-07 11:00", func() { c.send(procedure.Command{Action: procedure.ActTerminate, Actor: ops}, c.must) })
	c.run(e6())
	require.Zero(t, c.count(procedure.ClockRedated))
}
