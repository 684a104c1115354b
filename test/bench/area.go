package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"

	"gongzhi/demo"
	"gongzhi/procedure"
	"gongzhi/record"
	"gongzhi/server"
	"gongzhi/store"
)

// area is one district with the posts that act in its cases.
type area struct {
	code                                       string
	office, joint, supervision                 procedure.Holder
	members, streets, communities, departments []procedure.Holder
	actors                                     map[procedure.Holder]procedure.Actor
}

// seatOf is a post as tasks name it.
func seatOf(unit, unitName string, role procedure.Role) procedure.Holder {
	return procedure.Holder{Unit: unit, UnitName: unitName, Role: role, RoleName: role.Title()}
}

func (a *area) put(h procedure.Holder, user, name string) {
	a.actors[h] = procedure.Actor{User: user, Name: name, Unit: h.Unit, Role: h.Role}
	switch h.Role {
	case procedure.AdmissionOffice:
		a.office = h
	case procedure.JointMeeting:
		a.joint = h
	case procedure.Supervision:
		a.supervision = h
	case procedure.AdmissionMember:
		a.members = append(a.members, h)
	case procedure.StreetOffice:
		a.streets = append(a.streets, h)
	case procedure.CommunityDirector:
		a.communities = append(a.communities, h)
	case procedure.DepartmentClerk:
		a.departments = append(a.departments, h)
	}
}

// demoArea is 星梧区, which has accounts.
func demoArea(ctx context.Context, s *store.Store) (*area, error) {
	units, err := s.Units(ctx)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, u := range units {
		names[u.Code] = u.Name
	}
	a := &area{code: demo.District, actors: map[procedure.Holder]procedure.Actor{}}
	for _, p := range demo.People() {
		for _, seat := range p.Posts {
			a.put(seatOf(seat.Unit, names[seat.Unit], seat.Role), p.Login, p.Name)
		}
	}
	return a, nil
}

// second is the code of an invented district beside 星梧区: what its people do must not show in 星梧区, and the other way round.
const second = "LH"

// quiet is a community of the second district that almost nothing ever reaches. Its director sees a few cases of thousands.
const quiet = "LH-0410"

// newArea makes the second district with 8 departments, 4 streets and 40 communities. Two of its people have an account.
func newArea(ctx context.Context, s *store.Store) (*area, error) {
	a := &area{code: second, actors: map[procedure.Holder]procedure.Actor{}}
	var failed error
	unit := func(code, name string, level procedure.Level, parents ...string) {
		u := record.Unit{Code: code, Name: name, Level: level, District: second, Parent: "YT"}
		if len(parents) > 0 {
			u.Parent = parents[len(parents)-1]
		}
		u.Path = "/" + strings.Join(append([]string{"YT"}, append(parents, code)...), "/") + "/"
		if failed == nil {
			failed = s.SaveUnit(ctx, u)
		}
	}
	post := func(code, name string, role procedure.Role) {
		a.put(seatOf(code, name, role), strings.ToLower(code)+"."+strings.ReplaceAll(string(role), ".", "-"), "示例-"+name)
	}
	unit(second, "临河区", procedure.District)
	for i := range 8 {
		code, name := fmt.Sprintf("LH-B%d", i+1), fmt.Sprintf("临河区第%d局", i+1)
		unit(code, name, procedure.Department, second)
		post(code, name, procedure.DepartmentClerk)
		if i < 6 {
			post(code, name, procedure.AdmissionMember)
		}
	}
	for role, code := range map[procedure.Role]string{procedure.AdmissionOffice: "LH-BG", procedure.JointMeeting: "LH-LX", procedure.Supervision: "LH-DC"} {
		unit(code, "临河区"+role.Title(), procedure.Department, second)
		post(code, "临河区"+role.Title(), role)
	}
	for street := range 4 {
		code, name := fmt.Sprintf("LH-%02d", street+1), fmt.Sprintf("临河区第%d街道", street+1)
		unit(code, name, procedure.Street, second)
		post(code, name, procedure.StreetOffice)
		for n := range 10 {
			below, belowName := fmt.Sprintf("LH-%02d%02d", street+1, n+1), fmt.Sprintf("%s第%d社区", name, n+1)
			unit(below, belowName, procedure.Community, second, code)
			post(below, belowName, procedure.CommunityDirector)
		}
	}
	if failed != nil {
		return nil, failed
	}
	return a, a.man(ctx, s, func(h procedure.Holder) bool { return h.Role == procedure.AdmissionOffice || h.Unit == quiet })
}

// man gives the holders of some posts an account.
func (a *area) man(ctx context.Context, s *store.Store, which func(h procedure.Holder) bool) error {
	hash, err := server.HashPassword(demo.Password)
	if err != nil {
		return err
	}
	for h, actor := range a.actors {
		if !which(h) {
			continue
		}
		if err := s.CreateUser(ctx, record.User{ID: actor.User, Name: actor.Name}, hash); err != nil {
			return err
		}
		post := record.Post{ID: actor.User, User: actor.User, Unit: h.Unit, Role: h.Role, RoleName: h.RoleName, From: "2026-01-01"}
		if err := s.SavePost(ctx, post); err != nil {
			return err
		}
	}
	return nil
}

// manRest gives those an account who have none yet.
func (a *area) manRest(ctx context.Context, s *store.Store) error {
	return a.man(ctx, s, func(h procedure.Holder) bool { return h.Role != procedure.AdmissionOffice && h.Unit != quiet })
}

// community draws one; the quiet one once in a thousand times.
func (a *area) community(random *rand.Rand) procedure.Holder {
	for {
		h := a.communities[random.IntN(len(a.communities))]
		if h.Unit != quiet || random.IntN(1000/len(a.communities)) == 0 {
			return h
		}
	}
}
