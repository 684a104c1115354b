package nofloat_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"gongzhi/tools/nofloat"
)

// TestPlanted proves that every kind of planted float is found, and that exact code and foreign folders pass.
func TestPlanted(t *testing.T) {
	t.Parallel()
	analysistest.Run(t, analysistest.TestData(), nofloat.Analyzer, "gongzhi/rules", "gongzhi/ballot/ledger", "gongzhi/ops")
}
