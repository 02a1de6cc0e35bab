package signin

import (
	"sync"

	"cognito-triggers/local/userpool/state"
	"cognito-triggers/local/userpool/token"
)

// keyring holds the keys of the pools that have been asked for theirs. The zero value is ready.
type keyring struct{ byPool sync.Map }

// keyringKey tells a pool from an earlier one of the same id.
type keyringKey struct {
	pool    string
	created int64
}

type poolKeys struct {
	once sync.Once
	keys *token.Keys
	err  error
}

// of gives a pool's keys, which are made when they are first needed.
func (k *keyring) of(store state.Store, pool state.Pool) (*token.Keys, error) {
	entry, _ := k.byPool.LoadOrStore(keyringKey{pool.ID, pool.Created.UnixNano()}, &poolKeys{})
	p := entry.(*poolKeys)
	p.once.Do(func() { p.keys, p.err = loadKeys(store, pool) })
	return p.keys, p.err
}

func loadKeys(store state.Store, pool state.Pool) (*token.Keys, error) {
	if len(pool.SigningKey) > 0 {
		return token.ParseKeys(pool.SigningKey)
	}
	keys, err := token.NewKeys()
	if err != nil {
		return nil, err
	}
	der, err := keys.Marshal()
	if err != nil {
		return nil, err
	}
	_, err = store.UpdatePool(pool.ID, func(p *state.Pool) error { p.SigningKey = der; return nil })
	return keys, err
}
