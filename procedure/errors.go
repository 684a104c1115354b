package procedure

import (
	"fmt"
	"strings"
)

// Error is a refusal with a stable code and a Chinese sentence for the person. It says what happened and what to do.
type Error struct {
	Code    string // "task.closed"; stable, part of the API
	Message string // 中文
	Kind    Refusal
}

// Refusal groups codes by the answer the API gives.
type Refusal string

// The kinds of refusal.
const (
	Invalid   Refusal = "invalid"   // the input is wrong (422)
	Conflict  Refusal = "conflict"  // the state does not allow it (409)
	Forbidden Refusal = "forbidden" // the actor may not (403)
	NotFound  Refusal = "not_found" // no such thing, or not yours (404)
)

func (e *Error) Error() string { return e.Code + ": " + e.Message }

// FullStop ends a text with a full stop unless it ends as a sentence already. Texts that are also items of a list or parts of a
// sentence are written without one.
func FullStop(text string) string {
	if text == "" || strings.HasSuffix(text, "。") || strings.HasSuffix(text, "？") || strings.HasSuffix(text, "！") {
		return text
	}
	return text + "。"
}

// Errorf makes a refusal.
func Errorf(kind Refusal, code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...), Kind: kind}
}
