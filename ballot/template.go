package ballot

import (
	"bytes"
	"encoding/csv"
	"fmt"

	"github.com/xuri/excelize/v2"

	"gongzhi/procedure"
	"gongzhi/rules"
)

// The sheets of the template. The first is the one that is read.
const (
	rollSheet = "清册"
	noteSheet = "填写说明"
)

// Template is an empty roll to fill in and import, as "xlsx" or "csv". The .xlsx keeps what is typed as text, so that no share becomes
// a date, offers the words of columns that allow only some, and explains every column on its second sheet.
func Template(c rules.Counting, format string) ([]byte, error) {
	cols := columns(c)
	if len(cols) == 0 {
		return nil, refuse(procedure.Invalid, CodeRollCounting, "计票单位“%.20s”无效", string(c))
	}
	switch format {
	case "xlsx":
		return templateXLSX(cols)
	case "csv":
		return templateCSV(cols)
	default:
		return nil, refuse(procedure.Invalid, CodeRollFormat, "模板只有 xlsx 和 csv 两种")
	}
}

func templateCSV(cols []column) ([]byte, error) {
	heads := make([]string, len(cols))
	for i, c := range cols {
		heads[i] = c.head
	}
	var out bytes.Buffer
	out.WriteString("\uFEFF") // by it Excel knows UTF-8
	w := csv.NewWriter(&out)
	w.UseCRLF = true
	if err := w.Write(SafeRow(heads)); err != nil {
		return nil, fmt.Errorf("ballot: template: %w", err)
	}
	w.Flush()
	return out.Bytes(), w.Error()
}

func templateXLSX(cols []column) (content []byte, err error) {
	book := excelize.NewFile()
	defer func() {
		if e := book.Close(); err == nil && e != nil {
			err = fmt.Errorf("ballot: template: %w", e)
		}
	}()
	for _, step := range []func(*excelize.File, []column) error{rollPage, notePage} {
		if err := step(book, cols); err != nil {
			return nil, fmt.Errorf("ballot: template: %w", err)
		}
	}
	out, err := book.WriteToBuffer()
	if err != nil {
		return nil, fmt.Errorf("ballot: template: %w", err)
	}
	return out.Bytes(), nil
}

// asText is the number format «@», under which a spreadsheet keeps what is typed.
const asText = 49

func rollPage(book *excelize.File, cols []column) error {
	if err := book.SetSheetName("Sheet1", rollSheet); err != nil {
		return err
	}
	text, err := book.NewStyle(&excelize.Style{NumFmt: asText})
	if err != nil {
		return err
	}
	required, err := headStyle(book, "FFF2CC")
	if err != nil {
		return err
	}
	optional, err := headStyle(book, "EDEDED")
	if err != nil {
		return err
	}
	for i, c := range cols {
		name, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		if err := book.SetColStyle(rollSheet, name, text); err != nil {
			return err
		}
		style := optional
		if c.required {
			style = required
		}
		if err := book.SetCellStr(rollSheet, name+"1", c.head); err != nil {
			return err
		}
		if err := book.SetCellStyle(rollSheet, name+"1", name+"1", style); err != nil {
			return err
		}
		if err := offer(book, name, c); err != nil {
			return err
		}
	}
	return finishPage(book, rollSheet, 14)
}

// offer lets a column be filled from a list.
func offer(book *excelize.File, name string, c column) error {
	if len(c.choices) == 0 {
		return nil
	}
	list := excelize.NewDataValidation(true)
	list.SetSqref(fmt.Sprintf("%s2:%s%d", name, name, DefaultLimits().Rows+1))
	if err := list.SetDropList(c.choices); err != nil {
		return err
	}
	return book.AddDataValidation(rollSheet, list)
}

func notePage(book *excelize.File, cols []column) error {
	if _, err := book.NewSheet(noteSheet); err != nil {
		return err
	}
	head, err := headStyle(book, "EDEDED")
	if err != nil {
		return err
	}
	rows := [][]any{{"列", "必填", "例", "怎么填"}}
	for _, c := range cols {
		must := ""
		if c.required {
			must = "必填"
		}
		rows = append(rows, []any{c.head, must, c.example, c.note})
	}
	rows = append(rows, []any{}, []any{"列的次序可以变，表头的文字不能改；没有用到的列会被指出，不会导入。公式不能导入，请粘贴为数值。"})
	for i, row := range rows {
		if err := book.SetSheetRow(noteSheet, fmt.Sprintf("A%d", i+1), &row); err != nil {
			return err
		}
	}
	if err := book.SetCellStyle(noteSheet, "A1", "D1", head); err != nil {
		return err
	}
	return finishPage(book, noteSheet, 20)
}

func headStyle(book *excelize.File, colour string) (int, error) {
	return book.NewStyle(&excelize.Style{
		NumFmt: asText,
		Font:   &excelize.Font{Bold: true},
		Fill:   excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}},
	})
}

// finishPage keeps the headings in sight and makes every column width characters wide.
func finishPage(book *excelize.File, sheet string, width uint8) error {
	if err := book.SetSheetProps(sheet, &excelize.SheetPropsOptions{BaseColWidth: &width}); err != nil {
		return err
	}
	return book.SetPanes(sheet, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}
