package wallclock_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"gongzhi/tools/wallclock"
)

// TestPlanted proves that reading the wall clock is found where it is forbidden, and only there.
func TestPlanted(t *testing.T) {
	t.Parallel()
	analysistest.Run(t, analysistest.TestData(), wallclock.Analyzer,
		"gongzhi/activities", "gongzhi/store", "gongzhi/app", "gongzhi/calendar")
}
