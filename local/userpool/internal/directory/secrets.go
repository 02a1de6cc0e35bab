package directory

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"

	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/state"
)

// CheckSecretHash checks a SECRET_HASH against the client's secrets. It may be the hash of any of the names.
func CheckSecretHash(client state.Client, hash string, names ...string) error {
	switch {
	case !client.Confidential() && hash == "":
		return nil
	case !client.Confidential():
		return fault.New(fault.SecretNotExpected, client.ID)
	case hash == "":
		return fault.New(fault.SecretHashMissing, client.ID)
	}
	got, err := base64.StdEncoding.DecodeString(hash)
	fits := false
	for _, secret := range client.Secrets {
		for _, name := range names {
			fits = hmac.Equal(got, secretHash(client, secret.Value, name)) || fits
		}
	}
	if err != nil || !fits {
		return fault.New(fault.SecretHashWrong, client.ID)
	}
	return nil
}

func secretHash(client state.Client, secret, name string) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(name + client.ID))
	return mac.Sum(nil)
}

// SecretHash returns the SECRET_HASH for a name, with which the pages of a domain act for the app client. It is empty
// for a public client.
func SecretHash(client state.Client, name string) string {
	if !client.Confidential() {
		return ""
	}
	return base64.StdEncoding.EncodeToString(secretHash(client, client.Secrets[0].Value, name))
}

// CheckClientSecret checks a secret against the client's. A public client has none to check.
func CheckClientSecret(client state.Client, secret string) error {
	fits := !client.Confidential()
	for _, s := range client.Secrets {
		fits = hmac.Equal([]byte(s.Value), []byte(secret)) || fits
	}
	if !fits {
		return fault.New(fault.ClientSecretWrong, client.ID)
	}
	return nil
}

// CheckMachine checks the secret of an app client that signs in by itself, which a public client cannot do.
func CheckMachine(client state.Client, secret string) error {
	if !client.Confidential() {
		return fault.New(fault.SecretNotExpected, client.ID)
	}
	return CheckClientSecret(client, secret)
}

// Discreet reports whether the client hides which users exist.
func Discreet(client state.Client) bool {
	return client.Settings.PreventUserExistenceErrors == "ENABLED"
}

// Decoy makes up data for users who do not exist. It is always the same for a name, and different on each server.
type Decoy struct{ key []byte }

// NewDecoy returns a Decoy with a random key.
func NewDecoy() *Decoy {
	d := &Decoy{key: make([]byte, 32)}
	_, _ = rand.Read(d.key) // never fails
	return d
}

// Key returns the key for made-up passwords.
func (d *Decoy) Key() []byte { return d.key }

// Bytes returns the made-up bytes for a name.
func (d *Decoy) Bytes(pool state.Pool, name string) [32]byte {
	mac := hmac.New(sha256.New, d.key)
	mac.Write([]byte(pool.ID))
	mac.Write([]byte{0})
	mac.Write([]byte(name))
	return [32]byte(mac.Sum(nil))
}
