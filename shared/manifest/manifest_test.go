package manifest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const good = `{"hook":"pre_sign_up","timeout_seconds":5,"memory_mb":128,"environment":{"A":"b"},` +
	`"grants":[{"grant":"profiles:write","when":"A"}]}`

func api(routes string) string {
	return `{"routes":[` + routes + `],"timeout_seconds":5,"memory_mb":128}`
}

func TestParse(t *testing.T) {
	cases := map[string]struct{ manifest, want string }{
		"good":        {manifest: good, want: ""},
		"unknown key": {manifest: strings.Replace(good, "memory_mb", "memory", 1), want: `unknown field "memory"`},
		"unknown hook": {
			manifest: strings.Replace(good, "pre_sign_up", "PreSignUp", 1),
			want:     `hook: "PreSignUp" is not a hook`,
		},
		"no hook":         {manifest: strings.Replace(good, `"hook":"pre_sign_up",`, "", 1), want: "hook: missing"},
		"hook and routes": {manifest: strings.Replace(good, `{`, `{"routes":[{"route":"GET /"}],`, 1), want: "not both"},
		"bad route":       {manifest: api(`{"route":"get /"}`), want: `routes[0].route: "get /" does not begin`},
		"route as text":   {manifest: api(`"GET /"`), want: "routes[0]: must be an object, not a string"},
		"route repeated":  {manifest: api(`{"route":"GET /a/{b}"},{"route":"GET /a/{c}"}`), want: "routes[1].route"},
		"member of a route": {
			manifest: api(`{"route":"GET /","Authorizer":"jwt"}`),
			want:     `routes[0]: unknown field "Authorizer"`,
		},
		"member twice": {manifest: api(`{"route":"GET /","route":"GET /"}`), want: "routes[0].route: appears twice"},
		"two problems": {
			manifest: api(`{"route":"GET /","authorizer":"iam","scopes":["a b"]}`),
			want:     "routes[0].scopes[0]",
		},
		"open with groups": {
			manifest: api(`{"route":"GET /","groups":["admins"]}`),
			want:     "routes[0].groups: an open route",
		},
		"API": {
			manifest: api(
				`{"route":"PATCH /auth/me","authorizer":"jwt","scopes":["aws.cognito.signin.user.admin"],"groups":[],` +
					`"id_tokens":false}`),
			want: "",
		},
		"needless version": {manifest: strings.Replace(good, `{`, `{"event_version":"V2_0",`, 1), want: "it has none"},
		"missing version": {
			manifest: strings.Replace(good, "pre_sign_up", "pre_token_generation", 1),
			want:     "event_version: missing",
		},
		"unknown grant": {
			manifest: strings.Replace(good, "profiles:write", "s3:*", 1),
			want:     `grants[0].grant: "s3:*" is unknown`,
		},
		"grant as text": {
			manifest: strings.Replace(good, `{"grant":"profiles:write","when":"A"}`, `"profiles:write"`, 1),
			want:     "grants[0]: must be an object, not a string",
		},
		"grant of an unknown setting": {
			manifest: strings.Replace(good, `"when":"A"`, `"when":"B"`, 1),
			want:     `grants[0].when: "B" is not in environment`,
		},
		"no time": {
			manifest: strings.Replace(good, `"timeout_seconds":5`, `"timeout_seconds":0`, 1),
			want:     "timeout_seconds",
		},
		"little memory":      {manifest: strings.Replace(good, "128", "64", 1), want: "memory_mb"},
		"lower-case setting": {manifest: strings.Replace(good, `"A"`, `"a"`, 1), want: "environment.a"},
		"other case":         {manifest: strings.Replace(good, `"hook"`, `"Hook"`, 1), want: `unknown field "Hook"`},
		"repeated": {
			manifest: strings.Replace(good, `{`, `{"hook":"custom_message",`, 1),
			want:     "hook: appears twice",
		},
		"trailing text": {manifest: good + "{}", want: "line 1: invalid character '{' after top-level value"},
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
		"two hooks": {
			files: map[string]string{
				"triggers/a/function.json": good,
				"triggers/b/function.json": strings.Replace(good, "pre_sign_up", "custom_message", 1),
			},
			want: "",
		},
		"one hook twice, and one may be off": {
			files: map[string]string{"triggers/a/function.json": good, "triggers/b/function.json": good},
			want:  "",
		},
		"nothing":   {files: nil, want: "no trigger found"},
		"forgotten": {files: map[string]string{"triggers/a/main.go": ""}, want: filepath.Join("a", "function.json")},
		"broken": {
			files: map[string]string{"triggers/a/function.json": "{"},
			want:  filepath.Join("a", "function.json"),
		},
		"one name twice": {
			files: map[string]string{"triggers/a/function.json": good, "api/a/function.json": api(`{"route":"GET /"}`)},
			want:  "same name",
		},
		"API alone": {
			files: map[string]string{"api/b/function.json": api(`{"route":"GET /"}`)},
			want:  "no trigger found",
		},
		"one route twice": {
			files: map[string]string{
				"triggers/a/function.json": good,
				"api/b/function.json":      api(`{"route":"GET /{x}"}`),
				"api/c/function.json":      api(`{"route":"GET /{y}"}`),
			},
			want: "both serve the route GET /{y}",
		},
		"hook in api": {
			files: map[string]string{
				"triggers/a/function.json": good,
				"api/b/function.json":      strings.Replace(good, "pre_sign_up", "custom_message", 1),
			},
			want: "belongs in triggers/",
		},
		"API and triggers": {
			files: map[string]string{"triggers/a/function.json": good, "api/b/function.json": api(`{"route":"GET /"}`)},
			want:  "",
		},
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
	f.Add([]byte(rich))
	f.Add([]byte(api(`{"route":"GET /post/{id}","authorizer":"jwt"}`)))
	f.Fuzz(func(t *testing.T, data []byte) {
		if function, err := Parse(data); err == nil && function.check() != nil {
			t.Errorf("accepted %q", data)
		}
	})
}
