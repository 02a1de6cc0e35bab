// Package identity keeps what makes a repository's local user pool the same in every run: its signing keys, and a key
// from which the secrets of its app clients follow. They are in one file in the build folder, which only its owner can
// read. Tokens that the keys sign are worth nothing outside of this machine.
package identity

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"cognito-triggers/local/userpool"
	"cognito-triggers/local/userpool/token"
)

// FileName is the name of the file in the build folder.
const FileName = "identity.json"

const (
	version   = 1
	keyLength = 32
)

// ErrInUse means that a run uses the identity.
var ErrInUse = errors.New("a run uses it; stop that one first")

// Identity is an open identity. Close it when the pool has stopped.
type Identity struct {
	content content
	pair    *token.Pair
	file    *os.File // locked, so that Remove knows that it is in use
}

// content is the file's content.
type content struct {
	Version int    `json:"version"`
	Keys    []byte `json:"signingKeys"` // of token.Pair's Marshal
	Key     []byte `json:"secretsKey"`
}

// Open opens the identity in a build folder and creates it if there is none. Several programs may do so at once, and
// get the same one. The error names the file and the way out if it is damaged.
func Open(build string) (*Identity, error) {
	path := filepath.Join(build, FileName)
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := create(path); err != nil {
			return nil, fmt.Errorf("identity: %w", err)
		}
		file, err = os.Open(path)
	}
	if err != nil {
		return nil, fmt.Errorf("identity: %w", err)
	}
	i := &Identity{file: file}
	if err := i.read(); err != nil {
		return nil, errors.Join(fmt.Errorf("identity: %s cannot be used: %w; make a new one with `poolctl reset`", path, err),
			file.Close())
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_SH|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("identity: locking %s: %w", path, err), file.Close())
	}
	return i, nil
}

func (i *Identity) read() error {
	if err := json.NewDecoder(i.file).Decode(&i.content); err != nil {
		return fmt.Errorf("it is damaged: %w", err)
	}
	if i.content.Version > version {
		return fmt.Errorf("a newer version of poolctl wrote it (format %d, this one knows %d)", i.content.Version, version)
	}
	if len(i.content.Key) != keyLength {
		return errors.New("it is damaged: secretsKey has the wrong length")
	}
	var err error
	i.pair, err = token.ParsePair(i.content.Keys)
	return err
}

// create writes a new identity, unless another program does so first.
func create(path string) error {
	pair, err := token.NewPair()
	if err != nil {
		return err
	}
	made := content{Version: version, Key: make([]byte, keyLength)}
	_, _ = rand.Read(made.Key) // never fails
	if made.Keys, err = pair.Marshal(); err != nil {
		return err
	}
	text, err := json.Marshal(made)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), FileName+".*") // with mode 0600
	if err != nil {
		return err
	}
	_, err = file.Write(append(text, '\n'))
	if err = errors.Join(err, file.Close()); err == nil {
		if err = os.Link(file.Name(), path); errors.Is(err, fs.ErrExist) {
			err = nil
		}
	}
	return errors.Join(err, os.Remove(file.Name()))
}

// Keys returns the signing keys.
func (i *Identity) Keys() (*token.Pair, error) { return i.pair, nil }

// IDs returns the ids of the pools and app clients of an owner, for example a module's path. Every checkout of the
// module has the same ids, so that the settings of an app may name them; client secrets are this identity's own.
func (i *Identity) IDs(owner string) userpool.IDs { return userpool.StableIDs(owner, i.content.Key) }

// Close lets Remove remove the identity.
func (i *Identity) Close() error { return i.file.Close() }

// Remove removes the identity in a build folder and returns its path; "" if there was none. It returns an error that
// wraps ErrInUse while a run uses it.
func Remove(build string) (string, error) {
	path := filepath.Join(build, FileName)
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("identity: %w", err)
	}
	defer file.Close()
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return "", fmt.Errorf("identity: %s: %w", path, ErrInUse)
	}
	if err == nil {
		err = os.Remove(path)
	}
	if err != nil {
		return "", fmt.Errorf("identity: %w", err)
	}
	return path, nil
}
