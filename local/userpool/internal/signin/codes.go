package signin

import (
	"context"
	"maps"
	"slices"
	"time"

	"cognito-triggers/local/userpool/internal/delivery"
	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/secondfactor"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/shared/cognito"
)

// The challenges whose answer is a code that was sent.
const (
	emailOTP = "EMAIL_OTP" // the first or the second factor
	smsOTP   = "SMS_OTP"   // the first factor
	smsMFA   = "SMS_MFA"   // the second factor
)

// The digits of the codes; see docs/aws-behaviour.md.
const (
	firstFactorDigits  = 8
	secondFactorDigits = 6
)

// sentCode checks a code that was sent by e-mail or SMS.
type sentCode struct{ name, attribute string }

// sentCodes lists the challenges of this kind.
func sentCodes() []sentCode {
	return []sentCode{{emailOTP, directory.Email}, {smsOTP, directory.Phone}, {smsMFA, directory.Phone}}
}

func (c sentCode) Name() string { return c.name }

// position says which factor of a sign-in a challenge is.
type position bool

const (
	asFirstFactor  position = true // of choice-based sign-in
	asSecondFactor position = false
)

// ask sends a code to the user and returns the challenge that asks for it. To users who do not exist, it only seems to
// send one.
func (c sentCode) ask(ctx context.Context, a *Attempt, at position, parameters map[string]string) (Step, error) {
	digits := secondFactorDigits
	if at == asFirstFactor {
		digits = firstFactorDigits
	}
	began := time.Now()
	details, code, err := a.sendCode(ctx, c.attribute, digits)
	if at == asFirstFactor && directory.Discreet(a.Client) {
		a.room.delivery.HoldSignInCode(ctx, a.Pool, began)
	}
	if err != nil {
		return Step{}, err
	}
	shown := map[string]string{
		"CODE_DELIVERY_DELIVERY_MEDIUM": details.DeliveryMedium, "CODE_DELIVERY_DESTINATION": details.Destination,
	}
	maps.Copy(shown, parameters)
	step, _ := ask(c.name, shown, func(s *state.Session) { s.Code, s.First = code, bool(at) })
	if at == asFirstFactor {
		step.question.available = []string{c.name}
	}
	return step, nil
}

// sendCode sends a code to the user. To users who do not exist or are disabled, it only seems to.
func (a *Attempt) sendCode(ctx context.Context, attribute string, digits int) (delivery.Details, state.Code, error) {
	address := a.User.Attributes[attribute]
	if a.Unknown || a.User.Disabled {
		if a.Unknown {
			address = a.typed
		}
		return a.room.delivery.PretendedAt(a.Pool, address, attribute), state.Code{}, nil
	}
	return a.room.delivery.SendSignInCode(ctx, delivery.Outgoing{
		Pool: a.Pool, User: a.User, Source: cognito.CustomMessageAuthentication, ClientID: a.Client.ID,
		Metadata: a.metadata, Attribute: attribute, Address: address, BaseURL: a.Request.BaseURL,
	}, digits, a.room.now().Add(sessionTime(a.Client)))
}

// Answer accepts the code, unless the user has another address by now. It proves that the user receives what is sent
// there, so the address becomes verified, and a first factor confirms the user.
func (c sentCode) Answer(ctx context.Context, a *Attempt, s state.Session, p Parameters) (Step, error) {
	parameter := c.name + "_CODE"
	if err := p.need(parameter); err != nil {
		return Step{}, err
	}
	check := func() (refused, err error) {
		fits := s.Code.Fits(a.User.Sub(), string(delivery.SignIn), p[parameter])
		moved := !s.SetsUp && a.User.Attributes[s.Code.Attribute] != s.Code.Address
		if a.Unknown || !fits || moved {
			refused = fault.New(fault.SignInCodeMismatch)
		}
		return refused, nil
	}
	count := a.oneTime
	if s.First {
		count = a.signInCode
	}
	if err := count(check); err != nil {
		return Step{}, err
	}
	if s.First && !a.takes(c.name) {
		return Step{}, fault.New(fault.SessionInvalid)
	}
	confirmed := false
	if err := a.change(func(u *state.User) error {
		if s.SetsUp {
			if !slices.Contains(secondfactor.After(a.Pool, *u).CanAdd, c.name) { // the user got a factor meanwhile
				return fault.New(fault.SessionInvalid)
			}
			u.Attributes[s.Code.Attribute] = s.Code.Address
			secondfactor.Prefer(u, c.name)
		}
		if u.Attributes[s.Code.Attribute] == s.Code.Address {
			directory.SetVerified(u, s.Code.Attribute, true)
		}
		if s.First && u.Status == state.Unconfirmed {
			u.Status, u.Modified, confirmed = state.Confirmed, a.room.now(), true
			delete(u.Codes, string(delivery.SignUp))
		}
		return nil
	}); err != nil {
		return Step{}, err
	}
	if !s.First {
		return proved(secondFactor)
	}
	if confirmed && a.room.confirmation == Announced {
		source := cognito.PostConfirmationConfirmSignUp
		if err := a.room.triggers.PostConfirmation(ctx, a.Pool, a.User, source, a.Client.ID, a.metadata); err != nil {
			return Step{}, err
		}
	}
	return proved(passwordless)
}
