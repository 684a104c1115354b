package gormsql_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"gongzhi/tools/gormsql"
)

// TestPlanted proves that SQL text made of variables is found, and that constants and structured conditions pass.
func TestPlanted(t *testing.T) {
	t.Parallel()
	analysistest.Run(t, analysistest.TestData(), gormsql.Analyzer, "gongzhi/store")
}
