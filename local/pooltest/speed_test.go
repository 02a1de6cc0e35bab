package pooltest_test

import (
	"os"
	"os/exec"
	"runtime/debug"
	"slices"
	"testing"
	"time"

	"cognito-triggers/local/pooltest"
	"cognito-triggers/shared/events"
)

// childVariable names what this test binary does when a test runs it in a process of its own.
const childVariable = "POOLTEST_CHILD"

// child returns this test binary as a command that runs one test as a child.
func child(t *testing.T, test, what string, flags ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, append([]string{"-test.run=^" + test + "$"}, flags...)...)
	cmd.Env = append(os.Environ(), childVariable+"="+what)
	return cmd
}

// A hundred tests take 5 seconds at most. In a process of their own, the measure is its processor time, which other
// work on the machine hardly changes; they wait for nothing else.
func TestHundredTestsTakeFiveSeconds(t *testing.T) {
	const tests, most = 100, 5 * time.Second
	if os.Getenv(childVariable) == "journeys" {
		for range tests {
			t.Run("", func(t *testing.T) { journey(t) })
		}
		return
	}
	race := debug.BuildSetting{Key: "-race", Value: "true"}
	if info, ok := debug.ReadBuildInfo(); ok && slices.Contains(info.Settings, race) {
		t.Skip("the race detector makes everything several times slower")
	}
	t.Parallel()
	cmd := child(t, t.Name(), "journeys")
	began := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	used := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	t.Logf("%d tests: %v of processor time, %v in all", tests, used, time.Since(began).Round(time.Millisecond))
	if used > most {
		t.Errorf("%d tests use %v of processor time, at most %v", tests, used, most)
	}
}

// One test as users write them: a pool with two handlers; sign-up, confirmation, sign-in.
func journey(t testing.TB) {
	p := pooltest.Start(t, pooltest.On(events.PreSignUp, onlyExample), pooltest.On(events.PreTokenGeneration, gold))
	if err := p.SignUp(ines); err != nil {
		t.Fatal(err)
	}
	if err := p.Confirm("ines"); err != nil {
		t.Fatal(err)
	}
	if tokens, err := p.SignIn("ines", password); err != nil || tokens.AccessClaims["plan"] != "gold" {
		t.Fatalf("claims %v, error %v", tokens.AccessClaims, err)
	}
}

// BenchmarkJourney measures what a test costs: go test -run=NONE -bench=Journey -benchtime=100x ./local/pooltest
func BenchmarkJourney(b *testing.B) {
	for b.Loop() {
		journey(b)
	}
}
