package pool

import (
	"os"
	"testing"
)

func TestSignaturesCostSomething(t *testing.T) {
	t.Parallel()
	s, err := newSignatures()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.round(); err != nil {
		t.Fatal(err)
	}
	if known := usageOf(os.Getpid()).Known; known && (len(s.cost) != 1 || s.cost[0] <= 0) {
		t.Errorf("cost %v", s.cost)
	}
}
