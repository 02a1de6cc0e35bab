package inspect

import (
	"context"
	"encoding/json"
	"fmt"
)

// Domain is a domain of a pool of the server.
type Domain struct {
	UserPoolID string   `json:"userPoolId"`
	Name       string   `json:"name"`
	URLs       []string `json:"urls"` // http first; none if it is not served
}

// Domains lists the domains of all pools.
func (c *Client) Domains(ctx context.Context) ([]Domain, error) {
	body, err := c.get(ctx, "/local/domains")
	if err != nil {
		return nil, err
	}
	var list struct{ Domains []Domain }
	if err := json.Unmarshal(body, &list); err != nil {
		return nil, fmt.Errorf("%s/local/domains is not a local pool's response: %w", c.endpoint, err)
	}
	return list.Domains, nil
}
