package admission

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/rules"
)

// Context is what a form is checked against.
type Context struct {
	Today       calendar.Date
	Calendar    *calendar.Calendar
	Figures     map[string]int64
	Items       []rules.Item // the three lists in force
	Communities []string     // unit codes of the district's communities
	// Earlier is the case that Renews or Reapplies names, when the applicant's unit has it.
	Earlier map[string]Earlier
}

// Earlier is a case that an application stands on.
type Earlier struct {
	State     procedure.CaseState
	Reapplied int // how often it has been applied for again
}

// Check says everything that stands against a form, and what was found on the lists. Findings at level "block" refuse it.
func Check(f Form, c Context) []procedure.Finding {
	var k checker
	k.texts(f)
	k.dates(f, c)
	k.money(f)
	k.communities(f, c)
	k.demands(f)
	k.earlier(f, c)
	k.lists(f, c)
	return k.findings
}

type checker struct{ findings []procedure.Finding }

func (k *checker) block(code, field, format string, args ...any) {
	k.findings = append(k.findings, procedure.Finding{Level: procedure.Block, Code: code, Field: field, Message: fmt.Sprintf(format, args...)})
}

func (k *checker) warn(code, field, format string, args ...any) {
	k.findings = append(k.findings, procedure.Finding{Level: procedure.Warn, Code: code, Field: field, Message: fmt.Sprintf(format, args...)})
}

func (k *checker) ok(code, field, format string, args ...any) {
	k.findings = append(k.findings, procedure.Finding{Level: procedure.Fine, Code: code, Field: field, Message: fmt.Sprintf(format, args...)})
}

func (k *checker) texts(f Form) {
	for _, t := range []struct {
		field, label, text string
		limit              int
		need               bool
	}{
		{"title", "事项", f.Title, maxTitle, true}, {"legal", "依据", f.Legal, maxText, true}, {"need", "必要性", f.Need, maxText, true},
		{"content", "社区做什么", f.Content, maxText, true}, {"payer", "经费承担", f.Payer, maxTitle, true},
		{"training", "培训与物资", f.Training, maxText, false}, {"systems", "台账与系统", f.Systems, maxText, false},
		{"impact", "居民影响", f.Impact, maxText, false}, {"exit", "退出条件", f.Exit, maxText, true}, {"contact", "联系人", f.Contact, maxTitle, true},
	} {
		switch n := utf8.RuneCountInString(t.text); {
		case t.need && strings.TrimSpace(t.text) == "":
			k.block("form.required", t.field, "请填写%s", t.label)
		case t.limit == maxTitle && strings.ContainsAny(t.text, "\r\n\u2028\u2029"):
			k.block("form.one_line", t.field, "%s只能写一行", t.label)
		case n > t.limit:
			k.block("form.too_long", t.field, "%s最多 %d 字，现在 %d 字", t.label, t.limit, n)
		}
	}
}

func (k *checker) dates(f Form, c Context) {
	switch {
	case f.Term != Temporary && f.Term != LongTerm:
		k.block("form.term", "term", "请选择临时或长期")
	case f.Term == Temporary && f.End.IsZero():
		k.block("form.end_missing", "end", "临时事项须有结束日期")
	case f.Term == LongTerm && !f.End.IsZero():
		k.block("form.end_of_long_term", "end", "长期事项不填结束日期")
	}
	if f.Start.IsZero() {
		k.block("form.start_missing", "start", "请填写期望开始日期")
		return
	}
	if !f.End.IsZero() && !f.Start.Before(f.End) {
		k.block("form.end_before_start", "end", "结束日期须在开始日期之后")
	}
	if f.Start.Before(c.Today) {
		k.block("form.start_past", "start", "开始日期 %s 已经过去", f.Start.Long())
		return
	}
	if f.Start.Year > c.Today.Year+5 || f.End.Year > c.Today.Year+10 {
		k.block("form.date_far", "start", "日期太远，请核对年份")
		return
	}
	if f.Urgent {
		if strings.TrimSpace(f.Declaration) == "" {
			k.block("form.declaration", "declaration", "紧急通道须填写政府宣布突发事件的文号")
		}
		k.warn("admission.urgent", "urgent", "紧急事项先行进入并登记，须在 %d 个工作日内补办手续，逾期失效", c.Figures[Regularisation])
		return
	}
	lead := int(c.Figures[FilingLead])
	earliest, provisional := c.Calendar.AddWorkdays(c.Today, lead)
	switch {
	case f.Start.Before(earliest):
		k.block("admission.lead", "start", "须在开始前 %d 个工作日申请：今天申请，最早可从 %s 开始", lead, earliest.Long())
	case provisional:
		k.warn("admission.lead_provisional", "start", "早于开始 %d 个工作日（暂定：跨入的年份尚未公布放假安排）", lead)
	default:
		k.ok("admission.lead", "start", "早于开始 %d 个工作日：最早可从 %s 开始", lead, earliest.Long())
	}
}

func (k *checker) money(f Form) {
	switch {
	case f.Fen < 0 || f.Fen > maxFen:
		k.block("form.money", "fen", "每社区经费须在 0 至 1 亿元之间")
	case f.Fen == 0:
		k.warn("admission.unfunded", "fen", "没有经费：费随事转，社区可以拒收，联席会议会看到这一条")
	default:
		k.ok("admission.money", "fen", "每社区 %s 元，合计 %s 元", Yuan(f.Fen), Yuan(f.Money()))
	}
	if f.PersonDays < 1 || f.PersonDays > maxPersonDays {
		k.block("form.person_days", "person_days", "请填写每社区工作量（人·天），1 至 %d", maxPersonDays)
	}
}

// Yuan writes fen as yuan without any rounding: 960000 → 9,600.00.
func Yuan(fen int64) string {
	sign := ""
	if fen < 0 {
		sign, fen = "-", -fen
	}
	whole := fmt.Sprint(fen / 100)
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	return fmt.Sprintf("%s%s.%02d", sign, whole, fen%100)
}

func (k *checker) communities(f Form, c Context) {
	if len(f.Communities) == 0 {
		k.block("form.communities", "communities", "请选择涉及的社区")
	}
	if len(f.Communities) > maxCommunities {
		k.block("form.communities_many", "communities", "一次最多 %d 个社区", maxCommunities)
		return
	}
	seen := map[string]bool{}
	for _, code := range f.Communities {
		switch {
		case seen[code]:
			k.block("form.community_twice", "communities", "社区 %s 填了两次", code)
		case !slices.Contains(c.Communities, code):
			k.block("form.community_unknown", "communities", "本区没有社区 %s", code)
		}
		seen[code] = true
	}
}

func (k *checker) demands(f Form) {
	for _, d := range []struct {
		on    bool
		field string
		text  string
	}{
		{f.Demands.Plaque, "plaque", "挂牌"}, {f.Demands.Body, "body", "设立机构"}, {f.Demands.Ledger, "ledger", "另建台账"},
		{f.Demands.Appraisal, "appraisal", "考核排名"},
	} {
		if d.on {
			k.warn("admission.demand", "demands."+d.field, "要求社区%s属于加重负担，会审时须说明理由", d.text)
		}
	}
}

func (k *checker) earlier(f Form, c Context) {
	if f.Renews != "" {
		switch e, known := c.Earlier[f.Renews]; {
		case !known:
			k.block("admission.renews_unknown", "renews", "本单位没有办件 %s", f.Renews)
		case e.State != procedure.Executing && e.State != procedure.Completed:
			k.block("admission.renews_state", "renews", "办件 %s 没有在执行，不能续期", f.Renews)
		}
	}
	if f.Reapplies == "" {
		return
	}
	e, known := c.Earlier[f.Reapplies]
	switch {
	case !known:
		k.block("admission.reapplies_unknown", "reapplies", "本单位没有办件 %s", f.Reapplies)
	case e.State != procedure.Rejected:
		k.block("admission.reapplies_state", "reapplies", "办件 %s 不是未通过，无须再次申请", f.Reapplies)
	case int64(e.Reapplied) >= c.Figures[Reapplications]:
		k.block("admission.reapplies_again", "reapplies", "未通过的事项只能再申请 %d 次，办件 %s 已再次申请过", c.Figures[Reapplications], f.Reapplies)
	case strings.TrimSpace(f.NewFacts) == "":
		k.block("admission.new_facts", "new_facts", "再次申请须写明新的事实")
	}
}

// RefusalText is what a department reads when its matter is on the negative list.
const RefusalText = "该事项属于负面清单第 %s 项「%s」，不得交由社区办理，不予受理。社区可以拒绝，并可一键报送准入办和督查。"

func (k *checker) lists(f Form, c Context) {
	clean := true
	for _, hit := range rules.Match(c.Items, f.Text()) {
		switch hit.Item.Kind {
		case rules.Negative:
			clean = false
			k.block("admission.negative_list", "title", RefusalText, hit.Item.No, hit.Item.Title)
		default:
			clean = false
			k.warn("admission.on_list", "title", "与清单第 %s 项「%s」相近：如属同一事项，无须申请准入", hit.Item.No, hit.Item.Title)
		}
	}
	if clean {
		k.ok("admission.lists", "title", "三张清单中没有相同事项，可以申请准入")
	}
}
