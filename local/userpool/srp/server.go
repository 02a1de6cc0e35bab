package srp

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
)

// Errors for invalid input from a client.
var (
	// ErrPublicValue means that SRP_A is not a hexadecimal member of the group. Zero and multiples of the prime are
	// invalid, because with them a client would know the key without knowing the password.
	ErrPublicValue = errors.New("SRP_A is not a public value of the 3072-bit group")
	// ErrTimestamp means that TIMESTAMP does not have the form of TimestampLayout.
	ErrTimestamp = errors.New("TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english")
	// ErrMismatch means that the password is wrong or the claim belongs to another challenge.
	ErrMismatch = errors.New("the password claim does not match the challenge")
)

const (
	keyBytes         = 16
	secretBlockBytes = 256
	keyInfo          = "Caldera Derived Key"
)

// Session is one PASSWORD_VERIFIER or DEVICE_PASSWORD_VERIFIER challenge. It is plain data; Key must not leave the
// server. Use a session once.
type Session struct {
	PoolName    string
	Username    string
	Salt        string // hexadecimal
	B           string // the server's public value; hexadecimal with an even number of digits
	SecretBlock string // base64
	Key         []byte // signs the claim of a client that knows the password
}

// Begin starts the challenge for a client's SRP_A. It returns ErrPublicValue if SRP_A is invalid.
func Begin(v Verifier, a string) (Session, error) { return challenge(v.known(), a) }

// BeginDevice is Begin for the proof of a device.
func BeginDevice(v DeviceVerifier, a string) (Session, error) { return challenge(v.known(), a) }

func challenge(k known, a string) (Session, error) {
	var secret [exponentBytes]byte
	block := make([]byte, secretBlockBytes)
	_, _ = rand.Read(secret[:]) // never fails
	_, _ = rand.Read(block)
	return begin(k, a, secret, block)
}

// known is what the server knows of a secret.
type known struct {
	poolName, username, saltHex string
	verifier                    *big.Int                  // the protocol's own: the generator to the power of x
	power                       func(u *big.Int) *big.Int // the verifier to the power of u
}

func begin(k known, a string, secret [exponentBytes]byte, block []byte) (Session, error) {
	publicA, ok := parsePublic(a)
	if !ok {
		return Session{}, ErrPublicValue
	}
	g := group()
	publicB := g.mul(g.k, k.verifier)
	publicB.Add(publicB, g.raise(secret[:]))
	publicB.Mod(publicB, g.n)
	u := hashToInt(pad(publicA), pad(publicB))
	if u.Sign() == 0 || publicB.Sign() == 0 { // clients reject both; neither happens by chance
		return Session{}, ErrPublicValue
	}
	shared := g.mul(publicA, k.power(u))
	shared.Exp(shared, new(big.Int).SetBytes(secret[:]), g.n)
	key, err := sessionKey(shared, u)
	if err != nil {
		return Session{}, err
	}
	return Session{
		PoolName:    k.poolName,
		Username:    k.username,
		Salt:        k.saltHex,
		B:           hex.EncodeToString(publicB.FillBytes(make([]byte, primeBytes))),
		SecretBlock: base64.StdEncoding.EncodeToString(block),
		Key:         key,
	}, nil
}

// Parameters returns the ChallengeParameters of PASSWORD_VERIFIER.
func (s Session) Parameters() map[string]string {
	return map[string]string{
		"SALT":            s.Salt,
		"SRP_B":           s.B,
		"SECRET_BLOCK":    s.SecretBlock,
		"USER_ID_FOR_SRP": s.Username,
		"USERNAME":        s.Username,
	}
}

// Verify checks PASSWORD_CLAIM_SECRET_BLOCK, TIMESTAMP and PASSWORD_CLAIM_SIGNATURE of a client's ChallengeResponses.
// It returns ErrTimestamp or ErrMismatch. Like Cognito, it signs the timestamp in canonical form, so a client that
// writes "Sep 05" or a wrong day of the week gets ErrMismatch.
func (s Session) Verify(secretBlock, timestamp, signature string) error {
	at, err := ParseTimestamp(timestamp)
	if err != nil {
		return err
	}
	block, err := base64.StdEncoding.DecodeString(s.SecretBlock)
	if err != nil || len(s.Key) != keyBytes {
		return fmt.Errorf("the session is damaged: %w", ErrMismatch)
	}
	want := sign(s.Key, s.PoolName, s.Username, block, FormatTimestamp(at))
	got, err := base64.StdEncoding.DecodeString(signature)
	sameBlock := hmac.Equal([]byte(secretBlock), []byte(s.SecretBlock))
	if sameSignature := hmac.Equal(got, want); err != nil || !sameBlock || !sameSignature {
		return ErrMismatch
	}
	return nil
}

func sessionKey(shared, u *big.Int) ([]byte, error) {
	return hkdf.Key(sha256.New, pad(shared), pad(u), keyInfo, keyBytes)
}

func sign(key []byte, poolName, username string, block []byte, timestamp string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(poolName))
	mac.Write([]byte(username))
	mac.Write(block)
	mac.Write([]byte(timestamp))
	return mac.Sum(nil)
}
