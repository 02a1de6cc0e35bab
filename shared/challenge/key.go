package challenge

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// User names a user for the rules, whether the user exists or not.
type User struct {
	PoolID, Name string // Name as in the event: of a user who does not exist, what was typed
}

// Key is a user's key: it names the record, and the hashes in the record are made with it. Nobody without the store's
// secret can compute it.
type Key [sha256.Size]byte

// KeyOf returns the key of a user. Spellings of a name that differ in case are one user, so that limits do not show
// which names exist; in a pool that tells them apart, such users share their limits.
func KeyOf(secret []byte, u User) Key {
	return Key(mac(secret, "user", u.PoolID, strings.ToLower(u.Name)))
}

// RecordName returns the name of the user's record in the store.
func (k Key) RecordName() string { return "user#" + hex.EncodeToString(mac(k[:], "record")) }

// hash returns the hash of a code or token that belongs to a pending challenge.
func (k Key) hash(id, answer string) string {
	return hex.EncodeToString(mac(k[:], "answer", id, answer))
}

func (k Key) matches(hash, id, answer string) bool {
	return hmac.Equal([]byte(hash), []byte(k.hash(id, answer)))
}

// mac is HMAC-SHA-256 over parts, none of which has a zero byte but the last.
func mac(key []byte, parts ...string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(strings.Join(parts, "\x00")))
	return h.Sum(nil)
}
