package state

import (
	"cmp"
	"slices"
	"time"

	"cognito-triggers/local/userpool/srp"
)

// MaxDevices is how many devices of a user the pool keeps; see docs/aws-behaviour.md.
const MaxDevices = 60

// DeviceConfiguration turns the tracking of devices on; without one, a pool tracks none.
//
// See https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeviceConfigurationType.html
type DeviceConfiguration struct {
	// ChallengeRequiredOnNewDevice says that a remembered device stands for the second factor.
	ChallengeRequiredOnNewDevice bool
	// DeviceOnlyRememberedOnUserPrompt says that a confirmed device is remembered only once the user wants it.
	DeviceOnlyRememberedOnUserPrompt bool
}

// Device is a device that a user signed in with.
type Device struct {
	Key, Group string
	Name       string              // given by ConfirmDevice
	Verifier   *srp.DeviceVerifier // nil: not confirmed
	Remembered bool
	IP         string // of the last sign-in
	Created    time.Time
	Modified   time.Time
	SignedIn   time.Time // the last time
}

// Device returns one of the user's devices, or nil.
func (u *User) Device(key string) *Device {
	i := slices.IndexFunc(u.Devices, func(d Device) bool { return d.Key == key })
	if i < 0 {
		return nil
	}
	return &u.Devices[i]
}

// AddDevice adds a device. If the user would have more than MaxDevices, the one that signed in longest ago makes room:
// one that is not confirmed before all others, and a remembered one last.
func (u *User) AddDevice(d Device) {
	if len(u.Devices) >= MaxDevices {
		worst := slices.MinFunc(u.Devices, func(a, b Device) int {
			return cmp.Or(cmp.Compare(a.worth(), b.worth()), a.SignedIn.Compare(b.SignedIn))
		})
		u.ForgetDevice(worst.Key)
	}
	u.Devices = append(u.Devices, d)
}

func (d Device) worth() int {
	switch {
	case d.Verifier == nil:
		return 0
	case !d.Remembered:
		return 1
	}
	return 2
}

// ForgetDevice removes a device and reports whether the user had it.
func (u *User) ForgetDevice(key string) bool {
	before := len(u.Devices)
	u.Devices = slices.DeleteFunc(u.Devices, func(d Device) bool { return d.Key == key })
	return len(u.Devices) < before
}

// size returns about how much memory the device takes, in bytes.
func (d Device) size() int {
	size := 256 + len(d.Key) + len(d.Group) + len(d.Name) + len(d.IP)
	if d.Verifier != nil {
		size += 128 + len(d.Verifier.GroupKey) + len(d.Verifier.DeviceKey) + len(d.Verifier.Salt) + len(d.Verifier.V)
	}
	return size
}
