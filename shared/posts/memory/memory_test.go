package memory_test

import (
	"testing"

	"cognito-triggers/shared/posts/memory"
	"cognito-triggers/shared/posts/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(*testing.T) storetest.Opened { return storetest.Opened{Store: memory.New()} })
}
