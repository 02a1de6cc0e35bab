package deploy

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cognito-triggers/local/stack"
)

// An example that is never applied would go stale.
func TestEveryExampleIsApplied(t *testing.T) {
	entries, err := os.ReadDir(filepath.Join("..", "..", "terraform", "examples"))
	if err != nil {
		t.Fatal(err)
	}
	var there []string
	for _, entry := range entries {
		if entry.IsDir() {
			there = append(there, entry.Name())
		}
	}
	known := slices.Sorted(slices.Values(Examples()))
	if !slices.Equal(there, known) {
		t.Errorf("terraform/examples has %v, and %v are applied", there, known)
	}
	for _, name := range known {
		c, err := exampleNamed(nil, name)
		if err != nil || c.module() != filepath.Join("terraform", "examples", name) {
			t.Errorf("%s: %v, error %v", name, c, err)
		}
	}
	if _, err := exampleNamed(nil, "minimum"); err == nil ||
		!strings.Contains(err.Error(), "minimal, complete, passwordless, existing-pool") {
		t.Errorf("error %v", err)
	}
}

// Terraform refuses to override a module that the example does not have.
func TestOverridesFitTheExample(t *testing.T) {
	for name, want := range map[string][]string{
		"minimal":       {"profiles", "protection", "triggers", "user_pool"},
		"complete":      {"http_api", "posts", "profiles", "protection", "triggers", "user_pool"},
		"existing-pool": {"profiles", "triggers"},

		"machine-to-machine": {"protection", "triggers", "user_pool"},
		"another-repository": {"people"},
		"rest-api":           {"people"},
		"all-triggers":       {"old_users", "profiles", "protection", "triggers", "user_pool"},
	} {
		t.Run(name, func(t *testing.T) {
			tf := &terraform{dir: t.TempDir(), module: "."}
			e := example{s: &stack.Stack{}, name: name}
			if err := e.prepare(t.Context(), tf, Options{Root: filepath.Join("..", "..")}); err != nil {
				t.Fatal(err)
			}
			text, err := os.ReadFile(filepath.Join(tf.dir, "local_override.tf.json"))
			if err != nil {
				t.Fatal(err)
			}
			var written struct{ Module map[string]map[string]any }
			if err := json.Unmarshal(text, &written); err != nil {
				t.Fatal(err)
			}
			for _, module := range want {
				if len(written.Module[module]) == 0 {
					t.Errorf("nothing for %s in %s", module, text)
				}
			}
			if len(written.Module) != len(want) {
				t.Errorf("got %s, want %v", text, want)
			}
		})
	}
}

func TestDescriptionsDiffer(t *testing.T) {
	before := description{"Name": []byte(`"a"`), "Tier": []byte(`"PLUS"`), "Tags": []byte(`{}`)}
	for name, c := range map[string]struct {
		after description
		want  []string
	}{
		"the same": {after: description{"Name": []byte(`"a"`), "Tier": []byte(`"PLUS"`), "Tags": []byte(`{}`)}, want: nil},
		"another one": {
			after: description{"Name": []byte(`"b"`), "Tier": []byte(`"PLUS"`), "Tags": []byte(`{}`)},
			want:  []string{"Name"},
		},
		"one is gone": {after: description{"Name": []byte(`"a"`), "Tags": []byte(`{}`)}, want: []string{"Tier"}},
		"one is new": {
			after: description{"Name": []byte(`"a"`), "Tier": []byte(`"PLUS"`), "Tags": []byte(`{}`), "Id": []byte(`1`)},
			want:  []string{"Id"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := before.differing(c.after); !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestKeptTheirs(t *testing.T) {
	const theirs = `{"PreAuthentication":"theirs"}`
	for name, c := range map[string]struct {
		after, err string
	}{
		"ours beside it":  {after: `{"PreAuthentication":"theirs","PreSignUp":"ours"}`},
		"theirs is gone":  {after: `{"PreSignUp":"ours"}`, err: "LambdaConfig.PreAuthentication was theirs and is <nil>"},
		"ours instead":    {after: `{"PreAuthentication":"ours"}`, err: "is ours"},
		"nothing was set": {after: `{}`, err: "PreAuthentication"},
	} {
		t.Run(name, func(t *testing.T) {
			err := keptTheirs([]byte(theirs), []byte(c.after))
			if (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
				t.Errorf("error %v, want %q", err, c.err)
			}
		})
	}
}
