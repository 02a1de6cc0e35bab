package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/identity"
	"cognito-triggers/local/samples"
	"cognito-triggers/local/stack/stacktest"
	"cognito-triggers/local/userpool/poolclient"
)

// another returns a repository with this one's functions and settings, changed by edit, and a build folder of its own.
func another(t *testing.T, edit func(settings map[string]any)) string {
	t.Helper()
	root := t.TempDir()
	settings := local.Repository.Relative(local.Repository.Settings)
	link := func(name string) {
		t.Helper()
		to := filepath.Join(root, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(to), 0o755),
			os.Symlink(filepath.Join(local.Root, name), to)); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"go.mod", "triggers", "api", samples.Dir} {
		link(name)
	}
	compiled, err := os.ReadDir(local.Repository.Build)
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range compiled {
		if folder.IsDir() && folder.Name() != "logs" {
			link(filepath.Join("build", folder.Name()))
		}
	}
	members, err := stacktest.Settings(local.Repository)
	if err != nil {
		t.Fatal(err)
	}
	if edit != nil {
		edit(members)
	}
	text, err := json.Marshal(members)
	to := filepath.Join(root, filepath.FromSlash(settings))
	if err := errors.Join(err, os.MkdirAll(filepath.Dir(to), 0o755), os.WriteFile(to, text, 0o644)); err != nil {
		t.Fatal(err)
	}
	return root
}

// running is a `poolctl run` that is up.
type running struct {
	addresses
	t      *testing.T
	cmd    *exec.Cmd
	output *bytes.Buffer // what it printed; read it after stop or kill
	pool   *cip.Client
	ended  chan struct{}
}

// run starts poolctl in a repository, with ports of its own, and waits until it is up.
func run(t *testing.T, root string, args ...string) *running {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "local.json")
	cmd := exec.CommandContext(t.Context(), self, append([]string{"run", "--port", "0", "--out", out}, args...)...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), asCommand+"=1", "AWS_ENDPOINT_URL="+local.Emulator.Endpoint,
		"GORACE=atexit_sleep_ms=0")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err := errors.Join(err, cmd.Start()); err != nil {
		t.Fatal(err)
	}
	r := &running{t: t, cmd: cmd, output: &bytes.Buffer{}, ended: make(chan struct{})}
	up := false
	lines := bufio.NewScanner(stdout)
	for !up && lines.Scan() {
		fmt.Fprintln(r.output, lines.Text())
		up = strings.HasPrefix(lines.Text(), "Press Ctrl-C")
	}
	if !up {
		_ = cmd.Wait()
		t.Fatalf("poolctl run ended:\n%s%s", r.output, &stderr)
	}
	go func() {
		defer close(r.ended)
		_, _ = io.Copy(r.output, stdout)
		_ = cmd.Wait() // a killed process fails
	}()
	t.Cleanup(r.stop)
	text, err := os.ReadFile(out)
	if err := errors.Join(err, json.Unmarshal(text, &r.addresses)); err != nil {
		t.Fatal(err)
	}
	r.pool = poolclient.New(r.Endpoint, r.Region)
	return r
}

// stop ends the run as Ctrl-C does.
func (r *running) stop() { r.end(syscall.SIGINT) }

// kill ends the run as a power cut does.
func (r *running) kill() { r.end(syscall.SIGKILL) }

func (r *running) end(signal syscall.Signal) {
	_ = r.cmd.Process.Signal(signal) // it may have ended
	<-r.ended
}

// keysOf returns the pool's published keys.
func (r *running) keysOf() string {
	r.t.Helper()
	return get(r.t, r.Endpoint+"/"+r.UserPoolID+"/.well-known/jwks.json")
}

func (r *running) signUp(email string) (string, error) {
	out, err := r.pool.SignUp(r.t.Context(), &cip.SignUpInput{
		ClientId: &r.ClientID, Username: &email, Password: aws.String("Correct-horse-7"),
		UserAttributes: []types.AttributeType{{Name: aws.String("email"), Value: &email}},
	})
	if err != nil {
		return "", err
	}
	return aws.ToString(out.UserSub), nil
}

// codes returns the last code that was sent to each user, by sub.
func (r *running) codes() map[string]string {
	r.t.Helper()
	var list struct{ Messages []struct{ Code, Sub string } }
	if err := json.Unmarshal([]byte(get(r.t, r.Endpoint+"/local/messages")), &list); err != nil {
		r.t.Fatal(err)
	}
	codes := map[string]string{}
	for _, m := range list.Messages {
		codes[m.Sub] = m.Code
	}
	return codes
}

func (r *running) signIn(email, password string) (*cip.InitiateAuthOutput, error) {
	return r.pool.InitiateAuth(r.t.Context(), &cip.InitiateAuthInput{
		ClientId: &r.ClientID, AuthFlow: types.AuthFlowTypeUserPasswordAuth,
		AuthParameters: map[string]string{"USERNAME": email, "PASSWORD": password},
	})
}

// Ids, keys and names are the same in every run, so that an app's settings stay true.
func TestRunsAreTheSame(t *testing.T) {
	t.Parallel()
	root := another(t, nil)
	first := run(t, root, "--play=false")
	keys := first.keysOf()
	second := run(t, root, "--play=false") // at once
	if second.UserPoolID != first.UserPoolID || second.ClientID != first.ClientID || second.keysOf() != keys {
		t.Errorf("two runs: pool %s and %s, client %s and %s", first.UserPoolID, second.UserPoolID, first.ClientID,
			second.ClientID)
	}
	if second.ProfileTable == first.ProfileTable {
		t.Errorf("two runs share the table %s of one emulator", first.ProfileTable)
	}
	if got := poolctl(t, root, "", "reset"); got.code != 1 || !strings.Contains(got.stderr, "a run uses it") {
		t.Errorf("reset while a run holds the keys: %+v", got)
	}
	first.stop()
	second.stop()
	poolctl(t, root, "", "reset").wants(t, 0, "removed build/"+identity.FileName, "")
	poolctl(t, root, "", "reset").wants(t, 0, "nothing was kept", "")
	third := run(t, root, "--play=false")
	if third.UserPoolID != first.UserPoolID || third.keysOf() == keys {
		t.Error("after a reset the id is another, or the keys are the same")
	}
}

// Everything that the pool holds outlives the run.
func TestStateIsKept(t *testing.T) {
	t.Parallel()
	root := another(t, nil)
	first := run(t, root, "--play=false", "--state", "kept")
	const email = "ines@example.org"
	sub, err := first.signUp(email)
	if err != nil {
		t.Fatal(err)
	}
	if got := poolctl(t, root, "", "run", "--once", "--port", "0", "--out", "x.json", "--state", "kept"); got.code != 1 ||
		!strings.Contains(got.stderr, "another run uses it") {
		t.Errorf("two runs with one folder: %+v", got)
	}
	if got := poolctl(t, root, "", "reset", "--state", "kept"); got.code != 1 ||
		!strings.Contains(got.stderr, "another run uses it") {
		t.Errorf("reset of a folder in use: %+v", got)
	}
	identityPool := first.identities(t, "CreateIdentityPool",
		`{"IdentityPoolName":"shop","AllowUnauthenticatedIdentities":false}`)["IdentityPoolId"]
	first.kill()
	second := run(t, root, "--play=false", "--state", "kept")
	described := second.identities(t, "DescribeIdentityPool", fmt.Sprintf(`{"IdentityPoolId":%q}`, identityPool))
	if described["IdentityPoolName"] != "shop" {
		t.Errorf("the identity pool of before: %v", described)
	}
	if second.UserPoolID != first.UserPoolID || second.ClientID != first.ClientID ||
		second.ProfileTable != first.ProfileTable {
		t.Errorf("%+v, then %+v", first.addresses, second.addresses)
	}
	confirm := cip.ConfirmSignUpInput{
		ClientId: &second.ClientID, Username: aws.String(email), ConfirmationCode: aws.String(second.codes()[sub]),
	}
	if _, err := second.pool.ConfirmSignUp(t.Context(), &confirm); err != nil {
		t.Errorf("the code that was sent before: %v", err)
	}
	signedIn, err := second.signIn(email, "Correct-horse-7")
	if err != nil {
		t.Fatal(err)
	}
	second.kill()
	third := run(t, root, "--play=false", "--state", "kept")
	if _, err := third.pool.InitiateAuth(t.Context(), &cip.InitiateAuthInput{
		ClientId: &third.ClientID, AuthFlow: types.AuthFlowTypeRefreshTokenAuth,
		AuthParameters: map[string]string{"REFRESH_TOKEN": *signedIn.AuthenticationResult.RefreshToken},
	}); err != nil {
		t.Errorf("the refresh token of before: %v", err)
	}
	groups, err := third.pool.AdminListGroupsForUser(t.Context(), &cip.AdminListGroupsForUserInput{
		UserPoolId: &third.UserPoolID, Username: aws.String(email),
	})
	if err != nil || len(groups.Groups) != 1 {
		t.Errorf("groups %v, %v", groups, err)
	}
	third.stop()
	poolctl(t, root, "", "reset", "--state", "kept").wants(t, 0, "removed kept/pool.journal", "")
	if _, err := os.Stat(filepath.Join(root, "kept")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder is still there: %v", err)
	}
	fourth := run(t, root, "--play=false", "--state", "kept")
	if _, err := fourth.signIn(email, "Correct-horse-7"); err == nil {
		t.Error("the user is there after the reset")
	}
}

// identities calls an operation of a run's identity pools.
func (r *running) identities(t *testing.T, operation, body string) (out map[string]any) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.IdentityPoolEndpoint,
		strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Amz-Target", "AWSCognitoIdentityService."+operation)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(&out); err != nil {
		t.Fatal(err)
	}
	return out
}

// Settings that were edited between two runs apply to the kept pool.
func TestKeptPoolFollowsTheSettings(t *testing.T) {
	t.Parallel()
	length := 8
	edit := func(settings map[string]any) {
		settings["password_policy"] = map[string]any{"minimum_length": length}
		settings["groups"].(map[string]any)[fmt.Sprint("length-", length)] = map[string]any{}
	}
	root := another(t, edit)
	state := filepath.Join(t.TempDir(), "kept")
	first := run(t, root, "--play=false", "--state", state)
	if _, err := first.signUp("ines@example.org"); err != nil {
		t.Fatal(err)
	}
	first.stop()
	length = 30
	second := run(t, another(t, edit), "--play=false", "--state", state)
	if _, err := second.signUp("paul@example.org"); err == nil || !strings.Contains(err.Error(), "InvalidPassword") {
		t.Errorf("the new policy does not apply: %v", err)
	}
	groups, err := second.pool.ListGroups(t.Context(), &cip.ListGroupsInput{UserPoolId: &second.UserPoolID})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, g := range groups.Groups {
		names = append(names, *g.GroupName)
	}
	if !slices.Contains(names, "length-8") || !slices.Contains(names, "length-30") {
		t.Errorf("groups %v", names)
	}
	users, err := second.pool.ListUsers(t.Context(), &cip.ListUsersInput{UserPoolId: &second.UserPoolID})
	if err != nil || len(users.Users) != 1 {
		t.Errorf("users %v, %v", users, err)
	}
}

func TestDamagedStateIsRefused(t *testing.T) {
	t.Parallel()
	root := another(t, nil)
	path := filepath.Join(root, "kept", "pool.journal")
	if err := errors.Join(os.Mkdir(filepath.Dir(path), 0o700), os.WriteFile(path, []byte("not ours"), 0o600)); err != nil {
		t.Fatal(err)
	}
	got := poolctl(t, root, "", "run", "--once", "--port", "0", "--out", "x.json", "--state", "kept")
	got.wants(t, 1, "", path+" is damaged")
	got.wants(t, 1, "", "poolctl reset --state "+filepath.Dir(path))
	poolctl(t, root, "", "reset", "--state", "kept").wants(t, 0, "removed kept/pool.journal", "")
}

// preSignUp changes a setting of pre-sign-up.
func preSignUp(name, value string) func(settings map[string]any) {
	return func(settings map[string]any) {
		settings["triggers"].(map[string]any)["pre-sign-up"] = map[string]any{"environment": map[string]any{name: value}}
	}
}

func TestSeed(t *testing.T) {
	t.Parallel()
	root := another(t, preSignUp("DENIED_EMAIL_DOMAINS", "denied.example"))
	const people = `{"users":[{"username":"ines@example.org","password":"Correct-horse-8","groups":["members"]}]}`
	for name, text := range map[string]string{"people.json": people, "poolctl.json": `{"seed":"people.json"}`} {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	first := run(t, root, "--play=false")
	if _, err := first.signIn("ines@example.org", "Correct-horse-8"); err != nil {
		t.Error(err)
	}
	first.stop()
	if !strings.Contains(first.output.String(), "The seed made 1 users and 0 groups") {
		t.Errorf("printed:\n%s", first.output)
	}
	refused := filepath.Join(root, "refused.json")
	if err := os.WriteFile(refused, []byte(strings.Replace(people, "ines@example.org", "ines@denied.example", 1)),
		0o644); err != nil {
		t.Fatal(err)
	}
	got := poolctl(t, root, "", "run", "--once", "--play=false", "--port", "0", "--out", "x.json", "--seed", refused)
	got.wants(t, 1, "", refused+": users[0]: UserLambdaValidationException")
	got = poolctl(t, root, "", "run", "--once", "--port", "0", "--out", "x.json", "--seed", "none.json")
	got.wants(t, 1, "", "none.json")
}

// The pool stays up where somebody's policy differs from what the scenario expects.
func TestScenarioIsADemonstration(t *testing.T) {
	t.Parallel()
	root := another(t, preSignUp("INVITE_ONLY", "true"))
	r := run(t, root, "--play") // the default in the toolkit's own repository
	if _, err := r.signIn("ines@example.org", "x"); err == nil || !strings.Contains(err.Error(), "NotAuthorized") {
		t.Errorf("the pool is not up: %v", err)
	}
	r.stop()
	text := r.output.String()
	for _, want := range []string{
		` 2\. Ines signs up +differs\n`, `warning: .*UserLambdaValidationException`,
		`the last lines of pre-sign-up:\n`,
		`INFO  Registration is by invitation only`, ` 3\. .* skipped: there is no account`,
		`12\. an administrator creates Paul +ok\n`,
		`The pool is up all the same`,
	} {
		if !regexp.MustCompile(want).MatchString(text) {
			t.Errorf("%s is not in\n%s", want, text)
		}
	}
	strict := poolctl(t, root, "", "run", "--once", "--play", "--port", "0", "--out", "x.json")
	strict.wants(t, 1, "", "step 1, a throw-away address is refused: ")
}

func get(t *testing.T, url string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", url, response.Status, err)
	}
	return string(text)
}
