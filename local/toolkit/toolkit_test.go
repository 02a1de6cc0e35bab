package toolkit

import (
	"reflect"
	"testing"

	"cognito-triggers/shared/repository"
)

func TestModule(t *testing.T) {
	t.Parallel()
	if got, want := Module()+"/shared/repository", reflect.TypeFor[repository.Repository]().PkgPath(); got != want {
		t.Errorf("%s is not %s", got, want)
	}
	if got := Version(); got != "" {
		t.Errorf("version %s, want none: a test is built in a checkout", got)
	}
}
