package calendar

import "fmt"

// Codes of the errors of this package. They are stable: callers and screens may
// depend on them.
const (
	CodeDate   = "calendar.invalid_date"
	CodeAnchor = "calendar.invalid_anchor"
	CodePeriod = "calendar.invalid_period"
	CodeRule   = "calendar.invalid_rule"
	CodePause  = "calendar.invalid_pause"

	CodeTableSyntax    = "calendar.invalid_table_syntax"
	CodeTableUnknown   = "calendar.invalid_table_unknown_field"
	CodeTableYear      = "calendar.invalid_table_year"
	CodeTableSource    = "calendar.invalid_table_source"
	CodeTableVersion   = "calendar.invalid_table_version"
	CodeTableDuplicate = "calendar.invalid_table_duplicate"
	CodeTableForeign   = "calendar.invalid_table_other_year"
	CodeTableBoth      = "calendar.invalid_table_off_and_work"
	CodeTableWork      = "calendar.invalid_table_work_is_weekday"
	CodeTableStatutory = "calendar.invalid_table_statutory_day_missing"
	CodeTableTooFew    = "calendar.invalid_table_too_few_workdays"
	CodeTableHoliday   = "calendar.invalid_table_holiday"
	CodeTableTwice     = "calendar.invalid_table_year_twice"
)

// Error is a refusal of this package: a stable code and a Chinese sentence for
// the person who entered the data.
type Error struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

// Error returns the Chinese sentence.
func (e *Error) Error() string { return e.Text }

// ErrorCode returns the stable code, for callers that know only the interface.
func (e *Error) ErrorCode() string { return e.Code }

// Is tells whether target is an Error with the same code, so that callers can
// write errors.Is(err, &calendar.Error{Code: calendar.CodePause}).
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

func refuse(code, format string, args ...any) error {
	return &Error{Code: code, Text: fmt.Sprintf(format, args...)}
}
