package server

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/record"
)

// 期限看板: what falls due in the next days, by the unit in whose court it is.

// BoardFilter chooses what the board shows.
type BoardFilter struct {
	Days int    `query:"days" minimum:"1" maximum:"60" default:"14" doc:"calendar days after today"`
	Unit string `query:"unit" maxLength:"32" doc:"this unit and those below it"`
}

type boardTasksInput struct {
	Paging
	BoardFilter
	Column string `query:"column" required:"true" minLength:"1" maxLength:"10" doc:"a day, or overdue, later, paused, undated"`
	Holder string `query:"holder" maxLength:"32" doc:"in the court of this unit itself"`
}

// DueBoardView is the board. A task is in one cell only.
type DueBoardView struct {
	Now   time.Time `json:"now"`
	Today string    `json:"today"`
	Days  []DueDay  `json:"days"`  // from today on
	Units []DueUnit `json:"units"` // in the order of the tree, those that have something
	Total DueUnit   `json:"total"`
}

// DueDay is one day of the board.
type DueDay struct {
	Day string `json:"day"`
	Off bool   `json:"off"` // nobody works
}

// DueUnit is a row of the board. Cells without tasks are left out.
type DueUnit struct {
	Unit  string    `json:"unit"`
	Name  string    `json:"name"`
	Above string    `json:"above,omitempty"` // name of the street of a community
	Count int       `json:"count"`
	Cells []DueCell `json:"cells"`
}

// DueCell is how many open tasks of a unit are in a column, and how many of them have a card.
type DueCell struct {
	Column string `json:"column" doc:"a day, or overdue, later, paused, undated"`
	Count  int    `json:"count"`
	Yellow int    `json:"yellow"`
	Red    int    `json:"red"`
}

// DueTask is one task of a cell.
type DueTask struct {
	ID        string           `json:"id"`
	Case      string           `json:"case"`
	CaseTitle string           `json:"case_title"`
	KindName  string           `json:"kind_name"`
	Title     string           `json:"title"` // of the stage
	Subject   string           `json:"subject,omitempty"`
	Holder    procedure.Holder `json:"holder"`
	Basis     procedure.Basis  `json:"basis"`
	Due       *time.Time       `json:"due,omitempty"`
	Day       string           `json:"day,omitempty"`
	Paused    bool             `json:"paused,omitempty"`
	Card      string           `json:"card,omitempty"`
	Unmanned  bool             `json:"unmanned,omitempty"`
}

func (s *Server) dueFilter(in BoardFilter) (record.DueFilter, calendar.Date) {
	now := s.now()
	today := calendar.DateOf(now)
	return record.DueFilter{Now: now, Last: today.AddDays(in.Days).String(), Unit: in.Unit}, today
}

func (s *Server) dueBoard(ctx context.Context, in *BoardFilter) (*reply[DueBoardView], error) {
	f, today := s.dueFilter(*in)
	cells, err := s.Reader.DueBoard(ctx, whoIs(ctx).Scope, f)
	if err != nil {
		return nil, err
	}
	cal, err := s.Reader.Calendar(ctx, "")
	if err != nil {
		return nil, err
	}
	units, err := s.unitsByCode(ctx)
	if err != nil {
		return nil, err
	}
	v := DueBoardView{Now: f.Now, Today: today.String(), Total: DueUnit{Name: "合计"}}
	for n := range in.Days + 1 {
		d := today.AddDays(n)
		v.Days = append(v.Days, DueDay{Day: d.String(), Off: !cal.IsWorkday(d)})
	}
	rows := map[string]*DueUnit{}
	for _, c := range cells {
		row := rows[c.Unit]
		if row == nil {
			row = &DueUnit{Unit: c.Unit, Name: nameOf(units, c.Unit), Above: above(units, c.Unit)}
			rows[c.Unit] = row
		}
		row.add(c)
		v.Total.add(c)
	}
	for _, code := range inTree(units, rows) {
		v.Units = append(v.Units, *rows[code])
	}
	return answer(v), nil
}

func (u *DueUnit) add(c record.DueCell) {
	u.Count += c.Count
	i := slices.IndexFunc(u.Cells, func(old DueCell) bool { return old.Column == c.Column })
	if i < 0 {
		u.Cells = append(u.Cells, DueCell{Column: c.Column})
		i = len(u.Cells) - 1
	}
	u.Cells[i].Count += c.Count
	u.Cells[i].Yellow += c.Yellow
	u.Cells[i].Red += c.Red
}

func nameOf(units map[string]record.Unit, code string) string { return cmp.Or(units[code].Name, code) }

// above names the street of a community: two streets may have communities of the same name.
func above(units map[string]record.Unit, code string) string {
	if u := units[code]; u.Level == procedure.Community {
		return units[u.Parent].Name
	}
	return ""
}

// inTree sorts unit codes as the tree of units is written: nobody is ranked.
func inTree[V any](units map[string]record.Unit, rows map[string]V) []string {
	codes := make([]string, 0, len(rows))
	for code := range rows {
		codes = append(codes, code)
	}
	slices.SortFunc(codes, func(a, b string) int {
		return cmp.Or(strings.Compare(units[a].Path, units[b].Path), strings.Compare(a, b))
	})
	return codes
}

func (s *Server) dueTasks(ctx context.Context, in *boardTasksInput) (*reply[record.Page[DueTask]], error) {
	f, _ := s.dueFilter(in.BoardFilter)
	f.Column, f.Holder, f.After, f.Limit = in.Column, in.Holder, in.After, in.Limit
	page, err := s.Reader.DueTasks(ctx, whoIs(ctx).Scope, f)
	if err != nil {
		return nil, err
	}
	list := record.Page[DueTask]{Next: page.Next, Items: make([]DueTask, 0, len(page.Items))}
	for _, t := range page.Items {
		kind, _ := s.catalogued(t.Kind)
		stage, _ := kind.Stage(t.Stage)
		list.Items = append(list.Items, DueTask{
			ID: t.ID, Case: t.Case, CaseTitle: t.CaseTitle, KindName: t.KindName, Title: t.Title, Subject: t.Subject, Holder: t.Holder,
			Basis: stage.Basis, Due: t.Due, Day: t.Day, Paused: t.Paused, Card: t.Card, Unmanned: t.Unmanned,
		})
	}
	return answer(list), nil
}
