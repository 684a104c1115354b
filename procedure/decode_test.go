package procedure_test

import (
	"errors"
	"testing"

	"gongzhi/procedure"
	"gongzhi/procedure/admission"
	"gongzhi/procedure/refusal"
	"gongzhi/procedure/revision"
)

func TestDecode(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ raw, code string }{
		"as declared":        {`{"title": "摸底", "start": "2026-10-26", "demands": {"plaque": true}}`, ""},
		"another case":       {`{"Title": "摸底"}`, "form.malformed"},
		"another case below": {`{"demands": {"PLAQUE": true}}`, "form.malformed"},
		"unknown":            {`{"nothing": 1}`, "form.malformed"},
		"wrong type":         {`{"fen": "960000"}`, "form.malformed"},
		"a fraction of fen":  {`{"fen": 1.5}`, "form.malformed"},
		"impossible date":    {`{"start": "2026-02-30"}`, "form.date"},
		"trailing":           {`{} {}`, "form.malformed"},
		"not an object":      {`[]`, "form.malformed"},
		"empty":              {``, "form.malformed"},
	} {
		_, err := procedure.Decode[admission.Form]([]byte(c.raw))
		var refusal *procedure.Error
		switch {
		case c.code == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.code != "" && (!errors.As(err, &refusal) || refusal.Code != c.code):
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
}

// FuzzForms: no form brings a parser or a check down, whatever it holds.
func FuzzForms(f *testing.F) {
	f.Add([]byte(`{"title": "摸底", "start": "2026-10-26", "communities": ["0101"], "fen": 960000}`))
	f.Add([]byte(`{"matter": "扫码率", "demanded": "2026-09-31"}`))
	f.Add([]byte(`{"changes": [{"op": "add", "item": {"title": "x"}}]}`))
	f.Add([]byte(`{"start": "9999-12-31", "end": "0001-01-01", "fen": 9223372036854775807}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if form, err := admission.Parse(raw); err == nil {
			admission.Check(form, context())
		}
		if form, err := refusal.Parse(raw); err == nil {
			refusal.Check(form, context().Today, nil, nil)
		}
		if form, err := revision.Parse(raw); err == nil {
			revision.Check(form, nil)
		}
	})
}
