package ballot

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"gongzhi/procedure"
)

// cell is one cell of a file.
type cell struct {
	text    string
	number  bool // a number as a spreadsheet stores it
	formula bool
	fault   bool // #REF! and the like
}

// Bounds of an .xlsx file that are no matter of taste: what lies beyond them is an attack or no roll.
const (
	maxParts   = 1000      // files in the archive
	maxDepth   = 32        // of elements
	maxShared  = 2 << 20   // shared texts
	maxElement = 512 << 10 // bytes from one < to the next: a tag with its attributes and the text after it
)

// errSize says that a file holds more than the limits allow, errShape that it is not what it claims to be.
var (
	errSize  = errors.New("too large")
	errShape = errors.New("not a workbook")
)

// workbook reads an .xlsx file as a stream and counts what it unpacks. A library that reads into a tree of cells would not do: its
// memory is a multiple of the file's, a cell in the last column makes it fill the whole row, and where the XML breaks off it
// returns the rows before as if they were all.
type workbook struct {
	parts    map[string]*zip.File // by lower-case name
	limits   Limits
	unpacked int64 // bytes
	shared   []string
}

// openWorkbook refuses an archive by the sizes it declares, before anything is unpacked; a part that unpacks to more than it
// declares is a fault of its own (archive/zip).
func openWorkbook(content []byte, limits Limits) (*workbook, error) {
	if bytes.HasPrefix(content, []byte("\xd0\xcf\x11\xe0")) {
		return nil, procedure.Errorf(procedure.Invalid, CodeRollFormat, "这是旧版 .xls 或加密的文件，请另存为没有密码的 .xlsx 再导入")
	}
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return nil, unreadable()
	}
	book := &workbook{parts: map[string]*zip.File{}, limits: limits}
	var declared uint64
	for _, part := range archive.File {
		declared += min(part.UncompressedSize64, uint64(limits.Unpacked)+1)
		if declared > uint64(limits.Unpacked) || len(archive.File) > maxParts {
			return nil, tooLarge(limits)
		}
		name := strings.ToLower(strings.ReplaceAll(part.Name, `\`, "/"))
		if book.parts[name] != nil {
			return nil, unreadable()
		}
		book.parts[name] = part
	}
	return book, nil
}

// rows calls each for every row of the first visible sheet that has a filled cell, in order, with its number.
func (b *workbook) rows(each func(row int, cells []cell) error) error {
	err := b.read(each)
	var refusal *procedure.Error
	switch {
	case err == nil || errors.As(err, &refusal):
		return err
	case errors.Is(err, errSize):
		return tooLarge(b.limits)
	default:
		return unreadable()
	}
}

func (b *workbook) read(each func(row int, cells []cell) error) error {
	sheet, err := b.firstSheet()
	if err != nil {
		return err
	}
	target, shared, err := b.targets(sheet)
	if err != nil {
		return err
	}
	if shared != "" {
		if err := b.readShared(shared); err != nil {
			return err
		}
	}
	return b.readSheet(target, each)
}

// part parses one part. visit gets the names of the open elements and each token within.
func (b *workbook) part(name string, visit func(open []string, token xml.Token) error) error {
	file := b.parts[strings.ToLower(name)]
	if file == nil {
		return errShape
	}
	reader, err := file.Open()
	if err != nil {
		return err
	}
	defer reader.Close()
	decoder := xml.NewDecoder(&meter{from: reader, book: b})
	var open []string
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if start, ok := token.(xml.StartElement); ok {
			if open = append(open, start.Name.Local); len(open) > maxDepth {
				return errShape
			}
		}
		if err := visit(open, token); err != nil {
			return err
		}
		if _, ok := token.(xml.EndElement); ok {
			open = open[:len(open)-1]
		}
	}
}

// meter counts what is unpacked, and stops at what would make the parser hold much more than it read: one element of megabytes.
type meter struct {
	from io.Reader
	book *workbook
	run  int // bytes since the last <, which no attribute may hold
}

func (m *meter) Read(p []byte) (int, error) {
	n, err := m.from.Read(p)
	m.book.unpacked += int64(n)
	if m.book.unpacked > m.book.limits.Unpacked {
		return 0, errSize
	}
	if last := bytes.LastIndexByte(p[:n], '<'); last >= 0 {
		m.run = n - last
	} else if m.run += n; m.run > maxElement {
		return 0, errSize
	}
	return n, err
}

// firstSheet is the relationship id of the first sheet that is not hidden.
func (b *workbook) firstSheet() (string, error) {
	id := ""
	err := b.part("xl/workbook.xml", func(open []string, token xml.Token) error {
		if start, ok := token.(xml.StartElement); ok && id == "" && within(open, "sheets", "sheet") {
			if state := attribute(start, "state"); state == "" || state == "visible" {
				id = attribute(start, "id")
			}
		}
		return nil
	})
	if err == nil && id == "" {
		err = errShape
	}
	return id, err
}

// targets are the parts of a sheet and of the shared texts, which a workbook need not have.
func (b *workbook) targets(sheet string) (part, shared string, err error) {
	err = b.part("xl/_rels/workbook.xml.rels", func(open []string, token xml.Token) error {
		start, ok := token.(xml.StartElement)
		if !ok || !within(open, "Relationship") {
			return nil
		}
		target := attribute(start, "Target")
		if !strings.HasPrefix(target, "/") {
			target = "/xl/" + target
		}
		target = path.Clean(target)[1:]
		if attribute(start, "Id") == sheet {
			part = target
		}
		if path.Base(attribute(start, "Type")) == "sharedStrings" {
			shared = target
		}
		return nil
	})
	return part, shared, err
}

// readShared reads the texts that cells name by number. Readings of characters (rPh) are no part of a text.
func (b *workbook) readShared(name string) error {
	var text strings.Builder
	return b.part(name, func(open []string, token xml.Token) error {
		switch t := token.(type) {
		case xml.CharData:
			if within(open, "t") && !slices.Contains(open, "rPh") {
				text.Write(t)
			}
		case xml.EndElement:
			if within(open, "si") {
				if len(b.shared) == maxShared {
					return errSize
				}
				b.shared = append(b.shared, text.String())
				text.Reset()
			}
		}
		return nil
	})
}

// sheetReader is the state of reading one sheet.
type sheetReader struct {
	book  *workbook
	each  func(row int, cells []cell) error
	row   int
	cells []cell
	at    int // column of the cell that is read, from 0
	kind  string
	now   cell
	text  strings.Builder
}

func (b *workbook) readSheet(name string, each func(row int, cells []cell) error) error {
	s := &sheetReader{book: b, each: each}
	return b.part(name, func(open []string, token xml.Token) error {
		switch t := token.(type) {
		case xml.StartElement:
			return s.start(open, t)
		case xml.CharData:
			if within(open, "c", "v") || (within(open, "t") && slices.Contains(open, "is") && !slices.Contains(open, "rPh")) {
				s.text.Write(t)
			}
		case xml.EndElement:
			return s.end(open)
		}
		return nil
	})
}

func (s *sheetReader) start(open []string, t xml.StartElement) error {
	switch {
	case within(open, "sheetData", "row"):
		row := s.row + 1
		if r := attribute(t, "r"); r != "" {
			n, err := strconv.Atoi(r)
			if err != nil || n < row {
				return errShape
			}
			row = n
		}
		s.row, s.cells, s.at = row, s.cells[:0], -1
	case within(open, "row", "c"):
		s.at++
		if r := attribute(t, "r"); r != "" {
			at, ok := columnOf(r)
			if !ok || at < s.at {
				return errShape
			}
			s.at = at
		}
		s.kind, s.now = attribute(t, "t"), cell{}
		s.text.Reset()
	case within(open, "c", "f"):
		s.now.formula = true
	}
	return nil
}

func (s *sheetReader) end(open []string) error {
	switch {
	case within(open, "row", "c"):
		return s.endCell()
	case within(open, "sheetData", "row"):
		if slices.ContainsFunc(s.cells, func(c cell) bool { return c != cell{} }) {
			return s.each(s.row, s.cells)
		}
	}
	return nil
}

func (s *sheetReader) endCell() error {
	s.now.text = s.text.String()
	switch s.kind {
	case "s":
		n, err := strconv.Atoi(strings.TrimSpace(s.now.text))
		if err != nil || n < 0 || n >= len(s.book.shared) {
			return errShape
		}
		s.now.text = s.book.shared[n]
	case "", "n":
		s.now.text = strings.TrimSpace(s.now.text)
		s.now.number = s.now.text != ""
	case "b":
		s.now.text = map[string]string{"0": "否", "1": "是"}[strings.TrimSpace(s.now.text)]
	case "e":
		s.now.fault = true
	}
	if s.now == (cell{}) {
		return nil
	}
	if s.at >= s.book.limits.Columns {
		return tooWide(s.book.limits)
	}
	for len(s.cells) < s.at {
		s.cells = append(s.cells, cell{})
	}
	s.cells = append(s.cells, s.now)
	return nil
}

// columnOf is the column of a cell's name, from 0: A1 is 0.
func columnOf(name string) (int, bool) {
	n := 0
	for i, r := range name {
		if r < 'A' || r > 'Z' {
			return n - 1, i > 0 && i <= 3 && digits(name[i:])
		}
		n = n*26 + int(r-'A') + 1
		if i > 2 {
			return 0, false
		}
	}
	return 0, false
}

// within tells whether the innermost open elements are names.
func within(open []string, names ...string) bool {
	return len(open) >= len(names) && slices.Equal(open[len(open)-len(names):], names)
}

func attribute(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
