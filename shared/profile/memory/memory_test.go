package memory_test

import (
	"testing"

	"cognito-triggers/shared/profile"
	"cognito-triggers/shared/profile/memory"
	"cognito-triggers/shared/profile/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(*testing.T) profile.Store { return memory.New() })
}
