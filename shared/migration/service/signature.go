package service

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"
	"time"
)

// Headers of a signed request.
const (
	TimestampHeader = "X-Migration-Timestamp" // seconds since 1970
	NonceHeader     = "X-Migration-Nonce"     // 32 hexadecimal digits, different in each request
	SignatureHeader = "X-Migration-Signature" // "v1=" and 64 hexadecimal digits, see Sign
)

// MinKey is the shortest key in bytes.
const MinKey = 32

// MaxAge is how old or how far ahead a request's timestamp may be.
const MaxAge = 5 * time.Minute

const version = "v1="

// Sign returns the signature of a request: "v1=" and the HMAC-SHA256, in hexadecimal digits, of the timestamp, a full
// stop, the nonce, a full stop and the body.
func Sign(key []byte, timestamp, nonce string, body []byte) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(timestamp + "." + nonce + "."))
	mac.Write(body)
	return version + hex.EncodeToString(mac.Sum(nil))
}

// sign sets the headers of a request.
func sign(header http.Header, key, body []byte, now time.Time) {
	timestamp, nonce := strconv.FormatInt(now.Unix(), 10), newNonce()
	header.Set(TimestampHeader, timestamp)
	header.Set(NonceHeader, nonce)
	header.Set(SignatureHeader, Sign(key, timestamp, nonce, body))
}

func newNonce() string {
	random := make([]byte, 16)
	_, _ = rand.Read(random) // never fails
	return hex.EncodeToString(random)
}

// The reasons for which Verify refuses a request.
var (
	ErrSignature = errors.New("the request is not signed with the key")
	ErrStale     = errors.New("the request's timestamp is too old or too far ahead")
)

// Verify is for services in Go, and shows others what to check: it returns nil if the request's headers are a signature
// of the body with the key, made within MaxAge. A service should also refuse a nonce that it has seen within that time.
func Verify(header http.Header, key, body []byte, now time.Time) error {
	timestamp, nonce := header.Get(TimestampHeader), header.Get(NonceHeader)
	want := Sign(key, timestamp, nonce, body)
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil || len(key) < MinKey || nonce == "" || !hmac.Equal([]byte(want), []byte(header.Get(SignatureHeader))) {
		return ErrSignature
	}
	if age := now.Sub(time.Unix(seconds, 0)); age > MaxAge || age < -MaxAge {
		return ErrStale
	}
	return nil
}
