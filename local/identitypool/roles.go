package identitypool

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cognito-triggers/local/userpool/token"
)

// The keys of a pool's roles, and what tokens call the two kinds of identity.
const (
	authenticated   = "authenticated"
	unauthenticated = "unauthenticated"
)

// What a mapping does, and what it does for users whom it gives no role.
const (
	byToken, byRules = "Token", "Rules"

	authenticatedRole, deny = "AuthenticatedRole", "Deny"
)

// roleMapping is AWS's RoleMapping.
type roleMapping struct {
	Type                    *string      `json:",omitempty"`
	AmbiguousRoleResolution *string      `json:",omitempty"`
	RulesConfiguration      *mappingList `json:",omitempty"`
}

type mappingList struct{ Rules []mappingRule }

type mappingRule struct{ Claim, MatchType, Value, RoleARN *string }

type rolesInput struct {
	poolID
	Roles        map[string]string
	RoleMappings map[string]roleMapping
}

func (in *rolesInput) check(p *problems) {
	in.poolID.check(p)
	p.present("roles", in.Roles != nil)
	p.dictionary("roles", in.Roles, 2, rules.roleKind, rules.arn)
	p.atMost("roleMappings", len(in.RoleMappings), 10)
	for _, name := range slices.Sorted(maps.Keys(in.RoleMappings)) {
		p.text("roleMappings", name, rules.loginProvider)
		in.RoleMappings[name].check(p, "roleMappings."+shortened(name)+".member.")
	}
}

func (m roleMapping) check(p *problems, path string) {
	const mostRules = 400
	p.present(path+"type", m.Type != nil)
	if m.Type != nil {
		p.one(path+"type", *m.Type, byRules, byToken)
	}
	if m.AmbiguousRoleResolution != nil {
		p.one(path+"ambiguousRoleResolution", *m.AmbiguousRoleResolution, deny, authenticatedRole)
	}
	if m.RulesConfiguration == nil {
		return
	}
	list := m.RulesConfiguration.Rules
	path += "rulesConfiguration.rules"
	if len(list) == 0 {
		p.add(path, "of 0 entries", "Member must have length greater than or equal to 1")
	}
	p.atMost(path, len(list), mostRules)
	for n, r := range list {
		at := fmt.Sprintf("%s.%d.member.", path, n+1)
		p.required(at+"claim", r.Claim, rules.claim)
		p.required(at+"value", r.Value, rules.claimValue)
		p.required(at+"roleARN", r.RoleARN, rules.arn)
		p.present(at+"matchType", r.MatchType != nil)
		if r.MatchType != nil {
			p.one(at+"matchType", *r.MatchType, slices.Sorted(maps.Keys(matches()))...)
		}
	}
}

// contradicts returns the error of a mapping whose members do not fit.
func (m roleMapping) contradicts() error {
	switch {
	case m.AmbiguousRoleResolution == nil:
		return invalidParameter("AmbiguousRoleResolution is required in a role mapping of the type " + *m.Type + ".")
	case *m.Type == byRules && m.RulesConfiguration == nil:
		return invalidParameter("RulesConfiguration is required in a role mapping of the type Rules.")
	}
	return nil
}

// setRoles replaces roles and mappings.
func (s *Server) setRoles(_ context.Context, _ call, in *rolesInput) (*empty, error) {
	for _, m := range in.RoleMappings {
		if err := m.contradicts(); err != nil {
			return nil, err
		}
	}
	return &empty{}, s.store.change(func(d *data) error {
		p, err := d.pool(*in.IdentityPoolId)
		if err != nil {
			return err
		}
		p.Roles, p.Mappings = in.Roles, in.RoleMappings
		d.Pools[p.ID] = p
		return nil
	})
}

type rolesOutput struct {
	IdentityPoolId string
	Roles          map[string]string      `json:",omitempty"`
	RoleMappings   map[string]roleMapping `json:",omitempty"`
}

func (s *Server) getRoles(_ context.Context, _ call, in *poolID) (*rolesOutput, error) {
	p, err := s.store.pool(*in.IdentityPoolId)
	return &rolesOutput{p.ID, p.Roles, p.Mappings}, err
}

// roleOf returns the role that an identity gets. Guests have no proofs.
func (p pool) roleOf(proofs []proof, custom string) (string, error) {
	kind := authenticated
	if len(proofs) == 0 {
		kind = unauthenticated
	}
	for _, proven := range proofs {
		if mapping, is := p.mappingOf(proven); is {
			return p.mapped(mapping, proven, custom)
		}
	}
	role := p.Roles[kind]
	switch {
	case custom != "" && custom != role: // else everybody could choose among the account's roles
		return "", notAuthorized(textCustomRole)
	case role == "":
		return "", noRole()
	}
	return role, nil
}

// mappingOf returns the mapping for the app client that a token was issued to.
func (p pool) mappingOf(proven proof) (roleMapping, bool) {
	for _, name := range slices.Sorted(maps.Keys(p.Mappings)) {
		at := strings.LastIndexByte(name, ':') // a host may have a port
		if at < 0 || name[at+1:] != proven.claims.Audience {
			continue
		}
		if userPool, is := userPoolOf(name[:at]); is && userPool == proven.userPool {
			return p.Mappings[name], true
		}
	}
	return roleMapping{}, false
}

func (p pool) mapped(m roleMapping, proven proof, custom string) (string, error) {
	role := ""
	switch {
	case *m.Type == byToken && custom != "":
		if !slices.Contains(proven.claims.Roles, custom) {
			return "", notAuthorized(textCustomRole)
		}
		return custom, nil
	case *m.Type == byToken:
		role = proven.claims.Preferred
	default:
		for _, r := range m.RulesConfiguration.Rules {
			if r.matches(proven.claims) {
				role = *r.RoleARN
				break
			}
		}
	}
	if role == "" {
		if *m.AmbiguousRoleResolution == deny {
			return "", ambiguous(proven.provider)
		}
		if role = p.Roles[authenticated]; role == "" {
			return "", noRole()
		}
	}
	if custom != "" && custom != role {
		return "", notAuthorized(textCustomRole)
	}
	return role, nil
}

// matches are the ways in which a rule compares a claim with its value.
func matches() map[string]func(claim, value string) bool {
	return map[string]func(claim, value string) bool{
		"Equals":     func(claim, value string) bool { return claim == value },
		"Contains":   strings.Contains,
		"StartsWith": strings.HasPrefix,
		"NotEqual":   func(claim, value string) bool { return claim != value },
	}
}

// matches reports whether a token's claim fits the rule. A token without the claim fits none.
func (r mappingRule) matches(c token.IDClaims) bool {
	raw := c.Claim(*r.Claim)
	return raw != nil && matches()[*r.MatchType](textOf(raw), *r.Value)
}

// textOf returns a claim as the text that rules look at: of a list the entries, in brackets and separated by commas.
func textOf(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		return string(bytes.TrimSpace(raw))
	}
	entries := make([]string, 0, len(list))
	for _, entry := range list {
		entries = append(entries, textOf(entry))
	}
	return "[" + strings.Join(entries, ", ") + "]"
}
