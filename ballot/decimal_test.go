package ballot

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
)

func TestArea(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text   string
		stored bool
		want   int64
		why    string
	}{
		{"80", false, 8000, ""},
		{"80.5", false, 8050, ""},
		{"0.01", false, 1, ""},
		{"00080.500", false, 8050, ""},
		{"10000000.00", false, 1_000_000_000, ""},
		{"10000000.01", false, 0, "面积过大"},
		{"99999999999999999999", false, 0, "面积过大"},
		{"80.", false, 0, "不是数字"},
		{".5", false, 0, "不是数字"},
		{"1,080.00", false, 0, "不是数字"},
		{"8e1", false, 0, "不是数字"},
		{"NaN", true, 0, "不是数字"},
		{"Inf", true, 0, "不是数字"},
		{"1E99", true, 0, "不是数字"},
		{"", false, 0, "不是数字"},
		{"0", true, 0, "须大于零"},
		{"-80", true, 0, "须大于零"},
		// What programs store of 94.08, 94.1, 100 and 0.07: digits beyond the fifteenth are none that anybody typed.
		{"94.079999999999998", true, 9408, ""},
		{"94.099999999999994", true, 9410, ""},
		{"99.999999999999999", true, 10000, ""},
		{"7.0000000000000007E-2", true, 7, ""},
		{"8.0E1", true, 8000, ""},
		{"1.2E+2", true, 12000, ""},
		// The same digits as text were typed; fewer digits too.
		{"94.079999999999998", false, 0, "小数多于两位"},
		{"79.999999999", true, 0, "小数多于两位"},
		{"1E-3", true, 0, "小数多于两位"},
	} {
		n, why := area(c.text, c.stored)
		assert.Equal(t, c.want, n, c.text)
		if c.why == "" {
			assert.Empty(t, why, c.text)
		} else {
			assert.Contains(t, why, c.why, c.text)
		}
	}
}

// TestAreaIsExact reads every area back from the text of it, and from the nearest binary number with 17 digits, which is what
// spreadsheets store.
func TestAreaIsExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(1, maxArea).Draw(t, "area")
		text := fmt.Sprintf("%d.%02d", n/100, n%100)
		got, why := area(text, false)
		assert.Equal(t, n, got, why)
		binary, err := strconv.ParseFloat(text, 64)
		assert.NoError(t, err)
		for _, form := range []byte{'g', 'e'} {
			stored := strconv.FormatFloat(binary, form, 17, 64)
			got, why = area(stored, true)
			assert.Equal(t, n, got, "%s %s", stored, why)
		}
	})
}
