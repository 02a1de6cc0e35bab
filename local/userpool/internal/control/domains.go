package control

import (
	"context"
	"encoding/json"

	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
)

// DomainInput identifies a domain, and its pool where the operation requires it.
type DomainInput struct {
	UserPoolId string
	Domain     string `v:"required,max=63"`
}

// WriteDomainInput is the input of CreateUserPoolDomain and UpdateUserPoolDomain.
type WriteDomainInput struct {
	DomainInput
	state.DomainSettings
}

// WriteDomainOutput is the output of CreateUserPoolDomain and UpdateUserPoolDomain.
type WriteDomainOutput struct {
	ManagedLoginVersion *int            `json:",omitempty"`
	Routing             json.RawMessage `json:",omitempty"`
	CloudFrontDomain    string          `json:",omitempty"`
}

const cloudFront = "local.cloudfront.net"

// answer returns the settings in the request, not the stored ones.
func (in *WriteDomainInput) answer() *WriteDomainOutput {
	out := &WriteDomainOutput{ManagedLoginVersion: in.ManagedLoginVersion, Routing: in.Routing}
	if in.CustomDomainConfig != nil {
		out.CloudFrontDomain = cloudFront
	}
	return out
}

// CreateDomain serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolDomain.html
func (r *Room) CreateDomain(_ context.Context, in *WriteDomainInput) (*WriteDomainOutput, error) {
	for _, p := range r.store.Pools() {
		if p.Domain == in.Domain {
			return nil, fault.New(fault.Invalid, "Domain already associated with another user pool.")
		}
	}
	settings := in.DomainSettings
	if settings.ManagedLoginVersion == nil { // the classic hosted UI is AWS's default
		classic := 1
		settings.ManagedLoginVersion = &classic
	}
	_, err := r.change(in.UserPoolId, func(p *state.Pool) error {
		if p.Domain != "" {
			return fault.New(fault.Invalid, "User pool already has a domain configured.")
		}
		p.Domain, p.DomainSettings = in.Domain, settings
		return nil
	})
	return in.answer(), err
}

// UpdateDomain serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPoolDomain.html
// Settings that the request omits keep their values.
func (r *Room) UpdateDomain(_ context.Context, in *WriteDomainInput) (*WriteDomainOutput, error) {
	_, err := r.change(in.UserPoolId, func(p *state.Pool) error {
		if err := hasDomain(p, in.Domain); err != nil {
			return err
		}
		if in.ManagedLoginVersion != nil {
			p.DomainSettings.ManagedLoginVersion = in.ManagedLoginVersion
		}
		if in.CustomDomainConfig != nil {
			p.DomainSettings.CustomDomainConfig = in.CustomDomainConfig
		}
		if in.Routing != nil {
			p.DomainSettings.Routing = in.Routing
		}
		return nil
	})
	return in.answer(), err
}

// DeleteDomain serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUserPoolDomain.html
func (r *Room) DeleteDomain(_ context.Context, in *DomainInput) (*wire.Empty, error) {
	_, err := r.change(in.UserPoolId, func(p *state.Pool) error {
		if err := hasDomain(p, in.Domain); err != nil {
			return err
		}
		p.Domain, p.DomainSettings = "", state.DomainSettings{}
		return nil
	})
	return &wire.Empty{}, err
}

func hasDomain(p *state.Pool, domain string) error {
	if p.Domain != domain {
		return fault.New(fault.Invalid, "No such domain or user pool exists.")
	}
	return nil
}

// DomainOutput is the output of DescribeUserPoolDomain.
type DomainOutput struct{ DomainDescription DomainType }

// DomainType is AWS's DomainDescriptionType.
type DomainType struct {
	UserPoolId             string          `json:",omitempty"`
	AWSAccountId           string          `json:",omitempty"`
	Domain                 string          `json:",omitempty"`
	Status                 string          `json:",omitempty"`
	Version                string          `json:",omitempty"`
	CloudFrontDistribution string          `json:",omitempty"`
	CustomDomainConfig     json.RawMessage `json:",omitempty"`
	ManagedLoginVersion    *int            `json:",omitempty"`
	Routing                json.RawMessage `json:",omitempty"`
}

// DescribeDomain serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserPoolDomain.html
// If there is no such domain, the description is empty.
func (r *Room) DescribeDomain(_ context.Context, in *DomainInput) (*DomainOutput, error) {
	for _, p := range r.store.Pools() {
		if p.Domain != in.Domain {
			continue
		}
		out := DomainType{
			UserPoolId: p.ID, AWSAccountId: account, Domain: p.Domain, Status: "ACTIVE", Version: "1",
			CloudFrontDistribution: cloudFront, CustomDomainConfig: p.DomainSettings.CustomDomainConfig,
			ManagedLoginVersion: p.DomainSettings.ManagedLoginVersion, Routing: p.DomainSettings.Routing,
		}
		if out.CustomDomainConfig == nil {
			out.CustomDomainConfig = json.RawMessage("{}")
		}
		return &DomainOutput{out}, nil
	}
	return &DomainOutput{}, nil
}
