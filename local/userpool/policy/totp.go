package policy

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"strings"
	"time"
)

const (
	totpPeriod      = 30 // seconds
	totpDigits      = 6
	totpSecretBytes = 32 // 52 characters, as Cognito's
	totpWindow      = 1  // periods that a clock may be off
)

var totpEncoding = base32.StdEncoding.WithPadding(base32.NoPadding)

// NewTOTPSecret makes the secret that AssociateSoftwareToken gives out, in base32.
func NewTOTPSecret() string {
	secret := make([]byte, totpSecretBytes)
	_, _ = rand.Read(secret) // never fails
	return totpEncoding.EncodeToString(secret)
}

// TOTP is what an authenticator app shows at that time (RFC 6238). The error is for a secret that is not base32.
func TOTP(secret string, at time.Time) (string, error) {
	key, err := totpKey(secret)
	if err != nil {
		return "", err
	}
	return totpAt(key, totpStep(at)), nil
}

// CheckTOTP tells whether the code is right now, or was or will be a period away. A code counts once: give the step of
// the last one that did, 0 before the first, and keep the step that comes back.
func CheckTOTP(secret, code string, now time.Time, last int64) (step int64, ok bool) {
	key, err := totpKey(secret)
	if err != nil || len(key) == 0 {
		return last, false
	}
	step = last
	for candidate := totpStep(now) - totpWindow; candidate <= totpStep(now)+totpWindow; candidate++ {
		if hmac.Equal([]byte(totpAt(key, candidate)), []byte(code)) && candidate > last {
			step, ok = candidate, true
		}
	}
	return step, ok
}

func totpKey(secret string) ([]byte, error) {
	key, err := totpEncoding.DecodeString(strings.ToUpper(strings.TrimRight(secret, "=")))
	if err != nil {
		return nil, fmt.Errorf("the TOTP secret is not base32: %w", err)
	}
	return key, nil
}

func totpStep(at time.Time) int64 { return at.Unix() / totpPeriod }

func totpAt(key []byte, step int64) string {
	mac := hmac.New(sha1.New, key)
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(step)))
	sum := mac.Sum(nil)
	from := sum[len(sum)-1] & 0x0f
	number := binary.BigEndian.Uint32(sum[from:]) & 0x7fffffff
	return fmt.Sprintf("%0*d", totpDigits, number%1_000_000)
}
