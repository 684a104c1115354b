package procedure

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strings"

	"gongzhi/calendar"
)

// Decode reads a form strictly: unknown fields, names in another case, wrong types, impossible dates and trailing content are
// refused.
func Decode[T any](raw []byte) (T, error) {
	var form T
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&form); err != nil {
		var date *calendar.Error
		if errors.As(err, &date) {
			return form, Errorf(Invalid, "form.date", "日期不存在或格式不对，请写成 2026-10-26 的样子")
		}
		return form, errMalformed
	}
	if _, err := d.Token(); err != io.EOF {
		return form, Errorf(Invalid, "form.malformed", "表格格式不对：结尾有多余内容")
	}
	var tree any
	if err := json.Unmarshal(raw, &tree); err != nil || !exact(tree, reflect.TypeFor[T]()) {
		return form, errMalformed
	}
	return form, nil
}

var errMalformed = Errorf(Invalid, "form.malformed", "表格格式不对：有不认识的栏目，或内容类型不符")

// exact tells whether every name of a JSON value is written as the type declares it. encoding/json alone takes Title for title.
func exact(v any, t reflect.Type) bool {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch v := v.(type) {
	case map[string]any:
		if t.Kind() != reflect.Struct {
			return true
		}
		known := map[string]reflect.Type{}
		for i := range t.NumField() {
			f := t.Field(i)
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			known[name] = f.Type
		}
		for name, inner := range v {
			field, ok := known[name]
			if !ok || !exact(inner, field) {
				return false
			}
		}
	case []any:
		if t.Kind() != reflect.Slice {
			return true
		}
		for _, inner := range v {
			if !exact(inner, t.Elem()) {
				return false
			}
		}
	}
	return true
}
