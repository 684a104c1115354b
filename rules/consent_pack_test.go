package rules

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestConsentFigures compares the consent packs with the figures and tags that the
// sources give.
func TestConsentFigures(t *testing.T) {
	t.Parallel()
	p := load(t, "local.xw.consent")
	want := map[string]struct {
		value int64
		unit  string
		tag   Confidence
		fixed bool
	}{
		"roll_publication":   {15, UnitDay, TextRead, false},
		"agenda_notice":      {15, UnitDay, TextRead, false},
		"petition_either":    {0, UnitFlag, TextRead, false},
		"appraisal":          {30, UnitDay, Default, false},
		"area_source_order":  {1, UnitFlag, TextRead, true},
		"revocation_suit":    {1, UnitYear, TextRead, true},
		"poll_publication":   {15, UnitDay, TextRead, true},
		"advice":             {5, UnitDay, Default, false},
		"scheme_publicity":   {7, UnitDay, Default, false},
		"voting_period":      {30, UnitDay, Default, false},
		"voting_extension":   {0, UnitStated, Default, false},
		"proxies_per_agent":  {3, UnitCount, TextRead, false},
		"counting":           {3, UnitDay, Default, false},
		"result_publication": {3, UnitDay, TextRead, false},
		"result_display":     {30, UnitDay, TextRead, false},
		"result_opinions":    {7, UnitDay, TextRead, false},
		"lift_publicity":     {15, UnitDay, TextRead, false},
		"cool_off":           {90, UnitDay, Default, false},
	}
	require.Len(t, p.Figures, len(want))
	for key, w := range want {
		f, err := p.Figure(key)
		require.NoError(t, err)
		require.Equal(t, w.value, f.Value, key)
		require.Equal(t, w.unit, f.Unit, key)
		require.Equal(t, w.tag, f.Source.Tag, key)
		require.Equal(t, w.fixed, f.Fixed, key)
	}
	require.Len(t, p.Unconfirmed(), 7, "every default is shown to be confirmed locally")
	require.Len(t, load(t, "cn.cc278.consent").Figures, 6, "the national pack stands alone")
}
