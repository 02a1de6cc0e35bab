package srp

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"time"
)

// clientSecretBytes is the length that AWS's clients use.
const clientSecretBytes = 128

// Client is the client side of one sign-in. Create a new one for each.
type Client struct {
	poolName, username, password string
	secret, public               *big.Int
	device                       bool // username is the key of a device
}

// NewClient starts a sign-in. InitiateAuth gets username unchanged as USERNAME; it may be an alias.
func NewClient(poolID, username, password string) *Client {
	secret := make([]byte, clientSecretBytes)
	_, _ = rand.Read(secret) // never fails
	return newClient(poolID, username, password, new(big.Int).SetBytes(secret))
}

func newClient(poolID, username, password string, secret *big.Int) *Client {
	public := new(big.Int).Exp(big.NewInt(2), secret, group().n)
	return &Client{poolName: PoolName(poolID), username: username, password: password, secret: secret, public: public}
}

// A returns the client's public value, SRP_A, in hexadecimal.
func (c *Client) A() string { return c.public.Text(16) }

// AuthParameters returns the AuthParameters of InitiateAuth with USER_SRP_AUTH. Add SECRET_HASH if the app client has a
// secret, and CHALLENGE_NAME=SRP_A for CUSTOM_AUTH.
func (c *Client) AuthParameters() map[string]string {
	return map[string]string{"USERNAME": c.username, "SRP_A": c.A()}
}

// Respond returns the ChallengeResponses for the ChallengeParameters of PASSWORD_VERIFIER. If the app client has a
// secret, add the SECRET_HASH of the USERNAME in the responses.
func (c *Client) Respond(parameters map[string]string, now time.Time) (map[string]string, error) {
	publicB, ok := parsePublic(parameters["SRP_B"])
	if !ok {
		return nil, errors.New("SRP_B is not a public value of the 3072-bit group")
	}
	salt, err := decodeHex(parameters["SALT"])
	if err != nil {
		return nil, fmt.Errorf("SALT is not hexadecimal: %w", err)
	}
	block, err := base64.StdEncoding.DecodeString(parameters["SECRET_BLOCK"])
	if err != nil {
		return nil, fmt.Errorf("SECRET_BLOCK is not base64: %w", err)
	}
	username := parameters["USER_ID_FOR_SRP"]
	if c.device {
		username = c.username
	}
	key, err := c.key(username, salt, publicB)
	if err != nil {
		return nil, err
	}
	timestamp := FormatTimestamp(now)
	signature := sign(key, c.poolName, username, block, timestamp)
	responses := map[string]string{
		"USERNAME":                    username,
		"PASSWORD_CLAIM_SECRET_BLOCK": parameters["SECRET_BLOCK"],
		"PASSWORD_CLAIM_SIGNATURE":    base64.StdEncoding.EncodeToString(signature),
		"TIMESTAMP":                   timestamp,
	}
	if c.device {
		responses["USERNAME"], responses["DEVICE_KEY"] = parameters["USERNAME"], username
	}
	return responses, nil
}

func (c *Client) key(username string, salt []byte, publicB *big.Int) ([]byte, error) {
	g := group()
	u := hashToInt(pad(c.public), pad(publicB))
	if u.Sign() == 0 {
		return nil, errors.New("SRP_B is invalid for this sign-in")
	}
	x := privateKey(c.poolName, username, c.password, salt)
	base := new(big.Int).Sub(publicB, g.mul(g.k, g.raise(x[:])))
	base.Mod(base, g.n)
	exponent := new(big.Int).SetBytes(x[:])
	exponent.Mul(exponent, u).Add(exponent, c.secret)
	return sessionKey(base.Exp(base, exponent, g.n), u)
}
