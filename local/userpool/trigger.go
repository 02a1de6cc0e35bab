package userpool

import (
	"encoding/json"
	"maps"
	"slices"

	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
)

// function is the ARN that a pool's LambdaConfig has for a hook, and the version of its events.
func function(pool state.Pool, hook cognito.Hook) (arn, version string) {
	l := pool.Settings.LambdaConfig
	if l == nil {
		return "", ""
	}
	found, _ := l.Function(hook)
	if found.Version == "" {
		return found.ARN, "1"
	}
	return found.ARN, cognito.Number(found.Version)
}

// fire calls the pool's function for a hook; without one the response is empty.
func (c *call) fire(pool state.Pool, hook cognito.Hook, source, username, client string, request any) (map[string]json.RawMessage, error) {
	arn, version := function(pool, hook)
	if arn == "" {
		return nil, nil
	}
	if client == "" {
		client = fire.NoClient
	}
	return c.firer.Fire(c.ctx, fire.Call{
		Hook: hook, Source: source, ARN: arn, Version: version, Region: pool.Region, PoolID: pool.ID, UserName: username,
		ClientID: client, SES: sendsThroughSES(pool), Request: request,
	})
}

// ask fires the trigger of a step of the sign-in.
func (a *signIn) ask(hook cognito.Hook, request any) (map[string]json.RawMessage, error) {
	return a.fire(a.pool, hook, hook.Sources()[0], a.name(), a.client.ID, request)
}

func sendsThroughSES(pool state.Pool) bool {
	e := pool.Settings.EmailConfiguration
	return e != nil && e.EmailSendingAccount == "DEVELOPER"
}

// eventAttributes are a user's attributes as triggers get them.
func eventAttributes(pool state.Pool, u state.User) map[string]string {
	all := maps.Clone(u.Attributes)
	all["cognito:user_status"] = u.Status
	for attribute, alias := range map[string]string{"email": "cognito:email_alias", "phone_number": "cognito:phone_number_alias"} {
		if slices.Contains(pool.Settings.AliasAttributes, attribute) && u.Attributes[attribute+"_verified"] == "true" {
			all[alias] = u.Attributes[attribute]
		}
	}
	return all
}

func (c *call) firePostConfirmation(pool state.Pool, u state.User, source, client string, metadata map[string]string) error {
	_, err := c.fire(pool, cognito.PostConfirmation, source, u.Username, client,
		events.PostConfirmationRequest{UserAttributes: eventAttributes(pool, u), ClientMetadata: metadata})
	return err
}
