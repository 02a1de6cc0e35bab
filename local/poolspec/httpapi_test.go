package poolspec_test

import (
	"slices"
	"testing"

	"cognito-triggers/local/poolspec"
)

func TestHTTPAPI(t *testing.T) {
	pool := poolspec.Pool{Clients: map[string]string{"app": "1", "web": "2", "shop": "3"}}
	for name, c := range map[string]struct {
		settings string
		off      bool
		client   string
		audience []string
		posts    bool // the function is on
	}{
		"nothing": {settings: `{}`, client: "1", audience: []string{"1", "3", "2"}, posts: true},
		"empty":   {settings: `{"api":{}}`, client: "1", audience: []string{"1", "3", "2"}, posts: true},
		"null": {
			settings: `{"api":null}`,
			off:      true,
			client:   "1",
			audience: []string{"1", "3", "2"},
			posts:    true,
		},
		"a client": {
			settings: `{"api":{"app_client":"web"}}`,
			client:   "2",
			audience: []string{"1", "3", "2"},
			posts:    true,
		},
		"an unknown client": {settings: `{"api":{"app_client":"x"}}`, audience: []string{"1", "3", "2"}, posts: true},
		"some clients": {
			settings: `{"api":{"app_clients":["web"],"throttle":{"rate":1}}}`,
			client:   "1",
			audience: []string{"2"},
			posts:    true,
		},
		"a function off": {
			settings: `{"api":{"functions":{"posts":{"enabled":false}}}}`,
			client:   "1",
			audience: []string{"1", "3", "2"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			spec, err := poolspec.Parse([]byte(c.settings))
			if err != nil {
				t.Fatal(err)
			}
			a := spec.API
			if a.Off != c.off || a.Client(pool) != c.client || !slices.Equal(a.Audience(pool), c.audience) ||
				a.Enabled("posts") != c.posts || !a.Enabled("auth") {
				t.Errorf("got %+v, client %q, audience %v", a, a.Client(pool), a.Audience(pool))
			}
		})
	}
	if _, err := poolspec.Parse([]byte(`{"api":{"cors_origins":"https://example.com"}}`)); err == nil {
		t.Error("a string was accepted as a list of origins")
	}
}
