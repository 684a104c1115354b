package rules

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func named(t *testing.T, id string) ConsentRule {
	t.Helper()
	r, err := FindConsentRule(id)
	require.NoError(t, err)
	return r
}

func TestNamedRules(t *testing.T) {
	t.Parallel()
	owner, every := []Counting{ByOwner}, []Counting{ByResident, ByHousehold, ByOwner}
	want := []struct {
		id       string
		tag      Confidence
		counting []Counting
		notice   string // the tests as the notice words them
	}{
		{"cc278.special", TextRead, owner, "参与表决的业主人数须不少于全体业主人数的2/3。参与表决的专有部分面积须不少于全体专有部分面积的2/3。同意的业主人数须不少于参与表决的业主人数的3/4。同意的专有部分面积须不少于参与表决的专有部分面积的3/4。"},
		{"cc278.ordinary", TextRead, owner, "参与表决的业主人数须不少于全体业主人数的2/3。参与表决的专有部分面积须不少于全体专有部分面积的2/3。同意的业主人数须超过参与表决的业主人数的1/2。同意的专有部分面积须超过参与表决的专有部分面积的1/2。"},
		{"seed75.of_all", Default, every, "同意的居民人数须不少于全体居民人数的3/4。"},
		{"seed75.of_participating", Default, every, "参与表决的居民人数须超过全体居民人数的1/2。同意的居民人数须不少于参与表决的居民人数的3/4。"},
		{"lift.cc278", TextRead, owner, "参与表决的业主人数须不少于全体业主人数的2/3。参与表决的专有部分面积须不少于全体专有部分面积的2/3。同意的业主人数须不少于参与表决的业主人数的3/4。同意的专有部分面积须不少于参与表决的专有部分面积的3/4。"},
		{"lift.jinan2019", TextRead, owner, "同意的业主人数须不少于全体业主人数的2/3。同意的专有部分面积须不少于全体专有部分面积的2/3。另须：专有部分被占用的业主同意。另须：方案公示15日。另须：公示期满，同幢或者受影响的其他业主没有未解决的书面异议。"},
		{"lift.two_thirds_heads", TextRead, owner, "同意的业主人数须不少于全体业主人数的2/3。"},
	}
	require.Len(t, ConsentRules(), len(want))
	for i, r := range ConsentRules() {
		w := want[i]
		require.Equal(t, w.id, r.ID)
		require.Equal(t, w.counting, r.Counting, r.ID)
		require.NotEmpty(t, r.Title)
		require.Equal(t, SilentAbsent, r.Silent, "silence never counts by default")
		require.NotEmpty(t, r.Sources)
		for _, s := range r.Sources {
			require.Equal(t, w.tag, s.Tag, r.ID)
			require.NotEmpty(t, s.Article)
			require.NotEmpty(t, s.Text)
		}
		keys := map[string]bool{}
		for _, test := range r.Tests {
			require.True(t, test.Ratio.Valid() && !keys[test.Key], "%s %s", r.ID, test.Key)
			keys[test.Key] = true
		}
		notice, err := r.Notice(r.Counting[0])
		require.NoError(t, err)
		require.Equal(t, r.Text+"计票单位："+r.Counting[0].Label()+"。"+w.notice+"未交表决票的，视为未参与表决。", notice)
	}
	_, err := FindConsentRule("cc278")
	requireCode(t, err, CodeConsentRule)
	_, err = named(t, "cc278.special").Notice(ByHousehold)
	requireCode(t, err, CodeConsentCounting)
	notice, err := named(t, "seed75.of_all").Notice(ByHousehold)
	require.NoError(t, err)
	require.Contains(t, notice, "计票单位：户。同意的户数须不少于全体户数的3/4。")
}

func TestRuleChoices(t *testing.T) {
	t.Parallel()
	r := named(t, "seed75.of_participating")
	free, err := r.WithoutQuorum()
	require.NoError(t, err)
	require.Len(t, free.Tests, 1)
	require.Len(t, r.Tests, 2, "the rule itself stays as it was")
	_, err = free.WithoutQuorum()
	requireCode(t, err, CodeConsentQuorum)
	_, err = named(t, "cc278.special").WithoutQuorum()
	requireCode(t, err, CodeConsentQuorum)

	_, err = r.WithSilent("assumeYes")
	requireCode(t, err, CodeConsentSilent)
	for mode, warns := range map[Silent]bool{SilentAbsent: false, SilentAbstains: false, SilentFollows: true} {
		changed, err := r.WithSilent(mode)
		require.NoError(t, err)
		notice, err := changed.Notice(ByHousehold)
		require.NoError(t, err)
		require.Contains(t, notice, mode.Label())
		require.Equal(t, warns, mode.Warning() != "")
		require.Contains(t, notice, mode.Warning())
	}
}
