package ballot

import (
	"slices"
	"strings"
)

// formulaSigns start a formula in one spreadsheet or another, also in full width; a tab or line break hides one.
const formulaSigns = "=+-@＝＋－＠\t\r\n"

func startsFormula(text string) bool {
	first := []rune(text)
	return len(first) > 0 && strings.ContainsRune(formulaSigns, first[0])
}

// SafeCell returns a text that no spreadsheet takes for a formula, for every cell of an export (.csv or .xlsx): an apostrophe goes
// before one that could be.
func SafeCell(text string) string {
	if startsFormula(text) || startsFormula(strings.TrimSpace(text)) {
		return "'" + text
	}
	return text
}

// SafeRow is SafeCell for every cell of a row.
func SafeRow(cells []string) []string {
	safe := slices.Clone(cells)
	for i := range safe {
		safe[i] = SafeCell(safe[i])
	}
	return safe
}
