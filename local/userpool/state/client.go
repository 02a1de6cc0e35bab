package state

import (
	"encoding/json"
	"strconv"
	"time"
)

// Client is an app client. Settings are replaced as a whole and never modified in place.
type Client struct {
	ID, Pool          string
	Secrets           []ClientSecret // at most two, the oldest first; none: a public client. Replaced as a whole
	Created, Modified time.Time
	Settings          *ClientSettings
	SSOMinutes        *int // SSOSession.MaxValidityMinutes; nil: AWS's default
}

// ClientSecret is one secret of an app client.
type ClientSecret struct {
	ID, Value string
	Created   time.Time
}

// Confidential reports whether the client has a secret.
func (c Client) Confidential() bool { return len(c.Secrets) > 0 }

// UnmarshalJSON also reads clients that were kept when they had one secret.
func (c *Client) UnmarshalJSON(text []byte) error {
	type plain Client
	kept := struct {
		*plain
		Secret string
	}{plain: (*plain)(c)}
	if err := json.Unmarshal(text, &kept); err != nil {
		return err
	}
	if kept.Secret != "" && len(c.Secrets) == 0 {
		c.Secrets = []ClientSecret{NewClientSecret(c.ID, kept.Secret, c.Created)}
	}
	return nil
}

// NewClientSecret returns a secret with AWS's form of its ID: client--seconds.
func NewClientSecret(client, value string, created time.Time) ClientSecret {
	return ClientSecret{ID: client + "--" + strconv.FormatInt(created.Unix(), 10), Value: value, Created: created}
}

// ClientSettings are the settings that CreateUserPoolClient takes, with AWS's names.
//
// See https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserPoolClientType.html
type ClientSettings struct {
	ClientName                 string `json:",omitempty"`
	RefreshTokenValidity       int
	AccessTokenValidity        int                   `json:",omitempty"`
	IdTokenValidity            int                   `json:",omitempty"`
	TokenValidityUnits         *TokenValidityUnits   `json:",omitempty"`
	ReadAttributes             []string              `json:",omitempty"`
	WriteAttributes            []string              `json:",omitempty"`
	ExplicitAuthFlows          []string              `json:",omitempty"`
	PreventUserExistenceErrors string                `json:",omitempty"`
	EnableTokenRevocation      *bool                 `json:",omitempty"`
	AuthSessionValidity        int                   `json:",omitempty"`
	RefreshTokenRotation       *RefreshTokenRotation `json:",omitempty"`

	// For managed login.
	SupportedIdentityProviders               []string `json:",omitempty"`
	CallbackURLs                             []string `json:",omitempty"`
	LogoutURLs                               []string `json:",omitempty"`
	DefaultRedirectURI                       string   `json:",omitempty"`
	AllowedOAuthFlows                        []string `json:",omitempty"`
	AllowedOAuthScopes                       []string `json:",omitempty"`
	AllowedOAuthFlowsUserPoolClient          bool
	AnalyticsConfiguration                   json.RawMessage `json:",omitempty"`
	EnablePropagateAdditionalUserContextData bool
}

// TokenValidityUnits holds the units of the token lifetimes: seconds, minutes, hours or days.
type TokenValidityUnits struct {
	AccessToken  string `json:",omitempty"`
	IdToken      string `json:",omitempty"`
	RefreshToken string `json:",omitempty"`
}

// RefreshTokenRotation says whether a refresh returns a new refresh token.
type RefreshTokenRotation struct {
	Feature                 string
	RetryGracePeriodSeconds int // AWS writes 0, too
}
