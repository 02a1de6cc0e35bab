package poolspec

import (
	"encoding/json"
	"maps"
	"slices"
)

// HTTPAPI describes the HTTP API in front of the pool, without the settings that only Terraform uses.
type HTTPAPI struct {
	Off         bool               // the setting is null: no API
	AppClient   string             // app client that it signs users in with; empty means "app"
	AppClients  []string           // app clients whose tokens it accepts; nil means all
	CORSOrigins []string           // origins whose pages may call it
	Functions   map[string]Trigger // by function
}

// UnmarshalJSON decodes the fields above. Unknown names are left to Terraform to reject.
func (a *HTTPAPI) UnmarshalJSON(text []byte) error {
	var members *struct {
		AppClient   string             `json:"app_client"`
		AppClients  []string           `json:"app_clients"`
		CORSOrigins []string           `json:"cors_origins"`
		Functions   map[string]Trigger `json:"functions"`
	}
	if err := json.Unmarshal(text, &members); err != nil {
		return err
	}
	if members == nil {
		*a = HTTPAPI{Off: true}
		return nil
	}
	*a = HTTPAPI{
		AppClient:   members.AppClient,
		AppClients:  members.AppClients,
		CORSOrigins: members.CORSOrigins,
		Functions:   members.Functions,
	}
	return nil
}

// Client returns the ID of the app client that the API signs users in with; empty if the pool does not have it.
func (a HTTPAPI) Client(p Pool) string {
	if a.AppClient == "" {
		return p.Clients["app"]
	}
	return p.Clients[a.AppClient]
}

// Audience returns the IDs of the app clients whose tokens the API accepts.
func (a HTTPAPI) Audience(p Pool) []string {
	var ids []string
	for _, name := range slices.Sorted(maps.Keys(p.Clients)) {
		if a.AppClients == nil || slices.Contains(a.AppClients, name) {
			ids = append(ids, p.Clients[name])
		}
	}
	return ids
}

// Enabled reports whether a function is part of the API. One that the settings do not name is enabled.
func (a HTTPAPI) Enabled(function string) bool {
	on := a.Functions[function].Enabled
	return on == nil || *on
}
