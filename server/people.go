package server

import (
	"context"
	"slices"

	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/record"
)

func (s *Server) listUnits(ctx context.Context, _ *none) (*reply[[]record.Unit], error) {
	units, err := s.Reader.Units(ctx)
	return answer(units), err
}

func (s *Server) createUnit(ctx context.Context, in *body[NewUnit]) (*reply[record.Unit], error) {
	units, err := s.unitsByCode(ctx)
	if err != nil {
		return nil, err
	}
	if _, taken := units[in.Body.Code]; taken {
		return nil, procedure.Errorf(procedure.Conflict, "unit.exists", "单位代码 %s 已被使用。", in.Body.Code)
	}
	u := record.Unit{Code: in.Body.Code, Name: in.Body.Name, Level: in.Body.Level, Parent: in.Body.Parent, Path: "/" + in.Body.Code + "/"}
	if u.Parent != "" {
		parent, known := units[u.Parent]
		if !known {
			return nil, invalid("unit.parent", "上级单位 %s 不存在。", u.Parent)
		}
		if err := inUse(parent); err != nil {
			return nil, err
		}
		u.Path = parent.Path + u.Code + "/"
		u.District = districtOf(parent.Code, units)
	}
	if u.Level == procedure.District {
		u.District = u.Code
	}
	defer s.directory.forget()
	return answer(u), s.People.SaveUnit(ctx, u)
}

func (s *Server) unitPeople(ctx context.Context, in *UnitPath) (*reply[[]Person], error) {
	if _, err := s.Reader.Unit(ctx, in.Code); err != nil {
		return nil, err
	}
	users, err := s.Reader.Users(ctx, "")
	if err != nil {
		return nil, err
	}
	people := []Person{}
	for _, u := range users {
		u.Posts = slices.DeleteFunc(slices.Clone(u.Posts), func(p record.Post) bool { return p.Unit != in.Code })
		if !u.Disabled && len(u.Posts) > 0 {
			people = append(people, person(u))
		}
	}
	return answer(people), nil
}

func (s *Server) listUsers(ctx context.Context, in *usersInput) (*reply[[]Person], error) {
	users, err := s.Reader.Users(ctx, in.Text)
	if err != nil {
		return nil, err
	}
	all := whoIs(ctx).Active.Role == procedure.Admin
	people := []Person{}
	for _, u := range users {
		if all || !u.Disabled {
			people = append(people, person(u))
		}
	}
	return answer(people), nil
}

func (s *Server) createUser(ctx context.Context, in *body[NewUser]) (*reply[Person], error) {
	if err := CheckPassword(in.Body.ID, in.Body.Password); err != nil {
		return nil, err
	}
	hash, err := s.hashed(ctx, in.Body.Password)
	if err != nil {
		return nil, err
	}
	u := record.User{ID: in.Body.ID, Name: in.Body.Name}
	return answer(person(u)), s.People.CreateUser(ctx, u, hash)
}

func (s *Server) changeUser(ctx context.Context, in *userChangeInput) (*reply[Person], error) {
	u, _, err := s.Reader.UserByLogin(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if in.Body.Disabled != nil && *in.Body.Disabled && u.ID == whoIs(ctx).User.ID {
		return nil, invalid("user.self", "不能停用自己的账号。")
	}
	defer s.directory.forget()
	if in.Body.Password != nil {
		if err := CheckPassword(u.ID, *in.Body.Password); err != nil {
			return nil, err
		}
		hash, err := s.hashed(ctx, *in.Body.Password)
		if err != nil {
			return nil, err
		}
		if err := s.People.SetPassword(ctx, u.ID, hash); err != nil {
			return nil, err
		}
	}
	if in.Body.Name != nil {
		u.Name = *in.Body.Name
	}
	if in.Body.Disabled != nil {
		u.Disabled = *in.Body.Disabled
	}
	return answer(person(u)), s.People.SaveUser(ctx, u)
}

func (s *Server) createPost(ctx context.Context, in *body[NewPost]) (*reply[record.Post], error) {
	if !slices.Contains(procedure.Roles(), in.Body.Role) {
		return nil, invalid("post.role", "没有「%s」这种岗位。", in.Body.Role)
	}
	if in.Body.To != "" && in.Body.To < in.Body.From {
		return nil, invalid("post.term", "任期的结束日期早于开始日期。")
	}
	if _, _, err := s.Reader.UserByLogin(ctx, in.Body.User); err != nil {
		return nil, err
	}
	unit, err := s.Reader.Unit(ctx, in.Body.Unit)
	if err != nil {
		return nil, err
	}
	if err := inUse(unit); err != nil {
		return nil, err
	}
	defer s.directory.forget()
	p, err := s.People.SavePost(ctx, record.Post{
		ID: newID(), User: in.Body.User, Unit: unit.Code, UnitName: unit.Name, Role: in.Body.Role, RoleName: in.Body.Role.Title(),
		From: in.Body.From, To: in.Body.To,
	})
	return answer(p), err
}

func (s *Server) endPost(ctx context.Context, in *IDPath) (*done, error) {
	defer s.directory.forget()
	yesterday := calendar.DateOf(s.now()).AddDays(-1)
	return &done{}, s.People.EndPost(ctx, in.ID, yesterday.String())
}

func (s *Server) listDelegations(ctx context.Context, _ *none) (*reply[Delegations], error) {
	who := whoIs(ctx)
	given, err := s.Reader.DelegationsFrom(ctx, who.User.ID)
	if err != nil {
		return nil, err
	}
	received, err := s.Reader.DelegationsOf(ctx, who.User.ID)
	return answer(Delegations{Given: given, Received: received}), err
}

// longestDelegation is how long one may be represented without saying so again.
const longestDelegation = 366

func (s *Server) createDelegation(ctx context.Context, in *body[NewDelegation]) (*reply[record.Delegation], error) {
	who := whoIs(ctx)
	begin, err := calendar.ParseDate(in.Body.Begin)
	if err != nil {
		return nil, err
	}
	end, err := calendar.ParseDate(in.Body.End)
	if err != nil {
		return nil, err
	}
	switch today := calendar.DateOf(s.now()); {
	case in.Body.To == who.User.ID:
		return nil, invalid("delegation.self", "不能委托给自己。")
	case end.Before(begin), end.Before(today):
		return nil, invalid("delegation.term", "委托的结束日期不能早于开始日期或今天。")
	case begin.DaysUntil(end) > longestDelegation:
		return nil, invalid("delegation.long", "一次委托最长一年。")
	}
	for _, kind := range in.Body.Kinds {
		if _, ok := s.catalogued(kind); !ok {
			return nil, errNoProcedure
		}
	}
	to, _, err := s.Reader.UserByLogin(ctx, in.Body.To)
	if err != nil {
		return nil, err
	}
	if to.Disabled {
		return nil, invalid("delegation.disabled", "%s的账号已停用，不能接受委托。", to.Name)
	}
	defer s.directory.forget()
	d, err := s.People.SaveDelegation(ctx, record.Delegation{
		ID: newID(), From: who.User.ID, FromName: who.User.Name, To: to.ID, ToName: to.Name,
		Kinds: in.Body.Kinds, Begin: begin.String(), End: end.String(),
	})
	return answer(d), err
}

func (s *Server) revokeDelegation(ctx context.Context, in *IDPath) (*done, error) {
	who := whoIs(ctx)
	given, err := s.Reader.DelegationsFrom(ctx, who.User.ID)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(given, func(d record.Delegation) bool { return d.ID == in.ID }) {
		return nil, errNotFound
	}
	defer s.directory.forget()
	return &done{}, s.People.RevokeDelegation(ctx, who.User.ID, in.ID, s.now())
}
