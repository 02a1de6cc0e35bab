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
		"nothing":              {`{}`, false, "1", []string{"1", "3", "2"}, true},
		"empty":                {`{"api":{}}`, false, "1", []string{"1", "3", "2"}, true},
		"null":                 {`{"api":null}`, true, "1", []string{"1", "3", "2"}, true},
		"a client":             {`{"api":{"app_client":"web"}}`, false, "2", []string{"1", "3", "2"}, true},
		"a client that is not": {`{"api":{"app_client":"x"}}`, false, "", []string{"1", "3", "2"}, true},
		"some clients":         {`{"api":{"app_clients":["web"],"throttle":{"rate":1}}}`, false, "1", []string{"2"}, true},
		"a function off":       {`{"api":{"functions":{"posts":{"enabled":false}}}}`, false, "1", []string{"1", "3", "2"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			spec, err := poolspec.Parse([]byte(c.settings))
			if err != nil {
				t.Fatal(err)
			}
			a := spec.API
			if a.Off != c.off || a.Client(pool) != c.client || !slices.Equal(a.Audience(pool), c.audience) || a.Enabled("posts") != c.posts || !a.Enabled("auth") {
				t.Errorf("got %+v, client %q, audience %v", a, a.Client(pool), a.Audience(pool))
			}
		})
	}
	if _, err := poolspec.Parse([]byte(`{"api":{"cors_origins":"https://example.com"}}`)); err == nil {
		t.Error("a text is taken for a list of origins")
	}
}
