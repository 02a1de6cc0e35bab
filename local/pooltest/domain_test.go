package pooltest_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/pooltest"
)

// The pages are at both addresses, and let the pool's app client send people there.
func TestDomain(t *testing.T) {
	t.Parallel()
	p := pooltest.Start(t, pooltest.WithDomain())
	d := p.Domain()
	for _, base := range []string{d.URL, d.SecureURL} {
		r, err := d.Client.Get(base + "/oauth2/authorize?" + url.Values{
			"client_id": {p.ClientID}, "response_type": {"code"}, "redirect_uri": {pooltest.Callback}, "scope": {"openid"},
		}.Encode())
		if err != nil {
			t.Fatal(err)
		}
		_ = r.Body.Close()
		to, err := r.Location()
		if err != nil || to.Path != "/login" || !strings.HasPrefix(base, to.Scheme+"://") {
			t.Fatalf("%s: redirected to %v, error %v", base, to, err)
		}
		r, err = d.Client.Get(to.String())
		if err != nil {
			t.Fatal(err)
		}
		page, err := io.ReadAll(r.Body)
		_ = r.Body.Close()
		if err != nil || r.StatusCode != http.StatusOK || !strings.Contains(string(page), `type="password"`) {
			t.Errorf("%s: %s, error %v\n%s", to, r.Status, err, page)
		}
	}
	p.Close()
	if _, err := d.Client.Get(d.URL); err == nil {
		t.Error("the domain answers after the pool was closed")
	}
}

// Settings of one's own stay as they are, and a pool without a domain has none.
func TestDomainOfOnesOwn(t *testing.T) {
	t.Parallel()
	if p := pooltest.Start(t); p.Domain() != (pooltest.Domain{}) {
		t.Errorf("a domain that nobody asked for: %+v", p.Domain())
	}
	p := pooltest.Start(t, pooltest.WithClient(func(in *cip.CreateUserPoolClientInput) {
		in.AllowedOAuthFlowsUserPoolClient, in.AllowedOAuthFlows = true, []types.OAuthFlowType{types.OAuthFlowTypeCode}
		in.AllowedOAuthScopes, in.CallbackURLs = []string{"openid"}, []string{"https://app.example.org/"}
	}), pooltest.WithDomain())
	client, err := p.Client.DescribeUserPoolClient(t.Context(), &cip.DescribeUserPoolClientInput{
		UserPoolId: &p.ID, ClientId: &p.ClientID,
	})
	if err != nil || len(client.UserPoolClient.CallbackURLs) != 1 ||
		client.UserPoolClient.CallbackURLs[0] != "https://app.example.org/" {
		t.Errorf("%+v, error %v", client, err)
	}
	if p.Domain().URL == "" {
		t.Error("the pool has no domain")
	}
}
