package userpool

import (
	"crypto/hmac"

	"cognito-triggers/local/userpool/state"
)

type accessTokenInput struct {
	AccessToken string `v:"required"`
}

// getUser serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUser.html
func getUser(c *call, in *accessTokenInput) (any, error) {
	b, err := c.authorize(in.AccessToken)
	if err != nil {
		return nil, err
	}
	out := mfaSettings(b.user)
	out["Username"], out["UserAttributes"] = b.user.Username, attributeList(readableAttributes(b.client, b.user))
	return out, nil
}

// globalSignOut serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GlobalSignOut.html
func globalSignOut(c *call, in *accessTokenInput) (any, error) {
	b, err := c.authorize(in.AccessToken)
	if err != nil {
		return nil, err
	}
	c.store.RevokeFamilies(b.pool.ID, b.user.Username)
	return struct{}{}, nil
}

// adminUserGlobalSignOut serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminUserGlobalSignOut.html
func adminUserGlobalSignOut(c *call, in *adminUserInput) (any, error) {
	pool, u, err := c.poolUser(in.UserPoolId, in.Username)
	if err != nil {
		return nil, err
	}
	c.store.RevokeFamilies(pool.ID, u.Username)
	return struct{}{}, nil
}

type revokeTokenInput struct {
	Token        string `v:"required"`
	ClientId     string `v:"required,max=128"`
	ClientSecret string
}

// revokeToken serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RevokeToken.html
func revokeToken(c *call, in *revokeTokenInput) (any, error) {
	client, _, err := c.clientByID(in.ClientId)
	if err != nil {
		return nil, err
	}
	if err := checkClientSecret(client, in.ClientSecret); err != nil {
		return nil, err
	}
	if revocable := client.Settings.EnableTokenRevocation; revocable != nil && !*revocable {
		return nil, &apiError{"UnsupportedOperationException", "Token revocation is disabled for this client."}
	}
	family, _, err := c.store.FamilyOf(in.Token)
	if err != nil {
		if poolOfToken(in.Token) != "" {
			return nil, &apiError{"UnsupportedTokenTypeException", "Unsupported token type"}
		}
		return struct{}{}, nil // AWS says nothing of tokens that it does not know
	}
	if family.Client != client.ID {
		return nil, &apiError{"UnauthorizedException", "Token was not issued to this client."}
	}
	_, err = c.store.UpdateFamily(family.OriginJTI, func(f *state.Family) error { f.Revoked = true; return nil })
	return struct{}{}, err
}

func checkClientSecret(client state.Client, secret string) error {
	if client.Secret != "" && !hmac.Equal([]byte(client.Secret), []byte(secret)) {
		return notAuthorized("Unable to verify secret for client " + client.ID)
	}
	return nil
}

type getTokensInput struct {
	RefreshToken   string `v:"required"`
	ClientId       string `v:"required,max=128"`
	ClientSecret   string
	ClientMetadata map[string]string
}

// getTokensFromRefreshToken serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetTokensFromRefreshToken.html
func getTokensFromRefreshToken(c *call, in *getTokensInput) (any, error) {
	client, pool, err := c.clientByID(in.ClientId)
	if err != nil {
		return nil, err
	}
	if err := checkClientSecret(client, in.ClientSecret); err != nil {
		return nil, err
	}
	a := &signIn{call: c, pool: pool, client: client, metadata: in.ClientMetadata}
	out, err := a.refresh(in.RefreshToken, "", false)
	if err != nil {
		return nil, err
	}
	return map[string]any{"AuthenticationResult": out.AuthenticationResult}, nil
}
