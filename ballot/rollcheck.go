package ballot

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"gongzhi/procedure"
	"gongzhi/rules"
)

// checker turns the rows of a file into lines and says what is wrong with them.
type checker struct {
	counting rules.Counting
	limits   Limits
	at       [fields]int // column of the file, -1: not there; set by the headings
	known    []column    // nil before the headings
	unused   []string
	drafts   []draft
	bad      []BadLine
}

// draft is a row as far as it could be read.
type draft struct {
	row  int
	line Line
	bad  bool
}

// row takes one row with text.
func (k *checker) row(n int, cells []cell) error {
	if k.known == nil {
		return k.headings(cells)
	}
	if len(k.drafts) == k.limits.Rows {
		return tooLarge(k.limits)
	}
	r := rowReader{checker: k, draft: draft{row: n}, cells: cells}
	r.read()
	k.drafts = append(k.drafts, r.draft)
	return nil
}

func (k *checker) headings(cells []cell) error {
	k.known = columns(k.counting)
	for f := range k.at {
		k.at[f] = -1
	}
	for at, c := range cells {
		text := heading(c.text)
		i := slices.IndexFunc(k.known, func(c column) bool { return heading(c.head) == text })
		switch {
		case text == "":
		case i < 0:
			k.unused = append(k.unused, shorten(c.text))
		case k.at[k.known[i].field] >= 0:
			return procedure.Errorf(procedure.Invalid, CodeRollColumns, "列“%s”出现了两次", k.known[i].head)
		default:
			k.at[k.known[i].field] = at
		}
	}
	var missing []string
	for _, c := range k.known {
		if c.required && k.at[c.field] < 0 {
			missing = append(missing, c.head)
		}
	}
	if len(missing) > 0 {
		return procedure.Errorf(procedure.Invalid, CodeRollColumns, "第一行须是表头，缺少必需的列：%s。请下载模板对照", strings.Join(missing, "、"))
	}
	return nil
}

// report checks the lines against each other and ends the reading.
func (k *checker) report() (Report, error) {
	if len(k.drafts) == 0 {
		return Report{}, procedure.Errorf(procedure.Invalid, CodeRollEmpty, "文件中没有清册内容")
	}
	k.compare()
	report := Report{Rows: len(k.drafts), Bad: k.bad, Unused: k.unused}
	for _, d := range k.drafts {
		if d.bad {
			report.BadRows++
			continue
		}
		report.Lines = append(report.Lines, d.line)
		report.Area += d.line.Area
	}
	slices.SortStableFunc(report.Bad, func(a, b BadLine) int { return cmp.Compare(a.Row, b.Row) })
	return report, nil
}

// blame notes what is wrong with a row.
func (k *checker) blame(d *draft, f field, value, format string, args ...any) {
	d.bad = true
	if len(k.bad) == k.limits.Bad {
		return // BadRows still counts it
	}
	k.bad = append(k.bad, BadLine{Row: d.row, Column: k.head(f), Value: shorten(value), Why: fmt.Sprintf(format, args...)})
}

func (k *checker) head(f field) string {
	i := slices.IndexFunc(k.known, func(c column) bool { return c.field == f })
	if i < 0 {
		return ""
	}
	return k.known[i].head
}

// rowReader reads one row.
type rowReader struct {
	*checker
	draft  draft
	cells  []cell
	text   [fields]string
	blamed [fields]bool // blamed already: one reason for a cell is enough
}

func (r *rowReader) blame(f field, format string, args ...any) {
	if r.blamed[f] {
		return
	}
	r.blamed[f] = true
	r.checker.blame(&r.draft, f, r.text[f], format, args...)
}

func (r *rowReader) cell(f field) cell {
	if at := r.at[f]; at >= 0 && at < len(r.cells) {
		return r.cells[at]
	}
	return cell{}
}

func (r *rowReader) read() {
	for _, c := range r.known {
		r.readText(c)
	}
	l := &r.draft.line
	l.Code = r.text[fieldCode]
	l.Building, l.Stair, l.Floor, l.Room = r.text[fieldBuilding], r.text[fieldStair], r.text[fieldFloor], r.text[fieldRoom]
	l.Buyer, l.Contact = r.text[fieldBuyer], r.text[fieldContact]
	l.Voter, l.Guardian = r.text[fieldVoter], r.text[fieldGuardian]
	r.readOwners()
	if r.counting == rules.ByOwner {
		l.Use, l.AreaSource = use(r.text[fieldUse]), areaSource(r.text[fieldSource])
		l.Developer = r.yes(fieldDeveloper, false)
		l.Delivered = r.yes(fieldDelivered, !l.Developer)
		r.readArea()
		r.readHolding()
	}
}

// readText takes the text of one cell and says what is wrong with it whatever its column.
func (r *rowReader) readText(c column) {
	raw := r.cell(c.field)
	r.text[c.field] = raw.text
	why := unsafe(c, raw)
	if why == "" {
		r.text[c.field] = clean(c, raw.text)
		if r.text[c.field] == "" && c.required {
			why = "没有填写"
		} else if r.text[c.field] != "" && len(c.choices) > 0 && !slices.Contains(c.choices, r.text[c.field]) {
			why = "只能填" + strings.Join(c.choices, "、")
		}
	}
	if why != "" {
		r.blame(c.field, "%s", why)
		r.text[c.field] = "" // nothing follows from a text that cannot be
	}
}

// wholeFloor is the one text that may start with a minus sign.
var wholeFloor = regexp.MustCompile(`^-[0-9]{1,3}$`)

// unsafe says why the text of a cell is taken into no roll, empty when it may be.
func unsafe(c column, raw cell) string {
	trimmed := strings.TrimSpace(raw.text)
	switch {
	case raw.formula:
		return "是公式，请改为数值或者文字"
	case raw.fault:
		return "是错误值"
	case !utf8.ValidString(raw.text):
		return "含有无法读取的字符"
	case strings.ContainsFunc(raw.text, invisible):
		return "含有换行、制表符或者看不见的字符"
	case utf8.RuneCountInString(raw.text) > c.max:
		return fmt.Sprintf("过长，至多 %d 个字", c.max)
	case raw.number && c.field != fieldArea && strings.ContainsAny(raw.text, ".Ee"):
		return "以数字存放，可能已经失真，请将这一列设为文本后重新填写"
	case raw.number && c.field != fieldArea && len(raw.text) > exactDigits:
		return "以数字存放，末尾的数字可能已经失真，请将这一列设为文本后重新填写"
	case raw.number && c.field == fieldShares && raw.text != "1":
		return "以数字存放，分数可能被当作了日期，请将这一列设为文本后重新填写"
	case !raw.number && startsFormula(trimmed) && (c.field != fieldFloor || !wholeFloor.MatchString(trimmed)):
		return fmt.Sprintf("以“%s”开头，会被电子表格当作公式", string([]rune(trimmed)[:1]))
	}
	return ""
}

// invisible tells of characters that a person cannot see: controls, and formats such as those that turn the direction of writing.
func invisible(r rune) bool {
	return unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) ||
		unicode.Is(unicode.Co, r) || r == utf8.RuneError
}

// hyphens are the dashes that stand for the hyphen of a code.
var hyphens = strings.NewReplacer("‐", "-", "‑", "-", "–", "-", "—", "-", "−", "-")

// clean makes texts alike that are the same to a person: spaces around, and the width of digits and marks. Names stay as written.
func clean(c column, text string) string {
	switch c.field {
	case fieldNames, fieldVoter, fieldGuardian:
		return strings.TrimSpace(norm.NFC.String(text))
	case fieldCode:
		return strings.TrimSpace(hyphens.Replace(norm.NFKC.String(text)))
	case fieldDeveloper, fieldDelivered:
		text = strings.TrimSpace(norm.NFKC.String(text))
		return cmp.Or(map[string]string{"Y": "是", "N": "否", "y": "是", "n": "否"}[text], text)
	default:
		return strings.TrimSpace(norm.NFKC.String(text))
	}
}

func (r *rowReader) yes(f field, empty bool) bool {
	if r.text[f] == "" {
		return empty
	}
	return r.text[f] == yesNo[0]
}

func (r *rowReader) readArea() {
	if r.text[fieldArea] == "" {
		return // blamed by readText
	}
	n, why := area(r.text[fieldArea], r.cell(fieldArea).number)
	if why != "" {
		r.blame(fieldArea, "%s", why)
	}
	r.draft.line.Area = n
}

// shorten makes a value fit for a report: short, and without characters that a person cannot see.
func shorten(text string) string {
	const most = 60
	text = strings.Map(func(r rune) rune {
		if invisible(r) {
			return '·'
		}
		return r
	}, strings.ToValidUTF8(text, "·"))
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}
