package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"gongzhi/record"
)

// noticeRow is a notice: of a case, or that a list was imported, which has no case. Notices are public: every official may
// read them, whoever sees the case.
type noticeRow struct {
	CaseNumber    string `gorm:"primaryKey"`
	ID            string `gorm:"primaryKey"`
	Seq           int64
	District      string
	Version       string
	Published     int64
	UntilDay      string
	ObjectionsDay string
	Search        string
	Body          string
}

func (noticeRow) TableName() string { return noticesTable }

func newNoticeRow(number, id string, seq int64, n record.Notice) (noticeRow, error) {
	body, err := encode(n)
	return noticeRow{
		CaseNumber: number, ID: id, Seq: seq, District: n.District, Version: n.Version, Published: micros(n.From),
		UntilDay: n.Until, ObjectionsDay: n.Objections, Search: folded(n.Title, n.Text), Body: body,
	}, err
}

// importNotice is the notice of a list that was imported.
func importNotice(v record.ListVersion) (noticeRow, error) {
	n := record.Notice{
		ID: v.District + "." + v.Version, District: v.District, Title: "社区工作清单（" + v.Version + "）", Text: v.Why,
		From: clean(v.Published), Version: v.Version,
	}
	return newNoticeRow("", n.ID, 0, n)
}

// inForce holds for notices that announce no list, or the newest of their district.
const inForce = `(version = '' OR (district, version) IN (SELECT own.district, own.version FROM list_versions AS own
	WHERE NOT EXISTS (SELECT 1 FROM list_versions AS later
		WHERE later.district = own.district AND (later.year, later.n) > (own.year, own.n))))`

var noticeOrder = order{list: "notices", by: "published", id: "id", desc: true}

// Notices lists what was published and the filter chooses, newest first, a page at a time.
func (r *Reader) Notices(ctx context.Context, f record.NoticeFilter) (record.Page[record.Notice], error) {
	var page record.Page[record.Notice]
	q := r.read(ctx)
	switch f.Kind {
	case "":
	case record.NoticeList:
		q = q.Where("version <> ?", "")
	case record.NoticeCase:
		q = q.Where("version = ?", "")
	default:
		return page, invalid(CodeFilter, "公告种类 %.40q 无效：应为 list 或 case", f.Kind)
	}
	if f.District != "" {
		q = q.Where("district = ?", f.District)
	}
	if f.Text != "" {
		q = containing(q, "search", f.Text)
	}
	if f.Open && f.Today == "" {
		return page, invalid(CodeFilter, "只看仍有效的公告时须写明日期")
	}
	if f.Open { // as record.Notice.Open
		q = q.Where("("+inForce+" AND (until_day = '' OR until_day >= ?) OR objections_day >= ?)", f.Today, f.Today)
	}
	q, limit, err := noticeOrder.page(q, f.After, f.Limit)
	if err != nil {
		return page, err
	}
	var rows []noticeRow
	if err := q.Find(&rows).Error; err != nil {
		return page, fmt.Errorf("read notices: %w", err)
	}
	rows, page.Next = cut(noticeOrder, rows, limit, func(n noticeRow) (int64, string) { return n.Published, n.ID })
	page.Items, err = r.shown(ctx, rows)
	return page, err
}

// Notice finds a notice by its id; CodeNotice when there is none.
func (r *Reader) Notice(ctx context.Context, id string) (record.Notice, error) {
	var row noticeRow
	err := r.read(ctx).Where("id = ?", id).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return record.Notice{}, notFound(CodeNotice, "没有这份公告")
	}
	if err != nil {
		return record.Notice{}, fmt.Errorf("read the notice: %w", err)
	}
	list, err := r.shown(ctx, []noticeRow{row})
	if err != nil {
		return record.Notice{}, err
	}
	return list[0], nil
}

// CaseNotices returns what a case published, in the order of its record.
func (r *Reader) CaseNotices(ctx context.Context, number string) ([]record.Notice, error) {
	var rows []noticeRow
	if err := r.read(ctx).Where("case_number = ?", number).Order("seq").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the notices of the case: %w", err)
	}
	return r.shown(ctx, rows)
}

// shown decodes rows and says which lists were replaced since.
func (r *Reader) shown(ctx context.Context, rows []noticeRow) ([]record.Notice, error) {
	var districts []string
	for _, row := range rows {
		if row.Version != "" && !slices.Contains(districts, row.District) {
			districts = append(districts, row.District)
		}
	}
	var versions []listRow
	if len(districts) > 0 {
		err := r.read(ctx).Select("district, year, n, version").Where("district IN ?", districts).
			Order("district, year, n").Find(&versions).Error
		if err != nil {
			return nil, fmt.Errorf("read the versions of lists: %w", err)
		}
	}
	after := map[[2]string]string{}
	for i := range max(len(versions)-1, 0) {
		if own, next := versions[i], versions[i+1]; own.District == next.District {
			after[[2]string{own.District, own.Version}] = next.Version
		}
	}
	return convert(rows, func(row noticeRow) (record.Notice, error) {
		n, err := decode[record.Notice](row.Body)
		n.ReplacedBy = after[[2]string{row.District, row.Version}]
		return n, err
	})
}
