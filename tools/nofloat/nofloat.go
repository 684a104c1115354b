// Package nofloat keeps floating point away from votes: a share such as two thirds has no exact float,
// so quorums and tallies are reckoned in integers, by cross multiplication.
package nofloat

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"

	"gongzhi/tools/module"
)

// folders are the parts of the product in which a vote is reckoned.
var folders = []string{"rules", "ballot", "verify"}

// Analyzer reports every literal, type, conversion and expression of a floating-point or complex type,
// and every use of math/big's Float, in the product files of the folders above.
var Analyzer = &analysis.Analyzer{
	Name: "nofloat",
	Doc:  "reports floating point in rules, ballot and verify, where shares must be exact",
	Run:  run,
}

func run(pass *analysis.Pass) (any, error) {
	folder, ours := module.Rel(pass)
	if !ours || !covered(folder) {
		return nil, nil
	}
	for _, file := range module.Product(pass) {
		reported := map[int]bool{} // one finding a line is enough
		report := func(expr ast.Expr, format, what string) {
			if line := pass.Fset.Position(expr.Pos()).Line; !reported[line] {
				reported[line] = true
				pass.Reportf(expr.Pos(), format, what)
			}
		}
		ast.Inspect(file, func(node ast.Node) bool {
			expr, ok := node.(ast.Expr)
			if !ok {
				return true
			}
			if lit, ok := expr.(*ast.BasicLit); ok && (lit.Kind == token.FLOAT || lit.Kind == token.IMAG) {
				report(lit, "floating-point literal %s: use rules.Ratio or an integer", lit.Value)
			}
			if t := typeOf(pass, expr); t != nil && inexact(t) {
				report(expr, "floating-point type %s: use rules.Ratio or an integer", t.String())
			}
			return true
		})
	}
	return nil, nil
}

func covered(folder string) bool {
	for _, f := range folders {
		if module.Within(folder, f) {
			return true
		}
	}
	return false
}

// typeOf returns the type of an expression. An identifier that declares something is found by its object.
func typeOf(pass *analysis.Pass, expr ast.Expr) types.Type {
	if tv, ok := pass.TypesInfo.Types[expr]; ok {
		return tv.Type
	}
	if id, ok := expr.(*ast.Ident); ok {
		if obj := pass.TypesInfo.ObjectOf(id); obj != nil {
			if _, isType := obj.(*types.TypeName); isType || obj.Type() == nil {
				return nil // the declaration's right side is reported instead
			}
			return obj.Type()
		}
	}
	return nil
}

// inexact says whether values of a type are floats. Pointers, slices and the like are reported where their element is named.
func inexact(t types.Type) bool {
	if tuple, ok := t.(*types.Tuple); ok {
		for i := range tuple.Len() {
			if inexact(tuple.At(i).Type()) {
				return true
			}
		}
		return false
	}
	if ptr, ok := t.(*types.Pointer); ok {
		t = ptr.Elem()
	}
	if named, ok := types.Unalias(t).(*types.Named); ok {
		if pkg := named.Obj().Pkg(); pkg != nil && pkg.Path() == "math/big" && named.Obj().Name() == "Float" {
			return true
		}
	}
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Info()&(types.IsFloat|types.IsComplex) != 0
}
