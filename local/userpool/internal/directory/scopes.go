package directory

import (
	"encoding/json"
	"slices"

	"cognito-triggers/local/userpool/state"
)

// ResourceServer is the kind of the resources that are resource servers, as AWS's errors write it.
const ResourceServer = "Resource server"

// CustomScopes returns the scopes of a pool's resource servers as tokens have them, identifier/name, sorted.
func CustomScopes(pool state.Pool) []string {
	var all []string
	for key, server := range pool.Resources {
		var scopes []struct{ ScopeName string }
		if key.Kind != ResourceServer || json.Unmarshal(server.Data["Scopes"], &scopes) != nil {
			continue
		}
		for _, s := range scopes {
			all = append(all, server.Name+"/"+s.ScopeName)
		}
	}
	slices.Sort(all)
	return all
}

// MachineScopes returns the scopes that an app client may have by itself: those of its settings that belong to the
// pool's resource servers, or all of these if its settings have no scopes.
func MachineScopes(pool state.Pool, client state.Client) []string {
	all, own := CustomScopes(pool), client.Settings.AllowedOAuthScopes
	if len(own) == 0 {
		return all
	}
	return slices.DeleteFunc(all, func(scope string) bool { return !slices.Contains(own, scope) })
}
