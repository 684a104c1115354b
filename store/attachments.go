package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"gongzhi/ballot"
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
		ID: r.ID, Name: r.Name, Type: r.Type, Size: r.Size, SHA256: r.SHA256, Case: r.CaseNumber, Ballot: r.Ballot, By: r.ByUser,
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
			return noFile(id)
		}
		return usedFile(id)
	}
	return nil
}

func noFile(id string) error {
	return invalid(CodeAttachment, "附件 %.80s 不存在，请重新上传", id)
}

func usedFile(id string) error {
	return conflict(CodeAttached, "附件 %.80s 已用于另一办件，请重新上传", id)
}

// papers are the files that ballots bring, held until their transaction ends: nobody else uses one of them meanwhile.
type papers map[string]*attachmentRow

func lockPapers(tx *gorm.DB, casts []ballot.Cast) (papers, error) {
	var ids []string
	for _, c := range casts {
		ids = append(ids, filesOf(c)...)
	}
	if len(ids) == 0 {
		return nil, nil // on the web
	}
	var rows []attachmentRow
	if err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("id IN ?", ids).Order("id").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the files of ballots: %w", err)
	}
	p := papers{}
	for i, row := range rows {
		p[row.ID] = &rows[i]
	}
	return p, nil
}

// filesOf are the files of a ballot, with the signed list if there is one.
func filesOf(c ballot.Cast) []string {
	if c.Signed == "" {
		return c.Files
	}
	return append(slices.Clip(c.Files), c.Signed)
}

// usable refuses a file that is not there, or that somebody else uploaded, as one answer; and a file of another case: it would open
// that file to strangers.
func (p papers) usable(c ballot.Cast) error {
	for _, id := range filesOf(c) {
		row, ok := p[id]
		switch {
		case !ok || row.ByUser != c.By.User:
			return noFile(id)
		case row.CaseNumber != "" && row.CaseNumber != c.Number:
			return usedFile(id)
		}
	}
	return nil
}

// use makes the files of a ballot part of its case: whoever may see its ballots may see them.
func (p papers) use(c ballot.Cast) {
	for _, id := range filesOf(c) {
		p[id].CaseNumber, p[id].Ballot = c.Number, true
	}
}

func (p papers) save(tx *gorm.DB) error {
	for _, id := range slices.Sorted(maps.Keys(p)) {
		if !p[id].Ballot { // its ballot was refused
			continue
		}
		if err := tx.Model(p[id]).Select("case_number", "ballot").Updates(p[id]).Error; err != nil {
			return fmt.Errorf("attach the file of a ballot: %w", err)
		}
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
