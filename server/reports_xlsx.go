package server

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/xuri/excelize/v2"

	"gongzhi/ballot"
)

// performanceXLSX is the report as a workbook: the same figures as on the page.
func (s *Server) performanceXLSX(ctx context.Context, in *reportInput) (*downloadReply, error) {
	v, err := s.report(ctx, in)
	if err != nil {
		return nil, err
	}
	content, err := reportBook(v)
	if err != nil {
		return nil, err
	}
	return &downloadReply{Body: func(hc huma.Context) {
		hc.SetHeader("Content-Type", accepted[".xlsx"][0])
		hc.SetHeader("Content-Length", strconv.Itoa(len(content)))
		hc.SetHeader("Content-Disposition", disposition("效能报表 "+v.From+" 至 "+v.To+".xlsx"))
		hc.SetStatus(http.StatusOK)
		_, _ = hc.BodyWriter().Write(content) // the caller may have gone away
	}}, nil
}

// figureHeads are the columns of Figures.
var figureHeads = []any{
	"办结（件）", "中位数（工作日）", "P90（工作日）", "最长（工作日）", "有期限（件）", "超期（件）", "超期占比（%，舍去小数）", "其中逾期未反馈（件）",
	"退回（件）", "退回率（%，舍去小数）", "黄牌（件）", "红牌（件）",
}

func (f Figures) cells() []any {
	if f.Count == 0 {
		return []any{0} // no figure of nothing
	}
	return []any{f.Count, f.Median, f.P90, f.Longest, f.Dated, f.Late, f.LatePercent, f.Silent, f.Returned, f.ReturnedPercent, f.Yellow, f.Red}
}

// reportNotes say how the figures are to be read. The page says the same.
var reportNotes = []string{
	"时长按工作日计：收到当日不计，办结当日计入，当日办结为 0；时钟暂停的工作日不计。",
	"只计期内办结（含逾期未反馈）的待办，一家办一次算一件；转办的计在最后办理的单位；撤销、终止而没有答复的不计。",
	"中位数、P90 是实际发生过的时长：至少 50%、90% 的件不超过它。件数少时只反映个别几件。",
	"超期占比以有期限的件为分母，百分数舍去小数。黄牌、红牌按每件得过的最重的一张计。",
	"单位按编制次序排列，不排名；报表不含任何个人。",
}

// sheet is one sheet: its headings and rows.
type sheet struct {
	name  string
	heads []any
	rows  [][]any
}

func reportBook(v PerformanceView) (content []byte, err error) {
	book := excelize.NewFile()
	defer func() {
		if e := book.Close(); err == nil && e != nil {
			err = fmt.Errorf("report: workbook: %w", e)
		}
	}()
	for i, p := range sheets(v) {
		if err := addSheet(book, i, p); err != nil {
			return nil, fmt.Errorf("report: sheet %s: %w", p.name, err)
		}
	}
	out, err := book.WriteToBuffer()
	if err != nil {
		return nil, fmt.Errorf("report: workbook: %w", err)
	}
	return out.Bytes(), nil
}

func sheets(v PerformanceView) []sheet {
	about := sheet{name: "说明", heads: []any{"效能报表"}, rows: [][]any{{"期间：" + v.From + " 至 " + v.To}}}
	if v.Name != "" {
		about.rows = append(about.rows, []any{"单位：" + v.Name + "（含下级）"})
	}
	for _, note := range reportNotes {
		about.rows = append(about.rows, []any{note})
	}
	stages := sheet{name: "环节", heads: append([]any{"事项", "环节", "单位", "法定或规定期限"}, figureHeads...)}
	for _, k := range v.Kinds {
		for _, stage := range k.Stages {
			stages.rows = append(stages.rows, append([]any{k.Name, stage.Title, "合计", stage.Limit}, stage.Figures.cells()...))
			for _, u := range stage.Units {
				stages.rows = append(stages.rows, append([]any{k.Name, stage.Title, u.fullName(), stage.Limit}, u.Figures.cells()...))
			}
		}
	}
	units := sheet{name: "单位", heads: append([]any{"单位", "此刻超期未办（件）"}, figureHeads...)}
	for _, u := range v.Units {
		units.rows = append(units.rows, append([]any{u.fullName(), u.OverdueNow}, u.Figures.cells()...))
	}
	waits := sheet{name: "等待外部", heads: []any{"等谁", "次数", "合计（工作日）", "中位数（工作日）", "P90（工作日）", "最长（工作日）"}}
	for _, w := range v.Waits {
		waits.rows = append(waits.rows, []any{w.Court, w.Count, w.Days, w.Median, w.P90, w.Longest})
	}
	return []sheet{about, stages, units, waits}
}

func (u UnitFigures) fullName() string {
	if u.Above == "" {
		return u.Name
	}
	return u.Above + " " + u.Name
}

func addSheet(book *excelize.File, i int, p sheet) error {
	if i == 0 {
		if err := book.SetSheetName("Sheet1", p.name); err != nil {
			return err
		}
	} else if _, err := book.NewSheet(p.name); err != nil {
		return err
	}
	bold, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{WrapText: i > 0}})
	if err != nil {
		return err
	}
	for n, row := range append([][]any{p.heads}, p.rows...) {
		for m, cell := range row {
			if text, ok := cell.(string); ok {
				row[m] = ballot.SafeCell(text)
			}
		}
		if err := book.SetSheetRow(p.name, "A"+strconv.Itoa(n+1), &row); err != nil {
			return err
		}
	}
	last, err := excelize.CoordinatesToCellName(len(p.heads), 1)
	if err != nil {
		return err
	}
	if err := book.SetCellStyle(p.name, "A1", last, bold); err != nil {
		return err
	}
	width := uint8(16)
	if err := book.SetSheetProps(p.name, &excelize.SheetPropsOptions{BaseColWidth: &width}); err != nil {
		return err
	}
	return book.SetPanes(p.name, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}
