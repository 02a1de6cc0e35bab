package main

import (
	"fmt"
	"maps"
	"slices"

	"cognito-triggers/local/poolspec"
	"cognito-triggers/shared/repository"
)

// appClient is the name, in the pool settings, of the app client for the scenario and build/local.json, if there is one
// of this name.
const appClient = "app"

// clientOf returns the ID of the app client that users sign in with: appClient, or else the first by name.
func clientOf(pool poolspec.Pool, repo repository.Repository) (string, error) {
	if id, there := pool.Clients[appClient]; there {
		return id, nil
	}
	for _, name := range slices.Sorted(maps.Keys(pool.Clients)) {
		return pool.Clients[name], nil
	}
	return "", fmt.Errorf("%s: app_clients is empty, and users sign in with an app client: add one, "+
		`for example "app_clients": { "app": {} }`, repo.Relative(repo.Settings))
}
