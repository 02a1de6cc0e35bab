package pooltest

import (
	"context"
	"crypto/tls"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// Callback is where the pages of a pool's domain send browsers back to by default, see WithDomain. Nothing serves it.
const Callback = "http://localhost:3000/callback"

// domainName is the prefix of the domain that WithDomain adds.
const domainName = "test"

// Domain is where a browser reaches managed login: the pages on which people sign up and in, and the endpoints of
// OAuth 2.0 at AWS's paths. Both addresses are gone when the test ends.
type Domain struct {
	URL       string       // http
	SecureURL string       // https, for clients that refuse http; Client trusts it
	Client    *http.Client // follows no redirects and keeps no cookies
}

// WithDomain gives the pool a domain with managed login's classic pages, if its settings have none, and lets app
// clients without OAuth settings use it: code and implicit grant, the scopes openid, email, profile and
// aws.cognito.signin.user.admin, and Callback.
func WithDomain() Option {
	return func(c *config) {
		c.domain = true
		c.client = append(c.client, func(in *cip.CreateUserPoolClientInput) {
			if in.AllowedOAuthFlowsUserPoolClient {
				return
			}
			in.AllowedOAuthFlowsUserPoolClient = true
			in.AllowedOAuthFlows = []types.OAuthFlowType{types.OAuthFlowTypeCode, types.OAuthFlowTypeImplicit}
			in.AllowedOAuthScopes = []string{"openid", "email", "profile", "aws.cognito.signin.user.admin"}
			in.CallbackURLs, in.SupportedIdentityProviders = []string{Callback}, []string{"COGNITO"}
		})
	}
}

// addDomain adds the domain of WithDomain.
func (p *Pool) addDomain(ctx context.Context) error {
	if len(p.domains.All()) > 0 {
		return nil
	}
	_, err := p.Client.CreateUserPoolDomain(ctx, &cip.CreateUserPoolDomainInput{
		UserPoolId: &p.ID, Domain: aws.String(domainName),
	})
	return err
}

// Domain returns the domain of the pool, the first by name if there are several. It is the zero Domain without one: see
// WithDomain.
func (p *Pool) Domain() Domain {
	all := p.domains.All()
	if len(all) == 0 {
		return Domain{}
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{RootCAs: p.domains.Authority().Pool(), MinVersion: tls.VersionTLS12}
	return Domain{URL: all[0].URL, SecureURL: all[0].SecureURL, Client: &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}
