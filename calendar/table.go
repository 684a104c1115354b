package calendar

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"time"
)

// YearTable is the official arrangement of one year (节假日安排): the days off and
// the weekend days that are worked instead (补班), with the notice they come from.
//
// A notice can touch the last days of the previous December. Such a change belongs
// into a new version of the previous year's table.
type YearTable struct {
	Year    int    `json:"year"`
	Source  string `json:"source"`  // the notice, in Chinese, with its number or date
	Version string `json:"version"` // of this transcription, such as 2026-1
	Off     []Date `json:"off"`
	Work    []Date `json:"work"`
	// Holidays name the breaks for the ledger; they do not change any count.
	Holidays []Holiday `json:"holidays,omitempty"`
}

// Holiday names one break of a YearTable, such as 国庆节.
type Holiday struct {
	Name     string `json:"name"`
	From     Date   `json:"from"`
	Through  Date   `json:"through"`            // inclusive
	Adjusted bool   `json:"adjusted,omitempty"` // 调休: other days are worked for it
}

// label is what the ledger prints for a day of the break.
func (h Holiday) label() string {
	if h.Adjusted {
		return h.Name + "放假（调休）"
	}
	return h.Name + "放假"
}

const (
	maxTableBytes = 64 << 10
	firstYear     = 1900
	lastYear      = 2300
	// leastWorkdays refuses a table that can only be a mistake: real years have
	// about 248 working days.
	leastWorkdays = 200
)

// ParseYear reads a YearTable from strict JSON and checks it with Validate.
// It refuses unknown, repeated and differently written fields and trailing text.
func ParseYear(data []byte) (YearTable, error) {
	if len(data) > maxTableBytes {
		return YearTable{}, refuse(CodeTableSyntax, "节假日数据过大：%d 字节，至多 %d 字节", len(data), maxTableBytes)
	}
	if err := checkFields(data); err != nil {
		return YearTable{}, err
	}
	var t YearTable
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&t); err != nil {
		var own *Error
		switch {
		case errors.As(err, &own):
			return YearTable{}, own
		case strings.HasPrefix(err.Error(), "json: unknown field"):
			return YearTable{}, refuse(CodeTableUnknown, "节假日数据含有位置不对的字段：%s", strings.TrimPrefix(err.Error(), "json: unknown field "))
		}
		return YearTable{}, refuse(CodeTableSyntax, "节假日数据不是有效的 JSON:%v", err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return YearTable{}, refuse(CodeTableSyntax, "节假日数据之后还有多余内容")
	}
	return t, t.Validate()
}

var tableFields = []string{"year", "source", "version", "off", "work", "holidays", "name", "from", "through", "adjusted"}

// checkFields refuses what the JSON decoder lets pass: a field given twice (the
// last one would win) and a field in other letters (Off for off).
func checkFields(data []byte) error {
	type frame struct {
		object bool
		key    bool // the next token is a key
		seen   map[string]bool
	}
	var stack []*frame
	valueDone := func() {
		if n := len(stack); n > 0 && stack[n-1].object {
			stack[n-1].key = true
		}
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	for {
		token, err := dec.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return refuse(CodeTableSyntax, "节假日数据不是有效的 JSON:%v", err)
		}
		switch v := token.(type) {
		case json.Delim:
			switch v {
			case '{', '[':
				stack = append(stack, &frame{object: v == '{', key: v == '{', seen: map[string]bool{}})
			default:
				stack = stack[:len(stack)-1]
				valueDone()
			}
		case string:
			top := len(stack) - 1
			if top < 0 || !stack[top].key {
				valueDone()
				continue
			}
			if !slices.Contains(tableFields, v) {
				return refuse(CodeTableUnknown, "节假日数据含有未知字段 %.40q", v)
			}
			if stack[top].seen[v] {
				return refuse(CodeTableDuplicate, "节假日数据的字段 %q 重复", v)
			}
			stack[top].seen[v], stack[top].key = true, false
		default:
			valueDone()
		}
	}
}

// Validate refuses a table without source or version, a day given twice, a day of
// another year, a day both off and worked, a worked day (补班) that is an ordinary
// weekday, a statutory day that is missing, and a year with too few working days.
func (t YearTable) Validate() error {
	switch {
	case t.Year < firstYear || t.Year > lastYear:
		return refuse(CodeTableYear, "年份 %d 无效：应在 %d 至 %d 之间", t.Year, firstYear, lastYear)
	case strings.TrimSpace(t.Source) == "":
		return refuse(CodeTableSource, "%d 年节假日数据缺少来源（source）", t.Year)
	case strings.TrimSpace(t.Version) == "":
		return refuse(CodeTableVersion, "%d 年节假日数据缺少版本（version）", t.Year)
	}
	off, err := t.set("off", t.Off)
	if err != nil {
		return err
	}
	work, err := t.set("work", t.Work)
	if err != nil {
		return err
	}
	for _, d := range t.Work {
		if off[d] {
			return refuse(CodeTableBoth, "%s 既列为放假又列为上班", d)
		}
		if !weekend(d) {
			return refuse(CodeTableWork, "%s 是%s，本来就上班，不能列为补班", d, weekdays[d.Weekday()])
		}
	}
	if err := t.checkStatutory(off, work); err != nil {
		return err
	}
	if n := t.workdays(off, work); n < leastWorkdays {
		return refuse(CodeTableTooFew, "%d 年只剩 %d 个工作日，少于 %d 个，数据有误", t.Year, n, leastWorkdays)
	}
	return t.checkHolidays(off)
}

func (t YearTable) set(field string, days []Date) (map[Date]bool, error) {
	set := make(map[Date]bool, len(days))
	for _, d := range days {
		switch {
		case !d.Valid():
			return nil, refuse(CodeDate, "%s 中有空白或不存在的日期", field)
		case d.Year != t.Year:
			return nil, refuse(CodeTableForeign, "%s 不是 %d 年的日期", d, t.Year)
		case set[d]:
			return nil, refuse(CodeTableDuplicate, "%s 在 %s 中重复", d, field)
		}
		set[d] = true
	}
	return set, nil
}

// checkStatutory finds a statutory day of fixed date that would be worked. It looks
// at 2025 and later only: 2 May is a statutory day since the revision of 2024.
func (t YearTable) checkStatutory(off, work map[Date]bool) error {
	if t.Year < 2025 {
		return nil
	}
	for _, s := range statutory {
		d := Date{t.Year, s.month, s.day}
		if work[d] || (!off[d] && !weekend(d)) {
			return refuse(CodeTableStatutory, "%s（%s）是法定休假日，数据中没有放假。", d, s.name)
		}
	}
	return nil
}

func (t YearTable) workdays(off, work map[Date]bool) int {
	n := 0
	for d := (Date{t.Year, time.January, 1}); d.Year == t.Year; d = d.AddDays(1) {
		if work[d] || (!off[d] && !weekend(d)) {
			n++
		}
	}
	return n
}

func (t YearTable) checkHolidays(off map[Date]bool) error {
	named := map[Date]bool{}
	for _, h := range t.Holidays {
		if strings.TrimSpace(h.Name) == "" || !h.From.Valid() || !h.Through.Valid() ||
			h.From.Year != t.Year || h.Through.Year != t.Year || h.Through.Before(h.From) {
			return refuse(CodeTableHoliday, "假期 %.40q 的名称或起止日期无效", h.Name)
		}
		for d := h.From; !d.After(h.Through); d = d.AddDays(1) {
			if !off[d] {
				return refuse(CodeTableHoliday, "%s 属于假期“%.40s”，但没有列为放假", d, h.Name)
			}
			if named[d] {
				return refuse(CodeTableHoliday, "%s 属于两个假期", d)
			}
			named[d] = true
		}
	}
	return nil
}

// clone returns a table that shares nothing with t, its days in order.
func (t YearTable) clone() YearTable {
	t.Off = slices.SortedFunc(slices.Values(t.Off), Date.Compare)
	t.Work = slices.SortedFunc(slices.Values(t.Work), Date.Compare)
	t.Holidays = slices.Clone(t.Holidays)
	slices.SortFunc(t.Holidays, func(a, b Holiday) int { return a.From.Compare(b.From) })
	return t
}
