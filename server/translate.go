package server

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// phrase is one message of huma's validator in Chinese.
type phrase struct {
	english *regexp.Regexp
	code    string
	chinese string // with the groups of the expression as %s
}

// phrases are all messages that our schemas can cause.
var phrases = []phrase{
	{regexp.MustCompile(`^unexpected property$`), "input.unknown", "不认识的字段"},
	{regexp.MustCompile(`^unknown query parameter$`), "input.unknown", "不认识的查询参数"},
	{regexp.MustCompile(`^expected required property (\S+) to be present$`), "input.required", "缺少必填项 %s"},
	{regexp.MustCompile(`^required \w+ parameter is missing$`), "input.required", "缺少必填参数"},
	{regexp.MustCompile(`^(?:request body is required|File required)$`), "input.required", "缺少内容"},
	{regexp.MustCompile(`^expected length >= (\d+)$`), "input.short", "至少 %s 个字"},
	{regexp.MustCompile(`^expected length <= (\d+)$`), "input.long", "至多 %s 个字"},
	{regexp.MustCompile(`^expected array length >= (\d+)$`), "input.few", "至少 %s 项"},
	{regexp.MustCompile(`^expected array length <= (\d+)$`), "input.many", "至多 %s 项"},
	{regexp.MustCompile(`^expected number >= (\S+)$`), "input.small", "不得小于 %s"},
	{regexp.MustCompile(`^expected number <= (\S+)$`), "input.large", "不得大于 %s"},
	{regexp.MustCompile(`^expected value to be one of "(.*)"$`), "input.choice", "只能是以下之一：%s"},
	{regexp.MustCompile(`^expected string to match pattern`), "input.pattern", "写法不符合要求"},
	{regexp.MustCompile(`^expected string to be RFC 3339 date$`), "input.date", "应为日期，写作 2026-09-28"},
	{regexp.MustCompile(`^expected string to be RFC 3339 date-time$`), "input.time", "应为时间，写作 2026-09-28T09:00:00+08:00"},
	{regexp.MustCompile(`^expected string`), "input.type", "应为文字"},
	{regexp.MustCompile(`^(?:expected integer|invalid integer)$`), "input.type", "应为整数"},
	{regexp.MustCompile(`^(?:expected number|invalid float|invalid number)$`), "input.type", "应为数字"},
	{regexp.MustCompile(`^(?:expected boolean|invalid boolean|invalid bool\w*)$`), "input.type", "应为是或否"},
	{regexp.MustCompile(`^expected array`), "input.type", "应为列表"},
	{regexp.MustCompile(`^expected object$`), "input.type", "应为一组字段"},
}

// inChinese translates one message; a message that is not in the table is hidden, since it could show internals.
func inChinese(message string) (code, text string) {
	for _, p := range phrases {
		found := p.english.FindStringSubmatch(message)
		if found == nil {
			continue
		}
		var groups []any
		for _, g := range found[1:] {
			groups = append(groups, g)
		}
		return p.code, fmt.Sprintf(p.chinese, groups...)
	}
	return "input.invalid", "填写不符合要求"
}

// translate turns huma's own errors into problems: in Chinese, with codes, and without echoing the input.
func translate(_ huma.Context, _ string, v any) (any, error) {
	model, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	p := newProblem(model.Status, "input.invalid", "填写内容有误，请按提示修改后重试。")
	switch model.Status {
	case http.StatusUnsupportedMediaType:
		p = newProblem(model.Status, "input.media_type", "只接受 JSON 格式（application/json）。")
	case http.StatusInternalServerError:
		p = newProblem(model.Status, "server.fault", "系统出现故障，本次操作未确认完成，请稍后重试。")
	case http.StatusRequestEntityTooLarge:
		p = newProblem(model.Status, "input.too_large", "提交的内容过大。")
	case http.StatusBadRequest:
		p.Code = "input.malformed"
	}
	for _, e := range model.Errors {
		if e == nil {
			continue
		}
		code, text := strictMessage(e.Message)
		if code == "" {
			code, text = inChinese(e.Message)
		}
		p.Errors = append(p.Errors, ProblemError{Path: strings.TrimPrefix(e.Location, "body."), Code: code, Message: text})
	}
	if len(p.Errors) == 1 {
		p.Detail = p.Errors[0].Message + "。"
		if path := p.Errors[0].Path; path != "" && path != "body" {
			p.Detail = "「" + path + "」" + p.Detail
		}
	}
	return p, nil
}
