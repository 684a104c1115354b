package store

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"gongzhi/procedure"
	"gongzhi/record"
)

type unitRow struct {
	Code     string `gorm:"primaryKey"`
	Name     string
	Level    string
	Parent   string
	Path     string
	District string
	Disabled bool
}

func (unitRow) TableName() string { return "units" }

func (r unitRow) unit() (record.Unit, error) {
	return record.Unit{
		Code: r.Code, Name: r.Name, Level: procedure.Level(r.Level), Parent: r.Parent, Path: r.Path, District: r.District,
		Disabled: r.Disabled,
	}, nil
}

type userRow struct {
	ID           string `gorm:"primaryKey"`
	Name         string
	Disabled     bool
	PasswordHash string
}

func (userRow) TableName() string { return "users" }

func (r userRow) user() record.User {
	return record.User{ID: r.ID, Name: r.Name, Disabled: r.Disabled}
}

type postRow struct {
	ID       string  `gorm:"primaryKey"`
	UserID   *string // nil: vacant
	Unit     string
	Role     string
	RoleName string
	FromDay  string
	ToDay    string
	UnitName string `gorm:"->"` // joined when read
}

func (postRow) TableName() string { return "posts" }

func (r postRow) post() (record.Post, error) {
	p := record.Post{
		ID: r.ID, Unit: r.Unit, UnitName: r.UnitName, Role: procedure.Role(r.Role), RoleName: r.RoleName,
		From: r.FromDay, To: r.ToDay,
	}
	if r.UserID != nil {
		p.User = *r.UserID
	}
	return p, nil
}

// SaveUnit adds or changes a unit of the tree.
func (s *Store) SaveUnit(ctx context.Context, u record.Unit) error {
	if u.Code == "" || !validPath(u.Path) {
		return invalid(CodeUnit, "单位 %.40q 的编码或路径无效：路径形如 /市/区/单位/", u.Code)
	}
	row := unitRow{
		Code: u.Code, Name: u.Name, Level: string(u.Level), Parent: u.Parent, Path: u.Path, District: u.District,
		Disabled: u.Disabled,
	}
	return s.write(ctx, func(tx *gorm.DB) error {
		var old unitRow
		if err := tx.Where("code = ?", u.Code).Limit(1).Find(&old).Error; err != nil {
			return fmt.Errorf("read the unit: %w", err)
		}
		if old.Path != u.Path { // an append that reads the old path must not slip in between
			if err := s.stopAppends(tx); err != nil {
				return err
			}
		}
		if err := replace(tx, "code").Create(&row).Error; err != nil {
			return fmt.Errorf("save the unit: %w", err)
		}
		if old.Path == u.Path {
			return nil
		}
		return moveAreas(tx, u.Code)
	})
}

// Units returns the whole tree, parents before children.
func (r *Reader) Units(ctx context.Context) ([]record.Unit, error) {
	var rows []unitRow
	if err := r.read(ctx).Order("path").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read units: %w", err)
	}
	return convert(rows, unitRow.unit)
}

// Unit finds a unit by its code; CodeUnit when there is none.
func (r *Reader) Unit(ctx context.Context, code string) (record.Unit, error) {
	var row unitRow
	err := r.read(ctx).Where("code = ?", code).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return record.Unit{}, notFound(CodeUnit, "单位 %.40q 不存在", code)
	}
	if err != nil {
		return record.Unit{}, fmt.Errorf("read the unit: %w", err)
	}
	return row.unit()
}

// CreateUser adds an account with the hash of its password; CodeUserExists when the login is taken.
func (s *Store) CreateUser(ctx context.Context, u record.User, passwordHash string) error {
	if u.ID == "" || u.Name == "" {
		return invalid(CodeUser, "账号和姓名不能为空")
	}
	if err := checkText(u.ID, u.Name); err != nil {
		return err
	}
	row := userRow{ID: u.ID, Name: u.Name, Disabled: u.Disabled, PasswordHash: passwordHash}
	result := once(s.db.WithContext(ctx), "id").Create(&row)
	if result.Error != nil {
		return fmt.Errorf("create the user: %w", result.Error)
	}
	if result.RowsAffected == 0 {
		return conflict(CodeUserExists, "账号 %.40q 已存在", u.ID)
	}
	return nil
}

// SetPassword replaces the hash of a user's password.
func (s *Store) SetPassword(ctx context.Context, id, passwordHash string) error {
	return s.changeUser(ctx, id, map[string]any{"password_hash": passwordHash})
}

// SaveUser changes the name and the state of an account.
func (s *Store) SaveUser(ctx context.Context, u record.User) error {
	if u.Name == "" {
		return invalid(CodeUser, "姓名不能为空")
	}
	if err := checkText(u.Name); err != nil {
		return err
	}
	return s.changeUser(ctx, u.ID, map[string]any{"name": u.Name, "disabled": u.Disabled})
}

// DisableUser shuts an account. Its posts stand, and nobody mans them through it.
func (s *Store) DisableUser(ctx context.Context, id string) error {
	return s.changeUser(ctx, id, map[string]any{"disabled": true})
}

// EnableUser opens a shut account again.
func (s *Store) EnableUser(ctx context.Context, id string) error {
	return s.changeUser(ctx, id, map[string]any{"disabled": false})
}

func (s *Store) changeUser(ctx context.Context, id string, values map[string]any) error {
	result := s.db.WithContext(ctx).Model(&userRow{}).Where("id = ?", id).Updates(values)
	if result.Error != nil {
		return fmt.Errorf("change the user: %w", result.Error)
	}
	if result.RowsAffected == 0 {
		return notFound(CodeUser, "账号 %.40q 不存在", id)
	}
	return nil
}

// UserByLogin finds an account with all its posts and the hash of its password; CodeUser when there is none.
func (r *Reader) UserByLogin(ctx context.Context, id string) (record.User, string, error) {
	var row userRow
	err := r.read(ctx).Where("id = ?", id).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return record.User{}, "", notFound(CodeUser, "账号 %.40q 不存在", id)
	}
	if err != nil {
		return record.User{}, "", fmt.Errorf("read the user: %w", err)
	}
	u := row.user()
	u.Posts, err = r.posts(r.postQuery(ctx).Where("posts.user_id = ?", id))
	return u, row.PasswordHash, err
}

// Users lists accounts whose login or name contains a text, with their posts; the empty text lists all. At most 200.
func (r *Reader) Users(ctx context.Context, text string) ([]record.User, error) {
	q := r.read(ctx).Order("id").Limit(200)
	if text != "" {
		q = q.Where(containing(fresh(q), "lower(id)", text).Or(`lower(name) LIKE ? ESCAPE '\'`, like(text)))
	}
	var rows []userRow
	if err := q.Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read users: %w", err)
	}
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	posts, err := r.posts(r.postQuery(ctx).Where("posts.user_id IN ?", ids))
	if err != nil {
		return nil, err
	}
	list := make([]record.User, len(rows))
	for i, row := range rows {
		list[i] = row.user()
		for _, p := range posts {
			if p.User == row.ID {
				list[i].Posts = append(list[i].Posts, p)
			}
		}
	}
	return list, nil
}
