package userpool

import (
	"encoding/json"

	"cognito-triggers/local/userpool/state"
)

type domainInput struct {
	UserPoolId string
	Domain     string `v:"required,max=63"`
}

type writeDomainInput struct {
	domainInput
	state.DomainSettings
}

// answer is what creating and updating a domain gives.
func (in *writeDomainInput) answer() map[string]any {
	out := map[string]any{}
	if in.ManagedLoginVersion != nil {
		out["ManagedLoginVersion"] = *in.ManagedLoginVersion
	}
	if in.Routing != nil {
		out["Routing"] = in.Routing
	}
	if in.CustomDomainConfig != nil {
		out["CloudFrontDomain"] = cloudFront
	}
	return out
}

const cloudFront = "local.cloudfront.net"

// createDomain serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolDomain.html
func createDomain(c *call, in *writeDomainInput) (any, error) {
	for _, p := range c.store.Pools() {
		if p.Domain == in.Domain {
			return nil, invalid("Domain already associated with another user pool.")
		}
	}
	settings := in.DomainSettings
	if settings.ManagedLoginVersion == nil { // AWS's default is the classic pages
		classic := 1
		settings.ManagedLoginVersion = &classic
	}
	return in.answer(), c.setDomain(in.UserPoolId, func(p *state.Pool) error {
		if p.Domain != "" {
			return invalid("User pool already has a domain configured.")
		}
		p.Domain, p.DomainSettings = in.Domain, settings
		return nil
	})
}

// updateDomain serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPoolDomain.html
// What is left out stays.
func updateDomain(c *call, in *writeDomainInput) (any, error) {
	return in.answer(), c.setDomain(in.UserPoolId, func(p *state.Pool) error {
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
}

// deleteDomain serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUserPoolDomain.html
func deleteDomain(c *call, in *domainInput) (any, error) {
	return struct{}{}, c.setDomain(in.UserPoolId, func(p *state.Pool) error {
		if err := hasDomain(p, in.Domain); err != nil {
			return err
		}
		p.Domain, p.DomainSettings = "", state.DomainSettings{}
		return nil
	})
}

func hasDomain(p *state.Pool, domain string) error {
	if p.Domain != domain {
		return invalid("No such domain or user pool exists.")
	}
	return nil
}

func (c *call) setDomain(poolID string, change func(*state.Pool) error) error {
	pool, err := c.poolByID(poolID)
	if err != nil {
		return err
	}
	_, err = c.store.UpdatePool(pool.ID, change)
	return err
}

// describeDomain serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserPoolDomain.html
// It answers with an empty description where there is no such domain.
func describeDomain(c *call, in *domainInput) (any, error) {
	for _, p := range c.store.Pools() {
		if p.Domain != in.Domain {
			continue
		}
		out := map[string]any{
			"UserPoolId": p.ID, "AWSAccountId": "000000000000", "Domain": p.Domain, "Status": "ACTIVE", "Version": "1", "CloudFrontDistribution": cloudFront,
			"CustomDomainConfig": json.RawMessage("{}"), "ManagedLoginVersion": p.DomainSettings.ManagedLoginVersion,
		}
		if custom := p.DomainSettings.CustomDomainConfig; custom != nil {
			out["CustomDomainConfig"] = custom
		}
		if routing := p.DomainSettings.Routing; routing != nil {
			out["Routing"] = routing
		}
		return map[string]any{"DomainDescription": out}, nil
	}
	return map[string]any{"DomainDescription": struct{}{}}, nil
}
