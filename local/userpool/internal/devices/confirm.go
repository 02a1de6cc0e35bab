package devices

import (
	"context"
	"encoding/base64"

	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/srp"
	"cognito-triggers/local/userpool/state"
)

// ConfirmInput is the input of ConfirmDevice.
type ConfirmInput struct {
	AccessToken                string `v:"required"`
	DeviceKey                  string `v:"required,max=55"`
	DeviceName                 string `v:"max=1024"`
	DeviceSecretVerifierConfig SecretVerifier
}

// SecretVerifier is AWS's DeviceSecretVerifierConfigType. Both are base64.
type SecretVerifier struct{ PasswordVerifier, Salt string }

// ConfirmOutput is the output of ConfirmDevice.
type ConfirmOutput struct{ UserConfirmationNecessary bool }

// Confirm serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ConfirmDevice.html
// The device must be the one of the sign-in that the access token is of: whoever holds the token of another sign-in
// could otherwise confirm it with a secret of their own.
func (r *Room) Confirm(_ context.Context, at wire.Request, in *ConfirmInput) (*ConfirmOutput, error) {
	b, err := r.bearer(at, in.AccessToken)
	if err != nil {
		return nil, err
	}
	settings := *b.Pool.Settings.DeviceConfiguration
	_, err = r.directory.Change(b.Pool, b.User.Username, func(u *state.User) error {
		d := u.Device(in.DeviceKey)
		switch {
		case d == nil || d.Key != b.Device:
			return fault.New(fault.DeviceKeyInvalid)
		case d.Verifier != nil:
			return fault.New(fault.DeviceExists)
		}
		verifier, err := in.DeviceSecretVerifierConfig.of(*d)
		if err != nil {
			return err
		}
		d.Verifier, d.Name, d.Modified = &verifier, in.DeviceName, r.now()
		d.Remembered = !settings.DeviceOnlyRememberedOnUserPrompt
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &ConfirmOutput{UserConfirmationNecessary: settings.DeviceOnlyRememberedOnUserPrompt}, nil
}

// maxVerifier is the longest text of the API's model.
const maxVerifier = 131_072

// of returns what the pool stores for the device.
func (c SecretVerifier) of(d state.Device) (srp.DeviceVerifier, error) {
	bytes := func(name, text string) ([]byte, error) {
		if len(text) > maxVerifier {
			return nil, fault.Constrain("deviceSecretVerifierConfig."+name,
				"Member must have length less than or equal to 131072")
		}
		decoded, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return nil, fault.New(fault.Invalid, "DeviceSecretVerifierConfig: "+name+" is not base64")
		}
		return decoded, nil
	}
	verifier, err := bytes("passwordVerifier", c.PasswordVerifier)
	if err != nil {
		return srp.DeviceVerifier{}, err
	}
	salt, err := bytes("salt", c.Salt)
	if err != nil {
		return srp.DeviceVerifier{}, err
	}
	stored, err := srp.NewDeviceVerifier(d.Group, d.Key, salt, verifier)
	if err != nil {
		return stored, fault.New(fault.Invalid, "DeviceSecretVerifierConfig: "+err.Error())
	}
	return stored, nil
}
