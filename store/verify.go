package store

import (
	"context"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"gongzhi/procedure"
	"gongzhi/record"
)

// VerifyCase computes the hash of every event of a case again and compares it with what was recorded, the chain with its
// head, and the form with its hash. CodeCase when the case has no record.
func (r *Reader) VerifyCase(ctx context.Context, number string) (record.Verification, error) {
	v := record.Verification{Case: number, Broken: []record.Break{}}
	db := r.read(ctx)
	err := db.Transaction(func(tx *gorm.DB) error { // one moment: the case may go on meanwhile
		var chain chainRow
		err := tx.Where("case_number = ?", number).Take(&chain).Error
		if errors.Is(err, gorm.ErrRecordNotFound) {
			return notFound(CodeCase, "没有编号为 %.40s 的办件", number)
		}
		if err != nil {
			return fmt.Errorf("read the chain: %w", err)
		}
		var rows []eventRow
		if err := tx.Where("case_number = ? AND seq <= ?", number, chain.Head).Order("seq").Find(&rows).Error; err != nil {
			return fmt.Errorf("read the record: %w", err)
		}
		v.Events = int64(len(rows))
		list, err := events(rows)
		if err != nil {
			return err
		}
		v.Broken = append(v.Broken, breaks(chain, list)...)
		if len(list) > 0 {
			v.Head = list[len(list)-1].Hash
		}
		return verifyForm(tx, &v)
	})
	return v, err
}

func breaks(chain chainRow, list []procedure.Event) []record.Break {
	var found []record.Break
	add := func(seq int64, why string) { found = append(found, record.Break{Seq: seq, Why: why}) }
	prev, seq := "", int64(0)
	for _, e := range list {
		if e.Seq != seq+1 {
			add(e.Seq, "序号不连续，中间有记录缺失")
		}
		if e.Prev != prev {
			add(e.Seq, "与上一项记录的摘要不符")
		}
		if e.Sum() != e.Hash {
			add(e.Seq, "内容与摘要不符，记录被改动过")
		}
		prev, seq = e.Hash, e.Seq
	}
	if seq != chain.Head || prev != chain.Hash {
		add(0, "末项与登记的链头不符，记录被截去、增补或替换")
	}
	return found
}

func verifyForm(tx *gorm.DB, v *record.Verification) error {
	var filing filingRow
	err := tx.Where("case_number = ?", v.Case).Take(&filing).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the filing: %w", err)
	}
	if hash([]byte(filing.Form)) != filing.FormHash {
		v.Broken = append(v.Broken, record.Break{Why: "申报表与其摘要不符，申报内容被改动过"})
	}
	return nil
}
