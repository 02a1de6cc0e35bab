package poolspec

import (
	"encoding/json"
	"maps"
	"slices"
)

// HTTPAPI is the HTTP API in front of the pool, as far as it is not Terraform's alone.
type HTTPAPI struct {
	Off         bool               // the settings say null: there is none
	AppClient   string             // the one that it signs users in with; empty: "app"
	AppClients  []string           // those whose tokens it takes; nil: all
	CORSOrigins []string           // whose pages may call it
	Functions   map[string]Trigger // by function, as of triggers
}

// UnmarshalJSON reads what is needed here. A name that nobody knows Terraform refuses.
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

// Client is the id of the app client that the API signs users in with; empty where the pool has none of the name.
func (a HTTPAPI) Client(p Pool) string {
	if a.AppClient == "" {
		return p.Clients["app"]
	}
	return p.Clients[a.AppClient]
}

// Audience are the ids of the app clients whose tokens the API takes.
func (a HTTPAPI) Audience(p Pool) []string {
	var ids []string
	for _, name := range slices.Sorted(maps.Keys(p.Clients)) {
		if a.AppClients == nil || slices.Contains(a.AppClients, name) {
			ids = append(ids, p.Clients[name])
		}
	}
	return ids
}

// Enabled tells whether a function is part of the API. One that the settings do not name is.
func (a HTTPAPI) Enabled(function string) bool {
	on := a.Functions[function].Enabled
	return on == nil || *on
}
