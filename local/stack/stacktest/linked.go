package stacktest

import (
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"cognito-triggers/local/codesealer"
	"cognito-triggers/local/stack"
	"cognito-triggers/shared/manifest"
	"cognito-triggers/shared/repository"
)

// Linked returns a repository that lives as long as the test, with the functions of the one at root and its settings
// of local runs, but for the triggers: only those in the map are on, with the environment that it has for them.
func Linked(t *testing.T, root string, on map[string]map[string]string) string {
	t.Helper()
	must := func(errs ...error) {
		t.Helper()
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
	}
	repo, err := repository.Open(root)
	must(err)
	functions, err := manifest.Find(root)
	must(err)
	linked := t.TempDir()
	link := func(from, to string) {
		t.Helper()
		must(os.MkdirAll(filepath.Dir(to), 0o755), os.Symlink(from, to))
	}
	if sealer, err := codesealer.Built(repo.Build); err == nil {
		link(sealer, filepath.Join(linked, "build", filepath.Base(sealer)))
	}
	triggers := map[string]any{}
	for _, f := range functions {
		room := filepath.Base(filepath.Dir(f.Dir))
		link(filepath.Join(f.Dir, manifest.FileName), filepath.Join(linked, room, f.Name, manifest.FileName))
		link(stack.Bootstrap(repo.Build, f.Name), stack.Bootstrap(filepath.Join(linked, "build"), f.Name))
		if environment, is := on[f.Name]; is {
			triggers[f.Name] = map[string]any{"environment": maps.Clone(environment)}
		} else if f.Hook != "" {
			triggers[f.Name] = map[string]any{"enabled": false}
		}
	}
	settings, err := Settings(repo) // local.tfvars.json is not in the copy
	must(err)
	settings["triggers"] = triggers
	text, err := json.Marshal(settings)
	to := filepath.Join(linked, repo.Relative(repo.Settings))
	must(err, os.MkdirAll(filepath.Dir(to), 0o755), os.WriteFile(to, text, 0o644))
	return linked
}

// Passwordless is the map for Linked that switches on the sign-in without a password, with settings of
// create-auth-challenge.
func Passwordless(create map[string]string) map[string]map[string]string {
	return map[string]map[string]string{
		"define-auth-challenge": {}, "create-auth-challenge": create, "verify-auth-challenge-response": {},
	}
}
