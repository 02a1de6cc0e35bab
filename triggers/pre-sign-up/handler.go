// Command pre-sign-up decides whether an account may be created. Cognito calls it for three sources: somebody registers
// (PreSignUp_SignUp), an administrator creates a user (PreSignUp_AdminCreateUser), or a user of an identity provider
// signs in for the first time (PreSignUp_ExternalProvider).
//
// It applies the rules of shared/signup, and links a federated user to an existing account if the settings allow it and
// both sides have verified the same e-mail address. Names that users of an old system sign in with are kept free for
// them, if the settings name that system. It never marks an address as verified: neither a domain nor a
// pattern proves who owns it, and in a pool with e-mail aliases this would take the alias away from its owner.
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
	if applicant.Source == signup.SelfSignUp {
		if err := h.config.Guard.check(ctx, e); err != nil {
			return err
		}
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

// reservedUsername has the same text as the rules for user names.
var reservedUsername = signup.Refusal{Rule: "ReservedUsername", Text: "This user name is not allowed"}

// federatedName reports whether Cognito would use the name for a user of a listed provider. Somebody who registered it
// first would take that user's place.
func federatedName(providers []string, userName string) bool {
	_, federated := identify(providers, userName)
	return federated
}

// source returns the source of an account. A trigger source that Cognito adds later gets the strictest rules.
func source(triggerSource string) signup.Source {
	switch triggerSource {
	case cognito.PreSignUpAdminCreateUser:
		return signup.AdminCreated
	case cognito.PreSignUpExternalProvider:
		return signup.Federated
	}
	return signup.SelfSignUp
}

// refuse returns the refusal for the user and records its rule in the metrics.
func refuse(ctx context.Context, refusal signup.Refusal) error {
	trigger.Count(ctx, "SignUpsRefused")
	trigger.Note(ctx, "RefusedBy", refusal.Rule)
	return trigger.Reject(refusal.Text)
}
