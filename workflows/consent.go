package workflows

import (
	"encoding/json"
	"fmt"

	"go.temporal.io/sdk/workflow"

	"gongzhi/ballot"
	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/procedure/consent"
)

// Consent carries a vote of owners or residents on a renovation from the proposal to the end of the project, or to the cool-off of
// a scheme that was not agreed to.
func Consent(ctx workflow.Context, filing procedure.Filing) (procedure.Outcome, error) {
	var facts consent.Facts
	if err := json.Unmarshal(filing.Facts, &facts); err != nil {
		return procedure.Outcome{}, fmt.Errorf("facts of %s: %w", filing.Case, err)
	}
	c := consentCase{openCase(ctx, consent.Procedure(), filing, Facts{Title: facts.Title, Communities: []string{facts.Community}}), facts}
	c.OnAbort(func(k Case) { k.lasting("表决作废", do.VoidPoll, nil, filing.Case) })
	c.lasting("登记表决", do.PreparePoll, nil, c.terms())

	if c.review() == procedure.Object {
		return c.unfit("社区党组织认为不宜提交表决")
	}
	if facts.OfResidents() && c.by(consent.Deliberation) == procedure.Object {
		return c.unfit("协商不成，不提交表决")
	}

	c.by(consent.Roll)
	c.settleRoll()
	c.by(consent.Scheme)
	c.Forbid() // from the notice on nobody takes the question back
	c.announce()

	if c.matter.Platform == "" {
		c.Vote(voting{span: procedure.Span{Figure: consent.VotingPeriod, Unit: calendar.Day}, basis: window, extension: c.matter.Extension})
	} else {
		c.by(consent.Certify)
	}
	result := c.settleResult()
	if !result.Passed {
		return c.notPassed(result)
	}

	if len(c.matter.Rule.Conditions) > 0 && c.Decide(consent.Conditions) == procedure.Object {
		return c.Close(procedure.Rejected, "表决通过，但规则要求的其他条件不具备")
	}
	if !c.adopted() {
		return c.Close(procedure.Rejected, "居民表决通过，但居民会议（居民代表会议）未通过")
	}
	if facts.OfResidents() {
		span, basis := facts.ResultDisplay()
		c.LieOpen("display", "居务公开", span, basis)
	}
	// The gate: nothing of the project may begin before this line.
	c.Approve()
	c.Phase(procedure.Executing, "表决通过，项目可以启动")
	return c.carryOut()
}

var window = procedure.Basis{Text: "表决期为产品默认 30 日；有地方规定的从其规定（杭州 5 至 60 日）", Tag: "D"}

type consentCase struct {
	Case
	matter consent.Facts
}

func (c consentCase) terms() ballot.Terms {
	m := c.matter
	return ballot.Terms{Number: c.filing.Case, District: c.filing.District, Unit: m.Community, Animal: ballot.Animal(m.Animal),
		Title: m.Title, Question: m.Question, Effect: m.Effect, Estate: m.Estate, Rule: m.Rule, Options: m.Options,
		Revisable: m.Revisable, Hidden: m.Hidden, Proxies: m.Proxies, Platform: m.Platform, Extension: m.Extension, Meeting: m.Meeting,
		CoolOff: int(c.filing.Figures[consent.CoolOff])}
}

// by asks the organiser: the owners' committee where it proposed the vote, otherwise the residents' committee.
func (c consentCase) by(s procedure.Stage, opts ...Option) procedure.Answer {
	return c.Decide(c.matter.Stage(s), opts...)
}

// review has the Party organisation decide whether the matter is fit for a vote. Beside it the residents' committee is heard, unless
// it proposes the matter itself: its silence is noted and holds nothing up, and a refusal needs no opinion any more.
func (c consentCase) review() (answer procedure.Answer) {
	pieces := []func(Case){func(k Case) { answer = consentCase{k, c.matter}.by(consent.Advice) }}
	if c.matter.Organiser == procedure.OwnersCommittee && !c.matter.OfResidents() {
		refused := func() bool { return answer == procedure.Object }
		pieces = append(pieces, func(k Case) { k.Decide(consent.CommitteeAdvice, Until(refused)) })
	}
	c.Together(pieces...)
	return answer
}

// unfit ends the case before there is a vote.
func (c consentCase) unfit(why string) (procedure.Outcome, error) {
	c.lasting("表决作废", do.VoidPoll, nil, c.filing.Case)
	return c.Close(procedure.Rejected, why)
}

// settleRoll shows the roll, has objections answered, and freezes it. A correction is a new version and is shown again.
func (c consentCase) settleRoll() {
	span, basis := c.matter.RollDisplay()
	subjects := "单元、面积、业主或表决人"
	if c.matter.OfResidents() {
		subjects = "户、居民或表决人"
	}
	for again := true; again && !c.over(); {
		c.Post(procedure.Posted{Title: c.matter.Title + "：清册公示", Until: c.lastDay("清册公示", span), Objections: c.lastDay("清册异议", span),
			Text: "清册已核定，现予公示。对" + subjects + "有异议的，请在公示期内向组织者提出，由组织者在表决前复核并答复。"})
		c.LieOpen("roll", "清册公示", span, basis)
		for why := ""; ; {
			answer := c.by(consent.RollObjections, About(why))
			again = answer == consent.Renew
			if answer != procedure.Submit {
				break
			}
			if why = c.freeze(); why == "" {
				break
			}
		}
	}
}

// freeze freezes the roll, or says what people have to mend before.
func (c consentCase) freeze() string {
	var f struct {
		ballot.Frozen
		Why string `json:"why"`
	}
	c.lasting("冻结清册", do.FreezeRoll, &f, c.filing.Case)
	if c.over() || f.Why != "" {
		return f.Why
	}
	c.Post(procedure.Posted{Title: c.matter.Title + "：清册已冻结", Text: fmt.Sprintf("清册第 %d 版已冻结，共 %d 张表决票。清册指纹：%s。", f.Version, f.Voters, f.Fingerprint)})
	return ""
}

// announce publishes what is voted on, by which rule and how it is counted, tells those who must be told, and lets the notice stand as
// long as the law asks.
func (c consentCase) announce() {
	if c.over() {
		return
	}
	rule, err := c.matter.Rule.Notice(c.matter.Options.Counting)
	if err != nil {
		c.fail(err)
		return
	}
	span, basis := c.matter.Display()
	more := ""
	if c.matter.Extension > 0 {
		more = fmt.Sprintf("参与不足规定比例的，表决期延长一次，共 %d 日。", c.matter.Extension)
	}
	if c.matter.Platform != "" {
		more += "本次表决在" + c.matter.Platform + "进行，结果以该平台出具的为准。"
	}
	if !c.matter.Revisable {
		more += "网上表决提交后不能更改。"
	}
	if c.matter.Meeting {
		more += "事项涉及全体居民，表决通过以后由居民会议或者居民代表会议决定。"
	}
	if !c.matter.OfResidents() {
		more += "表决票无法送达的，在小区内公告（业主大会和业主委员会指导规则第二十二条）。"
	}
	c.Post(procedure.Posted{Title: c.matter.Title + "：表决公告", Until: c.lastDay("表决公告", span),
		Text: fmt.Sprintf("提议人：%s。表决问题：「%s」。%s%s", c.matter.ProposedBy(), c.matter.Question, rule, more)})
	for _, seat := range c.matter.Informed() {
		c.CopyTo("会议通知和议题已公示，依照物业管理条例第十四条告知", seat, "")
	}
	c.LieOpen("notice", "表决公告", span, basis)
}

// settleResult counts, has the count witnessed, shows it as 初步统计结果, has objections answered, and publishes the final result.
func (c consentCase) settleResult() (t ballot.Tally) {
	for !c.over() {
		t = c.count()
		if t.Why != "" { // the certified result is not complete
			c.by(consent.Certify, About(t.Why))
			continue
		}
		c.by(consent.Count, About(t.Text))
		if c.Decide(consent.Witnessing) != procedure.Agree {
			continue
		}
		span, basis := c.matter.Opinions()
		last := c.lastDay("询异", span)
		c.Post(procedure.Posted{Title: c.matter.Title + "：初步统计结果", Until: last, Objections: last,
			Text: "初步统计结果：" + t.Text + "。对结果有异议的，请在询异期内提出。"})
		c.LieOpen("opinions", "询异", span, basis)
		if c.finished() {
			break
		}
	}
	remedy := "业主认为决定侵害其合法权益的，可以自知道之日起一年内请求人民法院撤销（民法典第二百八十条）。"
	if c.matter.OfResidents() {
		remedy = "决定违反法律、法规的，区、街道可以责令改正（城市居民委员会组织法（2025年修订）第三十一条）。"
	}
	c.show("：表决结果公告", "表决结果："+t.Text+"。"+remedy)
	return t
}

// show publishes a decision for as long as the law asks.
func (c consentCase) show(title, text string) {
	span, _ := c.matter.ResultDisplay()
	c.Post(procedure.Posted{Title: c.matter.Title + title, Until: c.lastDay("结果公示", span), Text: text})
}

// adopted has the meeting of residents decide what concerns all of them, and publishes its decision. It is true where no meeting is
// needed.
func (c consentCase) adopted() bool {
	if !c.matter.Meeting {
		return true
	}
	passed := c.Decide(c.matter.Stage(consent.Meeting)) != procedure.Object
	word := "通过"
	if !passed {
		word = "未通过"
	}
	c.show("：居民会议决定公告", "居民会议（居民代表会议）的决定："+word+"。")
	return passed
}

// carryOut is the project: its permit, the works with what is disclosed of them, the accounts, and of a matter of residents their
// appraisal.
func (c consentCase) carryOut() (procedure.Outcome, error) {
	if c.by(consent.Permit) == procedure.Abandon {
		return c.Close(procedure.Withdrawn, "表决通过，但不再实施")
	}
	for n := 1; c.by(consent.Works) == consent.Disclose; n++ {
		c.Post(procedure.Posted{Title: c.matter.Title + "：施工进展公开",
			Text: fmt.Sprintf("第 %d 次公开施工进展和资金使用情况，内容由组织者在公示栏张贴，并记入办件 %s。", n, c.filing.Case)})
	}
	c.by(consent.Accounts)
	const account = "工程已验收，决算由组织者在公示栏张贴，并附于办件。"
	if !c.matter.OfResidents() {
		c.Post(procedure.Posted{Title: c.matter.Title + "：决算公告", Text: account})
		return c.Close(procedure.Completed, "表决通过，已实施并公示决算")
	}
	c.show("：决算公告", account)
	opinion := c.by(consent.Appraisal)
	result := "表决通过，已实施并公示决算，居民评议：" + answerWords[opinion]
	if opinion == consent.Dissatisfied {
		c.by(consent.Rectify)
		result += "，已整改"
	}
	return c.Close(procedure.Completed, result)
}

// finished has objections answered and ends 询异; false: the ballots are to be looked at again.
func (c consentCase) finished() bool {
	for why := ""; c.by(consent.Settle, About(why)) == procedure.Submit; {
		var f struct {
			Why string `json:"why"`
		}
		c.lasting("确认结果", do.FinishPoll, &f, c.filing.Case)
		if why = f.Why; why == "" {
			return true
		}
	}
	return false
}

// notPassed ends the case and says from when on the same scheme may be voted on again.
func (c consentCase) notPassed(t ballot.Tally) (procedure.Outcome, error) {
	period, err := procedure.Span{Figure: consent.CoolOff, Unit: calendar.Day}.Period(c.filing.Figures)
	c.fail(err)
	last := ""
	if !c.over() {
		last = c.daysFrom(t.At, "再次表决的间隔", period).Day.Long()
	}
	back := ""
	if c.matter.OfResidents() {
		back = "退回协商；"
	}
	return c.Close(procedure.Rejected, fmt.Sprintf("%s。%s同一方案在%s之后才可以再次表决", t.Short, back, last))
}
