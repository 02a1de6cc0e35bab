package signin

import (
	"sync"

	"cognito-triggers/local/userpool/state"
	"cognito-triggers/local/userpool/token"
)

// keyring holds the keys of the pools that have been asked for theirs. The zero value is ready.
type keyring struct{ byPool sync.Map }

// keyOwner is one life of a pool: another of the same id has keys of its own.
type keyOwner struct {
	pool    string
	created int64 // Unix nanoseconds
}

type poolKeys struct {
	once sync.Once
	keys *token.Keys
	err  error
}

// of gives a pool's keys: those that are stored with it, otherwise, and then stored, this process's.
func (k *keyring) of(store state.Store, pool state.Pool) (*token.Keys, error) {
	entry, _ := k.byPool.LoadOrStore(keyOwner{pool.ID, pool.Created.UnixNano()}, &poolKeys{})
	p := entry.(*poolKeys)
	p.once.Do(func() { p.keys, p.err = loadKeys(store, pool) })
	return p.keys, p.err
}

func loadKeys(store state.Store, pool state.Pool) (*token.Keys, error) {
	if len(pool.SigningKey) > 0 {
		pair, err := token.ParsePair(pool.SigningKey)
		if err != nil {
			return nil, err
		}
		return pair.Of(pool.ID)
	}
	pair, err := token.Shared()
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
