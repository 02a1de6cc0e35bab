// Package storesecret keeps the secret of a store: random bytes that the first process to need them puts into the
// store's table, and that every process reads once.
package storesecret

import (
	"context"
	"crypto/rand"
	"sync/atomic"
)

const size = 32 // bytes

// New returns a new secret.
func New() []byte {
	secret := make([]byte, size)
	_, _ = rand.Read(secret) // never fails
	return secret
}

// Secret is the secret of one store, once it is known. The zero Secret is not.
type Secret struct{ known atomic.Pointer[[]byte] }

// Get returns the secret. While it is not known, Get calls read, which returns nil if the table has none yet, and then
// put, which writes a new one unless another process was faster: then it reports that one exists, and Get reads that.
func (s *Secret) Get(ctx context.Context, read func(context.Context) ([]byte, error),
	put func(ctx context.Context, made []byte) (exists bool, err error)) ([]byte, error) {
	if known := s.known.Load(); known != nil {
		return *known, ctx.Err()
	}
	secret, err := read(ctx)
	if err == nil && secret == nil {
		secret = New()
		var exists bool
		if exists, err = put(ctx, secret); exists {
			secret, err = read(ctx)
		}
	}
	if err != nil {
		return nil, err
	}
	s.known.Store(&secret)
	return secret, nil
}
