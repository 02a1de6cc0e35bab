package identitypool

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"
)

func compare(a, b string) int { return cmp.Compare(a, b) }

// provider is AWS's CognitoIdentityProvider: an app client of a user pool.
type provider struct {
	ProviderName         *string `json:",omitempty"`
	ClientId             *string `json:",omitempty"`
	ServerSideTokenCheck *bool   `json:",omitempty"`
}

// settings are what a pool is made with and updated to.
type settings struct {
	IdentityPoolName               *string           `json:",omitempty"`
	AllowUnauthenticatedIdentities *bool             `json:",omitempty"`
	AllowClassicFlow               *bool             `json:",omitempty"`
	SupportedLoginProviders        map[string]string `json:",omitempty"`
	DeveloperProviderName          *string           `json:",omitempty"`
	OpenIdConnectProviderARNs      []string          `json:",omitempty"`
	CognitoIdentityProviders       []provider        `json:",omitempty"`
	SamlProviderARNs               []string          `json:",omitempty"`
	IdentityPoolTags               map[string]string `json:",omitempty"`
}

func (in *settings) check(p *problems) {
	const maxProviders = 100 // ours
	p.required("identityPoolName", in.IdentityPoolName, rules.name)
	p.present("allowUnauthenticatedIdentities", in.AllowUnauthenticatedIdentities != nil)
	p.optional("developerProviderName", in.DeveloperProviderName, rules.developer)
	p.dictionary("supportedLoginProviders", in.SupportedLoginProviders, 10, rules.loginProvider, rules.loginApp)
	p.atMost("cognitoIdentityProviders", len(in.CognitoIdentityProviders), maxProviders)
	for n, c := range in.CognitoIdentityProviders {
		path := fmt.Sprintf("cognitoIdentityProviders.%d.member.", n+1)
		p.optional(path+"providerName", c.ProviderName, rules.provider)
		p.optional(path+"clientId", c.ClientId, rules.clientID)
	}
	p.arns("openIdConnectProviderARNs", in.OpenIdConnectProviderARNs, maxProviders)
	p.arns("samlProviderARNs", in.SamlProviderARNs, maxProviders)
	p.tags("identityPoolTags", in.IdentityPoolTags)
}

func (p *problems) arns(path string, all []string, most int) {
	p.atMost(path, len(all), most)
	for n, arn := range all {
		p.text(fmt.Sprintf("%s.%d.member", path, n+1), arn, rules.arn)
	}
}

func (p *problems) tags(path string, all map[string]string) {
	const most = 50
	p.dictionary(path, all, most, rules.tagKey, rules.tagValue)
}

// described is AWS's IdentityPool.
type described struct {
	IdentityPoolId string
	settings
}

func describe(p pool) *described { return &described{p.ID, p.settings} }

// poolID is the input of operations that take a pool alone.
type poolID struct{ IdentityPoolId *string }

func (in *poolID) check(p *problems) { p.required("identityPoolId", in.IdentityPoolId, rules.id) }

// note says which providers have no effect here.
func (s *Server) note(in *settings) {
	if len(in.SupportedLoginProviders) > 0 || len(in.OpenIdConnectProviderARNs) > 0 || len(in.SamlProviderARNs) > 0 ||
		in.DeveloperProviderName != nil {
		s.options.Warn("identity pools: logins of other providers than user pools are stored, and not taken: the local " +
			"pools cannot check them")
	}
}

func (s *Server) createPool(_ context.Context, _ call, in *settings) (*described, error) {
	p := pool{ID: s.newID(), settings: *in}
	err := s.store.change(func(d *data) error {
		if len(d.Pools) >= maxPools {
			return &exception{"LimitExceededException", fmt.Sprintf("There are %d identity pools: delete some.", maxPools)}
		}
		d.Pools[p.ID] = p
		return nil
	})
	if err != nil {
		return nil, err
	}
	s.note(in)
	return describe(p), nil
}

func (s *Server) newID() string { return s.options.Region + ":" + uuid.NewString() }

func (s *Server) describePool(_ context.Context, _ call, in *poolID) (*described, error) {
	p, err := s.store.pool(*in.IdentityPoolId)
	if err != nil {
		return nil, err
	}
	return describe(p), nil
}

type updateInput struct {
	poolID
	settings
}

func (in *updateInput) check(p *problems) {
	in.poolID.check(p)
	in.settings.check(p)
}

// updatePool replaces all settings, and the tags if the request has any.
func (s *Server) updatePool(_ context.Context, _ call, in *updateInput) (*described, error) {
	var updated pool
	err := s.store.change(func(d *data) (err error) {
		if updated, err = d.pool(*in.IdentityPoolId); err != nil {
			return err
		}
		tags := updated.IdentityPoolTags
		updated.settings = in.settings
		if in.IdentityPoolTags == nil {
			updated.IdentityPoolTags = tags
		}
		d.Pools[updated.ID] = updated
		return nil
	})
	if err != nil {
		return nil, err
	}
	s.note(&in.settings)
	return describe(updated), nil
}

func (s *Server) deletePool(_ context.Context, _ call, in *poolID) (*empty, error) {
	return &empty{}, s.store.change(func(d *data) error {
		p, err := d.pool(*in.IdentityPoolId)
		if err != nil {
			return err
		}
		for _, i := range d.Identities {
			if i.Pool == p.ID {
				d.remove(i)
			}
		}
		delete(d.Pools, p.ID)
		return nil
	})
}

type listInput struct {
	MaxResults *int
	NextToken  *string
}

func (in *listInput) check(p *problems) {
	p.limit(in.MaxResults)
	p.optional("nextToken", in.NextToken, rules.page)
}

// page returns one page of a sorted list and the token of the next one, which is the key of the page's last entry.
func page[T any](list []T, in listInput, key func(T) string) ([]T, string, error) {
	if in.NextToken != nil {
		last, err := base64.RawURLEncoding.DecodeString(*in.NextToken)
		if err != nil {
			return nil, "", invalidParameter("NextToken is not one of this list")
		}
		list = list[len(list)-countAfter(list, string(last), key):]
	}
	if len(list) <= *in.MaxResults {
		return list, "", nil
	}
	list = list[:*in.MaxResults]
	return list, base64.RawURLEncoding.EncodeToString([]byte(key(list[len(list)-1]))), nil
}

func countAfter[T any](list []T, last string, key func(T) string) (n int) {
	for _, entry := range list {
		if key(entry) > last {
			n++
		}
	}
	return n
}

type shortPool struct{ IdentityPoolId, IdentityPoolName string }

type listPoolsOutput struct {
	IdentityPools []shortPool
	NextToken     string `json:",omitempty"`
}

func (s *Server) listPools(_ context.Context, _ call, in *listInput) (*listPoolsOutput, error) {
	found, next, err := page(s.store.pools(), *in, func(p pool) string { return p.ID })
	if err != nil {
		return nil, err
	}
	out := &listPoolsOutput{IdentityPools: []shortPool{}, NextToken: next}
	for _, p := range found {
		out.IdentityPools = append(out.IdentityPools, shortPool{p.ID, *p.IdentityPoolName})
	}
	return out, nil
}

// arnInput names a pool by its ARN.
type arnInput struct{ ResourceArn *string }

func (in *arnInput) check(p *problems) { p.required("resourceArn", in.ResourceArn, rules.arn) }

// ofARN returns the id of the pool that an ARN names.
func (s *Server) ofARN(arn string) (string, error) {
	id, is := strings.CutPrefix(arn, "arn:aws:cognito-identity:"+s.options.Region+":"+Account+":identitypool/")
	if !is {
		return "", invalidParameter("ResourceArn is not the ARN of an identity pool of this account and Region")
	}
	return id, nil
}

func (s *Server) changeTags(arn string, run func(tags map[string]string) error) error {
	id, err := s.ofARN(arn)
	if err != nil {
		return err
	}
	return s.store.change(func(d *data) error {
		p, err := d.pool(id)
		if err != nil {
			return err
		}
		tags := maps.Clone(p.IdentityPoolTags)
		if tags == nil {
			tags = map[string]string{}
		}
		if err := run(tags); err != nil {
			return err
		}
		p.IdentityPoolTags = tags
		d.Pools[id] = p
		return nil
	})
}

type tagInput struct {
	arnInput
	Tags map[string]string
}

func (in *tagInput) check(p *problems) {
	in.arnInput.check(p)
	p.present("tags", in.Tags != nil)
	p.tags("tags", in.Tags)
}

func (s *Server) tag(_ context.Context, _ call, in *tagInput) (*empty, error) {
	return &empty{}, s.changeTags(*in.ResourceArn, func(tags map[string]string) error {
		const most = 50
		maps.Copy(tags, in.Tags)
		if len(tags) > most {
			return invalidParameter("An identity pool has at most 50 tags.")
		}
		return nil
	})
}

type untagInput struct {
	arnInput
	TagKeys []string
}

func (in *untagInput) check(p *problems) {
	in.arnInput.check(p)
	p.present("tagKeys", in.TagKeys != nil)
	for n, key := range in.TagKeys {
		p.text(fmt.Sprintf("tagKeys.%d.member", n+1), key, rules.tagKey)
	}
}

func (s *Server) untag(_ context.Context, _ call, in *untagInput) (*empty, error) {
	return &empty{}, s.changeTags(*in.ResourceArn, func(tags map[string]string) error {
		maps.DeleteFunc(tags, func(key, _ string) bool { return slices.Contains(in.TagKeys, key) })
		return nil
	})
}

type tagsOutput struct {
	Tags map[string]string `json:",omitempty"`
}

func (s *Server) listTags(_ context.Context, _ call, in *arnInput) (*tagsOutput, error) {
	id, err := s.ofARN(*in.ResourceArn)
	if err != nil {
		return nil, err
	}
	p, err := s.store.pool(id)
	return &tagsOutput{p.IdentityPoolTags}, err
}
