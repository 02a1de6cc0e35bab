package scenario

import (
	"context"
	"errors"

	"cognito-triggers/local/stack"
	"cognito-triggers/shared/cognito"
)

// hooksOfAll are the hooks whose triggers the steps of the pool with all triggers show.
var hooksOfAll = []cognito.Hook{
	cognito.UserMigration, cognito.DefineAuthChallenge, cognito.CreateAuthChallenge, cognito.VerifyAuthChallengeResponse,
	cognito.CustomEmailSender,
}

// Stage returns the world of a deployed stack's pool, and what to call after the last step. If the repository has
// triggers for what they show, the world has a second pool with all triggers, and an old system that a user comes from.
func Stage(ctx context.Context, s *stack.Stack, pool, client string) (World, func(context.Context) error, error) {
	w := World{
		Cognito: s.Cognito, Server: s.Pool, Endpoint: s.Endpoint, UserPoolID: pool, ClientID: client,
		Profiles: s.Profiles, DynamoDB: s.DynamoDB, Table: s.Table, Emulator: s.Emulator, Sender: stack.Sender,
		APIEndpoint: s.APIEndpoint,
	}
	var err error
	if w.Hosted, err = HostedOf(ctx, s, pool); err != nil {
		return w, nil, err
	}
	for _, hook := range hooksOfAll {
		if !s.Serves(hook) || s.Emulator == nil {
			return w, func(context.Context) error { return nil }, nil
		}
	}
	old, err := openOldSystem(ctx, s.DynamoDB)
	if err != nil {
		return w, nil, err
	}
	settings, err := old.settings(s.Region)
	if err != nil {
		return w, nil, errors.Join(err, old.close(ctx))
	}
	shown, err := s.Demonstrate(ctx, map[string]map[string]string{
		"user-migration": settings, "custom-email-sender": {"SEND_WITH_SES": "true"},
		"create-auth-challenge": {"ANSWER_AFTER_MS": "0"}, // there is nobody to hide from
	})
	if err != nil {
		return w, nil, errors.Join(err, old.close(ctx))
	}
	w.all = allTriggers{userPoolID: shown.ID, clientID: shown.Clients["app"], old: old}
	return w, old.close, nil
}
