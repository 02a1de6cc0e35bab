package login

import (
	"slices"
	"strings"

	"cognito-triggers/local/userpool/internal/directory"
)

// notOffered is AWS's text for a provider that the app client has not.
const notOffered = "Login option is not available. Please try another one"

// addressField is the field with an e-mail address that says which provider somebody signs in at.
const addressField = "email"

// providers lists the app client's identity providers, without the pool itself.
func (v visit) providers() (list []directory.Provider) {
	for _, name := range v.b.Client.Settings.SupportedIdentityProviders {
		if p, err := directory.ProviderOf(v.b.Pool, name); err == nil {
			list = append(list, p)
		}
	}
	return list
}

// toProvider returns the address that leads to a provider, with the app's request.
func (v visit) toProvider(name string) string {
	query := v.r.URL.Query()
	query.Set("identity_provider", name)
	return "/oauth2/authorize?" + query.Encode()
}

// providerButtons returns a link to each of the app client's providers.
func (v visit) providerButtons() (buttons []link) {
	for _, p := range v.providers() {
		shown := p.Name
		switch p.Type {
		case "LoginWithAmazon":
			shown = "Amazon"
		case "SignInWithApple":
			shown = "Apple"
		}
		buttons = append(buttons, link{To: v.toProvider(p.Name), Text: "Sign in with %s", Name: shown})
	}
	return buttons
}

// findsProvider reports whether the pages ask for an e-mail address to find the provider: if all are SAML and have
// identifiers.
func (v visit) findsProvider() bool {
	all := v.providers()
	return len(all) > 0 && !slices.ContainsFunc(all, func(p directory.Provider) bool {
		return p.Type != "SAML" || len(p.Identifiers) == 0
	})
}

// toProviderOf sends the browser to the provider whose identifier is the domain of an e-mail address.
func (v visit) toProviderOf(address string) {
	_, host, _ := strings.Cut(address, "@")
	for _, p := range v.providers() {
		if host != "" && slices.ContainsFunc(p.Identifiers, func(id string) bool { return strings.EqualFold(id, host) }) {
			v.redirect(v.toProvider(p.Name))
			return
		}
	}
	v.signInAgain(notOffered)
}
