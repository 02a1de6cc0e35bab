package pool

import (
	"io"
	"path/filepath"
	"strings"
	"testing"

	"cognito-triggers/local/stack/stacktest"
	"cognito-triggers/shared/repository"
)

// A short run; its speed does not matter.
func TestRun(t *testing.T) {
	root, err := repository.Root()
	if err != nil {
		t.Fatal(err)
	}
	if err := stacktest.Build(t.Context(), root); err != nil {
		t.Fatal(err)
	}
	var rounds []int
	report, err := Run(t.Context(), Options{
		Root: root, Poolctl: filepath.Join(root, "build", "poolctl"), Starts: 2, Rounds: 2, Flows: 2, Concurrency: 2,
		Log:      io.Discard,
		Progress: func(done, total int) { rounds = append(rounds, done, total) },
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(rounds) != 4 || rounds[0] != 1 || rounds[2] != 2 || rounds[3] != 2 {
		t.Errorf("progress %v", rounds)
	}
	for _, c := range []*contestant{report.Local, report.Triggered, report.Ministack} {
		if len(c.rates) != 2 || c.rates[0] <= 0 || c.rates[1] <= 0 {
			t.Errorf("%s: flows per second %v", c, c.rates)
		}
		if c.ours() && c.failed > 0 {
			t.Errorf("%s: %d flows failed", c, c.failed)
		}
	}
	for _, s := range report.signIns {
		if len(s.rates) != 2 || s.rates[0] <= 0 {
			t.Errorf("%s: sign-ins per second %v", s.name, s.rates)
		}
	}
	for _, h := range report.hosted {
		if len(h.ours) != 2 || len(h.peer) != 2 || h.ours[0] <= 0 || h.peer[0] <= 0 {
			t.Errorf("%s: per second %v and %v", h.name, h.ours, h.peer)
		}
	}
	for name, s := range map[string]Server{"ours": report.Ours, "ministack": report.Peer} {
		if len(s.starts) != 2 || s.starts[0] <= 0 || s.starts[1] <= 0 {
			t.Errorf("%s: starts %v", name, s.starts)
		}
		if s.Loaded.Known && (s.Idle.RSS <= 0 || s.Loaded.CPU < s.Idle.CPU || s.Loaded.RSS <= 0) {
			t.Errorf("%s: used %+v, then %+v", name, s.Idle, s.Loaded)
		}
	}
	if report.Ours.Loaded.Known && report.Ours.Loaded.FunctionsRSS <= 0 {
		t.Error("no memory of functions was measured")
	}
	left, _ := filepath.Glob(filepath.Join(root, "build", "bench", ".pool-*", "local.json"))
	if len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	var text strings.Builder
	report.Print(&text)
	for _, want := range []string{"ministack 1.", "local pool, no triggers", "local pool, compiled triggers", "SRP ",
		"EMAIL_OTP ", "passkey ", "sign-in page ", "code and exchange "} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%q is not in the report:\n%s", want, &text)
		}
	}
}
