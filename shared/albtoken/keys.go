package albtoken

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Bounds of what is kept and fetched. A Region has a few keys; whoever reaches the target can invent any number of ids.
const (
	maxKeys    = 32
	keyLife    = time.Hour
	failedLife = 10 * time.Second // before a key is asked for again
	maxFetches = 20               // a minute
	fetchLimit = 5 * time.Second
	maxKey     = 8 << 10 // bytes
)

// keys fetches and keeps AWS's public keys. It is safe for concurrent use.
type keys struct {
	url    string
	client *http.Client
	now    func() time.Time

	mu      sync.Mutex
	entries map[string]*entry
	order   []string // the oldest first
	minute  time.Time
	fetches int // since minute
}

// entry is a key, or why there is none. Its other members may be read once done is closed.
type entry struct {
	done  chan struct{}
	key   *ecdsa.PublicKey
	err   error
	until time.Time
}

func newKeys(url string, client *http.Client, now func() time.Time) *keys {
	if client == nil {
		client = &http.Client{
			Timeout:       fetchLimit,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}
	}
	return &keys{url: strings.TrimSuffix(url, "/"), client: client, now: now, entries: map[string]*entry{}}
}

// get returns the key with an id that is safe in an address. Of concurrent calls, one fetches it.
func (k *keys) get(ctx context.Context, id string) (*ecdsa.PublicKey, error) {
	e, mine := k.entry(id)
	if e == nil {
		return nil, fmt.Errorf("%w: too many unknown keys were asked for", ErrNoKey)
	}
	if mine {
		// The caller may give up, and others wait for the same key.
		fetching, cancel := context.WithTimeout(context.WithoutCancel(ctx), fetchLimit)
		defer cancel()
		e.key, e.err = k.fetch(fetching, id)
		e.until = k.now().Add(keyLife)
		if e.err != nil {
			e.until = k.now().Add(failedLife)
		}
		close(e.done)
	}
	select {
	case <-e.done:
		return e.key, e.err
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: %w", ErrNoKey, ctx.Err())
	}
}

// entry returns the entry of a key, and whether the caller has to fetch it; nil if too many have been fetched.
func (k *keys) entry(id string) (e *entry, mine bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	now := k.now()
	if e := k.entries[id]; e != nil {
		select {
		case <-e.done:
			if now.Before(e.until) {
				return e, false
			}
		default:
			return e, false
		}
	}
	if now.Sub(k.minute) >= time.Minute {
		k.minute, k.fetches = now, 0
	}
	if k.fetches++; k.fetches > maxFetches {
		if old := k.entries[id]; old != nil && old.key != nil {
			return old, false // better than none
		}
		return nil, false
	}
	k.order = slices.DeleteFunc(k.order, func(other string) bool { return other == id })
	if len(k.order) >= maxKeys {
		k.forget()
	}
	e = &entry{done: make(chan struct{})}
	k.entries[id], k.order = e, append(k.order, id)
	return e, true
}

// forget makes room for a key: of an invented id, since those must not drive out real ones, or else the oldest.
func (k *keys) forget() {
	at := max(0, slices.IndexFunc(k.order, func(id string) bool {
		select {
		case <-k.entries[id].done:
			return k.entries[id].err != nil
		default:
			return false
		}
	}))
	delete(k.entries, k.order[at])
	k.order = slices.Delete(k.order, at, at+1)
}

func (k *keys) fetch(ctx context.Context, id string) (*ecdsa.PublicKey, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, k.url+"/"+id, nil)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoKey, err)
	}
	response, err := k.client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoKey, err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, maxKey))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrNoKey, err)
	case response.StatusCode == http.StatusNotFound || response.StatusCode == http.StatusForbidden: // S3 has no such key
		return nil, errors.New("no such key")
	case response.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("%w: %s", ErrNoKey, response.Status)
	}
	key, err := jwt.ParseECPublicKeyFromPEM(text)
	if err != nil || key.Curve != elliptic.P256() {
		return nil, fmt.Errorf("%w: what AWS answers is not a P-256 key", ErrNoKey)
	}
	return key, nil
}
