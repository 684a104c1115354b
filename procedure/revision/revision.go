// Package revision describes 年度清单调整: the admission office collects changes to the district's list, has streets heard and
// the joint meeting decide, and publishes version n+1. 北京市街道办事处条例 art. 32 asks for regular adjustment [T]; the steps
// are a product default [D].
package revision

import (
	_ "embed"

	"gongzhi/calendar"
	"gongzhi/procedure"
)

// Kind is the name of the procedure.
const Kind procedure.Kind = "revision"

//go:embed form.json
var schema []byte

//go:embed ui.json
var ui []byte

var office = procedure.Seat{Role: procedure.AdmissionOffice, Where: procedure.AtDistrict}
var government = procedure.Seat{Role: procedure.GovernmentOffice, Where: procedure.AtDistrict}

// The stages.
var (
	Hearing = procedure.Stage{Name: "hearing", Title: "听取街道意见", Segment: "征集", Does: "填报对清单调整的意见",
		Basis: procedure.Basis{Text: "期限为产品默认 5 个工作日", Tag: "D"}, Sign: procedure.Collect, Silence: procedure.Noted,
		Seat:   procedure.Seat{Role: procedure.StreetOffice, Where: procedure.AtDistrict},
		Within: &procedure.Span{Figure: "hearing", Unit: calendar.Workday}, RemindDays: 2, EscalateTo: government,
		Options: []procedure.Option{
			{Answer: procedure.Agree, Label: "同意", Effect: procedure.Forward, Then: []string{"decision"}},
			{Answer: procedure.AgreeIf, Label: "附条件同意", Effect: procedure.Forward, Opinion: true, Then: []string{"decision"}},
			{Answer: procedure.Object, Label: "不同意", Effect: procedure.Forward, Opinion: true, Then: []string{"decision"}},
		}}
	Decision = procedure.Stage{Name: "decision", Title: "联席会议审定", Segment: "审定", Does: "审定清单调整",
		Basis: procedure.Basis{Text: "北京市街道办事处条例第三十二条：定期调整并公布清单", Tag: "T"}, EscalateTo: government, RemindDays: 3,
		Seat:   procedure.Seat{Role: procedure.JointMeeting, Where: procedure.AtDistrict},
		Within: &procedure.Span{Figure: "decision", Unit: calendar.Workday},
		Options: []procedure.Option{
			{Answer: procedure.Agree, Label: "同意调整并转入公布", Effect: procedure.Forward, Then: []string{"publication"}},
			{Answer: procedure.Object, Label: "不同意调整", Effect: procedure.Stop, Opinion: true, Danger: true},
			{Answer: procedure.Return, Label: "退回前面的环节", Effect: procedure.Back, Opinion: true},
		}}
	Publication = procedure.Stage{Name: "publication", Title: "公布新版清单", Segment: "公布", Does: "公布新版清单",
		Basis: procedure.Basis{Text: "公布期限为产品默认 5 个工作日", Tag: "D"}, Seat: office, EscalateTo: government,
		Within: &procedure.Span{Figure: "publication", Unit: calendar.Workday}, RemindDays: 2,
		Options: []procedure.Option{{Answer: procedure.Publish, Label: "公布新版清单", Effect: procedure.Forward}}}
)

// Procedure is the definition as the catalogue shows it.
func Procedure() procedure.Procedure {
	return procedure.Procedure{
		Kind: Kind, Version: 1, Name: "年度清单调整",
		Summary:  "汇总一年来的变化，听取街道意见，经联席会议审定后公布新版清单。",
		Duration: "每年一次；审定 15 个工作日内", Prepare: []string{"要增加、修改、删除的事项", "每一项的依据和牵头部门"},
		Decides: []string{"街道填报意见", "准入联席会议审定", "准入办公布"},
		Prefix:  "QD", Pack: "local.xw.admission", Initiator: procedure.AdmissionOffice,
		Stages: []procedure.Stage{Hearing, Decision, Publication}, Segments: []string{"征集", "审定", "公布"},
		Schema: schema, UI: ui,
	}
}

// Form is what the office files, and the facts the workflow decides on.
type Form struct {
	Title   string                 `json:"title"`
	Why     string                 `json:"why"`
	Changes []procedure.ListChange `json:"changes"`
}
