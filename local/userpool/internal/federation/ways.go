package federation

import (
	"context"
	"slices"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/federation/openid"
	"cognito-triggers/local/userpool/internal/federation/samlsp"
	"cognito-triggers/local/userpool/state"
)

// Begun is a sign-in at a provider that waits for the provider's answer. Whoever keeps it binds it to the browser.
type Begun struct {
	To       string // where the browser goes
	Provider string // the only one whose answer is taken
	Secret   string // what the answer must repeat: the nonce of an ID token, or the ID of a SAML request
	Domain   string // URL of the domain, to which the provider sends the answer
}

// Back is how the answer finds its way.
type Back struct {
	Domain    string // URL of the pool's domain
	State     string // what the provider returns with its answer
	Secret    string // a random text, for Begun.Secret
	LoginHint string
	Prompt    string
}

// OAuthPath is the path of a domain that takes the answers of all providers but SAML's.
const OAuthPath = "/oauth2/idpresponse"

// Answer is a provider's answer, as the browser brought it.
type Answer struct {
	Code        string
	Issuer      string // iss
	Error       string // error and error_description
	Description string
	User        string // Apple's JSON with the person's name, which comes with the first sign-in alone
	SAML        string // SAMLResponse
}

// Entered is who came back from a provider.
type Entered struct {
	User state.User
	SAML samlsp.Subject // empty for other providers
}

// Find returns the name of the provider that an app asks for, by its name or by one of its identifiers. Names are
// case-sensitive. ok is false if the app client does not have it.
func (r *Room) Find(b directory.Bearer, name, identifier string) (provider string, ok bool) {
	for _, offered := range b.Client.Settings.SupportedIdentityProviders {
		p, err := directory.ProviderOf(b.Pool, offered)
		if err == nil && (offered == name || identifier != "" && name == "" && slices.Contains(p.Identifiers, identifier)) {
			return offered, true
		}
	}
	return "", false
}

// Begin begins a sign-in at a provider. The error is a *Refusal.
func (r *Room) Begin(ctx context.Context, pool state.Pool, provider string, back Back) (Begun, error) {
	p, err := directory.ProviderOf(pool, provider)
	if err != nil {
		return Begun{}, refusal(p, err)
	}
	out := Begun{Provider: provider, Secret: back.Secret, Domain: back.Domain}
	if p.Type == samlType {
		out.To, out.Secret, err = r.requestSAML(ctx, pool, p, back)
	} else {
		out.To, err = r.party.Address(ctx, openID(p), openid.Ask{
			Redirect: out.Domain + OAuthPath, State: back.State, Nonce: back.Secret, LoginHint: back.LoginHint,
			Prompt: back.Prompt,
		})
	}
	if err != nil {
		return Begun{}, refusal(p, err)
	}
	return out, nil
}

// Finish checks a provider's answer and signs the user in, without tokens. The error is a *Refusal.
func (r *Room) Finish(ctx context.Context, b directory.Bearer, begun Begun, answer Answer) (Entered, error) {
	v := &visit{room: r, pool: b.Pool, client: b.Client}
	var err error
	if v.provider, err = directory.ProviderOf(b.Pool, begun.Provider); err != nil {
		return Entered{}, refusal(v.provider, err)
	}
	given, who, err := r.attributes(ctx, v.pool, v.provider, begun, answer)
	if err != nil {
		return Entered{}, refusal(v.provider, err)
	}
	if err := v.identify(who.NameID, given); err != nil {
		return Entered{}, refusal(v.provider, err)
	}
	// As on AWS, a trigger runs to its end even if the browser goes away.
	u, _, err := v.enter(context.WithoutCancel(ctx), given)
	if err != nil {
		return Entered{}, refusal(v.provider, err)
	}
	return Entered{User: u, SAML: who}, nil
}
