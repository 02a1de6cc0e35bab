package scaffold

import (
	"go/format"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
	"cognito-triggers/shared/manifest"
	"cognito-triggers/testevents"
)

// repository has one trigger, which serves pre_sign_up, and a folder of test events without one.
func repository(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	for path, text := range map[string]string{
		"triggers/pre-sign-up/function.json": `{"hook":"pre_sign_up","timeout_seconds":5,"memory_mb":128,"environment":{},"grants":[]}`,
		"testevents/orphan/A.json":           "{}",
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

// A trigger for each hook: what it is made of is whole and says what the hook needs. That it compiles and passes is
// tested in local/e2e.
func TestNew(t *testing.T) {
	for _, hook := range cognito.Hooks() {
		if hook == cognito.PreSignUp {
			continue
		}
		t.Run(string(hook), func(t *testing.T) {
			root := repository(t)
			made, err := New(root, "audit", hook)
			if err != nil {
				t.Fatal(err)
			}
			for _, file := range []string{"main.go", "handler.go", "handler_test.go", "function.json", "README.md"} {
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
	cases, err := testevents.Load(os.DirFS(filepath.Join(root, "testevents")), "audit")
	if err != nil {
		t.Fatal(err)
	}
	var sources []string
	for _, c := range cases {
		envelope, err := events.DecodeEnvelope(c.Event)
		if err != nil || envelope.TriggerSource != c.Name {
			t.Errorf("%s is an event of %q (error %v)", c.Name, envelope.TriggerSource, err)
		}
		sources = append(sources, c.Name)
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
		"no name":                {"", cognito.PostAuthentication, "NAME"},
		"capitals":               {"AuditSignIn", cognito.PostAuthentication, "small letters"},
		"underscore":             {"audit_sign_in", cognito.PostAuthentication, "small letters"},
		"way out of the folder":  {"../audit", cognito.PostAuthentication, "small letters"},
		"digit at first":         {"2fa", cognito.PostAuthentication, "small letters"},
		"two hyphens":            {"audit--sign-in", cognito.PostAuthentication, "small letters"},
		"hyphen at last":         {"audit-", cognito.PostAuthentication, "small letters"},
		"line feed":              {"audit\n", cognito.PostAuthentication, "small letters"},
		"what Go does not build": {"testdata", cognito.PostAuthentication, "NAME"},
		"no hook":                {"audit", "", "use one of pre_sign_up"},
		"unknown hook":           {"audit", "post_sign_in", `"post_sign_in" is none`},
		"hook's trigger source":  {"audit", "PostAuthentication", "use one of"},
		"name taken":             {"pre-sign-up", cognito.PostAuthentication, "exists already"},
		"events' name taken":     {"orphan", cognito.PostAuthentication, "exists already"},
		"hook taken":             {"audit", cognito.PreSignUp, "triggers/pre-sign-up serves it already"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			root := repository(t)
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

// A broken manifest elsewhere is told, not written beside.
func TestNewNeedsReadableManifests(t *testing.T) {
	root := repository(t)
	write(t, filepath.Join(root, "triggers/other/function.json"), `{"hook":"nothing"}`)
	if _, err := New(root, "audit", cognito.PostAuthentication); err == nil || !strings.Contains(err.Error(), filepath.Join("other", "function.json")) {
		t.Errorf("error %v, want one that names the manifest", err)
	}
}

func TestSendersAreToldThatNobodyReadsErrors(t *testing.T) {
	for hook, want := range map[cognito.Hook]bool{cognito.CustomEmailSender: false, cognito.CustomSMSSender: false, cognito.PostAuthentication: true} {
		files, err := render(factsOf("audit", hook))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file.path, "handler.go") && strings.Contains(string(file.text), "trigger.Reject") != want {
				t.Errorf("%s: the handler speaks of refusing: %v, want %v", hook, !want, want)
			}
		}
	}
}
