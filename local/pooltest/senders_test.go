package pooltest_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"cognito-triggers/local/pooltest"
	"cognito-triggers/local/pooltest/senderkey"
	"cognito-triggers/shared/events"
)

// A handler of a custom sender gets a real message; a test reads the code and confirms the user with it.
func TestSenderOfATest(t *testing.T) {
	t.Parallel()
	key := senderkey.Start(t)
	var sealed atomic.Value
	p := pooltest.Start(t, pooltest.WithSenderKey(key),
		pooltest.On(events.CustomEmailSender, func(_ context.Context, e *events.CustomEmailSenderEvent) error {
			sealed.Store(e.Request.Code)
			return nil
		}))
	if err := p.SignUp(ines); err != nil {
		t.Fatal(err)
	}
	p.Settle()
	code, err := key.Open(p.ID, sealed.Load().(string))
	if err != nil || len(p.Inbox()) != 0 {
		t.Fatalf("code %q, error %v, inbox %v", code, err, p.Inbox())
	}
	if _, err := p.Client.ConfirmSignUp(t.Context(), &cip.ConfirmSignUpInput{
		ClientId: &p.ClientID, Username: &ines.Name, ConfirmationCode: &code,
	}); err != nil {
		t.Error(err)
	}
}

// A sender that fails is called three times; the user's operation does not see it.
func TestSenderThatFails(t *testing.T) {
	t.Parallel()
	p := pooltest.Start(t, pooltest.WithSenderKey(senderkey.Start(t)),
		pooltest.On(events.CustomEmailSender, func(context.Context, *events.CustomEmailSenderEvent) error {
			return errors.New("the provider is down")
		}))
	if err := p.SignUp(ines); err != nil {
		t.Fatal(err)
	}
	p.Settle()
	if fired := p.Fired(); len(fired) != 1 || len(fired[0].Attempts) != 3 || fired[0].Outcome == "ok" {
		t.Errorf("fired %+v", fired)
	}
}

func TestSenderWithoutAKey(t *testing.T) {
	t.Parallel()
	_, err := pooltest.Open(pooltest.On(events.CustomSMSSender,
		func(context.Context, *events.CustomSMSSenderEvent) error { return nil }))
	if err == nil || !strings.Contains(err.Error(), "WithSenderKey") {
		t.Errorf("error %v", err)
	}
}
