package rules

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func requireCode(t *testing.T, err error, code string) {
	t.Helper()
	var own *Error
	require.ErrorAs(t, err, &own)
	require.Equal(t, code, own.Code, own.Text)
	require.NotEmpty(t, own.Text)
	require.ErrorIs(t, err, &Error{Code: code})
}

func load(t *testing.T, id string) Pack {
	t.Helper()
	p, err := Load(id)
	require.NoError(t, err)
	return p
}

// TestAdmissionFigures compares the district pack with the figures and tags that
// the sources give.
func TestAdmissionFigures(t *testing.T) {
	t.Parallel()
	p := load(t, "local.xw.admission")
	want := map[string]struct {
		value int64
		unit  string
		tag   Confidence
		fixed bool
	}{
		"cost_borne_by_department": {1, UnitFlag, TextRead, true},
		"legal_basis_required":     {1, UnitFlag, TextRead, true},
		"filing_lead":              {30, UnitWorkday, ExcerptRead, false},
		"acceptance":               {3, UnitWorkday, Default, false},
		"hearing":                  {5, UnitWorkday, Default, false},
		"decision":                 {15, UnitWorkday, ExcerptRead, false},
		"publication":              {5, UnitWorkday, Default, false},
		"progress_interval":        {1, UnitMonth, Default, false},
		"reapplications":           {1, UnitCount, Default, false},
		"urgent_regularisation":    {10, UnitWorkday, Default, false},
		"temporary_period":         {0, UnitStated, ExcerptRead, false},
		"refusal_right":            {1, UnitFlag, TextRead, false},
		"list_revision":            {1, UnitYear, Default, false},
	}
	require.Len(t, p.Figures, len(want))
	for key, w := range want {
		f, err := p.Figure(key)
		require.NoError(t, err)
		require.Equal(t, key, f.Key)
		require.Equal(t, w.value, f.Value, key)
		require.Equal(t, w.unit, f.Unit, key)
		require.Equal(t, w.tag, f.Source.Tag, key)
		require.Equal(t, w.fixed, f.Fixed, key)
	}
	require.Len(t, p.Unconfirmed(), 7, "every default is shown to be confirmed locally")
	for _, f := range p.Unconfirmed() {
		require.Equal(t, Default, f.Source.Tag)
	}
}

func TestEveryEmbeddedPackLoads(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{"cn.cc278.consent", "cn.rcl2025.admission", "local.xw.admission", "local.xw.consent"}, IDs())
	for _, id := range IDs() {
		require.Equal(t, id, load(t, id).ID)
	}
	for _, id := range []string{"", "cn.unknown", "../pack", "lists/local.xw.list"} {
		_, err := Load(id)
		requireCode(t, err, CodePackUnknown)
	}
}

func TestOverride(t *testing.T) {
	t.Parallel()
	p := load(t, "local.xw.admission")
	digest := p.Digest()
	at := time.Date(2026, 9, 1, 9, 0, 0, 0, time.UTC)
	change := Change{Key: "decision", Value: 10, By: "示例-孙一", Reason: "区政府决定提速", At: at}

	changed, err := p.Override(change)
	require.NoError(t, err)
	f, err := changed.Figure("decision")
	require.NoError(t, err)
	require.Equal(t, int64(10), f.Value)
	require.Equal(t, []Override{{Pack: "local.xw.admission", Key: "decision", From: 15, To: 10, By: "示例-孙一", Reason: "区政府决定提速", At: at}}, changed.Overrides)
	require.NotEqual(t, digest, changed.Digest())
	require.Equal(t, digest, p.Digest(), "the pack itself stays as it was")
	require.Empty(t, p.Overrides)

	back, err := changed.Override(Change{Key: "decision", Value: 15, By: "示例-孙一", Reason: "恢复", At: at})
	require.NoError(t, err)
	require.Len(t, back.Overrides, 2)
	require.Equal(t, digest, back.Digest(), "the same figures have the same digest")

	left, err := back.Override(Change{Key: "decision", Value: 8, By: "甲", Reason: "左", At: at})
	require.NoError(t, err)
	right, err := back.Override(Change{Key: "decision", Value: 9, By: "乙", Reason: "右", At: at})
	require.NoError(t, err)
	third, err := left.Override(Change{Key: "decision", Value: 7, By: "甲", Reason: "再改", At: at})
	require.NoError(t, err)
	_, err = left.Override(Change{Key: "decision", Value: 6, By: "乙", Reason: "另改", At: at})
	require.NoError(t, err)
	require.Equal(t, []string{"甲", "乙", "甲"}, []string{left.Overrides[2].By, right.Overrides[2].By, third.Overrides[3].By}, "copies share no record")

	with := func(edit func(*Change)) Change { c := change; edit(&c); return c }
	for name, tc := range map[string]struct {
		c    Change
		code string
	}{
		"fixed by law":            {with(func(c *Change) { c.Key, c.Value = "cost_borne_by_department", 0 }), CodeFigureFixed},
		"fixed by law, unchanged": {with(func(c *Change) { c.Key, c.Value = "cost_borne_by_department", 1 }), CodeFigureFixed},
		"unknown":                 {with(func(c *Change) { c.Key = "x" }), CodeFigureUnknown},
		"no reason":               {with(func(c *Change) { c.Reason = " " }), CodeOverrideReason},
		"nobody":                  {with(func(c *Change) { c.By = "" }), CodeOverrideReason},
		"no time at all":          {with(func(c *Change) { c.Value = 0 }), CodeFigureValue},
		"negative":                {with(func(c *Change) { c.Value = -5 }), CodeFigureValue},
		"absurd":                  {with(func(c *Change) { c.Value = 36_501 }), CodeFigureValue},
		"flag beyond yes":         {with(func(c *Change) { c.Key, c.Value = "refusal_right", 2 }), CodeFigureValue},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			same, err := p.Override(tc.c)
			requireCode(t, err, tc.code)
			require.Equal(t, digest, same.Digest())
			require.Empty(t, same.Overrides)
		})
	}
}

func TestPlaceMayNotRedefineTheLaw(t *testing.T) {
	t.Parallel()
	base, local := load(t, "cn.rcl2025.admission"), load(t, "local.xw.admission")
	own := Pack{ID: "local.x", Figures: map[string]Figure{"decision": local.Figures["decision"]}}
	merged, err := own.over(base)
	require.NoError(t, err)
	require.Len(t, merged.Figures, len(base.Figures)+1)

	own.Figures["cost_borne_by_department"] = Figure{Key: "cost_borne_by_department", Unit: UnitFlag}
	_, err = own.over(base)
	requireCode(t, err, CodeFigureFixed)
}

func TestParsePackRefuses(t *testing.T) {
	t.Parallel()
	good := func() map[string]any {
		return map[string]any{"id": "a", "version": "1", "name": "n", "figures": map[string]any{
			"k": map[string]any{"title": "t", "value": 1, "unit": "day", "source": map[string]any{"article": "a", "text": "t", "tag": "T"}}}}
	}
	parse := func(m map[string]any) error {
		raw, err := json.Marshal(m)
		require.NoError(t, err)
		_, err = parsePack(raw)
		return err
	}
	require.NoError(t, parse(good()))
	figure := func(m map[string]any) map[string]any { return m["figures"].(map[string]any)["k"].(map[string]any) }
	for name, tc := range map[string]struct {
		edit func(map[string]any)
		code string
	}{
		"unknown field": {func(m map[string]any) { m["x"] = 1 }, CodePackInvalid},
		"no id":         {func(m map[string]any) { delete(m, "id") }, CodePackInvalid},
		"no figures":    {func(m map[string]any) { delete(m, "figures") }, CodePackInvalid},
		"no source":     {func(m map[string]any) { delete(figure(m), "source") }, CodePackInvalid},
		"unknown tag":   {func(m map[string]any) { figure(m)["source"].(map[string]any)["tag"] = "Z" }, CodePackInvalid},
		"unknown unit":  {func(m map[string]any) { figure(m)["unit"] = "week" }, CodePackInvalid},
		"fraction":      {func(m map[string]any) { figure(m)["value"] = 1.5 }, CodePackInvalid},
		"no days":       {func(m map[string]any) { figure(m)["value"] = 0 }, CodeFigureValue},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := good()
			tc.edit(m)
			requireCode(t, parse(m), tc.code)
		})
	}
}
