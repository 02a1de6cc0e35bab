package userpool

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
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

// Settings lists what the operations can be given, by what it belongs to and by name. A member that is missing here is one
// that the local pool has never heard of: as AWS does, it drops those, but says so through Options.Warn.
func Settings() []Setting {
	list := slices.Concat(poolSettings(), lambdaSettings(), clientSettings(), mfaSettingsOfPool(), domainSettings(), resourceSettings(), requestSettings())
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

const anyRequest = "request"

var owners = []owner{
	{"user pool", []string{"CreateUserPool", "UpdateUserPool"}},
	{"custom attribute", []string{"AddCustomAttributes"}},
	{"app client", []string{"CreateUserPoolClient", "UpdateUserPoolClient"}},
	{"MFA configuration", []string{"SetUserPoolMfaConfig"}},
	{"domain", []string{"CreateUserPoolDomain", "UpdateUserPoolDomain"}},
	{"group", []string{"CreateGroup", "UpdateGroup"}},
	{"identity provider", []string{"CreateIdentityProvider", "UpdateIdentityProvider"}},
	{"resource server", []string{"CreateResourceServer", "UpdateResourceServer"}},
	{anyRequest, nil},
}

func rankOf(name string) int {
	return slices.IndexFunc(owners, func(o owner) bool { return o.name == name })
}

// ownerOf tells what an operation sets.
func ownerOf(operation string) string {
	for _, o := range owners {
		if slices.Contains(o.operations, operation) {
			return o.name
		}
	}
	return anyRequest
}

// settingsIndex is the table as one operation needs it.
type settingsIndex struct {
	rows   map[string][]Setting // by member
	nested map[string]bool      // members that have rows below them
	keeps  bool                 // the operation reads, or keeps, the members that have rows
	takes  map[string]bool      // members without a row that the operation reads: all of them are enforced
}

func indexOf(op Operation, all []Setting) settingsIndex {
	of := ownerOf(op.Name)
	index := settingsIndex{rows: map[string][]Setting{}, nested: map[string]bool{}, takes: map[string]bool{}, keeps: of != anyRequest}
	for _, row := range all {
		if row.Of != of {
			continue
		}
		index.rows[row.Name] = append(index.rows[row.Name], row)
		for _, parent := range parents(row.Name) {
			index.nested[parent] = true
		}
	}
	if of == anyRequest {
		for name := range op.takes() {
			index.takes[name] = true
		}
	}
	return index
}

// parents are the objects around a nested member.
func parents(name string) []string {
	var all []string
	for i, r := range name {
		if r == '.' {
			all = append(all, name[:i])
		}
	}
	return all
}

// takes are the members that an operation's input type reads.
func (op Operation) takes() map[string]reflect.Type {
	all := map[string]reflect.Type{}
	if op.input != nil {
		membersOf(op.input, all)
	}
	return all
}

func membersOf(in reflect.Type, into map[string]reflect.Type) {
	for i := range in.NumField() {
		field := in.Field(i)
		if field.Anonymous {
			membersOf(field.Type, into)
		} else if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "-" {
			into[field.Name] = field.Type
		}
	}
}
