package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gongzhi/procedure"
	"gongzhi/record"
)

// Holders finds the units that hold a seat of a case, in order of their codes. Nobody need hold the post on the day:
// a seat without a person is an incident for the case, never a reason to pass the unit over. In a district only units
// in use that have such a post are meant; everywhere else the units are given, and are returned even without one.
func (r *Reader) Holders(ctx context.Context, q record.HolderQuery) ([]procedure.Holder, error) {
	units, err := r.seatUnits(ctx, q)
	if err != nil || len(units) == 0 {
		return nil, err
	}
	var roleName string
	err = r.read(ctx).Table("posts").Select("role_name").Where("role = ?", string(q.Seat.Role)).Order("id").Limit(1).
		Scan(&roleName).Error
	if err != nil {
		return nil, fmt.Errorf("read the name of the post: %w", err)
	}
	holders := make([]procedure.Holder, len(units))
	for i, u := range units {
		holders[i] = procedure.Holder{Unit: u.Code, UnitName: u.Name, Role: q.Seat.Role, RoleName: roleName}
	}
	return holders, nil
}

func (r *Reader) seatUnits(ctx context.Context, q record.HolderQuery) ([]unitRow, error) {
	switch q.Seat.Where {
	case procedure.AtInitiator:
		return r.unitsBy(ctx, []string{q.InitiatorUnit})
	case procedure.AtTarget:
		return r.unitsBy(ctx, []string{q.Target})
	case procedure.AtCommunities:
		return r.unitsBy(ctx, q.Communities)
	case procedure.AtStreets:
		return r.streets(ctx, q.Communities)
	case procedure.AtDistrict:
		return r.unitsWithPost(ctx, q)
	}
	return nil, invalid(CodeSeat, "岗位所在 %.40q 无效", q.Seat.Where)
}

// unitsBy finds units by their codes; one that does not exist is refused rather than passed over.
func (r *Reader) unitsBy(ctx context.Context, codes []string) ([]unitRow, error) {
	var rows []unitRow
	if err := r.read(ctx).Where("code IN ?", codes).Order("code").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read units: %w", err)
	}
	for _, code := range codes {
		if !slices.ContainsFunc(rows, func(u unitRow) bool { return u.Code == code }) {
			return nil, invalid(CodeUnit, "单位 %.40q 不存在", code)
		}
	}
	return rows, nil
}

// streets finds the streets (街道) above communities.
func (r *Reader) streets(ctx context.Context, communities []string) ([]unitRow, error) {
	below, err := r.unitsBy(ctx, communities)
	if err != nil || len(below) == 0 {
		return nil, err
	}
	var above []string
	for _, u := range below {
		above = append(above, strings.Split(strings.Trim(u.Path, "/"), "/")...)
	}
	var rows []unitRow
	err = r.read(ctx).Where("code IN ? AND level = ?", above, string(procedure.Street)).Order("code").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read streets: %w", err)
	}
	return rows, nil
}

func (r *Reader) unitsWithPost(ctx context.Context, q record.HolderQuery) ([]unitRow, error) {
	district, err := r.Unit(ctx, q.District)
	if err != nil {
		return nil, err
	}
	db := r.read(ctx)
	posts := fresh(db).Table("posts").Select("unit").Where("role = ?", string(q.Seat.Role))
	var rows []unitRow
	err = db.Where("code IN (?) AND code IN (?)", posts, subtree(db, district.Path)).Where("disabled = ?", false).
		Order("code").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read the units of the district: %w", err)
	}
	return rows, nil
}

// Manned tells whether somebody can act for a holder on a civil day: an open account holds the post, or the person
// named has an open account and any post that day.
func (r *Reader) Manned(ctx context.Context, h procedure.Holder, day string) (bool, error) {
	q := valid(r.read(ctx).Table("posts"), day).
		Joins("JOIN users ON users.id = posts.user_id").Where("users.disabled = ?", false)
	if h.User != "" {
		q = q.Where("posts.user_id = ?", h.User)
	} else {
		q = q.Where("posts.unit = ? AND posts.role = ?", h.Unit, string(h.Role))
	}
	var n int64
	if err := q.Count(&n).Error; err != nil {
		return false, fmt.Errorf("look for the holder: %w", err)
	}
	return n > 0, nil
}
