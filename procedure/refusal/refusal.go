// Package refusal describes 社区拒绝: a community refuses work that was never admitted, with one click and a receipt.
// The right stands in 上海市居民委员会工作条例 arts 27–28, 北京市街道办事处条例 art. 32 and 成都市社区发展治理促进条例 art. 44 [T];
// elsewhere it is policy.
package refusal

import (
	_ "embed"

	"gongzhi/procedure"
)

// Kind is the name of the procedure.
const Kind procedure.Kind = "refusal"

//go:embed form.json
var schema []byte

//go:embed ui.json
var ui []byte

var known = []procedure.Option{{Answer: procedure.Known, Label: "已阅", Effect: procedure.Forward}}

const undated = "回执自发起时生效；已阅只作送达记录，没有期限"

var basis = procedure.Basis{Text: "上海市居民委员会工作条例第二十七条、成都市社区发展治理促进条例第四十四条：清单以外的工作可以拒绝", Tag: "T"}

// The stages: those to whom the refusal is copied confirm that they have read it.
var (
	OfficeKnows = procedure.Stage{Name: "office-knows", Title: "准入办已阅", Segment: "送达", Does: "查阅拒绝回执", Basis: basis, Undated: undated,
		Seat: procedure.Seat{Role: procedure.AdmissionOffice, Where: procedure.AtDistrict}, Options: known}
	SupervisionKnows = procedure.Stage{Name: "supervision-knows", Title: "督查已阅", Segment: "送达", Does: "查阅拒绝回执", Basis: basis, Undated: undated,
		Seat: procedure.Seat{Role: procedure.Supervision, Where: procedure.AtDistrict}, Options: known}
	DepartmentKnows = procedure.Stage{Name: "department-knows", Title: "布置部门知悉", Segment: "送达", Does: "停止布置，或另行申请准入", Basis: basis, Undated: undated,
		Seat:    procedure.Seat{Role: procedure.DepartmentClerk, Where: procedure.AtTarget},
		Options: []procedure.Option{{Answer: procedure.Known, Label: "已知悉，停止布置", Effect: procedure.Forward}}}
)

// Procedure is the definition as the catalogue shows it.
func Procedure() procedure.Procedure {
	return procedure.Procedure{
		Kind: Kind, Version: 1, Name: "拒绝未准入的工作",
		Summary:  "没有准入的工作，社区可以一键拒绝：当场生成回执，抄送准入办和督查。",
		Duration: "当场生效", Prepare: []string{"谁布置的、布置了什么", "通知、截图等证据（如有）"},
		Decides: []string{"社区自行决定，不需审批", "准入办、督查、布置部门收到回执"},
		Prefix:  "JJ", Pack: "local.xw.admission", Initiator: procedure.CommunityDirector,
		Stages: []procedure.Stage{OfficeKnows, SupervisionKnows, DepartmentKnows}, Segments: []string{"送达"},
		Schema: schema, UI: ui,
	}
}

// Form is what a community files.
type Form struct {
	Matter     string `json:"matter"`     // 被要求做什么
	Department string `json:"department"` // unit code of who demanded it
	Demanded   string `json:"demanded"`   // civil day
	Reason     Reason `json:"reason"`
	Remark     string `json:"remark,omitempty"`
}

// Reason is why the work is refused.
type Reason string

// The reasons, with their texts.
const (
	OffList  Reason = "off_list" // 不在清单
	Negative Reason = "negative" // 负面清单
	Unfunded Reason = "unfunded" // 费未随事转
	Ranking  Reason = "ranking"  // 指标、排名、重复报表
)

// Text is the reason as the receipt states it.
func (r Reason) Text() string {
	return map[Reason]string{OffList: "不在社区工作清单，也未经准入", Negative: "属于负面清单", Unfunded: "未随事转费", Ranking: "下达指标、排名或重复报表"}[r]
}

// Facts is what the workflow decides on.
type Facts struct {
	Title      string `json:"title"`
	Community  string `json:"community"`
	Department string `json:"department"`
	Receipt    string `json:"receipt"` // the text of the 拒绝回执
}
