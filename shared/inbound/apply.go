package inbound

import (
	"maps"
	"slices"
	"strings"

	"cognito-triggers/shared/claims"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/signup"
)

// subject is the attribute that identifies the user at the provider.
const subject = "sub"

// Result is what reaches the pool.
type Result struct {
	Attributes map[string]string // complete; empty if nothing is left
	Changed    bool              // whether that differs from what the provider sent
	Dropped    []string          // names of attributes that sound like authority and that no rule lets pass
	Cut        []string          // names of attributes that were too long, and were cut or dropped

	Refused bool
	Text    string // for the user; "" if sub is too long
	Rule    string // the place of the rule that refused
}

// Apply applies the rules to what a provider sent.
func (s *Set) Apply(r events.InboundFederationRequest) Result {
	sent := sentBy(r)
	work := &work{attributes: maps.Clone(sent), kept: map[string]bool{}}
	var result Result
	for _, rule := range s.rules {
		if !rule.concerns(r) {
			continue
		}
		if !rule.apply(work) {
			return Result{Refused: true, Text: rule.text, Rule: rule.place}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(work.attributes)) {
		if authoritative(name) && !work.kept[name] {
			delete(work.attributes, name)
			result.Dropped = append(result.Dropped, name)
		}
	}
	if !work.shorten(&result) {
		return Result{Refused: true, Rule: subject}
	}
	result.Attributes, result.Changed = work.attributes, !maps.Equal(sent, work.attributes)
	return result
}

// sentBy returns the attributes as AWS's own examples merge them: what the ID token says counts more than userInfo.
func sentBy(r events.InboundFederationRequest) map[string]string {
	all := map[string]string{}
	maps.Copy(all, r.Attributes.SAMLResponse)
	maps.Copy(all, r.Attributes.UserInfo)
	maps.Copy(all, r.Attributes.IDToken)
	return all
}

// authoritative reports whether an attribute sounds like a role, a group or a permission. Whether an address is
// verified is for the provider to say, and pre sign-up decides which providers to believe.
func authoritative(name string) bool {
	lower := strings.ToLower(name)
	return claims.AuthorityName(name) && lower != "email_verified" && lower != "phone_number_verified"
}

// work is the set of attributes while rules change it.
type work struct {
	attributes map[string]string
	kept       map[string]bool // names that a rule lets pass
}

func (r rule) concerns(request events.InboundFederationRequest) bool {
	return (len(r.providers) == 0 || slices.Contains(r.providers, request.ProviderName)) &&
		(len(r.types) == 0 || slices.Contains(r.types, request.ProviderType))
}

// apply returns false if the rule refuses the sign-in.
func (r rule) apply(w *work) bool {
	value, there := w.attributes[r.name]
	switch r.action {
	case rename:
		if there {
			delete(w.attributes, r.name)
			w.attributes[r.to], w.kept[r.to] = value, true
		}
	case lowerCase:
		if there {
			w.attributes[r.name] = strings.ToLower(value)
		}
	case drop:
		delete(w.attributes, r.name)
	case keep:
		w.kept[r.name] = true
	case constant:
		w.attributes[r.name], w.kept[r.name] = r.value, true
	case require:
		return strings.TrimSpace(value) != ""
	case domains:
		address, err := signup.ParseEmail(value)
		return err == nil && r.allowed.Contains(address.Domain)
	}
	return true
}
