package federation

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/federation/samlsp"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/shared/events"
)

// SAMLPath is the path of a domain that takes the answers of SAML providers.
const SAMLPath = samlsp.ResponsePath

// SAMLLogoutPath is the path of a domain to which SAML providers send the browser after a sign-out.
const SAMLLogoutPath = samlsp.LogoutPath

// samlProvider returns what the settings of a provider say to the service provider.
func samlProvider(p directory.Provider) samlsp.Provider {
	yes := func(name string) bool { return strings.EqualFold(p.Details[name], "true") }
	return samlsp.Provider{
		Name: p.Name, MetadataURL: p.Details["MetadataURL"], MetadataFile: p.Details["MetadataFile"],
		SignRequests: p.Details["RequestSigningAlgorithm"] != "", Encrypted: yes("EncryptedResponses"),
		IDPInitiated: yes("IDPInit"), SignOut: yes("IDPSignout"),
	}
}

func (r *Room) requestSAML(
	ctx context.Context, pool state.Pool, p directory.Provider, back Back,
) (to, id string, err error) {
	keys, err := r.samlKeys(pool)
	if err != nil {
		return "", "", err
	}
	return r.service.Address(ctx, samlsp.Pool{ID: pool.ID, Domain: back.Domain, Keys: keys}, samlProvider(p), back.State)
}

func (r *Room) readSAML(
	ctx context.Context, pool state.Pool, p directory.Provider, begun Begun, response string,
) (samlsp.Subject, events.Attributes, error) {
	keys, err := r.samlKeys(pool)
	if err != nil {
		return samlsp.Subject{}, nil, err
	}
	at := samlsp.Pool{ID: pool.ID, Domain: begun.Domain, Keys: keys}
	return r.service.Read(ctx, at, samlProvider(p), response, begun.Secret)
}

// Unasked returns the sign-in that a SAML provider began by itself. ok is false if the provider may not.
func (r *Room) Unasked(b directory.Bearer, domain, provider string) (begun Begun, ok bool) {
	name, ok := r.Find(b, provider, "")
	if !ok {
		return Begun{}, false
	}
	p, err := directory.ProviderOf(b.Pool, name)
	return Begun{Provider: name, Domain: domain}, err == nil && p.Type == samlType && samlProvider(p).IDPInitiated
}

// samlKeyKind is the kind of the resource that has a pool's keys for SAML.
const samlKeyKind = "SAML keys"

// samlKeys returns the pool's keys for SAML. The first who needs them makes them; of several at once, one set stays.
func (r *Room) samlKeys(pool state.Pool) (*samlsp.Keys, error) {
	if keys, err := storedKeys(pool); keys != nil || err != nil {
		return keys, err
	}
	made, err := samlsp.NewKeys(pool.ID, r.now())
	if err != nil {
		return nil, err
	}
	stored, err := made.Store()
	if err != nil {
		return nil, err
	}
	raw, err := json.Marshal(stored)
	if err != nil {
		return nil, err
	}
	now, key := r.now(), state.ResourceKey{Kind: samlKeyKind}
	pool, err = r.store.UpdatePool(pool.ID, func(p *state.Pool) error {
		if _, there := p.Resources[key]; there {
			return nil
		}
		if p.Resources == nil {
			p.Resources = map[state.ResourceKey]state.Resource{}
		}
		p.Resources[key] = state.Resource{
			Kind: samlKeyKind, Created: now, Modified: now, Data: map[string]json.RawMessage{"Keys": raw},
		}
		return nil
	})
	if err != nil {
		return nil, directory.Gone(err)
	}
	return storedKeys(pool)
}

func storedKeys(pool state.Pool) (*samlsp.Keys, error) {
	resource, there := pool.Resources[state.ResourceKey{Kind: samlKeyKind}]
	if !there {
		return nil, nil
	}
	var stored samlsp.StoredKeys
	if err := json.Unmarshal(resource.Data["Keys"], &stored); err != nil {
		return nil, err
	}
	return stored.Open()
}

// CertificateInput is the input of GetSigningCertificate.
type CertificateInput struct {
	UserPoolId string `v:"required,max=55"`
}

// CertificateOutput is the output of GetSigningCertificate.
type CertificateOutput struct{ Certificate string }

// SigningCertificate serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetSigningCertificate.html
func (r *Room) SigningCertificate(_ context.Context, in *CertificateInput) (*CertificateOutput, error) {
	pool, err := r.directory.Pool(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	keys, err := r.samlKeys(pool)
	if err != nil {
		return nil, err
	}
	return &CertificateOutput{keys.Text()}, nil
}

// Details returns the details of a provider as DescribeIdentityProvider has them: with those that Cognito adds.
func (r *Room) Details(pool state.Pool, kind string, given map[string]string) map[string]string {
	all := directory.ProviderDetails(kind, given)
	if kind != samlType {
		return all
	}
	if keys, err := r.samlKeys(pool); err == nil {
		all["ActiveEncryptionCertificate"] = keys.Text()
	}
	if metadata, err := samlsp.ParseMetadata([]byte(given["MetadataFile"])); err == nil {
		add := func(name, value string) {
			if value != "" {
				all[name] = value
			}
		}
		signOn, signOut := samlsp.Locations(metadata)
		add("SSORedirectBindingURI", signOn)
		add("SLORedirectBindingURI", signOut)
	}
	return all
}

// Subject is who signed in at a SAML provider, as the provider must hear it at the sign-out.
type Subject = samlsp.Subject

// SignOut begins the sign-out at a SAML provider. Begun.To is empty if there is none: the pool's IDPSignout is off, or
// the person came from another kind of provider.
func (r *Room) SignOut(
	ctx context.Context, pool state.Pool, provider string, who Subject, back Back,
) (out Begun, err error) {
	p, err := directory.ProviderOf(pool, provider)
	if err != nil || who.NameID == "" {
		return out, nil // the provider is gone, or has no sign-out
	}
	keys, err := r.samlKeys(pool)
	if err != nil {
		return out, err
	}
	out = Begun{Provider: provider, Domain: back.Domain}
	at := samlsp.Pool{ID: pool.ID, Domain: back.Domain, Keys: keys}
	out.To, out.Secret, err = r.service.LogoutAddress(ctx, at, samlProvider(p), who, back.State)
	return out, err
}

// SignedOut checks the answer to a sign-out at a SAML provider.
func (r *Room) SignedOut(ctx context.Context, pool state.Pool, begun Begun, answer *http.Request) error {
	p, err := directory.ProviderOf(pool, begun.Provider)
	if err != nil {
		return err
	}
	keys, err := r.samlKeys(pool)
	if err != nil {
		return err
	}
	at := samlsp.Pool{ID: pool.ID, Domain: begun.Domain, Keys: keys}
	return r.service.LoggedOut(ctx, at, samlProvider(p), answer, begun.Secret)
}
