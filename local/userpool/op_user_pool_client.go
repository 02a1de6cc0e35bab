package userpool

import (
	"slices"

	"cognito-triggers/local/userpool/state"
	"cognito-triggers/local/userpool/token"
)

type createClientInput struct {
	UserPoolId     string `v:"required,max=55"`
	ClientName     string `v:"required,max=128"`
	GenerateSecret bool
	ClientSecret   string `v:"max=64"`
	state.ClientSettings
}

// createUserPoolClient serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
func createUserPoolClient(c *call, in *createClientInput) (any, error) {
	pool, err := c.poolByID(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	settings := in.ClientSettings
	settings.ClientName = in.ClientName
	if err := checkClient(pool, &settings, true); err != nil {
		return nil, err
	}
	now := c.options.Now()
	client := state.Client{ID: randomText(lowerAlphanumeric, 26), Pool: pool.ID, Secret: in.ClientSecret, Created: now, Modified: now, Settings: &settings}
	if in.GenerateSecret && in.ClientSecret == "" {
		client.Secret = randomText(lowerAlphanumeric, 52)
	}
	if err := c.store.CreateClient(client); err != nil {
		return nil, err
	}
	return map[string]any{"UserPoolClient": clientTypeOf(client)}, nil
}

var authFlows = []string{
	"ADMIN_NO_SRP_AUTH", "CUSTOM_AUTH_FLOW_ONLY", "USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_CUSTOM_AUTH",
	"ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_AUTH",
}

const (
	minSession = 3 // minutes
	maxSession = 15
)

// checkClient fills in AWS's defaults and refuses what is wrong.
func checkClient(pool state.Pool, s *state.ClientSettings, create bool) error {
	if s.RefreshTokenValidity == 0 {
		s.RefreshTokenValidity = 30
	}
	if s.AuthSessionValidity == 0 {
		s.AuthSessionValidity = minSession
	}
	if s.EnableTokenRevocation == nil && create {
		yes := true
		s.EnableTokenRevocation = &yes
	}
	if s.PreventUserExistenceErrors == "" && create {
		s.PreventUserExistenceErrors = "LEGACY"
	}
	units := state.TokenValidityUnits{}
	if s.TokenValidityUnits != nil {
		units = *s.TokenValidityUnits
	}
	for kind, validity := range map[token.Kind]int{token.KindID: s.IdTokenValidity, token.KindAccess: s.AccessTokenValidity, token.KindRefresh: s.RefreshTokenValidity} {
		unit := map[token.Kind]string{token.KindID: units.IdToken, token.KindAccess: units.AccessToken, token.KindRefresh: units.RefreshToken}[kind]
		if _, err := token.Lifetime(kind, validity, unit); err != nil {
			return invalid("Invalid range for token validity: " + err.Error())
		}
	}
	switch {
	case s.AuthSessionValidity < minSession || s.AuthSessionValidity > maxSession:
		return invalid("1 validation error detected: Value at 'authSessionValidity' failed to satisfy constraint: Member must have value between 3 and 15")
	case !slices.Contains([]string{"", "LEGACY", "ENABLED"}, s.PreventUserExistenceErrors):
		return invalid("1 validation error detected: Value at 'preventUserExistenceErrors' failed to satisfy constraint: Member must satisfy enum value set: [LEGACY, ENABLED]")
	case s.RefreshTokenRotation != nil && s.RefreshTokenRotation.Feature == "ENABLED" && slices.Contains(s.ExplicitAuthFlows, "ALLOW_REFRESH_TOKEN_AUTH"):
		return invalid("Refresh token rotation cannot be enabled with ALLOW_REFRESH_TOKEN_AUTH.")
	}
	if r := s.RefreshTokenRotation; r != nil {
		switch {
		case r.Feature != "ENABLED" && r.Feature != "DISABLED":
			return invalid("1 validation error detected: Value at 'refreshTokenRotation.feature' failed to satisfy constraint: Member must satisfy enum value set: [ENABLED, DISABLED]")
		case r.RetryGracePeriodSeconds < 0 || r.RetryGracePeriodSeconds > 60:
			return invalid("1 validation error detected: Value at 'refreshTokenRotation.retryGracePeriodSeconds' failed to satisfy constraint: Member must have value between 0 and 60")
		}
	}
	for _, flow := range s.ExplicitAuthFlows {
		if !slices.Contains(authFlows, flow) {
			return invalid("1 validation error detected: Value at 'explicitAuthFlows' failed to satisfy constraint: Member must satisfy enum value set")
		}
	}
	for _, name := range slices.Concat(s.ReadAttributes, s.WriteAttributes) {
		if _, known := schemaOf(pool, name); !known {
			return invalid("Invalid attribute specified while creating a client: " + name)
		}
	}
	return nil
}

type clientType struct {
	ClientId, UserPoolId           string
	ClientSecret                   string `json:",omitempty"`
	CreationDate, LastModifiedDate seconds
	*state.ClientSettings
}

func clientTypeOf(c state.Client) clientType {
	return clientType{c.ID, c.Pool, c.Secret, seconds(c.Created), seconds(c.Modified), c.Settings}
}

type clientInput struct {
	UserPoolId string `v:"required,max=55"`
	ClientId   string `v:"required,max=128"`
}

// describeUserPoolClient serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserPoolClient.html
func describeUserPoolClient(c *call, in *clientInput) (any, error) {
	client, _, err := c.clientOf(in.UserPoolId, in.ClientId)
	if err != nil {
		return nil, err
	}
	return map[string]any{"UserPoolClient": clientTypeOf(client)}, nil
}

type updateClientInput struct {
	UserPoolId string `v:"required,max=55"`
	ClientId   string `v:"required,max=128"`
	state.ClientSettings
}

// updateUserPoolClient serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPoolClient.html
// What is left out goes back to its default.
func updateUserPoolClient(c *call, in *updateClientInput) (any, error) {
	client, pool, err := c.clientOf(in.UserPoolId, in.ClientId)
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
	if err := checkClient(pool, &settings, false); err != nil {
		return nil, err
	}
	client, err = c.store.UpdateClient(client.ID, func(changed *state.Client) error {
		changed.Settings, changed.Modified = &settings, c.options.Now()
		return nil
	})
	if err != nil {
		return nil, err
	}
	return map[string]any{"UserPoolClient": clientTypeOf(client)}, nil
}

// deleteUserPoolClient serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUserPoolClient.html
func deleteUserPoolClient(c *call, in *clientInput) (any, error) {
	client, _, err := c.clientOf(in.UserPoolId, in.ClientId)
	if err != nil {
		return nil, err
	}
	return struct{}{}, c.store.DeleteClient(client.ID)
}

type listClientsInput struct {
	UserPoolId string `v:"required,max=55"`
	MaxResults *int
	NextToken  string
}

// listUserPoolClients serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUserPoolClients.html
func listUserPoolClients(c *call, in *listClientsInput) (any, error) {
	pool, err := c.poolByID(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	page, next, err := paginate(c.store.Clients(pool.ID), in.MaxResults, in.NextToken, func(c state.Client) string { return c.ID })
	if err != nil {
		return nil, err
	}
	list := []map[string]string{}
	for _, client := range page {
		list = append(list, map[string]string{"ClientId": client.ID, "ClientName": client.Settings.ClientName, "UserPoolId": pool.ID})
	}
	return paged(map[string]any{"UserPoolClients": list}, "NextToken", next), nil
}
