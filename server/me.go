package server

import (
	"context"
	"slices"

	"gongzhi/procedure"
	"gongzhi/record"
)

func (s *Server) me(ctx context.Context, _ *none) (*reply[Me], error) {
	return s.meOf(ctx, whoIs(ctx))
}

func (s *Server) meOf(ctx context.Context, who *Principal) (*reply[Me], error) {
	counts, err := s.countsOf(ctx, who)
	if err != nil {
		return nil, err
	}
	me := Me{
		User:  UserRef{ID: who.User.ID, Name: who.User.Name},
		Posts: who.Posts, Active: who.Active, Demo: s.Demo, Now: s.now(), Counts: counts,
		Menu: s.menu(who.Active.Role),
	}
	for _, r := range who.Represents {
		me.Represents = append(me.Represents, Represented{User: r.From, Name: r.FromName, Until: r.End, Kinds: r.Kinds})
	}
	return answer(me), nil
}

// menu lists what a role may open: the entries of the console's left side.
func (s *Server) menu(role procedure.Role) []string {
	menu := []string{"desk"}
	if slices.ContainsFunc(s.Catalog(), func(p procedure.Procedure) bool { return p.Starts(role) }) {
		menu = append(menu, "launch")
	}
	menu = append(menu, "cases")
	if slices.Contains(enterers, role) || slices.Contains(districtRoles, role) {
		menu = append(menu, "votes")
	}
	menu = append(menu, "lists", "notices", "deadlines")
	if slices.Contains(watchers, role) {
		menu = append(menu, "ops")
	}
	if slices.Contains(heads, role) || slices.Contains(districtRoles, role) {
		menu = append(menu, "stats")
	}
	if role == procedure.Admin {
		menu = append(menu, "admin")
	}
	return menu
}

func (s *Server) switchPost(ctx context.Context, in *body[PostInput]) (*reply[Me], error) {
	who := whoIs(ctx)
	post, ok := postByID(who.Posts, in.Body.Post)
	if !ok {
		return nil, procedure.Errorf(procedure.NotFound, "post.not_found", "您没有这个岗位，或任期已结束。")
	}
	manager(ctx).Put(ctx, keyPost, post.ID)
	a, err := s.account(ctx, who.User.ID)
	if err != nil {
		return nil, err
	}
	units, err := s.unitsByCode(ctx)
	if err != nil {
		return nil, err
	}
	return s.meOf(ctx, newPrincipal(a, post, units))
}

func (s *Server) demoAccounts(ctx context.Context, _ *none) (*reply[[]DemoAccount], error) {
	if !s.Demo {
		return nil, errNotFound
	}
	users, err := s.Reader.Users(ctx, "")
	if err != nil {
		return nil, err
	}
	accounts := []DemoAccount{}
	for _, u := range users {
		if u.Disabled || len(u.Posts) == 0 {
			continue
		}
		post := u.Posts[0]
		accounts = append(accounts, DemoAccount{Login: u.ID, Name: u.Name, UnitName: post.UnitName, RoleName: post.Role.Title(), Password: s.DemoPassword})
	}
	return answer(accounts), nil
}

// person is an account as others see it.
func person(u record.User) Person {
	return Person{User: u.ID, Name: u.Name, Disabled: u.Disabled, Posts: u.Posts}
}
