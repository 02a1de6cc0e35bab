package apitest

import (
	"io"
	"io/fs"
	"maps"
	"testing"

	"github.com/aws/aws-lambda-go/lambda"

	"cognito-triggers/shared/api"
	"cognito-triggers/shared/golden"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/trigger/triggertest"
)

// Replay runs each golden case of the function called name as a subtest, with the settings of the function.json in the
// test's folder, overridden by env and by the case. With -update it writes the wants, like package triggertest.
func Replay(t *testing.T, set fs.FS, name string, setup api.Setup, env map[string]string) {
	t.Helper()
	text, function := readManifest(t)
	triggertest.Replay(t, set, name, func(t *testing.T, c golden.Case) lambda.Handler {
		all := function.EnvironmentWith(env)
		maps.Copy(all, c.Config.Environment)
		handler, err := api.New(text, setup, settings.FromMap(all), io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		return handler
	})
}
