package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"cognito-triggers/local/domains"
)

// A run opens the domains of its pool, and poolctl says where they are and whom to trust.
func TestDomainsOfARun(t *testing.T) {
	root := ownRepository(t)
	poolctl(t, root, "", "domains").wants(t, 1, "", "no local pool is running")
	l := startLive(t, root, filepath.Join(root, "build", "local.json"), nil, "--watch=false")
	authority := filepath.Join(root, "build", domains.CertFile)
	if l.at.CertificateAuthority != authority || len(l.at.Domains) != 0 {
		t.Errorf("local.json: %+v", l.at)
	}
	poolctl(t, root, "", "domains").wants(t, 0, "No pool has a domain", "")
	if _, err := l.cognito.CreateUserPoolDomain(t.Context(), &cip.CreateUserPoolDomainInput{
		UserPoolId: &l.at.UserPoolID, Domain: aws.String("people"),
	}); err != nil {
		t.Fatal(err)
	}
	var d struct {
		UserPoolID, Name string
		URLs             []string
	}
	listed := poolctl(t, root, "", "domains", "--json")
	if err := json.Unmarshal([]byte(listed.stdout), &d); err != nil || d.Name != "people" || len(d.URLs) != 2 ||
		d.UserPoolID != l.at.UserPoolID {
		t.Fatalf("%s, error %v", listed.stdout, err)
	}
	shown := poolctl(t, root, "", "domains")
	shown.wants(t, 0, "people, pool "+l.at.UserPoolID+": "+d.URLs[0]+" and "+d.URLs[1], "")
	for _, hint := range []string{"curl --cacert ", "NODE_EXTRA_CA_CERTS=", "SSL_CERT_FILE=", "REQUESTS_CA_BUNDLE="} {
		shown.wants(t, 0, hint+authority, "")
	}
	if !strings.Contains(shown.stdout, "--ignore-certificate-errors-spki-list=") {
		t.Errorf("no word of Chromium:\n%s", shown.stdout)
	}
	text, err := os.ReadFile(authority)
	if err != nil {
		t.Fatal(err)
	}
	trusted := x509.NewCertPool()
	trusted.AppendCertsFromPEM(text)
	client := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted}}}
	defer client.CloseIdleConnections()
	for _, url := range d.URLs {
		answer, err := client.Get(url + "/error")
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode != http.StatusBadRequest {
			t.Errorf("%s/error: %s", url, answer.Status)
		}
	}
	l.stop()
	removed := poolctl(t, root, "", "reset")
	removed.wants(t, 0, filepath.Join("build", domains.KeyFile), "")
	removed.wants(t, 0, filepath.Join("build", domains.CertFile), "")
}

func TestDomainPorts(t *testing.T) {
	t.Parallel()
	var p domainPorts
	for _, text := range []string{"people=9300", "auth.example.org=1"} {
		if err := p.Set(text); err != nil {
			t.Error(err)
		}
	}
	if p["people"] != 9300 || p["auth.example.org"] != 1 {
		t.Errorf("ports: %v", p)
	}
	for _, text := range []string{"", "people", "people=", "=9300", "people=x", "people=0", "people=65535", "people=-1"} {
		if err := p.Set(text); err == nil || !strings.Contains(err.Error(), "NAME=PORT") {
			t.Errorf("%q: error %v", text, err)
		}
	}
}
