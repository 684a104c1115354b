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

// Codes of the errors of a consent vote: its roll, its rule and its totals.
const (
	CodeRollEmpty         = "rules.empty_roll"
	CodeRollOptions       = "rules.invalid_roll_options"
	CodeUnitCode          = "rules.invalid_unit_code"
	CodeUnitTwice         = "rules.duplicate_unit"
	CodeUnitArea          = "rules.invalid_unit_area"
	CodeUnitOwner         = "rules.unit_without_owner"
	CodeUnitUse           = "rules.invalid_unit_use"
	CodeAreaOverflow      = "rules.area_overflow"
	CodeConsentRule       = "rules.unknown_consent_rule"
	CodeConsentCounting   = "rules.counting_not_admitted"
	CodeConsentSilent     = "rules.unknown_silent_mode"
	CodeConsentQuorum     = "rules.quorum_not_optional"
	CodeConsentImpossible = "rules.impossible_totals"
	CodePetition          = "rules.impossible_petition"
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
