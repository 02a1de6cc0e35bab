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
	keysLifetime = 2 * time.Hour // what API Gateway may keep keys for
	keysPause    = time.Second   // between two fetches for keys that are not there: a forged token must not cost one each
	keysTimeout  = 5 * time.Second
	maxKeySet    = 1 << 20
)

// errUnknownKey tells that the issuer has no key of that id.
var errUnknownKey = errors.New("the issuer has no key with this ID")

// Keys are an issuer's public keys, fetched when they are first needed and again for an id that is not among them.
type Keys struct {
	url string

	mu      sync.Mutex // held while keys are fetched: who needs them waits for that one fetch
	known   map[string]*rsa.PublicKey
	fetched time.Time
	tried   time.Time
}

// NewKeys are the keys at a URL that ends with /.well-known/jwks.json.
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

// fetch replaces the keys. A client that goes away does not take the others' fetch with it.
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
