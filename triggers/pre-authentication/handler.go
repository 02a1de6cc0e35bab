// Command pre-authentication refuses sign-ins by rules that are data: suspended and locked users, groups, app clients,
// validation data, hours. Cognito calls it before a sign-in (PreAuthentication_Authentication), but neither at a
// refresh of tokens nor at a federated user's first sign-in.
//
// The rules are those of shared/admission. The trigger before a custom challenge can apply the same.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-authentication.html
package main

import (
	"context"
	"strings"

	"cognito-triggers/shared/admission/gate"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/trigger"
)

func newHandler(
	rules *gate.Gate,
) trigger.Handler[events.PreAuthenticationRequest, events.PreAuthenticationResponse] {
	return func(ctx context.Context, e *events.PreAuthenticationEvent) error {
		return rules.Check(ctx, gate.SignIn{
			UserPoolID:     e.UserPoolID,
			UserName:       e.UserName,
			ClientID:       e.CallerContext.ClientID,
			Sub:            strings.TrimSpace(e.Request.UserAttributes["sub"]),
			ValidationData: e.Request.ValidationData,
			Unknown:        events.True(e.Request.UserNotFound),
		})
	}
}
