package memory

import (
	"testing"

	"cognito-triggers/shared/sendonce"
	"cognito-triggers/shared/sendonce/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(*testing.T) sendonce.Store { return New() })
}
