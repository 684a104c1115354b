package ballot

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"hash/crc32"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"gongzhi/procedure"
)

// The smallest workbook: one sheet with one cell.
const (
	bookXML  = `<workbook><sheets><sheet name="a" r:id="r1"/></sheets></workbook>`
	relsXML  = `<Relationships><Relationship Id="r1" Type="t/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="t/sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>`
	textsXML = `<sst><si><r><t>编</t></r><r><t>号</t></r><rPh><t>bian</t></rPh></si></sst>`
	sheetXML = `<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="3"><c r="B3"/><c r="C3" t="inlineStr"><is><t>x</t></is></c></row></sheetData></worksheet>`
)

func parts(change ...string) map[string]string {
	all := map[string]string{"xl/workbook.xml": bookXML, "xl/_rels/workbook.xml.rels": relsXML, "xl/sharedStrings.xml": textsXML,
		"xl/worksheets/sheet1.xml": sheetXML}
	for i := 0; i < len(change); i += 2 {
		all[change[i]] = change[i+1]
	}
	return all
}

func packed(t testing.TB, all map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for name, text := range all {
		part, err := w.Create(name)
		require.NoError(t, err)
		_, err = io.WriteString(part, text)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return out.Bytes()
}

// readAll returns what one sees of a workbook, and the workbook with its count of unpacked bytes.
func readAll(content []byte, limits Limits) (*workbook, map[int][]cell, error) {
	book, err := openWorkbook(content, limits)
	if err != nil {
		return book, nil, err
	}
	rows := map[int][]cell{}
	err = book.rows(func(row int, cells []cell) error {
		rows[row] = append([]cell(nil), cells...)
		return nil
	})
	return book, rows, err
}

func refusedAs(t *testing.T, err error, code, name string) {
	t.Helper()
	var refusal *procedure.Error
	if assert.True(t, errors.As(err, &refusal), "%s: %v", name, err) {
		assert.Equal(t, code, refusal.Code, name)
	}
}

func TestWorkbook(t *testing.T) {
	t.Parallel()
	book, rows, err := readAll(packed(t, parts()), DefaultLimits())
	require.NoError(t, err)
	assert.Equal(t, map[int][]cell{1: {{text: "编号"}}, 3: {{}, {}, {text: "x"}}}, rows)
	assert.EqualValues(t, len(bookXML+relsXML+textsXML+sheetXML), book.unpacked, "every byte that is unpacked is counted")
	prefixed := strings.NewReplacer("</", "</x:", "<", "<x:").Replace
	_, rows, err = readAll(packed(t, parts("xl/worksheets/sheet1.xml", strings.ReplaceAll(prefixed(sheetXML), "<x:/x:", "</x:"))), DefaultLimits())
	require.NoError(t, err)
	assert.Len(t, rows, 2, "elements may have a prefix")
}

// TestBrokenWorkbooks refuses what is not whole: the rows before a break are never taken for all of them.
func TestBrokenWorkbooks(t *testing.T) {
	t.Parallel()
	for name, all := range map[string]map[string]string{
		"no workbook":            {"a": "b"},
		"no sheet":               parts("xl/workbook.xml", "<workbook/>"),
		"hidden sheet":           parts("xl/workbook.xml", strings.Replace(bookXML, "name", `state="veryHidden" name`, 1)),
		"sheet not there":        parts("xl/_rels/workbook.xml.rels", "<Relationships/>"),
		"broken off":             parts("xl/worksheets/sheet1.xml", sheetXML[:strings.Index(sheetXML, `<row r="3">`)]),
		"tags crossed":           parts("xl/worksheets/sheet1.xml", strings.Replace(sheetXML, "</v></c>", "</c></v>", 1)),
		"entity of its own":      parts("xl/worksheets/sheet1.xml", `<!DOCTYPE a [<!ENTITY b "c">]>`+strings.Replace(sheetXML, "<v>0", "<v>&b;", 1)),
		"text that is not there": parts("xl/worksheets/sheet1.xml", strings.Replace(sheetXML, "<v>0", "<v>1", 1)),
		"rows backwards":         parts("xl/worksheets/sheet1.xml", strings.Replace(sheetXML, `row r="3"`, `row r="1"`, 1)),
		"cells backwards":        parts("xl/worksheets/sheet1.xml", strings.Replace(sheetXML, `c r="C3"`, `c r="A3"`, 1)),
		"cell without name":      parts("xl/worksheets/sheet1.xml", strings.Replace(sheetXML, `c r="C3"`, `c r="3"`, 1)),
		"nested":                 parts("xl/worksheets/sheet1.xml", strings.Repeat("<a>", maxDepth+1)+strings.Repeat("</a>", maxDepth+1)),
	} {
		_, _, err := readAll(packed(t, all), DefaultLimits())
		refusedAs(t, err, CodeRollUnreadable, name)
	}
	whole := packed(t, parts())
	_, _, err := readAll(whole[:len(whole)-1], DefaultLimits())
	refusedAs(t, err, CodeRollUnreadable, "archive cut off")
	_, _, err = readAll(raw(t, []byte(sheetXML), uint64(len(sheetXML)), 1), DefaultLimits())
	refusedAs(t, err, CodeRollUnreadable, "checksum")
	_, rows, err := readAll(raw(t, []byte(sheetXML), uint64(len(sheetXML)), crc32.ChecksumIEEE([]byte(sheetXML))), DefaultLimits())
	require.NoError(t, err, "the same with the right checksum")
	assert.Len(t, rows, 2)
}

// raw is a workbook whose sheet declares a size and a checksum of its own.
func raw(t testing.TB, sheet []byte, declared uint64, sum uint32) []byte {
	t.Helper()
	var out, body bytes.Buffer
	deflate, err := flate.NewWriter(&body, flate.BestCompression)
	require.NoError(t, err)
	_, err = deflate.Write(sheet)
	require.NoError(t, err)
	require.NoError(t, deflate.Close())
	rawPart(t, &out, body.Bytes(), declared, sum)
	return out.Bytes()
}

func rawPart(t testing.TB, out io.Writer, body []byte, declared uint64, sum uint32) {
	t.Helper()
	w := zip.NewWriter(out)
	for name, text := range parts() {
		if name == "xl/worksheets/sheet1.xml" {
			continue
		}
		part, err := w.Create(name)
		require.NoError(t, err)
		_, err = io.WriteString(part, text)
		require.NoError(t, err)
	}
	part, err := w.CreateRaw(&zip.FileHeader{Name: "xl/worksheets/sheet1.xml", Method: zip.Deflate, CRC32: sum,
		CompressedSize64: uint64(len(body)), UncompressedSize64: declared})
	require.NoError(t, err)
	_, err = part.Write(body)
	require.NoError(t, err)
	require.NoError(t, w.Close())
}

// gibibyte is a deflate stream of 1 MB that unpacks to 1 GiB of spaces and empty elements, put together from 1024 equal pieces, each complete.
func gibibyte(t testing.TB) []byte {
	t.Helper()
	var piece bytes.Buffer
	deflate, err := flate.NewWriter(&piece, flate.BestCompression)
	require.NoError(t, err)
	_, err = deflate.Write(bytes.Repeat([]byte("<a/>"+strings.Repeat(" ", 1<<18-4)), 4))
	require.NoError(t, err)
	require.NoError(t, deflate.Flush())
	stream := bytes.Repeat(piece.Bytes(), 1024)
	return append(stream, 1, 0, 0, 0xff, 0xff) // the last block, empty
}

// TestBomb refuses 1 MB that unpacks to 1 GiB without unpacking a byte of it, and one that lies about its size after as many bytes as
// it said. With the guard's limit lifted the same file is unpacked, so it is the guard that stops it.
func TestBomb(t *testing.T) {
	t.Parallel()
	stream := gibibyte(t)
	limits := DefaultLimits()
	var honest, liar bytes.Buffer
	rawPart(t, &honest, stream, 1<<30, 0)
	rawPart(t, &liar, stream, 1<<20, 0)
	require.Less(t, honest.Len(), 2<<20)
	require.Less(t, int64(honest.Len()), limits.File, "small enough to be taken")

	_, err := ReadRoll("a.xlsx", honest.Bytes(), "owner", limits)
	refusedAs(t, err, CodeRollSize, "by the declared size")
	book, err := openWorkbook(honest.Bytes(), limits)
	refusedAs(t, err, CodeRollSize, "by the declared size")
	assert.Nil(t, book, "no part can be unpacked")

	book, _, err = readAll(liar.Bytes(), limits)
	refusedAs(t, err, CodeRollUnreadable, "it lies")
	assert.Less(t, book.unpacked, int64(2<<20))

	// The control: 8 MiB of the same spaces are read to the end when the limit allows them, and not when it does not.
	padded := "<sheetData>" + strings.Repeat("<a/>"+strings.Repeat(" ", 1<<18), 32)
	content := packed(t, parts("xl/worksheets/sheet1.xml", strings.Replace(sheetXML, "<sheetData>", padded, 1)))
	book, rows, err := readAll(content, limits)
	require.NoError(t, err)
	assert.Len(t, rows, 2)
	assert.Greater(t, book.unpacked, int64(8<<20))
	limits.Unpacked = 4 << 20
	_, _, err = readAll(content, limits)
	refusedAs(t, err, CodeRollSize, "the limit")
}

// TestMeter stops by the bytes that come out, whatever was declared.
func TestMeter(t *testing.T) {
	t.Parallel()
	book := &workbook{limits: Limits{Unpacked: 100}}
	_, err := io.Copy(io.Discard, &meter{from: strings.NewReader(strings.Repeat("<", 100)), book: book})
	require.NoError(t, err)
	_, err = io.Copy(io.Discard, &meter{from: strings.NewReader("<"), book: book})
	assert.ErrorIs(t, err, errSize)
}

// TestGreedyWorkbooks are small when unpacked, and would fill the memory of a parser.
func TestGreedyWorkbooks(t *testing.T) {
	t.Parallel()
	limits := DefaultLimits()
	sheet := func(row string) map[string]string {
		return parts("xl/worksheets/sheet1.xml", "<worksheet><sheetData>"+row+"</sheetData></worksheet>")
	}
	many := map[string]string{}
	for i := range maxParts + 1 {
		many[strings.Repeat("a", i+1)] = ""
	}
	for name, all := range map[string]map[string]string{
		"a cell in the last column": sheet(`<row r="1"><c r="XFD1"><v>1</v></c></row>`),
		"attributes":                sheet(`<row` + strings.Repeat(` a=">"`, maxElement/4) + `/>`),
		"a text of megabytes":       sheet(`<row><c><v>` + strings.Repeat("1", 2*maxElement) + `</v></c></row>`),
		"shared texts":              parts("xl/sharedStrings.xml", "<sst>"+strings.Repeat("<si/>", maxShared+1)+"</sst>"),
		"parts":                     many,
	} {
		_, _, err := readAll(packed(t, all), limits)
		refusedAs(t, err, CodeRollSize, name)
	}
	// The last column that is allowed, an empty cell beyond it, and just as many attributes as are harmless.
	_, rows, err := readAll(packed(t, sheet(`<row r="1"`+strings.Repeat(` a=">"`, 100)+`><c r="BL1"><v>1</v></c><c r="XFD1" s="1"/></row>`)), limits)
	require.NoError(t, err)
	require.Len(t, rows[1], limits.Columns)
	assert.True(t, rows[1][63].number)
}

func TestColumnOf(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]int{"A1": 0, "Z9": 25, "AA10": 26, "XFD1048576": 16383} {
		got, ok := columnOf(name)
		assert.True(t, ok, name)
		assert.Equal(t, want, got, name)
	}
	for _, name := range []string{"", "A", "1", "a1", "AAAA1", "A1B", "$A$1"} {
		_, ok := columnOf(name)
		assert.False(t, ok, name)
	}
}
