package store

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"gongzhi/ops"
)

type viewRow struct {
	ID       string `gorm:"primaryKey"`
	UserID   string
	UserName string
	Page     string
	Name     string
	Query    string
	Saved    int64
}

func (viewRow) TableName() string { return "saved_views" }

func (r viewRow) view() (ops.View, error) {
	return ops.View{ID: r.ID, User: r.UserID, UserName: r.UserName, Page: r.Page, Name: r.Name, Query: r.Query, Saved: moment(r.Saved)}, nil
}

// mostViews is how many views one person may keep.
const mostViews = 100

// SaveView keeps a view under its id, or changes it; CodeView when the id is somebody else's.
func (s *Store) SaveView(ctx context.Context, v ops.View) (ops.View, error) {
	if err := checkText(v.ID, v.Page, v.Name, v.Query); err != nil {
		return v, err
	}
	row := viewRow{ID: v.ID, UserID: v.User, UserName: v.UserName, Page: v.Page, Name: v.Name, Query: v.Query, Saved: micros(v.Saved)}
	err := s.write(ctx, func(tx *gorm.DB) error {
		var n int64
		if err := tx.Model(&viewRow{}).Where("user_id = ? AND id <> ?", v.User, v.ID).Count(&n).Error; err != nil {
			return fmt.Errorf("count views: %w", err)
		}
		if n >= mostViews {
			return conflict(CodeViews, "一人至多保存 %d 个视图，请先删除不用的", mostViews)
		}
		result := tx.Exec(`INSERT INTO saved_views (id, user_id, user_name, page, name, query, saved) VALUES ?
			ON CONFLICT (id) DO UPDATE SET user_name = excluded.user_name, page = excluded.page, name = excluded.name,
				query = excluded.query, saved = excluded.saved WHERE saved_views.user_id = excluded.user_id`,
			tuples{{row.ID, row.UserID, row.UserName, row.Page, row.Name, row.Query, row.Saved}})
		if result.Error != nil {
			return fmt.Errorf("save the view: %w", result.Error)
		}
		if result.RowsAffected == 0 {
			return notFound(CodeView, "没有这个视图，或它属于别人")
		}
		return nil
	})
	if err != nil {
		return v, err
	}
	return row.view()
}

// DeleteView removes a view of a user; CodeView when there is none.
func (s *Store) DeleteView(ctx context.Context, user, id string) error {
	result := s.db.WithContext(ctx).Where("id = ? AND user_id = ?", id, user).Delete(&viewRow{})
	if result.Error != nil {
		return fmt.Errorf("delete the view: %w", result.Error)
	}
	if result.RowsAffected == 0 {
		return notFound(CodeView, "没有这个视图，或它属于别人")
	}
	return nil
}

// Views lists the views of a user, by name; of one page, unless it is empty.
func (r *Reader) Views(ctx context.Context, user, page string) ([]ops.View, error) {
	q := r.read(ctx).Where("user_id = ?", user).Order("page, name, id")
	if page != "" {
		q = q.Where("page = ?", page)
	}
	var rows []viewRow
	if err := q.Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read views: %w", err)
	}
	return convert(rows, viewRow.view)
}

// View finds a view by its id, whoever keeps it; CodeView when there is none.
func (r *Reader) View(ctx context.Context, id string) (ops.View, error) {
	var row viewRow
	err := r.read(ctx).Where("id = ?", id).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return ops.View{}, notFound(CodeView, "没有这个视图，它可能已被删除")
	}
	if err != nil {
		return ops.View{}, fmt.Errorf("read the view: %w", err)
	}
	return row.view()
}
