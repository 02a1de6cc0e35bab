package claims

import (
	"encoding/json"
	"fmt"
	"slices"
	"unicode/utf8"

	"cognito-triggers/shared/cognito"
)

// Options describe the pool that the rules are checked against.
type Options struct {
	Version             cognito.TokenVersion // the pool's event version; zero means V2
	AdminOnlyAttributes []string             // attributes that no app client can write, in addition to the file's list
	MappedAttributes    []string             // attributes mapped from identity providers, in addition to the file's list
}

// maxFileBytes bounds a rule file.
const maxFileBytes = 256 << 10

// compiler compiles one file.
type compiler struct {
	reader
	version cognito.TokenVersion
	trust   trust
}

// Compile reads and checks a rule file. Its error is a *FileError with every problem found.
func Compile(file []byte, opts Options) (*Set, error) {
	c := &compiler{
		version: opts.Version,
		trust:   trust{slices.Clone(opts.AdminOnlyAttributes), slices.Clone(opts.MappedAttributes)},
	}
	if c.version == 0 {
		c.version = cognito.V2
	}
	set := c.file(file)
	if len(c.problems) > 0 {
		return nil, &FileError{c.problems}
	}
	return set, nil
}

func (c *compiler) file(file []byte) *Set {
	switch {
	case len(file) > maxFileBytes:
		c.fail("", "the file has more than %d bytes", maxFileBytes)
		return nil
	case !utf8.Valid(file):
		c.fail("", "the file is not UTF-8")
		return nil
	}
	var whole json.RawMessage
	if err := json.Unmarshal(file, &whole); err != nil {
		c.fail("", "the file is not JSON: %v", err)
		return nil
	}
	o, ok := c.object("", whole, "$schema", "comment", "adminOnlyAttributes", "mappedAttributes", "rules")
	if !ok {
		return nil
	}
	c.text(o, "$schema")
	c.text(o, "comment")
	c.attributes(o)
	if !o.has("rules") {
		c.fail("rules", "is missing: give a list; it may be empty")
		return nil
	}
	set := &Set{}
	for i, raw := range c.list(o, "rules", true) {
		rule := c.rule(fmt.Sprintf("rules[%d]", i), raw)
		set.readsProfile = set.readsProfile || (rule.claim != nil && rule.claim.source.ofProfile())
		set.rules = append(set.rules, rule)
	}
	c.conflicts(set.rules)
	return set
}

// attributes adds the file's two lists of attributes to those of the options.
func (c *compiler) attributes(o object) {
	c.trust.adminOnly = appendNew(c.trust.adminOnly, c.texts(o, "adminOnlyAttributes", true, checkAttribute)...)
	c.trust.mapped = appendNew(c.trust.mapped, c.texts(o, "mappedAttributes", true, checkAttribute)...)
	for _, name := range c.trust.adminOnly {
		if err := checkAttribute(name); err != nil {
			c.fail("adminOnlyAttributes", "%v", err)
		}
		if slices.Contains(c.trust.mapped, name) {
			c.fail("adminOnlyAttributes",
				"%q is also mapped from an identity provider, and Cognito lets app clients write mapped attributes", name)
		}
	}
	for _, name := range c.trust.mapped {
		if err := checkAttribute(name); err != nil {
			c.fail("mappedAttributes", "%v", err)
		}
	}
}

// actions are the members that say what a rule does; a rule has exactly one.
var actions = []string{"claim", "suppress", "scopes", "groups", "iamRoles", "preferredRole"}

// claimMembers are the members that only claim rules take.
var claimMembers = []string{"from", "value", "map", "pick", "type", "encode", "default", "trust", "authority",
	"onUnavailable"}

func (c *compiler) rule(place string, raw json.RawMessage) rule {
	compiled := rule{place: place}
	known := append(append([]string{"comment", "when"}, actions...), "token")
	o, ok := c.object(place, raw, append(known, claimMembers...)...)
	if !ok {
		return compiled
	}
	var action string
	for _, name := range actions {
		switch {
		case o.has(name) && action != "":
			c.fail(o.at(name), "a rule does one thing, and this one already has %s", action)
		case o.has(name):
			action = name
		}
	}
	c.text(o, "comment")
	compiled.when = c.condition(o)
	c.strangers(o, action)
	switch action {
	case "claim":
		compiled.claim = c.claimAction(o)
	case "suppress":
		compiled.suppress = c.suppressAction(o)
	case "scopes":
		compiled.scopes = c.scopesAction(o)
	case "groups":
		compiled.groups = c.listEdit(o, "groups", checkGroup)
	case "iamRoles":
		compiled.iamRoles = c.listEdit(o, "iamRoles", checkRoleARN)
	case "preferredRole":
		compiled.preferredRole = c.preferredRole(o)
	default:
		c.fail(place, "does nothing: give one of claim, suppress, scopes, groups, iamRoles or preferredRole")
	}
	if compiled.ofUser() && compiled.when.grant == grantMachine {
		c.fail(place, "needs a user, and when.grant is %s: a machine client has no attributes, groups or profile",
			grantMachine)
	}
	return compiled
}

// ofUser reports whether the rule can only apply to a user, not to a machine client.
func (r *rule) ofUser() bool {
	return r.groups != nil || r.iamRoles != nil || r.preferredRole != nil || len(r.when.groups) > 0 ||
		(r.claim != nil && r.claim.source.ofUser())
}

// strangers refuses members that the rule's action does not take.
func (c *compiler) strangers(o object, action string) {
	if action == "" || action == "claim" {
		return
	}
	for _, name := range claimMembers {
		if o.has(name) {
			c.fail(o.at(name), "is only allowed with claim, not with %s", action)
		}
	}
	if o.has("token") && action != "suppress" {
		c.fail(o.at("token"), "is only allowed with claim and suppress; %s takes no token", action)
	}
}

func (c *compiler) condition(o object) condition {
	if !o.has("when") {
		return condition{}
	}
	when, ok := c.object(o.at("when"), o.get("when"), "clients", "groups", "scopes", "grant")
	if !ok {
		return condition{}
	}
	cond := condition{
		clients: c.texts(when, "clients", false, checkClientID),
		groups:  c.texts(when, "groups", false, checkGroup),
		scopes:  c.texts(when, "scopes", false, func(scope string) error { return cognito.CheckScope(cognito.V2, scope) }),
		grant:   c.choice(when, "grant", grantUser, grantMachine),
	}
	if c.version == cognito.V1 && when.has("scopes") {
		c.fail(when.at("scopes"), "never holds: a V1_0 event carries no scopes")
	}
	if c.version != cognito.V3 && cond.grant == grantMachine {
		c.fail(when.at("grant"), "never holds: machine clients fire this trigger with event version V3_0 only")
	}
	return cond
}

// tokens reads the member token. "both" means every token that the event's version and grant can change.
func (c *compiler) tokens(o object) []cognito.Token {
	switch c.choice(o, "token", string(cognito.ID), string(cognito.Access), "both") {
	case string(cognito.ID):
		return []cognito.Token{cognito.ID}
	case string(cognito.Access):
		if c.version == cognito.V1 {
			c.fail(o.at("token"), "a V1_0 event cannot change the access token: use id, or give the pool V2_0")
		}
		return []cognito.Token{cognito.Access}
	case "both":
		return []cognito.Token{cognito.ID, cognito.Access}
	}
	if !o.has("token") {
		c.fail(o.at("token"), "is missing: use id, access or both")
	}
	return nil
}

// checkable are the tokens whose claims the configured version can change.
func (c *compiler) checkable(tokens []cognito.Token) []cognito.Token {
	if c.version != cognito.V1 {
		return tokens
	}
	return slices.DeleteFunc(slices.Clone(tokens), func(t cognito.Token) bool { return t == cognito.Access })
}
