package revision

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"gongzhi/procedure"
)

// Parse reads a form strictly.
func Parse(raw []byte) (Form, error) { return procedure.Decode[Form](raw) }

const maxChanges = 100

// Check says what stands against a revision of the list in force.
func Check(f Form, list []procedure.ListItem) []procedure.Finding {
	var out []procedure.Finding
	block := func(code, field, format string, args ...any) {
		out = append(out, procedure.Finding{Level: procedure.Block, Code: code, Field: field, Message: fmt.Sprintf(format, args...)})
	}
	if strings.TrimSpace(f.Title) == "" || strings.ContainsAny(f.Title, "\r\n") || utf8.RuneCountInString(f.Title) > 80 {
		block("form.required", "title", "请填写标题，一行，最多 80 字")
	}
	if strings.TrimSpace(f.Why) == "" || utf8.RuneCountInString(f.Why) > 1000 {
		block("form.required", "why", "请填写调整理由，最多 1000 字")
	}
	if n := len(f.Changes); n == 0 || n > maxChanges {
		block("revision.changes", "changes", "请列出 1 至 %d 项调整", maxChanges)
	}
	touched := map[string]bool{}
	for i, c := range f.Changes {
		field := fmt.Sprintf("changes.%d", i)
		exists := slices.ContainsFunc(list, func(o procedure.ListItem) bool { return o.No == c.Item.No })
		switch {
		case c.Op != "add" && c.Op != "change" && c.Op != "remove":
			block("revision.op", field+".op", "方式只能是增加、修改或删除")
		case c.Op == "add" && c.Item.No != "":
			block("revision.number", field+".item.no", "增加的事项不填序号，由系统编号")
		case c.Op != "add" && !exists:
			block("revision.unknown", field+".item.no", "现行清单没有第 %s 项", c.Item.No)
		case c.Op != "add" && touched[c.Item.No]:
			block("revision.twice", field+".item.no", "第 %s 项调整了两次", c.Item.No)
		}
		touched[c.Item.No] = true
		if strings.TrimSpace(c.Item.Title) == "" || utf8.RuneCountInString(c.Item.Title) > 80 {
			block("form.required", field+".item.title", "请填写事项名称，最多 80 字")
		}
		if !slices.Contains([]string{"duty", "assist", "negative"}, c.Item.Kind) {
			block("revision.kind", field+".item.kind", "类别只能是职责、协助或负面")
		}
	}
	return out
}
