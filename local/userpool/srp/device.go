package srp

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"math/big"
)

// ErrVerifier means that what a client registers for a device is no salt or no verifier.
var ErrVerifier = errors.New("the verifier of a device is not a member of the 3072-bit group, or it has no salt")

// maxDeviceSalt is the longest salt of a device, in bytes. AWS's clients make one of 16 bytes.
const maxDeviceSalt = 64

// DeviceVerifier is what a pool stores for a device. It is the protocol's own verifier, which the device computes:
// unlike a Verifier, whoever reads it cannot sign in with it.
//
// A DeviceVerifier is plain data and can be stored as it is.
type DeviceVerifier struct {
	GroupKey, DeviceKey string
	Salt                []byte
	V                   []byte // the generator to the power of x; big-endian
}

// NewDeviceVerifier returns what the pool stores for a device. It returns ErrVerifier if a proof against the verifier
// would prove nothing.
func NewDeviceVerifier(groupKey, deviceKey string, salt, verifier []byte) (DeviceVerifier, error) {
	v, one := new(big.Int).SetBytes(verifier), big.NewInt(1)
	minusOne := new(big.Int).Sub(group().n, one) // every second proof would fit it
	if len(salt) == 0 || len(salt) > maxDeviceSalt || v.Cmp(one) <= 0 || v.Cmp(minusOne) >= 0 {
		return DeviceVerifier{}, ErrVerifier
	}
	return DeviceVerifier{GroupKey: groupKey, DeviceKey: deviceKey, Salt: salt, V: v.Bytes()}, nil
}

// known returns what BeginDevice needs.
func (v DeviceVerifier) known() known {
	number := new(big.Int).SetBytes(v.V)
	return known{
		poolName: v.GroupKey, username: v.DeviceKey, saltHex: hex.EncodeToString(v.Salt), verifier: number,
		power: func(u *big.Int) *big.Int { return new(big.Int).Exp(number, u, group().n) },
	}
}

// RegisterDevice returns the salt and the verifier that a device sends to ConfirmDevice.
func RegisterDevice(groupKey, deviceKey, password string) (salt, verifier []byte) {
	salt = make([]byte, saltBytes)
	_, _ = rand.Read(salt) // never fails
	salt = unambiguous(salt)
	x := privateKey(groupKey, deviceKey, password, salt)
	return salt, group().raise(x[:]).Bytes()
}

// NewDeviceClient starts the proof of a device. A returns the SRP_A of DEVICE_SRP_AUTH; Respond returns the
// ChallengeResponses for the ChallengeParameters of DEVICE_PASSWORD_VERIFIER.
func NewDeviceClient(groupKey, deviceKey, password string) *Client {
	c := NewClient("", deviceKey, password)
	c.poolName, c.device = groupKey, true
	return c
}
