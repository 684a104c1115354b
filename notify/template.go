package notify

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"text/template"
	"text/template/parse"
	"time"
	"unicode"

	"gongzhi/procedure"
)

// Template is the words of a kind of message. It has actions of text/template: fields, if, and range over .Items.
type Template struct {
	Kind    Kind   `json:"kind"`
	Subject string `json:"subject"`
	Text    string `json:"text"`
}

// Edit is a template as an administrator has left it. One that was put back has no words: those of the program hold.
type Edit struct {
	Template
	By     string
	ByName string
	At     time.Time // case time
}

// Fields is what a template may name.
type Fields struct {
	Name     string // who is told
	For      string // whose post is looked after (代理), or empty
	Case     string // number
	Title    string // of the case
	Task     string
	Subject  string // of the task: 2026年10月
	Day      string // the last day of the period
	Who      string // the holder who is late
	From     string // who urged, moved or copied
	State    string // 已办结
	Silent   int64  // voters without a ballot
	Building string
	Items    []Fields // of a digest
}

// FieldNames lists the fields for the page of templates, with what they mean.
func FieldNames() []FieldName {
	return []FieldName{
		{"Name", "收信人"}, {"For", "代谁办理（没有则空）"}, {"Case", "办件编号"}, {"Title", "办件标题"}, {"Task", "环节"}, {"Subject", "待办的期间"},
		{"Day", "到期日"}, {"Who", "超期的办理人"}, {"From", "催办、转来或抄送的人"}, {"State", "结果"}, {"Silent", "未表决户数"}, {"Building", "楼栋"},
		{"Items", "汇总的各条（每日汇总）"},
	}
}

// FieldName is a field of a template and what it means.
type FieldName struct {
	Field string `json:"field"`
	Means string `json:"means"`
}

var defaults = map[Kind][2]string{
	Opened:    {"新待办：{{.Title}}", "{{.Name}}，您{{with .For}}代{{.}}{{end}}有一件新待办：{{.Case}}「{{.Title}}」的{{.Task}}{{with .Subject}}（{{.}}）{{end}}{{with .Day}}，{{.}}到期{{end}}。"},
	Moved:     {"待办转来：{{.Title}}", "{{.Name}}，{{.From}}把 {{.Case}}「{{.Title}}」的{{.Task}}转给您{{with .For}}（代{{.}}）{{end}}{{with .Day}}，{{.}}到期{{end}}。"},
	Reopened:  {"待办重新开启：{{.Title}}", "{{.Name}}，{{.Case}}「{{.Title}}」的{{.Task}}已撤回，重新由您{{with .For}}代{{.}}{{end}}办理{{with .Day}}，{{.}}到期{{end}}。"},
	Early:     {"即将到期：{{.Title}}", "{{.Name}}，{{.Case}}「{{.Title}}」的{{.Task}}{{with .Subject}}（{{.}}）{{end}}将于 {{.Day}} 到期，请安排办理{{with .For}}（代{{.}}）{{end}}。"},
	Yellow:    {"黄牌：{{.Title}}", "{{.Name}}，{{.Case}}「{{.Title}}」的{{.Task}}{{with .Subject}}（{{.}}）{{end}}下一个工作日（{{.Day}}）到期，已亮黄牌{{with .For}}（代{{.}}）{{end}}。"},
	Due:       {"今天到期：{{.Title}}", "{{.Name}}，{{.Case}}「{{.Title}}」的{{.Task}}{{with .Subject}}（{{.}}）{{end}}今天（{{.Day}}）到期{{with .For}}（代{{.}}）{{end}}。"},
	Red:       {"红牌：{{.Title}}", "{{.Name}}，{{.Case}}「{{.Title}}」的{{.Task}}{{with .Subject}}（{{.}}）{{end}}已过 {{.Day}}，亮红牌，请立即办理{{with .For}}（代{{.}}）{{end}}。"},
	Escalated: {"超期上报：{{.Title}}", "{{.Name}}，{{.Who}}没有在 {{.Day}} 以前办理 {{.Case}}「{{.Title}}」的{{.Task}}{{with .Subject}}（{{.}}）{{end}}，现上报{{with .For}}（代{{.}}）{{end}}。"},
	Urged:     {"催办：{{.Title}}", "{{.Name}}，{{.From}}请您尽快办理 {{.Case}}「{{.Title}}」的{{.Task}}{{with .Day}}（{{.}}到期）{{end}}{{with .For}}（代{{.}}）{{end}}。"},
	Copied:    {"抄送：{{.Title}}", "{{.Name}}，{{.From}}把 {{.Case}}「{{.Title}}」抄送给您{{with .For}}（代{{.}}）{{end}}，仅供知悉。"},
	Closed:    {"办件结束：{{.Title}}", "{{.Name}}，您发起的 {{.Case}}「{{.Title}}」{{.State}}。"},
	Vote:      {"请入户提醒：{{.Title}}", "{{.Name}}，「{{.Title}}」的表决（{{.Case}}）{{with .Building}}{{.}} 栋{{end}}还有 {{.Silent}} 户没有表决，请提醒。"},
	Digest:    {"今日汇总：{{len .Items}} 件即将到期", "{{.Name}}，您有 {{len .Items}} 件待办即将到期：\n{{range .Items}}· {{.Case}}「{{.Title}}」的{{.Task}}{{with .Subject}}（{{.}}）{{end}}，{{.Day}} 到期\n{{end}}"},
}

// Default is the template of a kind as the program brings it.
func Default(k Kind) Template {
	d := defaults[k]
	return Template{Kind: k, Subject: d[0], Text: d[1]}
}

// CodeTemplate is the code of a refused template.
const CodeTemplate = "notify.template"

const (
	longestSubject = 120  // characters of a subject
	longestText    = 5000 // characters of a text
	longestSource  = 4000 // characters of a template
)

// functions are those of text/template that cost nothing. printf could fill the memory.
var functions = []string{"and", "or", "not", "eq", "ne", "lt", "le", "gt", "ge", "len"}

// Words is a template that is ready to be used.
type Words struct{ subject, text *template.Template }

// Parse refuses a template that cannot be used: it is tried on samples of its kind.
func (t Template) Parse() (Words, error) {
	var w Words
	if !t.Kind.Known() {
		return w, procedure.Errorf(procedure.Invalid, CodeTemplate, "没有「%.20s」这种消息。", t.Kind)
	}
	var err error
	if w.subject, err = parsed(SubjectPart, t.Subject); err != nil {
		return w, err
	}
	if w.text, err = parsed(TextPart, t.Text); err != nil {
		return w, err
	}
	for _, s := range Samples(t.Kind) {
		l, err := w.Write(s)
		switch {
		case err != nil:
			return w, err
		case strings.TrimSpace(l.Subject) == "":
			return w, badTemplate(SubjectPart, "用示例填写后是空的。")
		case strings.TrimSpace(l.Text) == "":
			return w, badTemplate(TextPart, "用示例填写后是空的。")
		}
	}
	return w, nil
}

// The parts of a template, as the input names them.
const (
	SubjectPart = "subject"
	TextPart    = "text"
)

var partTitles = map[string]string{SubjectPart: "标题", TextPart: "正文"}

// PartError is the refusal of a template for one of its parts.
type PartError struct {
	Part    string
	Refusal *procedure.Error
}

func (e *PartError) Error() string { return e.Refusal.Error() }

// Unwrap gives the refusal.
func (e *PartError) Unwrap() error { return e.Refusal }

func badTemplate(part, format string, args ...any) error {
	return &PartError{part, procedure.Errorf(procedure.Invalid, CodeTemplate, partTitles[part]+format, args...)}
}

func parsed(part, source string) (*template.Template, error) {
	if strings.TrimSpace(source) == "" {
		return nil, badTemplate(part, "没有写。")
	}
	if len([]rune(source)) > longestSource {
		return nil, badTemplate(part, "至多 %d 字。", longestSource)
	}
	t, err := template.New(partTitles[part]).Parse(source)
	if err != nil {
		return nil, badTemplate(part, "写法有误：%s。", reason(err))
	}
	if len(t.Templates()) > 1 || t.Tree == nil {
		return nil, badTemplate(part, "里不能定义别的模板。")
	}
	if err := allowed(t.Root); err != nil {
		return nil, badTemplate(part, "：%s。", err.Error())
	}
	return t, nil
}

// reasons are what text/template says of the mistakes that are made, in words for whoever made them.
var reasons = []struct {
	english *regexp.Regexp
	chinese string
}{
	{regexp.MustCompile(`can't evaluate field (\w+)`), "没有「$1」这个字段"},
	{regexp.MustCompile(`function "(\w+)" not defined`), "没有「$1」；字段前面要有一个点"},
	{regexp.MustCompile(`undefined variable "([^"]+)"`), "没有定义「$1」"},
	{regexp.MustCompile(`unclosed action|unexpected "}"|bad character U\+007D|unterminated`), "{{ 没有用 }} 结束"},
	{regexp.MustCompile(`unexpected EOF`), "缺少 {{end}}"},
	{regexp.MustCompile(`unexpected {{(\w+)`), "多了一个 {{$1}}"},
	{regexp.MustCompile(`missing value for`), "{{ }} 里没有写内容"},
	{regexp.MustCompile(`error calling (\w+)`), "「$1」不能用在这里"},
}

// reason says what is wrong with a template. What text/template says of rarer mistakes names our own code, and is of no use.
func reason(err error) string {
	for _, r := range reasons {
		if found := r.english.FindStringSubmatchIndex(err.Error()); found != nil {
			return string(r.english.ExpandString(nil, r.chinese, err.Error(), found))
		}
	}
	return "这样的写法不认识"
}

// allowed walks through a template and refuses what could run for ever or fill the memory.
func allowed(n parse.Node) error {
	switch n := n.(type) {
	case *parse.ListNode:
		if n == nil {
			return nil
		}
		for _, c := range n.Nodes {
			if err := allowed(c); err != nil {
				return err
			}
		}
	case *parse.TextNode, *parse.CommentNode:
	case *parse.ActionNode:
		return allowedPipe(n.Pipe)
	case *parse.IfNode:
		return allowedBranch(n.Pipe, n.List, n.ElseList)
	case *parse.WithNode:
		return allowedBranch(n.Pipe, n.List, n.ElseList)
	case *parse.RangeNode:
		if n.Pipe.String() != ".Items" {
			return fmt.Errorf("range 只能用于 .Items")
		}
		return allowedBranch(n.Pipe, n.List, n.ElseList)
	default:
		return fmt.Errorf("不能使用 %.40s", n)
	}
	return nil
}

func allowedBranch(p *parse.PipeNode, lists ...*parse.ListNode) error {
	if err := allowedPipe(p); err != nil {
		return err
	}
	for _, l := range lists {
		if err := allowed(l); err != nil {
			return err
		}
	}
	return nil
}

func allowedPipe(p *parse.PipeNode) error {
	if len(p.Decl) > 0 {
		return fmt.Errorf("不能定义变量")
	}
	for _, c := range p.Cmds {
		for _, a := range c.Args {
			switch a := a.(type) {
			case *parse.PipeNode:
				if err := allowedPipe(a); err != nil {
					return err
				}
			case *parse.IdentifierNode:
				if !slices.Contains(functions, a.Ident) {
					return fmt.Errorf("不能使用函数 %s", a.Ident)
				}
			case *parse.FieldNode, *parse.DotNode, *parse.StringNode, *parse.NumberNode, *parse.BoolNode:
			default:
				return fmt.Errorf("不能使用 %.40s", a)
			}
		}
	}
	return nil
}

// Write fills a template in. The result is plain text: each channel escapes it as it needs.
func (w Words) Write(f Fields) (Letter, error) {
	var subject, text strings.Builder
	if err := w.subject.Execute(&subject, f); err != nil {
		return Letter{}, badTemplate(SubjectPart, "不能填写：%s。", reason(err))
	}
	if err := w.text.Execute(&text, f); err != nil {
		return Letter{}, badTemplate(TextPart, "不能填写：%s。", reason(err))
	}
	return Letter{Subject: cut(oneLine(subject.String()), longestSubject), Text: cut(strings.TrimSpace(text.String()), longestText)}, nil
}

// oneLine keeps line ends and other control characters out of a subject: they would end a header.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsControl(r) || r == 0x2028 || r == 0x2029 }), " ")
}

func cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

// FieldsOf are the fields of a message to a person.
func FieldsOf(m Message, p Person) Fields {
	return Fields{
		Name: p.Name, For: p.For, Case: m.Case, Title: m.Title, Task: m.TaskTitle, Subject: m.Subject, Day: m.Day, Who: m.Who, From: m.From,
		State: m.State.Ending(), Silent: m.Silent, Building: m.Building,
	}
}

// Samples are what a template of a kind must be able to say: one with everything, one with as little as there can be, and a name
// with markup.
func Samples(k Kind) []Fields {
	full := Fields{
		Name: "示例-李四", For: "示例-王五", Case: "XW-ZR-2026-014", Title: "协助秋季小微服务网点摸底登记", Task: "会审", Subject: "2026年10月", Day: "2026-09-28",
		Who: "区财政局", From: "示例-赵六（区政府办）", State: procedure.Completed.Ending(), Silent: 14, Building: "3",
	}
	least := Fields{Name: "示例-李四", Case: full.Case, Title: full.Title, Task: full.Task, Day: full.Day}
	marked := full
	marked.Name, marked.Title = `<img src=x onerror=alert(1)>`, `[点这里](https://evil.example) *{{.Name}}*`
	list := []Fields{full, least, marked}
	if k == Digest {
		for i := range list {
			list[i].Items = []Fields{full, least, marked}
		}
	}
	return list
}
