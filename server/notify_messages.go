package server

import (
	"context"
	"slices"

	"gongzhi/notify"
	"gongzhi/procedure"
	"gongzhi/record"
)

// countsOf are the numbers of the desk, with the unread messages of the person.
func (s *Server) countsOf(ctx context.Context, who *Principal) (record.Counts, error) {
	c, err := s.Reader.Counts(ctx, who.Scope, s.today())
	if err != nil {
		return c, err
	}
	c.Messages, err = s.Notifying.Messages.UnreadMessages(ctx, who.User.ID)
	return c, err
}

func (s *Server) listMessages(ctx context.Context, in *messagesInput) (*reply[record.Page[MessageView]], error) {
	page, err := s.Notifying.Messages.Messages(ctx, whoIs(ctx).User.ID, in.Unread, in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	out := record.Page[MessageView]{Next: page.Next, Items: make([]MessageView, 0, len(page.Items))}
	for _, d := range page.Items {
		out.Items = append(out.Items, MessageView{
			ID: d.ID, Kind: d.Kind, KindTitle: d.Kind.Title(), Case: d.Case, Task: d.Task, Subject: d.Subject, Text: d.Text, At: d.At,
			Unread: d.State == notify.Sent, ReadAt: d.ReadAt,
		})
	}
	return answer(out), nil
}

func (s *Server) readMessage(ctx context.Context, in *IDPath) (*done, error) {
	return &done{}, s.Notifying.Messages.ReadMessage(ctx, whoIs(ctx).User.ID, in.ID, s.now())
}

func (s *Server) readMessages(ctx context.Context, in *body[ReadThrough]) (*done, error) {
	return &done{}, s.Notifying.Messages.ReadMessages(ctx, whoIs(ctx).User.ID, in.Body.Through, s.now())
}

// caseDeliveries is the proof: who was told what of a case, when it was sent and when it was read. Addresses are personal and not
// part of it.
func (s *Server) caseDeliveries(ctx context.Context, in *deliveriesInput) (*reply[record.Page[DeliveryView]], error) {
	if _, err := s.visibleCase(ctx, in.Number); err != nil {
		return nil, err
	}
	page, err := s.Notifying.Messages.CaseDeliveries(ctx, in.Number, in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	out := record.Page[DeliveryView]{Next: page.Next, Items: make([]DeliveryView, 0, len(page.Items))}
	for _, d := range page.Items {
		v := DeliveryView{
			ID: d.ID, Kind: d.Kind, KindTitle: d.Kind.Title(), Channel: d.Channel, ChannelTitle: d.Channel.Title(), User: d.Person.User,
			Name: d.Person.Name, For: d.Person.For, Task: d.Task, Subject: d.Subject, State: d.State, At: d.At, Attempts: d.Attempts,
			Next: d.Next, Reason: d.Reason, SentAt: d.SentAt, ReadAt: d.ReadAt,
		}
		if d.State == notify.Queued && d.Held.After(s.now()) {
			v.Held = &d.Held
		}
		out.Items = append(out.Items, v)
	}
	return answer(out), nil
}

// retryDelivery sends what was given up once more: the robot's address was wrong, the mail server was away for a day.
func (s *Server) retryDelivery(ctx context.Context, in *deliveryPath) (*done, error) {
	if _, err := s.visibleCase(ctx, in.Number); err != nil {
		return nil, err
	}
	return &done{}, s.Notifying.Messages.RetryDelivery(ctx, in.Number, in.ID, s.Now())
}

// tellOfVote tells the posts of the unit that organises a vote whom to remind: those who go from door to door there. However often
// it is asked for, they are told once a day of each building.
func (s *Server) tellOfVote(ctx context.Context, m pollMatter, building string, silent int64) ([]string, error) {
	users, err := s.Reader.Users(ctx, "")
	if err != nil {
		return nil, err
	}
	base := notify.Message{
		Source: "vote." + m.poll.Number + "." + s.today() + "." + building, Kind: notify.Vote, At: s.now(), Case: m.poll.Number,
		Title: m.poll.Title, Procedure: m.kase.Kind, Silent: silent, Building: building,
	}
	var list []notify.Message
	var told []string
	for _, u := range users {
		for _, p := range u.Posts {
			if u.Disabled || p.Unit != m.poll.Unit || !slices.Contains(visitors, p.Role) {
				continue
			}
			if name := p.UnitName + p.Role.Title(); !slices.Contains(told, name) {
				told = append(told, name)
				base.To = holder(p)
				list = append(list, base)
			}
		}
	}
	return told, s.Notifying.Messages.Tell(ctx, list)
}

// visitors are the posts that serve the buildings of a unit.
var visitors = []procedure.Role{procedure.CommunityDirector, procedure.PartySecretary, procedure.OwnersCommittee}
