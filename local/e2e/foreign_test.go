package e2e

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"cognito-triggers/local/stack"
	"cognito-triggers/local/toolkit"
)

// A repository that poolctl init writes, in a module of its own, needs nothing of this checkout but the toolkit's
// packages: its code compiles, its tests pass, and each command finds what is in it.
func TestForeignRepository(t *testing.T) {
	t.Setenv("GOSUMDB", "off")
	t.Setenv("AWS_ENDPOINT_URL", local.Emulator.Endpoint)
	dir := filepath.Join(t.TempDir(), "app")
	poolctl(t, t.TempDir(), "init", dir, "--module", "example.org/you/app")
	sums := readFile(t, filepath.Join(local.Root, "go.sum"))
	if err := os.WriteFile(filepath.Join(dir, "go.sum"), []byte(sums), 0o644); err != nil {
		t.Fatal(err)
	}
	module := toolkit.Module()
	goTool(t, dir, "mod", "edit", "-require="+module+"@v0.0.0", "-replace="+module+"="+local.Root,
		"-tool="+module+"/cmd/poolctl")
	goTool(t, dir, "mod", "tidy") // may fetch what only tests of dependencies need
	t.Setenv("GOPROXY", "off")    // all else is in the module cache, since this module needs it, too

	goTool(t, dir, "vet", "./...")
	goTool(t, dir, "test", "-vet=off", "./...")
	command := func(args ...string) string {
		t.Helper()
		return goTool(t, dir, "tool", append([]string{"poolctl"}, args...)...)
	}
	made := command("new-trigger", "--name", "audit", "--hook", "post_authentication")
	if want := "`go test ./triggers/audit` and `go tool poolctl replay --trigger audit`"; !strings.Contains(made, want) {
		t.Errorf("poolctl new-trigger printed\n%s\nwant %s, as it was called", made, want)
	}
	goTool(t, dir, "test", "./triggers/audit")
	zips := filepath.ToSlash(filepath.Join("build", runtime.GOARCH))
	if got := command("build", "--arch", runtime.GOARCH); got != zips+"/audit.zip\n"+zips+"/pre-sign-up.zip\n" {
		t.Errorf("poolctl build printed\n%s", got)
	}
	if got := command("replay"); !strings.Contains(got, "7 passed, 0 failed") {
		t.Errorf("poolctl replay printed\n%s", got)
	}
	if got := command("run", "--once", "--play=false", "--port", "0"); !strings.Contains(got, "The user pool is at") {
		t.Errorf("poolctl run printed\n%s", got)
	}
	command("preview")
	if _, err := os.Stat(filepath.Join(dir, "build", "preview", "index.html")); err != nil {
		t.Error(err)
	}
	refusesWith(t, dir, "needs a checkout of it", "deploy-local")
	fires(t, dir)

	if err := os.RemoveAll(filepath.Join(dir, "testevents")); err != nil {
		t.Fatal(err)
	}
	refusesWith(t, dir, "there is no testevents/*/*.json", "replay")
}

// refusesWith checks that a command fails and says why.
func refusesWith(t *testing.T, dir, want string, args ...string) {
	t.Helper()
	if _, err := tryPoolctl(t, dir, args...); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want %q", err, want)
	}
}

// fires signs a user up whom the repository's trigger refuses with the settings in its own file.
func fires(t *testing.T, dir string) {
	t.Helper()
	replaceIn(t, filepath.Join(dir, "terraform", "pool.json"), `"environment": {}`,
		`"environment": { "DENIED_EMAIL_DOMAINS": "example.org" }`)
	s, err := stack.Start(t.Context(), stack.Options{Root: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	pool, err := s.Deploy(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Cognito.SignUp(t.Context(), &cip.SignUpInput{
		ClientId: aws.String(pool.Clients["app"]), Username: aws.String("ines@example.org"),
		Password: aws.String("Correct-horse-7"),
	})
	if want := "Please sign up with another e-mail address"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want the trigger's: %s", err, want)
	}
}

// A function that does not compile is reported in the compiler's words, and replay does not run an older one.
func TestReplayCompilesFirst(t *testing.T) {
	root := copyRepository(t)
	handler := filepath.Join(root, "triggers", "pre-sign-up", "handler.go")
	if err := os.WriteFile(handler, []byte("package main\n\nvar x int = \"\"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	refusesWith(t, root, "handler.go:3:", "replay", "--trigger", "pre-sign-up")
}
