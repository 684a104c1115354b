package rules

import (
	"strconv"
	"strings"
)

// ParseArea reads an area in m² as 0.01 m², exactly: 80, 80.5, 5440.00. It returns 0 and says in Chinese why the text is none. most is
// the largest area that can be meant, in 0.01 m².
func ParseArea(text string, most int64) (area int64, why string) {
	if strings.HasPrefix(text, "-") {
		return 0, "面积须大于零"
	}
	whole, part, point := strings.Cut(text, ".")
	if !allDigits(whole) || point && !allDigits(part) {
		return 0, "不是数字，只填数字和小数点，如 80.00"
	}
	part = strings.TrimRight(part, "0")
	if len(part) > 2 {
		return 0, "小数多于两位"
	}
	n, err := strconv.ParseInt(whole+(part + "00")[:2], 10, 64)
	switch {
	case err != nil || n > most:
		return 0, "面积过大"
	case n == 0:
		return 0, "面积须大于零"
	}
	return n, ""
}

// allDigits tells whether text is one or more ASCII digits.
func allDigits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}
