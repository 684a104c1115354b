package server

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql/driver"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"

	"gongzhi/calendar"
	"gongzhi/procedure"
)

const problemType = "application/problem+json"

// Problem is the body of every error (RFC 9457): a stable code, and a Chinese sentence that says what happened, what is kept
// and what to do.
type Problem struct {
	Type      string         `json:"type"`
	Title     string         `json:"title"`
	Status    int            `json:"status"`
	Code      string         `json:"code"`
	Detail    string         `json:"detail"`
	Errors    []ProblemError `json:"errors,omitempty"`
	Kept      string         `json:"kept,omitempty" doc:"what was kept of the input, such as a draft"`
	Reference string         `json:"reference,omitempty" doc:"number under which a fault is found in the log"`

	retryAfter string
}

// ProblemError is one wrong field. Path is a path in the input, such as form.start.
type ProblemError struct {
	Path    string `json:"path"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

func (p *Problem) Error() string { return p.Code + ": " + p.Detail }

// GetStatus is the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is that of a problem.
func (p *Problem) ContentType(string) string { return problemType }

// GetHeaders are headers that belong to the problem.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.retryAfter != "" {
		h.Set("Retry-After", p.retryAfter)
	}
	return h
}

func newProblem(status int, code, detail string) *Problem {
	return &Problem{Type: "urn:gongzhi:" + code, Title: titles[status], Status: status, Code: code, Detail: detail}
}

// titles are the short names of the statuses.
var titles = map[int]string{
	http.StatusBadRequest: "请求格式有误", http.StatusUnauthorized: "未登录", http.StatusForbidden: "无权操作",
	http.StatusNotFound: "未找到", http.StatusMethodNotAllowed: "不支持的操作", http.StatusConflict: "状态冲突",
	http.StatusRequestTimeout: "请求超时", http.StatusRequestEntityTooLarge: "内容过大",
	http.StatusUnsupportedMediaType: "不支持的格式", http.StatusUnprocessableEntity: "填写有误",
	http.StatusTooManyRequests: "操作过于频繁", http.StatusInternalServerError: "系统故障", http.StatusServiceUnavailable: "服务暂不可用",
}

// statuses is the one map from the kinds of refusal to HTTP.
var statuses = map[procedure.Refusal]int{
	procedure.Invalid: http.StatusUnprocessableEntity, procedure.Conflict: http.StatusConflict,
	procedure.Forbidden: http.StatusForbidden, procedure.NotFound: http.StatusNotFound,
}

// errSignedOut is what a request without a living session gets.
var errSignedOut = newProblem(http.StatusUnauthorized, "auth.signed_out", "您尚未登录或登录已过期，请重新登录。")

func invalid(code, format string, args ...any) *procedure.Error {
	return procedure.Errorf(procedure.Invalid, code, format, args...)
}

// problem turns any error into what the caller may see. A fault is logged under a reference and hides its cause.
func (s *Server) problem(ctx context.Context, err error) *Problem {
	var p *Problem
	var refusal *procedure.Error
	var date *calendar.Error
	switch {
	case errors.As(err, &p):
		return p
	case errors.As(err, &refusal):
		status, known := statuses[refusal.Kind]
		if !known {
			return s.fault(ctx, err)
		}
		return newProblem(status, refusal.Code, procedure.FullStop(refusal.Message))
	case errors.As(err, &date):
		return newProblem(http.StatusUnprocessableEntity, date.Code, procedure.FullStop(date.Text))
	case errors.Is(err, context.DeadlineExceeded):
		return newProblem(http.StatusServiceUnavailable, "server.timeout", "系统繁忙，未能及时完成。请稍后用同一内容重试，不会重复办理。")
	case unreachable(err):
		s.Logger.WarnContext(ctx, "the database is not there", "error", err)
		return newProblem(http.StatusServiceUnavailable, "server.unavailable", "数据库暂时连接不上，本次操作未确认完成。请稍后用同一内容重试，不会重复办理。")
	}
	return s.fault(ctx, err)
}

// unreachable tells whether a database could not be asked, as while it starts again: that passes by itself, and nothing is wrong with
// the request or the program.
func unreachable(err error) bool {
	var said interface{ SQLState() string }
	if errors.As(err, &said) { // PostgreSQL: the operator has ended it (57P), the connection is no more (08)
		return strings.HasPrefix(said.SQLState(), "57P") || strings.HasPrefix(said.SQLState(), "08")
	}
	var network *net.OpError
	return errors.As(err, &network) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, driver.ErrBadConn)
}

func (s *Server) fault(ctx context.Context, err error) *Problem {
	reference := cmp.Or(seenOf(ctx).id, newReference())
	level := slog.LevelError
	if errors.Is(err, context.Canceled) {
		level = slog.LevelInfo // the caller went away
	}
	s.Logger.Log(ctx, level, "request failed", "reference", reference, "error", err)
	p := newProblem(http.StatusInternalServerError, "server.fault", "系统出现故障，本次操作未确认完成。请稍后重试；若仍不成功，请将编号 "+reference+" 告知运维人员。")
	p.Reference = reference
	return p
}

func newReference() string {
	b := make([]byte, 6)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}

// newID is an id that nobody can guess and no two share.
func newID() string { return rand.Text() }

// write sends a problem outside huma.
func (p *Problem) write(w http.ResponseWriter) {
	for name, values := range p.GetHeaders() {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", problemType)
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the caller may have gone away
}
