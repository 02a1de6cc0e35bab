package userpool

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"

	"cognito-triggers/local/userpool/state"
)

// seededPool is the id of the pool that the seeding API makes.
const seededPool = "local_Seeded001"

// poolByID finds a pool; where there are none but the seeded one, that answers for every id.
func (c *call) poolByID(id string) (state.Pool, error) {
	pool, err := c.store.Pool(id)
	if err == nil {
		return pool, nil
	}
	if pool, err = c.store.Pool(seededPool); err == nil {
		return pool, nil
	}
	return state.Pool{}, resourceNotFound(fmt.Sprintf("User pool %s does not exist.", id))
}

// clientByID finds an app client and its pool.
func (c *call) clientByID(id string) (state.Client, state.Pool, error) {
	client, err := c.store.Client(id)
	if err != nil {
		return state.Client{}, state.Pool{}, resourceNotFound(fmt.Sprintf("User pool client %s does not exist.", id))
	}
	pool, err := c.poolByID(client.Pool)
	return client, pool, err
}

// clientOf is clientByID for the operations that name the pool, too.
func (c *call) clientOf(poolID, id string) (state.Client, state.Pool, error) {
	pool, err := c.poolByID(poolID)
	if err != nil {
		return state.Client{}, state.Pool{}, err
	}
	client, err := c.store.Client(id)
	if err != nil || client.Pool != pool.ID {
		return state.Client{}, state.Pool{}, resourceNotFound(fmt.Sprintf("User pool client %s does not exist.", id))
	}
	return client, pool, nil
}

// user finds a user as the Admin operations do.
func (c *call) user(pool state.Pool, name string) (state.User, error) {
	u, err := c.store.FindUser(pool.ID, name)
	return u, gone(err)
}

// poolUser finds a pool and a user in it.
func (c *call) poolUser(poolID, name string) (state.Pool, state.User, error) {
	pool, err := c.poolByID(poolID)
	if err != nil {
		return pool, state.User{}, err
	}
	u, err := c.user(pool, name)
	return pool, u, err
}

// discreet tells whether the client hides which users exist.
func discreet(client state.Client) bool {
	return client.Settings.PreventUserExistenceErrors == "ENABLED"
}

// caller looks up who calls an operation without a token. The secret hash is judged before missing, which tells that the
// user does not exist: nobody without the client's secret learns that.
func (c *call) caller(clientID, secretHash, name string) (client state.Client, pool state.Pool, u state.User, missing, err error) {
	if client, pool, err = c.clientByID(clientID); err != nil {
		return client, pool, u, nil, err
	}
	u, missing = c.user(pool, name)
	return client, pool, u, missing, checkSecret(client, secretHash, name, u.Username)
}

// checkSecret holds SECRET_HASH against the client's secret; any of the names may have been hashed.
func checkSecret(client state.Client, hash string, names ...string) error {
	switch {
	case client.Secret == "" && hash == "":
		return nil
	case client.Secret == "":
		return notAuthorized(fmt.Sprintf("Client %s is not configured for secret but secret was received", client.ID))
	case hash == "":
		return notAuthorized(fmt.Sprintf("Client %s is configured with secret but SECRET_HASH was not received", client.ID))
	}
	got, err := base64.StdEncoding.DecodeString(hash)
	fits := false
	for _, name := range names {
		mac := hmac.New(sha256.New, []byte(client.Secret))
		mac.Write([]byte(name + client.ID))
		fits = hmac.Equal(got, mac.Sum(nil)) || fits
	}
	if err != nil || !fits {
		return notAuthorized(fmt.Sprintf("Unable to verify secret hash for client %s", client.ID))
	}
	return nil
}

// flows that a client without ExplicitAuthFlows allows.
var defaultFlows = []string{"ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH"}

// allows tells whether the client may use a flow. The names without ALLOW_ are the older form of the setting.
func allows(client state.Client, flow string) bool {
	list := client.Settings.ExplicitAuthFlows
	if len(list) == 0 {
		list = defaultFlows
	}
	if slices.Contains(list, "ALLOW_"+flow) {
		return true
	}
	if slices.ContainsFunc(list, func(name string) bool { return strings.HasPrefix(name, "ALLOW_") }) {
		return false
	}
	switch flow { // the older form: SRP and refresh are always on
	case "USER_SRP_AUTH", "REFRESH_TOKEN_AUTH":
		return !slices.Contains(list, "CUSTOM_AUTH_FLOW_ONLY") || flow == "REFRESH_TOKEN_AUTH"
	case "CUSTOM_AUTH":
		return slices.Contains(list, "CUSTOM_AUTH_FLOW_ONLY")
	case "ADMIN_USER_PASSWORD_AUTH":
		return slices.Contains(list, "ADMIN_NO_SRP_AUTH")
	}
	return slices.Contains(list, flow)
}

// folded is a name in the one form that the pool knows it by.
func folded(pool state.Pool, name string) string {
	if pool.Settings.CaseSensitive() {
		return name
	}
	return strings.ToLower(name)
}

func missing(err error) bool { return errors.Is(err, state.ErrNotFound) }
