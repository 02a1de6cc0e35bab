package signin

import (
	"context"
	"slices"
	"strings"
	"time"

	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
)

// InitiateInput is the input of InitiateAuth.
type InitiateInput struct {
	AuthFlow       string `v:"required"`
	ClientId       string `v:"required,max=128"`
	AuthParameters map[string]string
	ClientMetadata map[string]string
	Session        string // of ConfirmSignUp, in USER_AUTH
}

// AdminInitiateInput is the input of AdminInitiateAuth.
type AdminInitiateInput struct {
	UserPoolId string `v:"required,max=55"`
	InitiateInput
}

// The names of flows that the code refers to.
const (
	adminPassword = "ADMIN_USER_PASSWORD_AUTH"
	refreshFlow   = "REFRESH_TOKEN_AUTH"
)

// flowOf translates older names of flows.
func flowOf(name string) string {
	switch name {
	case "REFRESH_TOKEN":
		return refreshFlow
	case "ADMIN_NO_SRP_AUTH":
		return adminPassword
	}
	return name
}

// Initiate serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html
func (r *Room) Initiate(ctx context.Context, at wire.Request, in *InitiateInput) (*Result, error) {
	began := time.Now()
	client, pool, err := r.directory.Client(in.ClientId)
	if err != nil {
		return nil, err
	}
	defer even(ctx, client, began)
	if flowOf(in.AuthFlow) == adminPassword {
		return nil, fault.New(fault.Invalid, "Initiate Auth method not supported.")
	}
	return r.initiate(ctx, r.attempt(at, client, pool), in)
}

// AdminInitiate serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminInitiateAuth.html
func (r *Room) AdminInitiate(ctx context.Context, at wire.Request, in *AdminInitiateInput) (*Result, error) {
	client, pool, err := r.directory.ClientOf(in.UserPoolId, in.ClientId)
	if err != nil {
		return nil, err
	}
	return r.initiate(ctx, r.attempt(at, client, pool), &in.InitiateInput)
}

func (r *Room) initiate(ctx context.Context, a *Attempt, in *InitiateInput) (*Result, error) {
	a.validation, a.device = in.ClientMetadata, in.AuthParameters[deviceKey]
	name, p := flowOf(in.AuthFlow), Parameters(in.AuthParameters)
	flow := r.flows[name]
	switch {
	case flow == nil && name != refreshFlow:
		return nil, fault.Constrain("authFlow", "Member must satisfy enum value set")
	case !allows(a.Client, name):
		return nil, fault.New(fault.FlowNotEnabled, name)
	case name == refreshFlow:
		if err := p.need("REFRESH_TOKEN"); err != nil {
			return nil, err
		}
		issued, err := r.refresh(ctx, a, p["REFRESH_TOKEN"], func() error { return a.checkRefreshHash(p["SECRET_HASH"]) })
		if err != nil {
			return nil, err
		}
		return tokensOnly(issued), nil
	}
	if name == choiceFlowName && in.Session != "" {
		flow = autoFlow{in.Session}
	}
	return r.begin(ctx, a, flow, p)
}

// defaultFlows lists the flows of clients without ExplicitAuthFlows.
func defaultFlows() []string {
	return []string{"ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH"}
}

// allows reports whether the client may use a flow. Names without ALLOW_ are an older form of the setting.
func allows(client state.Client, flow string) bool {
	list := client.Settings.ExplicitAuthFlows
	if len(list) == 0 {
		list = defaultFlows()
	}
	if slices.Contains(list, "ALLOW_"+flow) {
		return true
	}
	if slices.ContainsFunc(list, func(name string) bool { return strings.HasPrefix(name, "ALLOW_") }) {
		return false
	}
	switch flow { // in the older form, SRP and refresh are always allowed
	case "USER_SRP_AUTH", refreshFlow:
		return !slices.Contains(list, "CUSTOM_AUTH_FLOW_ONLY") || flow == refreshFlow
	case "CUSTOM_AUTH":
		return slices.Contains(list, "CUSTOM_AUTH_FLOW_ONLY")
	case adminPassword:
		return slices.Contains(list, "ADMIN_NO_SRP_AUTH")
	}
	return slices.Contains(list, flow)
}
