package golden

import (
	"encoding/json"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// files returns a set of files, given by alternating names and texts.
func files(pairs ...string) fstest.MapFS {
	set := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		set[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return set
}

const unchanged = `{"answer":"unchanged"}`

func TestLoad(t *testing.T) {
	cases, err := Load(files(
		"audit/B.json", "{\"triggerSource\":\"B\"}\n", "audit/B.want.json", `{"error":"no"}`,
		"audit/A-x.json", `{"triggerSource":"A"}`, "audit/A-x.want.json", `{"answer":"unchanged","profile":null}`,
		"audit/A-x.config.json",
		`{"environment":{"N":"v"},"profile":{"sub":"s"},"tombstone":true,"users":[{"userName":"u","status":"CONFIRMED"}]}`,
		"other/C.json", "{}", "other/C.want.json", unchanged,
	), "audit")
	if err != nil {
		t.Fatal(err)
	}
	if len(cases) != 2 || cases[0].Name != "A-x" || cases[1].Name != "B" || cases[0].Trigger != "audit" {
		t.Fatalf("cases %+v", cases)
	}
	if got := string(cases[1].Event); got != `{"triggerSource":"B"}` {
		t.Errorf("event %q: want it without the file's last line feed", got)
	}
	a := cases[0]
	if string(a.Want.Profile) != "null" || a.Config.Environment["N"] != "v" || a.Config.Profile.Sub != "s" ||
		!a.Config.Tombstone || a.Config.Users[0].UserName != "u" {
		t.Errorf("case %+v", a)
	}
}

func TestLoadNamesWhatIsWrong(t *testing.T) {
	cases := map[string]struct {
		set  fs.FS
		want string
	}{
		"no folder": {set: files(), want: "audit has no events"},
		"no want":   {set: files("audit/A.json", "{}"), want: "audit/A.want.json"},
		"want without event": {
			set:  files("audit/A.json", "{}", "audit/A.want.json", unchanged, "audit/B.want.json", unchanged),
			want: "audit/B.want.json has no event: audit/B.json",
		},
		"config alone": {
			set:  files("audit/A.json", "{}", "audit/A.want.json", unchanged, "audit/B.config.json", "{}"),
			want: "audit/B.config.json has no event",
		},
		"two wants": {
			set:  files("audit/A.json", "{}", "audit/A.want.json", `{"answer":"unchanged","error":"x"}`),
			want: "audit/A.want.json: set exactly one",
		},
		"empty want": {
			set:  files("audit/A.json", "{}", "audit/A.want.json", `{}`),
			want: "set exactly one of answer, response, http and error",
		},
		"unknown answer": {
			set: files("audit/A.json", "{}", "audit/A.want.json", `{"answer":"same"}`), want: `answer is "same"`,
		},
		"unknown member": {
			set: files("audit/A.json", "{}", "audit/A.want.json", `{"anwser":"unchanged"}`), want: "anwser",
		},
		"unknown setting": {
			set:  files("audit/A.json", "{}", "audit/A.want.json", unchanged, "audit/A.config.json", `{"env":{}}`),
			want: "audit/A.config.json",
		},
		"want is no JSON": {set: files("audit/A.json", "{}", "audit/A.want.json", `{`), want: "audit/A.want.json"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if _, err := Load(c.set, "audit"); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

func TestTriggersAndUnanswered(t *testing.T) {
	set := files("b/x.json", "{}", "a/x.json", "{}", "README.md", "")
	if got, err := Triggers(set); err != nil || !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("triggers %v, error %v", got, err)
	}
	got := Unanswered([]string{"a/x.json", "a/y.json", "a/x.want.json", "a/x.config.json"})
	if !slices.Equal(got, []string{"a/y.json"}) {
		t.Errorf("unanswered %v, want a/y.json", got)
	}
	if got := WantFile("a/y.json"); got != "a/y.want.json" {
		t.Errorf("want file %s", got)
	}
}

const sent = `{"version":"1","userName":"ines","response":{"autoConfirmUser":false,"note":null},"x":1.0}`

func TestCheck(t *testing.T) {
	answerWith := func(response string) string {
		return strings.Replace(sent, `{"autoConfirmUser":false,"note":null}`, response, 1)
	}
	cases := map[string]struct {
		want    Want
		got     Outcome
		problem string // in the error; "" for none
	}{
		"unchanged": {want: Want{Answer: "unchanged"}, got: Outcome{Answer: []byte(sent)}},
		"one byte more": {
			want: Want{Answer: "unchanged"}, got: Outcome{Answer: []byte(sent + " ")}, problem: "+} \n",
		},
		"a space inside": {
			want: Want{Answer: "unchanged"}, got: Outcome{Answer: []byte(strings.Replace(sent, `"x":`, `"x": `, 1))},
			problem: `\"x\": 1.0}"`,
		},
		"equal by value": {
			want: Want{Answer: "unchanged"}, got: Outcome{Answer: []byte(strings.Replace(sent, "1.0", "1", 1))},
			problem: `+  "x": 1`,
		},
		"response": {
			want: Want{Response: []byte(`{ "autoConfirmUser": true }`)},
			got:  Outcome{Answer: []byte(answerWith(`{"autoConfirmUser":true}`))},
		},
		"other response": {
			want: Want{Response: []byte(`{"autoConfirmUser":true}`)},
			got:  Outcome{Answer: []byte(answerWith(`{"autoConfirmUser":false}`))}, problem: `-  "autoConfirmUser": true`,
		},
		"a number spelled otherwise": {
			want: Want{Response: []byte(`{"n":1.0}`)}, got: Outcome{Answer: []byte(answerWith(`{"n":1}`))},
			problem: `-  "n": 1.0`,
		},
		"a null that was there": {
			want: Want{Response: []byte(`{"note":null}`)}, got: Outcome{Answer: []byte(answerWith(`{"note":null}`))},
		},
		"a null that was not": {
			want: Want{Response: []byte(`{"a":[{"b":null}]}`)}, got: Outcome{Answer: []byte(answerWith(`{"a":[{"b":null}]}`))},
			problem: "response.a[0].b",
		},
		"another member's byte": {
			want:    Want{Response: []byte(`{}`)},
			got:     Outcome{Answer: []byte(strings.Replace(answerWith(`{}`), "ines", "eve", 1))},
			problem: "changed more than response",
		},
		"no JSON": {
			want: Want{Response: []byte(`{}`)}, got: Outcome{Answer: []byte("[]")}, problem: "not a JSON object",
		},
		"refused":           {want: Want{Error: "No."}, got: Outcome{Error: "No."}},
		"refused otherwise": {want: Want{Error: "No."}, got: Outcome{Error: "Yes."}, problem: `"Yes.", want "No."`},
		"refused, not answered": {
			want: Want{Error: "No."}, got: Outcome{Answer: []byte(sent)}, problem: `"", want "No."`,
		},
		"answer wanted": {
			want: Want{Answer: "unchanged"}, got: Outcome{Error: "No."}, problem: `"No.", want ""`,
		},
		"generic error": {
			want: Want{Error: "later (reference REQUEST_ID)"}, got: Outcome{Error: "later (reference 7f)", RequestID: "7f"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			wantProblem(t, Case{Event: []byte(sent), Want: c.want}.Check(c.got), c.problem)
		})
	}
}

func TestCheckProfile(t *testing.T) {
	cases := map[string]struct{ want, stored, problem string }{
		"nothing said":    {stored: `{"sub":"s"}`},
		"none wanted":     {want: "null"},
		"one too many":    {want: "null", stored: `{"sub":"s"}`, problem: "stored profile"},
		"as wanted":       {want: `{"a":1,"b":2}`, stored: `{"b":2,"a":1}`},
		"missing":         {want: `{"a":1}`, problem: "+null"},
		"another's value": {want: `{"a":1}`, stored: `{"a":2}`, problem: `+  "a": 2`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			one := Case{}
			if c.want != "" {
				one.Want.Profile = json.RawMessage(c.want)
			}
			var stored json.RawMessage
			if c.stored != "" {
				stored = json.RawMessage(c.stored)
			}
			wantProblem(t, one.CheckProfile(stored), c.problem)
		})
	}
}

func TestDiffers(t *testing.T) {
	wantProblem(t, Differs("it", []byte(`{"a":1,"b":2}`), []byte(`{"b": 2, "a": 1}`)), "")
	wantProblem(t, Differs("it", []byte(`{"a":1}`), []byte(`{"a":2}`)), "it:\n")
}

func wantProblem(t *testing.T, err error, want string) {
	t.Helper()
	if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
		t.Errorf("problem %v, want %q", err, want)
	}
}

// An outcome meets the want that WantOf returns for it.
func TestWantOf(t *testing.T) {
	one := Case{Event: []byte(sent)}
	for name, got := range map[string]Outcome{
		"unchanged": {Answer: []byte(sent)},
		"answered":  {Answer: []byte(strings.Replace(sent, "false", "true", 1))},
		"refused":   {Error: "No."},
		"failed":    {Error: "later (reference 7f)", RequestID: "7f"},
	} {
		t.Run(name, func(t *testing.T) {
			one.Want = WantOf(one, got)
			if err := one.Want.check(); err != nil {
				t.Error(err)
			}
			wantProblem(t, one.Check(got), "")
			other := Outcome{Answer: []byte(`{"response":{"x":1}}`)}
			if one.Check(other) == nil {
				t.Errorf("the want %+v takes any answer", one.Want)
			}
		})
	}
}
