// Package wallclock keeps the product on the injected clock, so that the demonstration can run on virtual time
// and a deadline can be tested without waiting for it.
package wallclock

import (
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"

	"gongzhi/tools/module"
)

var (
	// free are the folders that own the wall clock: they hand it to all others.
	free = []string{"cmd", "app", "embedded", "test"}
	// injecting are the folders that may name time.Now as the default of an injected clock, but not call it.
	injecting = []string{"store"}
)

// directive allows one use of the wall clock, on its own line or on the line before, when a reason follows it.
// It is for measuring how long the machine took, which virtual time would falsify.
const directive = "//gongzhi:wallclock"

// Analyzer reports time.Now, time.Since and time.Until outside of the folders above and of tests.
var Analyzer = &analysis.Analyzer{
	Name: "wallclock",
	Doc:  "reports reading the wall clock where the clock must be injected",
	Run:  run,
}

func run(pass *analysis.Pass) (any, error) {
	folder, ours := module.Rel(pass)
	if !ours || within(folder, free) {
		return nil, nil
	}
	for _, file := range module.Product(pass) {
		excused := excuses(pass, file)
		called := map[*ast.Ident]bool{}
		ast.Inspect(file, func(node ast.Node) bool {
			switch n := node.(type) {
			case *ast.CallExpr:
				if id := name(n.Fun); id != nil {
					called[id] = true
				}
			case *ast.Ident:
				fn, ok := pass.TypesInfo.Uses[n].(*types.Func)
				if !ok || !reads(fn) || excused[pass.Fset.Position(n.Pos()).Line] {
					return true
				}
				if within(folder, injecting) && !called[n] {
					return true
				}
				pass.Reportf(n.Pos(), "time.%s reads the wall clock: use the injected clock (or %s with the reason)", fn.Name(), directive)
			}
			return true
		})
	}
	return nil, nil
}

func within(folder string, parents []string) bool {
	for _, parent := range parents {
		if module.Within(folder, parent) {
			return true
		}
	}
	return false
}

// name returns the identifier that a call calls.
func name(fun ast.Expr) *ast.Ident {
	switch f := ast.Unparen(fun).(type) {
	case *ast.Ident:
		return f
	case *ast.SelectorExpr:
		return f.Sel
	}
	return nil
}

func reads(fn *types.Func) bool {
	if fn.Pkg() == nil || fn.Pkg().Path() != "time" || fn.Signature().Recv() != nil {
		return false
	}
	return fn.Name() == "Now" || fn.Name() == "Since" || fn.Name() == "Until"
}

// excuses returns the lines on which a directive with a reason allows the wall clock.
func excuses(pass *analysis.Pass, file *ast.File) map[int]bool {
	lines := map[int]bool{}
	for _, group := range file.Comments {
		for _, comment := range group.List {
			reason, ok := strings.CutPrefix(comment.Text, directive)
			if !ok {
				continue
			}
			if strings.TrimSpace(reason) == "" {
				pass.Reportf(comment.Pos(), "%s needs a reason", directive)
				continue
			}
			line := pass.Fset.Position(comment.Pos()).Line
			lines[line], lines[line+1] = true, true
		}
	}
	return lines
}
