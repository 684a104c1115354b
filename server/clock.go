package server

import (
	"context"
	"time"

	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/record"
)

func (s *Server) listCalendars(ctx context.Context, _ *none) (*reply[Calendars], error) {
	cal, err := s.Reader.Calendar(ctx, "")
	if err != nil {
		return nil, err
	}
	view := Calendars{Version: cal.Version()}
	for _, t := range cal.Years() {
		y := CalendarYear{Year: t.Year, Loaded: true, Source: t.Source, Version: t.Version}
		for _, d := range t.Off {
			y.Off = append(y.Off, d.String())
		}
		for _, d := range t.Work {
			y.Work = append(y.Work, d.String())
		}
		view.Years = append(view.Years, y)
	}
	return answer(view), nil
}

func (s *Server) saveCalendar(ctx context.Context, in *yearInput) (*reply[Calendars], error) {
	table := in.Body
	if err := table.Validate(); err != nil {
		return nil, err
	}
	if table.Year != in.Year {
		return nil, invalid("calendar.year", "数据是 %d 年的，与地址中的 %d 年不一致。", table.Year, in.Year)
	}
	if err := s.People.SaveCalendarYear(ctx, table); err != nil {
		return nil, err
	}
	return s.listCalendars(ctx, nil)
}

func (s *Server) clock(ctx context.Context, _ *none) (*reply[ClockView], error) {
	return s.clockView(ctx, s.Clock())
}

func (s *Server) clockView(ctx context.Context, k procedure.Clock) (*reply[ClockView], error) {
	view := ClockView{Now: k.Case(s.Now()), Speed: max(k.Speed, 1), Virtual: s.DemoClock != nil}
	if !view.Virtual {
		return answer(view), nil
	}
	at, ok, err := s.Reader.NextDue(ctx)
	if err != nil {
		return nil, err
	}
	if ok {
		view.Next = &NextEvent{At: at}
		open := true
		page, err := s.Reader.Cases(ctx, record.Scope{{Everything: true}}, record.CaseFilter{Open: &open, Sort: "due", Limit: 1})
		if err != nil {
			return nil, err
		}
		if len(page.Items) > 0 {
			view.Next.Case, view.Next.Title = page.Items[0].Number, page.Items[0].NextTitle
		}
	}
	return answer(view), nil
}

// longestJump keeps a typing error from running the demonstration dry.
const longestJump = 400 * 24 * time.Hour

func (s *Server) jump(ctx context.Context, in *body[JumpInput]) (*reply[ClockView], error) {
	if s.DemoClock == nil {
		return nil, errNotFound
	}
	now := s.now()
	var to time.Time
	if in.Body.To == "next" {
		at, ok, err := s.Reader.NextDue(ctx)
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, procedure.Errorf(procedure.Conflict, "clock.nothing", "没有未到的期限，不必快进。")
		}
		to = at
	} else {
		at, err := time.Parse(time.RFC3339, in.Body.To)
		if err != nil {
			return nil, invalid("clock.time", "时间应写作 2026-09-28T09:00:00+08:00，或写 next。")
		}
		to = at
	}
	switch {
	case !to.After(now):
		return nil, invalid("clock.past", "只能向前快进：现在已是 %s。", clockTime(now))
	case to.Sub(now) > longestJump:
		return nil, invalid("clock.far", "一次最多快进 400 天。")
	}
	k, err := s.DemoClock.Jump(ctx, to)
	if err != nil {
		return nil, err
	}
	s.hub.send(news{clock: &StreamClock{Now: k.Case(s.Now()), Speed: max(k.Speed, 1)}})
	return s.clockView(ctx, k)
}

// clockTime writes a moment as in «10月12日(周一) 09:00».
func clockTime(t time.Time) string {
	return calendar.DateOf(t).Short() + t.In(calendar.Zone).Format(" 15:04")
}
