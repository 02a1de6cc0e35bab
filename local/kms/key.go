package kms

import (
	"cmp"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// Key is a symmetric key with its name.
type Key struct {
	ARN      string   // arn:aws:kms:REGION:000000000000:key/UUID
	Material [32]byte // for AES-256
}

// NewKey makes a random key.
func NewKey(region string) Key {
	var k Key
	_, _ = rand.Read(k.Material[:]) // never fails
	k.ARN = arn(region, uuid.New())
	return k
}

// FixedKey makes the same key from the same seed, for tests and for events that are kept in files.
func FixedKey(region, seed string) Key {
	k := Key{Material: sha256.Sum256([]byte("material of " + seed))}
	k.ARN = arn(region, uuid.NewSHA1(uuid.Nil, []byte(seed)))
	return k
}

// Account is the account of all keys.
const Account = "000000000000"

func arn(region string, id uuid.UUID) string {
	return "arn:aws:kms:" + cmp.Or(region, "us-east-1") + ":" + Account + ":key/" + id.String()
}

// id returns the last part of the ARN.
func (k Key) id() string { return k.ARN[strings.LastIndexByte(k.ARN, '/')+1:] }

// blobVersion is the first byte of a ciphertext. The key's id, a nonce and what AES-GCM seals follow.
const (
	blobVersion = 1
	idLength    = 36 // of a UUID as text
)

// seal encrypts under the key. The context must be the same when the ciphertext is opened.
func (k Key) seal(plaintext []byte, context map[string]string) ([]byte, error) {
	gcm, err := k.gcm()
	if err != nil {
		return nil, err
	}
	head := append([]byte{blobVersion}, k.id()...)
	return gcm.Seal(head, nil, plaintext, authenticated(k.ARN, context)), nil
}

var errCiphertext = errors.New("the ciphertext was not made with this key and this encryption context")

func (k Key) open(blob []byte, context map[string]string) ([]byte, error) {
	gcm, err := k.gcm()
	if err != nil {
		return nil, err
	}
	plaintext, err := gcm.Open(nil, nil, blob[1+idLength:], authenticated(k.ARN, context))
	if err != nil {
		return nil, errCiphertext
	}
	return plaintext, nil
}

// gcm draws a nonce of its own for each message.
func (k Key) gcm() (cipher.AEAD, error) {
	block, err := aes.NewCipher(k.Material[:])
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// keyOf returns the id of the key that made the blob, or "" if none here can have.
func keyOf(blob []byte) string {
	if len(blob) < 1+idLength || blob[0] != blobVersion {
		return ""
	}
	return string(blob[1 : 1+idLength])
}

// authenticated writes the ARN and the context so that no two contexts have the same bytes.
func authenticated(arn string, context map[string]string) []byte {
	var out []byte
	text := func(s string) { out = append(binary.BigEndian.AppendUint32(out, uint32(len(s))), s...) }
	text(arn)
	for _, name := range slices.Sorted(maps.Keys(context)) {
		text(name)
		text(context[name])
	}
	return out
}
