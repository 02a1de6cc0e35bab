package control

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"strconv"
	"strings"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/state"
)

// The lengths of AWS's ids and secrets.
const (
	poolIDLength   = 9 // behind the Region and an underscore
	clientIDLength = 26
	secretLength   = 52
)

// maxChoice is how many ids of a name may be taken, before making another one fails.
const maxChoice = 10_000

// IDs choose the ids and secrets of new pools and app clients. If an id is taken, the server asks for the next choice,
// counted from 0.
type IDs struct {
	Pool   func(name string, choice int) string         // nine letters and digits, to follow the Region and _
	Client func(pool, name string, choice int) string   // 26 lower-case letters and digits
	Secret func(pool, client string, choice int) string // 52 lower-case letters and digits, for a client's id
}

// RandomIDs returns ids as AWS's: new ones each time.
func RandomIDs() IDs {
	client := func(string, string, int) string {
		return directory.RandomText(directory.LowerAlphanumeric, clientIDLength)
	}
	return IDs{
		Pool:   func(string, int) string { return directory.RandomText(directory.Alphanumeric, poolIDLength) },
		Client: client,
		Secret: func(string, string, int) string {
			return directory.RandomText(directory.LowerAlphanumeric, secretLength)
		},
	}
}

// StableIDs returns ids that are the same for the same owner and names, and secrets that are the same for the same key.
func StableIDs(owner string, key []byte) IDs {
	derive := func(key []byte, alphabet string, length int, from ...string) string {
		return textOf(alphabet, length, key, strings.Join(from, "\x00"))
	}
	return IDs{
		Pool: func(name string, choice int) string {
			return derive([]byte(owner), directory.Alphanumeric, poolIDLength, "pool", name, strconv.Itoa(choice))
		},
		Client: func(pool, name string, choice int) string {
			return derive([]byte(owner), directory.LowerAlphanumeric, clientIDLength, "client", pool, name, strconv.Itoa(choice))
		},
		Secret: func(pool, client string, choice int) string {
			return derive(key, directory.LowerAlphanumeric, secretLength, "secret", pool, client, strconv.Itoa(choice))
		},
	}
}

// textOf returns letters of the alphabet that follow from key and text.
func textOf(alphabet string, length int, key []byte, text string) string {
	out := make([]byte, 0, length)
	limit := 256 - 256%len(alphabet)
	for block := 0; len(out) < length; block++ {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(text + "\x00" + strconv.Itoa(block)))
		for _, b := range mac.Sum(nil) {
			if int(b) < limit && len(out) < length {
				out = append(out, alphabet[int(b)%len(alphabet)])
			}
		}
	}
	return string(out)
}

// firstFree calls create with one choice after the other, until one is not taken.
func firstFree(create func(choice int) error) error {
	for choice := range maxChoice {
		if err := create(choice); !errors.Is(err, state.ErrExists) {
			return err
		}
	}
	return errors.New("every id is taken")
}
