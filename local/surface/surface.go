// Package surface lists what a package exports, one line per declaration, field and method, so that a change of the
// library's API is seen in review. docs/api.md says which packages are API, and docs/api/ has their listings.
package surface

import (
	"fmt"
	"go/types"
	"regexp"
	"slices"
	"strings"
)

// Of returns the sorted lines of a package's exported surface. Types of other packages for which expand is true and
// that the surface mentions are listed, too, since a user depends on them all the same.
func Of(p *types.Package, expand func(path string) bool) []string {
	l := &lister{of: p, expand: expand, seen: map[*types.TypeName]bool{}}
	for _, name := range p.Scope().Names() {
		if o := p.Scope().Lookup(name); o.Exported() {
			l.object(o)
		}
	}
	slices.Sort(l.lines)
	return slices.Compact(l.lines)
}

type lister struct {
	of     *types.Package
	expand func(string) bool
	seen   map[*types.TypeName]bool
	lines  []string
}

func (l *lister) add(format string, args ...any) {
	l.lines = append(l.lines, fmt.Sprintf(format, args...))
}

// unnamed is what compiled packages call a result without a name, in functions that may be inlined.
var unnamed = regexp.MustCompile(`#rv\d+ `)

// text writes a type as code in the listed package does.
func (l *lister) text(t types.Type) string {
	return unnamed.ReplaceAllString(types.TypeString(t, l.qualifier), "")
}

func (l *lister) qualifier(p *types.Package) string {
	if p == l.of {
		return ""
	}
	return p.Name()
}

func (l *lister) object(o types.Object) {
	switch o := o.(type) {
	case *types.Const:
		l.add("const %s %s = %s", o.Name(), l.text(o.Type()), o.Val())
	case *types.Var:
		l.add("var %s %s", o.Name(), l.text(o.Type()))
	case *types.Func:
		l.add("func %s%s", o.Name(), strings.TrimPrefix(l.text(o.Type()), "func"))
	case *types.TypeName:
		l.typeName(o)
		return
	}
	l.mentioned(o.Type())
}

func (l *lister) typeName(o *types.TypeName) {
	if l.seen[o] {
		return
	}
	l.seen[o] = true
	name := o.Name()
	if q := l.qualifier(o.Pkg()); q != "" {
		name = q + "." + name
	}
	if alias, ok := o.Type().(*types.Alias); ok {
		l.add("type %s = %s", name, l.text(alias.Rhs()))
		l.mentioned(alias.Rhs())
		return
	}
	named, ok := o.Type().(*types.Named)
	if !ok {
		return
	}
	l.underlying(name, named)
	for method := range named.Methods() {
		if method.Exported() {
			signature := method.Signature()
			star := ""
			if _, pointer := signature.Recv().Type().(*types.Pointer); pointer {
				star = "*"
			}
			l.add("method (%s%s) %s%s", star, name, method.Name(), strings.TrimPrefix(l.text(signature), "func"))
			l.mentioned(signature)
		}
	}
}

func (l *lister) underlying(name string, named *types.Named) {
	parameters := ""
	if list := named.TypeParams(); list.Len() > 0 {
		var all []string
		for parameter := range list.TypeParams() {
			all = append(all, parameter.Obj().Name()+" "+l.text(parameter.Constraint()))
		}
		parameters = "[" + strings.Join(all, ", ") + "]"
	}
	switch u := named.Underlying().(type) {
	case *types.Struct:
		l.add("type %s%s struct", name, parameters)
		for field := range u.Fields() {
			if field.Exported() {
				l.add("field %s.%s %s", name, field.Name(), l.text(field.Type()))
				l.mentioned(field.Type())
			}
		}
	case *types.Interface:
		l.add("type %s%s interface", name, parameters)
		for method := range u.Methods() {
			l.add("method %s.%s%s", name, method.Name(), strings.TrimPrefix(l.text(method.Type()), "func"))
			l.mentioned(method.Type())
		}
	default:
		l.add("type %s%s %s", name, parameters, l.text(u))
		l.mentioned(u)
	}
}

// mentioned lists the types in t that the listed package alone accounts for.
func (l *lister) mentioned(t types.Type) {
	switch t := t.(type) {
	case *types.Named:
		l.owner(t.Obj())
		for argument := range t.TypeArgs().Types() {
			l.mentioned(argument)
		}
	case *types.Alias:
		l.owner(t.Obj())
		l.mentioned(types.Unalias(t))
	case interface{ Elem() types.Type }: // pointers, slices, arrays, channels, maps
		if m, ok := t.(*types.Map); ok {
			l.mentioned(m.Key())
		}
		l.mentioned(t.Elem())
	case *types.Signature:
		l.mentioned(t.Params())
		l.mentioned(t.Results())
	case *types.Tuple:
		for v := range t.Variables() {
			l.mentioned(v.Type())
		}
	case *types.Struct:
		for field := range t.Fields() {
			l.mentioned(field.Type())
		}
	}
}

func (l *lister) owner(o *types.TypeName) {
	if o.Pkg() != nil && o.Pkg() != l.of && l.expand(o.Pkg().Path()) {
		if named, ok := o.Type().(*types.Named); ok && named.Origin() != named {
			o = named.Origin().Obj()
		}
		l.typeName(o)
	}
}

// Difference returns the lines that are gone, after "- ", and those that are new, after "+ "; "" if there are none.
func Difference(before, after []string) string {
	var out strings.Builder
	for _, line := range before {
		if !slices.Contains(after, line) {
			out.WriteString("- " + line + "\n")
		}
	}
	for _, line := range after {
		if !slices.Contains(before, line) {
			out.WriteString("+ " + line + "\n")
		}
	}
	return out.String()
}
