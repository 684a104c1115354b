// Package module knows how this repository names its packages and its test files.
package module

import (
	"go/ast"
	"go/token"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// Path is the product's module path.
const Path = "gongzhi"

// Rel returns the folder of the package under analysis, relative to the module root ("store/storetest").
// It is false for a package of another module. The build names a package that is compiled with its tests
// "gongzhi/rules [gongzhi/rules.test]" and an external test package "gongzhi/rules_test": both are the folder "rules".
func Rel(pass *analysis.Pass) (string, bool) {
	path, _, _ := strings.Cut(pass.Pkg.Path(), " ")
	if strings.HasSuffix(pass.Pkg.Name(), "_test") {
		path = strings.TrimSuffix(path, "_test")
	}
	return Cut(path)
}

// Cut strips the module from an import path. It is false when the path belongs to another module.
func Cut(path string) (string, bool) {
	if path == Path {
		return "", true
	}
	return strings.CutPrefix(path, Path+"/")
}

// Within says whether a folder is the given one or lies below it.
func Within(folder, parent string) bool {
	return folder == parent || strings.HasPrefix(folder, parent+"/")
}

// IsTest says whether a file is compiled for tests only.
func IsTest(fset *token.FileSet, file *ast.File) bool {
	return strings.HasSuffix(fset.Position(file.FileStart).Filename, "_test.go")
}

// Product returns the files of the package that are part of the product: tests and generated mains are left out.
func Product(pass *analysis.Pass) []*ast.File {
	var files []*ast.File
	for _, file := range pass.Files {
		if !IsTest(pass.Fset, file) && !strings.HasSuffix(pass.Pkg.Path(), ".test") {
			files = append(files, file)
		}
	}
	return files
}
