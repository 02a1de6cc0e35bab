package tokens

import (
	"context"
	"slices"
	"time"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/triggers"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/local/userpool/token"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
)

const (
	// clientTokenFlow is the flow of app clients that ask for tokens of their own, without ALLOW_.
	clientTokenFlow = "CLIENT_TOKEN_AUTH"
	maxScopes       = 50 // in one request
)

// ClientTokenInput is the input of GetClientToken.
type ClientTokenInput struct {
	ClientId       string `v:"required,max=128"`
	Secret         string `v:"required,max=64"`
	Scopes         []string
	ClientMetadata map[string]string
}

// ClientTokenOutput is the output of GetClientToken.
type ClientTokenOutput struct{ ClientAuthenticationResult ClientIssued }

// ClientIssued is AWS's ClientAuthenticationResultType.
type ClientIssued struct {
	AccessToken string
	ExpiresIn   int
	TokenType   string
}

// ClientToken serves the operation GetClientToken, which gives an app client a token of its own. The secret comes
// first: without it, nobody learns what the client may do.
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-define-resource-servers.html
func (t *Room) ClientToken(ctx context.Context, at wire.Request, in *ClientTokenInput) (*ClientTokenOutput, error) {
	client, pool, err := t.directory.Client(in.ClientId)
	if err != nil {
		return nil, err
	}
	if err := directory.CheckMachine(client, in.Secret); err != nil {
		return nil, err
	}
	switch {
	case !slices.Contains(client.Settings.ExplicitAuthFlows, "ALLOW_"+clientTokenFlow):
		return nil, fault.New(fault.FlowNotEnabled, clientTokenFlow)
	case len(in.Scopes) > maxScopes:
		return nil, fault.Constrain("scopes", "Member must have length less than or equal to 50")
	}
	out, err := t.Machine(ctx, at, Machine{
		Pool: pool, Client: client, Scopes: in.Scopes, Metadata: in.ClientMetadata,
	})
	if err != nil {
		return nil, err
	}
	return &ClientTokenOutput{*out}, nil
}

// Machine is an app client that has proved itself and asks for a token of its own.
type Machine struct {
	Pool     state.Pool
	Client   state.Client
	Scopes   []string // empty: all that the client may have
	Metadata map[string]string
	Granted  bool // by the token endpoint, and not by the API
}

// machineName is the user name in the events of app clients.
const machineName = "ClientCredentials"

// machineRequest is the request of pre token generation for an app client, which is nobody's.
type machineRequest struct {
	UserAttributes     events.Attributes          `json:"userAttributes"`
	GroupConfiguration *events.GroupConfiguration `json:"groupConfiguration"`
	Scopes             []string                   `json:"scopes"`
	ClientMetadata     events.Attributes          `json:"clientMetadata,omitempty"`
}

// Machine returns an access token for an app client. It fires pre token generation if the pool's function takes event
// version 3. A scope that the client may not have is an error.
func (t *Room) Machine(ctx context.Context, r wire.Request, m Machine) (*ClientIssued, error) {
	scopes := directory.MachineScopes(m.Pool, m.Client)
	if len(m.Scopes) > 0 {
		for _, scope := range m.Scopes {
			if !slices.Contains(scopes, scope) {
				return nil, fault.New(fault.ScopeUnknown, scope)
			}
		}
		scopes = distinct(m.Scopes)
	}
	override, err := t.machineOverride(ctx, m, scopes)
	if err != nil {
		return nil, err
	}
	signer, err := t.signer(r, m.Pool)
	if err != nil {
		return nil, err
	}
	access := lifetime(m.Client, token.KindAccess)
	text, err := signer.Machine(m.Client.ID, scopes, m.Granted, override, t.now(), access)
	return &ClientIssued{AccessToken: text, ExpiresIn: int(access / time.Second), TokenType: "Bearer"}, err
}

func (t *Room) machineOverride(ctx context.Context, m Machine, scopes []string) (*token.Override, error) {
	arn, version := triggers.Function(m.Pool, cognito.PreTokenGeneration)
	if arn == "" || version != "3" {
		return nil, nil
	}
	return t.ask(ctx, version, triggers.Call{
		Pool: m.Pool, Hook: cognito.PreTokenGeneration, Source: cognito.TokenGenerationClientCredentials,
		UserName: machineName, ClientID: m.Client.ID,
		Request: machineRequest{UserAttributes: events.Attributes{}, Scopes: scopes, ClientMetadata: m.Metadata},
	})
}

// distinct returns the texts without repetitions.
func distinct(texts []string) []string {
	var once []string
	for _, text := range texts {
		if !slices.Contains(once, text) {
			once = append(once, text)
		}
	}
	return once
}
