// Package toolkit says which module this code belongs to: it can be published under any path, and what is written into
// other repositories must name that one.
package toolkit

import (
	"reflect"
	"runtime/debug"
	"strings"
)

type here struct{}

// Module returns the path of the toolkit's module.
func Module() string { return strings.TrimSuffix(reflect.TypeFor[here]().PkgPath(), "/local/toolkit") }

// Version returns the toolkit's version that this program was built from, for example v0.1.0, or "" in a checkout.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, module := range append([]*debug.Module{&info.Main}, info.Deps...) {
		if module.Path == Module() && module.Version != "(devel)" {
			return module.Version
		}
	}
	return ""
}
