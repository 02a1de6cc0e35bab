package inspect_test

import (
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cognito-triggers/local/inspect"
	"cognito-triggers/local/userpool"
	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/shared/repository"
)

// What cannot become a case that passes, or would destroy one, is refused with the reason; what a case lacks is said.
func TestSave(t *testing.T) {
	t.Parallel()
	event := `{"version":"1","triggerSource":"PreSignUp_SignUp","userName":"ines","request":{},"response":{}}`
	answered := fire.Record{
		Function: "arn:aws:lambda:eu-west-1:000000000000:function:audit", Outcome: "ok", Event: []byte(event),
		Returned: []byte(event), Attempts: []fire.Attempt{{Outcome: fire.Killed}, {Outcome: fire.Answered}},
	}
	changed := func(change func(*fire.Record)) fire.Record {
		r := answered
		change(&r)
		return r
	}
	cases := map[string]struct {
		record fire.Record
		path   string
		fails  string   // in the error; "" if it is saved
		files  []string // names and contents
		note   string
	}{
		"answered": {
			record: answered, path: "testevents/audit/A",
			files: []string{"A.json", event + "\n", "A.want.json", "{\n  \"answer\": \"unchanged\"\n}\n"},
		},
		"with settings": {
			record: changed(func(r *fire.Record) { r.Settings = map[string]string{"LIMIT": "3"} }), path: "audit/A.json",
			files: []string{"A.config.json", "{\n  \"environment\": {\n    \"LIMIT\": \"3\"\n  }\n}\n"},
			note:  "the settings in .config.json are those that differ from function.json: LIMIT",
		},
		"refused": {
			record: changed(func(r *fire.Record) {
				r.Outcome = "UserLambdaValidationException: ..."
				r.Attempts = []fire.Attempt{{Outcome: fire.Failed, Error: "later (reference r-1)", RequestID: "r-1"}}
			}),
			path: "audit/B", files: []string{"B.want.json", "{\n  \"error\": \"later (reference REQUEST_ID)\"\n}\n"},
			note: "the function failed, and the case wants that failure",
		},
		"without its password": {
			record: changed(func(r *fire.Record) { r.Hidden = []string{"request.password"} }), path: "audit/A",
			note: `request.password is not kept: the case has "..." in its place`,
		},
		"exists": {record: answered, path: "audit/there", fails: "testevents/audit/there.want.json exists"},
		"another function's": {
			record: answered, path: "testevents/other/A", fails: "the event is of audit: save it as testevents/audit/A",
		},
		"no case": {record: answered, path: "A", fails: "A is not a case: use testevents/audit/NAME"},
		"outside": {record: answered, path: "../x/audit/A", fails: "is not a case"},
		"deep":    {record: answered, path: "audit/deep/A", fails: "is not a case"},
		"a want":  {record: answered, path: "audit/A.want.json", fails: "does not end in .want or .config"},
		"no function": {
			record: changed(func(r *fire.Record) { r.Function = strings.Replace(r.Function, "audit", "gone", 1) }),
			path:   "gone/A", fails: "not a trigger of this repository",
		},
		"no answer": {
			record: changed(func(r *fire.Record) { r.Attempts = []fire.Attempt{{Outcome: fire.TimedOut}} }), path: "audit/A",
			fails: `neither an answer nor an error to want: the last attempt is "timed out"`,
		},
		"a broken rule": {
			record: changed(func(r *fire.Record) { r.Problems = []string{"response.x: is unknown"} }), path: "audit/A",
			fails: "response.x: is unknown",
		},
		"more than the response": {
			record: changed(func(r *fire.Record) { r.Returned = []byte(`{"response":{"a":1}}`) }), path: "audit/A",
			fails: "the answer changed more than response",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := t.TempDir()
			repo := repository.Repository{
				Root: root, Triggers: filepath.Join(root, "triggers"), Events: filepath.Join(root, "testevents"),
			}
			for path, text := range map[string]string{
				"triggers/audit/function.json": `{"hook":"pre_sign_up","timeout_seconds":5,"memory_mb":128,` +
					`"environment":{"LIMIT":"5"},"grants":[]}`,
				"testevents/audit/there.want.json": "{}",
			} {
				full := filepath.Join(root, filepath.FromSlash(path))
				if err := errors.Join(os.MkdirAll(filepath.Dir(full), 0o755), os.WriteFile(full, []byte(text), 0o644)); err != nil {
					t.Fatal(err)
				}
			}
			pool := userpool.Open(userpool.Options{})
			server := httptest.NewServer(pool)
			defer server.Close()
			pool.Events().Add(c.record)
			client, err := inspect.Open(server.URL, "")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := client.Save(t.Context(), repo, 2, c.path); err == nil || !strings.Contains(err.Error(), "no event 2") {
				t.Errorf("an event that is not there: %v", err)
			}
			saved, err := client.Save(t.Context(), repo, 1, c.path)
			if (err == nil) != (c.fails == "") || err != nil && !strings.Contains(err.Error(), c.fails) {
				t.Fatalf("error %v, want %q", err, c.fails)
			}
			for i := 0; i < len(c.files); i += 2 {
				got, err := os.ReadFile(filepath.Join(repo.Events, "audit", c.files[i]))
				if err != nil || string(got) != c.files[i+1] {
					t.Errorf("%s is %q, error %v", c.files[i], got, err)
				}
			}
			if notes := fmt.Sprint(saved.Notes); !strings.Contains(notes, c.note) {
				t.Errorf("notes %s, want %s", notes, c.note)
			}
			if c.fails != "" && len(saved.Files) > 0 {
				t.Errorf("wrote %v", saved.Files)
			}
		})
	}
}
