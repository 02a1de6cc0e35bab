package wire

import (
	"cmp"
	"reflect"
	"slices"
)

// Setting is one member of an operation's input, and how far it goes here.
type Setting struct {
	Of      string // what is set: a user pool, an app client, ... or request for the members of all other operations
	Name    string // the member; one of a nested object stands after a dot
	Value   string // where only this value of the member is meant
	Support Support
	Note    string
	quiet   []string // values, as JSON, that mean the same whether they are acted on or not: no warning
}

// Settings lists what the operations can be given, by what it belongs to and by name. A member that is missing here is
// one that the local pool has never heard of: as AWS does, it drops those, but warns.
func Settings() []Setting {
	list := slices.Concat(poolSettings(), lambdaSettings(), clientSettings(), mfaSettingsOfPool(), domainSettings(),
		resourceSettings(), requestSettings())
	slices.SortFunc(list, func(a, b Setting) int {
		return cmp.Or(cmp.Compare(rankOf(a.Of), rankOf(b.Of)), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Value, b.Value))
	})
	return list
}

// owner is a thing that operations set.
type owner struct {
	name       string
	operations []string
}

// Owners lists what the operations set, in the order of Settings.
func Owners() []string {
	var names []string
	for _, o := range owners {
		names = append(names, o.name)
	}
	return names
}

// AnyRequest owns the members of operations that set nothing.
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

// OwnerOf names what an operation sets.
func OwnerOf(operation string) string {
	for _, o := range owners {
		if slices.Contains(o.operations, operation) {
			return o.name
		}
	}
	return AnyRequest
}

// settingsIndex is the table as one operation needs it.
type settingsIndex struct {
	*ownerIndex
	keeps bool                // the operation reads, or keeps, the members that have rows
	takes map[string]struct{} // members without a row that the operation reads: all of them are enforced
}

// ownerIndex is the part that operations on one thing share.
type ownerIndex struct {
	rows   map[string][]Setting // by member
	nested map[string]struct{}  // members that have rows below them
}

// Index gives operations the table of settings, and is how a server finds them by name.
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

// Place is where the members of an operation's input stand in the table of settings.
type Place string

// The places.
const (
	Nowhere Place = ""       // nobody knows the member: it is dropped, with a warning
	Listed  Place = "listed" // it has rows
	Nested  Place = "nested" // rows are below it
	Taken   Place = "taken"  // it has no row, and the operation reads it
)

// PlaceOf finds a member; one of a nested object stands after a dot.
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

// takesAll reports whether the request is an object of members that the operation takes, each under its exact name:
// then there is nothing to review. Names are found without decoding; in doubt the answer is false.
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

// endOfText is the index of the quote that ends a text, or -1.
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

// Parents are the objects around a nested member.
func Parents(name string) []string {
	var all []string
	for i, r := range name {
		if r == '.' {
			all = append(all, name[:i])
		}
	}
	return all
}
