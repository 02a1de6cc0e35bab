package main

import (
	"strings"
	"testing"

	"cognito-triggers/local/poolspec"
	"cognito-triggers/shared/repository"
)

func TestClientOf(t *testing.T) {
	repo := repository.Repository{Root: "/shop", Settings: "/shop/login/pool.json"}
	for name, c := range map[string]struct {
		clients    map[string]string
		want, fail string
	}{
		"the usual one":   {clients: map[string]string{"admin": "1", "app": "2"}, want: "2"},
		"of another name": {clients: map[string]string{"web": "2", "mobile": "1"}, want: "1"},
		"none":            {fail: "login/pool.json: app_clients is empty"},
	} {
		got, err := clientOf(poolspec.Pool{Clients: c.clients}, repo)
		if got != c.want || (err == nil) != (c.fail == "") || err != nil && !strings.Contains(err.Error(), c.fail) {
			t.Errorf("%s: client %q, error %v; want %q, %q", name, got, err, c.want, c.fail)
		}
	}
}
