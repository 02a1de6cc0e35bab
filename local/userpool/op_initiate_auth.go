package userpool

import (
	"fmt"

	"cognito-triggers/local/userpool/srp"
	"cognito-triggers/local/userpool/state"
)

type initiateAuthInput struct {
	AuthFlow       string `v:"required"`
	ClientId       string `v:"required,max=128"`
	AuthParameters map[string]string
	ClientMetadata map[string]string
}

type adminInitiateAuthInput struct {
	UserPoolId string `v:"required,max=55"`
	initiateAuthInput
}

// initiateAuth serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html
func initiateAuth(c *call, in *initiateAuthInput) (any, error) {
	client, pool, err := c.clientByID(in.ClientId)
	if err != nil {
		return nil, err
	}
	if in.AuthFlow == "ADMIN_USER_PASSWORD_AUTH" || in.AuthFlow == "ADMIN_NO_SRP_AUTH" {
		return nil, invalid("Initiate Auth method not supported.")
	}
	return (&signIn{call: c, pool: pool, client: client, validation: in.ClientMetadata}).initiate(in)
}

// adminInitiateAuth serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminInitiateAuth.html
func adminInitiateAuth(c *call, in *adminInitiateAuthInput) (any, error) {
	client, pool, err := c.clientOf(in.UserPoolId, in.ClientId)
	if err != nil {
		return nil, err
	}
	return (&signIn{call: c, pool: pool, client: client, admin: true, validation: in.ClientMetadata}).initiate(&in.initiateAuthInput)
}

func (a *signIn) initiate(in *initiateAuthInput) (any, error) {
	flow := in.AuthFlow
	switch flow { // older names
	case "REFRESH_TOKEN":
		flow = "REFRESH_TOKEN_AUTH"
	case "ADMIN_NO_SRP_AUTH":
		flow = "ADMIN_USER_PASSWORD_AUTH"
	}
	steps := map[string]func(map[string]string) (*authResult, error){
		"USER_PASSWORD_AUTH": a.withPassword, "ADMIN_USER_PASSWORD_AUTH": a.withPassword, "USER_SRP_AUTH": a.withSRP, "CUSTOM_AUTH": a.withChallenges,
		"REFRESH_TOKEN_AUTH": func(p map[string]string) (*authResult, error) {
			return a.refresh(p["REFRESH_TOKEN"], p["SECRET_HASH"], true)
		},
	}
	step := steps[flow]
	switch {
	case flow == "USER_AUTH":
		return nil, invalid("the local user pool does not offer USER_AUTH, the choice of sign-in")
	case step == nil:
		return nil, invalid("1 validation error detected: Value at 'authFlow' failed to satisfy constraint: Member must satisfy enum value set")
	case !allows(a.client, flow):
		return nil, invalid(fmt.Sprintf("%s flow not enabled for this client", flow))
	}
	if flow == "REFRESH_TOKEN_AUTH" {
		if in.AuthParameters["REFRESH_TOKEN"] == "" {
			return nil, invalid("Missing required parameter REFRESH_TOKEN")
		}
		return step(in.AuthParameters)
	}
	name := in.AuthParameters["USERNAME"]
	if name == "" {
		return nil, invalid("Missing required parameter USERNAME")
	}
	if err := checkSecret(a.client, in.AuthParameters["SECRET_HASH"], name); err != nil {
		return nil, err
	}
	return step(in.AuthParameters)
}

func (a *signIn) withPassword(p map[string]string) (*authResult, error) {
	if p["PASSWORD"] == "" {
		return nil, invalid("Missing required parameter PASSWORD")
	}
	checked, err := a.identifyOrMigrate(p["USERNAME"], p["PASSWORD"])
	if err != nil {
		return nil, err
	}
	if err := a.preAuthentication(); err != nil {
		return nil, err
	}
	if a.toldOfReset() {
		return nil, a.admitted()
	}
	if !checked {
		v := a.verifier()
		if err := a.password(func() bool { return v.Check(p["PASSWORD"]) }); err != nil {
			return nil, err
		}
	}
	return a.proceed()
}

func (a *signIn) withSRP(p map[string]string) (*authResult, error) {
	if p["SRP_A"] == "" {
		return nil, invalid("Missing required parameter SRP_A")
	}
	if err := a.identify(p["USERNAME"]); err != nil {
		return nil, err
	}
	if err := a.preAuthentication(); err != nil {
		return nil, err
	}
	if a.toldOfReset() {
		return nil, a.admitted()
	}
	return a.passwordVerifier(p["SRP_A"])
}

// toldOfReset tells whether the user hears before the password that it must be reset. A client that hides which users
// exist learns it after the right password only.
func (a *signIn) toldOfReset() bool {
	return !a.unknown && !discreet(a.client) && a.user.Status == state.ResetRequired
}

// passwordVerifier asks for the proof of the password.
func (a *signIn) passwordVerifier(publicA string) (*authResult, error) {
	exchange, err := srp.Begin(a.verifier(), publicA)
	if err != nil {
		return nil, invalid("Invalid SRP_A: " + err.Error())
	}
	return a.challenge("PASSWORD_VERIFIER", exchange.Parameters(), func(s *state.Session) { s.SRP = &exchange })
}
