package ballot

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"gongzhi/procedure"
	"gongzhi/rules"
)

// Refusals of a whole file. What is wrong with one line is a BadLine.
const (
	CodeRollFormat     = "roll.format"     // neither .xlsx nor .csv
	CodeRollSize       = "roll.too_large"  // bytes, unpacked bytes, rows or columns
	CodeRollUnreadable = "roll.unreadable" // broken
	CodeRollEncoding   = "roll.encoding"   // neither UTF-8 nor GB18030
	CodeRollColumns    = "roll.columns"    // a required column is missing, or one is there twice
	CodeRollEmpty      = "roll.empty"      // no line
	CodeRollCounting   = "roll.counting"   // unknown unit of counting
	CodeRollSpeaker    = "roll.speaker"    // one buyer with two voters
)

// Limits bound what one file may make the server do.
type Limits struct {
	File     int64 // bytes of the file
	Unpacked int64 // bytes of an .xlsx, unpacked
	Rows     int   // lines with text, without the headings
	Columns  int
	Bad      int // bad lines that are listed; the others are counted
}

// DefaultLimits are those of the server.
func DefaultLimits() Limits {
	return Limits{File: 10 << 20, Unpacked: 32 << 20, Rows: 200_000, Columns: 64, Bad: 10_000}
}

// Report is what an import would bring. Reading stores nothing.
type Report struct {
	Lines   []Line    `json:"-"`        // the good ones, in the order of the file
	Bad     []BadLine `json:"bad"`      // in the order of the file
	BadRows int       `json:"bad_rows"` // rows with something bad, also those beyond Limits.Bad
	Rows    int       `json:"rows"`     // rows with text
	Area    int64     `json:"area"`     // of the good lines, 0.01 m²
	Unused  []string  `json:"unused"`   // headings that no column has: nothing of them is imported
}

// BadLine is one thing that is wrong with one row of the file.
type BadLine struct {
	Row    int    `json:"row"`    // as the spreadsheet numbers it; of a .csv the line of the file
	Column string `json:"column"` // heading
	Value  string `json:"value"`  // shortened
	Why    string `json:"why"`    // in Chinese
}

// ReadRoll reads a roll from an .xlsx or .csv file. name is the file's name, of which only the ending matters. It returns an error
// only where the file cannot be read as a roll at all.
func ReadRoll(name string, content []byte, c rules.Counting, limits Limits) (Report, error) {
	if len(columns(c)) == 0 {
		return Report{}, procedure.Errorf(procedure.Invalid, CodeRollCounting, "计票单位“%.20s”无效", string(c))
	}
	if int64(len(content)) > limits.File {
		return Report{}, tooLarge(limits)
	}
	k := &checker{counting: c, limits: limits}
	var err error
	switch strings.ToLower(path.Ext(name)) {
	case ".xlsx":
		var book *workbook
		if book, err = openWorkbook(content, limits); err == nil {
			err = book.rows(k.row)
		}
	case ".csv":
		err = readCSV(content, limits, k.row)
	default:
		err = procedure.Errorf(procedure.Invalid, CodeRollFormat, "只能导入 .xlsx 或 .csv 文件")
	}
	if err != nil {
		return Report{}, err
	}
	return k.report()
}

// readCSV calls each for every line that has text.
func readCSV(content []byte, limits Limits, each func(row int, cells []cell) error) error {
	text, err := decodeText(content)
	if err != nil {
		return err
	}
	reader := csv.NewReader(bytes.NewReader(text))
	reader.FieldsPerRecord = -1
	reader.ReuseRecord = true
	var cells []cell
	for {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			line := 0
			var bad *csv.ParseError
			if errors.As(err, &bad) {
				line = bad.Line
			}
			return procedure.Errorf(procedure.Invalid, CodeRollUnreadable, "文件第 %d 行的引号不成对，无法读取", line)
		}
		for len(record) > 0 && record[len(record)-1] == "" {
			record = record[:len(record)-1]
		}
		if len(record) > limits.Columns {
			return tooWide(limits)
		}
		if !slices.ContainsFunc(record, func(s string) bool { return s != "" }) {
			continue
		}
		cells = cells[:0]
		for _, field := range record {
			cells = append(cells, cell{text: field})
		}
		row, _ := reader.FieldPos(0)
		if err := each(row, cells); err != nil {
			return err
		}
	}
}

// decodeText returns the text as UTF-8. What is not valid UTF-8 is read as GB18030, in which Chinese spreadsheets save .csv.
func decodeText(content []byte) ([]byte, error) {
	content = bytes.TrimPrefix(content, []byte("\uFEFF"))
	if utf8.Valid(content) {
		return content, nil
	}
	text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(content)
	if err != nil || bytes.ContainsRune(text, utf8.RuneError) {
		return nil, procedure.Errorf(procedure.Invalid, CodeRollEncoding, "文件的编码既不是 UTF-8 也不是 GB18030，请另存为“CSV UTF-8”或 .xlsx 再导入")
	}
	return text, nil
}

func tooLarge(limits Limits) error {
	return procedure.Errorf(procedure.Invalid, CodeRollSize, "文件过大：文件至多 %d MB，.xlsx 解开后至多 %d MB，至多 %d 行；大的清册请另存为 .csv 再导入",
		limits.File>>20, limits.Unpacked>>20, limits.Rows)
}

func tooWide(limits Limits) error {
	return procedure.Errorf(procedure.Invalid, CodeRollSize, "列过多：至多 %d 列", limits.Columns)
}

func unreadable() error {
	return procedure.Errorf(procedure.Invalid, CodeRollUnreadable, "文件损坏或者不是 .xlsx 文件，无法读取")
}
