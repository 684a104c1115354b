package activities

import (
	"context"
	"fmt"
	"hash/fnv"
	"time"

	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/record"
)

// PlanRequest asks who must act on a stage and by when.
type PlanRequest struct {
	Case        string // its number
	District    string
	Initiator   string   // unit that filed the case
	Communities []string // unit codes concerned
	Seat        procedure.Seat
	Target      string // the one unit, for seats at AtTarget
	EscalateTo  procedure.Seat
	RemindDays  int
	Now         time.Time // case time
	Reckon      *Reckoning
	// Running is the deadline of a clock that already runs: only its alarms are wanted.
	Running *calendar.Deadline
	People  bool // false: only dates are wanted
}

// Reckoning is a deadline to compute.
type Reckoning struct {
	Anchor time.Time
	Rule   calendar.Rule
	Pauses []calendar.Pause
	// On fixes the due day itself (a date the applicant named); Rule and Pauses are then not used.
	On calendar.Date
}

// Plan is who must act on a stage and by when. It stays in the history, so a new holiday table never disturbs a running stage.
type Plan struct {
	Holders  []procedure.Holder `json:"holders,omitempty"`
	Unmanned []int              `json:"unmanned,omitempty"` // indexes into Holders
	Superior *procedure.Holder  `json:"superior,omitempty"`
	Deadline *calendar.Deadline `json:"deadline,omitempty"` // without its ledger
	Alarms   []procedure.Alarm  `json:"alarms,omitempty"`
}

// Plan resolves a seat to holders and reckons the dates.
func (a *Activities) Plan(ctx context.Context, r PlanRequest) (Plan, error) {
	var p Plan
	if r.People {
		if err := a.people(ctx, r, &p); err != nil {
			return Plan{}, err
		}
	}
	cal, err := a.Calendars.Calendar(ctx, "")
	if err != nil {
		return Plan{}, fmt.Errorf("calendar: %w", err)
	}
	switch {
	case r.Running != nil:
		p.Deadline = r.Running
	case r.Reckon != nil && !r.Reckon.On.IsZero():
		p.Deadline = &calendar.Deadline{Anchor: r.Reckon.Anchor, Day: r.Reckon.On, Due: r.Reckon.On.End(),
			Provisional: !cal.Loaded(r.Reckon.On.Year), CalendarVersion: cal.Version()}
	case r.Reckon != nil:
		d, err := cal.Deadline(r.Reckon.Anchor, r.Reckon.Rule, r.Reckon.Pauses)
		if err != nil {
			return Plan{}, err
		}
		d.Ledger = nil
		p.Deadline = &d
	}
	if p.Deadline != nil {
		p.Alarms = Ladder(cal, *p.Deadline, r.RemindDays, p.Superior != nil, r.Case, r.Now)
	}
	return p, nil
}

func (a *Activities) people(ctx context.Context, r PlanRequest, p *Plan) error {
	day := calendar.DateOf(r.Now).String()
	query := record.HolderQuery{District: r.District, InitiatorUnit: r.Initiator, Communities: r.Communities, Seat: r.Seat, Target: r.Target, Day: day}
	holders, err := a.Directory.Holders(ctx, query)
	if err != nil {
		return fmt.Errorf("holders of %s: %w", r.Seat.Role, err)
	}
	p.Holders = holders
	for i, h := range holders {
		manned, err := a.Directory.Manned(ctx, h, day)
		if err != nil {
			return fmt.Errorf("manned %s: %w", h.Unit, err)
		}
		if !manned {
			p.Unmanned = append(p.Unmanned, i)
		}
	}
	if r.EscalateTo.Role == "" {
		return nil
	}
	query.Seat = r.EscalateTo
	above, err := a.Directory.Holders(ctx, query)
	if err != nil {
		return fmt.Errorf("superior %s: %w", r.EscalateTo.Role, err)
	}
	if len(above) > 0 {
		p.Superior = &above[0]
	}
	return nil
}

// morning is when working days begin for reminders: 09:00.
const morning = 9 * time.Hour

// Ladder lists the alarms of a case's deadline that are still to come: 提前提醒, 黄牌, 到期, 红牌, 上报上级.
func Ladder(cal *calendar.Calendar, d calendar.Deadline, remindDays int, superior bool, number string, now time.Time) []procedure.Alarm {
	if d.Open {
		return nil
	}
	var all []procedure.Alarm
	before := func(n int) time.Time { return workdayBefore(cal, d.Day, n).Start().Add(morning) }
	if remindDays > 1 {
		all = append(all, procedure.Alarm{At: before(remindDays), Rung: procedure.RungEarly})
	}
	all = append(all,
		procedure.Alarm{At: before(1), Rung: procedure.RungYellow},
		procedure.Alarm{At: d.Day.Start().Add(morning), Rung: procedure.RungDue},
		procedure.Alarm{At: d.Due, Rung: procedure.RungRed})
	if superior {
		next, _ := cal.AddWorkdays(d.Day, 1)
		all = append(all, procedure.Alarm{At: next.Start().Add(morning), Rung: procedure.RungEscalate})
	}
	all = Spread(all, number) // before what has passed is left out: within that minute a case may still be waiting for its second
	// What has passed is not climbed late, but the card that holds now is shown at once, and a red one is reported at once.
	card := -1
	for i, alarm := range all {
		if !alarm.At.After(now) && (alarm.Rung == procedure.RungYellow || alarm.Rung == procedure.RungRed) {
			card = i
		}
	}
	var out []procedure.Alarm
	for i, alarm := range all {
		if !alarm.At.After(now) {
			if i != card && alarm.Rung != procedure.RungEscalate {
				continue
			}
			alarm.At = now
		}
		out = append(out, alarm)
	}
	return out
}

// workdayBefore counts n working days back from a day, which is itself not counted.
func workdayBefore(cal *calendar.Calendar, d calendar.Date, n int) calendar.Date {
	for n > 0 {
		d = d.AddDays(-1)
		if cal.IsWorkday(d) {
			n--
		}
	}
	return d
}

// spread is how far the reminders of one moment lie apart at most.
const spread = time.Minute

// Spread gives every case its own moment within the minute of a reminder: on a morning on which thousands of cases are due, what
// people do meanwhile does not have to wait for all of them. The red card keeps its moment: it is the deadline itself. Nothing
// comes earlier than the ladder says, and no rung passes the next.
func Spread(ladder []procedure.Alarm, number string) []procedure.Alarm {
	h := fnv.New32a()
	_, _ = h.Write([]byte(number)) // it cannot fail
	late := time.Duration(h.Sum32()%uint32(spread/time.Second)) * time.Second
	for i := range ladder {
		a := &ladder[i]
		at := a.At.Add(late)
		if a.Rung == procedure.RungRed || a.At.Sub(calendar.DateOf(a.At).Start()) != morning || i+1 < len(ladder) && at.After(ladder[i+1].At) {
			continue
		}
		a.At = at
	}
	return ladder
}
