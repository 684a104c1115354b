package rules

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

const (
	sample         = "协助 2026 年秋季小微服务网点摸底登记"
	counterExample = "商户扫码率 95%"
)

func items(t testing.TB) []Item {
	t.Helper()
	l, err := LoadList("local.xw.list")
	require.NoError(t, err)
	require.Len(t, l.Items, 20)
	return l.Items
}

func numbers(hits []Hit) []string {
	out := []string{}
	for _, h := range hits {
		out = append(out, h.Item.No)
	}
	return out
}

func TestSampleApplicationIsOnNoList(t *testing.T) {
	t.Parallel()
	require.Empty(t, Match(items(t), sample))
	require.Empty(t, Match(items(t), sample+"。依据:年度统计调查项目(文号示例),不含执法。"), "the basis named in the form does not match either")
}

func TestCounterExampleIsBlocked(t *testing.T) {
	t.Parallel()
	hits := Match(items(t), counterExample)
	require.Len(t, hits, 1)
	require.Equal(t, "20", hits[0].Item.No)
	require.Equal(t, Negative, hits[0].Item.Kind)
	require.Equal(t, []string{"扫码率"}, hits[0].Words)
	require.Equal(t, hits, Of(hits, Negative))
	require.Empty(t, Of(hits, Duty))

	// The positive control: without the keywords as data nothing is found.
	bare := items(t)
	bare[19].Keywords = nil
	require.Empty(t, Match(bare, counterExample))
}

// TestMatchOverTheTwentyItems says for real sentences which items they hit.
func TestMatchOverTheTwentyItems(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"组织居民下载APP,统计各社区下载率并排名": {"20"},
		"每月上报重复报表":              {"20"},
		"公众号关注数纳入考核指标":          {"20"},
		"配合城管执法,参与拆违":           {"19"},
		"协助招商引资和商户招引":           {"19"},
		"开展法律政策宣传":              {"1"},
		"为80岁以上老人办理高龄津贴":        {"14"},
		"通知辖区儿童疫苗接种":            {"15"},
		"成立业主大会、选举业委会":          {"7"},
		"协助统计调查入户":              {"16"},
		"低保家庭初访":                {"13"},
		"兵役登记与疫苗接种":             {"15", "17"},
		"出具居住证明":                {"18"},
		"高空抛物隐患巡查":              {},
		"居民协助社区工作":              {},
		"登记":                    {},
		"":                      {},
		"不含执法检查,不设排名,不涉及关注数":    {},
		"不设排名,但公布排名":            {"20"},
		"费用不含。扫码率95%":           {"20"},
		"扫码率不低于95%":             {"20"},
		"不得低于扫码率目标":             {"20"},
		"扫 码 率":                 {"20"},
		"扫,码。率":                 {"20"},
		"扫\u200b码\u200b率":       {"20"},
		"app 下载率/关注数 指标、重复报表":   {"20"},
		"ＡＰＰ　下载率／关注数　指标、重复报表":   {"20"},
		"社会治安与群防群治工作,以及信访矛盾排查任务": {"9", "12"},
	} {
		got := numbers(Match(items(t), text))
		slices.Sort(got)
		slices.Sort(want)
		require.Equal(t, want, got, text)
	}
}

// oracle decides with the plainest possible means whether an item is hit.
func oracle(item Item, text string) bool {
	plain := func(s string) []rune {
		var out []rune
		for _, r := range strings.ToLower(s) {
			if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r >= 0x4E00 && r <= 0x9FFF {
				out = append(out, r)
			}
		}
		return out
	}
	for _, k := range item.Keywords {
		if strings.Contains(string(plain(text)), string(plain(k))) {
			return true
		}
	}
	groups := func(s string) map[string]bool {
		out := map[string]bool{}
		for _, piece := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" 、,。/()", r) }) {
			runes := plain(piece)
			if len(runes) > 0 && runes[0] < 0x80 {
				out[string(runes)] = true
				continue
			}
			for i := 0; i+1 < len(runes); i++ {
				out[string(runes[i:i+2])] = true
			}
		}
		for _, g := range general {
			delete(out, g)
		}
		return out
	}
	own, given, shared := groups(item.Title), groups(text), 0
	for g := range own {
		if given[g] {
			shared++
		}
	}
	return shared >= 2 && 100*shared >= 60*len(own)
}

func TestMatchAgainstTheOracle(t *testing.T) {
	t.Parallel()
	all := items(t)
	var words []string
	for _, i := range all {
		words = append(words, i.Title)
		words = append(words, i.Keywords...)
		runes := []rune(i.Title)
		words = append(words, string(runes[:len(runes)/2]), string(runes[len(runes)/3:]))
	}
	words = append(words, "摸底登记", "小微服务网点", "协助", "社区", "2026", "居民")
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 4).Draw(t, "words"), "、")
		want := []string{}
		for _, i := range all {
			if oracle(i, text) {
				want = append(want, i.No)
			}
		}
		hits := Match(all, text)
		got := numbers(hits)
		slices.Sort(want)
		slices.Sort(got)
		require.Equal(t, want, got, text)

		require.True(t, slices.IsSortedFunc(hits, func(a, b Hit) int { return b.Score - a.Score }))
		for _, h := range hits {
			require.NotEmpty(t, h.Words, "a hit says why")
			require.LessOrEqual(t, h.Overlap, 100)
		}
		mixed := rapid.Permutation(all).Draw(t, "order")
		again := numbers(Match(mixed, text))
		slices.Sort(again)
		require.Equal(t, got, again, "the order of the list does not matter")
		require.Equal(t, hits, Match(all, " "+strings.ToUpper(text)+"。"), "case and punctuation do not matter")
	})
}

func TestEveryTitleMatchesItselfBest(t *testing.T) {
	t.Parallel()
	all := items(t)
	for _, i := range all {
		hits := Match(all, i.Title)
		require.NotEmpty(t, hits, i.Title)
		require.Equal(t, i.No, hits[0].Item.No, i.Title)
		require.Equal(t, 100, hits[0].Overlap)
	}
}

// TestChanceLikeness: one shared group alone is no hit, a broken-up title is.
func TestChanceLikeness(t *testing.T) {
	t.Parallel()
	require.Empty(t, Match([]Item{{No: "1", Title: "走访"}}, "走访困难家庭"))
	require.Len(t, Match([]Item{{No: "1", Title: "走访慰问"}}, "走访慰问困难家庭"), 1)
	hits := Match([]Item{{No: "1", Title: "走访慰问"}}, "走\u200b访慰\u200b问")
	require.Len(t, hits, 1)
	require.Equal(t, 100, hits[0].Overlap)
}

func TestActive(t *testing.T) {
	t.Parallel()
	until := "2026-12-20"
	list := []Item{{No: "1"}, {No: "2", ValidUntil: &until}}
	require.Len(t, Active(list, "2026-12-20"), 2)
	require.Len(t, Active(list, "2026-12-21"), 1)
	require.Len(t, list, 2)
}

func TestListRefuses(t *testing.T) {
	t.Parallel()
	good := func() List {
		return List{ID: "a", Version: "1", Items: []Item{{No: "1", Title: "t", Kind: Duty}, {No: "2", Title: "t", Kind: Negative}}}
	}
	require.NoError(t, good().Validate())
	for name, edit := range map[string]func(*List){
		"no version":   func(l *List) { l.Version = "" },
		"no title":     func(l *List) { l.Items[0].Title = "" },
		"unknown kind": func(l *List) { l.Items[0].Kind = "x" },
		"number twice": func(l *List) { l.Items[1].No = "1" },
	} {
		l := good()
		edit(&l)
		err := l.Validate()
		require.Error(t, err, name)
		requireCode(t, err, CodeListInvalid)
	}
	_, err := LoadList("../local.xw.admission")
	requireCode(t, err, CodeListUnknown)
}

func FuzzMatch(f *testing.F) {
	for _, s := range []string{sample, counterExample, "", "不含", "ＡＰＰ", "\xff\xfe", strings.Repeat("扫码", 500)} {
		f.Add(s)
	}
	all := items(f)
	f.Fuzz(func(t *testing.T, text string) {
		hits := Match(all, text)
		require.Equal(t, hits, Match(all, text))
		for _, h := range hits {
			require.NotEmpty(t, h.Words)
		}
		with := Match(all, text+"。扫码率")
		require.Contains(t, numbers(with), "20", "nothing before it hides a keyword of its own sentence")
	})
}
