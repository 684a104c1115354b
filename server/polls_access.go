package server

import (
	"context"
	"slices"
	"strings"

	"gongzhi/ballot"
	"gongzhi/procedure"
	"gongzhi/record"
)

// pollMatter is a poll of a case that the session sees.
type pollMatter struct {
	kase  record.Case
	poll  ballot.Poll
	actor procedure.Actor // in which post, and for whom, the person acts
	mine  bool            // the person organises the vote
	enter bool            // the person may enter what came in on paper or at the door
}

// pollMatter reads the poll of a case within the scope of the session. A poll of a case that is not visible does not exist.
func (s *Server) pollMatter(ctx context.Context, number string) (pollMatter, error) {
	kase, err := s.visibleCase(ctx, number)
	if err != nil {
		return pollMatter{}, err
	}
	m := pollMatter{kase: kase}
	if m.poll, err = s.Polling.Polls.Poll(ctx, number); err != nil {
		return pollMatter{}, err
	}
	if m.actor, m.mine, err = s.actingFor(ctx, m, organisers); err != nil || m.mine {
		m.enter = m.mine
		return m, err
	}
	m.actor, m.enter, err = s.actingFor(ctx, m, enterers)
	return m, err
}

// actingFor finds the post of one of the roles in which the session's person acts for the unit of a vote. One's own active post
// comes first. Whoever holds an open task of the case acts in every role.
func (s *Server) actingFor(ctx context.Context, m pollMatter, roles []procedure.Role) (procedure.Actor, bool, error) {
	who := whoIs(ctx)
	units, err := s.unitsByCode(ctx)
	if err != nil {
		return procedure.Actor{}, false, err
	}
	if serves(who.Active, roles, m.poll.Unit, units) {
		return who.actor(), true, nil
	}
	for _, r := range who.Represents {
		for _, post := range r.Posts {
			if r.covers(m.kase.Kind) && serves(post, roles, m.poll.Unit, units) {
				return procedure.Actor{User: who.User.ID, Name: who.User.Name, Unit: post.Unit, Role: post.Role, For: r.From, ForName: r.FromName}, true, nil
			}
		}
	}
	tasks, err := s.Reader.CaseTasks(ctx, m.kase.Number)
	if err != nil {
		return procedure.Actor{}, false, err
	}
	for _, t := range tasks {
		if !unfinished(t) {
			continue
		}
		if a, ok := who.actorFor(t.Holder, m.kase.Kind); ok {
			return a, true, nil
		}
	}
	return procedure.Actor{}, false, nil
}

// serves tells whether a post of one of the roles serves the votes of a unit: a post of the unit, or the street above it.
func serves(post record.Post, roles []procedure.Role, unit string, units map[string]record.Unit) bool {
	if !slices.Contains(roles, post.Role) {
		return false
	}
	above, of := units[post.Unit].Path, units[unit].Path
	return post.Unit == unit || post.Role == procedure.StreetOffice && above != "" && strings.HasPrefix(of, above)
}

var errOrganiser = procedure.Errorf(procedure.Forbidden, "poll.forbidden", "只有组织本次表决的单位可以这样做。请切换到该单位的岗位，或联系组织单位。")

// organised reads a poll for whoever organises it.
func (s *Server) organised(ctx context.Context, number string) (pollMatter, error) {
	m, err := s.pollMatter(ctx, number)
	if err == nil && !m.mine {
		err = errOrganiser
	}
	return m, err
}

// entering reads a poll for whoever may enter paper.
func (s *Server) entering(ctx context.Context, number string) (pollMatter, error) {
	m, err := s.pollMatter(ctx, number)
	if err == nil && !m.enter {
		err = errOrganiser
	}
	return m, err
}

// pollPersons reads a poll for whoever may know who is on its roll.
func (s *Server) pollPersons(ctx context.Context, number string) (pollMatter, error) {
	m, err := s.pollMatter(ctx, number)
	if err == nil && !m.enter && !readsPersons(whoIs(ctx)) {
		err = procedure.Errorf(procedure.Forbidden, "poll.persons", "名册和表决票涉及个人信息，只有组织本次表决的单位和审计可以查看。")
	}
	return m, err
}

func readsPersons(who *Principal) bool { return slices.Contains(pollReaders, who.Active.Role) }

// running tells whether the ballots of a poll may still change. While they may, and the results are hidden, nobody learns how
// anybody voted.
func running(p ballot.Poll) bool { return p.State == ballot.Preparing || p.State == ballot.Open }

func hidden(p ballot.Poll) bool { return p.Hidden && running(p) }

// printable tells whether letters and ballot sheets have a use: the roll is certain, and the vote is held here and not over.
func printable(p ballot.Poll) bool { return p.Frozen && running(p) && p.Platform == "" }

// rights is what the session may do to a vote now. The store may still refuse.
func (m pollMatter) rights(who *Principal) PollRights {
	p := m.poll
	open := p.State == ballot.Open
	return PollRights{
		People: m.enter || readsPersons(who),
		Import: m.mine && p.State == ballot.Preparing && !p.Frozen, Letters: m.mine && printable(p),
		Enter: m.enter && open, Remind: m.mine && open,
		Objections: m.mine && p.State != ballot.Void, Certify: m.mine && p.Platform != "" && p.Result == nil && p.State != ballot.Void,
	}
}
