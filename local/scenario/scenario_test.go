package scenario_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"cognito-triggers/local/scenario"
	"cognito-triggers/local/stack"
	"cognito-triggers/local/stack/stacktest"
	"cognito-triggers/shared/manifest"
)

var local *stack.Stack

func TestMain(m *testing.M) { stacktest.Main(m, &local, nil) }

var stepLine = regexp.MustCompile(`(?m)^ +(\d)\. +([a-z-]+) +([A-Za-z_]+) +([A-Za-z]+) +[0-9.]+ ms  (.+)$`)

func TestPlay(t *testing.T) {
	var out bytes.Buffer
	if err := scenario.Play(t.Context(), local, &out); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	var got []string
	for _, step := range stepLine.FindAllStringSubmatch(out.String(), -1) {
		got = append(got, strings.Join(step[1:5], " "))
	}
	want := []string{
		"1 pre-sign-up PreSignUp_SignUp refused",
		"2 pre-sign-up PreSignUp_SignUp passed",
		"3 custom-message CustomMessage_SignUp answered",
		"4 custom-message CustomMessage_SignUp answered",
		"5 post-confirmation PostConfirmation_ConfirmSignUp passed",
		"6 post-confirmation PostConfirmation_ConfirmSignUp passed",
		"7 pre-token-generation TokenGeneration_Authentication answered",
		"8 pre-token-generation TokenGeneration_Authentication answered",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("steps\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for _, part := range []string{
		"the user reads: ", "Stored profiles: 1", `"created_by": "PostConfirmation_ConfirmSignUp"`, `"welcome_claimed_at": "`,
		"E-mails that SES received for the user: 1", "welcome@example.com", `"plan": "gold"`, `"profile_id": "`,
	} {
		if !strings.Contains(out.String(), part) {
			t.Errorf("%q is not in\n%s", part, out.String())
		}
	}
}

// A function that does not do its work is found out, and the step that finds it is named.
func TestPlayFails(t *testing.T) {
	cases := map[string]struct {
		broken  string // the function that has another's binary, which passes its events through
		binary  string
		want    string // in the error
		printed int    // how many steps were printed
	}{
		"bad domains are let in":  {"pre-sign-up", "custom-message", `step "a throw-away address is refused"`, 1},
		"no message is written":   {"custom-message", "pre-sign-up", `step "the code's message, in English"`, 3},
		"no profile, but claims":  {"post-confirmation", "custom-message", "SES received 0 welcome mails", 8},
		"no claims":               {"pre-token-generation", "custom-message", `step "the user signs in"`, 7},
		"a function is not there": {"pre-token-generation", "", "build the function first", 6},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := with(t, c.broken, c.binary)
			var out bytes.Buffer
			err := scenario.Play(t.Context(), s, &out)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
			steps := stepLine.FindAllStringSubmatch(out.String(), -1)
			if len(steps) != c.printed {
				t.Errorf("%d steps are printed, want %d:\n%s", len(steps), c.printed, out.String())
			}
			stepFails := strings.HasPrefix(c.want, "step")
			if last := steps[len(steps)-1][4]; (last == "FAILED") != stepFails {
				t.Errorf("the last step is %s:\n%s", last, out.String())
			}
		})
	}
}

// with is a stack, on the shared one's emulator, one of whose functions has another's binary, or none.
func with(t *testing.T, broken, binary string) *stack.Stack {
	t.Helper()
	root := t.TempDir()
	link := func(from, to string) {
		t.Helper()
		if err := errors.Join(os.MkdirAll(filepath.Dir(to), 0o755), os.Symlink(from, to)); err != nil {
			t.Fatal(err)
		}
	}
	link(filepath.Join(local.Root, "testevents"), filepath.Join(root, "testevents"))
	for _, function := range local.Functions {
		link(filepath.Join(function.Dir, manifest.FileName), filepath.Join(root, "triggers", function.Name, manifest.FileName))
		from := function.Name
		if from == broken {
			from = binary
		}
		if from != "" {
			link(stack.Bootstrap(local.Root, from), stack.Bootstrap(root, function.Name))
		}
	}
	t.Setenv("AWS_ENDPOINT_URL", local.Emulator.Endpoint)
	s, err := stack.Start(t.Context(), stack.Options{Root: root})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}
