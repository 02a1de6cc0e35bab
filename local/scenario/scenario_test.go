package scenario_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"cognito-triggers/local/poolspec"
	"cognito-triggers/local/samples"
	"cognito-triggers/local/scenario"
	"cognito-triggers/local/stack"
	"cognito-triggers/local/stack/stacktest"
	"cognito-triggers/shared/manifest"
)

var local *stack.Stack

func TestMain(m *testing.M) { stacktest.Main(m, &local, nil) }

var stepLine = regexp.MustCompile(`(?m)^ ?(\d+)\. (.+?) +(ok|FAILED)$`)

// play deploys a separate stack, for a table of its own, and plays the scenario.
func play(t *testing.T, root string) (string, error) {
	t.Helper()
	t.Setenv("AWS_ENDPOINT_URL", local.Emulator.Endpoint)
	s, err := stack.Start(t.Context(), stack.Options{Root: root})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	pool, err := s.Deploy(t.Context())
	if err != nil {
		return "", err
	}
	var out bytes.Buffer
	err = scenario.Play(t.Context(), worldOf(t, s, pool), &out)
	return out.String(), err
}

// worldOf returns the world of a deployed stack.
func worldOf(t *testing.T, s *stack.Stack, pool poolspec.Pool) scenario.World {
	t.Helper()
	w, leave, err := scenario.Stage(t.Context(), s, pool.ID, pool.Clients["app"])
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = leave(context.Background()) })
	return w
}

func TestPlay(t *testing.T) {
	out, err := play(t, local.Root)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	steps := stepLine.FindAllStringSubmatch(out, -1)
	if len(steps) != 30 {
		t.Errorf("%d steps:\n%s", len(steps), out)
	}
	for _, step := range steps {
		if step[3] != "ok" {
			t.Errorf("step %s is %s", step[1], step[3])
		}
	}
	for _, part := range []string{
		"she reads: ", "the inbox has: [Example] ", "plan=free groups=[members]", "plan=gold groups=[members]",
		"profile stored in profiles-",
		"TokenGeneration_NewPasswordChallenge", "Stored profiles: 5. Welcome e-mails that SES received for Ines: 1.",
		`"plan":"gold"`,
		"201 Created", "401 Unauthorized", "refused by the authorizer", "refused by the function",
	} {
		if !strings.Contains(out, part) {
			t.Errorf("%q is not in\n%s", part, out)
		}
	}
}

// A function that does not do its work fails the scenario, at the right step.
func TestPlayFails(t *testing.T) {
	cases := map[string]struct {
		broken string // the function that gets another's binary, which returns events unchanged
		binary string
		want   string // in the error
	}{
		"bad domains are let in": {
			broken: "pre-sign-up",
			binary: "custom-message",
			want:   "step 1, a throw-away address is refused: ",
		},
		"no message is written": {broken: "custom-message", binary: "pre-sign-up", want: "step 2, Ines signs up: "},
		"no profile": {
			broken: "post-confirmation",
			binary: "custom-message",
			want:   "step 5, the right code confirms her: ",
		},
		"no claims": {broken: "pre-token-generation", binary: "custom-message", want: "step 6, she signs in with SRP: "},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			out, err := play(t, with(t, c.broken, c.binary))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
			steps := stepLine.FindAllStringSubmatch(out, -1)
			if len(steps) == 0 || steps[len(steps)-1][3] != "FAILED" {
				t.Errorf("the last step did not fail:\n%s", out)
			}
		})
	}
}

// A function that was not compiled is reported before the first step.
func TestPlayWithoutAFunction(t *testing.T) {
	out, err := play(t, with(t, "pre-token-generation", ""))
	if err == nil || !strings.Contains(err.Error(), "pre-token-generation is not built") || out != "" {
		t.Errorf("error %v, printed:\n%s", err, out)
	}
}

// with returns a repository in which one function has another's binary, or none.
func with(t *testing.T, broken, binary string) string {
	t.Helper()
	root := t.TempDir()
	link := func(from, to string) {
		t.Helper()
		if err := errors.Join(os.MkdirAll(filepath.Dir(to), 0o755), os.Symlink(from, to)); err != nil {
			t.Fatal(err)
		}
	}
	for _, same := range []string{
		local.Repository.Relative(local.Repository.Settings), local.Repository.Relative(local.Repository.Local), samples.Dir,
		"build/samples", "build/codesealer",
	} {
		link(filepath.Join(local.Root, same), filepath.Join(root, same))
	}
	for _, function := range local.Functions {
		room := filepath.Base(filepath.Dir(function.Dir))
		link(filepath.Join(function.Dir, manifest.FileName), filepath.Join(root, room, function.Name, manifest.FileName))
		from := function.Name
		if from == broken {
			from = binary
		}
		if from != "" {
			link(stack.Bootstrap(local.Repository.Build, from), stack.Bootstrap(filepath.Join(root, "build"), function.Name))
		}
	}
	return root
}
