package bench

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/lambda"
)

// TestMain lets the test binary act as a function when it is spawned as one; ACT selects what it does.
func TestMain(m *testing.M) {
	api := os.Getenv("AWS_LAMBDA_RUNTIME_API")
	if api == "" {
		os.Exit(m.Run())
	}
	switch os.Getenv("ACT") {
	case "die":
		os.Exit(3)
	case "refuse":
		_, _ = http.Post("http://"+api+runtimePath+"init/error", "application/json",
			strings.NewReader(`{"errorMessage":"no table"}`))
		os.Exit(1)
	case "fail":
		lambda.Start(func() error { return context.DeadlineExceeded })
	case "ask":
		lambda.Start(func(event json.RawMessage) (json.RawMessage, error) {
			response, err := http.Post(os.Getenv("AWS_ENDPOINT_URL"), "", nil)
			if err != nil {
				return nil, err
			}
			return event, response.Body.Close()
		})
	default:
		lambda.Start(func(event json.RawMessage) (json.RawMessage, error) { return event, nil })
	}
}

// spawned returns this binary as a function.
func spawned(t *testing.T, act string) program {
	t.Helper()
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return program{
		name: act, command: []string{binary}, dir: t.TempDir(), files: []string{binary},
		settings: map[string]string{"ACT": act}, event: []byte(`{"n":1}`),
	}
}
