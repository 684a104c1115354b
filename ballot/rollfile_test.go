package ballot_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"gongzhi/ballot"
	"gongzhi/demo"
	"gongzhi/procedure"
	"gongzhi/rules"
)

// row is one row of a file by its headings.
type row map[string]string

// owned is a row of an owners' roll with which nothing is wrong, changed by pairs of heading and text.
func owned(code string, change ...string) row {
	r := row{
		"编号": code, "楼栋": "1", "单元": "1", "楼层": "1", "房号": code, "用途": "住宅", "建筑面积（平方米）": "80.00", "面积来源": "登记簿",
		"业主姓名": "示例-张一", "证件号码": "990101********" + code,
	}
	for i := 0; i < len(change); i += 2 {
		r[change[i]] = change[i+1]
	}
	return r
}

// rowOf writes a line as a person would.
func rowOf(l ballot.Line, c rules.Counting) row {
	var names, ids, shares []string
	for _, o := range l.Owners {
		names, ids = append(names, o.Name), append(ids, o.ID)
		if o.Den > 0 {
			shares = append(shares, fmt.Sprintf("%d/%d", o.Num, o.Den))
		}
	}
	r := row{"编号": l.Code, "楼栋": l.Building, "单元": l.Stair, "楼层": l.Floor, "房号": l.Room, "联系方式": l.Contact,
		"证件号码": strings.Join(ids, "；"), "监护人": l.Guardian}
	r[map[rules.Counting]string{rules.ByOwner: "业主姓名", rules.ByHousehold: "户代表", rules.ByResident: "姓名"}[c]] = strings.Join(names, "；")
	if c != rules.ByOwner {
		return r
	}
	word := map[bool]string{true: "是", false: "否"}
	r["用途"] = map[rules.UnitUse]string{rules.Residential: "住宅", rules.NonResidential: "非住宅", rules.Parking: "车位"}[l.Use]
	r["建筑面积（平方米）"] = fmt.Sprintf("%d.%02d", l.Area/100, l.Area%100)
	r["面积来源"] = map[string]string{"register": "登记簿", "survey": "实测", "contract": "合同"}[l.AreaSource]
	r["份额"], r["买受人标识"], r["投票人"] = strings.Join(shares, "；"), l.Buyer, l.Voter
	r["建设单位所有"], r["已交付"] = word[l.Developer], word[l.Delivered]
	return r
}

// filled fills rows into the template.
func filled(t testing.TB, c rules.Counting, format string, rows ...row) []byte {
	t.Helper()
	content, err := ballot.Template(c, format)
	require.NoError(t, err)
	if format == "csv" {
		heads, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(content, []byte("\uFEFF")))).Read()
		require.NoError(t, err)
		out := bytes.NewBuffer(content)
		w := csv.NewWriter(out)
		for _, r := range rows {
			require.NoError(t, w.Write(r.under(heads)))
		}
		w.Flush()
		require.NoError(t, w.Error())
		return out.Bytes()
	}
	book, err := excelize.OpenReader(bytes.NewReader(content))
	require.NoError(t, err)
	defer book.Close()
	heads, err := book.GetRows("清册")
	require.NoError(t, err)
	require.Len(t, heads, 1)
	for i, r := range rows {
		for col, text := range r.under(heads[0]) {
			if text != "" {
				require.NoError(t, book.SetCellStr("清册", at(t, col, i+2), text))
			}
		}
	}
	var out bytes.Buffer
	require.NoError(t, book.Write(&out))
	return out.Bytes()
}

func (r row) under(heads []string) []string {
	texts := make([]string, len(heads))
	for i, head := range heads {
		texts[i] = r[head]
	}
	return texts
}

func at(t testing.TB, col, row int) string {
	name, err := excelize.CoordinatesToCellName(col+1, row)
	require.NoError(t, err)
	return name
}

func read(t testing.TB, name string, content []byte, c rules.Counting) ballot.Report {
	t.Helper()
	report, err := ballot.ReadRoll(name, content, c, ballot.DefaultLimits())
	require.NoError(t, err)
	return report
}

// TestRoundTrip fills the templates with the demonstration's rolls and gets the same lines back, in every format and encoding.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	resident := ballot.Line{Code: "0101-00001", Building: "3", Stair: "1", Floor: "-1", Room: "201", Guardian: "示例-林二",
		Owners: []ballot.Owner{{Name: "示例-陈一", ID: "990101********0015"}}, Contact: "000-0000-0001"}
	for c, lines := range map[rules.Counting][]ballot.Line{
		rules.ByOwner: demo.TingyuRoll(), rules.ByHousehold: demo.HuaiyinHouseholds()[:90], rules.ByResident: {resident},
	} {
		var rows []row
		for _, l := range lines {
			rows = append(rows, rowOf(l, c))
		}
		text := filled(t, c, "csv", rows...)
		plain := bytes.TrimPrefix(text, []byte("\uFEFF"))
		gb, err := simplifiedchinese.GB18030.NewEncoder().Bytes(plain)
		require.NoError(t, err)
		for name, content := range map[string][]byte{
			"a.csv": text, "plain.csv": plain, "gb.CSV": gb, "a.xlsx": filled(t, c, "xlsx", rows...),
		} {
			report := read(t, name, content, c)
			assert.Empty(t, report.Bad, name)
			assert.Empty(t, report.Unused, name)
			assert.Equal(t, lines, report.Lines, name)
			assert.Equal(t, len(lines), report.Rows, name)
			assert.Equal(t, ballot.Fingerprint(lines), ballot.Fingerprint(report.Lines), name)
			if c == rules.ByOwner {
				assert.EqualValues(t, 800000, report.Area, name)
			}
		}
	}
}

// TestColumns finds columns in any order, by headings in full or half width, and tells which it did not use.
func TestColumns(t *testing.T) {
	t.Parallel()
	file := "备注,户代表 *, 楼 栋,编号\n租户,示例-张一,2,2-1-101\n,,,\n\n,示例-李二,2,2-1-102\n"
	report := read(t, "户.csv", []byte(file), rules.ByHousehold)
	assert.Empty(t, report.Bad)
	assert.Equal(t, []string{"备注"}, report.Unused)
	assert.Equal(t, 2, report.Rows)
	assert.Equal(t, []ballot.Line{
		{Code: "2-1-101", Building: "2", Owners: []ballot.Owner{{Name: "示例-张一"}}},
		{Code: "2-1-102", Building: "2", Owners: []ballot.Owner{{Name: "示例-李二"}}},
	}, report.Lines)
	// A formula in a column that nobody uses harms nobody.
	assert.Empty(t, read(t, "户.csv", []byte("备注,户代表,楼栋,编号\n=1+1,示例-张一,2,2-1-101\n"), rules.ByHousehold).Bad)
}

// TestRefusedFiles gives files that cannot be read as a roll at all, each with its code.
func TestRefusedFiles(t *testing.T) {
	t.Parallel()
	good := "编号,楼栋,户代表\n1-1,1,示例-张一\n"
	limits := ballot.DefaultLimits()
	tight := limits
	tight.Rows, tight.Columns, tight.File = 1, 3, 60
	for name, c := range map[string]struct {
		file, text string
		counting   rules.Counting
		limits     ballot.Limits
		code       string
	}{
		"ending":          {"a.txt", good, rules.ByHousehold, limits, ballot.CodeRollFormat},
		"old spreadsheet": {"a.xlsx", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", rules.ByHousehold, limits, ballot.CodeRollFormat},
		"no archive":      {"a.xlsx", good, rules.ByHousehold, limits, ballot.CodeRollUnreadable},
		"unit":            {"a.csv", good, "car", limits, ballot.CodeRollCounting},
		"column missing":  {"a.csv", "编号,楼栋\n1-1,1\n", rules.ByHousehold, limits, ballot.CodeRollColumns},
		"column twice":    {"a.csv", "编号,楼栋,户代表,编号\n1-1,1,示例-张一,2\n", rules.ByHousehold, limits, ballot.CodeRollColumns},
		"empty":           {"a.csv", "", rules.ByHousehold, limits, ballot.CodeRollEmpty},
		"headings only":   {"a.csv", "编号,楼栋,户代表\n", rules.ByHousehold, limits, ballot.CodeRollEmpty},
		"encoding":        {"a.csv", "\xff\xfe\x16\x7f", rules.ByHousehold, limits, ballot.CodeRollEncoding},
		"quotes":          {"a.csv", good + "1-2,1,\"示例", rules.ByHousehold, limits, ballot.CodeRollUnreadable},
		"bytes":           {"a.csv", good + strings.Repeat("\n", 60), rules.ByHousehold, tight, ballot.CodeRollSize},
		"rows":            {"a.csv", good + "2,1,a\n", rules.ByHousehold, tight, ballot.CodeRollSize},
		"columns":         {"a.csv", good[:len(good)-1] + ",x\n", rules.ByHousehold, tight, ballot.CodeRollSize},
	} {
		_, err := ballot.ReadRoll(c.file, []byte(c.text), c.counting, c.limits)
		refused(t, err, c.code, name)
	}
	tight.File = limits.File
	report, err := ballot.ReadRoll("a.csv", []byte(good), rules.ByHousehold, tight)
	require.NoError(t, err, "what is just within the limits is read")
	assert.Len(t, report.Lines, 1)
}

func refused(t *testing.T, err error, code, name string) {
	t.Helper()
	var refusal *procedure.Error
	if assert.ErrorAs(t, err, &refusal, name) {
		assert.Equal(t, code, refusal.Code, name)
		assert.Equal(t, procedure.Invalid, refusal.Kind, name)
	}
}

// TestLargeRoll reads 100,000 lines.
func TestLargeRoll(t *testing.T) {
	t.Parallel()
	const n = 100_000
	var file bytes.Buffer
	file.WriteString("编号,楼栋,用途,建筑面积（平方米）,面积来源,业主姓名,证件号码\n")
	for i := range n {
		fmt.Fprintf(&file, "%d-%d,%d,住宅,%d.%02d,实测,示例-张,%d\n", i/100, i, i/100, 50+i%90, i%100, i)
	}
	report := read(t, "large.csv", file.Bytes(), rules.ByOwner)
	assert.Empty(t, report.Bad)
	require.Len(t, report.Lines, n)
	voters, total, _, err := ballot.BuildVoters("CN-1", report.Lines, rules.RollOptions{Counting: rules.ByOwner, BuyerKey: rules.ExactSet}, ballot.Secret{1})
	require.NoError(t, err)
	assert.Equal(t, rules.Weight{Heads: n, Area: report.Area}, total)
	assert.Equal(t, []string{"000001", "100000"}, []string{voters[0].No, voters[n-1].No})
}

// TestManyBadLines lists only so many, and counts all.
func TestManyBadLines(t *testing.T) {
	t.Parallel()
	limits := ballot.DefaultLimits()
	limits.Bad = 3
	report, err := ballot.ReadRoll("a.csv", []byte("编号,楼栋,户代表\n1,1,张\n2,,\n3,,\n4,,张\n"), rules.ByHousehold, limits)
	require.NoError(t, err)
	assert.Len(t, report.Bad, 3)
	assert.Equal(t, 3, report.BadRows)
	assert.Len(t, report.Lines, 1)
}

// FuzzReadRoll reads anything, and what it takes can always be counted.
func FuzzReadRoll(f *testing.F) {
	good, bad := owned("0001"), owned("0001", "份额", "1/0", "业主姓名", "=张；李")
	for _, format := range []string{"csv", "xlsx"} {
		f.Add(format, "owner", filled(f, rules.ByOwner, format, good, bad, owned("0003", "买受人标识", "K1")))
		f.Add(format, "resident18", filled(f, rules.ByResident, format, rowOf(ballot.Line{Code: "1", Building: "1"}, rules.ByResident)))
	}
	f.Add("csv", "household", []byte("编号,楼栋,户代表\n1-1,1,\"示例-张一\"\n1-1,1,\n"))
	f.Add("csv", "household", []byte("\xb1\xe0\xba\xc5,x\n"))
	f.Add("csv", "owner", []byte("编号,楼栋,用途,建筑面积（平方米）,面积来源,业主姓名,证件号码,已交付\n1,1,车位,1.5,合同,a；a,1；,N\n"))
	f.Fuzz(func(t *testing.T, format, counting string, content []byte) {
		c := rules.Counting(counting)
		limits := ballot.Limits{File: 1 << 20, Unpacked: 4 << 20, Rows: 1000, Columns: 64, Bad: 100}
		report, err := ballot.ReadRoll("a."+format, content, c, limits)
		if err != nil {
			var refusal *procedure.Error
			require.ErrorAs(t, err, &refusal, "every end is a refusal that says why")
			return
		}
		require.Equal(t, report.Rows, len(report.Lines)+report.BadRows)
		for _, b := range report.Bad {
			require.Positive(t, b.Row)
			require.NotEmpty(t, b.Why)
			require.NotEmpty(t, b.Column)
		}
		if len(report.Lines) == 0 {
			return
		}
		_, _, _, err = ballot.BuildVoters("CN-1", report.Lines, rules.RollOptions{Counting: c, BuyerKey: rules.ExactSet}, ballot.Secret{1})
		var refusal *procedure.Error
		if errors.As(err, &refusal) {
			require.Equal(t, ballot.CodeRollSpeaker, refusal.Code, "only several voters of one buyer are found later")
		}
		for _, l := range report.Lines {
			for _, text := range []string{l.Code, l.Building, l.Owners[0].Name, l.Buyer, l.Contact} {
				require.Equal(t, text, ballot.SafeCell(text), "no formula comes in")
			}
		}
		require.True(t, slices.IsSortedFunc(report.Bad, func(a, b ballot.BadLine) int { return a.Row - b.Row }))
	})
}
