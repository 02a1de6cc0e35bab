package control

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/state"
)

const (
	maxProviderName = 32
	maxIdentifiers  = 50
	maxIdentifier   = 40
)

// identifierForm is the form of an identifier of an identity provider.
var identifierForm = regexp.MustCompile(`^[\w\s+=.@-]+$`)

// checkProvider checks an identity provider as it would be after a request. The texts about details are the local
// pool's: AWS documents what it needs, and not what it says.
//
// See https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateIdentityProvider.html
func checkProvider(r state.Resource) error {
	if utf8.RuneCountInString(r.Name) > maxProviderName {
		return fault.Constrain("providerName",
			"Member must have length less than or equal to "+strconv.Itoa(maxProviderName))
	}
	if strings.Trim(r.Name, "_ ") != r.Name {
		return fault.Constrain("providerName",
			`Member must satisfy regular expression pattern: [^_\p{Z}][\p{L}\p{M}\p{S}\p{N}\p{P}][^_\p{Z}]+`)
	}
	var kind string
	var identifiers []string
	var details map[string]string
	_ = json.Unmarshal(r.Data["ProviderType"], &kind)          // package wire has checked the types;
	_ = json.Unmarshal(r.Data["IdpIdentifiers"], &identifiers) // members that are absent stay empty
	_ = json.Unmarshal(r.Data["ProviderDetails"], &details)
	if kinds := []string{"SAML", "Facebook", "Google", "LoginWithAmazon", "SignInWithApple", "OIDC"}; kind != "" &&
		!slices.Contains(kinds, kind) {
		return fault.Constrain("providerType", fault.OneOf(kinds...))
	}
	if len(identifiers) > maxIdentifiers {
		return fault.Constrain("idpIdentifiers",
			"Member must have length less than or equal to "+strconv.Itoa(maxIdentifiers))
	}
	for _, one := range identifiers {
		if !identifierForm.MatchString(one) || utf8.RuneCountInString(one) > maxIdentifier {
			return fault.Constrain("idpIdentifiers", "Member must satisfy constraint: [Member must have length less than or "+
				"equal to 40, Member must have length greater than or equal to 1, Member must satisfy regular expression "+
				`pattern: [\w\s+=.@-]+]`)
		}
	}
	if details == nil {
		return nil
	}
	return checkDetails(kind, details)
}

// neededDetails lists the details that a type cannot do without.
func neededDetails(kind string) []string {
	switch kind {
	case "SAML", "":
		return nil
	case "OIDC":
		return []string{"client_id", "authorize_scopes", "oidc_issuer"}
	case "SignInWithApple":
		return []string{"client_id", "authorize_scopes", "team_id", "key_id"}
	}
	return []string{"client_id", "authorize_scopes"}
}

func checkDetails(kind string, details map[string]string) error {
	for _, name := range neededDetails(kind) {
		if details[name] == "" {
			return fault.New(fault.Invalid, "ProviderDetails of the type "+kind+" need "+name)
		}
	}
	if kind == "SAML" && (details["MetadataURL"] == "") == (details["MetadataFile"] == "") {
		return fault.New(fault.Invalid, "ProviderDetails of the type SAML need MetadataURL or MetadataFile")
	}
	for _, name := range []string{
		"authorize_url", "token_url", "attributes_url", "jwks_uri", "oidc_issuer", "MetadataURL",
	} {
		if details[name] == "" {
			continue
		}
		to, err := url.Parse(details[name])
		if err != nil || to.Scheme != "https" && to.Scheme != "http" || to.Host == "" {
			return fault.New(fault.Invalid, name+" in ProviderDetails is not a URL with https or http")
		}
	}
	if method := details["attributes_request_method"]; method != "" && method != "GET" && method != "POST" {
		return fault.New(fault.Invalid, "attributes_request_method in ProviderDetails is "+method+": use GET or POST")
	}
	return nil
}
