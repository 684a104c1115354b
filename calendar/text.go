package calendar

import (
	"fmt"
	"time"
)

// Left tells what is left of the deadline at now, in the unit that people count in:
// working days, calendar days (also for months and years) or hours.
func (d Deadline) Left(c *Calendar, now time.Time) Left {
	l := Left{Unit: d.leftUnit(), Open: d.Open, Provisional: d.Provisional, Kind: d.Rule.Kind}
	if d.Open {
		l.N = d.Remaining
		return l
	}
	l.Late = !now.Before(d.Due)
	today := DateOf(now)
	switch {
	case l.Unit == Hour && l.Late:
		l.Overdue = floorHours(now.Sub(d.Due))
	case l.Unit == Hour:
		l.N = ceilHours(d.Due.Sub(now))
	case l.Unit == Workday:
		l.N, l.Overdue = c.WorkdaysBetween(today, d.Day), c.WorkdaysBetween(d.Day, today)
	default:
		l.N, l.Overdue = max(today.DaysUntil(d.Day), 0), max(d.Day.DaysUntil(today), 0)
	}
	return l
}

// String returns what is left in Chinese: 还剩 3 个工作日, 今日届满, 已超期 2 日.
func (l Left) String() string {
	if l.Open {
		return "暂停计时，恢复后还剩 " + amount(l.N, l.Unit)
	}
	text := ""
	switch waits := l.Kind == NotBefore || l.Kind == MinPublicity; {
	case waits && l.Late:
		text = "期限已满"
	case waits && l.N == 0:
		text = "今日期满"
	case waits:
		text = "还须 " + amount(l.N, l.Unit)
	case l.Late && l.Overdue == 0:
		text = "已超期"
	case l.Late:
		text = "已超期 " + amount(l.Overdue, l.Unit)
	case l.N == 0:
		text = "今日届满"
	default:
		text = "还剩 " + amount(l.N, l.Unit)
	}
	if l.Provisional {
		text += "（暂定）"
	}
	return text
}

// Text names the deadline in Chinese for a sentence: 9月23日(周三). The year is added
// when it is not the year of now, the time for periods in hours, 暂定 when the
// deadline is provisional. An open deadline has no day to name.
func (d Deadline) Text(now time.Time) string {
	if d.Open {
		return "暂停计时，恢复后还剩 " + amount(d.Remaining, d.leftUnit())
	}
	text := d.Day.Short()
	if d.Day.Year != DateOf(now).Year {
		text = d.Day.Long()
	}
	if d.Rule.Period.Unit == Hour {
		text += d.Due.In(Zone).Format(" 15:04")
	}
	if d.Provisional {
		text += "（暂定）"
	}
	return text
}

// Sentence says in Chinese by which rule the deadline is reckoned and when it ends:
// 自9月17日(周四)起 5 个工作日内,至9月23日(周三).
func (d Deadline) Sentence(now time.Time) string {
	start := DateOf(d.Anchor).Short()
	if DateOf(d.Anchor).Year != DateOf(now).Year {
		start = DateOf(d.Anchor).Long()
	}
	if d.Rule.Direction == Before {
		return fmt.Sprintf("%s的 %s，%s", start, d.Rule, d.Text(now))
	}
	return fmt.Sprintf("自%s起 %s，至%s", start, d.Rule, d.Text(now))
}

func (d Deadline) leftUnit() Unit {
	switch u := d.Rule.Period.Unit; u {
	case Hour, Workday:
		return u
	default:
		return Day
	}
}
