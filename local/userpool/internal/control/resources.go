package control

import (
	"encoding/json"
	"maps"
	"slices"

	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
)

// kind is a kind of resource of a pool that other packages act on.
type kind struct {
	name     string // as error texts write it
	idMember string // the member that identifies it in requests, as AWS's errors write it
	exists   func(name string) error
	check    func(state.Resource) error // judges what would result; may be nil
}

func (k kind) key(name string) state.ResourceKey { return state.ResourceKey{Kind: k.name, Name: name} }

func (k kind) notFound(name string) error { return fault.New(fault.ResourceNotFound, k.name, name) }

// members are a resource's members as raw JSON.
type members = map[string]json.RawMessage

// given returns the members that the request contains.
func given(all members) members {
	maps.DeleteFunc(all, func(_ string, value json.RawMessage) bool { return value == nil })
	return all
}

// find returns the pool of a request for a resource of this kind.
func (r *Room) find(k kind, poolID, name string) (state.Pool, error) {
	pool, err := r.directory.Pool(poolID)
	if err == nil && name == "" {
		err = fault.Constrain(k.idMember, "Member must not be null")
	}
	return pool, err
}

func (r *Room) createResource(k kind, poolID, name string, data members) (state.Pool, state.Resource, error) {
	now := r.now()
	return r.putResource(k, poolID, name, func(_ state.Resource, there bool) (state.Resource, error) {
		if there {
			return state.Resource{}, k.exists(name)
		}
		return state.Resource{Kind: k.name, Name: name, Created: now, Modified: now, Data: data}, nil
	})
}

// updateResource replaces the given members.
func (r *Room) updateResource(k kind, poolID, name string, data members) (state.Pool, state.Resource, error) {
	return r.putResource(k, poolID, name, func(old state.Resource, there bool) (state.Resource, error) {
		if !there {
			return state.Resource{}, k.notFound(name)
		}
		changed := maps.Clone(old.Data)
		maps.Copy(changed, data)
		old.Data, old.Modified = changed, r.now()
		return old, nil
	})
}

func (r *Room) putResource(
	k kind, poolID, name string, change func(old state.Resource, there bool) (state.Resource, error),
) (state.Pool, state.Resource, error) {
	pool, err := r.find(k, poolID, name)
	if err != nil {
		return pool, state.Resource{}, err
	}
	pool, err = r.store.UpdatePool(pool.ID, func(p *state.Pool) error {
		old, there := p.Resources[k.key(name)]
		changed, err := change(old, there)
		if err != nil {
			return err
		}
		if k.check != nil {
			if err := k.check(changed); err != nil {
				return err
			}
		}
		if p.Resources == nil {
			p.Resources = map[state.ResourceKey]state.Resource{}
		}
		p.Resources[k.key(name)] = changed
		return nil
	})
	return pool, pool.Resources[k.key(name)], err
}

func (r *Room) describeResource(k kind, poolID, name string) (state.Pool, state.Resource, error) {
	pool, err := r.find(k, poolID, name)
	if err != nil {
		return pool, state.Resource{}, err
	}
	found, there := pool.Resources[k.key(name)]
	if !there {
		return pool, state.Resource{}, k.notFound(name)
	}
	return pool, found, nil
}

func (r *Room) deleteResource(k kind, poolID, name string) (*wire.Empty, error) {
	pool, err := r.find(k, poolID, name)
	if err != nil {
		return nil, err
	}
	_, err = r.store.UpdatePool(pool.ID, func(p *state.Pool) error {
		if _, there := p.Resources[k.key(name)]; !there {
			return k.notFound(name)
		}
		delete(p.Resources, k.key(name))
		return nil
	})
	return &wire.Empty{}, err
}

// resourcesOf lists a pool's resources of one kind, sorted by name.
func resourcesOf(pool state.Pool, k kind) []state.Resource {
	var names []string
	for key := range pool.Resources {
		if key.Kind == k.name {
			names = append(names, key.Name)
		}
	}
	slices.Sort(names)
	list := make([]state.Resource, 0, len(names))
	for _, name := range names {
		list = append(list, pool.Resources[k.key(name)])
	}
	return list
}

func (r *Room) listResources(k kind, in *ListInput) (pool state.Pool, page []state.Resource, next string, err error) {
	if pool, err = r.directory.Pool(in.UserPoolId); err != nil {
		return pool, nil, "", err
	}
	name := func(r state.Resource) string { return r.Name }
	page, next, err = wire.Paginate(resourcesOf(pool, k), in.MaxResults, in.NextToken, name)
	return pool, page, next, err
}
