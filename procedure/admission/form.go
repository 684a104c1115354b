package admission

import (
	"strings"

	"gongzhi/calendar"
	"gongzhi/procedure"
)

// Form is the 准入申请表 as filed. Money is in fen (分).
type Form struct {
	Title       string        `json:"title"`        // 事项
	Legal       string        `json:"legal"`        // 依据
	Need        string        `json:"need"`         // 为什么需要社区
	Content     string        `json:"content"`      // 社区做什么
	Term        Term          `json:"term"`         // 临时 or 长期
	Start       calendar.Date `json:"start"`        // 期望开始
	End         calendar.Date `json:"end,omitzero"` // 期望结束; none for 长期
	Communities []string      `json:"communities"`
	PersonDays  int64         `json:"person_days"` // 每社区工作量, 人·天
	Fen         int64         `json:"fen"`         // 每社区经费, 分
	Payer       string        `json:"payer"`       // 经费由谁承担
	Training    string        `json:"training"`    // 培训与物资
	Systems     string        `json:"systems"`     // 台账与系统
	Demands     Demands       `json:"demands"`
	Impact      string        `json:"impact"` // 居民影响
	Exit        string        `json:"exit"`   // 退出条件
	Contact     string        `json:"contact"`
	Urgent      bool          `json:"urgent,omitempty"`
	Declaration string        `json:"declaration,omitempty"` // 政府宣布突发事件的文号
	Renews      string        `json:"renews,omitempty"`      // number of the case it prolongs
	Reapplies   string        `json:"reapplies,omitempty"`   // number of the rejected case
	NewFacts    string        `json:"new_facts,omitempty"`   // what is new since the rejection
}

// Term is how long the matter lasts.
type Term string

// The terms.
const (
	Temporary Term = "temporary" // 临时
	LongTerm  Term = "long_term" // 长期
)

// Demands are the five things a department may not ask for lightly.
type Demands struct {
	Plaque    bool `json:"plaque"`    // 挂牌
	Body      bool `json:"body"`      // 设机构
	Ledger    bool `json:"ledger"`    // 另建台账
	Appraisal bool `json:"appraisal"` // 考核排名
	System    bool `json:"system"`    // 系统注册
}

// Facts is what the workflow decides on.
type Facts struct {
	Title       string        `json:"title"`
	Department  string        `json:"department"`
	Communities []string      `json:"communities"`
	Start       calendar.Date `json:"start"`
	End         calendar.Date `json:"end,omitzero"`
	Urgent      bool          `json:"urgent,omitempty"`
	PersonDays  int64         `json:"person_days"`
	Legal       string        `json:"legal"`
}

// Facts picks what the workflow needs; texts stay in the database.
func (f Form) Facts(department string) Facts {
	return Facts{Title: f.Title, Department: department, Communities: f.Communities, Start: f.Start, End: f.End,
		Urgent: f.Urgent, PersonDays: f.PersonDays, Legal: f.Legal}
}

// Text is what the lists are searched with.
func (f Form) Text() string { return strings.Join([]string{f.Title, f.Content}, "\n") }

// Money sums what all communities get, in fen.
func (f Form) Money() int64 { return f.Fen * int64(len(f.Communities)) }

// Limits of a form. They keep arithmetic far from overflow and a page readable; they are product defaults [D].
const (
	maxText        = 4000
	maxTitle       = 80
	maxCommunities = 200
	maxFen         = 100_000_000_00 // 1 亿元 a community
	maxPersonDays  = 100_000
)

// Parse reads a form strictly.
func Parse(raw []byte) (Form, error) { return procedure.Decode[Form](raw) }
