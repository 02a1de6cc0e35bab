package userpool

import (
	"strings"
	"testing"

	"cognito-triggers/local/userpool/internal/accounts"
	"cognito-triggers/local/userpool/internal/control"
	"cognito-triggers/local/userpool/internal/delivery"
	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/federation"
	"cognito-triggers/local/userpool/internal/signin"
	"cognito-triggers/local/userpool/internal/tokens"
	"cognito-triggers/local/userpool/internal/triggers"
)

// Constructors reject missing dependencies, which would otherwise fail at the first request.
func TestRoomsNeedTheirDependencies(t *testing.T) {
	t.Parallel()
	problemOf := func(_ any, err error) error { return err }
	for name, err := range map[string]error{
		"directory":  problemOf(directory.New(directory.Deps{})),
		"delivery":   problemOf(delivery.New(delivery.Deps{})),
		"accounts":   problemOf(accounts.New(accounts.Deps{})),
		"migration":  problemOf(accounts.NewMigration(accounts.MigrationDeps{})),
		"signin":     problemOf(signin.New(signin.Deps{})),
		"tokens":     problemOf(tokens.New(tokens.Deps{})),
		"federation": problemOf(federation.New(federation.Deps{})),
		"control":    problemOf(control.New(control.Deps{})),
	} {
		if err == nil || !strings.Contains(err.Error(), "cannot work without") {
			t.Errorf("%s: error %v", name, err)
		}
	}
	if _, err := triggers.New(nil, nil); err == nil {
		t.Error("triggers were created without a firer and a queue")
	}
}
