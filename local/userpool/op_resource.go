package userpool

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"cognito-triggers/local/userpool/state"
)

// resourceKind is a kind of thing that belongs to a pool and is kept as it came: the local pool has no managed login,
// which is where identity providers and resource servers act.
type resourceKind struct {
	kind     string // in error texts
	idMember string // names it in requests
	wrapper  string // holds it in answers
	list     string // holds a list of it
}

var (
	identityProvider = resourceKind{"Identity provider", "ProviderName", "IdentityProvider", "Providers"}
	resourceServer   = resourceKind{"Resource server", "Identifier", "ResourceServer", "ResourceServers"}
)

func (k resourceKind) key(name string) string { return k.kind + "\x00" + name }

type document = map[string]json.RawMessage

func member(in document, name string) string {
	var text string
	_ = json.Unmarshal(in[name], &text) // anything but a text counts as absent
	return text
}

func (k resourceKind) write(create bool) func(*call, []byte) (any, error) {
	return func(c *call, raw []byte) (any, error) {
		pool, in, name, err := k.open(c, raw)
		if err != nil {
			return nil, err
		}
		now := c.options.Now()
		delete(in, "UserPoolId")
		pool, err = c.store.UpdatePool(pool.ID, func(p *state.Pool) error {
			old, there := p.Resources[k.key(name)]
			switch {
			case create && there && k == identityProvider:
				return &apiError{"DuplicateProviderException", "A provider with the name " + name + " already exists in this user pool."}
			case create && there:
				return invalid(k.kind + " already exists: " + name)
			case !create && !there:
				return resourceNotFound(k.kind + " " + name + " does not exist.")
			case create:
				old = state.Resource{Kind: k.kind, Name: name, Created: now}
			}
			data := maps.Clone(old.Data)
			if data == nil {
				data = document{}
			}
			maps.Copy(data, in)
			old.Data, old.Modified = data, now
			if p.Resources == nil {
				p.Resources = map[string]state.Resource{}
			}
			p.Resources[k.key(name)] = old
			return nil
		})
		if err != nil {
			return nil, err
		}
		return map[string]any{k.wrapper: k.show(pool, pool.Resources[k.key(name)])}, nil
	}
}

func (k resourceKind) open(c *call, raw []byte) (state.Pool, document, string, error) {
	in := document{}
	if err := read(raw, &in); err != nil {
		return state.Pool{}, nil, "", err
	}
	pool, name, err := k.find(c, resourceInput{member(in, "UserPoolId"), member(in, "ProviderName"), member(in, "Identifier")})
	return pool, in, name, err
}

// resourceInput names a resource of either kind.
type resourceInput struct{ UserPoolId, ProviderName, Identifier string }

func (k resourceKind) find(c *call, in resourceInput) (state.Pool, string, error) {
	pool, err := c.poolByID(in.UserPoolId)
	name := in.Identifier
	if k == identityProvider {
		name = in.ProviderName
	}
	if err == nil && name == "" {
		err = invalid("1 validation error detected: Value at '" + lowerFirst(k.idMember) + "' failed to satisfy constraint: Member must not be null")
	}
	return pool, name, err
}

func (k resourceKind) show(pool state.Pool, r state.Resource) map[string]any {
	out := map[string]any{"UserPoolId": pool.ID}
	for name, value := range r.Data {
		out[name] = value
	}
	if k == identityProvider {
		out["CreationDate"], out["LastModifiedDate"] = seconds(r.Created), seconds(r.Modified)
	}
	return out
}

// brief is what lists show. Of an identity provider that is little: its details hold secrets.
func (k resourceKind) brief(shown map[string]any) map[string]any {
	if k == identityProvider {
		maps.DeleteFunc(shown, func(name string, _ any) bool {
			return !slices.Contains([]string{"ProviderName", "ProviderType", "CreationDate", "LastModifiedDate"}, name)
		})
	}
	return shown
}

func (k resourceKind) describe(c *call, in *resourceInput) (any, error) {
	pool, name, err := k.find(c, *in)
	if err != nil {
		return nil, err
	}
	r, there := pool.Resources[k.key(name)]
	if !there {
		return nil, resourceNotFound(k.kind + " " + name + " does not exist.")
	}
	return map[string]any{k.wrapper: k.show(pool, r)}, nil
}

func (k resourceKind) remove(c *call, in *resourceInput) (any, error) {
	pool, name, err := k.find(c, *in)
	if err != nil {
		return nil, err
	}
	_, err = c.store.UpdatePool(pool.ID, func(p *state.Pool) error {
		if _, there := p.Resources[k.key(name)]; !there {
			return resourceNotFound(k.kind + " " + name + " does not exist.")
		}
		delete(p.Resources, k.key(name))
		return nil
	})
	return struct{}{}, err
}

type listResourcesInput struct {
	UserPoolId string `v:"required,max=55"`
	MaxResults *int
	NextToken  string
}

func (k resourceKind) all(c *call, in *listResourcesInput) (any, error) {
	pool, err := c.poolByID(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	keys := slices.DeleteFunc(slices.Sorted(maps.Keys(pool.Resources)), func(key string) bool { return !strings.HasPrefix(key, k.key("")) })
	page, next, err := paginate(keys, in.MaxResults, in.NextToken, func(key string) string { return key })
	if err != nil {
		return nil, err
	}
	list := []map[string]any{}
	for _, key := range page {
		list = append(list, k.brief(k.show(pool, pool.Resources[key])))
	}
	return paged(map[string]any{k.list: list}, "NextToken", next), nil
}

func resourceOperations() []Operation {
	const note = "kept and returned; the local pool has no managed login, where it would act"
	raw := func(name string, run func(*call, []byte) (any, error)) Operation {
		return Operation{Name: name, Support: Stored, Note: note, run: run}
	}
	return []Operation{
		raw("CreateIdentityProvider", identityProvider.write(true)), raw("UpdateIdentityProvider", identityProvider.write(false)),
		stored("DescribeIdentityProvider", note, identityProvider.describe), stored("DeleteIdentityProvider", note, identityProvider.remove),
		stored("ListIdentityProviders", note, identityProvider.all), stored("GetIdentityProviderByIdentifier", note, providerByIdentifier),
		raw("CreateResourceServer", resourceServer.write(true)), raw("UpdateResourceServer", resourceServer.write(false)),
		stored("DescribeResourceServer", note, resourceServer.describe), stored("DeleteResourceServer", note, resourceServer.remove),
		stored("ListResourceServers", note, resourceServer.all),
		stored("CreateUserPoolDomain", note, createDomain), stored("UpdateUserPoolDomain", note, updateDomain),
		stored("DescribeUserPoolDomain", note, describeDomain), stored("DeleteUserPoolDomain", note, deleteDomain),
	}
}

type identifierInput struct {
	UserPoolId    string `v:"required,max=55"`
	IdpIdentifier string `v:"required,max=40"`
}

// providerByIdentifier serves
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetIdentityProviderByIdentifier.html
func providerByIdentifier(c *call, in *identifierInput) (any, error) {
	pool, err := c.poolByID(in.UserPoolId)
	if err != nil {
		return nil, err
	}
	for key, r := range pool.Resources {
		var identifiers []string
		_ = json.Unmarshal(r.Data["IdpIdentifiers"], &identifiers) // none
		if strings.HasPrefix(key, identityProvider.key("")) && slices.Contains(identifiers, in.IdpIdentifier) {
			return map[string]any{"IdentityProvider": identityProvider.show(pool, r)}, nil
		}
	}
	return nil, resourceNotFound("Identity provider " + in.IdpIdentifier + " does not exist.")
}
