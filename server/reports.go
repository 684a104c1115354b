package server

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"gongzhi/calendar"
	"gongzhi/ops"
	"gongzhi/procedure"
	"gongzhi/record"
	"gongzhi/rules"
)

// 效能报表: how long stages took in a period. It is about stages and units. No person is named, and nobody is ranked: rows stand in
// the order of the procedure and of the tree of units.

// ReportReader reads what the pages of deadlines and figures show, within a scope.
type ReportReader interface {
	DueBoard(ctx context.Context, scope record.Scope, f record.DueFilter) ([]record.DueCell, error)
	DueTasks(ctx context.Context, scope record.Scope, f record.DueFilter) (record.Page[record.Task], error)
	// SpellSums counts working days by the calendar given.
	SpellSums(ctx context.Context, scope record.Scope, cal *calendar.Calendar, f record.SpellFilter) ([]record.SpellSum, error)
}

type reportInput struct {
	From string         `query:"from" maxLength:"10" doc:"first day; without both: the quarter so far"`
	To   string         `query:"to" maxLength:"10" doc:"last day"`
	Kind procedure.Kind `query:"kind" maxLength:"64"`
	Unit string         `query:"unit" maxLength:"32" doc:"this unit and those below it"`
}

// Figures are the figures of the tasks that were answered in a period, in working days.
type Figures struct {
	Count           int `json:"count"`
	Median          int `json:"median"`
	P90             int `json:"p90"`
	Longest         int `json:"longest"`
	Dated           int `json:"dated"` // had a deadline: the whole of late
	Late            int `json:"late"`
	LatePercent     int `json:"late_percent"` // rounded down
	Silent          int `json:"silent"`       // of late: nobody answered (逾期未反馈)
	Returned        int `json:"returned"`     // sent the case back
	ReturnedPercent int `json:"returned_percent"`
	Yellow          int `json:"yellow"` // had a yellow card at worst
	Red             int `json:"red"`
}

// UnitFigures are the figures of one unit.
type UnitFigures struct {
	Unit       string  `json:"unit"`
	Name       string  `json:"name"`
	Above      string  `json:"above,omitempty"` // name of the street of a community
	Figures    Figures `json:"figures"`
	OverdueNow int     `json:"overdue_now"` // open tasks past their deadline at this moment; of all procedures
}

// StageFigures are the figures of one stage, and of each unit in it.
type StageFigures struct {
	Stage     string        `json:"stage"`
	Title     string        `json:"title"`
	Segment   string        `json:"segment"`
	Limit     string        `json:"limit,omitempty"`      // its own period, in words
	LimitDays int           `json:"limit_days,omitempty"` // the same, if it is in working days
	Shared    bool          `json:"shared,omitempty"`     // the period runs over several stages
	Figures   Figures       `json:"figures"`
	Units     []UnitFigures `json:"units"`
}

// KindFigures are the figures of one procedure: its stages in their order.
type KindFigures struct {
	Kind     procedure.Kind `json:"kind"`
	Name     string         `json:"name"`
	Segments []string       `json:"segments"`
	Figures  Figures        `json:"figures"`
	Stages   []StageFigures `json:"stages"`
}

// WaitFigures are the figures of waits for somebody outside that ended in a period.
type WaitFigures struct {
	Court   string `json:"court"`
	Count   int    `json:"count"`
	Days    int    `json:"days"` // all together
	Median  int    `json:"median"`
	P90     int    `json:"p90"`
	Longest int    `json:"longest"`
}

// PerformanceView is the report of a period.
type PerformanceView struct {
	From    string         `json:"from"`
	To      string         `json:"to"`
	Today   string         `json:"today"`
	Kind    procedure.Kind `json:"kind,omitempty"`
	Unit    string         `json:"unit,omitempty"`
	Name    string         `json:"name,omitempty"` // of the unit
	Figures Figures        `json:"figures"`
	Kinds   []KindFigures  `json:"kinds"`
	Units   []UnitFigures  `json:"units"`
	Waits   []WaitFigures  `json:"waits"`
}

func (s *Server) performance(ctx context.Context, in *reportInput) (*reply[PerformanceView], error) {
	v, err := s.report(ctx, in)
	return answer(v), err
}

func (s *Server) report(ctx context.Context, in *reportInput) (PerformanceView, error) {
	f := record.SpellFilter{Kind: in.Kind, Unit: in.Unit}
	var err error
	today := calendar.DateOf(s.now())
	if f.From, f.To, err = reportPeriod(in.From, in.To, today); err != nil {
		return PerformanceView{}, err
	}
	cal, err := s.Reader.Calendar(ctx, "")
	if err != nil {
		return PerformanceView{}, err
	}
	scope := whoIs(ctx).Scope
	sums, err := s.Reader.SpellSums(ctx, scope, cal, f)
	if err != nil {
		return PerformanceView{}, err
	}
	late, err := s.overdueNow(ctx, scope, in.Unit)
	if err != nil {
		return PerformanceView{}, err
	}
	units, err := s.unitsByCode(ctx)
	if err != nil {
		return PerformanceView{}, err
	}
	v := PerformanceView{From: f.From.String(), To: f.To.String(), Today: today.String(), Kind: in.Kind, Unit: in.Unit}
	if in.Unit != "" {
		v.Name = nameOf(units, in.Unit)
	}
	tasks, waits := tasksAndWaits(sums)
	v.Figures = figuresOf(tasks)
	v.Kinds = s.kindFigures(tasks, units, in.Kind)
	v.Units = unitFigures(tasks, units, late)
	v.Waits = waitFigures(waits)
	return v, nil
}

// reportPeriod reads the days of a report. Without any it is the quarter so far.
func reportPeriod(from, to string, today calendar.Date) (a, b calendar.Date, err error) {
	if from == "" && to == "" {
		return calendar.Date{Year: today.Year, Month: (today.Month-1)/3*3 + 1, Day: 1}, today, nil
	}
	if a, err = calendar.ParseDate(from); err == nil {
		b, err = calendar.ParseDate(to)
	}
	if err != nil {
		return a, b, invalid("report.period", "期间的起止日期应写作 2026-01-31，并且都要写。")
	}
	return a, b, nil
}

func tasksAndWaits(sums []record.SpellSum) (tasks, waits []record.SpellSum) {
	for _, s := range sums {
		switch {
		case s.What == record.SpellTask:
			tasks = append(tasks, s)
		case !ops.Inside(s.Court):
			waits = append(waits, s)
		}
	}
	return tasks, waits
}

func figuresOf(sums []record.SpellSum) Figures {
	var all tally
	for _, s := range sums {
		all.add(s)
	}
	return all.figures()
}

// overdueNow counts the open tasks past their deadline, by unit: whoever answers nothing must not look fast.
func (s *Server) overdueNow(ctx context.Context, scope record.Scope, unit string) (map[string]int, error) {
	f, _ := s.dueFilter(BoardFilter{Unit: unit})
	cells, err := s.Reader.DueBoard(ctx, scope, f)
	late := map[string]int{}
	for _, c := range cells {
		if c.Column == record.DueOverdue {
			late[c.Unit] += c.Count
		}
	}
	return late, err
}

func unitFigures(sums []record.SpellSum, units map[string]record.Unit, late map[string]int) []UnitFigures {
	by := tallies{}
	for _, s := range sums {
		by.of(s.Unit).add(s)
	}
	for unit := range late {
		by.of(unit)
	}
	rows := make([]UnitFigures, 0, len(by))
	for _, code := range inTree(units, by) {
		rows = append(rows, UnitFigures{
			Unit: code, Name: nameOf(units, code), Above: above(units, code), Figures: by[code].figures(), OverdueNow: late[code],
		})
	}
	return rows
}

// kindFigures lists the procedures of which something ended, or the one that was asked for.
func (s *Server) kindFigures(sums []record.SpellSum, units map[string]record.Unit, only procedure.Kind) []KindFigures {
	var list []KindFigures
	for _, p := range s.Catalog() {
		own := slices.DeleteFunc(slices.Clone(sums), func(sum record.SpellSum) bool { return sum.Kind != p.Kind })
		if len(own) == 0 && p.Kind != only {
			continue
		}
		k := KindFigures{Kind: p.Kind, Name: p.Name, Segments: p.Segments, Figures: figuresOf(own)}
		for _, stage := range p.Stages {
			here := slices.DeleteFunc(slices.Clone(own), func(sum record.SpellSum) bool { return sum.Stage != stage.Name })
			f := StageFigures{
				Stage: stage.Name, Title: stage.Title, Segment: stage.Segment, Figures: figuresOf(here), Units: unitFigures(here, units, nil),
				Shared: sharesClock(p, stage),
			}
			f.Limit, f.LimitDays = limitOf(p, stage)
			k.Stages = append(k.Stages, f)
		}
		list = append(list, k)
	}
	return list
}

// sharesClock tells whether other stages run on the same clock.
func sharesClock(p procedure.Procedure, stage procedure.Stage) bool {
	return stage.Clock != "" && slices.ContainsFunc(p.Stages, func(other procedure.Stage) bool {
		return other.Clock == stage.Clock && other.Name != stage.Name
	})
}

// limitOf is the period of a stage by the rule pack of today; a case keeps the figures of the day on which it was filed.
func limitOf(p procedure.Procedure, stage procedure.Stage) (string, int) {
	if stage.Within == nil {
		return "", 0
	}
	pack, err := rules.Load(p.Pack)
	if err != nil {
		return "", 0
	}
	figure, known := pack.Figures[stage.Within.Figure]
	if !known {
		return "", 0
	}
	period := calendar.Period{N: int(figure.Value), Unit: stage.Within.Unit}
	if period.Unit != calendar.Workday {
		return period.String(), 0
	}
	return period.String(), period.N
}

func waitFigures(sums []record.SpellSum) []WaitFigures {
	by := tallies{}
	for _, s := range sums {
		by.of(s.Court).add(s)
	}
	rows := make([]WaitFigures, 0, len(by))
	for court, t := range by {
		rows = append(rows, WaitFigures{
			Court: court, Count: t.sum.Count, Days: t.sum.Days, Median: t.days.at(50), P90: t.days.at(90), Longest: t.days.longest(),
		})
	}
	slices.SortFunc(rows, func(a, b WaitFigures) int {
		return cmp.Or(cmp.Compare(b.Days, a.Days), strings.Compare(a.Court, b.Court))
	})
	return rows
}
