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
	Domain     string `v:"required,max=63"` // the prefix, or a custom domain
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
// A pool can have a prefix and a custom domain.
func (r *Room) CreateDomain(_ context.Context, in *WriteDomainInput) (*WriteDomainOutput, error) {
	if err := checkDomain(in.Domain, in.Custom()); err != nil {
		return nil, err
	}
	r.domains.Lock()
	defer r.domains.Unlock()
	pool, err := r.directory.Pool(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	made := state.Domain{Name: in.Domain, DomainSettings: in.DomainSettings}
	if made.ManagedLoginVersion == nil { // the classic hosted UI is AWS's default
		classic := 1
		made.ManagedLoginVersion = &classic
	}
	if err := r.mayHave(pool, made); err != nil {
		return nil, err
	}
	if err := r.addresses.Open(pool.ID, in.Domain); err != nil {
		return nil, fault.New(fault.Invalid, "the local pool cannot open an address for the domain: "+err.Error())
	}
	if _, err := r.store.UpdatePool(pool.ID, func(p *state.Pool) error {
		p.SetDomain(made.Custom(), made)
		return nil
	}); err != nil {
		r.addresses.Shut(in.Domain)
		return nil, err
	}
	return in.answer(), nil
}

// mayHave returns the error for a domain that another pool has, or of a kind that the pool has one of. Each pool of a
// server is looked at, which stands for all pools of all AWS accounts.
func (r *Room) mayHave(pool state.Pool, d state.Domain) error {
	for _, p := range r.store.Pools() {
		if _, taken := p.FindDomain(d.Name); taken {
			return fault.New(fault.Invalid, "Domain already associated with another user pool.")
		}
	}
	if d.Custom() && pool.CustomDomain != "" || !d.Custom() && pool.Domain != "" {
		return fault.New(fault.Invalid, "User pool already has a domain configured.")
	}
	return allowedByTier(pool, d.ManagedLoginVersion)
}

func allowedByTier(pool state.Pool, version *int) error {
	if version != nil && *version == managedLogin && pool.Settings.UserPoolTier == lite {
		return fault.New(fault.FeatureOfTier, "Managed Login")
	}
	return nil
}

// managedLogin is the ManagedLoginVersion of the newer pages; 1 is the classic hosted UI.
const managedLogin = 2

// UpdateDomain serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPoolDomain.html
// Settings that the request omits keep their values.
func (r *Room) UpdateDomain(_ context.Context, in *WriteDomainInput) (*WriteDomainOutput, error) {
	_, err := r.changeDomain(in.UserPoolId, in.Domain, func(p *state.Pool, custom bool, d state.Domain) error {
		if err := allowedByTier(*p, in.ManagedLoginVersion); err != nil {
			return err
		}
		if in.ManagedLoginVersion != nil {
			d.ManagedLoginVersion = in.ManagedLoginVersion
		}
		if in.CustomDomainConfig != nil {
			d.CustomDomainConfig = in.CustomDomainConfig
		}
		if in.Routing != nil {
			d.Routing = in.Routing
		}
		p.SetDomain(custom, d)
		return nil
	})
	return in.answer(), err
}

// DeleteDomain serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUserPoolDomain.html
func (r *Room) DeleteDomain(_ context.Context, in *DomainInput) (*wire.Empty, error) {
	_, err := r.changeDomain(in.UserPoolId, in.Domain, func(p *state.Pool, custom bool, _ state.Domain) error {
		p.SetDomain(custom, state.Domain{})
		return nil
	})
	if err == nil {
		r.addresses.Shut(in.Domain)
	}
	return &wire.Empty{}, err
}

// changeDomain changes a domain of a pool, the custom one or the other, in one transaction.
func (r *Room) changeDomain(
	poolID, domain string, change func(p *state.Pool, custom bool, d state.Domain) error,
) (state.Pool, error) {
	r.domains.Lock()
	defer r.domains.Unlock()
	return r.change(poolID, func(p *state.Pool) error {
		d, there := p.FindDomain(domain)
		if !there {
			return fault.New(fault.Invalid, "No such domain or user pool exists.")
		}
		return change(p, p.CustomDomain == domain, d)
	})
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
		d, there := p.FindDomain(in.Domain)
		if !there {
			continue
		}
		out := DomainType{
			UserPoolId: p.ID, AWSAccountId: account, Domain: d.Name, Status: "ACTIVE", Version: "1",
			CloudFrontDistribution: cloudFront, CustomDomainConfig: d.CustomDomainConfig,
			ManagedLoginVersion: d.ManagedLoginVersion, Routing: d.Routing,
		}
		if out.CustomDomainConfig == nil {
			out.CustomDomainConfig = json.RawMessage("{}")
		}
		return &DomainOutput{out}, nil
	}
	return &DomainOutput{}, nil
}
