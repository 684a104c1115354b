package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"gongzhi/procedure"
	"gongzhi/record"
)

type delegationRow struct {
	ID       string `gorm:"primaryKey"`
	FromUser string
	ToUser   string
	Kinds    string
	BeginDay string
	EndDay   string
	Revoked  int64
	FromName string `gorm:"->"` // joined when read
	ToName   string `gorm:"->"`
}

func (delegationRow) TableName() string { return "delegations" }

func (r delegationRow) delegation() (record.Delegation, error) {
	kinds, err := decode[[]procedure.Kind](r.Kinds)
	return record.Delegation{
		ID: r.ID, From: r.FromUser, FromName: r.FromName, To: r.ToUser, ToName: r.ToName, Kinds: kinds,
		Begin: r.BeginDay, End: r.EndDay, Revoked: momentPtr(r.Revoked),
	}, err
}

// SaveDelegation adds a delegation (委托授权), under a new id unless it has one, or changes the one of the same id.
func (s *Store) SaveDelegation(ctx context.Context, d record.Delegation) error {
	if d.End == "" {
		return invalid(CodeTerm, "委托须有终止日期")
	}
	if err := checkTerm(d.Begin, d.End); err != nil {
		return err
	}
	if d.From == d.To {
		return invalid(CodeDelegation, "不能委托本人")
	}
	d.ID = newID(d.ID)
	kinds, err := encode(append([]procedure.Kind{}, d.Kinds...))
	if err != nil {
		return err
	}
	row := delegationRow{
		ID: d.ID, FromUser: d.From, ToUser: d.To, Kinds: kinds, BeginDay: d.Begin, EndDay: d.End,
		Revoked: microsOr(d.Revoked, never),
	}
	return s.write(ctx, func(tx *gorm.DB) error {
		for _, user := range []string{d.From, d.To} {
			if err := mustExist(tx, &userRow{}, "id", user, CodeUser, "账号"); err != nil {
				return err
			}
		}
		if err := replace(tx, "id").Create(&row).Error; err != nil {
			return fmt.Errorf("save the delegation: %w", err)
		}
		return nil
	})
}

// RevokeDelegation ends a delegation at a moment of case time.
func (s *Store) RevokeDelegation(ctx context.Context, id string, at time.Time) error {
	result := s.db.WithContext(ctx).Model(&delegationRow{}).
		Where("id = ? AND revoked = ?", id, never).
		Update("revoked", micros(at))
	if result.Error != nil {
		return fmt.Errorf("revoke the delegation: %w", result.Error)
	}
	if result.RowsAffected == 0 {
		return notFound(CodeDelegation, "委托不存在或已撤销")
	}
	return nil
}

// Delegation finds a delegation by its id; CodeDelegation when there is none.
func (r *Reader) Delegation(ctx context.Context, id string) (record.Delegation, error) {
	var row delegationRow
	err := r.delegationQuery(ctx).Where("delegations.id = ?", id).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return record.Delegation{}, notFound(CodeDelegation, "委托不存在")
	}
	if err != nil {
		return record.Delegation{}, fmt.Errorf("read the delegation: %w", err)
	}
	return row.delegation()
}

func (r *Reader) delegationQuery(ctx context.Context) *gorm.DB {
	return r.read(ctx).Select("delegations.*, a.name AS from_name, b.name AS to_name").
		Joins("JOIN users AS a ON a.id = delegations.from_user").
		Joins("JOIN users AS b ON b.id = delegations.to_user").Order("begin_day DESC, delegations.id")
}

// DelegationsTo returns the delegations by which a user may act for others on a civil day.
func (r *Reader) DelegationsTo(ctx context.Context, user, day string) ([]record.Delegation, error) {
	q := r.delegationQuery(ctx).Where("to_user = ? AND revoked = ?", user, never).
		Where("begin_day <= ? AND end_day >= ?", day, day)
	return delegations(q)
}

// DelegationsOf returns all delegations a user ever received, newest first: also one that is still to begin.
func (r *Reader) DelegationsOf(ctx context.Context, user string) ([]record.Delegation, error) {
	return delegations(r.delegationQuery(ctx).Where("to_user = ?", user))
}

// DelegationsFrom returns all delegations a user ever gave, newest first.
func (r *Reader) DelegationsFrom(ctx context.Context, user string) ([]record.Delegation, error) {
	return delegations(r.delegationQuery(ctx).Where("from_user = ?", user))
}

func delegations(q *gorm.DB) ([]record.Delegation, error) {
	var rows []delegationRow
	if err := q.Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read delegations: %w", err)
	}
	return convert(rows, delegationRow.delegation)
}
