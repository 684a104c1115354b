package server

import (
	"context"
	"time"

	"gongzhi/ballot"
	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/record"
)

type pollsInput struct {
	Paging
	State ballot.PollState `query:"state" enum:"preparing,open,closed,counted,final,void"`
	Unit  string           `query:"unit" maxLength:"32" doc:"subtree of this unit"`
	Text  string           `query:"text" maxLength:"100" doc:"number, estate, title, unit or person"`
}

// PollRow is one vote of the list. It shows of a running vote only what everybody who sees its case may know.
type PollRow struct {
	Number    string           `json:"number"`
	Title     string           `json:"title"`
	Estate    string           `json:"estate"`
	Unit      string           `json:"unit"`
	UnitName  string           `json:"unit_name"`
	Rule      string           `json:"rule" doc:"its name"`
	Counting  string           `json:"counting" doc:"业主, 户 or 居民"`
	Platform  string           `json:"platform,omitempty" doc:"where it is held, if not here"`
	State     ballot.PollState `json:"state" enum:"preparing,open,closed,counted,final,void"`
	Opens     *time.Time       `json:"opens"`
	Closes    *time.Time       `json:"closes"`
	Extended  int              `json:"extended"`
	Turnout   Turnout          `json:"turnout"`
	Prospects Prospects        `json:"prospects"`
	Result    string           `json:"result,omitempty" doc:"通过 or 未通过, once it is known"`
	Next      PollNext         `json:"next"`
}

// PollNext is what the case of a vote waits for.
type PollNext struct {
	Title string              `json:"title,omitempty"`
	Who   string              `json:"who,omitempty"`
	Day   string              `json:"day,omitempty" doc:"civil day"`
	Card  string              `json:"card,omitempty" enum:"yellow,red"`
	State procedure.CaseState `json:"state"`
}

// listPolls lists the votes of the cases that the session sees.
func (s *Server) listPolls(ctx context.Context, in *pollsInput) (*reply[record.Page[PollRow]], error) {
	polls, err := s.Polling.Polls.PollPage(ctx, whoIs(ctx).Scope, ballot.PollFilter{
		State: in.State, Unit: in.Unit, Text: in.Text, After: in.After, Limit: in.Limit,
	})
	if err != nil {
		return nil, err
	}
	units, err := s.unitsByCode(ctx)
	if err != nil {
		return nil, err
	}
	out := record.Page[PollRow]{Next: polls.Next}
	for _, l := range polls.Items {
		row, err := s.pollRow(ctx, l)
		if err != nil {
			return nil, err
		}
		row.UnitName = units[l.Unit].Name
		out.Items = append(out.Items, row)
	}
	return answer(out), nil
}

func (s *Server) pollRow(ctx context.Context, l ballot.Listed) (PollRow, error) {
	p := l.Poll
	row := PollRow{
		Number: p.Number, Title: p.Title, Estate: p.Estate, Unit: p.Unit, Rule: p.Rule.Title, Counting: p.Options.Counting.Label(), Platform: p.Platform, State: p.State,
		Opens: p.Opens, Closes: p.Closes, Extended: p.Extended, Result: outcome(p),
		Next: PollNext{Title: l.Case.NextTitle, Who: l.Case.NextWho, Day: l.Case.NextDay, Card: l.Case.Card, State: l.Case.State},
	}
	if p.State == ballot.Open { // a case has no task while people vote
		row.Next = PollNext{Title: "投票", Who: p.Options.Counting.Label(), Day: calendar.DateOf(p.Closes.Add(-time.Microsecond)).String(), State: l.Case.State}
	}
	row.Turnout.fill(p, l.Totals)
	for _, n := range l.Channels {
		row.Turnout.Ballots += n
	}
	var err error
	row.Prospects, err = s.prospects(ctx, standing{p, l.Totals, l.Channels})
	return row, err
}
