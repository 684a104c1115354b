package calendar

import (
	"fmt"
	"slices"
	"time"
)

// span is a stretch of time out of the count; an open one has no end.
type span struct {
	from, to time.Time
	open     bool
}

// spans returns the pauses after the anchor, in order and merged, so that an
// overlap is left out once.
func spans(anchor time.Time, pauses []Pause) []span {
	var all []span
	for _, p := range pauses {
		s := span{from: p.From, open: p.To == nil}
		if p.To != nil {
			s.to = *p.To
		}
		if s.from.Before(anchor) {
			s.from = anchor
		}
		if s.open || s.to.After(s.from) {
			all = append(all, s)
		}
	}
	slices.SortFunc(all, func(a, b span) int { return a.from.Compare(b.from) })
	var merged []span
	for _, s := range all {
		if n := len(merged); n > 0 && (merged[n-1].open || !s.from.After(merged[n-1].to)) {
			last := &merged[n-1]
			last.open = last.open || s.open
			if s.to.After(last.to) {
				last.to = s.to
			}
			continue
		}
		merged = append(merged, s)
	}
	return merged
}

// hoursAfter counts hours from the stated moment, through days off (Civil Code,
// 民法典, art. 201), leaving out the exact spans of the pauses.
func (c *Calendar) hoursAfter(d *Deadline) {
	need := time.Duration(d.Rule.Period.N) * time.Hour
	out := spans(d.Anchor, d.Pauses)
	end, left := d.Anchor, need
	for _, s := range out {
		run := s.from.Sub(end)
		if left <= run {
			break
		}
		left -= run
		if s.open {
			d.Open, d.Remaining = true, ceilHours(left)
			d.hourLedger(s.from, need, out)
			return
		}
		end = s.to
	}
	d.Due = end.Add(left)
	d.Day = DateOf(d.Due)
	d.hourLedger(d.Due, need, out)
}

func (c *Calendar) hoursBefore(d *Deadline) {
	d.Due = d.Anchor.Add(-time.Duration(d.Rule.Period.N) * time.Hour)
	d.Day = DateOf(d.Due)
	d.add(DateOf(d.Anchor), StatusStart, 0, "自 "+clock(d.Anchor)+" 倒推")
	for day := DateOf(d.Anchor).AddDays(-1); !day.Before(d.Day); day = day.AddDays(-1) {
		d.add(day, StatusCounted, floorHours(d.Anchor.Sub(later(day.Start(), d.Due))), "")
	}
	last := &d.Ledger[len(d.Ledger)-1]
	last.Status, last.Count = StatusDue, d.Rule.Period.N
	last.Note = join(last.Note, "至 "+clock(d.Due))
}

// hourLedger writes one line for every day from the anchor to end.
func (d *Deadline) hourLedger(end time.Time, need time.Duration, out []span) {
	d.add(DateOf(d.Anchor), StatusStart, 0, "自 "+clock(d.Anchor)+" 起算")
	for day := DateOf(d.Anchor); !day.After(DateOf(end)); day = day.AddDays(1) {
		until := earlier(day.End(), end)
		begin := later(day.Start(), d.Anchor)
		counted := min(elapsed(d.Anchor, until, out), need)
		status, note := StatusCounted, ""
		if paused := until.Sub(begin) - elapsed(begin, until, out); paused > 0 {
			note = "含暂停：" + d.groundsOn(begin, until)
			if paused == until.Sub(begin) {
				status, note = StatusPaused, "暂停："+d.groundsOn(begin, until)
			}
		}
		if day == DateOf(d.Anchor) {
			first := &d.Ledger[0]
			first.Count, first.Note = floorHours(counted), join(first.Note, note)
			continue
		}
		d.add(day, status, floorHours(counted), note)
	}
	last := &d.Ledger[len(d.Ledger)-1]
	if d.Open {
		last.Note = join(last.Note, fmt.Sprintf("自 %s 暂停，尚未恢复", clock(end)))
		if last.Status != StatusStart {
			last.Status = StatusPaused
		}
		return
	}
	last.Status, last.Note = StatusDue, join(last.Note, "至 "+clock(end)+" 届满")
}

func (d *Deadline) groundsOn(from, to time.Time) string {
	text := ""
	for _, p := range d.Pauses {
		if p.From.Before(to) && (p.To == nil || p.To.After(from)) {
			if text != "" {
				text += "、"
			}
			text += ground(p)
		}
	}
	return text
}

// elapsed is the time between from and to that the spans do not take out.
func elapsed(from, to time.Time, out []span) time.Duration {
	run := to.Sub(from)
	for _, s := range out {
		begin, end := later(s.from, from), to
		if !s.open {
			end = earlier(s.to, to)
		}
		if end.After(begin) {
			run -= end.Sub(begin)
		}
	}
	return run
}

func ceilHours(d time.Duration) int  { return int((d + time.Hour - 1) / time.Hour) }
func floorHours(d time.Duration) int { return int(d / time.Hour) }

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
