package gormsql

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
)

// flow knows what flows into the local variables, parameters and unexported fields of a package, so that a helper which is
// only ever given constants may put its parameter into a query, and may return what it makes of them. What comes from outside of
// the package, from an exported field, from another function's result or through a pointer is unknown.
type flow struct {
	info    *types.Info
	into    map[*types.Var][]ast.Expr // a variable is known when it has an entry
	unknown map[*types.Var]bool
	params  map[types.Object][]*types.Var // by function, or by the variable that holds a function literal
	results map[types.Object][]ast.Expr   // what an unexported function of one result returns
	visited map[*types.Var]bool
	asked   map[types.Object]bool // functions whose results are being judged
}

func newFlow(pass *analysis.Pass) *flow {
	f := &flow{
		info: pass.TypesInfo, into: map[*types.Var][]ast.Expr{}, unknown: map[*types.Var]bool{},
		params: map[types.Object][]*types.Var{}, visited: map[*types.Var]bool{},
		results: map[types.Object][]ast.Expr{}, asked: map[types.Object]bool{},
	}
	for _, file := range pass.Files {
		ast.Inspect(file, f.declare)
	}
	for _, file := range pass.Files {
		f.follow(file)
	}
	return f
}

// declare notes the parameters of functions whose callers are all in this package.
func (f *flow) declare(node ast.Node) bool {
	switch n := node.(type) {
	case *ast.FuncDecl:
		if !n.Name.IsExported() {
			f.addParams(f.info.Defs[n.Name], n.Type)
			f.addResults(n)
		}
	case *ast.AssignStmt:
		if len(n.Lhs) != len(n.Rhs) || n.Tok != token.DEFINE {
			return true
		}
		for i, right := range n.Rhs {
			if literal, ok := right.(*ast.FuncLit); ok {
				if id, ok := n.Lhs[i].(*ast.Ident); ok {
					f.addParams(f.info.Defs[id], literal.Type)
				}
			}
		}
	}
	return true
}

// addResults notes what a function returns.
func (f *flow) addResults(function *ast.FuncDecl) {
	list := function.Type.Results
	if list == nil || list.NumFields() != 1 || len(list.List[0].Names) > 0 || function.Body == nil {
		return
	}
	ast.Inspect(function.Body, func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.FuncLit: // returns for itself
			return false
		case *ast.ReturnStmt:
			object := f.info.Defs[function.Name]
			f.results[object] = append(f.results[object], n.Results...)
		}
		return true
	})
}

func (f *flow) addParams(function types.Object, signature *ast.FuncType) {
	if function == nil {
		return
	}
	var params []*types.Var
	for _, field := range signature.Params.List {
		if len(field.Names) == 0 {
			params = append(params, nil)
		}
		for _, name := range field.Names {
			v, _ := f.info.Defs[name].(*types.Var)
			if _, variadic := field.Type.(*ast.Ellipsis); variadic {
				v = nil
			}
			if v != nil {
				f.into[v] = nil
			}
			params = append(params, v)
		}
	}
	f.params[function] = params
}

// follow notes every flow in a file.
func (f *flow) follow(file *ast.File) {
	called := map[*ast.Ident]bool{}
	ast.Inspect(file, func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.CallExpr:
			if id := callee(n.Fun); id != nil {
				called[id] = true
				f.pass(f.params[origin(f.info.Uses[id])], n)
			}
		case *ast.Ident:
			// A function that is handed on as a value may be called by anybody.
			if params := f.params[origin(f.info.Uses[n])]; params != nil && !called[n] {
				f.lose(params...)
			}
		case *ast.AssignStmt:
			for i, left := range n.Lhs {
				if len(n.Lhs) == len(n.Rhs) {
					f.set(left, n.Rhs[i])
				} else {
					f.set(left, nil)
				}
			}
		case *ast.ValueSpec:
			for i, name := range n.Names {
				switch {
				case len(n.Values) == len(n.Names):
					f.set(name, n.Values[i])
				case len(n.Values) == 0: // the zero value
					if v, ok := f.info.Defs[name].(*types.Var); ok && f.into[v] == nil {
						f.into[v] = []ast.Expr{}
					}
				default:
					f.set(name, nil)
				}
			}
		case *ast.RangeStmt:
			f.each(n)
		case *ast.CompositeLit:
			f.fill(n)
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				f.set(n.X, nil)
			}
		}
		return true
	})
}

func (f *flow) pass(params []*types.Var, call *ast.CallExpr) {
	for i, v := range params {
		switch {
		case v == nil:
		case i < len(call.Args) && !(call.Ellipsis.IsValid() && i == len(call.Args)-1): // the spread list is the last one
			f.into[v] = append(f.into[v], call.Args[i])
		default:
			f.lose(v)
		}
	}
}

// each notes what a loop over a written-out list or map gives to its variables.
func (f *flow) each(loop *ast.RangeStmt) {
	list, ok := ast.Unparen(loop.X).(*ast.CompositeLit)
	if !ok {
		f.set(loop.Key, nil)
		f.set(loop.Value, nil)
		return
	}
	for _, element := range list.Elts {
		if pair, ok := element.(*ast.KeyValueExpr); ok {
			f.set(loop.Key, pair.Key)
			f.set(loop.Value, pair.Value)
		} else {
			f.set(loop.Value, element)
		}
	}
}

// fill notes what a written-out struct gives to its fields.
func (f *flow) fill(literal *ast.CompositeLit) {
	of := f.info.TypeOf(literal)
	if pointer, ok := of.Underlying().(*types.Pointer); ok { // an element of a list of pointers
		of = pointer.Elem()
	}
	shape, ok := of.Underlying().(*types.Struct)
	if !ok {
		return
	}
	for i, element := range literal.Elts {
		if pair, ok := element.(*ast.KeyValueExpr); ok {
			f.set(pair.Key, pair.Value)
		} else {
			field := shape.Field(i).Origin()
			f.into[field] = append(f.into[field], element)
		}
	}
}

// set notes that a value flows into a variable; nil is a value that nobody knows.
func (f *flow) set(left, value ast.Expr) {
	v := f.variable(left)
	if v == nil {
		return
	}
	if _, literal := value.(*ast.FuncLit); literal {
		return
	}
	if value == nil {
		f.lose(v)
		return
	}
	f.into[v] = append(f.into[v], value)
}

// variable returns the variable or field that an expression names.
func (f *flow) variable(expr ast.Expr) *types.Var {
	var object types.Object
	switch e := expr.(type) {
	case *ast.Ident:
		object = f.info.ObjectOf(e)
	case *ast.SelectorExpr:
		object = f.info.ObjectOf(e.Sel)
	}
	if v, ok := object.(*types.Var); ok {
		return v.Origin()
	}
	return nil
}

func (f *flow) lose(variables ...*types.Var) {
	for _, v := range variables {
		f.unknown[v] = true
	}
}

// constant says whether a text can only be made of constants.
func (f *flow) constant(text ast.Expr) bool {
	tv := f.info.Types[text]
	if tv.Value != nil || tv.IsNil() {
		return true
	}
	switch e := ast.Unparen(text).(type) {
	case *ast.BinaryExpr:
		return e.Op == token.ADD && f.constant(e.X) && f.constant(e.Y)
	case *ast.CompositeLit:
		if _, slice := f.info.TypeOf(e).Underlying().(*types.Slice); !slice {
			return false
		}
		for _, element := range e.Elts {
			if !f.constant(element) {
				return false
			}
		}
		return true
	case *ast.CallExpr:
		if f.info.Types[e.Fun].IsType() { // a conversion such as string(column)
			return len(e.Args) == 1 && f.constant(e.Args[0])
		}
		return f.returnsConstants(e)
	case *ast.Ident, *ast.SelectorExpr:
		v := f.variable(e)
		return v != nil && f.fixed(v)
	}
	return false
}

// madeOf are functions of the package strings whose result is made of these of their arguments.
var madeOf = map[string]int{"Repeat": 1, "TrimSuffix": 1, "TrimPrefix": 1}

// returnsConstants says whether a call can only give a text of constants: a function of this package that returns nothing else, or
// one of strings that repeats or cuts a constant.
func (f *flow) returnsConstants(call *ast.CallExpr) bool {
	id := callee(call.Fun)
	if id == nil {
		return false
	}
	function := origin(f.info.Uses[id])
	if function == nil {
		return false
	}
	if function.Pkg() != nil && function.Pkg().Path() == "strings" {
		n, known := madeOf[function.Name()]
		return known && len(call.Args) >= n && f.constant(call.Args[0])
	}
	results, known := f.results[function]
	if !known || len(results) == 0 {
		return false
	}
	if f.asked[function] {
		return true
	}
	f.asked[function] = true
	defer delete(f.asked, function)
	for _, result := range results {
		if !f.constant(result) {
			return false
		}
	}
	return true
}

// fixed says whether only constants flow into a local variable or an unexported field. A cycle adds nothing of its own. A parameter that nothing
// flows into belongs to a function that is called in a way not seen here, such as through an interface.
func (f *flow) fixed(v *types.Var) bool {
	sources, known := f.into[v]
	if !known || sources == nil || f.unknown[v] || v.Parent() == v.Pkg().Scope() || v.IsField() && v.Exported() {
		return false
	}
	if f.visited[v] {
		return true
	}
	f.visited[v] = true
	defer delete(f.visited, v)
	for _, source := range sources {
		if !f.constant(source) {
			return false
		}
	}
	return true
}

// callee returns the identifier of the function that is called; an instantiation such as load[row] is looked through.
func callee(fun ast.Expr) *ast.Ident {
	switch f := ast.Unparen(fun).(type) {
	case *ast.Ident:
		return f
	case *ast.SelectorExpr:
		return f.Sel
	case *ast.IndexExpr:
		return callee(f.X)
	case *ast.IndexListExpr:
		return callee(f.X)
	}
	return nil
}

// origin returns the declared function behind an instantiated one.
func origin(object types.Object) types.Object {
	if fn, ok := object.(*types.Func); ok {
		return fn.Origin()
	}
	return object
}
