package ballot_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"gongzhi/ballot"
	"gongzhi/rules"
)

// TestBadLines has every kind of bad line, alone between two good ones, in both formats.
func TestBadLines(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("长", 41)
	for name, c := range map[string]struct {
		change []string
		column string
		why    string
	}{
		"no code":                {[]string{"编号", " "}, "编号", "没有填写"},
		"code twice":             {[]string{"编号", "0001"}, "编号", "与第 2 行重复"},
		"code twice, full width": {[]string{"编号", "０００１"}, "编号", "与第 2 行重复"},
		"code too long":          {[]string{"编号", long}, "编号", "至多 40 个字"},
		"no building":            {[]string{"楼栋", ""}, "楼栋", "没有填写"},
		"place twice":            {[]string{"房号", "0001"}, "房号", "与第 2 行是同一处"},
		"no area":                {[]string{"建筑面积（平方米）", ""}, "建筑面积（平方米）", "没有填写"},
		"area zero":              {[]string{"建筑面积（平方米）", "0.00"}, "建筑面积（平方米）", "须大于零"},
		"area no number":         {[]string{"建筑面积（平方米）", "80㎡"}, "建筑面积（平方米）", "不是数字"},
		"area with exponent":     {[]string{"建筑面积（平方米）", "8E1"}, "建筑面积（平方米）", "不是数字"},
		"area too exact":         {[]string{"建筑面积（平方米）", "80.001"}, "建筑面积（平方米）", "小数多于两位"},
		"area too large":         {[]string{"建筑面积（平方米）", "10000000.01"}, "建筑面积（平方米）", "面积过大"},
		"area negative":          {[]string{"建筑面积（平方米）", "-80"}, "建筑面积（平方米）", "公式"},
		"no use":                 {[]string{"用途", ""}, "用途", "没有填写"},
		"use unknown":            {[]string{"用途", "仓库"}, "用途", "住宅、非住宅、车位"},
		"source unknown":         {[]string{"面积来源", "估算"}, "面积来源", "登记簿、实测、合同"},
		"holding unknown":        {[]string{"持有方式", "租赁"}, "持有方式", "单独、共同、按份"},
		"yes or no":              {[]string{"已交付", "也许"}, "已交付", "是、否"},
		"no owner":               {[]string{"业主姓名", ""}, "业主姓名", "没有填写"},
		"empty owner":            {[]string{"业主姓名", "甲；；乙"}, "业主姓名", "没有姓名"},
		"owner twice":            {[]string{"业主姓名", "甲；甲", "证件号码", "1；1"}, "业主姓名", "重复"},
		"ids too few":            {[]string{"业主姓名", "甲；乙；丙", "证件号码", "1；2"}, "证件号码", "不对应"},
		"no id":                  {[]string{"证件号码", ""}, "证件号码", "没有证件号码"},
		"one id missing":         {[]string{"业主姓名", "甲；乙", "证件号码", "1；；"}, "证件号码", "没有证件号码"},
		"shares below one":       {[]string{"业主姓名", "甲；乙", "证件号码", "1；2", "份额", "1/2；1/3"}, "份额", "合计是 5/6"},
		"shares above one":       {[]string{"业主姓名", "甲；乙", "证件号码", "1；2", "份额", "1/2；2/3"}, "份额", "合计是 7/6"},
		"share of nothing":       {[]string{"业主姓名", "甲；乙", "证件号码", "1；2", "份额", "1/0；1/2"}, "份额", "分母为零"},
		"share zero":             {[]string{"业主姓名", "甲；乙", "证件号码", "1；2", "份额", "0/2；2/2"}, "份额", "不在零与一之间"},
		"share no fraction":      {[]string{"业主姓名", "甲；乙", "证件号码", "1；2", "份额", "50%；50%"}, "份额", "不是分数"},
		"shares too few":         {[]string{"业主姓名", "甲；乙", "证件号码", "1；2", "份额", "1/1"}, "份额", "不对应"},
		"alone but two":          {[]string{"业主姓名", "甲；乙", "证件号码", "1；2", "持有方式", "单独"}, "持有方式", "2 名业主"},
		"joint but one":          {[]string{"持有方式", "共同"}, "持有方式", "一名业主"},
		"shares without shares":  {[]string{"业主姓名", "甲；乙", "证件号码", "1；2", "持有方式", "按份"}, "持有方式", "填写份额"},
		"voter no owner":         {[]string{"业主姓名", "甲；乙", "证件号码", "1；2", "投票人", "丙"}, "投票人", "不是这个单元的业主"},
		"formula =":              {[]string{"业主姓名", "=HYPERLINK(\"http://x\")"}, "业主姓名", "公式"},
		"formula +":              {[]string{"联系方式", "+86 138"}, "联系方式", "公式"},
		"formula -":              {[]string{"楼层", "-1+2"}, "楼层", "公式"},
		"formula @":              {[]string{"投票人", " @SUM(1)"}, "投票人", "公式"},
		"formula, full width":    {[]string{"买受人标识", "＝1"}, "买受人标识", "公式"},
		"tab":                    {[]string{"业主姓名", "\t=1"}, "业主姓名", "制表符"},
		"line break":             {[]string{"业主姓名", "甲\n乙"}, "业主姓名", "换行"},
		"unseen":                 {[]string{"业主姓名", "甲\u202e乙"}, "业主姓名", "看不见"},
		"zero width":             {[]string{"编号", "1-1\u200b"}, "编号", "看不见"},
		"a key others lack":      {[]string{"买受人标识", "K1"}, "买受人标识", "这一行没有填写"},
	} {
		rows := []row{owned("0001"), owned("0002", c.change...), owned("0003")}
		for _, format := range []string{"csv", "xlsx"} {
			report := read(t, "a."+format, filled(t, rules.ByOwner, format, rows...), rules.ByOwner)
			if assert.NotEmpty(t, report.Bad, name+" "+format) {
				bad := report.Bad[0]
				assert.Equal(t, c.column, bad.Column, name)
				assert.Contains(t, bad.Why, c.why, name)
				if name == "a key others lack" {
					assert.Equal(t, []int{2, 4}, []int{bad.Row, report.Bad[1].Row}, "the lines without key are the bad ones")
					continue
				}
				assert.Len(t, report.Bad, 1, name+" %v", report.Bad)
				assert.Equal(t, 3, bad.Row, name)
				assert.Len(t, report.Lines, 2, name)
			}
		}
	}
}

// TestGoodLines has what is unusual and yet right.
func TestGoodLines(t *testing.T) {
	t.Parallel()
	for name, change := range map[string][]string{
		"nothing":                {},
		"full width":             {"建筑面积（平方米）", "８０．００", "楼栋", "１"},
		"below ground":           {"楼层", "-1"},
		"thirds":                 {"业主姓名", "甲、乙;丙", "证件号码", "1；2;3", "份额", "1/3；1/3；1/3", "持有方式", "按份"},
		"joint, one voter":       {"业主姓名", "甲；乙", "证件号码", "1；2", "持有方式", "共同", "投票人", "乙"},
		"company":                {"业主姓名", "示例商贸公司", "投票人", "示例-经办", "用途", "非住宅"},
		"the developer, no id":   {"业主姓名", "示例置业", "证件号码", "", "建设单位所有", "是"},
		"not delivered, no id":   {"证件号码", "", "已交付", "N"},
		"two of one name":        {"业主姓名", "甲；甲", "证件号码", "1；2"},
		"separator at the end":   {"业主姓名", "甲；", "证件号码", "1；"},
		"same room, other floor": {"房号", "0001", "楼层", "2"},
		"same room, parking":     {"房号", "0001", "用途", "车位"},
	} {
		for _, format := range []string{"csv", "xlsx"} {
			content := filled(t, rules.ByOwner, format, owned("0001"), owned("0002", change...))
			report := read(t, "a."+format, content, rules.ByOwner)
			assert.Empty(t, report.Bad, name)
			if assert.Len(t, report.Lines, 2, name) {
				assert.EqualValues(t, 8000, report.Lines[1].Area, name)
				assert.EqualValues(t, 16000, report.Area, name)
			}
		}
	}
}

// TestBuyerKeys holds the keys against the owners: neither may a key split a buyer, nor join two.
func TestBuyerKeys(t *testing.T) {
	t.Parallel()
	k := func(code, name, id, key string, more ...string) row {
		return owned(code, append([]string{"业主姓名", name, "证件号码", id, "买受人标识", key}, more...)...)
	}
	for name, c := range map[string]struct {
		rows []row
		why  string
	}{
		"same key, other owner":       {[]row{k("1", "甲", "1", "K1"), k("2", "乙", "2", "K1")}, "业主却不同"},
		"same owner, other key":       {[]row{k("1", "甲", "1", "K1"), k("2", "甲", "1", "K2")}, "买受人标识却不同"},
		"one buyer, owners in turn":   {[]row{k("1", "甲；乙", "1；2", "K1"), k("2", "乙；甲", "2；1", "K1")}, ""},
		"one name, two people":        {[]row{k("1", "甲", "1", "K1"), k("2", "甲", "2", "K2")}, ""},
		"one key, an id missing":      {[]row{k("1", "甲", "1", "K1"), k("2", "甲", "", "K1")}, ""},
		"a key for another, id apart": {[]row{k("1", "甲", "1", "K1"), k("2", "甲", "2", "K1")}, "业主却不同"},
		"the developer needs none":    {[]row{k("1", "甲", "1", "K1"), k("2", "示例置业", "9", "", "建设单位所有", "是")}, ""},
		"nor a unit not delivered":    {[]row{k("1", "甲", "1", "K1"), k("2", "乙", "1", "K1", "已交付", "否")}, ""},
	} {
		report := read(t, "a.csv", filled(t, rules.ByOwner, "csv", c.rows...), rules.ByOwner)
		if c.why == "" {
			assert.Empty(t, report.Bad, name)
		} else if assert.Len(t, report.Bad, 1, name) {
			assert.Contains(t, report.Bad[0].Why, c.why, name)
			assert.Equal(t, 3, report.Bad[0].Row, name)
		}
	}
}

// TestHouseholdsAndResidents checks what only those rolls ask.
func TestHouseholdsAndResidents(t *testing.T) {
	t.Parallel()
	report := read(t, "a.csv", []byte("编号,楼栋,户代表\n1,1,甲；乙\n2,1,甲\n3,1,甲\n"), rules.ByHousehold)
	require.Len(t, report.Bad, 1)
	assert.Equal(t, ballot.BadLine{Row: 2, Column: "户代表", Value: "甲；乙", Why: "只能填一人"}, report.Bad[0])
	report = read(t, "a.csv", []byte("编号,楼栋,姓名,证件号码\n1,1,甲,11\n2,1,甲,12\n3,2,甲,11\n4,2,甲,\n"), rules.ByResident)
	require.Len(t, report.Bad, 2)
	assert.Equal(t, ballot.BadLine{Row: 4, Column: "姓名", Value: "甲", Why: "与第 2 行是同一人"}, report.Bad[0])
	assert.Equal(t, "没有填写", report.Bad[1].Why)
}

// TestIDsAreMasked keeps the date of birth of a complete number out of the roll, and leaves other numbers as they are.
func TestIDsAreMasked(t *testing.T) {
	t.Parallel()
	for given, kept := range map[string]string{
		"99010119610302001x": "990101********001X",
		"990101********0015": "990101********0015",
		"990101196113020010": "990101196113020010", // no month 13: no identity card
		"E12345678":          "E12345678",
	} {
		report := read(t, "a.csv", filled(t, rules.ByOwner, "csv", owned("1", "证件号码", given)), rules.ByOwner)
		require.Len(t, report.Lines, 1, given)
		assert.Equal(t, kept, report.Lines[0].Owners[0].ID)
	}
}

// TestSpreadsheetCells has what only a spreadsheet can hold: numbers, formulas, errors and truths.
func TestSpreadsheetCells(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		head  string
		set   func(f *excelize.File, cell string) error
		why   string // empty: good
		value string
		area  int64
	}{
		"area as number":      {head: "建筑面积（平方米）", set: value(80.25), area: 8025},
		"area of one tenth":   {head: "建筑面积（平方米）", set: value(94.1), area: 9410},
		"area whole":          {head: "建筑面积（平方米）", set: value(80), area: 8000},
		"area not exact":      {head: "建筑面积（平方米）", set: value(79.999999999), why: "小数多于两位", value: "79.999999999"},
		"area negative":       {head: "建筑面积（平方米）", set: value(-80), why: "须大于零", value: "-80"},
		"area as formula":     {head: "建筑面积（平方米）", set: formula("40+40"), why: "是公式"},
		"name as formula":     {head: "业主姓名", set: formula("A1"), why: "是公式"},
		"shares as date":      {head: "份额", set: value(45659), why: "日期", value: "45659"},
		"share as number":     {head: "份额", set: value(1), area: 8000},
		"id as number":        {head: "证件号码", set: value(990101196103020015), why: "失真", value: "990101196103020015"},
		"code with fraction":  {head: "编号", set: value(1.5), why: "失真", value: "1.5"},
		"building as number":  {head: "楼栋", set: value(7), area: 8000},
		"truth":               {head: "已交付", set: value(true), area: 8000},
		"formula, not needed": {head: "备注", set: formula("A1"), area: 8000},
	} {
		book := filledBook(t, owned("0001"), owned("0002"))
		heads, err := book.GetRows("清册")
		require.NoError(t, err)
		col := len(heads[0])
		for i, head := range heads[0] {
			if head == c.head {
				col = i
			}
		}
		if col == len(heads[0]) {
			require.NoError(t, book.SetCellStr("清册", at(t, col, 1), c.head))
		}
		require.NoError(t, c.set(book, at(t, col, 3)))
		report := read(t, "a.xlsx", saved(t, book), rules.ByOwner)
		if c.why == "" {
			assert.Empty(t, report.Bad, name)
			if assert.Len(t, report.Lines, 2, name) {
				assert.Equal(t, c.area, report.Lines[1].Area, name)
			}
			continue
		}
		if assert.Len(t, report.Bad, 1, name) {
			assert.Equal(t, 3, report.Bad[0].Row, name)
			assert.Equal(t, c.head, report.Bad[0].Column, name)
			assert.Contains(t, report.Bad[0].Why, c.why, name)
			if c.value != "" {
				assert.Equal(t, c.value, report.Bad[0].Value, name)
			}
		}
	}
}

func value(v any) func(*excelize.File, string) error {
	return func(f *excelize.File, cell string) error { return f.SetCellValue("清册", cell, v) }
}

func formula(text string) func(*excelize.File, string) error {
	return func(f *excelize.File, cell string) error { return f.SetCellFormula("清册", cell, text) }
}

func filledBook(t *testing.T, rows ...row) *excelize.File {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(filled(t, rules.ByOwner, "xlsx", rows...)))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, book.Close()) })
	return book
}

func saved(t *testing.T, book *excelize.File) []byte {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, book.Write(&out))
	return out.Bytes()
}

// TestFirstVisibleSheet reads the first sheet that a person sees.
func TestFirstVisibleSheet(t *testing.T) {
	t.Parallel()
	book := filledBook(t, owned("0001"))
	assert.Len(t, read(t, "a.xlsx", saved(t, book), rules.ByOwner).Lines, 1)
	_, err := book.NewSheet("另一张")
	require.NoError(t, err)
	require.NoError(t, book.MoveSheet("另一张", "清册"))
	_, err = ballot.ReadRoll("a.xlsx", saved(t, book), rules.ByOwner, ballot.DefaultLimits())
	refused(t, err, ballot.CodeRollEmpty, "another sheet is first")
	require.NoError(t, book.SetSheetVisible("另一张", false))
	assert.Len(t, read(t, "a.xlsx", saved(t, book), rules.ByOwner).Lines, 1)
}

// TestTemplates look the same to a spreadsheet as to us: text cells, lists to choose from, a sheet that explains every column.
func TestTemplates(t *testing.T) {
	t.Parallel()
	for _, c := range []rules.Counting{rules.ByOwner, rules.ByHousehold, rules.ByResident} {
		content, err := ballot.Template(c, "xlsx")
		require.NoError(t, err)
		book, err := excelize.OpenReader(bytes.NewReader(content))
		require.NoError(t, err)
		assert.Equal(t, []string{"清册", "填写说明"}, book.GetSheetList())
		heads, err := book.GetRows("清册")
		require.NoError(t, err)
		notes, err := book.GetRows("填写说明")
		require.NoError(t, err)
		for i, head := range heads[0] {
			assert.Equal(t, head, notes[i+1][0])
		}
		style, err := book.GetCellStyle("清册", "B2")
		require.NoError(t, err)
		text, err := book.GetStyle(style)
		require.NoError(t, err)
		assert.Equal(t, 49, text.NumFmt, "a share must not become a date")
		lists, err := book.GetDataValidations("清册")
		require.NoError(t, err)
		assert.Len(t, lists, map[rules.Counting]int{rules.ByOwner: 5}[c])
		require.NoError(t, book.Close())
		csvFile, err := ballot.Template(c, "csv")
		require.NoError(t, err)
		assert.Equal(t, "\uFEFF"+strings.Join(heads[0], ",")+"\r\n", string(csvFile))
	}
	_, err := ballot.Template(rules.ByOwner, "pdf")
	refused(t, err, ballot.CodeRollFormat, "format")
	_, err = ballot.Template("car", "xlsx")
	refused(t, err, ballot.CodeRollCounting, "counting")
}

// TestSafeCell lets no export start a formula, and leaves other texts alone.
func TestSafeCell(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"=1", "+1", "-1", "@a", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "＝1", "＠a", "\u3000+1"} {
		assert.Equal(t, "'"+text, ballot.SafeCell(text), fmt.Sprintf("%q", text))
	}
	for _, text := range []string{"", "张一", "1-1-101", "a=1", "'=1"} {
		assert.Equal(t, text, ballot.SafeCell(text))
	}
	cells := []string{"a", "=1"}
	assert.Equal(t, []string{"a", "'=1"}, ballot.SafeRow(cells))
	assert.Equal(t, []string{"a", "=1"}, cells)
}
