// Command create-auth-challenge makes the challenge of a sign-in without a password: it sends a code by mail or SMS, or
// a link by mail, and asks for it. Where the client has a choice, the first round asks for that.
//
// A user who does not exist, or has no verified address, gets the same challenge in the same time, and nothing is sent.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-create-auth-challenge.html
package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"cognito-triggers/shared/challenge"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/sending"
	"cognito-triggers/shared/trigger"
)

// The counters of the invocation's metrics line.
const (
	messagesSent    = "MessagesSent"
	messagesLost    = "MessagesLost"
	messagesRefused = "MessagesRefused"
	answeredLate    = "AnsweredLate"
)

// What users read, whether they exist or not.
const (
	tooMany     = "Too many sign-in messages were asked for: try again later"
	foreignPage = "Sign-in links do not lead to this page"
	noMethod    = "This way to sign in is not offered"
)

// services are what the handler calls. A sender that no method needs is nil.
type services struct {
	store challenge.Store
	mail  sending.EmailSender
	sms   sending.SMSSender
}

type handler struct {
	config Config
	services
	desk challenge.Desk
}

func newHandler(config Config, s services,
	now func() time.Time) trigger.Handler[events.CreateAuthChallengeRequest, events.CreateAuthChallengeResponse] {
	return handler{config, s, challenge.Desk{Store: s.store, Now: now}}.handle
}

func (h handler) handle(ctx context.Context, e *events.CreateAuthChallengeEvent) error {
	began, choices := time.Now(), h.config.choices()
	user := challenge.User{PoolID: e.UserPoolID, Name: e.UserName}
	switch rounds := challenge.RoundsOf(e.Request.Session); {
	case rounds.Pending != "": // the last answer was wrong: the same code is asked for again, and none is sent
		offer, err := h.desk.Again(ctx, user, h.config.Policy, rounds.Pending)
		e.Response = h.config.Policy.Challenge(rounds.Pending, offer)
		return err
	case len(choices) > 0 && !rounds.Chosen:
		e.Response = challenge.ChooseChallenge(join(choices))
		return nil
	}
	method, err := h.method(choices, e.Request.ClientMetadata)
	if err != nil {
		return err
	}
	if method == challenge.HaveLink {
		e.Response = h.config.Policy.Challenge(magicLink, challenge.Offer{})
		return nil
	}
	return h.ask(ctx, e, user, method, began)
}

// method returns what the client chose, or the only method. verify-auth-challenge-response has checked the choice.
func (h handler) method(choices []challenge.Method, metadata map[string]string) (challenge.Method, error) {
	if len(choices) == 0 {
		return h.config.Methods[0], nil
	}
	chosen := challenge.Method(metadata[challenge.MetadataMethod])
	if !slices.Contains(choices, chosen) {
		return "", trigger.Reject(noMethod)
	}
	return chosen, nil
}

// ask makes a challenge and sends its code or link. Users who exist and who do not, differ in the last call alone, and
// the floor hides how long that takes.
func (h handler) ask(ctx context.Context, e *events.CreateAuthChallengeEvent, user challenge.User,
	method challenge.Method, began time.Time) error {
	page := ""
	if method == magicLink {
		var err error
		if page, err = h.config.Policy.Pages.Choose(e.Request.ClientMetadata[challenge.MetadataPage]); err != nil {
			return trigger.Reject(foreignPage)
		}
	}
	offer, err := h.desk.Ask(ctx, user, h.config.Policy, method)
	if errors.Is(err, challenge.ErrTooMany) {
		trigger.Count(ctx, messagesRefused)
		return trigger.Reject(tooMany)
	}
	if err != nil {
		return err
	}
	if offer.Secret != "" {
		trigger.Hide(ctx, offer.Secret)
		h.send(ctx, e, method, page, offer)
		h.wait(ctx, began)
	}
	e.Response = h.config.Policy.Challenge(method, offer)
	return nil
}

// wait lasts until the floor. A message that took longer than that is counted: the time of such an answer shows that
// the user exists.
func (h handler) wait(ctx context.Context, began time.Time) {
	left := h.config.Floor - time.Since(began)
	if left <= 0 {
		trigger.Count(ctx, answeredLate)
		return
	}
	timer := time.NewTimer(left)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

func join(methods []challenge.Method) string {
	var names []string
	for _, m := range methods {
		names = append(names, string(m))
	}
	return strings.Join(names, " ")
}
