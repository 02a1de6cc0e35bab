package stack

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cognito-triggers/local/poolspec"
	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/manifest"
)

// A function gets the same settings as from Terraform: those for all functions, overridden by its own.
func TestDeployedSettings(t *testing.T) {
	spec, err := poolspec.Parse([]byte(
		`{"function_environment":{"LOG_LEVEL":"debug","GREETING":"all"},` +
			`"triggers":{"a":{"environment":{"GREETING":"one"}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]map[string]string{
		"a": {"LOG_LEVEL": "debug", "GREETING": "one", "EMAIL_SENDING_ACCOUNT": "DEVELOPER"},
		"b": {"LOG_LEVEL": "debug", "GREETING": "all", "EMAIL_SENDING_ACCOUNT": "DEVELOPER"},
	} {
		f := manifest.Function{Name: name, Environment: map[string]string{"EMAIL_SENDING_ACCOUNT": ""}}
		if got := deployedSettings(f, spec); !maps.Equal(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}

// A function that was not compiled is reported before anybody signs up.
func TestWhatIsNotBuiltIsNamed(t *testing.T) {
	built := filepath.Join(t.TempDir(), "bootstrap")
	if err := os.WriteFile(built, nil, 0o755); err != nil {
		t.Fatal(err)
	}
	s := &Stack{deployed: map[string]deployment{"built": {bootstrap: built}}}
	if err := s.checkBuilt(); err != nil {
		t.Error(err)
	}
	s.deployed["audit-sign-in"] = deployment{bootstrap: built + "-not"}
	if err := s.checkBuilt(); err == nil || !strings.HasPrefix(err.Error(),
		"audit-sign-in is not built; run `poolctl build --local`") {
		t.Errorf("error %v", err)
	}
}

// A misspelt setting stops the deployment instead of leaving the function on its default.
func TestMisspeltSettingsStopTheDeployment(t *testing.T) {
	spec, err := poolspec.Parse([]byte(`{"triggers":{"pre-sign-up":{"environment":{"INVITE_ONYL":"true"}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	spec.File = "pool.json"
	s := &Stack{Functions: []manifest.Function{{
		Name: "pre-sign-up", Hook: cognito.PreSignUp, Environment: map[string]string{"INVITE_ONLY": "false"},
	}}}
	const want = "pool.json: triggers.pre-sign-up.environment has INVITE_ONYL, which is not a setting of the function; " +
		"did you mean INVITE_ONLY?"
	if err := s.assign(spec); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want %q", err, want)
	}
}
