package store

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"gongzhi/calendar"
	"gongzhi/ops"
	"gongzhi/procedure"
	"gongzhi/record"
)

// How long things took (效能报表): a spell is made when a task is answered, or closed by its silence, and when a wait for somebody
// outside ends. It follows from the events alone; working days are counted by whoever reads it.

// spellRow is one spell. It names no person.
type spellRow struct {
	CaseNumber string
	ID         string
	What       string
	Kind       string
	Stage      string
	Unit       string
	Court      string
	Opened     int64
	Closed     int64
	Dated      bool
	Late       bool
	Silent     bool
	Returned   bool
	Card       string
	Stood      string
}

const upsertSpells = `INSERT INTO spells (case_number, id, what, kind, stage, unit, court, opened, closed, dated, late, silent, returned,
	card, stood) VALUES ?
	ON CONFLICT (case_number, id) DO UPDATE SET unit = excluded.unit, closed = excluded.closed, dated = excluded.dated,
		late = excluded.late, silent = excluded.silent, returned = excluded.returned, card = excluded.card, stood = excluded.stood`

func (r spellRow) values() []any {
	return []any{
		r.CaseNumber, r.ID, r.What, r.Kind, r.Stage, r.Unit, r.Court, r.Opened, r.Closed, r.Dated, r.Late, r.Silent, r.Returned,
		r.Card, r.Stood,
	}
}

// epoch is day 0 of spells.
var epoch = calendar.Date{Year: 1970, Month: time.January, Day: 1}

func dayNumber(d calendar.Date) int64 { return int64(epoch.DaysUntil(d)) }

func dayOf(t time.Time) int64 { return dayNumber(calendar.DateOf(t)) }

// span is a time in which the clock of a task stood.
type span struct {
	From time.Time  `json:"from"`
	To   *time.Time `json:"to,omitempty"`
}

// stand notes that the clock of a task stands, or runs again.
func (t *taskDoc) stand(stands bool, at time.Time) {
	n := len(t.Stood)
	open := n > 0 && t.Stood[n-1].To == nil
	switch {
	case stands && !open:
		t.Stood = append(t.Stood, span{From: at})
	case !stands && open:
		t.Stood[n-1].To = &at
	}
}

// stood writes the times in which a clock stood; one that still stood when the task was done ends with it.
func stood(list []span, end time.Time) string {
	var days []string
	for _, s := range list {
		to := end
		if s.To != nil {
			to = *s.To
		}
		days = append(days, fmt.Sprintf("%d-%d", dayOf(s.From), dayOf(to)))
	}
	return strings.Join(days, " ")
}

// spell keeps one row for each id: PostgreSQL writes a row once in a statement.
func (f *fold) spell(row spellRow) {
	if f.spells == nil {
		f.spells = map[string]spellRow{}
	}
	row.CaseNumber, row.Kind = f.number, string(f.c.Kind)
	f.spells[row.ID] = row
}

// spellOf folds the end of a task, or that it is open again.
func (f *fold) spellOf(t *taskDoc) {
	row := spellRow{
		ID: t.ID, What: record.SpellTask, Stage: t.Stage, Unit: t.Holder.Unit, Opened: dayOf(t.OpenedAt), Closed: never,
		Dated: t.Clock != "" || t.Due != nil, Card: t.Worst,
	}
	if t.ClosedAt != nil {
		row.Closed, row.Silent = dayOf(*t.ClosedAt), t.State == record.TaskClosed
		row.Late, row.Returned = t.Late || row.Silent, t.Back != ""
		row.Stood = stood(t.Stood, *t.ClosedAt)
	}
	f.spell(row)
}

// waited folds a wait that ended. Waits for time itself are nobody's delay.
func (f *fold) waited(id, court string, from, to time.Time) {
	if ops.Inside(court) {
		return
	}
	f.spell(spellRow{ID: id, What: record.SpellWait, Unit: f.c.Unit, Court: cmp.Or(court, "外部单位"), Opened: dayOf(from), Closed: dayOf(to)})
}

// stoodStill folds a clock that stood and does not any more: whatever it stood for was a wait for somebody.
func (f *fold) stoodStill(e procedure.Event, d record.Deadline) {
	for _, p := range d.Deadline.Pauses {
		if p.To != nil {
			continue
		}
		court := procedure.GroundTitle(d.Ground)
		if d.WaitFor == procedure.Applicant {
			court = procedure.Applicant + "（" + court + "）"
		}
		f.waited("clock/"+d.Clock+"/"+strconv.FormatInt(e.Seq, 10), court, p.From, e.At)
	}
}
