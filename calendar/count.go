package calendar

import (
	"fmt"
	"slices"
	"time"
)

const (
	firstAnchor = 1900
	lastAnchor  = 2200
	// farthestPause is how many years a pause may lie from the anchor.
	farthestPause = 100
)

// Deadline reckons the deadline that rule r sets from anchor, leaving out the
// pauses. They may overlap and come in any order; those before the anchor or after
// the last day change nothing.
//
// A backward rule hangs on its anchor, which no pause moves: the pauses are left
// out of its result.
//
// It refuses an anchor outside the years 1900 to 2200 (CodeAnchor), an invalid rule
// (CodePeriod, CodeRule) and a pause that ends before it begins or lies more than
// 100 years from the anchor (CodePause).
func (c *Calendar) Deadline(anchor time.Time, r Rule, pauses []Pause) (Deadline, error) {
	anchor = anchor.In(Zone)
	if y := anchor.Year(); y < firstAnchor || y > lastAnchor {
		return Deadline{}, refuse(CodeAnchor, "起算时间的年份 %d 无效：应在 %d 至 %d 之间", y, firstAnchor, lastAnchor)
	}
	if err := r.Validate(); err != nil {
		return Deadline{}, err
	}
	if err := checkPauses(anchor.Year(), pauses); err != nil {
		return Deadline{}, err
	}
	d := Deadline{Anchor: anchor, Rule: r.normal(), CalendarVersion: c.version}
	switch {
	case d.Rule.Direction == Before && r.Period.Unit == Hour:
		c.hoursBefore(&d)
	case d.Rule.Direction == Before:
		c.daysBefore(&d)
	case r.Period.Unit == Hour:
		d.Pauses = clonePauses(pauses)
		c.hoursAfter(&d)
	default:
		d.Pauses = clonePauses(pauses)
		c.daysAfter(&d)
	}
	return d, nil
}

// checkPauses keeps the pauses near the anchor, so that no count runs for ever and
// no span is longer than a time.Duration holds (292 years).
func checkPauses(year int, pauses []Pause) error {
	for _, p := range pauses {
		for _, t := range []*time.Time{&p.From, p.To} {
			if t == nil {
				continue
			}
			if y := t.In(Zone).Year(); y < year-farthestPause || y > year+farthestPause {
				return refuse(CodePause, "暂停时间的年份 %d 无效：与起算年份 %d 相差不得超过 %d 年", y, year, farthestPause)
			}
		}
		if p.To != nil && p.To.Before(p.From) {
			return refuse(CodePause, "暂停的恢复时间 %s 早于开始时间 %s", clock(*p.To), clock(p.From))
		}
	}
	return nil
}

func clonePauses(pauses []Pause) []Pause {
	out := slices.Clone(pauses)
	for i, p := range out {
		out[i].From = p.From.In(Zone)
		if p.To != nil {
			to := p.To.In(Zone)
			out[i].To = &to
		}
	}
	return out
}

// pausedOn finds the pause that takes the day out of the count: the days after the
// stop, up to and including the day of the restart. A pause without an end wins.
func pausedOn(d Date, pauses []Pause) (p Pause, ok bool) {
	for _, q := range pauses {
		if !d.After(DateOf(q.From)) || (q.To != nil && d.After(DateOf(*q.To))) {
			continue
		}
		if q.To == nil {
			return q, true
		}
		p, ok = q, true
	}
	return p, ok
}

// stoppedOn finds the pause that begins on a day which itself still counts.
func stoppedOn(d Date, pauses []Pause) string {
	for _, p := range pauses {
		if DateOf(p.From) == d && (p.To == nil || DateOf(*p.To) != d) {
			return "本日计入，次日起暂停：" + ground(p)
		}
	}
	return ""
}

func ground(p Pause) string {
	if p.Ground == "" {
		return "未注明事由"
	}
	return p.Ground
}

// length returns the number of days or working days that the period takes from
// start. Months and years become the calendar days up to the matching day, so that
// a pause moves their end by the days paused (Civil Code, 民法典, art. 202).
func (p Period) length(start Date, sign int) int {
	switch p.Unit {
	case Month:
		return sign * start.DaysUntil(start.AddMonths(sign*p.N))
	case Year:
		return sign * start.DaysUntil(start.AddMonths(sign*p.N*12))
	default:
		return p.N
	}
}

// daysAfter counts forward in days or working days.
func (c *Calendar) daysAfter(d *Deadline) {
	start := DateOf(d.Anchor)
	working := d.Rule.Period.Unit == Workday
	need := d.Rule.Period.length(start, 1)
	d.add(start, StatusStart, 0, "起算日不计入")

	day, count := start, 0
	for count < need {
		day = day.AddDays(1)
		if d.paused(day, need, count) {
			if d.Open {
				return
			}
			continue
		}
		note := c.note(day)
		if working {
			d.Provisional = d.Provisional || !c.Loaded(day.Year)
			if !c.IsWorkday(day) {
				d.add(day, StatusOff, count, note)
				continue
			}
		}
		count++
		d.add(day, StatusCounted, count, join(note, stoppedOn(day, d.Pauses)))
	}
	if d.Rule.Roll == NextWorkday {
		if day = c.rollForward(d, day, need); d.Open {
			return
		}
	}
	d.finish(day, "届满日")
	d.Due = day.End()
}

// paused books the day when a pause takes it out. When the pause has no end the
// deadline stays open and keeps what is left.
func (d *Deadline) paused(day Date, need, count int) bool {
	p, ok := pausedOn(day, d.Pauses)
	if !ok {
		return false
	}
	note := "暂停：" + ground(p)
	if p.To != nil && DateOf(*p.To) == day {
		note = "恢复当日不计入：" + ground(p)
	}
	if p.To == nil {
		d.Open, d.Remaining = true, need-count
		note += "（尚未恢复）"
	}
	d.add(day, StatusPaused, count, note)
	return true
}

// rollForward moves a last day that is a day off to the next working day (Civil
// Code, 民法典, art. 203). A day on which the clock stands still cannot be the last.
func (c *Calendar) rollForward(d *Deadline, day Date, count int) Date {
	d.Provisional = d.Provisional || !c.Loaded(day.Year)
	if c.IsWorkday(day) {
		return day
	}
	last := &d.Ledger[len(d.Ledger)-1]
	last.Status, last.Note = StatusRolled, join(last.Note, "末日逢休息日，顺延")
	for {
		day = day.AddDays(1)
		d.Provisional = d.Provisional || !c.Loaded(day.Year)
		switch {
		case d.paused(day, count, count):
			if d.Open {
				return day
			}
		case c.IsWorkday(day):
			d.add(day, StatusCounted, count, join(c.note(day), "顺延至本日"))
			return day
		default:
			d.add(day, StatusOff, count, c.note(day))
		}
	}
}

// daysBefore counts backward in days or working days. Its ledger runs backward too.
func (c *Calendar) daysBefore(d *Deadline) {
	start := DateOf(d.Anchor)
	working := d.Rule.Period.Unit == Workday
	need := d.Rule.Period.length(start, -1)
	if d.Rule.ClearDays {
		need++
	}
	d.add(start, StatusStart, 0, "倒推起点，不计入")

	day, count := start, 0
	for count < need {
		day = day.AddDays(-1)
		note := c.note(day)
		if working {
			d.Provisional = d.Provisional || !c.Loaded(day.Year)
			if !c.IsWorkday(day) {
				d.add(day, StatusOff, count, note)
				continue
			}
		}
		count++
		d.add(day, StatusCounted, count, note)
	}
	if d.Rule.Roll == PreviousWorkday {
		day = c.rollBack(d, day, count)
	}
	if d.Rule.Kind == NotBefore {
		d.finish(day, "最早可办日")
		d.Due = day.Start()
		return
	}
	d.finish(day, "最迟日")
	d.Due = day.End()
}

func (c *Calendar) rollBack(d *Deadline, day Date, count int) Date {
	d.Provisional = d.Provisional || !c.Loaded(day.Year)
	if c.IsWorkday(day) {
		return day
	}
	last := &d.Ledger[len(d.Ledger)-1]
	last.Status, last.Note = StatusRolled, join(last.Note, "逢休息日，提前")
	for {
		day = day.AddDays(-1)
		d.Provisional = d.Provisional || !c.Loaded(day.Year)
		if c.IsWorkday(day) {
			d.add(day, StatusCounted, count, join(c.note(day), "提前至本日"))
			return day
		}
		d.add(day, StatusOff, count, c.note(day))
	}
}

func (d *Deadline) add(day Date, s Status, count int, note string) {
	d.Ledger = append(d.Ledger, LedgerDay{Date: day, Status: s, Count: count, Note: note})
}

// finish marks the last line as the last day.
func (d *Deadline) finish(day Date, note string) {
	last := &d.Ledger[len(d.Ledger)-1]
	last.Status, last.Note = StatusDue, join(last.Note, note)
	d.Day = day
}

func clock(t time.Time) string {
	t = t.In(Zone)
	return fmt.Sprintf("%s %s", DateOf(t), t.Format("15:04"))
}
