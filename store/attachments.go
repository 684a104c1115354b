package store

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"gongzhi/record"
)

// SaveAttachment keeps the description of an uploaded file, under a new id unless it has one. It belongs to no case until a command uses it.
func (s *Store) SaveAttachment(ctx context.Context, a record.Attachment) error {
	if err := checkText(a.ID, a.Name, a.Type, a.ByName); err != nil {
		return err
	}
	a.ID = newID(a.ID)
	row := attachmentRow{
		ID: a.ID, Name: a.Name, Type: a.Type, Size: a.Size, SHA256: a.SHA256, ByUser: a.By, ByName: a.ByName,
		Unit: a.Unit, At: micros(a.At),
	}
	if err := s.db.WithContext(ctx).Create(&row).Error; err != nil {
		return fmt.Errorf("store the attachment: %w", err)
	}
	return nil
}

func (r attachmentRow) attachment() record.Attachment {
	return record.Attachment{
		ID: r.ID, Name: r.Name, Type: r.Type, Size: r.Size, SHA256: r.SHA256, Case: r.CaseNumber, By: r.ByUser,
		ByName: r.ByName, Unit: r.Unit, At: moment(r.At),
	}
}

// attach makes files part of a case. A file of another case is refused: it would open that file to strangers.
func attach(tx *gorm.DB, number string, ids []string) error {
	for _, id := range ids {
		result := tx.Model(&attachmentRow{}).Where("id = ? AND case_number IN ?", id, []string{"", number}).
			Update("case_number", number)
		if result.Error != nil {
			return fmt.Errorf("attach: %w", result.Error)
		}
		if result.RowsAffected == 1 {
			continue
		}
		var n int64
		if err := tx.Model(&attachmentRow{}).Where("id = ?", id).Count(&n).Error; err != nil {
			return fmt.Errorf("attach: %w", err)
		}
		if n == 0 {
			return invalid(CodeAttachment, "附件 %.80s 不存在，请重新上传", id)
		}
		return conflict(CodeAttached, "附件 %.80s 已用于另一办件，请重新上传", id)
	}
	return nil
}

// Attachment finds a file by its id; CodeAttachment when there is none. Whether the reader may have it depends on its case.
func (r *Reader) Attachment(ctx context.Context, id string) (record.Attachment, error) {
	var row attachmentRow
	err := r.read(ctx).Where("id = ?", id).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return record.Attachment{}, notFound(CodeAttachment, "附件不存在")
	}
	if err != nil {
		return record.Attachment{}, fmt.Errorf("read the attachment: %w", err)
	}
	return row.attachment(), nil
}

// Attachments finds files by their ids, in the order asked for. Unknown ids are left out.
func (r *Reader) Attachments(ctx context.Context, ids []string) ([]record.Attachment, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []attachmentRow
	if err := r.read(ctx).Where("id IN ?", ids).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read attachments: %w", err)
	}
	found := make(map[string]attachmentRow, len(rows))
	for _, row := range rows {
		found[row.ID] = row
	}
	list := make([]record.Attachment, 0, len(rows))
	for _, id := range ids {
		if row, ok := found[id]; ok {
			list = append(list, row.attachment())
		}
	}
	return list, nil
}
