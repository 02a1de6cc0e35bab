package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	goruntime "runtime"
	"strings"
	"testing"

	"cognito-triggers/local/scaffold"
	"cognito-triggers/local/stack/stacktest"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/manifest"
)

// A new trigger is one more directory: every tool finds it, its own checks pass, and no file that was there changes.
func TestNewTrigger(t *testing.T) {
	const name = "try-new-trigger"
	hook := freeHooks(t)[0]
	root := copyRepository(t)
	before := fingerprints(t, root)
	made, err := scaffold.New(root, name, hook)
	if err != nil {
		t.Fatal(err)
	}
	after := fingerprints(t, root)
	if paths := changed(before, after); len(paths) > 0 {
		t.Errorf("files that were there have changed: %v", paths)
	}
	if len(after) != len(before)+len(made) {
		t.Errorf("%d files are new, %d are told", len(after)-len(before), len(made))
	}

	goTool(t, root, "vet", "./triggers/"+name)
	goTool(t, root, "test", "./triggers/"+name)
	if err := stacktest.Make(t.Context(), root, nil, "build", "ARCH="+goruntime.GOARCH); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{name + ".zip", name + "/bootstrap", "pre-sign-up.zip"} {
		if _, err := os.Stat(filepath.Join(root, "build", goruntime.GOARCH, file)); err != nil {
			t.Error(err)
		}
	}
	if goruntime.GOOS != "linux" { // or it was just compiled for this machine
		if err := stacktest.Make(t.Context(), root, nil, "build-local"); err != nil {
			t.Fatal(err)
		}
	}
	out := poolctl(t, root, "replay", "--trigger", name)
	for _, source := range hook.Sources() {
		if !strings.Contains(out, source) {
			t.Errorf("poolctl replay did not play %s:\n%s", source, out)
		}
	}
	if want := fmt.Sprintf("%d passed, 0 failed", len(hook.Sources())); !strings.Contains(out, want) {
		t.Errorf("poolctl replay printed\n%s\nwant %s", out, want)
	}
}

// poolctl runs the repository's command in a copy of the repository, with the emulator of these tests.
func poolctl(t *testing.T, root string, args ...string) string {
	t.Helper()
	cmd := exec.Command(filepath.Join(local.Root, "build", "poolctl"), args...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "AWS_ENDPOINT_URL="+local.Emulator.Endpoint)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("poolctl %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

func TestNewTriggerForEveryFreeHook(t *testing.T) {
	root := copyRepository(t)
	var packages []string
	for _, hook := range freeHooks(t) {
		name := "try-" + strings.ReplaceAll(string(hook), "_", "-")
		if _, err := scaffold.New(root, name, hook); err != nil {
			t.Fatal(err)
		}
		packages = append(packages, "./triggers/"+name)
	}
	goTool(t, root, "vet", packages...)
	goTool(t, root, "test", packages...)
	found, err := manifest.Find(root)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := len(found), len(functions(t))+len(packages); got != want {
		t.Errorf("%d functions are found, want %d", got, want)
	}
}

// functions are those that the repository has now: a new one counts at once.
func functions(t *testing.T) []manifest.Function {
	t.Helper()
	found, err := manifest.Find(local.Root)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// freeHooks are those that no trigger serves; post_authentication comes first.
func freeHooks(t *testing.T) []cognito.Hook {
	t.Helper()
	taken := map[cognito.Hook]bool{}
	for _, function := range functions(t) {
		taken[function.Hook] = true
	}
	var free []cognito.Hook
	for _, hook := range cognito.Hooks() {
		switch {
		case taken[hook]:
		case hook == cognito.PostAuthentication:
			free = append([]cognito.Hook{hook}, free...)
		default:
			free = append(free, hook)
		}
	}
	if len(free) == 0 {
		t.Fatal("every hook has a trigger: a new one can no longer be tried")
	}
	return free
}
