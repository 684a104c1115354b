package rules

import (
	"fmt"
	"slices"
	"strings"
)

// Measure is what a test of a consent rule counts.
type Measure string

// The measures.
const (
	Heads Measure = "heads"
	Area  Measure = "area"
)

// In returns the part of w that m measures.
func (m Measure) In(w Weight) int64 {
	if m == Area {
		return w.Area
	}
	return w.Heads
}

// Group is a group of entries that a test compares.
type Group string

// The groups.
const (
	Everybody    Group = "all"          // the whole roll
	Participants Group = "participants" // who takes part: yes, no and abstaining
	Agreeing     Group = "yes"
)

// ConsentTest is one test of a consent rule: Part reaches Ratio of Whole in Measure.
type ConsentTest struct {
	Key     string  `json:"key"`
	Measure Measure `json:"measure"`
	Part    Group   `json:"part"`
	Whole   Group   `json:"whole"`
	Ratio   Ratio   `json:"ratio"`
	// Optional marks a quorum that those who call the vote may do without.
	Optional bool `json:"optional,omitempty"`
}

// Quorum tells whether t asks who takes part and not who agrees.
func (t ConsentTest) Quorum() bool { return t.Part == Participants }

// Title names the two numbers of t in Chinese: 同意的业主人数／参与表决的业主人数.
func (t ConsentTest) Title(c Counting) string { return t.name(t.Part, c) + "／" + t.name(t.Whole, c) }

func (t ConsentTest) sentence(c Counting) string {
	ratio := "不少于"
	if t.Ratio.Strict {
		ratio = "超过"
	}
	return fmt.Sprintf("%s须%s%s的%d/%d。", t.name(t.Part, c), ratio, t.name(t.Whole, c), t.Ratio.Num, t.Ratio.Den)
}

func (t ConsentTest) name(g Group, c Counting) string {
	who := map[Group]string{Everybody: "全体", Participants: "参与表决的", Agreeing: "同意的"}[g]
	if t.Measure == Area {
		return who + "专有部分面积"
	}
	return who + map[Counting]string{ByOwner: "业主人数", ByHousehold: "户数", ByResident: "居民人数"}[c]
}

// Silent says how entries count that cast no ballot.
type Silent string

// The modes of silent votes.
const (
	// SilentAbsent: who returns no ballot does not take part.
	SilentAbsent Silent = "none"
	// SilentAbstains: who signed for the paper ballot, or logged in during the vote, takes
	// part and abstains (local rules of Sichuan and 达州, for electronic votes also 秦皇岛).
	SilentAbstains Silent = "abstainIfSigned"
	// SilentFollows: all who are silent join the majority, if the covenant says so
	// (业主大会和业主委员会指导规则 art. 26). Of doubtful validity for art. 278.
	SilentFollows Silent = "followMajority"
)

// Label says in Chinese how silent entries count, empty for an unknown mode.
func (s Silent) Label() string {
	return map[Silent]string{
		SilentAbsent:   "未交表决票的，视为未参与表决",
		SilentAbstains: "已签收表决票或者已登录表决系统但未表决的，视为参与表决并弃权",
		SilentFollows:  "未表决的，按管理规约或者议事规则计入多数意见",
	}[s]
}

// Warning returns the Chinese sentence to show wherever the mode is in force, or
// nothing.
func (s Silent) Warning() string {
	if s != SilentFollows {
		return ""
	}
	return "注意：将未表决的业主计入多数意见，能否用于《民法典》第二百七十八条规定的同意比例，效力存疑，须经法律人员确认。"
}

// ConsentRule is a named rule by which a vote on a renovation is judged. It is a value;
// WithSilent and WithoutQuorum return changed copies.
type ConsentRule struct {
	ID       string        `json:"id"`
	Title    string        `json:"title"`
	Text     string        `json:"text"` // what the rule is, for the notice
	Sources  []Source      `json:"sources"`
	Counting []Counting    `json:"counting"` // units of counting that it admits
	Tests    []ConsentTest `json:"tests"`    // all must be met
	// Conditions must hold beside the count; people confirm them.
	Conditions []string `json:"conditions,omitempty"`
	Silent     Silent   `json:"silent"`
	// Art278 tells that the tests are those of art. 278 of the Civil Code.
	Art278 bool `json:"art278"`
}

// Admits tells whether votes under r may be counted by c.
func (r ConsentRule) Admits(c Counting) bool { return slices.Contains(r.Counting, c) }

// WithSilent returns r with that mode of silent votes.
func (r ConsentRule) WithSilent(s Silent) (ConsentRule, error) {
	if s.Label() == "" {
		return r, refuse(CodeConsentSilent, "未表决票的计算方式 %.60q 无效", s)
	}
	r.Silent = s
	return r, nil
}

// WithoutQuorum returns r without its optional quorum, and refuses where the quorum is
// not optional or there is none.
func (r ConsentRule) WithoutQuorum() (ConsentRule, error) {
	required := slices.DeleteFunc(slices.Clone(r.Tests), func(t ConsentTest) bool { return t.Optional })
	if len(required) == len(r.Tests) {
		return r, refuse(CodeConsentQuorum, "规则“%s”没有可以不设的参与比例", r.Title)
	}
	r.Tests = required
	return r, nil
}

// Notice returns the text to print on the notice of a vote: the rule, the unit of
// counting, every test, and how silence counts.
func (r ConsentRule) Notice(c Counting) (string, error) {
	if !r.Admits(c) {
		return "", refuse(CodeConsentCounting, "规则“%s”不能按“%.60s”计票", r.Title, c)
	}
	var b strings.Builder
	b.WriteString(r.Text + "计票单位：" + c.Label() + "。")
	for _, t := range r.Tests {
		b.WriteString(t.sentence(c))
	}
	for _, condition := range r.Conditions {
		b.WriteString("另须：" + condition + "。")
	}
	b.WriteString(r.Silent.Label() + "。" + r.Silent.Warning())
	return b.String(), nil
}
