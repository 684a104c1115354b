package imports_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"gongzhi/tools/imports"
)

// TestPlanted proves that an import against the direction is found for every part of the house.
func TestPlanted(t *testing.T) {
	t.Parallel()
	analysistest.Run(t, analysistest.TestData(), imports.Analyzer, "gongzhi/...")
}
