package emulator_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"cognito-triggers/local/emulator"
	"cognito-triggers/local/gotool"
	"cognito-triggers/local/lambdaruntime"
	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/shared/settings"
)

// The emulator runs a compiled function without Docker and returns the same answers as the local runner.
func TestEmulatorsLambda(t *testing.T) {
	t.Parallel()
	e, err := emulator.Start(t.Context(), emulator.Options{
		BuildDir: filepath.Join("..", "..", "build"), Services: []string{"lambda", "iam", "logs"}, Logs: t.Output(),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Stop() })
	arn := deploy(t, e)

	env := settings.FromMap(e.Environment())
	invoker := fire.NewLambda(env)
	if err := env.Err(); err != nil {
		t.Fatal(err)
	}
	do := func(arn, event string) (string, error) {
		answer, err := invoker.Invoke(t.Context(), arn, []byte(event))
		return string(answer), err
	}
	t.Run("answers", func(t *testing.T) {
		const event = `{"Do":"echo","version":"1"}`
		if answer, err := do(arn, event); err != nil || !sameJSON(answer, event) {
			t.Errorf("answer %s, error %v", answer, err)
		}
	})
	t.Run("passes its variables", func(t *testing.T) {
		answer, err := do(arn, `{"Do":"environment"}`)
		var variables []string
		if err != nil || json.Unmarshal([]byte(answer), &variables) != nil ||
			!slices.Contains(variables, "PROFILE_TABLE=profiles") {
			t.Errorf("variables %s, error %v", answer, err)
		}
	})
	t.Run("runs behind a secret", func(t *testing.T) {
		answer, err := do(arn, `{"Do":"environment"}`)
		var variables []string
		if err != nil || json.Unmarshal([]byte(answer), &variables) != nil {
			t.Fatalf("variables %s, error %v", answer, err)
		}
		api, secret := "", ""
		for _, entry := range variables {
			if value, ok := strings.CutPrefix(entry, "AWS_LAMBDA_RUNTIME_API="); ok {
				api, secret, _ = strings.Cut(value, "/")
			}
		}
		if len(secret) < 20 {
			t.Fatalf("the Runtime API at %q has the secret %q", api, secret)
		}
		for _, path := range []string{"/2018-06-01/runtime/invocation/next", "/x/2018-06-01/runtime/invocation/next"} {
			response, err := http.Get("http://" + api + path)
			if err != nil {
				t.Fatal(err)
			}
			if _ = response.Body.Close(); response.StatusCode != http.StatusForbidden {
				t.Errorf("%s without the secret: %s", path, response.Status)
			}
		}
	})
	t.Run("fails", func(t *testing.T) {
		var failure *lambdaruntime.FunctionError
		if _, err := do(arn, `{"Do":"error","Message":"Not with this address."}`); !errors.As(err, &failure) ||
			failure.Message != "Not with this address." {
			t.Errorf("error %v", err)
		}
	})
	t.Run("does not exist", func(t *testing.T) {
		var refused *fire.NotInvokedError
		if _, err := do(arn+"-2", `{}`); !errors.As(err, &refused) || refused.Code != "ResourceNotFoundException" {
			t.Errorf("error %v", err)
		}
	})
}

// deploy creates a function from the runner's fixture and returns its ARN.
func deploy(t *testing.T, e *emulator.Emulator) string {
	t.Helper()
	config, err := e.Config("LAMBDA")
	if err != nil {
		t.Fatal(err)
	}
	// A retry would fail, because the function would already exist.
	client := lambda.NewFromConfig(config, func(o *lambda.Options) { o.HTTPClient = http.DefaultClient })
	made, err := client.CreateFunction(t.Context(), &lambda.CreateFunctionInput{
		FunctionName: aws.String("fixture"), Runtime: types.RuntimeProvidedal2023, Handler: aws.String("bootstrap"),
		Role:        aws.String("arn:aws:iam::000000000000:role/fixture"),
		Code:        &types.FunctionCode{ZipFile: pack(t)},
		Environment: &types.Environment{Variables: map[string]string{"PROFILE_TABLE": "profiles"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return *made.FunctionArn
}

// pack compiles the fixture for this machine and zips it.
func pack(t *testing.T) []byte {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "bootstrap")
	root := filepath.Join("..", "..")
	if _, err := gotool.Run(t.Context(), root, "build", "-o", binary, "./local/lambdaruntime/testdata/fixture"); err !=
		nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(binary)
	if err != nil {
		t.Fatal(err)
	}
	var archive bytes.Buffer
	w := zip.NewWriter(&archive)
	header := &zip.FileHeader{Name: "bootstrap", Method: zip.Deflate}
	header.SetMode(0o755)
	entry, err := w.CreateHeader(header)
	if err == nil {
		_, err = entry.Write(content)
	}
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return archive.Bytes()
}

func sameJSON(a, b string) bool {
	var x, y any
	if json.Unmarshal([]byte(a), &x) != nil || json.Unmarshal([]byte(b), &y) != nil {
		return false
	}
	one, _ := json.Marshal(x)
	other, _ := json.Marshal(y)
	return bytes.Equal(one, other)
}
