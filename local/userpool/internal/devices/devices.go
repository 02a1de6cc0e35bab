// Package devices manages the devices of users: it confirms and lists them, and lets users and administrators remember
// and forget them. A device comes about at a sign-in, in package signin, where a remembered one also proves itself.
package devices

import (
	"context"
	"time"

	"cognito-triggers/local/userpool/internal/deps"
	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
)

// Directory finds and changes users.
type Directory interface {
	PoolUser(poolID, name string) (state.Pool, state.User, error)
	Change(pool state.Pool, username string, change func(*state.User) error) (state.User, error)
}

// SignIns returns the user of an access token.
type SignIns interface {
	Authorize(at wire.Request, accessToken string) (directory.Bearer, error)
}

// Deps are the dependencies of a Room.
type Deps struct {
	Directory Directory
	SignIns   SignIns
	Now       func() time.Time
}

// Room serves the operations on devices. It is safe for concurrent use.
type Room struct {
	directory Directory
	signIns   SignIns
	now       func() time.Time
}

// New returns a Room. The error names missing dependencies.
func New(d Deps) (*Room, error) {
	if err := deps.Check("the devices", d); err != nil {
		return nil, err
	}
	return &Room{directory: d.Directory, signIns: d.SignIns, now: d.Now}, nil
}

// bearer returns the user of an access token of a pool that tracks devices.
func (r *Room) bearer(at wire.Request, accessToken string) (directory.Bearer, error) {
	b, err := r.signIns.Authorize(at, accessToken)
	if err == nil {
		err = tracked(b.Pool)
	}
	return b, err
}

// user returns a user of a pool that tracks devices, for administrators' operations.
func (r *Room) user(in directory.UserInput) (state.Pool, state.User, error) {
	pool, u, err := r.directory.PoolUser(in.UserPoolId, in.Username)
	if err == nil {
		err = tracked(pool)
	}
	return pool, u, err
}

// tracked returns an error if the pool does not track devices.
func tracked(pool state.Pool) error {
	if pool.Settings.DeviceConfiguration == nil {
		return fault.New(fault.DevicesNotTracked)
	}
	return nil
}

// KeyInput is the input of users' operations on one device.
type KeyInput struct {
	AccessToken string
	DeviceKey   string `v:"required,max=55"`
}

// AdminKeyInput is the input of administrators' operations on one device.
type AdminKeyInput struct {
	directory.UserInput
	DeviceKey string `v:"required,max=55"`
}

// Forget serves https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ForgetDevice.html
// The refresh tokens of the device's sign-ins end with it, since they name it.
func (r *Room) Forget(_ context.Context, at wire.Request, in *KeyInput) (*wire.Empty, error) {
	b, err := r.bearer(at, in.AccessToken)
	if err != nil {
		return nil, err
	}
	return r.forget(b.Pool, b.User, in.DeviceKey)
}

// AdminForget serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminForgetDevice.html
func (r *Room) AdminForget(_ context.Context, in *AdminKeyInput) (*wire.Empty, error) {
	pool, u, err := r.user(in.UserInput)
	if err != nil {
		return nil, err
	}
	return r.forget(pool, u, in.DeviceKey)
}

func (r *Room) forget(pool state.Pool, u state.User, key string) (*wire.Empty, error) {
	_, err := r.directory.Change(pool, u.Username, func(u *state.User) error {
		if !u.ForgetDevice(key) {
			return fault.New(fault.DeviceNotFound)
		}
		return nil
	})
	return &wire.Empty{}, err
}

// The values of DeviceRememberedStatus.
const (
	remembered    = "remembered"
	notRemembered = "not_remembered"
)

// StatusInput is the input of UpdateDeviceStatus.
type StatusInput struct {
	AccessToken            string `v:"required"`
	DeviceKey              string `v:"required,max=55"`
	DeviceRememberedStatus string
}

// UpdateStatus serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateDeviceStatus.html
func (r *Room) UpdateStatus(_ context.Context, at wire.Request, in *StatusInput) (*wire.Empty, error) {
	b, err := r.bearer(at, in.AccessToken)
	if err != nil {
		return nil, err
	}
	return r.updateStatus(b.Pool, b.User, in.DeviceKey, in.DeviceRememberedStatus)
}

// AdminStatusInput is the input of AdminUpdateDeviceStatus.
type AdminStatusInput struct {
	AdminKeyInput
	DeviceRememberedStatus string
}

// AdminUpdateStatus serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminUpdateDeviceStatus.html
func (r *Room) AdminUpdateStatus(_ context.Context, in *AdminStatusInput) (*wire.Empty, error) {
	pool, u, err := r.user(in.UserInput)
	if err != nil {
		return nil, err
	}
	return r.updateStatus(pool, u, in.DeviceKey, in.DeviceRememberedStatus)
}

// updateStatus remembers a device or not; without a status, it changes nothing. A device that is not confirmed has
// nothing to prove itself with, so it cannot be remembered.
func (r *Room) updateStatus(pool state.Pool, u state.User, key, status string) (*wire.Empty, error) {
	if status != "" && status != remembered && status != notRemembered {
		return nil, fault.Constrain("deviceRememberedStatus", fault.OneOf(remembered, notRemembered))
	}
	_, err := r.directory.Change(pool, u.Username, func(u *state.User) error {
		d := u.Device(key)
		switch {
		case d == nil:
			return fault.New(fault.DeviceNotFound)
		case status == remembered && d.Verifier == nil:
			return fault.New(fault.DeviceKeyInvalid)
		case status != "":
			d.Remembered, d.Modified = status == remembered, r.now()
		}
		return nil
	})
	return &wire.Empty{}, err
}
