package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/record"
)

// StartCase takes a filing in: it gives the case the next number of its district, procedure and year (the civil year of
// Command.At), keeps the form, and stores the command that starts the workflow. Repeating it with the same command id
// and request returns the same number.
func (s *Store) StartCase(ctx context.Context, in record.StartCase) (stored record.Command, fresh bool, err error) {
	if err := checkStart(in); err != nil {
		return record.Command{}, false, err
	}
	form, err := compact(in.Form)
	if err != nil {
		return record.Command{}, false, err
	}
	err = s.write(ctx, func(tx *gorm.DB) error {
		c := in.Command
		c.Files = in.Files
		if stored, fresh, err = s.store(tx, c); err != nil || !fresh {
			return err
		}
		if err := numberCase(tx, &stored, in.Prefix); err != nil {
			return err
		}
		filing, err := newFilingRow(stored, in.Title, form)
		if err != nil {
			return err
		}
		if err := mayReapply(tx, filing.Reapplies, in.Reapplications); err != nil {
			return err
		}
		if err := tx.Create(&filing).Error; err != nil {
			return fmt.Errorf("store the filing: %w", err)
		}
		return attach(tx, stored.Case, in.Files)
	})
	return stored, fresh, err
}

func checkStart(in record.StartCase) error {
	f := in.Command.Filing
	switch {
	case in.Command.Action != procedure.ActStart || f == nil:
		return invalid(CodeEvent, "发起办件须附申报内容")
	case f.District == "" || in.Prefix == "":
		return invalid(CodeEvent, "缺少所属区或编号前缀")
	}
	if err := checkCommand(in.Command); err != nil {
		return err
	}
	return checkText(in.Title, string(in.Form))
}

// numberCase allocates the number and writes it into the command and its filing.
func numberCase(tx *gorm.DB, c *record.Command, prefix string) error {
	year := calendar.DateOf(c.At).Year
	n, err := next(tx, c.Filing.District, prefix, year)
	if err != nil {
		return err
	}
	filing := *c.Filing
	filing.Case, filing.Command = caseNumber(filing.District, prefix, year, n), c.ID
	c.Case, c.Filing = filing.Case, &filing
	row, err := newCommandRow(*c)
	if err != nil {
		return err
	}
	if err := tx.Model(&row).Select("case_number", "body").Updates(row).Error; err != nil {
		return fmt.Errorf("number the command: %w", err)
	}
	return nil
}

func caseNumber(district, prefix string, year int, n int64) string {
	return fmt.Sprintf("%s-%s-%d-%03d", district, prefix, year, n)
}

// next counts without gaps: the counter's row stays locked until the transaction ends, and goes back with it.
func next(tx *gorm.DB, district, prefix string, year int) (int64, error) {
	var n int64
	err := tx.Raw(`INSERT INTO counters (district, prefix, year, n) VALUES (?, ?, ?, 1)
		ON CONFLICT (district, prefix, year) DO UPDATE SET n = counters.n + 1 RETURNING n`,
		district, prefix, year).Scan(&n).Error
	if err != nil {
		return 0, fmt.Errorf("count: %w", err)
	}
	return n, nil
}

// SetCounter makes n the last number given, for a district that numbered cases before. It never goes back.
func (s *Store) SetCounter(ctx context.Context, district, prefix string, year int, n int64) error {
	return s.write(ctx, func(tx *gorm.DB) error {
		result := tx.Exec(`INSERT INTO counters (district, prefix, year, n) VALUES (?, ?, ?, ?)
			ON CONFLICT (district, prefix, year) DO UPDATE SET n = excluded.n WHERE counters.n <= excluded.n`,
			district, prefix, year, n)
		if result.Error != nil {
			return fmt.Errorf("set the counter: %w", result.Error)
		}
		if result.RowsAffected == 0 {
			return conflict(CodeCounter, "编号只能向前：%s-%s-%d 已编至 %d 之后", district, prefix, year, n)
		}
		return nil
	})
}

func newFilingRow(c record.Command, title string, form []byte) (filingRow, error) {
	files, err := encode(append([]string{}, c.Files...))
	var again struct {
		Reapplies string `json:"reapplies"`
	}
	_ = json.Unmarshal(form, &again) // a form of another shape applies for nothing again
	return filingRow{
		CaseNumber: c.Case, Command: c.ID, Title: title, Form: string(form), FormHash: hash(form),
		Reapplies: again.Reapplies, Files: files, At: micros(c.At),
	}, err
}

func hash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// compact sorts keys and drops white space, so that the hash of a form does not depend on how it was typed.
func compact(form json.RawMessage) ([]byte, error) {
	if len(form) == 0 {
		return []byte("{}"), nil
	}
	var v any
	if err := json.Unmarshal(form, &v); err != nil {
		return nil, invalid(CodeEvent, "申报表不是有效的 JSON")
	}
	return json.Marshal(v)
}

// CaseFiling returns what was filed.
func (r *Reader) CaseFiling(ctx context.Context, number string) (record.Filing, error) {
	var row filingRow
	err := r.read(ctx).Where("case_number = ?", number).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return record.Filing{}, notFound(CodeCase, "没有编号为 %s 的办件", number)
	}
	if err != nil {
		return record.Filing{}, fmt.Errorf("read the filing: %w", err)
	}
	files, err := decode[[]string](row.Files)
	return record.Filing{
		Case: row.CaseNumber, Form: json.RawMessage(row.Form), FormHash: row.FormHash, Attachments: files,
		At: moment(row.At),
	}, err
}

// Reapplications counts the filings that apply for a case again (再次申请): those whose form names it under «reapplies».
func (r *Reader) Reapplications(ctx context.Context, number string) (int, error) {
	n, err := reapplications(r.read(ctx), number)
	return int(n), err
}

func reapplications(db *gorm.DB, number string) (n int64, err error) {
	if number == "" {
		return 0, nil
	}
	if err := db.Model(&filingRow{}).Where("reapplies = ?", number).Count(&n).Error; err != nil {
		return 0, fmt.Errorf("count reapplications: %w", err)
	}
	return n, nil
}

// mayReapply refuses one application too many for the same case. The filing of that case stays locked until the transaction
// ends, so that of two in the same moment the second finds the first.
func mayReapply(tx *gorm.DB, number string, most int64) error {
	if number == "" {
		return nil
	}
	err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).Where("case_number = ?", number).Take(&filingRow{}).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return notFound(CodeCase, "没有编号为 %.40s 的办件", number)
	}
	if err != nil {
		return fmt.Errorf("lock the filing: %w", err)
	}
	n, err := reapplications(tx, number)
	if err != nil {
		return err
	}
	if n >= most {
		return conflict(CodeReapplied, "办件 %s 已有人再次申请，一件只能再申请 %d 次", number, most)
	}
	return nil
}
