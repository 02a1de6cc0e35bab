package passkeys

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/local/userpool/webauthn"
)

// StartInput is the input of StartWebAuthnRegistration.
type StartInput struct {
	AccessToken string `v:"required"`
}

// StartOutput is the output of StartWebAuthnRegistration. The options are an object, not text.
type StartOutput struct{ CredentialCreationOptions json.RawMessage }

// Start serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_StartWebAuthnRegistration.html
func (r *Room) Start(_ context.Context, at wire.Request, in *StartInput) (*StartOutput, error) {
	b, err := r.tokens.Authorize(at, in.AccessToken)
	if err != nil {
		return nil, err
	}
	options, err := r.Begin(b)
	if err != nil {
		return nil, err
	}
	return &StartOutput{options}, nil
}

// Begin returns the options with which a user's browser makes a passkey, as JSON.
func (r *Room) Begin(b directory.Bearer) (json.RawMessage, error) {
	known, relyingParty := r.usable(b.Pool, b.User)
	switch {
	case !b.Pool.Settings.AllowsFirst(Factor):
		return nil, fault.New(fault.PasskeysNotEnabled)
	case relyingParty == "":
		return nil, fault.New(fault.PasskeyConfigurationMissing)
	case len(b.User.Passkeys) >= most:
		return nil, fault.New(fault.TooManyPasskeys)
	}
	excluded := make([]webauthn.Descriptor, 0, len(known))
	for _, key := range known {
		excluded = append(excluded, webauthn.Describe(key.ID))
	}
	return json.Marshal(webauthn.NewCreationOptions(webauthn.Ceremony{
		RelyingParty: relyingParty, Challenge: r.challenge(registration, b, registrationTime), Verified: mustVerify(b.Pool),
	}, b.User.Username, b.User.Sub(), excluded))
}

// CompleteInput is the input of CompleteWebAuthnRegistration. The credential is an object, not text.
type CompleteInput struct {
	AccessToken string          `v:"required"`
	Credential  json.RawMessage `v:"required"`
}

// Complete serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CompleteWebAuthnRegistration.html
func (r *Room) Complete(_ context.Context, at wire.Request, in *CompleteInput) (*wire.Empty, error) {
	b, err := r.tokens.Authorize(at, in.AccessToken)
	if err != nil {
		return nil, err
	}
	return &wire.Empty{}, r.Finish(b, in.Credential)
}

// Finish registers the passkey that a user's browser made with the options of Begin.
func (r *Room) Finish(b directory.Bearer, credential json.RawMessage) error {
	if !b.Pool.Settings.AllowsFirst(Factor) {
		return fault.New(fault.PasskeysNotEnabled)
	}
	answer, err := webauthn.ParseRegistration(credential)
	if err != nil {
		return refusal(err)
	}
	if err := r.redeem(registration, b, answer.Challenge()); err != nil {
		return err
	}
	c := webauthn.Ceremony{
		RelyingParty: r.relyingParty(b.Pool), Challenge: answer.Challenge(), Verified: mustVerify(b.Pool),
	}
	made, err := answer.Verify(c)
	if err != nil {
		return refusal(err)
	}
	key := state.Passkey{
		ID: made.ID, Key: made.Key, Counter: made.Counter, BackupEligible: made.BackupEligible,
		RelyingParty: c.RelyingParty, Attachment: made.Attachment, Transports: made.Transports,
		Name: friendlyName(made.Attachment), Created: r.now(),
	}
	_, err = r.directory.Change(b.Pool, b.User.Username, func(u *state.User) error {
		switch {
		case len(u.Passkeys) >= most:
			return fault.New(fault.TooManyPasskeys)
		case indexOf(u.Passkeys, key.ID) >= 0:
			return fault.New(fault.PasskeyInvalid)
		}
		u.Passkeys = append(u.Passkeys, key)
		return nil
	})
	return err
}

// refusal returns the fault for a new passkey that is not accepted.
func refusal(err error) error {
	switch {
	case errors.Is(err, webauthn.ErrUnsupported):
		return fault.New(fault.PasskeyNotSupported)
	case errors.Is(err, webauthn.ErrOrigin):
		return fault.New(fault.PasskeyOriginNotAllowed)
	case errors.Is(err, webauthn.ErrRelyingParty):
		return fault.New(fault.PasskeyRelyingPartyMismatch)
	}
	return fault.New(fault.PasskeyInvalid)
}

// friendlyName returns a passkey's name for its user. Cognito has no operation to change it.
func friendlyName(attachment string) string {
	switch attachment {
	case "cross-platform":
		return "Roaming passkey"
	case "platform":
		return "Platform passkey"
	}
	return "Passkey"
}

// indexOf returns the index of a passkey, or -1.
func indexOf(list []state.Passkey, id []byte) int {
	return slices.IndexFunc(list, func(key state.Passkey) bool { return string(key.ID) == string(id) })
}
