package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"gongzhi/procedure"
	"gongzhi/record"
)

// SaveDraft keeps a form that is not sent yet. Version 0 makes a new one; any other must be the version last saved,
// else CodeStale: somebody (or another window) saved in between. It returns the draft with its new version.
func (s *Store) SaveDraft(ctx context.Context, d record.Draft) (record.Draft, error) {
	if err := checkText(d.ID, d.Title, string(d.Form)); err != nil {
		return record.Draft{}, err
	}
	if len(d.Form) == 0 {
		d.Form = json.RawMessage(`{}`)
	}
	if !json.Valid(d.Form) {
		return record.Draft{}, invalid(CodeText, "草稿内容不是有效的 JSON")
	}
	files, err := encode(append([]string{}, d.Files...))
	if err != nil {
		return record.Draft{}, err
	}
	old := d.Version
	if d.Saved.IsZero() {
		d.Saved = s.now()
	}
	d.Version, d.Saved = old+1, clean(d.Saved)
	row := draftRow{
		UserID: d.User, ID: d.ID, Unit: d.Unit, Kind: string(d.Kind), Title: d.Title, Form: string(d.Form), Files: files,
		Saved: micros(d.Saved), Version: d.Version,
	}
	var result *gorm.DB
	db := s.db.WithContext(ctx)
	if old == 0 {
		result = once(db, "user_id", "id").Create(&row)
	} else {
		result = db.Model(&draftRow{}).Where("user_id = ? AND id = ? AND version = ?", d.User, d.ID, old).
			Select("unit", "kind", "title", "form", "files", "saved", "version").Updates(row)
	}
	if result.Error != nil {
		return record.Draft{}, fmt.Errorf("save the draft: %w", result.Error)
	}
	if result.RowsAffected == 0 {
		return record.Draft{}, conflict(CodeStale, "草稿已在别处保存过，请重新打开后再改")
	}
	return d, nil
}

// DeleteDraft removes a draft. Removing one that is gone is no error.
func (s *Store) DeleteDraft(ctx context.Context, user, id string) error {
	err := s.db.WithContext(ctx).Where("user_id = ? AND id = ?", user, id).Delete(&draftRow{}).Error
	if err != nil {
		return fmt.Errorf("delete the draft: %w", err)
	}
	return nil
}

func (r draftRow) draft() (record.Draft, error) {
	files, err := decode[[]string](r.Files)
	return record.Draft{
		ID: r.ID, User: r.UserID, Unit: r.Unit, Kind: procedure.Kind(r.Kind), Title: r.Title,
		Form: json.RawMessage(r.Form), Files: files, Saved: moment(r.Saved), Version: r.Version,
	}, err
}

// Drafts lists a user's drafts, last saved first.
func (r *Reader) Drafts(ctx context.Context, user string) ([]record.Draft, error) {
	var rows []draftRow
	err := r.read(ctx).Where("user_id = ?", user).Order("saved DESC, id").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read drafts: %w", err)
	}
	return convert(rows, draftRow.draft)
}

// Draft finds a user's draft; CodeDraft when there is none.
func (r *Reader) Draft(ctx context.Context, user, id string) (record.Draft, error) {
	var row draftRow
	err := r.read(ctx).Where("user_id = ? AND id = ?", user, id).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return record.Draft{}, notFound(CodeDraft, "草稿不存在")
	}
	if err != nil {
		return record.Draft{}, fmt.Errorf("read the draft: %w", err)
	}
	return row.draft()
}
