// Package consent describes 居民与业主表决: the consent that a renovation needs, from the proposal to the gate that lets the project
// start. Three legal animals share the way and are never mixed: 业主共同决定（民法典第二百七十八条）, 居民（户）表决 and 加装电梯.
package consent

import (
	_ "embed"

	"gongzhi/calendar"
	"gongzhi/procedure"
)

// Kind is the name of the procedure.
const Kind procedure.Kind = "consent"

// Keys of the figures in the rule pack.
const (
	PackID            = "local.xw.consent"
	AdvicePeriod      = "advice"             // 党组织、居委会提出意见
	RollPublication   = "roll_publication"   // 清册公示
	AgendaNotice      = "agenda_notice"      // 业主会议通知
	SchemePublicity   = "scheme_publicity"   // 居民表决前的方案公示
	LiftPublicity     = "lift_publicity"     // 加装电梯方案公示
	VotingPeriod      = "voting_period"      // 表决期
	CountingPeriod    = "counting"           // 计票
	ResultPublication = "result_publication" // 公布结果
	ResultOpinions    = "result_opinions"    // 询异
	ResultDisplay     = "result_display"     // 业主表决的结果公示
	Disclosure        = "poll_publication"   // 居民表决的结果居务公开：法律规定的最短时间，地方不得缩短
	AppraisalPeriod   = "appraisal"          // 居民评议
	PetitionEither    = "petition_either"    // 业主联名只须一项达到 20%
	CoolOff           = "cool_off"           // 未通过后的间隔
	ProxiesPerAgent   = "proxies_per_agent"  // 一人最多代理
)

//go:embed form.json
var schema []byte

//go:embed ui.json
var ui []byte

// organiser is who organises: the owners' committee where it proposed the vote, otherwise the residents' committee. Organised puts
// the right post in.
var (
	organiser = procedure.Seat{Role: procedure.CommunityDirector, Where: procedure.AtInitiator}
	secretary = procedure.Seat{Role: procedure.PartySecretary, Where: procedure.AtInitiator}
	committee = procedure.Seat{Role: procedure.CommunityDirector, Where: procedure.AtCommunities} // 居委会, whoever organises
	witness   = procedure.Seat{Role: procedure.Witness, Where: procedure.AtInitiator}
	street    = procedure.Seat{Role: procedure.StreetOffice, Where: procedure.AtStreets}
)

// Answers of this procedure.
const (
	Renew   procedure.Answer = "renew"   // 清册有更正，重新公示
	Recount procedure.Answer = "recount" // 重新计票

	Disclose     procedure.Answer = "disclose"     // 公开施工进展
	Satisfied    procedure.Answer = "satisfied"    // 满意
	Fair         procedure.Answer = "fair"         // 基本满意
	Dissatisfied procedure.Answer = "dissatisfied" // 不满意
)

// The stages. What follows what is in workflows/consent.go.
var (
	Advice = procedure.Stage{Name: "advice", Title: "前置审查", Segment: "提议", Does: "研究提议并提出意见", Binding: true,
		Basis: procedure.Basis{Text: "城市居民委员会组织法（2025年修订）第十条第七项：指导业主大会；期限为产品默认 5 日", Tag: "D"},
		Seat:  secretary, Within: days(AdvicePeriod), RemindDays: 1, EscalateTo: street,
		Options: []procedure.Option{
			{Answer: procedure.Agree, Label: "同意提交表决，核定清册", Effect: procedure.Forward, Then: []string{"roll"}},
			{Answer: procedure.Object, Label: "不宜提交表决", Effect: procedure.Stop, Opinion: true, Danger: true},
		}}
	CommitteeAdvice = procedure.Stage{Name: "committee-advice", Title: "居委会意见", Segment: "提议", Does: "对提议提出意见", Binding: true,
		Basis: procedure.Basis{Text: "城市居民委员会组织法（2025年修订）第十条第七项：指导业主大会；期限为产品默认 5 日", Tag: "D"},
		Seat:  committee, Within: days(AdvicePeriod), RemindDays: 1, EscalateTo: street, Silence: procedure.Noted,
		Options: []procedure.Option{
			{Answer: procedure.Agree, Label: "没有不同意见", Effect: procedure.Forward, Then: []string{"roll"}},
			{Answer: procedure.Object, Label: "有不同意见，供社区党组织和业主参考", Effect: procedure.Forward, Opinion: true, Then: []string{"roll"}},
		}}
	Deliberation = procedure.Stage{Name: "deliberation", Title: "议题协商", Segment: "提议", Does: "组织协商，形成方案", Binding: true,
		Basis: procedure.Basis{Text: "城市居民委员会组织法（2025年修订）第三十二条：涉及居民切身利益的事项，居民委员会应当组织协商", Tag: "T"},
		Seat:  organiser, EscalateTo: street, Undated: "协商会开几次、何时开由组织者定，法律没有规定期限",
		Options: []procedure.Option{
			{Answer: procedure.Submit, Label: "协商形成方案，核定清册", Effect: procedure.Forward, Attachment: true, Then: []string{"roll"}},
			{Answer: procedure.Object, Label: "协商不成，不提交表决", Effect: procedure.Stop, Opinion: true, Danger: true},
		}}
	Roll = procedure.Stage{Name: "roll", Title: "核定清册", Segment: "清册", Does: "导入清册并公示", Binding: true,
		Basis: procedure.Basis{Text: "最高法建筑物区分所有权解释（2020）第八条：面积依次按登记簿、实测、合同认定", Tag: "T"},
		Seat:  organiser, EscalateTo: street, Undated: "清册须在表决前核定并公示，核定本身没有期限",
		Options: []procedure.Option{{Answer: procedure.Publish, Label: "清册已导入，开始公示", Effect: procedure.Forward, Then: []string{"roll-objections"}}}}
	RollObjections = procedure.Stage{Name: "roll-objections", Title: "复核异议", Segment: "清册", Does: "答复清册异议并冻结清册", Binding: true,
		Basis: procedure.Basis{Text: "有异议的，表决前复核并答复", Tag: "T"},
		Seat:  organiser, EscalateTo: street, Undated: "公示期满即可办理；异议未全部答复不能冻结",
		Options: []procedure.Option{
			{Answer: procedure.Submit, Label: "异议已答复，冻结清册", Effect: procedure.Forward, Then: []string{"scheme"}},
			{Answer: Renew, Label: "清册有更正，重新公示", Effect: procedure.Forward, Opinion: true, Then: []string{"roll-objections"}},
		}}
	Scheme = procedure.Stage{Name: "scheme", Title: "方案", Segment: "公告", Does: "提交改造方案、预算和费用分摊", Binding: true,
		Basis: procedure.Basis{Text: "方案、预算、费用分摊和补偿须随议题公示，未公示的事项不得表决（北京、杭州）", Tag: "T"},
		Seat:  organiser, EscalateTo: street, Undated: "方案由提议人准备，没有期限",
		Options: []procedure.Option{{Answer: procedure.Submit, Label: "方案齐备，发布表决公告", Effect: procedure.Forward, Attachment: true}}}
	Count = procedure.Stage{Name: "count", Title: "计票", Segment: "表决", Does: "核对计票表", Binding: true,
		Basis: procedure.Basis{Text: "计票由组织者办理、监票人监督；期限为产品默认 3 日", Tag: "D"},
		Seat:  organiser, Within: days(CountingPeriod), RemindDays: 1, EscalateTo: street,
		Options: []procedure.Option{{Answer: procedure.Submit, Label: "计票表核对无误，送监票", Effect: procedure.Forward, Then: []string{"witness"}}}}
	Certify = procedure.Stage{Name: "certify", Title: "录入平台结果", Segment: "表决", Does: "录入官方平台认证的表决结果", Binding: true,
		Basis: procedure.Basis{Text: "川建行规〔2022〕9号：在省级业主电子表决系统表决", Tag: "X"},
		Seat:  organiser, EscalateTo: street, Undated: "以官方平台出具结果的时间为准",
		Options: []procedure.Option{{Answer: procedure.Submit, Label: "认证结果已录入，送监票", Effect: procedure.Forward, Then: []string{"witness"}}}}
	Witnessing = procedure.Stage{Name: "witness", Title: "监票", Segment: "表决", Does: "监督计票并签字", Binding: true,
		Basis: procedure.Basis{Text: "城市居民委员会组织法（2025年修订）：居务监督委员会监督；计票期限为产品默认 3 日", Tag: "D"},
		Seat:  witness, Within: days(CountingPeriod), RemindDays: 1, EscalateTo: street,
		Options: []procedure.Option{
			{Answer: procedure.Agree, Label: "计票属实，公布初步统计结果", Effect: procedure.Forward, Then: []string{"settle"}},
			{Answer: Recount, Label: "要求重新核对", Effect: procedure.Forward, Opinion: true, Danger: true, Then: []string{"count"}},
		}}
	Settle = procedure.Stage{Name: "settle", Title: "处理询异", Segment: "结果", Does: "答复对初步结果的异议并确认结果", Binding: true,
		Basis: procedure.Basis{Text: "北京市物业管理条例第三十七条、达州第十四条：自决定作出之日起 3 日内公布", Tag: "T"},
		Seat:  organiser, Within: days(ResultPublication), RemindDays: 1, EscalateTo: street,
		Options: []procedure.Option{
			{Answer: procedure.Submit, Label: "异议已答复，公布最终结果", Effect: procedure.Forward},
			{Answer: Recount, Label: "异议成立，重新核对计票", Effect: procedure.Forward, Opinion: true, Danger: true, Then: []string{"count"}},
		}}
	Conditions = procedure.Stage{Name: "conditions", Title: "确认其他条件", Segment: "实施", Does: "确认票数之外的条件", Binding: true,
		Basis: procedure.Basis{Text: "规则另有条件的（如被占用专有部分的业主同意、无未解决的书面异议），须由街道确认", Tag: "T"},
		Seat:  street, Undated: "条件具备之前项目不得启动",
		Options: []procedure.Option{
			{Answer: procedure.Agree, Label: "条件已具备，可以启动", Effect: procedure.Forward, Opinion: true, Then: []string{"permit"}},
			{Answer: procedure.Object, Label: "条件不具备，终止", Effect: procedure.Stop, Opinion: true, Danger: true},
		}}
	Meeting = procedure.Stage{Name: "meeting", Title: "居民会议决定", Segment: "结果", Does: "召集居民会议或者居民代表会议，登记决定", Binding: true,
		Basis: procedure.Basis{Text: "城市居民委员会组织法（2025年修订）第三十二条：需要的，提请居民会议或者居民代表会议讨论决定", Tag: "T"},
		Seat:  committee, EscalateTo: street, Undated: "居民会议须提前 10 日通知（第二十六条），何时召开没有统一的期限",
		Options: []procedure.Option{
			{Answer: procedure.Agree, Label: "会议通过", Effect: procedure.Forward, Attachment: true},
			{Answer: procedure.Object, Label: "会议未通过", Effect: procedure.Stop, Opinion: true, Danger: true},
		}}
	Permit = procedure.Stage{Name: "permit", Title: "报建许可", Segment: "实施", Does: "办理报建或施工许可并开工", Binding: true,
		Basis: procedure.Basis{Text: "表决通过后方可报建施工；许可由主管部门办理", Tag: "T"}, Seat: organiser, EscalateTo: street,
		Undated: "以主管部门的许可时间为准",
		Options: []procedure.Option{
			{Answer: procedure.Submit, Label: "许可已取得，开工", Effect: procedure.Forward, Attachment: true, Then: []string{"works"}},
			{Answer: procedure.Abandon, Label: "不再实施", Effect: procedure.Stop, Opinion: true, Danger: true},
		}}
	Works = procedure.Stage{Name: "works", Title: "施工", Segment: "实施", Does: "组织施工，公开进展和资金使用", Binding: true,
		Basis: procedure.Basis{Text: "民法典第二百八十一条：维修资金的筹集、使用情况应当定期公布", Tag: "T"}, Seat: organiser, EscalateTo: street,
		Undated: "以施工合同约定的工期为准",
		Options: []procedure.Option{
			{Answer: Disclose, Label: "公开一次进展和资金使用，继续施工", Effect: procedure.Forward, Opinion: true, Then: []string{"works"}},
			{Answer: procedure.Submit, Label: "已竣工，办理验收", Effect: procedure.Forward, Then: []string{"accounts"}},
		}}
	Accounts = procedure.Stage{Name: "accounts", Title: "验收与决算公示", Segment: "实施", Does: "验收并公示决算", Binding: true,
		Basis: procedure.Basis{Text: "民法典第二百八十一条：维修资金的筹集、使用情况应当定期公布", Tag: "T"}, Seat: organiser, EscalateTo: street,
		Undated: "竣工后办理",
		Options: []procedure.Option{{Answer: procedure.Submit, Label: "已验收，公示决算", Effect: procedure.Forward, Attachment: true}}}
	Appraisal = procedure.Stage{Name: "appraisal", Title: "居民评议", Segment: "实施", Does: "组织居民评议，登记结果", Binding: true,
		Basis: procedure.Basis{Text: "产品默认：实施完成后 30 日内由居民、居务监督委员会评议", Tag: "D"},
		Seat:  witness, Within: days(AppraisalPeriod), RemindDays: 3, EscalateTo: street,
		Options: []procedure.Option{
			{Answer: Satisfied, Label: "评议结果：满意", Effect: procedure.Forward, Attachment: true},
			{Answer: Fair, Label: "评议结果：基本满意", Effect: procedure.Forward, Attachment: true},
			{Answer: Dissatisfied, Label: "评议结果：不满意，转整改", Effect: procedure.Forward, Opinion: true, Attachment: true, Danger: true, Then: []string{"rectify"}},
		}}
	Rectify = procedure.Stage{Name: "rectify", Title: "整改", Segment: "实施", Does: "按评议意见整改", Binding: true,
		Basis: procedure.Basis{Text: "产品默认：评议结果不好的，整改", Tag: "D"}, Seat: organiser, EscalateTo: street,
		Undated: "整改没有统一的期限，以评议意见为准",
		Options: []procedure.Option{{Answer: procedure.Submit, Label: "已整改，办结", Effect: procedure.Forward, Opinion: true, Attachment: true}}}
)

func days(figure string) *procedure.Span { return &procedure.Span{Figure: figure, Unit: calendar.Day} }

// Procedure is the definition as the catalogue shows it.
func Procedure() procedure.Procedure {
	return procedure.Procedure{
		Kind: Kind, Version: 1, Name: "改造事项表决",
		Summary:  "业主、居民（户）对改造事项的表决：清册、公告、三种渠道投票、计票、询异、公布，通过后才能启动；居民表决先协商，实施后评议。",
		Duration: "清册公示和会议通知各不少于 15 日，表决期默认 30 日；居民表决的结果居务公开不少于 15 日",
		Prepare:  []string{"业主或居民（户）清册（可下载模板）", "改造方案、预算和费用分摊", "提议书（业主联名的，附签名并备齐联名和全体的人数、面积）", "协商记录（居民表决）"},
		Decides:  []string{"社区党组织、居委会提出意见", "业主或居民表决", "居务监督委员会监票", "居民会议或者居民代表会议决定（居民表决的事项涉及全体居民时）"},
		Sealed:   Scheme.Name,
		Prefix:   "BJ", Pack: PackID, Initiator: procedure.CommunityDirector, Also: []procedure.Role{procedure.OwnersCommittee},
		Stages: []procedure.Stage{Advice, CommitteeAdvice, Deliberation, Roll, RollObjections, Scheme, Count, Certify, Witnessing, Settle,
			Conditions, Meeting, Permit, Works, Accounts, Appraisal, Rectify},
		Segments: []string{"提议", "清册", "公告", "表决", "结果", "实施"},
		Schema:   schema, UI: ui,
	}
}
