package refusal

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"gongzhi/calendar"
	"gongzhi/procedure"
	"gongzhi/rules"
)

// Parse reads a form strictly.
func Parse(raw []byte) (Form, error) { return procedure.Decode[Form](raw) }

// Check says what stands against a refusal. Departments are the unit codes that may be named.
func Check(f Form, today calendar.Date, departments []string, items []rules.Item) []procedure.Finding {
	var out []procedure.Finding
	block := func(code, field, message string) {
		out = append(out, procedure.Finding{Level: procedure.Block, Code: code, Field: field, Message: message})
	}
	if n := utf8.RuneCountInString(f.Matter); strings.TrimSpace(f.Matter) == "" || strings.ContainsAny(f.Matter, "\r\n") || n > 200 {
		block("form.required", "matter", "请写明被要求做什么，一行，最多 200 字")
	}
	if !slices.Contains(departments, f.Department) {
		block("refusal.department", "department", "请选择布置工作的部门")
	}
	if f.Reason.Text() == "" {
		block("refusal.reason", "reason", "请选择拒绝理由")
	}
	switch day, err := calendar.ParseDate(f.Demanded); {
	case f.Demanded == "":
		block("form.date", "demanded", "请选择布置日期")
	case err != nil:
		block("form.date", "demanded", "日期不存在或格式不对")
	case day.After(today):
		block("refusal.future", "demanded", "布置日期不能晚于今天")
	}
	if utf8.RuneCountInString(f.Remark) > 1000 {
		block("form.too_long", "remark", "说明最多 1000 字")
	}
	for _, hit := range rules.Match(items, f.Matter) {
		message := fmt.Sprintf("与清单第 %s 项「%s」相近，该项属于社区应当办理或协助的工作，请核对后再拒绝", hit.Item.No, hit.Item.Title)
		level := procedure.Warn
		if hit.Item.Kind == rules.Negative {
			level, message = procedure.Fine, fmt.Sprintf("属于负面清单第 %s 项「%s」", hit.Item.No, hit.Item.Title)
		}
		out = append(out, procedure.Finding{Level: level, Code: "refusal.list", Field: "matter", Message: message})
	}
	return out
}

// Receipt writes the 拒绝回执.
func Receipt(f Form, community, department string, on calendar.Date) string {
	return fmt.Sprintf("%s于 %s 收到%s布置的工作「%s」。该工作%s，本社区依法依规予以拒绝。本回执自 %s 起生效，已抄送准入办和督查。%s如确需社区承担，可以申请社区工作准入。",
		community, f.Demanded, department, f.Matter, f.Reason.Text(), on.Long(), department)
}
