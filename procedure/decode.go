package procedure

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
)

// Decode reads a form strictly: unknown fields, wrong types, impossible dates and trailing content are refused.
func Decode[T any](raw []byte) (T, error) {
	var form T
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&form); err != nil {
		if strings.Contains(err.Error(), "calendar.") {
			return form, Errorf(Invalid, "form.date", "日期不存在或格式不对，请写成 2026-10-26 的样子")
		}
		return form, Errorf(Invalid, "form.malformed", "表格格式不对：有不认识的栏目，或内容类型不符")
	}
	if _, err := d.Token(); err != io.EOF {
		return form, Errorf(Invalid, "form.malformed", "表格格式不对：结尾有多余内容")
	}
	return form, nil
}
