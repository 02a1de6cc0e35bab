package wire

import (
	"cmp"
	"reflect"
	"slices"
)

// Setting is one member of an operation's input and its level of support.
type Setting struct {
	Of      string // the resource: user pool, app client, ..., or request for the members of all other operations
	Name    string // the member; dots separate the names of nested members
	Value   string // if set, the row is about this value of the member only
	Support Support
	Note    string
	quiet   []string // JSON values that cause no warning, because acting on them would change nothing
}

// Settings lists the members that operations accept, sorted by resource and name. The local pool drops members that are
// not listed, as AWS does, with a warning.
func Settings() []Setting {
	list := slices.Concat(poolSettings(), lambdaSettings(), clientSettings(), mfaSettingsOfPool(), domainSettings(),
		resourceSettings(), requestSettings())
	slices.SortFunc(list, func(a, b Setting) int {
		return cmp.Or(cmp.Compare(rankOf(a.Of), rankOf(b.Of)), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Value, b.Value))
	})
	return list
}

// owner is a resource that operations set.
type owner struct {
	name       string
	operations []string
}

// Owners lists the resources that operations set, in the order of Settings.
func Owners() []string {
	var names []string
	for _, o := range owners {
		names = append(names, o.name)
	}
	return names
}

// AnyRequest is the owner of members of operations that set nothing.
const AnyRequest = "request"

var owners = []owner{
	{"user pool", []string{"CreateUserPool", "UpdateUserPool"}},
	{"custom attribute", []string{"AddCustomAttributes"}},
	{"app client", []string{"CreateUserPoolClient", "UpdateUserPoolClient"}},
	{"MFA configuration", []string{"SetUserPoolMfaConfig"}},
	{"domain", []string{"CreateUserPoolDomain", "UpdateUserPoolDomain"}},
	{"group", []string{"CreateGroup", "UpdateGroup"}},
	{"identity provider", []string{"CreateIdentityProvider", "UpdateIdentityProvider"}},
	{"resource server", []string{"CreateResourceServer", "UpdateResourceServer"}},
	{AnyRequest, nil},
}

func rankOf(name string) int {
	return slices.IndexFunc(owners, func(o owner) bool { return o.name == name })
}

// OwnerOf returns the resource that an operation sets.
func OwnerOf(operation string) string {
	for _, o := range owners {
		if slices.Contains(o.operations, operation) {
			return o.name
		}
	}
	return AnyRequest
}

// settingsIndex is the table of settings for one operation.
type settingsIndex struct {
	*ownerIndex
	keeps bool                // whether the operation reads or stores the members that have rows
	takes map[string]struct{} // members without a row that the operation reads; all are enforced
}

// ownerIndex is the part of the index that operations on one resource share.
type ownerIndex struct {
	rows   map[string][]Setting // by member
	nested map[string]struct{}  // members that have rows below them
}

// Index adds the table of settings to operations and maps them by name.
func Index(operations []Operation) map[string]*Operation {
	byOwner := map[string]*ownerIndex{}
	for _, o := range owners {
		byOwner[o.name] = &ownerIndex{rows: map[string][]Setting{}, nested: map[string]struct{}{}}
	}
	for _, row := range Settings() {
		of := byOwner[row.Of]
		of.rows[row.Name] = append(of.rows[row.Name], row)
		for _, parent := range Parents(row.Name) {
			of.nested[parent] = struct{}{}
		}
	}
	all := make(map[string]*Operation, len(operations))
	for _, op := range operations {
		of := OwnerOf(op.Name)
		op.settings = settingsIndex{ownerIndex: byOwner[of], keeps: of != AnyRequest}
		if of == AnyRequest && op.input != nil {
			op.settings.takes = map[string]struct{}{}
			for _, field := range reflect.VisibleFields(op.input) {
				if !field.Anonymous {
					op.settings.takes[field.Name] = struct{}{}
				}
			}
		}
		all[op.Name] = &op
	}
	return all
}

// Place says how the table of settings covers a member of an operation's input.
type Place string

// The values of Place.
const (
	Nowhere Place = ""       // unknown: the member is dropped with a warning
	Listed  Place = "listed" // has rows
	Nested  Place = "nested" // has rows below it
	Taken   Place = "taken"  // has no row, but the operation reads it
)

// PlaceOf returns the place of a member; dots separate the names of nested members.
func (op *Operation) PlaceOf(member string) Place {
	if _, taken := op.settings.takes[member]; taken {
		return Taken
	}
	if op.settings.rows[member] != nil {
		return Listed
	}
	if _, nested := op.settings.nested[member]; nested {
		return Nested
	}
	return Nowhere
}

// takesAll reports whether the request is an object whose members are all Taken, so that there is nothing to review. It
// looks for names without decoding the JSON; in doubt, it returns false.
func (s settingsIndex) takesAll(body []byte) bool {
	if s.takes == nil {
		return false
	}
	depth, isName := 0, false
	for i := 0; i < len(body); i++ {
		switch body[i] {
		case '{', '[':
			depth++
			isName = depth == 1
		case '}', ']':
			depth--
		case ',':
			isName = depth == 1
		case '"':
			end := endOfText(body, i+1)
			if end < 0 {
				return false
			}
			if isName {
				if _, takes := s.takes[string(body[i+1:end])]; !takes {
					return false
				}
			}
			i, isName = end, false
		}
	}
	return depth == 0
}

// endOfText returns the index of the quote that ends a string, or -1.
func endOfText(body []byte, from int) int {
	for i := from; i < len(body); i++ {
		switch body[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return -1
}

// Parents lists the objects around a nested member.
func Parents(name string) []string {
	var all []string
	for i, r := range name {
		if r == '.' {
			all = append(all, name[:i])
		}
	}
	return all
}
