package manifest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const good = `{"hook":"pre_sign_up","timeout_seconds":5,"memory_mb":128,"environment":{"A":"b"},"grants":["profiles:write"]}`

func api(routes string) string {
	return `{"routes":[` + routes + `],"timeout_seconds":5,"memory_mb":128}`
}

func TestParse(t *testing.T) {
	cases := map[string]struct{ manifest, want string }{
		"good":               {good, ""},
		"unknown key":        {strings.Replace(good, "memory_mb", "memory", 1), `unknown field "memory"`},
		"unknown hook":       {strings.Replace(good, "pre_sign_up", "PreSignUp", 1), `hook: "PreSignUp" is none`},
		"no hook":            {strings.Replace(good, `"hook":"pre_sign_up",`, "", 1), "hook: missing"},
		"hook and routes":    {strings.Replace(good, `{`, `{"routes":[{"route":"GET /"}],`, 1), "not both"},
		"bad route":          {api(`{"route":"get /"}`), `routes[0].route: "get /" does not begin`},
		"route as text":      {api(`"GET /"`), "routes[0]: must be an object, not a string"},
		"route repeated":     {api(`{"route":"GET /a/{b}"},{"route":"GET /a/{c}"}`), "routes[1].route"},
		"member of a route":  {api(`{"route":"GET /","Authorizer":"jwt"}`), `routes[0]: unknown field "Authorizer"`},
		"member twice":       {api(`{"route":"GET /","route":"GET /"}`), "routes[0].route: appears twice"},
		"two problems":       {api(`{"route":"GET /","authorizer":"iam","scopes":["a b"]}`), "routes[0].scopes[0]"},
		"open with groups":   {api(`{"route":"GET /","groups":["admins"]}`), "routes[0].groups: an open route"},
		"API":                {api(`{"route":"PATCH /auth/me","authorizer":"jwt","scopes":["aws.cognito.signin.user.admin"],"groups":[],"id_tokens":false}`), ""},
		"needless version":   {strings.Replace(good, `{`, `{"event_version":"V2_0",`, 1), "it has none"},
		"missing version":    {strings.Replace(good, "pre_sign_up", "pre_token_generation", 1), "event_version: missing"},
		"unknown grant":      {strings.Replace(good, "profiles:write", "s3:*", 1), `grants[0]: "s3:*" is unknown`},
		"no time":            {strings.Replace(good, `"timeout_seconds":5`, `"timeout_seconds":0`, 1), "timeout_seconds"},
		"little memory":      {strings.Replace(good, "128", "64", 1), "memory_mb"},
		"lower-case setting": {strings.Replace(good, `"A"`, `"a"`, 1), "environment.a"},
		"other case":         {strings.Replace(good, `"hook"`, `"Hook"`, 1), `unknown field "Hook"`},
		"repeated":           {strings.Replace(good, `{`, `{"hook":"custom_message",`, 1), "hook: appears twice"},
		"trailing text":      {good + "{}", "line 1: invalid character '{' after top-level value"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := Parse([]byte(c.manifest))
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("error = %v, want %q", err, c.want)
			}
		})
	}
}

func TestFind(t *testing.T) {
	cases := map[string]struct {
		files map[string]string
		want  string // in the error; "" for success
	}{
		"two hooks":        {map[string]string{"triggers/a/function.json": good, "triggers/b/function.json": strings.Replace(good, "pre_sign_up", "custom_message", 1)}, ""},
		"one hook twice":   {map[string]string{"triggers/a/function.json": good, "triggers/b/function.json": good}, "both serve the hook pre_sign_up"},
		"nothing":          {nil, "no trigger found"},
		"forgotten":        {map[string]string{"triggers/a/main.go": ""}, filepath.Join("a", "function.json")},
		"broken":           {map[string]string{"triggers/a/function.json": "{"}, filepath.Join("a", "function.json")},
		"one name twice":   {map[string]string{"triggers/a/function.json": good, "api/a/function.json": api(`{"route":"GET /"}`)}, "same name"},
		"API alone":        {map[string]string{"api/b/function.json": api(`{"route":"GET /"}`)}, "no trigger found"},
		"one route twice":  {map[string]string{"triggers/a/function.json": good, "api/b/function.json": api(`{"route":"GET /{x}"}`), "api/c/function.json": api(`{"route":"GET /{y}"}`)}, "both serve the route GET /{y}"},
		"hook in api":      {map[string]string{"triggers/a/function.json": good, "api/b/function.json": strings.Replace(good, "pre_sign_up", "custom_message", 1)}, "belongs into triggers/"},
		"API and triggers": {map[string]string{"triggers/a/function.json": good, "api/b/function.json": api(`{"route":"GET /"}`)}, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			for file, text := range c.files {
				path := filepath.Join(root, file)
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			functions, err := Find(root)
			if c.want == "" && (err != nil || len(functions) != len(c.files)) {
				t.Errorf("found %d functions, error %v", len(functions), err)
			}
			if c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("error = %v, want %q", err, c.want)
			}
		})
	}
}

// FuzzParse checks that no text makes the reader panic or return a manifest that breaks its own rules.
func FuzzParse(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte(api(`{"route":"GET /post/{id}","authorizer":"jwt"}`)))
	f.Fuzz(func(t *testing.T, data []byte) {
		if function, err := Parse(data); err == nil && function.check() != nil {
			t.Errorf("accepted %q", data)
		}
	})
}
