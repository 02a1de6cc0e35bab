package pages

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"

	"github.com/google/uuid"

	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/internal/wire"
	"cognito-triggers/local/userpool/state"
)

// The kinds of resources that belong to the pages of one app client, as error texts write them. Each is one record of
// its pool, with its members as JSON.
const (
	termsKind         = "Terms"
	brandingKind      = "Managed login branding"
	customizationKind = "UI customization"
)

// pageOf is a resource that belongs to an app client's pages. The name in the store is its ID.
type pageOf[T any] struct {
	state.Resource
	Data T
}

// record is the member of a resource's data that holds all of it.
const record = "Record"

func pageFrom[T any](r state.Resource) (pageOf[T], error) {
	page := pageOf[T]{Resource: r}
	return page, json.Unmarshal(r.Data[record], &page.Data)
}

// pagesOf lists a pool's resources of a kind, sorted by ID.
func pagesOf[T any](pool state.Pool, of string) ([]pageOf[T], error) {
	var list []pageOf[T]
	for key, r := range pool.Resources {
		if key.Kind != of {
			continue
		}
		page, err := pageFrom[T](r)
		if err != nil {
			return nil, err
		}
		list = append(list, page)
	}
	slices.SortFunc(list, func(a, b pageOf[T]) int { return cmp.Compare(a.Name, b.Name) })
	return list, nil
}

// findPage returns the resource with an ID.
func findPage[T any](pool state.Pool, of, id string) (pageOf[T], error) {
	found, there := pool.Resources[state.ResourceKey{Kind: of, Name: id}]
	if !there {
		return pageOf[T]{}, fault.New(fault.ResourceNotFound, of, id)
	}
	return pageFrom[T](found)
}

// createPage adds a resource with a new ID. The error exists says that there is one like it, which the function same
// finds.
func createPage[T any](r *Room, poolID, of string, data T, same func(T) bool, exists error) (pageOf[T], error) {
	return putPage(r, poolID, of, uuid.NewString(), func(p *state.Pool, _ T, _ bool) (T, error) {
		list, err := pagesOf[T](*p, of)
		if err == nil && slices.ContainsFunc(list, func(page pageOf[T]) bool { return same(page.Data) }) {
			err = exists
		}
		return data, err
	})
}

// putPage stores what change makes of a resource.
func putPage[T any](
	r *Room, poolID, of, id string, change func(p *state.Pool, old T, there bool) (T, error),
) (pageOf[T], error) {
	var out pageOf[T]
	pool, err := r.directory.Pool(poolID)
	if err != nil {
		return out, err
	}
	_, err = r.store.UpdatePool(pool.ID, func(p *state.Pool) error {
		key := state.ResourceKey{Kind: of, Name: id}
		resource, there := p.Resources[key]
		var old pageOf[T]
		var err error
		if there {
			if old, err = pageFrom[T](resource); err != nil {
				return err
			}
		}
		if out.Data, err = change(p, old.Data, there); err != nil {
			return err
		}
		raw, err := json.Marshal(out.Data)
		if err != nil {
			return err
		}
		now := r.now()
		if !there {
			resource = state.Resource{Kind: of, Name: id, Created: now}
		}
		resource.Modified, resource.Data = now, map[string]json.RawMessage{record: raw}
		out.Resource = resource
		if p.Resources == nil {
			p.Resources = map[state.ResourceKey]state.Resource{}
		}
		p.Resources[key] = resource
		return nil
	})
	return out, err
}

// deletePage deletes the resource with an ID.
func (r *Room) deletePage(poolID, of, id string) (*wire.Empty, error) {
	pool, err := r.directory.Pool(poolID)
	if err != nil {
		return nil, err
	}
	_, err = r.store.UpdatePool(pool.ID, func(p *state.Pool) error {
		key := state.ResourceKey{Kind: of, Name: id}
		if _, there := p.Resources[key]; !there {
			return fault.New(fault.ResourceNotFound, of, id)
		}
		delete(p.Resources, key)
		return nil
	})
	return &wire.Empty{}, err
}

// Forget deletes what belongs to the pages of an app client that is gone.
func Forget(store state.Store, client state.Client) error {
	_, err := store.UpdatePool(client.Pool, func(p *state.Pool) error {
		maps.DeleteFunc(p.Resources, func(key state.ResourceKey, of state.Resource) bool {
			owner, err := pageFrom[struct{ ClientId string }](of)
			return slices.Contains([]string{termsKind, brandingKind, customizationKind}, key.Kind) && err == nil &&
				owner.Data.ClientId == client.ID
		})
		return nil
	})
	return err
}
