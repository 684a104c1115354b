// Package admission describes 社区工作准入: how a district department may have communities do what is not on their list.
// Stages and periods follow the practice of 西城 (2018) and 二七 (2020); the duty to pay follows 城市居民委员会组织法 art. 43.
package admission

import (
	_ "embed"

	"gongzhi/calendar"
	"gongzhi/procedure"
)

// Kind is the name of the procedure.
const Kind procedure.Kind = "admission"

// Keys of the figures in the rule pack.
const (
	PackID            = "local.xw.admission"
	FilingLead        = "filing_lead"           // 申请须早于开始 30 个工作日
	AcceptancePeriod  = "acceptance"            // 形式审查
	HearingPeriod     = "hearing"               // 听取意见
	DecisionPeriod    = "decision"              // 自受理至审定
	PublicationPeriod = "publication"           // 公布与下达
	Regularisation    = "urgent_regularisation" // 紧急先行后补办
	ProgressInterval  = "progress_interval"     // 进度报送间隔
	Reapplications    = "reapplications"        // 未通过后可再次申请的次数
)

// Names of the clocks that run over several rounds or stages.
const (
	AcceptanceClock = "acceptance"
	DecisionClock   = "decision"
)

//go:embed form.json
var schema []byte

//go:embed ui.json
var ui []byte

var (
	office     = procedure.Seat{Role: procedure.AdmissionOffice, Where: procedure.AtDistrict}
	government = procedure.Seat{Role: procedure.GovernmentOffice, Where: procedure.AtDistrict}
	supervisor = procedure.Seat{Role: procedure.Supervision, Where: procedure.AtDistrict}
	applicant  = procedure.Seat{Role: procedure.DepartmentClerk, Where: procedure.AtInitiator}
	head       = procedure.Seat{Role: procedure.DepartmentHead, Where: procedure.AtInitiator}
	community  = procedure.Seat{Role: procedure.CommunityDirector, Where: procedure.AtTarget}
	street     = procedure.Seat{Role: procedure.StreetOffice, Where: procedure.AtStreets}
)

var back = procedure.Option{Answer: procedure.Return, Label: "退回前面的环节", Effect: procedure.Back, Opinion: true}

// The stages. What follows what is in workflows/admission.go.
var (
	FormalReview = procedure.Stage{Name: "formal-review", Title: "形式审查", Segment: "受理", Does: "审查申请是否受理",
		Basis: procedure.Basis{Text: "产品默认：收到申请后 3 个工作日内受理、要求补正或不予受理", Tag: "D"}, Seat: office,
		Clock: AcceptanceClock, Within: span(AcceptancePeriod), RemindDays: 2, EscalateTo: government,
		Options: []procedure.Option{
			{Answer: procedure.Accept, Label: "受理并听取街道社区意见", Effect: procedure.Forward, Then: []string{"street-hearing", "community-hearing"}},
			{Answer: procedure.Supplement, Label: "退回申请单位补正（暂停时钟）", Effect: procedure.Forward, Opinion: true, Then: []string{"correction"}},
			{Answer: procedure.Refuse, Label: "不予受理", Effect: procedure.Stop, Opinion: true, Danger: true},
		}}
	Correction = procedure.Stage{Name: "correction", Title: "补正材料", Segment: "受理", Does: "补正材料",
		Basis: procedure.Basis{Text: "补正期间不计入审查期限", Tag: "D"}, Seat: applicant, EscalateTo: head,
		Undated: "补正没有法定期限，审查时钟在此期间暂停",
		Options: []procedure.Option{
			{Answer: procedure.Submit, Label: "提交补正材料（恢复时钟）", Effect: procedure.Forward, Opinion: true, Then: []string{"formal-review"}},
			{Answer: procedure.Abandon, Label: "放弃申请", Effect: procedure.Stop, Opinion: true, Danger: true},
		}}
	StreetHearing = procedure.Stage{Name: "street-hearing", Title: "听取街道意见", Segment: "听取意见", Does: "填报意见",
		Basis: procedure.Basis{Text: "上海市街道办事处条例第十条（听取街道意见）；期限为产品默认 5 个工作日", Tag: "D"}, Seat: street, Sign: procedure.Collect,
		Within: span(HearingPeriod), RemindDays: 2, EscalateTo: government, Silence: procedure.Noted, Options: opinions}
	CommunityHearing = procedure.Stage{Name: "community-hearing", Title: "听取社区意见", Segment: "听取意见", Does: "填报意见",
		Basis: procedure.Basis{Text: "听取抽样社区意见；期限为产品默认 5 个工作日", Tag: "D"},
		Seat:  procedure.Seat{Role: procedure.CommunityDirector, Where: procedure.AtCommunities}, Sign: procedure.Collect,
		Within: span(HearingPeriod), RemindDays: 2, EscalateTo: procedure.Seat{Role: procedure.StreetOffice, Where: procedure.AtStreets},
		Silence: procedure.Noted, Options: opinions}
	JointReview = procedure.Stage{Name: "joint-review", Title: "评估会审", Segment: "评估会审", Does: "会签评估意见",
		Basis: procedure.Basis{Text: "西城（2018）：自受理起 15 个工作日内完成审批", Tag: "X"},
		Seat:  procedure.Seat{Role: procedure.AdmissionMember, Where: procedure.AtDistrict}, Sign: procedure.All,
		Clock: DecisionClock, Within: span(DecisionPeriod), RemindDays: 5, EscalateTo: government,
		Options: []procedure.Option{
			{Answer: procedure.Agree, Label: "建议准入", Effect: procedure.Forward, Then: []string{"decision"}},
			{Answer: procedure.AgreeIf, Label: "建议附条件准入", Effect: procedure.Forward, Opinion: true, Then: []string{"decision"}},
			{Answer: procedure.Object, Label: "建议不予准入（结束会审，送联席会议）", Effect: procedure.Forward, Opinion: true, Danger: true, Then: []string{"decision"}},
			back,
		}}
	Decision = procedure.Stage{Name: "decision", Title: "联席会议审定", Segment: "审定", Does: "审定",
		Basis: procedure.Basis{Text: "西城（2018）：自受理起 15 个工作日内完成审批；二七（2020）：由联席会议审定", Tag: "X"},
		Seat:  procedure.Seat{Role: procedure.JointMeeting, Where: procedure.AtDistrict},
		Clock: DecisionClock, Within: span(DecisionPeriod), RemindDays: 3, EscalateTo: government,
		Options: []procedure.Option{
			{Answer: procedure.Agree, Label: "准入并转入公布", Effect: procedure.Forward, Then: []string{"publication"}},
			{Answer: procedure.AgreeIf, Label: "附条件准入并转入公布", Effect: procedure.Forward, Opinion: true, Then: []string{"publication"}},
			{Answer: procedure.Object, Label: "不予准入", Effect: procedure.Stop, Opinion: true, Danger: true},
			back,
		}}
	Publication = procedure.Stage{Name: "publication", Title: "公布与下达", Segment: "公布", Does: "公布清单变更并下达任务书", Binding: true,
		Basis: procedure.Basis{Text: "费随事转；公布期限为产品默认 5 个工作日", Tag: "D"}, Seat: office,
		Within: span(PublicationPeriod), RemindDays: 2, EscalateTo: government,
		Options: []procedure.Option{{Answer: procedure.Publish, Label: "公布清单变更并通知社区", Effect: procedure.Forward, Then: []string{"funding"}}}}
	Funding = procedure.Stage{Name: "funding", Title: "拨付经费", Segment: "下达", Does: "向社区拨付经费并上传凭证", Binding: true,
		Basis: procedure.Basis{Text: "城市居民委员会组织法第四十三条：须提供经费和条件", Tag: "T"}, Seat: applicant, RemindDays: 3, EscalateTo: head,
		Undated: "须在事项开始前拨付：到期日为申请的开始日期",
		Options: []procedure.Option{{Answer: procedure.Paid, Label: "已拨付，通知社区确认", Effect: procedure.Forward, Attachment: true, Then: []string{"handover"}}}}
	Handover = procedure.Stage{Name: "handover", Title: "经费到位确认", Segment: "下达", Does: "确认经费到位并接收任务", Binding: true,
		Basis: procedure.Basis{Text: "费随事转：经费未到，社区不承接", Tag: "X"}, Seat: community,
		Undated: "经费是否到位由社区确认，没有期限：未到位不得催办社区",
		Options: []procedure.Option{
			{Answer: procedure.Received, Label: "经费到位，接收任务", Effect: procedure.Forward, Then: []string{"progress"}},
			{Answer: procedure.Missing, Label: "费未到，不接收", Effect: procedure.Forward, Danger: true, Then: []string{"funding"}},
		}}
	Progress = procedure.Stage{Name: "progress", Title: "执行进展", Segment: "执行", Does: "报送本期进展", Binding: true,
		Basis: procedure.Basis{Text: "执行与监督：产品默认每月报送", Tag: "D"}, Seat: community, RemindDays: 3,
		EscalateTo: procedure.Seat{Role: procedure.StreetOffice, Where: procedure.AtStreets}, Silence: procedure.Noted,
		Undated: "到期日为本期最后一日",
		Options: []procedure.Option{{Answer: procedure.Report, Label: "报送本期进展", Effect: procedure.Forward, Opinion: true}}}
	Inquiry = procedure.Stage{Name: "inquiry", Title: "核查加码", Segment: "执行", Does: "核查社区反映的加码要求", Binding: true,
		Basis: procedure.Basis{Text: "二七（2020）：不得对社区另行考核排名、加码；发现加码即撤销", Tag: "X"}, Seat: office, EscalateTo: supervisor,
		Undated: "核查没有法定期限；督查可见",
		Options: []procedure.Option{
			{Answer: procedure.Keep, Label: "未发现加码，继续执行", Effect: procedure.Forward, Opinion: true},
			{Answer: procedure.Revoke, Label: "查实加码，撤销准入", Effect: procedure.Stop, Opinion: true, Danger: true},
		}}
)

var opinions = []procedure.Option{
	{Answer: procedure.Agree, Label: "同意", Effect: procedure.Forward, Then: []string{"joint-review"}},
	{Answer: procedure.AgreeIf, Label: "附条件同意", Effect: procedure.Forward, Opinion: true, Then: []string{"joint-review"}},
	{Answer: procedure.Object, Label: "不同意", Effect: procedure.Forward, Opinion: true, Then: []string{"joint-review"}},
}

func span(figure string) *procedure.Span {
	return &procedure.Span{Figure: figure, Unit: calendar.Workday}
}

// Execution is why a matter ends by itself.
var Execution = procedure.Basis{Text: "临时事项到期自动退出；长期事项至撤销或清单调整为止", Tag: "X"}

// Supervisor is to whom complaints and refusals are copied.
func Supervisor() procedure.Seat { return supervisor }

// Office is the 准入办.
func Office() procedure.Seat { return office }

// Target is one community concerned.
func Target() procedure.Seat { return community }

// Procedure is the definition as the catalogue shows it.
func Procedure() procedure.Procedure {
	return procedure.Procedure{
		Kind: Kind, Version: 1, Name: "社区工作准入",
		Summary:  "清单以外的工作，部门须先申请准入、备足经费，经联席会议审定后才能交给社区。",
		Duration: "自受理起 15 个工作日内审定；须在开始前 30 个工作日申请",
		Prepare:  []string{"法定或政策依据", "每个社区的工作量和经费", "开始与结束日期、退出条件", "培训、物资和系统安排"},
		Prefix:   "ZR", Pack: PackID, Initiator: procedure.DepartmentClerk,
		Decides: []string{"准入办受理", "街道、社区填报意见", "六部门会签评估", "准入联席会议审定"},
		Stages: []procedure.Stage{FormalReview, Correction, StreetHearing, CommunityHearing, JointReview, Decision, Publication,
			Funding, Handover, Progress, Inquiry},
		Segments: []string{"受理", "听取意见", "评估会审", "审定", "公布", "下达", "执行"},
		Schema:   schema, UI: ui,
	}
}
