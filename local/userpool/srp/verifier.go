// Package srp is the Secure Remote Password protocol as Amazon Cognito speaks it (SRP-6a over a group of 3072 bits with
// SHA-256), both ends. A user pool keeps a Verifier in place of a password; Verifier.Check is for a password that comes
// in clear, Begin and Session.Verify are the server's side of USER_SRP_AUTH, and Client is the other.
//
// AWS publishes no specification. The form of every hashed byte follows AWS's own client for browsers,
// amazon-cognito-identity-js, whose results are kept in testdata.
//
// See
// https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-authentication-flow-methods.html
package srp

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"math/big"
	"strings"
)

const saltBytes = 16

// Verifier is what a pool keeps of a password: the salted hash that SRP calls x. The protocol's own verifier, the
// generator to the power of x, is made at each Begin: it takes hundreds of times as long as the hash, and most users of
// a local pool never sign in by SRP. The price: whoever reads a stored x can sign in by SRP with it.
//
// A Verifier is plain data and can be stored as it is. A change of user name needs a new one.
type Verifier struct {
	PoolName string // see PoolName
	Username string // the name that clients get as USER_ID_FOR_SRP
	Salt     []byte
	X        []byte // 32 bytes; of any other length it fits no password
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
	x := privateKey(poolName, username, password, salt)
	return Verifier{PoolName: poolName, Username: username, Salt: salt, X: x[:]}
}

// Decoy makes a verifier for a user who does not exist. For the same secret and name it is the same every time, as a
// real user's salt is, and no password is known that fits.
func Decoy(secret []byte, poolName, username string) Verifier {
	derive := func(use string) []byte {
		mac := hmac.New(sha256.New, secret)
		mac.Write([]byte(use + "\x00" + poolName + "\x00" + username))
		return mac.Sum(nil)
	}
	return Verifier{PoolName: poolName, Username: username, Salt: unambiguous(derive("salt")[:saltBytes]), X: derive("x")}
}

// Check reports whether the password is the one that the verifier was made of. It takes the same time either way.
func (v Verifier) Check(password string) bool {
	x := privateKey(v.PoolName, v.Username, password, v.Salt)
	return subtle.ConstantTimeCompare(v.X, x[:]) == 1
}

// key is x; of a damaged verifier it is a number that nobody knows, since zero would be everybody's.
func (v Verifier) key() (x [exponentBytes]byte) {
	if len(v.X) != exponentBytes {
		_, _ = rand.Read(x[:]) // never fails
		return x
	}
	return [exponentBytes]byte(v.X)
}

// privateKey is the client's exponent x. Clients read the salt as a number, so that its leading zeros do not count.
func privateKey(poolName, username, password string, salt []byte) [exponentBytes]byte {
	identity := hash([]byte(poolName + username + ":" + password))
	return hash(pad(new(big.Int).SetBytes(salt)), identity[:])
}

func (v Verifier) saltHex() string { return hex.EncodeToString(v.Salt) }
