// Package gormsql keeps variables out of the places where GORM takes SQL text. GORM quotes what stands behind a question
// mark, but writes the text of a condition, an order or a column into the query as it is.
package gormsql

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"
)

// sqlAt names the methods of *gorm.DB that take SQL text and the position of its argument.
var sqlAt = map[string]int{
	"Where": 0, "Or": 0, "Not": 0, "Having": 0, "Order": 0, "Group": 0, "Select": 0, "Distinct": 0, "Joins": 0,
	"InnerJoins": 0, "Table": 0, "Raw": 0, "Exec": 0, "Pluck": 0, "Update": 0, "UpdateColumn": 0,
	"First": 1, "Last": 1, "Take": 1, "Find": 1, "FirstOrInit": 1, "FirstOrCreate": 1, "Delete": 1,
}

// Analyzer reports SQL text that is not made of constants. A struct, a map, an integer key or a clause is not text and
// passes; so does a parameter of an unexported function that is given constants only.
var Analyzer = &analysis.Analyzer{
	Name: "gormsql",
	Doc:  "reports SQL text in calls to GORM that is not made of constants",
	Run:  run,
}

func run(pass *analysis.Pass) (any, error) {
	flow := newFlow(pass)
	for _, file := range pass.Files {
		ast.Inspect(file, func(node ast.Node) bool {
			call, ok := node.(*ast.CallExpr)
			if !ok {
				return true
			}
			method, position, ok := gormCall(pass, call)
			if !ok || len(call.Args) <= position {
				return true
			}
			arg := call.Args[position]
			if flow.constant(arg) {
				return true
			}
			spread := call.Ellipsis.IsValid() && position == len(call.Args)-1
			if spread || mayBeText(pass.TypesInfo.TypeOf(arg)) {
				pass.Reportf(arg.Pos(), "SQL text given to gorm's %s is not made of constants: use ? or a clause", method)
			}
			return true
		})
	}
	return nil, nil
}

// gormCall returns the method's name and the position of its SQL text when a call is one of sqlAt on *gorm.DB.
func gormCall(pass *analysis.Pass, call *ast.CallExpr) (string, int, bool) {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return "", 0, false
	}
	fn, ok := pass.TypesInfo.Uses[sel.Sel].(*types.Func)
	if !ok || fn.Pkg() == nil || fn.Pkg().Path() != "gorm.io/gorm" {
		return "", 0, false
	}
	recv := fn.Signature().Recv()
	if recv == nil {
		return "", 0, false
	}
	ptr, ok := recv.Type().(*types.Pointer)
	if !ok {
		return "", 0, false
	}
	named, ok := ptr.Elem().(*types.Named)
	if !ok || named.Obj().Name() != "DB" {
		return "", 0, false
	}
	position, ok := sqlAt[fn.Name()]
	return fn.Name(), position, ok
}

// mayBeText says whether a value of the type can be a string: a string type, or an interface without methods.
func mayBeText(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Info()&types.IsString != 0
	case *types.Interface:
		return u.NumMethods() == 0
	case *types.Slice:
		return mayBeText(u.Elem())
	}
	return false
}
