// Command pre-sign-up decides whether an account may be created. Cognito calls it for three sources: somebody registers
// (PreSignUp_SignUp), an administrator creates a user (PreSignUp_AdminCreateUser), or a user of an identity provider
// signs in for the first time (PreSignUp_ExternalProvider).
//
// It applies the rules of shared/signup, and links a federated user to an existing account where settings allow it and
// both sides have verified the same e-mail address. It never verifies an address: neither a domain nor a pattern proves
// that somebody owns it, and in a pool with e-mail as alias it would take the alias away from its owner.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-sign-up.html
package main

import (
	"context"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/signup"
	"cognito-triggers/shared/trigger"
)

type handler struct {
	config Config
	linker linker
}

func newHandler(config Config, users pool) trigger.Handler[events.PreSignUpRequest, events.PreSignUpResponse] {
	h := handler{config, linker{config.LinkProviders, users}}
	return h.handle
}

func (h handler) handle(ctx context.Context, e *events.PreSignUpEvent) error {
	applicant := signup.Applicant{
		Source:     source(e.TriggerSource),
		Username:   e.UserName,
		Attributes: e.Request.UserAttributes,
	}
	if refusal, refused := h.config.Rules.Refuse(applicant); refused {
		return refuse(ctx, refusal)
	}
	if applicant.Source == signup.SelfSignUp && federatedName(h.config.LinkProviders, e.UserName) {
		return refuse(ctx, reservedUsername)
	}
	switch e.TriggerSource {
	case cognito.PreSignUpSignUp:
		if h.config.AutoConfirm {
			e.Response.AutoConfirmUser = events.Bool(true)
		}
	case cognito.PreSignUpExternalProvider:
		return h.linker.link(ctx, e)
	}
	return nil
}

// reservedUsername says the same as the rules for user names do.
var reservedUsername = signup.Refusal{Rule: "ReservedUsername", Text: "This user name is not allowed"}

// federatedName tells whether Cognito would give the name to a user of a listed provider. Somebody who registered under
// it first would stand where that user belongs.
func federatedName(providers []string, userName string) bool {
	_, federated := identify(providers, userName)
	return federated
}

// source reads a trigger source. One that Cognito may add later gets the strictest rules.
func source(triggerSource string) signup.Source {
	switch triggerSource {
	case cognito.PreSignUpAdminCreateUser:
		return signup.AdminCreated
	case cognito.PreSignUpExternalProvider:
		return signup.Federated
	}
	return signup.SelfSignUp
}

// refuse tells the user why, and the metrics which rule it was.
func refuse(ctx context.Context, refusal signup.Refusal) error {
	trigger.Count(ctx, "SignUpsRefused")
	trigger.Note(ctx, "RefusedBy", refusal.Rule)
	return trigger.Reject(refusal.Text)
}
