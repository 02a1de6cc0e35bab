package signin

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/google/uuid"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/tokens"
	"cognito-triggers/local/userpool/srp"
	"cognito-triggers/local/userpool/state"
)

// deviceKey is the parameter that names the client's device.
const deviceKey = "DEVICE_KEY"

// namedDevice returns the device that the client named; nil if it named none, or the pool does not track devices.
func (a *Attempt) namedDevice() (*state.Device, error) {
	if a.device == "" || a.Pool.Settings.DeviceConfiguration == nil {
		return nil, nil
	}
	if d := a.User.Device(a.device); d != nil {
		return d, nil
	}
	return nil, fault.New(fault.DeviceNotFound)
}

// deviceInstead returns the challenge for a remembered device, which stands for the second factor.
func (a *Attempt) deviceInstead() (step Step, instead bool, err error) {
	d, err := a.namedDevice()
	if err != nil || !a.standsForFactor(d) {
		return Step{}, false, err
	}
	step, err = ask(deviceSRP{}.Name(), map[string]string{"USERNAME": a.User.Username, deviceKey: d.Key}, nil)
	return step, true, err
}

// standsForFactor reports whether the user's device, which may be nil, stands for the second factor.
func (a *Attempt) standsForFactor(d *state.Device) bool {
	settings := a.Pool.Settings.DeviceConfiguration
	return settings != nil && settings.ChallengeRequiredOnNewDevice && d != nil && d.Remembered && d.Verifier != nil
}

// deviceSRP takes the public value of a remembered device.
type deviceSRP struct{}

func (deviceSRP) Name() string { return "DEVICE_SRP_AUTH" }

func (deviceSRP) Answer(_ context.Context, a *Attempt, s state.Session, p Parameters) (Step, error) {
	if err := p.need("SRP_A", deviceKey); err != nil {
		return Step{}, err
	}
	d, err := a.remembered(s, p)
	if err != nil {
		return Step{}, err
	}
	exchange, err := srp.BeginDevice(*d.Verifier, p["SRP_A"])
	if err != nil {
		return Step{}, fault.New(fault.Invalid, "Invalid SRP_A: "+err.Error())
	}
	return ask(devicePassword{}.Name(), map[string]string{
		"USERNAME": a.User.Username, deviceKey: d.Key,
		"SALT": exchange.Salt, "SRP_B": exchange.B, "SECRET_BLOCK": exchange.SecretBlock,
	}, func(s *state.Session) { s.SRP = &exchange })
}

// remembered returns the device of the session, which the answer must name, too. It may have been forgotten meanwhile,
// or the pool may ask for no device any more.
func (a *Attempt) remembered(s state.Session, p Parameters) (*state.Device, error) {
	if p[deviceKey] != s.Device {
		return nil, fault.New(fault.DeviceKeyInvalid)
	}
	if d := a.User.Device(s.Device); a.standsForFactor(d) {
		return d, nil
	}
	return nil, fault.New(fault.DeviceNotFound)
}

// devicePassword checks the proof of a remembered device.
type devicePassword struct{}

func (devicePassword) Name() string { return "DEVICE_PASSWORD_VERIFIER" }

func (devicePassword) Answer(_ context.Context, a *Attempt, s state.Session, p Parameters) (Step, error) {
	if err := p.need(claimBlock, claimSignature, claimTime, deviceKey); err != nil {
		return Step{}, err
	}
	if _, err := a.remembered(s, p); err != nil {
		return Step{}, err
	}
	if err := a.oneTime(func() (refused, err error) {
		switch err := s.SRP.Verify(p[claimBlock], p[claimTime], p[claimSignature]); {
		case errors.Is(err, srp.ErrTimestamp):
			return fault.New(fault.Invalid, err.Error()), nil
		case err != nil:
			return fault.New(fault.WrongPassword), nil
		}
		return nil, nil
	}); err != nil {
		return Step{}, err
	}
	return proved(knownDevice)
}

// bearerOn returns the user with the device of the sign-in.
func (a *Attempt) bearerOn(device string) directory.Bearer {
	b := a.bearer()
	b.Device = device
	return b
}

// put stores the session with a token. Clients may leave the token out where the answer has something else to find the
// session by: a secret block, or the device's key, for which the user's newest session with that device stands.
func (r *Room) put(token string, s state.Session) {
	switch {
	case s.SRP != nil:
		s.Token = state.HashToken(token)
		r.store.PutSession(s.SRP.SecretBlock, s)
		return
	case s.Challenge == deviceSRP{}.Name():
		r.store.PutSession(deviceToken(s), state.Session{
			Pool: s.Pool, Client: s.Client, Challenge: s.Challenge, Expires: s.Expires, StandsFor: token,
		})
	}
	r.store.PutSession(token, s)
}

// deviceToken is what stands for the token of a session that waits for a device.
func deviceToken(s state.Session) string {
	return strings.Join([]string{s.Challenge, s.Pool, s.Client, s.Username, s.Device}, "\x00")
}

// tokenOf returns what the session that a request answers is stored under.
func (a *Attempt) tokenOf(in *RespondInput) string {
	p := in.ChallengeResponses
	switch in.ChallengeName {
	case passwordVerifier{}.Name(), devicePassword{}.Name():
		return cmp.Or(p[claimBlock], in.Session)
	case deviceSRP{}.Name():
		if in.Session != "" {
			break
		}
		u, err := a.room.directory.User(a.Pool, p["USERNAME"])
		if err != nil {
			break
		}
		token := deviceToken(state.Session{
			Challenge: in.ChallengeName, Pool: a.Pool.ID, Client: a.Client.ID, Username: u.Username, Device: p[deviceKey],
		})
		if s, err := a.room.store.TakeSession(token); err == nil {
			return s.StandsFor
		}
		return token // nothing, or spent
	}
	return in.Session
}

// retryWithoutDevice keeps the session of a proof that was right while the device is unknown: AWS's clients then forget
// the device and send the same proof again.
func (r *Room) retryWithoutDevice(s state.Session, err error) bool {
	if s.Challenge != (passwordVerifier{}).Name() || !fault.Is(err, fault.DeviceNotFound) || s.Tries >= maxAnswers-1 {
		return false
	}
	s.Device = ""
	s.Tries++
	r.store.PutSession(s.SRP.SecretBlock, s)
	return true
}

// signedIn is the device of a sign-in; without a key, there is none.
type signedIn struct {
	state.Device
	isNew bool
}

// deviceOfSignIn returns the device that the client named, or else a new one. A custom flow without a password gets
// none; see docs/aws-behaviour.md.
func (a *Attempt) deviceOfSignIn() (signedIn, error) {
	d, err := a.namedDevice()
	switch {
	case err != nil:
		return signedIn{}, err
	case d != nil:
		return signedIn{Device: *d}, nil
	case a.Pool.Settings.DeviceConfiguration == nil || a.custom && !a.gavePassword():
		return signedIn{}, nil
	}
	now := a.room.now()
	return signedIn{isNew: true, Device: state.Device{
		Key: a.Pool.Region + "_" + uuid.NewString(), Group: "-" + directory.RandomText(directory.Alphanumeric, 8),
		Created: now, Modified: now,
	}}, nil
}

// gavePassword reports whether the custom flow began with a password.
func (a *Attempt) gavePassword() bool {
	return slices.ContainsFunc(a.rounds, func(r state.Round) bool {
		return r.Name == (passwordVerifier{}).Name() && r.Result
	})
}

// keep stores the device of a sign-in that has its tokens, and tells the client of a new one.
func (a *Attempt) keep(d signedIn, issued *tokens.Issued) error {
	if d.Key == "" {
		return nil
	}
	if d.isNew {
		issued.NewDeviceMetadata = &tokens.NewDevice{DeviceKey: d.Key, DeviceGroupKey: d.Group}
	}
	return a.change(func(u *state.User) error {
		if d.isNew {
			u.AddDevice(d.Device)
		}
		kept := u.Device(d.Key)
		if kept == nil {
			return fault.New(fault.DeviceNotFound)
		}
		kept.SignedIn, kept.IP = a.room.now(), a.Request.IP
		return nil
	})
}

// deviceMayRefresh returns an error if a refresh token may not be used: its device was forgotten, or, in a pool that
// tracks devices, was not confirmed or not named.
func (a *Attempt) deviceMayRefresh(family state.Family) error {
	if family.Device == "" {
		return nil
	}
	d, tracks := a.User.Device(family.Device), a.Pool.Settings.DeviceConfiguration != nil
	if d == nil || tracks && (d.Verifier == nil || a.device != d.Key) {
		return fault.New(fault.RefreshTokenInvalid)
	}
	return nil
}
