// Package totp generates and checks the one-time passwords of authenticator apps (RFC 6238) with Cognito's parameters.
package totp

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
	period      = 30 // seconds
	digits      = 6
	secretBytes = 32 // 52 characters in base32, as Cognito's
	window      = 1  // periods that a clock may be off
)

var encoding = base32.StdEncoding.WithPadding(base32.NoPadding)

// NewSecret generates the base32 secret that AssociateSoftwareToken returns.
func NewSecret() string {
	secret := make([]byte, secretBytes)
	_, _ = rand.Read(secret) // never fails
	return encoding.EncodeToString(secret)
}

// Code returns the code that an authenticator app shows at the given time. It returns an error if the secret is not
// base32.
func Code(secret string, at time.Time) (string, error) {
	key, err := keyOf(secret)
	if err != nil {
		return "", err
	}
	return codeAt(key, stepOf(at)), nil
}

// Verdict is what Check says of a code.
type Verdict int

// The verdicts.
const (
	Wrong Verdict = iota
	Right
	Used // it was right, but not after the last accepted code
)

// Check says whether the code is valid now, or within one period of now. Each code is accepted once: pass the step of
// the last accepted code, 0 at first, and store the returned step.
func Check(secret, code string, now time.Time, last int64) (step int64, verdict Verdict) {
	key, err := keyOf(secret)
	if err != nil || len(key) == 0 {
		return last, Wrong
	}
	step = last
	for candidate := stepOf(now) - window; candidate <= stepOf(now)+window; candidate++ {
		switch {
		case !hmac.Equal([]byte(codeAt(key, candidate)), []byte(code)):
		case candidate > last:
			step, verdict = candidate, Right
		case verdict == Wrong:
			verdict = Used
		}
	}
	return step, verdict
}

func keyOf(secret string) ([]byte, error) {
	key, err := encoding.DecodeString(strings.ToUpper(strings.TrimRight(secret, "=")))
	if err != nil {
		return nil, fmt.Errorf("the TOTP secret is not base32: %w", err)
	}
	return key, nil
}

func stepOf(at time.Time) int64 { return at.Unix() / period }

func codeAt(key []byte, step int64) string {
	mac := hmac.New(sha1.New, key)
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(step)))
	sum := mac.Sum(nil)
	from := sum[len(sum)-1] & 0x0f
	number := binary.BigEndian.Uint32(sum[from:]) & 0x7fffffff
	return fmt.Sprintf("%0*d", digits, number%1_000_000)
}
