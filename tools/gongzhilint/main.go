// Command gongzhilint holds the project's own checks. It runs under the go command:
//
//	go vet -vettool=bin/tools/gongzhilint ./...
package main

import (
	"golang.org/x/tools/go/analysis/unitchecker"

	"gongzhi/tools/gormsql"
	"gongzhi/tools/imports"
	"gongzhi/tools/nofloat"
	"gongzhi/tools/wallclock"
)

func main() {
	unitchecker.Main(imports.Analyzer, nofloat.Analyzer, wallclock.Analyzer, gormsql.Analyzer)
}
