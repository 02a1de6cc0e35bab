package pooltest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cognito-triggers/local/gotool"
)

// foreignTest is a test in a module of its own: golden events of its own, a handler with an AWS client, and the pool.
const foreignTest = `package own

import (
	"context"
	"os"
	"testing"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"cognito-triggers/local/pooltest"
	"cognito-triggers/shared/awsenv"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/golden"
	"cognito-triggers/shared/trigger"
	"cognito-triggers/shared/trigger/triggertest"
)

func handle(_ context.Context, e *events.PreSignUpEvent) error {
	if e.Request.ValidationData["invitation"] == "" {
		return trigger.Reject("Ask a member for an invitation")
	}
	return nil
}

func TestEvents(t *testing.T) {
	triggertest.Replay(t, os.DirFS("cases"), "invitation", func(t *testing.T, c golden.Case) lambda.Handler {
		env := triggertest.Settings(t, c)
		dynamodb.NewFromConfig(awsenv.Config(env, "DYNAMODB"))
		if err := env.Err(); err != nil {
			t.Fatal(err)
		}
		return triggertest.Wrap(events.PreSignUp, handle)
	})
}

func TestPool(t *testing.T) {
	p := pooltest.Start(t, pooltest.On(events.PreSignUp, handle))
	if err := p.SignUp(pooltest.User{Name: "ines", Password: "Sunny100%"}); err == nil || len(p.Fired()) != 1 {
		t.Errorf("error %v, fired %v", err, p.Sources())
	}
}
`

// The tests of another module need nothing of this checkout: no internal package, no file, no golden event. -update
// writes to that module's own folder.
func TestForeignModule(t *testing.T) {
	t.Parallel()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	gomod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	_, requirements, _ := strings.Cut(string(gomod), "\n") // the same versions, so that nothing is compiled again
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	event := `{"triggerSource":"PreSignUp_SignUp","request":{"validationData":null},"response":{}}`
	for name, text := range map[string]string{
		"go.mod": "module example.com/own\n" + requirements + "\nrequire cognito-triggers v0.0.0\n" +
			"replace cognito-triggers => " + root + "\n",
		"go.sum": string(sums), "own_test.go": foreignTest,
		"cases/invitation/PreSignUp_SignUp-none.json": event,
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := gotool.Run(t.Context(), dir, "test", "-run", "TestEvents", ".", "-update"); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(filepath.Join(dir, "cases", "invitation", "PreSignUp_SignUp-none.want.json"))
	if err != nil || !strings.Contains(string(want), "Ask a member for an invitation") {
		t.Errorf("want %s, error %v", want, err)
	}
	if _, err := gotool.Run(t.Context(), dir, "test", "."); err != nil {
		t.Error(err)
	}
}
