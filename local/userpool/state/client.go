package state

import (
	"encoding/json"
	"time"
)

// Client is an app client. Settings are replaced as a whole and never modified in place.
type Client struct {
	ID, Pool          string
	Secret            string // empty for a public client
	Created, Modified time.Time
	Settings          *ClientSettings
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

	// Stored without effect: the local pool has no managed login.
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
