package control

import (
	"context"
	"slices"

	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/pages"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
)

// CreateClientInput is the input of CreateUserPoolClient.
type CreateClientInput struct {
	UserPoolId     string `v:"required,max=55"`
	ClientName     string `v:"required,max=128"`
	GenerateSecret bool
	ClientSecret   string `v:"max=64"`
	state.ClientSettings
}

// ClientOutput is the output of the operations that return an app client.
type ClientOutput struct{ UserPoolClient ClientType }

// ClientType is AWS's UserPoolClientType.
type ClientType struct {
	ClientId, UserPoolId           string
	ClientSecret                   string `json:",omitempty"`
	CreationDate, LastModifiedDate wire.Seconds
	*state.ClientSettings
}

func clientOutput(c state.Client) *ClientOutput {
	settings := *c.Settings
	if settings.TokenValidityUnits == nil {
		settings.TokenValidityUnits = &state.TokenValidityUnits{} // AWS writes {}
	}
	out := &ClientOutput{ClientType{
		ClientId: c.ID, UserPoolId: c.Pool, CreationDate: wire.Seconds(c.Created),
		LastModifiedDate: wire.Seconds(c.Modified), ClientSettings: &settings,
	}}
	if c.Confidential() { // of two, the older one: what was deployed with it keeps seeing it
		out.UserPoolClient.ClientSecret = c.Secrets[0].Value
	}
	return out
}

// CreateClient serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
func (r *Room) CreateClient(_ context.Context, in *CreateClientInput) (*ClientOutput, error) {
	pool, err := r.directory.Pool(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	settings := in.ClientSettings
	settings.ClientName = in.ClientName
	if settings.EnableTokenRevocation == nil {
		yes := true
		settings.EnableTokenRevocation = &yes
	}
	if settings.PreventUserExistenceErrors == "" {
		settings.PreventUserExistenceErrors = "LEGACY"
	}
	if err := checkClient(pool, &settings, in.GenerateSecret || in.ClientSecret != ""); err != nil {
		return nil, err
	}
	now := r.now()
	client := state.Client{
		Pool: pool.ID, Created: now, Modified: now, Settings: &settings,
	}
	err = firstFree(func(choice int) error {
		client.ID = r.ids.Client(pool.ID, in.ClientName, choice)
		secret := in.ClientSecret
		if in.GenerateSecret && secret == "" {
			secret = r.ids.Secret(pool.ID, client.ID, choice)
		}
		if secret != "" {
			client.Secrets = []state.ClientSecret{state.NewClientSecret(client.ID, secret, now)}
		}
		return r.store.CreateClient(client)
	})
	if err != nil {
		return nil, err
	}
	return clientOutput(client), nil
}

// ClientInput identifies an app client.
type ClientInput struct {
	UserPoolId string `v:"required,max=55"`
	ClientId   string `v:"required,max=128"`
}

// DescribeClient serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserPoolClient.html
func (r *Room) DescribeClient(_ context.Context, in *ClientInput) (*ClientOutput, error) {
	client, _, err := r.directory.ClientOf(in.UserPoolId, in.ClientId)
	if err != nil {
		return nil, err
	}
	return clientOutput(client), nil
}

// UpdateClientInput is the input of UpdateUserPoolClient.
type UpdateClientInput struct {
	UserPoolId string `v:"required,max=55"`
	ClientId   string `v:"required,max=128"`
	state.ClientSettings
}

// UpdateClient serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPoolClient.html
// Settings that the request omits return to their defaults.
func (r *Room) UpdateClient(_ context.Context, in *UpdateClientInput) (*ClientOutput, error) {
	client, pool, err := r.directory.ClientOf(in.UserPoolId, in.ClientId)
	if err != nil {
		return nil, err
	}
	settings := in.ClientSettings
	if settings.ClientName == "" {
		settings.ClientName = client.Settings.ClientName
	}
	if settings.EnableTokenRevocation == nil {
		settings.EnableTokenRevocation = client.Settings.EnableTokenRevocation
	}
	if settings.PreventUserExistenceErrors == "" {
		settings.PreventUserExistenceErrors = client.Settings.PreventUserExistenceErrors
	}
	if settings.RefreshTokenRotation == nil && client.Settings.RefreshTokenRotation != nil {
		settings.RefreshTokenRotation = &state.RefreshTokenRotation{Feature: disabled} // AWS never drops it again
	}
	if err := checkClient(pool, &settings, client.Confidential()); err != nil {
		return nil, err
	}
	client, err = r.store.UpdateClient(client.ID, func(changed *state.Client) error {
		changed.Settings, changed.Modified = &settings, r.now()
		return nil
	})
	if err != nil {
		return nil, err
	}
	return clientOutput(client), nil
}

// DeleteClient serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUserPoolClient.html
func (r *Room) DeleteClient(_ context.Context, in *ClientInput) (*wire.Empty, error) {
	client, _, err := r.directory.ClientOf(in.UserPoolId, in.ClientId)
	if err != nil {
		return nil, err
	}
	if err := r.store.DeleteClient(client.ID); err != nil {
		return nil, err
	}
	return &wire.Empty{}, pages.Forget(r.store, client)
}

// ListClientsInput is the input of ListUserPoolClients.
type ListClientsInput struct {
	ListInput
	ClientType string // REGULAR or DCR: only clients that were made, or were not, by dynamic client registration
}

// ListInput is the input of operations that list what belongs to a pool.
type ListInput struct {
	UserPoolId string `v:"required,max=55"`
	MaxResults *int
	NextToken  string
}

// ClientList is a page of app clients.
type ClientList struct {
	UserPoolClients []ClientSummary
	NextToken       string `json:",omitempty"`
}

// ClientSummary is AWS's UserPoolClientDescription.
type ClientSummary struct{ ClientId, ClientName, UserPoolId string }

// ListClients serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUserPoolClients.html
func (r *Room) ListClients(_ context.Context, in *ListClientsInput) (*ClientList, error) {
	const regular, dynamic = "REGULAR", "DCR"
	if !slices.Contains([]string{"", regular, dynamic}, in.ClientType) {
		return nil, fault.Constrain("clientType", fault.OneOf(regular, dynamic))
	}
	pool, err := r.directory.Pool(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	clients := r.store.Clients(pool.ID)
	if in.ClientType == dynamic {
		clients = nil // the local pool registers none
	}
	id := func(c state.Client) string { return c.ID }
	page, next, err := wire.Paginate(clients, in.MaxResults, in.NextToken, id)
	if err != nil {
		return nil, err
	}
	out := &ClientList{UserPoolClients: []ClientSummary{}, NextToken: next}
	for _, client := range page {
		out.UserPoolClients = append(out.UserPoolClients,
			ClientSummary{ClientId: client.ID, ClientName: client.Settings.ClientName, UserPoolId: pool.ID})
	}
	return out, nil
}
