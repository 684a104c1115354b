package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
)

// The bounds of a JSON body.
const (
	maxDepth = 32
	maxNames = 20_000
)

// strictError is why a body is not accepted. Its text survives huma, which passes on only messages.
type strictError struct {
	code, path, text string
}

const strictMark = "\x00strict\x00"

func (e *strictError) Error() string { return strictMark + e.code + "\x00" + e.path + "\x00" + e.text }

// strictMessage recovers code and text of a strictError from its message.
func strictMessage(message string) (code, text string) {
	rest, ok := strings.CutPrefix(message, strictMark)
	if !ok {
		return "", ""
	}
	parts := strings.SplitN(rest, "\x00", 3)
	if len(parts) != 3 {
		return "", ""
	}
	if parts[1] != "" {
		return parts[0], "「" + parts[1] + "」" + parts[2]
	}
	return parts[0], parts[2]
}

// strictFormat is JSON as this API reads it: no duplicate, unknown or differently written name, no trailing data, valid
// UTF-8, no control characters in texts, a bounded depth. encoding/json alone would take Title for title and the last of two
// equal names, and replace broken UTF-8 in silence.
var strictFormat = huma.Format{
	Marshal: func(w io.Writer, v any) error {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(true)
		return e.Encode(v)
	},
	Unmarshal: func(data []byte, v any) error {
		tree, err := parseStrict(data)
		if err != nil {
			return err
		}
		if generic, ok := v.(*any); ok {
			*generic = plain(tree)
			return nil
		}
		if err := checkShape(tree, reflect.TypeOf(v).Elem(), "", false); err != nil {
			return err
		}
		if err := json.Unmarshal(data, v); err != nil {
			return &strictError{"input.type", "", "数据类型不符"}
		}
		return nil
	},
}

// parseStrict reads one JSON value and refuses what strictFormat refuses regardless of types. Numbers stay as written.
func parseStrict(data []byte) (any, error) {
	if !utf8.Valid(data) {
		return nil, &strictError{"input.encoding", "", "内容不是有效的 UTF-8 文字"}
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	p := &parser{d: d}
	v, err := p.value("", 0)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, &strictError{"input.trailing", "", "内容之后还有多余的数据"}
	}
	return v, nil
}

type parser struct {
	d     *json.Decoder
	names int
}

func (p *parser) value(path string, depth int) (any, error) {
	if depth > maxDepth {
		return nil, &strictError{"input.depth", "", fmt.Sprintf("层级过深，至多 %d 层", maxDepth)}
	}
	t, err := p.d.Token()
	if err != nil {
		return nil, &strictError{"input.malformed", path, "不是完整有效的 JSON"}
	}
	switch t := t.(type) {
	case json.Delim:
		if t == '[' {
			return p.list(path, depth)
		}
		return p.object(path, depth)
	case string:
		return t, cleanText(path, t, true)
	}
	return t, nil
}

func (p *parser) list(path string, depth int) (any, error) {
	list := []any{}
	for p.d.More() {
		v, err := p.value(fmt.Sprintf("%s[%d]", path, len(list)), depth+1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, p.end(path)
}

func (p *parser) object(path string, depth int) (any, error) {
	object := map[string]any{}
	for p.d.More() {
		t, err := p.d.Token()
		if err != nil {
			return nil, &strictError{"input.malformed", path, "不是完整有效的 JSON"}
		}
		name, ok := t.(string)
		if !ok {
			return nil, &strictError{"input.malformed", path, "不是完整有效的 JSON"}
		}
		if err := cleanText(path, name, false); err != nil {
			return nil, err
		}
		if _, twice := object[name]; twice {
			return nil, &strictError{"input.duplicate", below(path, name), "字段重复出现"}
		}
		if p.names++; p.names > maxNames {
			return nil, &strictError{"input.too_large", "", "字段过多"}
		}
		v, err := p.value(below(path, name), depth+1)
		if err != nil {
			return nil, err
		}
		object[name] = v
	}
	return object, p.end(path)
}

func (p *parser) end(path string) error {
	if _, err := p.d.Token(); err != nil {
		return &strictError{"input.malformed", path, "不是完整有效的 JSON"}
	}
	return nil
}

func below(path, name string) string {
	const longest = 60 // of a name in a message
	if r := []rune(name); len(r) > longest {
		name = string(r[:longest]) + "…"
	}
	if path == "" {
		return name
	}
	return path + "." + name
}

// cleanText refuses control characters, which could forge a line of a log, a header or the reading order of a screen.
// lines allows line breaks and tabulators.
func cleanText(path, s string, lines bool) error {
	for _, r := range s {
		switch {
		case lines && (r == '\n' || r == '\t'):
		case r < 0x20 || r >= 0x7f && r < 0xa0, // C0, DEL, C1
			r == 0x2028 || r == 0x2029,                             // line and paragraph separators
			r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, // direction overrides
			r == 0xfeff, r == utf8.RuneError: // byte order mark; what broken escapes become
			return &strictError{"input.control", path, "含有不可见的控制字符，请删除后重试"}
		}
	}
	return nil
}

// plain turns numbers into what huma's validator knows. Only the validator sees these: the typed value is read from the text.
func plain(tree any) any {
	switch v := tree.(type) {
	case map[string]any:
		for name := range v {
			v[name] = plain(v[name])
		}
	case []any:
		for i := range v {
			v[i] = plain(v[i])
		}
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		return v.String() // no field of the API is a fraction
	}
	return tree
}

var rawMessage = reflect.TypeFor[json.RawMessage]()

// checkShape refuses names that the type does not have, in exactly this writing, and line breaks in fields that are one line.
// A field is more than one line when its tag says text:"lines"; free JSON (a form) may hold lines.
func checkShape(tree any, t reflect.Type, path string, lines bool) error {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == rawMessage {
		return nil
	}
	switch v := tree.(type) {
	case string:
		if t.Kind() == reflect.String {
			return cleanText(path, v, lines)
		}
	case []any:
		if t.Kind() == reflect.Slice || t.Kind() == reflect.Array {
			for i := range v {
				if err := checkShape(v[i], t.Elem(), fmt.Sprintf("%s[%d]", path, i), lines); err != nil {
					return err
				}
			}
		}
	case map[string]any:
		if t.Kind() != reflect.Struct {
			return nil // json.Unmarshal judges
		}
		fields := fieldsOf(t)
		for name := range v {
			f, known := fields[name]
			if !known {
				return &strictError{"input.unknown", below(path, name), "不认识的字段（字段名区分大小写）"}
			}
			if err := checkShape(v[name], f.Type, below(path, name), f.Tag.Get("text") == "lines"); err != nil {
				return err
			}
		}
	}
	return nil
}

// shapes remembers fieldsOf by type: the types are those of the API, so there are few.
var shapes sync.Map

// fieldsOf gives the JSON names of a struct, those of embedded structs included.
func fieldsOf(t reflect.Type) map[string]reflect.StructField {
	if fields, ok := shapes.Load(t); ok {
		return fields.(map[string]reflect.StructField)
	}
	fields := map[string]reflect.StructField{}
	for _, f := range reflect.VisibleFields(t) {
		if !f.IsExported() || f.Anonymous {
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" {
			continue
		}
		if name == "" {
			name = f.Name
		}
		fields[name] = f
	}
	shapes.Store(t, fields)
	return fields
}
