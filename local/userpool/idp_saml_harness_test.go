package userpool

import (
	"bytes"
	"compress/flate"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/xml"
	"html"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/beevik/etree"
	"github.com/crewjam/saml/xmlenc"
	dsig "github.com/russellhaering/goxmldsig"
)

// samlKey is the key of every SAML provider in tests: to make one takes long under the race detector.
var samlKey = sync.OnceValues(func() (key keyPair, err error) {
	if key.key, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
		return key, err
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: "idp"},
		NotBefore: testNow.AddDate(-1, 0, 0), NotAfter: testNow.AddDate(1, 0, 0)}
	key.certificate, err = x509.CreateCertificate(rand.Reader, template, template, key.key.Public(), key.key)
	return key, err
})

type keyPair struct {
	key         *rsa.PrivateKey
	certificate []byte
}

// GetKeyPair implements dsig.X509KeyStore.
func (k keyPair) GetKeyPair() (*rsa.PrivateKey, []byte, error) { return k.key, k.certificate, nil }

// samlProvider is a SAML provider that answers what a test wants. local/clients has one that others wrote.
type samlProvider struct {
	t         *testing.T
	url, base string // of the provider, and of the pool's domain
	keyPair

	asked      samlRequest
	relay      string
	encryptFor *x509.Certificate
	query      url.Values
	change     func(*assertion)           // of what is signed
	wrap       func(signed string) string // of the response, after it was signed
	sent       url.Values                 // the last form
}

type samlRequest struct {
	ID          string `xml:"ID,attr"`
	Destination string `xml:"Destination,attr"`
	ACS         string `xml:"AssertionConsumerServiceURL,attr"`
	Issuer      string `xml:"Issuer"`
}

// assertion is what a response says.
type assertion struct {
	id, inResponseTo, issuer, audience, recipient, name string
	issued, until                                       time.Time
	attributes                                          map[string][]string
}

const samlIssuer = "https://saml.example/idp"

func startSAML(t *testing.T) *samlProvider {
	t.Helper()
	key, err := samlKey()
	if err != nil {
		t.Fatal(err)
	}
	p := &samlProvider{t: t, keyPair: key}
	server := httptest.NewServer(http.HandlerFunc(p.signOn))
	t.Cleanup(server.Close)
	p.url = server.URL
	return p
}

func (p *samlProvider) metadata() string {
	return `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="` + samlIssuer + `">
<IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><KeyDescriptor use="signing">
<KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>` +
		base64.StdEncoding.EncodeToString(p.certificate) + `</X509Certificate></X509Data></KeyInfo></KeyDescriptor>
<SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="` + p.url + `/slo"/>
<SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="` + p.url + `/sso"/>
</IDPSSODescriptor></EntityDescriptor>`
}

func (p *samlProvider) signOn(w http.ResponseWriter, r *http.Request) {
	p.query = r.URL.Query()
	if r.URL.Path == "/slo" {
		p.signOut(w)
		return
	}
	p.asked, p.relay = samlRequest{}, p.query.Get("RelayState")
	raw, err := base64.StdEncoding.DecodeString(p.query.Get("SAMLRequest"))
	if err != nil {
		p.t.Error(err)
	}
	text, err := io.ReadAll(flate.NewReader(bytes.NewReader(raw)))
	if err == nil {
		err = xml.Unmarshal(text, &p.asked)
	}
	if err != nil {
		p.t.Error(err)
	}
	p.show(w, p.asked.ACS, p.response(p.asked), p.relay)
}

func (p *samlProvider) show(w io.Writer, to, response, relay string) {
	p.sent = url.Values{"SAMLResponse": {base64.StdEncoding.EncodeToString([]byte(response))}, "RelayState": {relay}}
	page := `<form method="post" action="` + to + `">`
	for name, values := range p.sent {
		page += `<input type="hidden" name="` + name + `" value="` + html.EscapeString(values[0]) + `">`
	}
	_, _ = io.WriteString(w, page+`</form>`)
}

// signOut answers a sign-out.
func (p *samlProvider) signOut(w io.Writer) {
	var asked samlRequest
	raw, err := base64.StdEncoding.DecodeString(p.query.Get("SAMLRequest"))
	if err == nil {
		raw, err = io.ReadAll(flate.NewReader(bytes.NewReader(raw)))
	}
	if err == nil {
		err = xml.Unmarshal(raw, &asked)
	}
	if err != nil || p.query.Get("Signature") == "" || !bytes.Contains(raw, []byte("ines-7")) ||
		!bytes.Contains(raw, []byte("s-7")) {
		p.t.Errorf("the request to sign out is %s, error %v", raw, err)
	}
	to := p.base + "/saml2/logout"
	text := `<samlp:LogoutResponse xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_l1" Version="2.0" ` +
		`IssueInstant="` + testNow.Format(samlTime) + `" Destination="` + to + `" InResponseTo="` + asked.ID + `">` +
		`<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">` + samlIssuer + `</saml:Issuer><samlp:Status>` +
		`<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status></samlp:LogoutResponse>`
	p.show(w, to, p.sign(text), p.query.Get("RelayState"))
}

// response returns the signed response to a request.
func (p *samlProvider) response(q samlRequest) string {
	a := assertion{
		id: "_a" + q.ID, inResponseTo: q.ID, issuer: samlIssuer, audience: q.Issuer, recipient: q.ACS, name: "ines-7",
		issued: testNow, until: testNow.Add(5 * time.Minute),
		attributes: map[string][]string{"mail": {"ines@acme.example"}, "groups": {"Eng", "Ops & QA"}},
	}
	if p.change != nil {
		p.change(&a)
	}
	signed := p.sign(a.xml())
	if p.encryptFor != nil {
		signed = p.encrypt(signed)
	}
	text := a.envelope(signed)
	if p.wrap != nil {
		return p.wrap(text)
	}
	return text
}

const samlTime = "2006-01-02T15:04:05Z"

func (a assertion) answers() string {
	if a.inResponseTo == "" {
		return ""
	}
	return ` InResponseTo="` + a.inResponseTo + `"`
}

func (a assertion) xml() string {
	issued, until := a.issued.Format(samlTime), a.until.Format(samlTime)
	text := `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="` + a.id + `" Version="2.0" ` +
		`IssueInstant="` + issued + `"><saml:Issuer>` + a.issuer + `</saml:Issuer><saml:Subject><saml:NameID>` + a.name +
		`</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">` +
		`<saml:SubjectConfirmationData` + a.answers() + ` NotOnOrAfter="` + until + `" Recipient="` + a.recipient +
		`"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="` + issued + `" NotOnOrAfter="` + until +
		`"><saml:AudienceRestriction><saml:Audience>` + a.audience + `</saml:Audience></saml:AudienceRestriction>` +
		`</saml:Conditions><saml:AuthnStatement AuthnInstant="` + issued + `" SessionIndex="s-7"><saml:AuthnContext>` +
		`<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef>` +
		`</saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>`
	for name, values := range a.attributes {
		text += `<saml:Attribute Name="` + name + `">`
		for _, value := range values {
			text += `<saml:AttributeValue>` + html.EscapeString(value) + `</saml:AttributeValue>`
		}
		text += `</saml:Attribute>`
	}
	return text + `</saml:AttributeStatement></saml:Assertion>`
}

func (a assertion) envelope(content string) string {
	return `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_r` + a.id + `" Version="2.0" ` +
		`IssueInstant="` + a.issued.Format(samlTime) + `" Destination="` + a.recipient + `"` + a.answers() + `>` +
		`<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">` + a.issuer + `</saml:Issuer><samlp:Status>` +
		`<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>` + content +
		`</samlp:Response>`
}

func (p *samlProvider) sign(text string) string {
	document := etree.NewDocument()
	if err := document.ReadFromString(text); err != nil {
		p.t.Error(err)
		return ""
	}
	context := dsig.NewDefaultSigningContext(p.keyPair)
	context.Canonicalizer = dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList("")
	root := document.Root()
	signature, err := context.ConstructSignature(root, true)
	if err != nil {
		p.t.Error(err)
		return ""
	}
	root.InsertChildAt(root.ChildElements()[0].Index()+1, signature) // behind the issuer, as the schema has it
	out := etree.NewDocument()
	out.SetRoot(root)
	written, err := out.WriteToString()
	if err != nil {
		p.t.Error(err)
	}
	return written
}

func (p *samlProvider) encrypt(text string) string {
	method := xmlenc.OAEP()
	method.BlockCipher, method.DigestMethod = xmlenc.AES256GCM, &xmlenc.SHA1
	element, err := method.Encrypt(p.encryptFor, []byte(text), nil)
	if err != nil {
		p.t.Error(err)
		return ""
	}
	document := etree.NewDocument()
	document.SetRoot(element)
	written, err := document.WriteToString()
	if err != nil {
		p.t.Error(err)
	}
	return `<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">` + written +
		`</saml:EncryptedAssertion>`
}

// startSAMLBrowser is a pool with a SAML provider named Corp.
func startSAMLBrowser(t *testing.T, details object) (*federatedBrowser, *samlProvider) {
	t.Helper()
	f := startFederatedBrowser(t, nil)
	p := startSAML(t)
	f.do("CreateIdentityProvider", object{"ProviderName": "Corp", "ProviderType": "SAML",
		"ProviderDetails":  with(object{"MetadataFile": p.metadata()}, details),
		"AttributeMapping": object{"email": "mail", "custom:groups": "groups"}})
	f.offer("COGNITO", "Acme", "Corp")
	p.base = f.domain.URL
	return f, p
}

// press sends the form that a provider shows.
func (f *federatedBrowser) press() {
	f.t.Helper()
	_, rest, found := strings.Cut(f.page, `action="`)
	to, _, _ := strings.Cut(rest, `"`)
	if !found {
		f.t.Fatalf("no form at %s:\n%s", f.at, f.page)
	}
	form := url.Values{}
	for _, field := range hiddenFields.FindAllStringSubmatch(f.page, -1) {
		form.Set(html.UnescapeString(field[1]), html.UnescapeString(field[2]))
	}
	f.show(f.client.PostForm(to, form))
}
