package poolspec

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// Domain is where managed login's pages and the endpoints of OAuth 2.0 are.
type Domain struct {
	Prefix              string `json:"prefix"` // of AWS's domain; empty for a custom one
	Custom              string `json:"custom"`
	CertificateARN      string `json:"certificate_arn"`       // of the custom one
	ManagedLoginVersion int32  `json:"managed_login_version"` // 1 (classic pages, also if it is 0) or 2
}

// OAuth lets an app client use the pool's domain.
type OAuth struct {
	Flow               string   `json:"flow"` // code or client_credentials
	Scopes             []string `json:"scopes"`
	CallbackURLs       []string `json:"callback_urls"`
	LogoutURLs         []string `json:"logout_urls"`
	DefaultRedirectURI string   `json:"default_redirect_uri"`
}

// UnmarshalJSON decodes over Terraform's defaults.
func (o *OAuth) UnmarshalJSON(text []byte) error {
	type plain OAuth
	*o = OAuth{Flow: flowCode, Scopes: []string{"openid", "email"}}
	given := *o
	if err := lay(text, (*plain)(&given)); err != nil {
		return within("oauth", err)
	}
	if given.Scopes == nil {
		given.Scopes = o.Scopes
	}
	*o = given
	return nil
}

const (
	flowCode  = "code"
	cognitoID = "COGNITO" // the pool itself as an identity provider
)

// check returns an error for what Terraform's validations reject.
func (d *Domain) check() error {
	switch {
	case d == nil:
		return nil
	case (d.Prefix == "") == (d.Custom == ""):
		return fmt.Errorf("domain: set prefix or custom, one of the two")
	case (d.Custom == "") != (d.CertificateARN == ""):
		return fmt.Errorf("domain: custom and certificate_arn belong together; a prefix needs no certificate")
	case d.ManagedLoginVersion < 0 || d.ManagedLoginVersion > 2:
		return fmt.Errorf("domain.managed_login_version is %d: set 1 (classic pages) or 2 (managed login)",
			d.ManagedLoginVersion)
	}
	return nil
}

// check returns an error for what Terraform's validations reject. The client is for the error.
func (o *OAuth) check(client string) error {
	switch {
	case o == nil:
		return nil
	case o.Flow == flowCode && len(o.CallbackURLs) == 0:
		return fmt.Errorf("app_clients.%s.oauth.flow \"code\" needs at least one of oauth.callback_urls", client)
	}
	return oneOf("app_clients."+client+".oauth.flow", o.Flow, flowCode, "client_credentials")
}

// into sets what an app client's creation needs. Identity providers are Terraform's, so the client has the pool alone.
func (o *OAuth) into(in *cip.CreateUserPoolClientInput, providers []string) {
	if o == nil {
		return
	}
	in.AllowedOAuthFlowsUserPoolClient = true
	in.AllowedOAuthFlows = []types.OAuthFlowType{types.OAuthFlowType(o.Flow)}
	in.AllowedOAuthScopes = o.Scopes
	in.CallbackURLs, in.LogoutURLs, in.DefaultRedirectURI = o.CallbackURLs, o.LogoutURLs, given(o.DefaultRedirectURI)
	if slices.Contains(providers, cognitoID) {
		in.SupportedIdentityProviders = []string{cognitoID}
	}
}

// Name returns the name of the domain.
func (d *Domain) Name() string { return cmp.Or(d.Custom, d.Prefix) }

func (d *Domain) config() *types.CustomDomainConfigType {
	if d.Custom == "" {
		return nil
	}
	return &types.CustomDomainConfigType{CertificateArn: &d.CertificateARN}
}

func (d *Domain) version() *int32 {
	if d.ManagedLoginVersion == 0 {
		return nil
	}
	return &d.ManagedLoginVersion
}

func (s Spec) createDomain(ctx context.Context, api API, pool string) error {
	if s.Domain == nil {
		return nil
	}
	_, err := api.CreateUserPoolDomain(ctx, &cip.CreateUserPoolDomainInput{
		UserPoolId: &pool, Domain: aws.String(s.Domain.Name()), CustomDomainConfig: s.Domain.config(),
		ManagedLoginVersion: s.Domain.version(),
	})
	if err != nil {
		return fmt.Errorf("%s: domain: %w", s.File, err)
	}
	return nil
}

// updateDomain gives the pool the domain of the settings, in place of another one of its kind.
func (s Spec) updateDomain(ctx context.Context, api *cip.Client, pool *types.UserPoolType) error {
	if s.Domain == nil {
		return nil
	}
	old := aws.ToString(pool.Domain)
	if s.Domain.Custom != "" {
		old = aws.ToString(pool.CustomDomain)
	}
	if old == s.Domain.Name() {
		_, err := api.UpdateUserPoolDomain(ctx, &cip.UpdateUserPoolDomainInput{
			UserPoolId: pool.Id, Domain: &old, CustomDomainConfig: s.Domain.config(),
			ManagedLoginVersion: aws.Int32(max(1, s.Domain.ManagedLoginVersion)),
		})
		if err != nil {
			return fmt.Errorf("%s: domain: %w", s.File, err)
		}
		return nil
	}
	if old != "" {
		if _, err := api.DeleteUserPoolDomain(ctx, &cip.DeleteUserPoolDomainInput{
			UserPoolId: pool.Id, Domain: &old,
		}); err != nil {
			return fmt.Errorf("%s: domain: %w", s.File, err)
		}
	}
	return s.createDomain(ctx, api, aws.ToString(pool.Id))
}
