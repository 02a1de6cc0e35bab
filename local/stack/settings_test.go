package stack

import (
	"maps"
	"testing"

	"cognito-triggers/local/poolspec"
	"cognito-triggers/shared/manifest"
)

// A function gets what Terraform would give it: what is for all functions, then what is for it.
func TestDeployedSettings(t *testing.T) {
	spec, err := poolspec.Parse([]byte(`{"function_environment":{"LOG_LEVEL":"debug","GREETING":"all"},"triggers":{"a":{"environment":{"GREETING":"one"}}}}`))
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
