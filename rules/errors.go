package rules

import "fmt"

// Codes of the errors of this package. They are stable.
const (
	CodePackUnknown    = "rules.unknown_pack"
	CodePackInvalid    = "rules.invalid_pack"
	CodeFigureUnknown  = "rules.unknown_figure"
	CodeFigureFixed    = "rules.fixed_figure"
	CodeFigureValue    = "rules.invalid_value"
	CodeOverrideReason = "rules.override_without_reason"
	CodeListUnknown    = "rules.unknown_list"
	CodeListInvalid    = "rules.invalid_list"
)

// Error is a refusal of this package: a stable code and a Chinese sentence.
type Error struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

// Error returns the Chinese sentence.
func (e *Error) Error() string { return e.Text }

// ErrorCode returns the stable code, for callers that know only the interface.
func (e *Error) ErrorCode() string { return e.Code }

// Is tells whether target is an Error with the same code.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

func refuse(code, format string, args ...any) error {
	return &Error{Code: code, Text: fmt.Sprintf(format, args...)}
}
