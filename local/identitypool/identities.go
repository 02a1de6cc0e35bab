package identitypool

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"
)

type idInput struct {
	AccountId      *string
	IdentityPoolId *string
	loginsInput
}

func (in *idInput) check(p *problems) {
	p.optional("accountId", in.AccountId, rules.account)
	p.required("identityPoolId", in.IdentityPoolId, rules.id)
	in.loginsInput.check(p)
}

type idOutput struct{ IdentityId string }

// getID returns the identity that has the logins, or a new one. Guests get a new one each time.
func (s *Server) getID(_ context.Context, c call, in *idInput) (*idOutput, error) {
	p, err := s.store.pool(*in.IdentityPoolId)
	if err != nil {
		return nil, err
	}
	proofs, err := s.proveAll(c, p, in.Logins)
	if err != nil {
		return nil, err
	}
	out, logins, now := &idOutput{}, subjects(proofs), s.options.Now()
	err = s.store.change(func(d *data) error {
		if _, err := d.pool(p.ID); err != nil {
			return err
		}
		owners := d.owners(p.ID, logins)
		switch len(owners) {
		case 0:
			made := identity{ID: s.newID(), Pool: p.ID, Logins: logins, Created: now, Modified: now}
			out.IdentityId = made.ID
			return d.add(made)
		case 1:
			owner := d.Identities[owners[0]]
			if !agrees(owner, logins) {
				return notAuthorized(textLogins)
			}
			out.IdentityId = d.link(owner, logins, now).ID
			return nil
		}
		return conflict()
	})
	return out, err
}

// proveAll checks logins, or that the pool takes guests.
func (s *Server) proveAll(c call, p pool, logins map[string]string) ([]proof, error) {
	if len(logins) == 0 && !*p.AllowUnauthenticatedIdentities {
		return nil, notAuthorized(textNoGuests)
	}
	return s.prove(c, p, logins)
}

// agrees reports whether an identity has no other user of the same user pools.
func agrees(i identity, logins map[string]string) bool {
	for userPool, sub := range logins {
		if known, has := i.Logins[userPool]; has && known != sub {
			return false
		}
	}
	return true
}

func conflict() error { return &exception{"ResourceConflictException", textLinked} }

// claim returns an identity for whoever shows logins, which it keeps. A guest's identity becomes that of the first user
// who shows up with it; it is then nobody else's.
func (s *Server) claim(c call, id string, logins map[string]string) (identity, pool, []proof, error) {
	i, err := s.store.identity(id)
	if err != nil {
		return i, pool{}, nil, err
	}
	p, err := s.store.pool(i.Pool)
	if err != nil {
		return i, p, nil, identityNotFound(id)
	}
	if len(logins) == 0 && len(i.Logins) > 0 {
		return i, p, nil, notAuthorized("Access to Identity '" + id + "' is forbidden.")
	}
	proofs, err := s.proveAll(c, p, logins)
	if err != nil || len(proofs) == 0 {
		return i, p, proofs, err
	}
	shown := subjects(proofs)
	err = s.store.change(func(d *data) error {
		known, there := d.Identities[id]
		if !there {
			return identityNotFound(id)
		}
		if !agrees(known, shown) || len(known.Logins) > 0 && !slices.Contains(d.owners(i.Pool, shown), id) {
			return notAuthorized(textLogins)
		}
		for _, owner := range d.owners(i.Pool, shown) {
			if owner != id {
				return conflict()
			}
		}
		i = d.link(known, shown, s.options.Now())
		return nil
	})
	return i, p, proofs, err
}

// identityID is the input of operations that take an identity alone.
type identityID struct{ IdentityId *string }

func (in *identityID) check(p *problems) { p.required("identityId", in.IdentityId, rules.id) }

// describedIdentity is AWS's IdentityDescription.
type describedIdentity struct {
	IdentityId                     string
	Logins                         []string `json:",omitempty"`
	CreationDate, LastModifiedDate float64
}

func describeOne(i identity) describedIdentity {
	out := describedIdentity{IdentityId: i.ID, CreationDate: seconds(i.Created), LastModifiedDate: seconds(i.Modified)}
	for _, userPool := range slices.Sorted(maps.Keys(i.Logins)) {
		out.Logins = append(out.Logins, providerOf(userPool))
	}
	return out
}

// seconds is how the API writes a time.
func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }

func (s *Server) describeIdentity(_ context.Context, _ call, in *identityID) (*describedIdentity, error) {
	i, err := s.store.identity(*in.IdentityId)
	if err != nil {
		return nil, err
	}
	out := describeOne(i)
	return &out, nil
}

type identitiesInput struct {
	poolID
	listInput
	HideDisabled *bool
}

func (in *identitiesInput) check(p *problems) {
	in.poolID.check(p)
	in.listInput.check(p)
}

type identitiesOutput struct {
	IdentityPoolId string
	Identities     []describedIdentity
	NextToken      string `json:",omitempty"`
}

func (s *Server) listIdentities(_ context.Context, _ call, in *identitiesInput) (*identitiesOutput, error) {
	p, err := s.store.pool(*in.IdentityPoolId)
	if err != nil {
		return nil, err
	}
	found, next, err := page(s.store.identities(p.ID), in.listInput, func(i identity) string { return i.ID })
	if err != nil {
		return nil, err
	}
	out := &identitiesOutput{IdentityPoolId: p.ID, Identities: []describedIdentity{}, NextToken: next}
	for _, i := range found {
		out.Identities = append(out.Identities, describeOne(i))
	}
	return out, nil
}

type deleteInput struct{ IdentityIdsToDelete []string }

func (in *deleteInput) check(p *problems) {
	p.present("identityIdsToDelete", len(in.IdentityIdsToDelete) > 0)
	p.atMost("identityIdsToDelete", len(in.IdentityIdsToDelete), 60)
	for n, id := range in.IdentityIdsToDelete {
		p.text(fmt.Sprintf("identityIdsToDelete.%d.member", n+1), id, rules.id)
	}
}

type deleteOutput struct{ UnprocessedIdentityIds []struct{} }

// deleteIdentities forgets identities. Those that are unknown are gone already.
func (s *Server) deleteIdentities(_ context.Context, _ call, in *deleteInput) (*deleteOutput, error) {
	return &deleteOutput{[]struct{}{}}, s.store.change(func(d *data) error {
		for _, id := range in.IdentityIdsToDelete {
			if i, known := d.Identities[id]; known {
				d.remove(i)
			}
		}
		return nil
	})
}
