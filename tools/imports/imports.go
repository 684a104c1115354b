// Package imports enforces the direction in which the packages of the product may import each other.
package imports

import (
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"

	"gongzhi/tools/module"
)

// Analyzer reports imports that Table does not allow, and packages that Table does not know.
// Test files are exempt: a test may join what the product keeps apart.
var Analyzer = &analysis.Analyzer{
	Name: "imports",
	Doc:  "reports imports against the direction of the house (tools/imports/table.go)",
	Run:  run,
}

func run(pass *analysis.Pass) (any, error) {
	folder, ours := module.Rel(pass)
	files := module.Product(pass)
	if !ours || len(files) == 0 {
		return nil, nil
	}
	rule, known := find(Table, folder)
	if !known {
		pass.Reportf(files[0].Name.Pos(), "no import rule covers the folder %q: decide where it stands in tools/imports/table.go", folder)
		return nil, nil
	}
	for _, file := range files {
		for _, spec := range file.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return nil, err
			}
			if reason := refuse(rule, folder, path); reason != "" {
				pass.Reportf(spec.Pos(), "%s must not import %s: %s", folder, path, reason)
			}
		}
	}
	return nil, nil
}

// find returns the rule of the nearest folder at or above the given one.
func find(table []Rule, folder string) (Rule, bool) {
	for {
		for _, rule := range table {
			if rule.Folder == folder {
				return rule, true
			}
		}
		cut := strings.LastIndexByte(folder, '/')
		if cut < 0 {
			return Rule{}, false
		}
		folder = folder[:cut]
	}
}

// refuse returns why a folder may not import a path, or nothing when it may.
func refuse(rule Rule, folder, path string) string {
	for _, never := range rule.Never {
		if module.Within(path, never) {
			return never + " is forbidden in " + rule.Folder
		}
	}
	target, ours := module.Cut(path)
	if !ours {
		return ""
	}
	for _, e := range exceptions {
		if folder == e.From && strings.HasPrefix(target, e.To) {
			return e.Reason
		}
	}
	if module.Within(target, folder) {
		return ""
	}
	for _, allowed := range rule.Ours {
		if allowed == "*" || module.Within(target, allowed) {
			return ""
		}
	}
	if len(rule.Ours) == 0 {
		return rule.Folder + " imports nothing of ours"
	}
	return rule.Folder + " may import only " + strings.Join(rule.Ours, ", ")
}
