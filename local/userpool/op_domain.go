package userpool

import "cognito-triggers/local/userpool/state"

type domainInput struct {
	UserPoolId string
	Domain     string `v:"required,max=63"`
}

func createDomain(c *call, in *domainInput) (any, error) {
	for _, p := range c.store.Pools() {
		if p.Domain == in.Domain {
			return nil, invalid("Domain already associated with another user pool.")
		}
	}
	return struct{}{}, c.setDomain(in, func(p *state.Pool) error {
		if p.Domain != "" {
			return invalid("User pool already has a domain configured.")
		}
		p.Domain = in.Domain
		return nil
	})
}

func updateDomain(c *call, in *domainInput) (any, error) {
	return struct{}{}, c.setDomain(in, func(p *state.Pool) error { return hasDomain(p, in.Domain) })
}

func deleteDomain(c *call, in *domainInput) (any, error) {
	return struct{}{}, c.setDomain(in, func(p *state.Pool) error {
		if err := hasDomain(p, in.Domain); err != nil {
			return err
		}
		p.Domain = ""
		return nil
	})
}

func hasDomain(p *state.Pool, domain string) error {
	if p.Domain != domain {
		return invalid("No such domain or user pool exists.")
	}
	return nil
}

func (c *call) setDomain(in *domainInput, change func(*state.Pool) error) error {
	pool, err := c.poolByID(in.UserPoolId)
	if err != nil {
		return err
	}
	_, err = c.store.UpdatePool(pool.ID, change)
	return err
}

// describeDomain answers with an empty description where there is no such domain, as AWS does.
func describeDomain(c *call, in *domainInput) (any, error) {
	for _, p := range c.store.Pools() {
		if p.Domain == in.Domain {
			return map[string]any{"DomainDescription": map[string]any{
				"UserPoolId": p.ID, "AWSAccountId": "000000000000", "Domain": p.Domain, "Status": "ACTIVE", "Version": "1", "CustomDomainConfig": struct{}{},
			}}, nil
		}
	}
	return map[string]any{"DomainDescription": struct{}{}}, nil
}
