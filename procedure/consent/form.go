package consent

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/rules"
)

// The legal kinds of a vote. They have different bases and are never mixed.
const (
	Owners278 = "OWNER_278"     // 业主共同决定（民法典第二百七十八条）
	Resident  = "RESIDENT_POLL" // 居民（户）表决
	UnitLift  = "UNIT_LIFT"     // 单元加装电梯
)

// MostExtension is the longest extension that can be stated on the notice, in days: three months, as 深圳 had it.
const MostExtension = 90

// MostEffect is the longest text on what is done when the vote passes, in characters: it is printed on the notice.
const MostEffect = 500

// Form is what is filed.
type Form struct {
	Animal         string         `json:"animal"`
	Estate         string         `json:"estate"`
	Title          string         `json:"title"`
	Question       string         `json:"question"`
	Effect         string         `json:"effect,omitempty"`
	Rule           string         `json:"rule"`
	Counting       rules.Counting `json:"counting"`
	BuyerKey       rules.BuyerKey `json:"buyer_key,omitempty"`
	ExcludeParking bool           `json:"exclude_parking,omitempty"`
	Silent         rules.Silent   `json:"silent,omitempty"`
	Revisable      bool           `json:"revisable,omitempty"`
	Hidden         bool           `json:"hidden,omitempty"`
	Proxy          bool           `json:"proxy,omitempty"`
	Extension      int            `json:"extension,omitempty"`
	Platform       string         `json:"platform,omitempty"`
	// AffectsAll: the matter concerns all residents, so that after a poll of residents their meeting decides.
	AffectsAll bool   `json:"affects_all,omitempty"`
	Proposer   string `json:"proposer"`
	Proposal   string `json:"proposal,omitempty"`
	// Of a joint proposal: how many owners have signed, and how many there are; areas are texts, as on a roll.
	PetitionHeads    int64  `json:"petition_heads,omitempty"`
	PetitionAllHeads int64  `json:"petition_all_heads,omitempty"`
	PetitionArea     string `json:"petition_area,omitempty"`
	PetitionAllArea  string `json:"petition_all_area,omitempty"`
}

// Parse reads a form strictly.
func Parse(raw []byte) (Form, error) {
	f, err := procedure.Decode[Form](raw)
	if f.BuyerKey == "" {
		f.BuyerKey = rules.ExactSet
	}
	if f.Silent == "" {
		f.Silent = rules.SilentAbsent
	}
	return f, err
}

// Earlier is a vote that failed before.
type Earlier struct {
	Number string
	Scheme string        // estate and matter, as Facts.Title
	Again  calendar.Date // the first day on which the same scheme may be voted on again
}

// Scheme names what is voted on: the same estate and the same matter are the same scheme.
func (f Form) Scheme() string { return f.Estate + "：" + f.Title }

// Judged is the rule as the form chooses it.
func (f Form) Judged() (rules.ConsentRule, error) {
	r, err := rules.FindConsentRule(f.Rule)
	if err != nil {
		return r, err
	}
	return r.WithSilent(f.Silent)
}

// Context is what a form is judged against.
type Context struct {
	Today  calendar.Date
	Failed []Earlier
	Either bool // of a joint proposal one of the two shares is enough (PetitionEither)
}

// Check says what stands against a vote.
func Check(f Form, c Context) []procedure.Finding {
	var out []procedure.Finding
	say := func(level procedure.Weight, code, field, message string) {
		out = append(out, procedure.Finding{Level: level, Code: code, Field: field, Message: message})
	}
	text := func(field, value, name string, most int) {
		if n := utf8.RuneCountInString(value); strings.TrimSpace(value) == "" || n > most {
			say(procedure.Block, "form.required", field, fmt.Sprintf("请填写%s，最多 %d 字。", name, most))
		}
	}
	text("estate", f.Estate, "小区、楼栋或单元", 60)
	text("title", f.Title, "事项名称", 60)
	text("question", f.Question, "表决问题", 300)
	if utf8.RuneCountInString(f.Effect) > MostEffect {
		say(procedure.Block, "consent.effect", "effect", fmt.Sprintf("通过后的实施内容最多 %d 字。", MostEffect))
	}
	if f.Extension < 0 || f.Extension > MostExtension {
		say(procedure.Block, "consent.extension", "extension", fmt.Sprintf("延长的天数为 0 至 %d 日。", MostExtension))
	}
	if f.AffectsAll && f.Animal != Resident {
		say(procedure.Block, "consent.affects_all", "affects_all", "只有居民（户）表决的事项须由居民会议或者居民代表会议决定。")
	}
	out = append(out, f.proposed(c.Either)...)
	rule, err := f.Judged()
	switch prefixes := map[string]string{Owners278: "cc278.", Resident: "seed75.", UnitLift: "lift."}; {
	case prefixes[f.Animal] == "":
		say(procedure.Block, "consent.animal", "animal", "请选择表决的法律性质。")
	case err != nil:
		say(procedure.Block, "consent.rule", "rule", "请选择适用规则和未交表决票的处理方式。")
	case !strings.HasPrefix(f.Rule, prefixes[f.Animal]):
		say(procedure.Block, "consent.rule", "rule", "所选规则不适用于这种表决：业主共同决定、居民（户）表决、加装电梯的依据各不相同，不能混用。")
	case !rule.Admits(f.Counting):
		say(procedure.Block, "consent.counting", "counting", fmt.Sprintf("规则「%s」不能按%s计票。", rule.Title, f.Counting.Label()))
	default:
		if notice, err := rule.Notice(f.Counting); err == nil {
			say(procedure.Fine, "consent.notice", "rule", "公告将写明："+notice)
		}
	}
	if w := f.Silent.Warning(); w != "" {
		say(procedure.Warn, "consent.silent", "silent", w)
	}
	for _, e := range c.Failed {
		if e.Scheme == f.Scheme() && c.Today.Before(e.Again) {
			say(procedure.Block, "consent.cool_off", "title", fmt.Sprintf("同一方案在 %s 中未通过，%s起才可以再次表决；修改方案后请用新的事项名称。", e.Number, e.Again.Long()))
		}
	}
	return out
}

// Facts is what the workflow decides on.
type Facts struct {
	Title     string            `json:"title"`
	Estate    string            `json:"estate"`
	Question  string            `json:"question"`
	Effect    string            `json:"effect,omitempty"`
	Animal    string            `json:"animal"`
	Rule      rules.ConsentRule `json:"rule"` // pinned: a change of law never changes a running vote
	Options   rules.RollOptions `json:"options"`
	Revisable bool              `json:"revisable"`
	Hidden    bool              `json:"hidden"`
	Proxies   int64             `json:"proxies"`
	Extension int               `json:"extension"`
	Platform  string            `json:"platform,omitempty"`
	Community string            `json:"community"` // unit that organises
	Organiser procedure.Role    `json:"organiser"`
	Proposer  string            `json:"proposer"`
	Petition  *rules.Petition   `json:"petition,omitempty"`    // of a joint proposal
	Meeting   bool              `json:"affects_all,omitempty"` // the meeting of residents decides after the poll
}

// Facts pins what was chosen.
func (f Form) Facts(by procedure.Actor, proxies int64) (Facts, error) {
	rule, err := f.Judged()
	if err != nil {
		return Facts{}, err
	}
	facts := Facts{Title: f.Scheme(), Estate: f.Estate, Question: f.Question, Effect: f.Effect, Animal: f.Animal, Rule: rule,
		Options:   rules.RollOptions{Counting: f.Counting, BuyerKey: f.BuyerKey, ExcludeParking: f.ExcludeParking},
		Revisable: f.Revisable, Hidden: f.Hidden, Extension: f.Extension, Platform: f.Platform,
		Community: by.Unit, Organiser: by.Role, Proposer: f.Proposer, Meeting: f.AffectsAll}
	if f.Proxy {
		facts.Proxies = proxies
	}
	if f.Proposer == ByPetition {
		p, faults := f.petition()
		if len(faults) > 0 {
			return Facts{}, procedure.Errorf(procedure.Invalid, faults[0].Code, "%s", faults[0].Message)
		}
		facts.Petition = &p
	}
	return facts, nil
}
