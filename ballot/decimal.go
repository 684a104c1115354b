package ballot

import (
	"strconv"
	"strings"

	"gongzhi/rules"
)

// maxArea is the largest area of one unit: 10,000,000 m², in 0.01 m².
const maxArea = 1_000_000_000

// exactDigits is how many digits a spreadsheet's number keeps: of 94.08 some programs store 94.079999999999998.
const exactDigits = 15

// area reads an area in m² as 0.01 m², exactly, or says why it cannot be one. stored says that the text is a number as a spreadsheet
// stores it, which may have an exponent and digits beyond those that the spreadsheet keeps.
func area(text string, stored bool) (int64, string) {
	if stored {
		if plain, ok := storedDecimal(text); ok {
			text = plain
		}
	}
	return rules.ParseArea(text, maxArea)
}

// storedDecimal writes a stored number without exponent, rounded to the digits that a spreadsheet keeps. It works on the digits alone.
func storedDecimal(text string) (string, bool) {
	mantissa, power, scientific := strings.Cut(strings.ToUpper(text), "E")
	exponent := 0
	if scientific {
		var err error
		if exponent, err = strconv.Atoi(power); err != nil || exponent < -30 || exponent > 30 {
			return "", false
		}
	}
	whole, part, _ := strings.Cut(mantissa, ".")
	all := whole + part
	if len(all) > 40 || !digits(all) {
		return "", false
	}
	// The number is 0.all × 10^point.
	point := len(whole) + exponent
	kept := strings.TrimLeft(all, "0")
	point -= len(all) - len(kept)
	if len(kept) > exactDigits {
		up := kept[exactDigits] >= '5'
		kept = kept[:exactDigits]
		if up {
			n, err := strconv.ParseInt(kept, 10, 64)
			if err != nil {
				return "", false
			}
			next := strconv.FormatInt(n+1, 10)
			point += len(next) - len(kept) // 99…9 becomes 100…0
			kept = next
		}
	}
	if kept == "" {
		return "0", true
	}
	if point <= 0 {
		return "0." + strings.Repeat("0", -point) + kept, true
	}
	if point >= len(kept) {
		return kept + strings.Repeat("0", point-len(kept)), true
	}
	return kept[:point] + "." + kept[point:], true
}

// digits tells whether text is one or more ASCII digits.
func digits(text string) bool {
	for _, r := range text {
		if r < '0' || r > '9' {
			return false
		}
	}
	return text != ""
}
