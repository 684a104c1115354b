package rules

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestConsentRulePlain(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		rule     string
		counting Counting
		all      Weight
		lines    []string
	}{
		"a part of all": {"seed75.of_all", ByHousehold, Weight{Heads: 1640}, []string{"同意至少 1,230 户（全体 1,640 户）。"}},
		"a part of those who take part": {"cc278.special", ByOwner, Weight{Heads: 15, Area: 120_000}, []string{
			"参与至少 10 人（全体 15 人）。",
			"参与至少 800.00 平方米（全体 1,200.00 平方米）。",
			"同意至少 12 人（全体 15 人都参与时）；只有 10 人参与时，至少 8 人。",
			"同意至少 900.00 平方米（全体 1,200.00 平方米都参与时）；只有 800.00 平方米参与时，至少 600.00 平方米。"}},
		"more than a half": {"cc278.ordinary", ByOwner, Weight{Heads: 16, Area: 3}, []string{
			"参与至少 11 人（全体 16 人）。",
			"参与至少 0.02 平方米（全体 0.03 平方米）。",
			"同意至少 9 人（全体 16 人都参与时）；只有 11 人参与时，至少 6 人。",
			"同意至少 0.02 平方米（全体 0.03 平方米都参与时）；只有 0.02 平方米参与时，至少 0.02 平方米。"}},
	} {
		rule, err := FindConsentRule(tc.rule)
		require.NoError(t, err, name)
		require.Equal(t, tc.lines, rule.Plain(tc.counting, tc.all), name)
		require.Empty(t, rule.Plain(tc.counting, Weight{}), "without a roll there are no numbers")
	}
}
