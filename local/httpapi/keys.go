package httpapi

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
)

const (
	keysLifetime = 2 * time.Hour // how long API Gateway may cache keys
	keysPause    = time.Second   // between two fetches for unknown keys: not every forged token must cause one
	keysTimeout  = 5 * time.Second
	maxKeySet    = 1 << 20
)

// errUnknownKey means that the issuer has no key with the token's key ID.
var errUnknownKey = errors.New("the issuer has no key with this ID")

// Keys are an issuer's public keys. They are fetched on first use, when they expire, and for unknown key IDs.
type Keys struct {
	url string

	mu      sync.Mutex // held during a fetch, so that all callers wait for the same one
	known   map[string]*rsa.PublicKey
	fetched time.Time
	tried   time.Time
}

// NewKeys returns the keys at a URL, which usually ends with /.well-known/jwks.json.
func NewKeys(url string) *Keys { return &Keys{url: url} }

func (k *Keys) find(ctx context.Context, id string, now time.Time) (*rsa.PublicKey, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	stale := now.Sub(k.fetched) >= keysLifetime
	key, there := k.known[id]
	if there && !stale {
		return key, nil
	}
	if stale || now.Sub(k.tried) >= keysPause {
		k.tried = now
		if err := k.fetch(ctx); err != nil {
			return nil, err
		}
		k.fetched = now
	}
	if key, there = k.known[id]; !there {
		return nil, errUnknownKey
	}
	return key, nil
}

// fetch replaces the keys. It ignores the cancellation of the request that started it, because others wait for it.
func (k *Keys) fetch(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keysTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, k.url, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("fetch the issuer's keys: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("fetch the issuer's keys: %s answers %s", k.url, response.Status)
	}
	var set jose.JSONWebKeySet
	if err := json.NewDecoder(io.LimitReader(response.Body, maxKeySet)).Decode(&set); err != nil {
		return fmt.Errorf("read the issuer's keys: %w", err)
	}
	known := map[string]*rsa.PublicKey{}
	for _, key := range set.Keys {
		if public, ok := key.Key.(*rsa.PublicKey); ok && key.KeyID != "" {
			known[key.KeyID] = public
		}
	}
	k.known = known
	return nil
}
