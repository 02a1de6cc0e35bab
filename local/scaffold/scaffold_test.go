package scaffold

import (
	"go/format"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/golden"
	"cognito-triggers/shared/manifest"
	"cognito-triggers/shared/repository"
)

// checkout has one trigger, which serves pre_sign_up, and a folder of test events without one.
func checkout(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	for path, text := range map[string]string{
		"triggers/pre-sign-up/function.json": `{"hook":"pre_sign_up","timeout_seconds":5,"memory_mb":128,` +
			`"environment":{},"grants":[]}`,
		"testevents/orphan/A.json": "{}",
	} {
		write(t, filepath.Join(root, path), text)
	}
	return root
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestNew creates a trigger for each hook and checks its files. local/e2e checks that they compile and that their tests
// pass.
func TestNew(t *testing.T) {
	for _, hook := range cognito.Hooks() {
		if hook == cognito.PreSignUp {
			continue
		}
		t.Run(string(hook), func(t *testing.T) {
			root := checkout(t)
			made, err := New(root, "audit", hook)
			if err != nil {
				t.Fatal(err)
			}
			for _, file := range anatomy {
				if !slices.Contains(made, "triggers/audit/"+file) {
					t.Errorf("%s was not made, but %v", file, made)
				}
			}
			for _, file := range made {
				checkFile(t, filepath.Join(root, file))
			}
			checkManifest(t, root, hook)
			checkEvents(t, root, hook)
		})
	}
}

// anatomy lists the files of every trigger's directory.
var anatomy = []string{"main.go", "config.go", "handler.go", "handler_test.go", "function.json", "README.md"}

func checkFile(t *testing.T, path string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, left := range []string{"{{", "}}", "<no value>", "%!", "\n\n\n"} {
		if strings.Contains(string(text), left) {
			t.Errorf("%s holds %q", filepath.Base(path), left)
		}
	}
	if len(text) == 0 || text[len(text)-1] != '\n' || strings.HasSuffix(string(text), "\n\n") {
		t.Errorf("%s does not end with one line feed", filepath.Base(path))
	}
	if filepath.Ext(path) == ".go" {
		if formatted, err := format.Source(text); err != nil || string(formatted) != string(text) {
			t.Errorf("%s is not formatted (error %v)", filepath.Base(path), err)
		}
		for line := range strings.Lines(string(text)) {
			if utf8.RuneCountInString(strings.TrimSuffix(line, "\n")) > 120 {
				t.Errorf("%s has a line of more than 120 columns: %s", filepath.Base(path), line)
			}
		}
	}
}

func checkManifest(t *testing.T, root string, hook cognito.Hook) {
	t.Helper()
	functions, err := manifest.Find(root)
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(functions, func(f manifest.Function) bool { return f.Name == "audit" })
	if at < 0 || functions[at].Hook != hook || len(functions[at].Grants) > 0 {
		t.Errorf("functions %+v", functions)
	}
}

func checkEvents(t *testing.T, root string, hook cognito.Hook) {
	t.Helper()
	cases, err := golden.Load(os.DirFS(filepath.Join(root, "testevents")), "audit")
	if err != nil {
		t.Fatal(err)
	}
	var sources []string // of the ordinary events
	for _, c := range cases {
		envelope, err := events.DecodeEnvelope(c.Event)
		source, _, special := strings.Cut(c.Name, "-")
		if err != nil || envelope.TriggerSource != source {
			t.Errorf("%s is an event of %q (error %v)", c.Name, envelope.TriggerSource, err)
		}
		if !special {
			sources = append(sources, c.Name)
		}
	}
	if want := slices.Sorted(slices.Values(hook.Sources())); !slices.Equal(sources, want) {
		t.Errorf("events of %v, want %v", sources, want)
	}
}

func TestNewRefuses(t *testing.T) {
	cases := map[string]struct {
		name string
		hook cognito.Hook
		want string
	}{
		"no name":                {name: "", hook: cognito.PostAuthentication, want: "NAME"},
		"capitals":               {name: "AuditSignIn", hook: cognito.PostAuthentication, want: "lower-case letters"},
		"underscore":             {name: "audit_sign_in", hook: cognito.PostAuthentication, want: "lower-case letters"},
		"way out of the folder":  {name: "../audit", hook: cognito.PostAuthentication, want: "lower-case letters"},
		"digit at first":         {name: "2fa", hook: cognito.PostAuthentication, want: "lower-case letters"},
		"two hyphens":            {name: "audit--sign-in", hook: cognito.PostAuthentication, want: "lower-case letters"},
		"hyphen at last":         {name: "audit-", hook: cognito.PostAuthentication, want: "lower-case letters"},
		"line feed":              {name: "audit\n", hook: cognito.PostAuthentication, want: "lower-case letters"},
		"what Go does not build": {name: "testdata", hook: cognito.PostAuthentication, want: "NAME"},
		"no hook":                {name: "audit", hook: "", want: "use one of pre_sign_up"},
		"unknown hook":           {name: "audit", hook: "post_sign_in", want: `"post_sign_in" is not a hook`},
		"hook's trigger source":  {name: "audit", hook: "PostAuthentication", want: "use one of"},
		"name taken":             {name: "pre-sign-up", hook: cognito.PostAuthentication, want: "already exists"},
		"events' name taken":     {name: "orphan", hook: cognito.PostAuthentication, want: "already exists"},
		"hook taken":             {name: "audit", hook: cognito.PreSignUp, want: "triggers/pre-sign-up serves it"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			root := checkout(t)
			made, err := New(root, c.name, c.hook)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
			if len(made) > 0 {
				t.Errorf("told to be made: %v", made)
			}
			count := 0
			_ = filepath.WalkDir(root, func(_ string, entry os.DirEntry, _ error) error {
				if !entry.IsDir() {
					count++
				}
				return nil
			})
			if count != 2 {
				t.Errorf("%d files are there, want the 2 from before", count)
			}
		})
	}
}

// New reports a broken manifest of another trigger and writes nothing.
func TestNewNeedsReadableManifests(t *testing.T) {
	root := checkout(t)
	write(t, filepath.Join(root, "triggers/other/function.json"), `{"hook":"nothing"}`)
	_, err := New(root, "audit", cognito.PostAuthentication)
	if err == nil || !strings.Contains(err.Error(), filepath.Join("other", "function.json")) {
		t.Errorf("error %v, want one that names the manifest", err)
	}
}

// Cognito does not read the answers of senders, so only the other handlers and READMEs mention refusing.
func TestSendersAreToldThatNobodyReadsErrors(t *testing.T) {
	cases := map[string]struct {
		hook cognito.Hook
		want bool
	}{
		"mail":           {hook: cognito.CustomEmailSender, want: false},
		"SMS":            {hook: cognito.CustomSMSSender, want: false},
		"after sign-in":  {hook: cognito.PostAuthentication, want: true},
		"before sign-in": {hook: cognito.PreAuthentication, want: true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			repo, err := repository.Open(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			files, err := render(repo, factsOf("audit", c.hook))
			if err != nil {
				t.Fatal(err)
			}
			for _, file := range files {
				text := string(file.text)
				if strings.HasSuffix(file.path, "handler.go") && strings.Contains(text, "trigger.Reject") != c.want {
					t.Errorf("the handler speaks of refusing: %v, want %v", !c.want, c.want)
				}
				const refuses = "Cognito refuses the user's action"
				if strings.HasSuffix(file.path, "README.md") && strings.Contains(text, refuses) != c.want {
					t.Errorf("README.md speaks of refusing: %v, want %v", !c.want, c.want)
				}
			}
		})
	}
}

// Func breaks a function's first line only if it is too long.
func TestFunc(t *testing.T) {
	cases := map[string]struct {
		hook cognito.Hook
		want string
	}{
		"short": {
			hook: cognito.PreSignUp,
			want: "func newHandler(config Config) trigger.Handler[events.PreSignUpRequest, events.PreSignUpResponse] {",
		},
		"long": {
			hook: cognito.VerifyAuthChallengeResponse,
			want: "func newHandler(\n\tconfig Config,\n) trigger.Handler[events.VerifyAuthChallengeResponseRequest, " +
				"events.VerifyAuthChallengeResponseResponse] {",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			f := factsOf("audit", c.hook)
			if got := f.Func("newHandler", "config Config", f.Handler); got != c.want {
				t.Errorf("got %s\nwant %s", got, c.want)
			}
		})
	}
}
