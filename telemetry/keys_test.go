package telemetry

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// keys are what a line of a log may say. None of them holds a person, or what a person has written: who adds one answers for it.
var keys = []string{
	"activity", "attempt", "batch", "bytes", "case", "clock", "columns", "command", "error", "file", "from", "incident", "kind", "method", "ok", "part", "poll",
	"reference", "remedy", "route", "source", "status", "to", "took",
}

// firstKey says where the keys of a call begin, by the name of the method.
var firstKey = map[string]int{
	"Debug": 1, "Info": 1, "Warn": 1, "Error": 1, "Log": 3, "With": 0, "DebugContext": 2, "InfoContext": 2,
	"WarnContext": 2, "ErrorContext": 2,
}

// said returns what the calls of loggers in a file say that is not allowed: other keys, and texts that are not constant.
func said(fset *token.FileSet, file *ast.File) []string {
	var found []string
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		method, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || !logger(method.X) {
			return true
		}
		first, ok := firstKey[method.Sel.Name]
		if !ok || len(call.Args) < first {
			return true
		}
		complain := func(what string) { found = append(found, fmt.Sprintf("%s: %s", fset.Position(call.Pos()), what)) }
		if first > 0 && text(call.Args[first-1]) == "" {
			complain("the text is not constant")
		}
		if call.Ellipsis.IsValid() {
			complain("the keys cannot be read")
			return true
		}
		for i := first; i < len(call.Args); i += 2 {
			if key := text(call.Args[i]); !slices.Contains(keys, key) {
				complain(fmt.Sprintf("the key %q is not on the list", key))
			}
		}
		return true
	})
	return found
}

// logger tells whether an expression is called like a logger: log, s.Logger, a.noting.log.
func logger(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.Ident:
		return x.Name == "slog" || strings.HasSuffix(strings.ToLower(x.Name), "log") || strings.HasSuffix(strings.ToLower(x.Name), "logger")
	case *ast.SelectorExpr:
		return logger(x.Sel)
	}
	return false
}

func text(x ast.Expr) string {
	if lit, ok := x.(*ast.BasicLit); ok && lit.Kind == token.STRING {
		if s, err := strconv.Unquote(lit.Value); err == nil {
			return s
		}
	}
	return ""
}

// TestLogsSayNothingOfPersons reads the whole product.
func TestLogsSayNothingOfPersons(t *testing.T) {
	t.Parallel()
	fset := token.NewFileSet()
	calls := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && slices.Contains([]string{".git", "node_modules", "testdata", "tools", "test", "data", "bin"}, d.Name()):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if m, ok := n.(*ast.SelectorExpr); ok && firstKey[m.Sel.Name] > 0 && logger(m.X) {
				calls++
			}
			return true
		})
		for _, s := range said(fset, file) {
			t.Error(s)
		}
		return nil
	})
	require.NoError(t, err)
	require.Greater(t, calls, 15, "control: the calls are found")
}

func TestLogsSayNothingOfPersons_Control(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		`s.Logger.InfoContext(ctx, "x", "case", c)`:          "",
		`log.Error("x", "error", err, "poll", p)`:            "",
		`s.Logger.InfoContext(ctx, "x", "user", u)`:          `"user" is not on the list`,
		`a.log.Warn("x", "case", c, "name", n)`:              `"name" is not on the list`,
		`slog.Info("x " + name)`:                             "the text is not constant",
		`log.Log(ctx, level, fmt.Sprint(u))`:                 "the text is not constant",
		`s.log.Info("x", args...)`:                           "the keys cannot be read",
		`s.Logger.With("opinion", o).Info("x", "case", "y")`: `"opinion" is not on the list`,
	} {
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, "x.go", "package x\nfunc f() { "+line+" }", 0)
		require.NoError(t, err)
		got := strings.Join(said(fset, file), "\n")
		require.Equal(t, want == "", got == "", "%s: %s", line, got)
		require.Contains(t, got, want)
	}
}
