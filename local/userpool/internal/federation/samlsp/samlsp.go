// Package samlsp is the SAML service provider of a user pool: it sends people to SAML identity providers and checks the
// responses. Parsing, signatures and encryption are crewjam/saml's; it knows neither pools nor users.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-saml-idp.html
package samlsp

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/beevik/etree"
	crewjam "github.com/crewjam/saml"
	dsig "github.com/russellhaering/goxmldsig"

	"cognito-triggers/local/userpool/internal/federation/upstream"
	"cognito-triggers/shared/events"
)

// Provider is a SAML identity provider, with what the pool's settings say of it.
type Provider struct {
	Name                      string // in the pool
	MetadataURL, MetadataFile string // one of them; the file is XML
	SignRequests              bool   // RequestSigningAlgorithm
	Encrypted                 bool   // EncryptedResponses: what is not encrypted is refused
	IDPInitiated              bool   // IDPInit
	SignOut                   bool   // IDPSignout
}

// Pool is the service provider's side.
type Pool struct {
	ID     string
	Domain string // URL of the domain
	Keys   *Keys
}

// EntityID returns the name of a pool at SAML providers.
func EntityID(pool string) string { return "urn:amazon:cognito:sp:" + pool }

// The paths of a domain that take what SAML providers send.
const (
	ResponsePath = "/saml2/idpresponse"
	LogoutPath   = "/saml2/logout"
)

// MaxResponse is how long a response may be, in characters of base64.
const MaxResponse = 100_000

// Subject is who signed in, as the provider must hear it at the sign-out.
type Subject struct{ NameID, Format, Index string }

// Service calls and hears SAML providers. It is safe for concurrent use.
type Service struct {
	now    func() time.Time
	client *http.Client
	used   *used
}

// New returns a Service that fetches metadata through a client.
func New(now func() time.Time, client *http.Client) *Service {
	return &Service{now, client, &used{now: now, until: map[string]time.Time{}}}
}

// provider returns the library's view of both sides.
func (s *Service) provider(ctx context.Context, pool Pool, p Provider) (*crewjam.ServiceProvider, error) {
	metadata, err := s.Metadata(ctx, p)
	if err != nil {
		return nil, err
	}
	at := func(path string) url.URL {
		to, err := url.Parse(pool.Domain + path)
		if err != nil {
			return url.URL{}
		}
		return *to
	}
	sp := &crewjam.ServiceProvider{
		EntityID: EntityID(pool.ID), Key: pool.Keys.Key, Certificate: pool.Keys.Certificate,
		AcsURL: at(ResponsePath), SloURL: at(LogoutPath), IDPMetadata: metadata,
		AuthnNameIDFormat: crewjam.UnspecifiedNameIDFormat, LogoutSignatureMethod: dsig.RSASHA256SignatureMethod,
		Clock: dsig.NewFakeClockAt(s.now()), RejectExpiredIDPMetadata: true, RejectSHA1Signatures: true,
		RejectUnknownConditions: true, ReplayCache: s.used.of(pool.ID + " " + p.Name),
	}
	if p.SignRequests {
		sp.SignatureMethod = dsig.RSASHA256SignatureMethod
	}
	return sp, nil
}

// Metadata returns what a provider says of itself.
func (s *Service) Metadata(ctx context.Context, p Provider) (*crewjam.EntityDescriptor, error) {
	raw := []byte(p.MetadataFile)
	if p.MetadataFile == "" {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.MetadataURL, nil)
		if err != nil {
			return nil, &upstream.Error{Text: "MetadataURL is no http address"}
		}
		answer, err := s.client.Do(request)
		if err != nil {
			return nil, &upstream.Error{Text: "the metadata at MetadataURL cannot be fetched"}
		}
		defer answer.Body.Close()
		if raw, err = io.ReadAll(answer.Body); err != nil || answer.StatusCode != http.StatusOK {
			return nil, &upstream.Error{Text: fmt.Sprintf("the metadata at MetadataURL cannot be read, status %d",
				answer.StatusCode)}
		}
	}
	return ParseMetadata(raw)
}

// ParseMetadata reads the metadata of an identity provider: an EntityDescriptor, or the first provider in an
// EntitiesDescriptor. encoding/xml resolves no entities.
func ParseMetadata(raw []byte) (*crewjam.EntityDescriptor, error) {
	entity := &crewjam.EntityDescriptor{}
	if err := xml.Unmarshal(raw, entity); err != nil {
		var many crewjam.EntitiesDescriptor
		if xml.Unmarshal(raw, &many) != nil {
			return nil, &upstream.Error{Text: "the provider's metadata is no SAML metadata"}
		}
		for i := range many.EntityDescriptors {
			if len(many.EntityDescriptors[i].IDPSSODescriptors) > 0 {
				entity = &many.EntityDescriptors[i]
				break
			}
		}
	}
	if entity.EntityID == "" || len(entity.IDPSSODescriptors) == 0 {
		return nil, &upstream.Error{Text: "the provider's metadata has no identity provider"}
	}
	return entity, nil
}

// Locations returns where browsers go to sign in and out by the redirect binding; empty if the provider has none.
func Locations(metadata *crewjam.EntityDescriptor) (signOn, signOut string) {
	sp := crewjam.ServiceProvider{IDPMetadata: metadata}
	return sp.GetSSOBindingLocation(crewjam.HTTPRedirectBinding), sp.GetSLOBindingLocation(crewjam.HTTPRedirectBinding)
}

// Address returns where the browser goes for a sign-in, and the ID of the request, which the response must repeat.
func (s *Service) Address(ctx context.Context, pool Pool, p Provider, relayState string) (to, id string, err error) {
	sp, err := s.provider(ctx, pool, p)
	if err != nil {
		return "", "", err
	}
	location := sp.GetSSOBindingLocation(crewjam.HTTPRedirectBinding)
	if parsed, err := url.Parse(location); err != nil || parsed.Scheme != "https" && parsed.Scheme != "http" {
		return "", "", &upstream.Error{Text: "the provider's metadata has no SingleSignOnService with the redirect binding"}
	}
	request, err := sp.MakeAuthenticationRequest(location, crewjam.HTTPRedirectBinding, crewjam.HTTPPostBinding)
	if err != nil {
		return "", "", &upstream.Error{Text: "the request cannot be made: " + err.Error()}
	}
	address, err := request.Redirect(relayState, sp)
	if err != nil {
		return "", "", &upstream.Error{Text: "the request cannot be signed: " + err.Error()}
	}
	return address.String(), request.ID, nil
}

// Read checks a response to a request with this ID; without one, the provider itself began the sign-in.
func (s *Service) Read(ctx context.Context, pool Pool, p Provider, response, id string) (
	who Subject, all events.Attributes, err error,
) {
	sp, err := s.provider(ctx, pool, p)
	if err != nil {
		return who, nil, err
	}
	raw, err := decode(response)
	if err != nil {
		return who, nil, err
	}
	if p.Encrypted && !isEncrypted(raw) {
		return who, nil, &upstream.Error{Text: "SAML Assertion is not encrypted."}
	}
	sp.AllowIDPInitiated = id == "" && p.IDPInitiated
	assertion, err := sp.ParseXMLResponse(raw, []string{id}, sp.AcsURL)
	if err != nil {
		return who, nil, &upstream.Error{Text: why(err)}
	}
	if assertion.Subject == nil || assertion.Subject.NameID == nil || assertion.Subject.NameID.Value == "" {
		return who, nil, &upstream.Error{Text: "SAML Assertion has no NameID."}
	}
	who = Subject{NameID: assertion.Subject.NameID.Value, Format: assertion.Subject.NameID.Format}
	for _, statement := range assertion.AuthnStatements {
		who.Index = statement.SessionIndex
	}
	return who, attributesOf(assertion), nil
}

func decode(response string) ([]byte, error) {
	if response == "" || len(response) > MaxResponse {
		return nil, &upstream.Error{Text: fmt.Sprintf("SAML response is empty or longer than %d characters.", MaxResponse)}
	}
	raw, err := base64.StdEncoding.DecodeString(response)
	if err != nil {
		return nil, &upstream.Error{Text: "SAML response is not base64."}
	}
	return raw, nil
}

// isEncrypted reports whether each assertion of a response is encrypted. What else is wrong with it, the library finds.
func isEncrypted(raw []byte) bool {
	document := etree.NewDocument()
	if document.ReadFromBytes(bytes.TrimSpace(raw)) != nil || document.Root() == nil {
		return true
	}
	for _, element := range document.Root().ChildElements() {
		if element.Tag == "Assertion" {
			return false
		}
	}
	return true
}

// attributesOf returns an assertion's attributes. An attribute with several values is a list.
func attributesOf(assertion *crewjam.Assertion) events.Attributes {
	values := map[string][]string{}
	for _, statement := range assertion.AttributeStatements {
		for _, attribute := range statement.Attributes {
			for _, value := range attribute.Values {
				values[attribute.Name] = append(values[attribute.Name], value.Value)
			}
		}
	}
	all := events.Attributes{}
	for name, list := range values {
		if all[name] = upstream.List(list); len(list) == 1 {
			all[name] = list[0]
		}
	}
	return all
}

// why returns the text of an error of the library. It names no content of the response.
func why(err error) string {
	var invalid *crewjam.InvalidResponseError
	if errors.As(err, &invalid) {
		err = invalid.PrivateErr
	}
	for _, known := range []struct {
		is   error
		text string
	}{
		{crewjam.ErrAssertionReplayed, "SAML Assertion has been used before."},
		{crewjam.ErrInvalidSignature, "SAML Assertion signature is invalid."},
		{crewjam.ErrRequestIDMismatch, "SAML InResponseTo is not that of this sign-in."},
		{crewjam.ErrExpired, "SAML Assertion has expired."},
		{crewjam.ErrDestinationMismatch, "SAML Destination is not this domain."},
		{crewjam.ErrIssuerMismatch, "SAML Issuer is another provider."},
	} {
		if errors.Is(err, known.is) {
			return known.text
		}
	}
	var status crewjam.ErrBadStatus
	if errors.As(err, &status) {
		return "SAML status is " + status.Status
	}
	return "SAML response is not valid: " + upstream.Brief(err)
}
