package procedure_test

import (
	"slices"
	"strings"
	"testing"

	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/procedure/admission"
	"gongzhi/rules"
)

func date(s string) calendar.Date {
	d, err := calendar.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func context() admission.Context {
	pack, err := rules.Load(admission.PackID)
	if err != nil {
		panic(err)
	}
	list, err := rules.LoadList("local.xw.list")
	if err != nil {
		panic(err)
	}
	figures := map[string]int64{}
	for key, f := range pack.Figures {
		figures[key] = f.Value
	}
	return admission.Context{Today: date("2026-09-07"), Calendar: calendar.Official(), Figures: figures, Items: list.Items,
		Communities: []string{"0101", "0102", "0103", "0201", "0202"},
		Earlier: map[string]admission.Earlier{
			"REJECTED": {State: procedure.Rejected}, "TWICE": {State: procedure.Rejected, Reapplied: 1}, "RUNNING": {State: procedure.Executing}}}
}

// sample is the application of the worked example.
func sample() admission.Form {
	return admission.Form{Title: "协助 2026 年秋季小微服务网点摸底登记", Legal: "年度统计调查项目", Need: "需要社区带路", Content: "引导调查员入户",
		Term: admission.Temporary, Start: date("2026-10-26"), End: date("2026-12-20"), Communities: []string{"0101", "0102"},
		PersonDays: 12, Fen: 960_000, Payer: "申请单位", Exit: "到期退出", Contact: "示例-孙一"}
}

func codes(f admission.Form) []string {
	var out []string
	for _, finding := range admission.Check(f, context()) {
		if finding.Level == procedure.Block {
			out = append(out, finding.Code)
		}
	}
	return out
}

// Each row spoils the sample in one way; the sample itself passes.
func TestAdmissionCheck(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		spoil func(*admission.Form)
		code  string
	}{
		{"the sample", func(*admission.Form) {}, ""},
		{"exactly 30 working days", func(f *admission.Form) { f.Start = date("2026-10-23") }, ""},
		{"29 working days", func(f *admission.Form) { f.Start = date("2026-10-22") }, "admission.lead"},
		{"in the past", func(f *admission.Form) { f.Start = date("2026-09-01") }, "form.start_past"},
		{"ends before it starts", func(f *admission.Form) { f.End = f.Start }, "form.end_before_start"},
		{"far away", func(f *admission.Form) { f.End = date("2099-01-01") }, "form.date_far"},
		{"temporary without an end", func(f *admission.Form) { f.End = calendar.Date{} }, "form.end_missing"},
		{"long-term", func(f *admission.Form) { f.Term, f.End = admission.LongTerm, calendar.Date{} }, ""},
		{"long-term with an end", func(f *admission.Form) { f.Term = admission.LongTerm }, "form.end_of_long_term"},
		{"no title", func(f *admission.Form) { f.Title = " \t" }, "form.required"},
		{"two lines in the title", func(f *admission.Form) { f.Title = "一\n二" }, "form.one_line"},
		{"a long title", func(f *admission.Form) { f.Title = strings.Repeat("长", 81) }, "form.too_long"},
		{"no community", func(f *admission.Form) { f.Communities = nil }, "form.communities"},
		{"a foreign community", func(f *admission.Form) { f.Communities = []string{"9999"} }, "form.community_unknown"},
		{"a community twice", func(f *admission.Form) { f.Communities = []string{"0101", "0101"} }, "form.community_twice"},
		{"negative money", func(f *admission.Form) { f.Fen = -1 }, "form.money"},
		{"absurd money", func(f *admission.Form) { f.Fen = 1 << 62 }, "form.money"},
		{"no work", func(f *admission.Form) { f.PersonDays = 0 }, "form.person_days"},
		{"the negative list", func(f *admission.Form) { f.Title = "商户扫码率 95%" }, "admission.negative_list"},
		{"urgent without a declaration", func(f *admission.Form) { f.Urgent = true }, "form.declaration"},
		{"urgent starts today", func(f *admission.Form) {
			f.Urgent, f.Declaration, f.Start = true, "应急〔2026〕1号", date("2026-09-07")
		}, ""},
		{"renews what runs", func(f *admission.Form) { f.Renews = "RUNNING" }, ""},
		{"renews what was rejected", func(f *admission.Form) { f.Renews = "REJECTED" }, "admission.renews_state"},
		{"renews another's", func(f *admission.Form) { f.Renews = "OTHER" }, "admission.renews_unknown"},
		{"applies again with new facts", func(f *admission.Form) { f.Reapplies, f.NewFacts = "REJECTED", "经费已落实" }, ""},
		{"applies again without", func(f *admission.Form) { f.Reapplies = "REJECTED" }, "admission.new_facts"},
		{"applies a third time", func(f *admission.Form) { f.Reapplies, f.NewFacts = "TWICE", "经费已落实" }, "admission.reapplies_again"},
	} {
		f := sample()
		c.spoil(&f)
		got := codes(f)
		if c.code == "" && len(got) > 0 || c.code != "" && !slices.Contains(got, c.code) {
			t.Errorf("%s: blocked by %v, want %q", c.name, got, c.code)
		}
	}
}

func TestYuan(t *testing.T) {
	t.Parallel()
	for fen, want := range map[int64]string{0: "0.00", 5: "0.05", 960_000: "9,600.00", 100_000_000_00: "100,000,000.00", -12_345: "-123.45"} {
		if got := admission.Yuan(fen); got != want {
			t.Errorf("%d fen: %s, want %s", fen, got, want)
		}
	}
}
