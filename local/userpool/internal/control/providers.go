package control

import (
	"context"
	"encoding/json"
	"slices"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
)

func provider() kind {
	return kind{name: directory.IdentityProvider, idMember: "providerName", exists: func(name string) error {
		return fault.New(fault.ProviderExists, name)
	}, check: checkProvider}
}

// ProviderInput is the input of CreateIdentityProvider and UpdateIdentityProvider. Members without effect are kept as
// raw JSON.
type ProviderInput struct {
	UserPoolId       string
	ProviderName     string
	ProviderType     json.RawMessage
	ProviderDetails  json.RawMessage
	AttributeMapping json.RawMessage
	IdpIdentifiers   json.RawMessage
	AcrMapping       json.RawMessage
}

func (in *ProviderInput) given() members {
	return given(members{
		"ProviderType": in.ProviderType, "ProviderDetails": in.ProviderDetails, "AttributeMapping": in.AttributeMapping,
		"IdpIdentifiers": in.IdpIdentifiers, "AcrMapping": in.AcrMapping,
	})
}

// ProviderNameInput identifies an identity provider.
type ProviderNameInput struct{ UserPoolId, ProviderName string }

// ProviderOutput is the output of the operations that return an identity provider.
type ProviderOutput struct{ IdentityProvider ProviderType }

// ProviderType is AWS's IdentityProviderType.
type ProviderType struct {
	UserPoolId       string
	ProviderName     string
	ProviderType     json.RawMessage `json:",omitempty"`
	ProviderDetails  json.RawMessage `json:",omitempty"`
	AttributeMapping json.RawMessage `json:",omitempty"`
	IdpIdentifiers   json.RawMessage `json:",omitempty"`
	AcrMapping       json.RawMessage `json:",omitempty"`
	CreationDate     wire.Seconds
	LastModifiedDate wire.Seconds
}

func (room *Room) providerOutput(pool state.Pool, r state.Resource, err error) (*ProviderOutput, error) {
	if err != nil {
		return nil, err
	}
	details, err := room.detailsOf(pool, r)
	if err != nil {
		return nil, err
	}
	return &ProviderOutput{ProviderType{
		UserPoolId: pool.ID, ProviderName: r.Name, ProviderType: r.Data["ProviderType"],
		ProviderDetails: details, AttributeMapping: r.Data["AttributeMapping"],
		IdpIdentifiers: r.Data["IdpIdentifiers"], AcrMapping: r.Data["AcrMapping"], CreationDate: wire.Seconds(r.Created),
		LastModifiedDate: wire.Seconds(r.Modified),
	}}, nil
}

// detailsOf returns the details of a provider, with those that Cognito adds.
func (room *Room) detailsOf(pool state.Pool, r state.Resource) (json.RawMessage, error) {
	p, err := directory.ProviderOf(pool, r.Name)
	if err != nil || p.Type == "" {
		return r.Data["ProviderDetails"], err
	}
	return json.Marshal(room.providers.Details(pool, p.Type, p.Details))
}

// CreateProvider serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateIdentityProvider.html
func (r *Room) CreateProvider(_ context.Context, in *ProviderInput) (*ProviderOutput, error) {
	return r.providerOutput(r.createResource(provider(), in.UserPoolId, in.ProviderName, in.given()))
}

// UpdateProvider serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateIdentityProvider.html
func (r *Room) UpdateProvider(_ context.Context, in *ProviderInput) (*ProviderOutput, error) {
	return r.providerOutput(r.updateResource(provider(), in.UserPoolId, in.ProviderName, in.given()))
}

// DescribeProvider serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeIdentityProvider.html
func (r *Room) DescribeProvider(_ context.Context, in *ProviderNameInput) (*ProviderOutput, error) {
	return r.providerOutput(r.describeResource(provider(), in.UserPoolId, in.ProviderName))
}

// DeleteProvider serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteIdentityProvider.html
func (r *Room) DeleteProvider(_ context.Context, in *ProviderNameInput) (*wire.Empty, error) {
	return r.deleteResource(provider(), in.UserPoolId, in.ProviderName)
}

// ProviderList is a page of identity providers.
type ProviderList struct {
	Providers []ProviderSummary
	NextToken string `json:",omitempty"`
}

// ProviderSummary is AWS's ProviderDescription. It omits a provider's details because they contain secrets.
type ProviderSummary struct {
	ProviderName     string
	ProviderType     json.RawMessage `json:",omitempty"`
	CreationDate     wire.Seconds
	LastModifiedDate wire.Seconds
}

// ListProviders serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListIdentityProviders.html
func (r *Room) ListProviders(_ context.Context, in *ListInput) (*ProviderList, error) {
	_, page, next, err := r.listResources(provider(), in)
	if err != nil {
		return nil, err
	}
	out := &ProviderList{Providers: []ProviderSummary{}, NextToken: next}
	for _, p := range page {
		out.Providers = append(out.Providers, ProviderSummary{
			ProviderName: p.Name, ProviderType: p.Data["ProviderType"], CreationDate: wire.Seconds(p.Created),
			LastModifiedDate: wire.Seconds(p.Modified),
		})
	}
	return out, nil
}

// ProviderIdentifierInput identifies an identity provider by one of its identifiers.
type ProviderIdentifierInput struct {
	UserPoolId    string `v:"required,max=55"`
	IdpIdentifier string `v:"required,max=40"`
}

// ProviderByIdentifier serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetIdentityProviderByIdentifier.html
func (r *Room) ProviderByIdentifier(_ context.Context, in *ProviderIdentifierInput) (*ProviderOutput, error) {
	pool, err := r.directory.Pool(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	k := provider()
	for _, p := range resourcesOf(pool, k) {
		var identifiers []string
		_ = json.Unmarshal(p.Data["IdpIdentifiers"], &identifiers) // stays empty if absent
		if slices.Contains(identifiers, in.IdpIdentifier) {
			return r.providerOutput(pool, p, nil)
		}
	}
	return nil, k.notFound(in.IdpIdentifier)
}
