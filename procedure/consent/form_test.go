package consent

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/rules"
)

func good() Form {
	return Form{Animal: Owners278, Estate: "听雨花园", Title: "外墙改造", Question: "是否同意？", Rule: "cc278.special",
		Counting: rules.ByOwner, BuyerKey: rules.ExactSet, Silent: rules.SilentAbsent, Proposer: ByCommittee}
}

func blocks(f Form, failed ...Earlier) []string {
	var out []string
	for _, x := range Check(f, Context{Today: day("2026-11-22"), Failed: failed}) {
		if x.Level == procedure.Block {
			out = append(out, x.Code)
		}
	}
	return out
}

func day(s string) calendar.Date {
	d, err := calendar.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func TestCheck(t *testing.T) {
	t.Parallel()
	require.Empty(t, blocks(good()))
	for name, tc := range map[string]struct {
		change func(*Form)
		code   string
	}{
		"no estate":                        {func(f *Form) { f.Estate = " " }, "form.required"},
		"a question too long":              {func(f *Form) { f.Question = string(slices.Repeat([]rune{'问'}, 301)) }, "form.required"},
		"no legal kind":                    {func(f *Form) { f.Animal = "" }, "consent.animal"},
		"an unknown rule":                  {func(f *Form) { f.Rule = "cc278.easy" }, "consent.rule"},
		"a rule of another kind":           {func(f *Form) { f.Rule, f.Counting = "seed75.of_all", rules.ByHousehold }, "consent.rule"},
		"an owners' rule by household":     {func(f *Form) { f.Counting = rules.ByHousehold }, "consent.counting"},
		"an unknown mode of silence":       {func(f *Form) { f.Silent = "yes" }, "consent.rule"},
		"an effect too long":               {func(f *Form) { f.Effect = string(slices.Repeat([]rune{'费'}, MostEffect+1)) }, "consent.effect"},
		"an extension of 91 days":          {func(f *Form) { f.Extension = MostExtension + 1 }, "consent.extension"},
		"a meeting after a vote of owners": {func(f *Form) { f.AffectsAll = true }, "consent.affects_all"},
		"a negative extension":             {func(f *Form) { f.Extension = -1 }, "consent.extension"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := good()
			tc.change(&f)
			require.Equal(t, []string{tc.code}, blocks(f))
		})
	}
}

// The same scheme waits for its cool-off: until the day before, not on the day itself, and another scheme does not wait.
func TestCheck_CoolOff(t *testing.T) {
	t.Parallel()
	f := good()
	require.Equal(t, []string{"consent.cool_off"}, blocks(f, Earlier{"XW-BJ-2026-001", f.Scheme(), day("2026-11-23")}))
	require.Empty(t, blocks(f, Earlier{"XW-BJ-2026-001", f.Scheme(), day("2026-11-22")}))
	require.Empty(t, blocks(f, Earlier{"XW-BJ-2026-001", "听雨花园：车库照明", day("2026-11-23")}))
}

// What is doubtful in law is said, and does not block.
func TestCheck_FollowMajorityIsWarnedAbout(t *testing.T) {
	t.Parallel()
	f := good()
	f.Silent = rules.SilentFollows
	require.True(t, slices.ContainsFunc(Check(f, Context{Today: day("2026-11-22")}), func(x procedure.Finding) bool {
		return x.Level == procedure.Warn && x.Code == "consent.silent"
	}))
}

// A form that chooses nothing gets the defaults that the law and the estate have.
func TestParse_Defaults(t *testing.T) {
	t.Parallel()
	f, err := Parse([]byte(`{"animal":"OWNER_278","estate":"一","title":"二","question":"三","rule":"cc278.special","counting":"owner"}`))
	require.NoError(t, err)
	require.Equal(t, rules.ExactSet, f.BuyerKey)
	require.Equal(t, rules.SilentAbsent, f.Silent)
	_, err = Parse([]byte(`{"animal":"OWNER_278","quorum":1}`))
	require.Error(t, err)
}
