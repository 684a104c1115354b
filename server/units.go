package server

import (
	"context"
	"slices"

	"gongzhi/procedure"
	"gongzhi/record"
)

// changeUnit renames a unit, or takes it out of use and back. A unit out of use takes no new cases, tasks and posts; what runs
// goes on. What is on record keeps the name of its time.
func (s *Server) changeUnit(ctx context.Context, in *unitChangeInput) (*reply[record.Unit], error) {
	units, err := s.Reader.Units(ctx)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(units, func(u record.Unit) bool { return u.Code == in.Code })
	if i < 0 {
		return nil, procedure.Errorf(procedure.NotFound, "unit.not_found", "没有代码为 %s 的单位。", in.Code)
	}
	u := units[i]
	if in.Body.Name != nil {
		u.Name = *in.Body.Name
	}
	if in.Body.Disabled != nil {
		u.Disabled = *in.Body.Disabled
	}
	if err := standsIn(u, units); err != nil {
		return nil, err
	}
	defer s.directory.forget()
	return answer(u), s.People.SaveUnit(ctx, u)
}

// standsIn proves that no unit in use stands below one that is not.
func standsIn(u record.Unit, units []record.Unit) error {
	for _, other := range units {
		switch {
		case u.Disabled && other.Parent == u.Code && !other.Disabled:
			return procedure.Errorf(procedure.Conflict, "unit.above", "「%s」的下级「%s」仍在使用，请先停用下级。", u.Name, other.Name)
		case !u.Disabled && other.Code == u.Parent && other.Disabled:
			return procedure.Errorf(procedure.Conflict, "unit.below", "「%s」的上级「%s」已停用，请先恢复上级。", u.Name, other.Name)
		}
	}
	return nil
}

// inUse refuses something new for a unit that is out of use.
func inUse(u record.Unit) error {
	if u.Disabled {
		return procedure.Errorf(procedure.Conflict, "unit.disabled", "「%s」已停用，不再接收新的办件、待办和任职。", u.Name)
	}
	return nil
}
