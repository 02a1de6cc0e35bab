package memory_test

import (
	"testing"

	"cognito-triggers/shared/challenge"
	"cognito-triggers/shared/challenge/memory"
	"cognito-triggers/shared/challenge/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(*testing.T) challenge.Store { return memory.New() })
}
