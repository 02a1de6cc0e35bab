// Command inbound-federation decides which attributes of an identity provider reach the user pool, by rules that are
// data. Cognito calls it at every federated sign-in (InboundFederation_ExternalProvider), after it has checked the
// provider's answer and before it creates or updates the user.
//
// The event holds live tokens of the provider. They reach neither the answer nor a log.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-inbound-federation.html
package main

import (
	"context"
	"errors"
	"log/slog"

	"cognito-triggers/shared/events"
	"cognito-triggers/shared/inbound"
	"cognito-triggers/shared/trigger"
)

// The counters of the invocation's metrics line.
const (
	signInsRefused    = "SignInsRefused"
	attributesDropped = "AttributesDropped"
	attributesCut     = "AttributesCut"
	nothingLeft       = "NothingLeft"
)

var (
	errSubject = errors.New("sub is longer than Cognito allows")
	errNothing = errors.New("no attribute is left, and Cognito would take an empty answer for all of them: let one pass")
)

func newHandler(
	config Config,
) trigger.Handler[events.InboundFederationRequest, events.InboundFederationResponse] {
	return func(ctx context.Context, e *events.InboundFederationEvent) error {
		result := config.Rules.Apply(e.Request)
		if result.Refused {
			return refuse(ctx, result)
		}
		for _, name := range result.Dropped {
			trigger.Count(ctx, attributesDropped)
			slog.InfoContext(ctx, "an attribute that sounds like authority was dropped: keep it by a rule if the provider may "+
				"decide on it", "attribute", name)
		}
		for _, name := range result.Cut {
			trigger.Count(ctx, attributesCut)
			slog.WarnContext(ctx, "an attribute is longer than Cognito allows, and was cut or dropped", "attribute", name)
		}
		switch {
		case !result.Changed: // an empty answer keeps everything
		case len(result.Attributes) == 0:
			trigger.Count(ctx, nothingLeft)
			return errNothing
		default:
			e.Response.UserAttributesToMap = result.Attributes
		}
		return nil
	}
}

func refuse(ctx context.Context, result inbound.Result) error {
	trigger.Count(ctx, signInsRefused)
	trigger.Note(ctx, "RefusedBy", result.Rule)
	if result.Text == "" {
		return errSubject
	}
	return trigger.Reject(result.Text)
}
