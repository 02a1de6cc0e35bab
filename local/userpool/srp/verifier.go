// Package srp is the Secure Remote Password protocol as Amazon Cognito speaks it (SRP-6a over a group of 3072 bits with
// SHA-256), both ends. A user pool keeps a Verifier in place of a password; Begin and Session.Verify are the server's
// side of USER_SRP_AUTH, Client is the other.
//
// AWS publishes no specification. The form of every hashed byte follows AWS's own client for browsers,
// amazon-cognito-identity-js, whose results are kept in testdata.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-authentication-flow-methods.html
package srp

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"math/big"
	"strings"
)

const saltBytes = 16

// Verifier is what a pool keeps of a password. It is plain data and can be stored as it is. A change of user name needs
// a new one.
type Verifier struct {
	PoolName string // see PoolName
	Username string // the name that clients get as USER_ID_FOR_SRP
	Salt     []byte
	V        []byte // big-endian
}

// PoolName is the part of a user pool's id that takes part in the hashes: what stands behind the Region.
func PoolName(poolID string) string {
	_, name, found := strings.Cut(poolID, "_")
	if !found {
		return poolID
	}
	return name
}

// NewVerifier makes the verifier of a password with a fresh salt.
func NewVerifier(poolName, username, password string) Verifier {
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // never fails
	return newVerifier(poolName, username, password, unambiguous(salt))
}

// unambiguous keeps a zero byte from leading the salt: clients disagree on whether it counts.
func unambiguous(salt []byte) []byte {
	salt[0] |= 1
	return salt
}

func newVerifier(poolName, username, password string, salt []byte) Verifier {
	v := Verifier{PoolName: poolName, Username: username, Salt: salt}
	v.V = v.derive(password)
	return v
}

// Decoy makes a verifier for a user who does not exist. For the same secret and name it is the same every time, as a real
// user's salt is, and no password is known that fits. It takes no exponentiation, so that a password is held against it
// in the time that one is held against a user's.
func Decoy(secret []byte, poolName, username string) Verifier {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(poolName + "\x00" + username))
	sum := mac.Sum(nil)
	stream, err := hkdf.Expand(sha256.New, sum, "decoy", primeBytes)
	if err != nil {
		panic(err) // only for more bytes than HKDF has
	}
	v := new(big.Int).SetBytes(stream)
	return Verifier{poolName, username, unambiguous(sum[:saltBytes]), v.Mod(v, group().n).Bytes()}
}

// Check tells whether the password is the one that the verifier was made of. It takes the same time either way.
func (v Verifier) Check(password string) bool {
	var want, got [primeBytes]byte
	if len(v.V) > primeBytes {
		return false
	}
	new(big.Int).SetBytes(v.V).FillBytes(want[:])
	new(big.Int).SetBytes(v.derive(password)).FillBytes(got[:])
	return len(v.V) > 0 && subtle.ConstantTimeCompare(want[:], got[:]) == 1
}

func (v Verifier) derive(password string) []byte {
	return group().raise(privateKey(v.PoolName, v.Username, password, new(big.Int).SetBytes(v.Salt))).Bytes()
}

// privateKey is the client's exponent x. Clients read the salt as a number, so that its leading zeros do not count.
func privateKey(poolName, username, password string, salt *big.Int) [exponentBytes]byte {
	identity := hash([]byte(poolName + username + ":" + password))
	return hash(pad(salt), identity[:])
}

func (v Verifier) saltHex() string { return hex.EncodeToString(v.Salt) }
