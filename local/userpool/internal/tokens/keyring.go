package tokens

import (
	"sync"

	"cognito-triggers/local/userpool/state"
	"cognito-triggers/local/userpool/token"
)

// keyring caches the pools' keys.
type keyring struct {
	byPool sync.Map
	pair   func() (*token.Pair, error) // for pools without keys
}

// keyOwner identifies a pool: if it is deleted and created again with the same ID, it has other keys.
type keyOwner struct {
	pool    string
	created int64 // Unix nanoseconds
}

type poolKeys struct {
	once sync.Once
	keys *token.Keys
	err  error
}

// of returns a pool's keys: the stored ones, or else those of the server, which it then stores.
func (k *keyring) of(store state.Store, pool state.Pool) (*token.Keys, error) {
	entry, _ := k.byPool.LoadOrStore(keyOwner{pool.ID, pool.Created.UnixNano()}, &poolKeys{})
	p := entry.(*poolKeys)
	p.once.Do(func() { p.keys, p.err = k.load(store, pool) })
	return p.keys, p.err
}

func (k *keyring) load(store state.Store, pool state.Pool) (*token.Keys, error) {
	if len(pool.SigningKey) > 0 {
		pair, err := token.ParsePair(pool.SigningKey)
		if err != nil {
			return nil, err
		}
		return pair.Of(pool.ID)
	}
	pair, err := k.pair()
	if err != nil {
		return nil, err
	}
	der, err := pair.Marshal()
	if err != nil {
		return nil, err
	}
	if _, err = store.UpdatePool(pool.ID, func(p *state.Pool) error { p.SigningKey = der; return nil }); err != nil {
		return nil, err
	}
	return pair.Of(pool.ID)
}
