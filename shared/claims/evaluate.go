package claims

import (
	"encoding/json"
	"slices"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/profile"
)

// Input is the event and the profile that the rules are evaluated on.
type Input struct {
	Version        cognito.TokenVersion
	Machine        bool   // a client credentials grant: no user, no ID token
	ClientID       string // the app client that gets the tokens
	Groups         events.GroupConfiguration
	Scopes         []string
	Attributes     map[string]string
	ClientMetadata map[string]string

	Profile            *profile.Profile // nil: the user has none
	ProfileUnavailable bool             // the store did not answer, so nothing is known about the profile
}

// NewInput returns the event's part of the input. The caller adds the profile.
func NewInput(e *events.PreTokenGenerationEvent) *Input {
	in := &Input{
		Version:        events.TokenVersionOf(e),
		Machine:        e.TriggerSource == cognito.TokenGenerationClientCredentials,
		Groups:         e.Request.GroupConfiguration,
		Scopes:         e.Request.Scopes,
		Attributes:     e.Request.UserAttributes,
		ClientMetadata: e.Request.ClientMetadata,
	}
	if id := e.CallerContext.ClientID; id != "CLIENT_ID_NOT_APPLICABLE" {
		in.ClientID = id
	}
	if in.Machine {
		in.Version = cognito.V3 // no other version has machine clients
	}
	return in
}

// UnavailableError reports that the profile cannot be read and that a rule fails the sign-in for it.
type UnavailableError struct{ Place string }

func (e *UnavailableError) Error() string {
	return e.Place + ": the profile cannot be read, and the rule says to fail"
}

// Evaluate applies the rules in their order. Its only error is an *UnavailableError. The same input always gives the
// same override, and the input is not changed.
func (s *Set) Evaluate(in *Input) (*Override, error) {
	ev := evaluation{in: in, groups: in.Groups}
	for i := range s.rules {
		r := &s.rules[i]
		if !r.when.holds(in) {
			if r.claim != nil && r.claim.guarded {
				ev.shadow(r.claim)
			}
			continue
		}
		if err := ev.apply(r); err != nil {
			return nil, err
		}
	}
	return ev.result(), nil
}

// evaluation is the state of one Evaluate.
type evaluation struct {
	in      *Input
	out     Override
	groups  events.GroupConfiguration
	decided []decision
	shadows []string // ID token claims that only rules may set, but that Cognito would copy from an attribute
}

// decision is a claim that no later rule may set.
type decision struct {
	token cognito.Token
	name  string
}

func (ev *evaluation) apply(r *rule) error {
	switch {
	case r.claim != nil:
		return ev.claim(r.place, r.claim)
	case r.suppress != nil:
		ev.unreachable(r.place, r.suppress.tokens)
		for _, token := range ev.reachable(r.suppress.tokens) {
			t := ev.out.token(token)
			t.Suppress = appendNew(t.Suppress, r.suppress.names...)
		}
	case r.scopes != nil:
		ev.scopes(r.place, r.scopes)
	case ev.in.Machine: // a machine client is in no group and has no role
	case r.groups != nil:
		ev.groups.GroupsToOverride = r.groups.apply(ev.groups.GroupsToOverride)
	case r.iamRoles != nil:
		ev.groups.IAMRolesToOverride = r.iamRoles.apply(ev.groups.IAMRolesToOverride)
	case r.preferredRole != nil:
		ev.groups.PreferredRole = r.preferredRole.arn
	}
	return nil
}

// reachable returns the tokens that this event can change.
func (ev *evaluation) reachable(tokens []cognito.Token) []cognito.Token {
	return slices.DeleteFunc(slices.Clone(tokens), func(t cognito.Token) bool {
		return (t == cognito.Access && ev.in.Version == cognito.V1) || (t == cognito.ID && ev.in.Machine)
	})
}

// unreachable records that the event cannot change the rule's token. A rule for both tokens changes whichever it can.
func (ev *evaluation) unreachable(place string, tokens []cognito.Token) {
	if ev.in.Version == cognito.V1 && !slices.Contains(tokens, cognito.ID) {
		ev.omit(place, "a version 1 event cannot change the access token")
	}
}

// shadow records that the ID token must not hold the claim unless a rule sets it: Cognito would copy the user's
// attribute of that name, and users can write most attributes. A guarded claim is shadowed even if its rules are about
// the access token alone: who reads the ID token would grant something by what the user wrote.
func (ev *evaluation) shadow(a *claimAction) {
	tokens := a.tokens
	if a.guarded {
		tokens = []cognito.Token{cognito.ID}
	}
	if _, own := ev.in.Attributes[a.name]; own && slices.Contains(ev.reachable(tokens), cognito.ID) {
		ev.shadows = appendNew(ev.shadows, a.name)
	}
}

func (ev *evaluation) claim(place string, a *claimAction) error {
	if ev.in.Machine && a.source.ofUser() {
		return nil
	}
	ev.unreachable(place, a.tokens)
	ev.shadow(a)
	tokens := slices.DeleteFunc(ev.reachable(a.tokens), func(t cognito.Token) bool {
		return slices.Contains(ev.decided, decision{t, a.name})
	})
	if len(tokens) == 0 {
		return nil
	}
	if a.source.ofProfile() && ev.in.ProfileUnavailable {
		if a.failDown {
			return &UnavailableError{place}
		}
		ev.omit(place, "the profile cannot be read")
		ev.decide(tokens, a.name)
		return nil
	}
	value := ev.value(place, a)
	if value == nil {
		return nil // left to the next rule for this claim
	}
	ev.decide(tokens, a.name)
	if a.encodeJSON && cognito.TypeOf(value) != cognito.TypeString {
		value = quote(string(value))
	}
	for _, token := range tokens {
		if err := cognito.CheckType(ev.in.Version, token, a.name, cognito.TypeOf(value)); err != nil {
			ev.omit(place, err.Error())
			continue
		}
		t := ev.out.token(token)
		t.Claims = append(t.Claims, Claim{a.name, value})
	}
	return nil
}

func (ev *evaluation) decide(tokens []cognito.Token, name string) {
	for _, token := range tokens {
		ev.decided = append(ev.decided, decision{token, name})
	}
}

func (ev *evaluation) omit(place, reason string) {
	ev.out.Omitted = append(ev.out.Omitted, Omission{place, reason})
}

// value returns the claim's value, or the rule's default if the source has none, or nil if there is neither.
func (ev *evaluation) value(place string, a *claimAction) json.RawMessage {
	switch a.source.kind {
	case fromConstant:
		return a.source.constant
	case fromGroups:
		if value := a.source.ofGroups(ev.groups.GroupsToOverride); value != nil {
			return value
		}
		return a.fallback
	}
	text := ev.text(a)
	if text == "" || text == unsupplied {
		return a.fallback
	}
	value, ok := convert(text, a.kind)
	if !ok {
		ev.omit(place, "the source's text is not of type "+a.kind)
		return a.fallback
	}
	return value
}

// unsupplied is what Cognito writes into a required attribute that the identity provider left out.
const unsupplied = "cognito:default_val"

// text returns the source's text, or "" if there is none.
func (ev *evaluation) text(a *claimAction) string {
	name := a.source.name
	switch a.source.kind {
	case fromClientID:
		return ev.in.ClientID
	case fromAttribute:
		return ev.in.Attributes[name]
	case fromMetadata:
		return ev.in.ClientMetadata[name]
	}
	if ev.in.Profile == nil {
		return ""
	}
	if a.source.kind == fromProfileAttribute {
		return ev.in.Profile.Attributes[name]
	}
	text, _ := profileField(ev.in.Profile, name, a.kind)
	return text
}

// ofGroups returns the groups' names, or their values in the order of the map, or nil if there are none.
func (s source) ofGroups(groups []string) json.RawMessage {
	if s.groups == nil {
		if len(groups) == 0 {
			return nil
		}
		return quoteList(appendNew(nil, groups...))
	}
	var values []json.RawMessage
	for _, entry := range s.groups {
		if !slices.Contains(groups, entry.group) {
			continue
		}
		if s.first {
			return entry.value
		}
		if !slices.ContainsFunc(values, func(v json.RawMessage) bool { return string(v) == string(entry.value) }) {
			values = append(values, entry.value)
		}
	}
	if values == nil {
		return nil
	}
	return joinList(values)
}

func (ev *evaluation) scopes(place string, a *scopesAction) {
	if ev.in.Version == cognito.V1 {
		ev.omit(place, "a version 1 event cannot change scopes")
		return
	}
	t := ev.out.token(cognito.Access)
	t.ScopesToSuppress = appendNew(t.ScopesToSuppress, a.suppress...)
	for _, scope := range a.add {
		if !slices.Contains(ev.in.Scopes, scope) {
			t.ScopesToAdd = appendNew(t.ScopesToAdd, scope)
		}
	}
}

// result removes what is both added and suppressed from the additions: in Cognito, suppressing wins.
func (ev *evaluation) result() *Override {
	for _, name := range ev.shadows {
		if !slices.ContainsFunc(ev.out.ID.Claims, func(c Claim) bool { return c.Name == name }) {
			ev.out.ID.Suppress = appendNew(ev.out.ID.Suppress, name)
		}
	}
	for _, t := range []*TokenOverride{&ev.out.ID, &ev.out.Access} {
		t.Claims = slices.DeleteFunc(t.Claims, func(c Claim) bool { return slices.Contains(t.Suppress, c.Name) })
		t.ScopesToAdd = slices.DeleteFunc(t.ScopesToAdd, func(s string) bool {
			return slices.Contains(t.ScopesToSuppress, s)
		})
	}
	if !sameGroups(ev.groups, ev.in.Groups) {
		ev.out.Groups = &ev.groups
	}
	return &ev.out
}

func sameGroups(a, b events.GroupConfiguration) bool {
	sameRole := a.PreferredRole == b.PreferredRole ||
		(a.PreferredRole != nil && b.PreferredRole != nil && *a.PreferredRole == *b.PreferredRole)
	return sameRole && slices.Equal(a.GroupsToOverride, b.GroupsToOverride) &&
		slices.Equal(a.IAMRolesToOverride, b.IAMRolesToOverride)
}
