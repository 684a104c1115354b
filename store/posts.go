package store

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"gongzhi/calendar"
	"gongzhi/record"
)

// SavePost adds a post (岗位), under a new id unless it has one, or changes the one of the same id. One without a user is vacant: the unit has it and nobody holds it.
func (s *Store) SavePost(ctx context.Context, p record.Post) error {
	if err := checkTerm(p.From, p.To); err != nil {
		return err
	}
	p.ID = newID(p.ID)
	row := postRow{ID: p.ID, Unit: p.Unit, Role: string(p.Role), RoleName: p.RoleName, FromDay: p.From, ToDay: p.To}
	return s.write(ctx, func(tx *gorm.DB) error {
		if p.User != "" {
			row.UserID = &p.User
			if err := mustExist(tx, &userRow{}, "id", p.User, CodeUser, "账号"); err != nil {
				return err
			}
		}
		if err := mustExist(tx, &unitRow{}, "code", p.Unit, CodeUnit, "单位"); err != nil {
			return err
		}
		if err := replace(tx, "id").Create(&row).Error; err != nil {
			return fmt.Errorf("save the post: %w", err)
		}
		return nil
	})
}

// newID keeps an id, or makes one.
func newID(id string) string { return cmp.Or(id, strings.ToLower(rand.Text())) }

func mustExist(tx *gorm.DB, model any, column, value, code, what string) error {
	var n int64
	if err := tx.Model(model).Where(map[string]any{column: value}).Count(&n).Error; err != nil {
		return fmt.Errorf("look for %s: %w", column, err)
	}
	if n == 0 {
		return invalid(code, "%s %.40q 不存在", what, value)
	}
	return nil
}

// checkTerm: both days are civil days, the last one inclusive or open.
func checkTerm(from, to string) error {
	first, err := calendar.ParseDate(from)
	if err != nil {
		return invalid(CodeTerm, "起始日期 %.40q 无效", from)
	}
	if to == "" {
		return nil
	}
	last, err := calendar.ParseDate(to)
	if err != nil {
		return invalid(CodeTerm, "终止日期 %.40q 无效", to)
	}
	if last.Before(first) {
		return invalid(CodeTerm, "终止日期 %s 早于起始日期 %s", to, from)
	}
	return nil
}

// EndPost makes day the last day of a post.
func (s *Store) EndPost(ctx context.Context, id, day string) error {
	if _, err := calendar.ParseDate(day); err != nil {
		return invalid(CodeTerm, "终止日期 %.40q 无效", day)
	}
	result := s.db.WithContext(ctx).Model(&postRow{}).Where("id = ?", id).Update("to_day", day)
	if result.Error != nil {
		return fmt.Errorf("end the post: %w", result.Error)
	}
	if result.RowsAffected == 0 {
		return notFound(CodePost, "岗位不存在")
	}
	return nil
}

func (r *Reader) postQuery(ctx context.Context) *gorm.DB {
	return r.read(ctx).Select("posts.*, units.name AS unit_name").Joins("JOIN units ON units.code = posts.unit").
		Order("posts.unit, posts.role, posts.id")
}

func (r *Reader) posts(q *gorm.DB) ([]record.Post, error) {
	var rows []postRow
	if err := q.Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read posts: %w", err)
	}
	return convert(rows, postRow.post)
}

// valid limits a query to posts that hold on a civil day.
func valid(q *gorm.DB, day string) *gorm.DB {
	return q.Where("posts.from_day <= ?", day).Where("posts.to_day = ? OR posts.to_day >= ?", "", day)
}

// PostsOf returns the posts a user holds on a civil day.
func (r *Reader) PostsOf(ctx context.Context, user, day string) ([]record.Post, error) {
	return r.posts(valid(r.postQuery(ctx).Where("posts.user_id = ?", user), day))
}
