// Package srp implements both sides of the Secure Remote Password protocol as Amazon Cognito uses it (SRP-6a over a
// 3072-bit group with SHA-256). A user pool stores a Verifier instead of a password. Verifier.Check checks a plaintext
// password, Begin and Session.Verify are the server side of USER_SRP_AUTH, and Client is the client side. A remembered
// device proves itself in the same way: the key of its group stands for the pool's name and its own for the user's.
//
// AWS publishes no specification. The bytes that are hashed follow AWS's browser client, amazon-cognito-identity-js;
// testdata holds results of that client.
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

// Verifier is what a pool stores for a password: the salted hash that SRP calls x. The protocol's own verifier, the
// generator to the power of x, takes hundreds of times as long to compute, and most users of a local pool never sign in
// with SRP, so Begin computes it on demand. The price is that anyone who reads a stored x can sign in with SRP.
//
// A Verifier is plain data and can be stored as it is. Changing the user name requires a new one.
type Verifier struct {
	PoolName string // see PoolName
	Username string // sent to clients as USER_ID_FOR_SRP
	Salt     []byte
	X        []byte // 32 bytes; with any other length, no password matches
}

// PoolName returns the part of a user pool's ID that is hashed: what follows the Region and the underscore.
func PoolName(poolID string) string {
	_, name, found := strings.Cut(poolID, "_")
	if !found {
		return poolID
	}
	return name
}

// NewVerifier creates the verifier of a password with a random salt.
func NewVerifier(poolName, username, password string) Verifier {
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // never fails
	return newVerifier(poolName, username, password, unambiguous(salt))
}

// unambiguous returns a salt without a leading zero byte: clients disagree on whether it counts.
func unambiguous(salt []byte) []byte {
	salt[0] |= 1
	return salt
}

func newVerifier(poolName, username, password string, salt []byte) Verifier {
	x := privateKey(poolName, username, password, salt)
	return Verifier{PoolName: poolName, Username: username, Salt: salt, X: x[:]}
}

// Decoy creates a verifier for a user who does not exist. The same secret and name always give the same verifier, as a
// real user's salt does not change either. No known password matches it.
func Decoy(secret []byte, poolName, username string) Verifier {
	derive := func(use string) []byte {
		mac := hmac.New(sha256.New, secret)
		mac.Write([]byte(use + "\x00" + poolName + "\x00" + username))
		return mac.Sum(nil)
	}
	return Verifier{PoolName: poolName, Username: username, Salt: unambiguous(derive("salt")[:saltBytes]), X: derive("x")}
}

// Check reports whether the verifier was created from password. It takes the same time either way.
func (v Verifier) Check(password string) bool {
	x := privateKey(v.PoolName, v.Username, password, v.Salt)
	return subtle.ConstantTimeCompare(v.X, x[:]) == 1
}

// key returns x. For a damaged verifier it returns a random number: with zero, anybody could sign in.
func (v Verifier) key() (x [exponentBytes]byte) {
	if len(v.X) != exponentBytes {
		_, _ = rand.Read(x[:]) // never fails
		return x
	}
	return [exponentBytes]byte(v.X)
}

// privateKey computes the client's exponent x. Clients parse the salt as a number, so leading zeros do not count.
func privateKey(poolName, username, password string, salt []byte) [exponentBytes]byte {
	identity := hash([]byte(poolName + username + ":" + password))
	return hash(pad(new(big.Int).SetBytes(salt)), identity[:])
}

// known returns what Begin needs.
func (v Verifier) known() known {
	g, x := group(), v.key()
	return known{
		poolName: v.PoolName, username: v.Username, saltHex: hex.EncodeToString(v.Salt), verifier: g.raise(x[:]),
		// The verifier to the power of u equals the generator to the power of x*u, for which there is the table.
		power: func(u *big.Int) *big.Int {
			exponent := new(big.Int).SetBytes(x[:])
			exponent.Mul(exponent, u)
			return g.raise(exponent.FillBytes(make([]byte, 2*exponentBytes)))
		},
	}
}
