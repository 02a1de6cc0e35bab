package testevents

import (
	"encoding/json"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"cognito-triggers/shared/cognito"
	"cognito-triggers/shared/events"
)

// files makes a set of the files given by name and text in turn.
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
		"audit/A-x.config.json", `{"environment":{"N":"v"},"profile":{"sub":"s"},"tombstone":true,"users":[{"userName":"u","status":"CONFIRMED"}]}`,
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
	if string(a.Want.Profile) != "null" || a.Config.Environment["N"] != "v" || a.Config.Profile.Sub != "s" || !a.Config.Tombstone || a.Config.Users[0].UserName != "u" {
		t.Errorf("case %+v", a)
	}
}

func TestLoadNamesWhatIsWrong(t *testing.T) {
	cases := map[string]struct {
		set  fs.FS
		want string
	}{
		"no folder":          {files(), "audit has no events"},
		"no want":            {files("audit/A.json", "{}"), "audit/A.want.json"},
		"want without event": {files("audit/A.json", "{}", "audit/A.want.json", unchanged, "audit/B.want.json", unchanged), "audit/B.want.json belongs to no event: audit/B.json"},
		"config alone":       {files("audit/A.json", "{}", "audit/A.want.json", unchanged, "audit/B.config.json", "{}"), "audit/B.config.json belongs to no event"},
		"two wants":          {files("audit/A.json", "{}", "audit/A.want.json", `{"answer":"unchanged","error":"x"}`), "audit/A.want.json: set exactly one"},
		"empty want":         {files("audit/A.json", "{}", "audit/A.want.json", `{}`), "set exactly one of answer, response and error"},
		"unknown answer":     {files("audit/A.json", "{}", "audit/A.want.json", `{"answer":"same"}`), `answer is "same"`},
		"unknown member":     {files("audit/A.json", "{}", "audit/A.want.json", `{"anwser":"unchanged"}`), "anwser"},
		"unknown setting":    {files("audit/A.json", "{}", "audit/A.want.json", unchanged, "audit/A.config.json", `{"env":{}}`), "audit/A.config.json"},
		"want is no JSON":    {files("audit/A.json", "{}", "audit/A.want.json", `{`), "audit/A.want.json"},
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
		"unchanged":                  {Want{Answer: "unchanged"}, Outcome{Answer: []byte(sent)}, ""},
		"one byte more":              {Want{Answer: "unchanged"}, Outcome{Answer: []byte(sent + " ")}, "+} \n"},
		"a space inside":             {Want{Answer: "unchanged"}, Outcome{Answer: []byte(strings.Replace(sent, `"x":`, `"x": `, 1))}, `\"x\": 1.0}"`},
		"equal by value":             {Want{Answer: "unchanged"}, Outcome{Answer: []byte(strings.Replace(sent, "1.0", "1", 1))}, `+  "x": 1`},
		"response":                   {Want{Response: []byte(`{ "autoConfirmUser": true }`)}, Outcome{Answer: []byte(answerWith(`{"autoConfirmUser":true}`))}, ""},
		"other response":             {Want{Response: []byte(`{"autoConfirmUser":true}`)}, Outcome{Answer: []byte(answerWith(`{"autoConfirmUser":false}`))}, `-  "autoConfirmUser": true`},
		"a number spelled otherwise": {Want{Response: []byte(`{"n":1.0}`)}, Outcome{Answer: []byte(answerWith(`{"n":1}`))}, `-  "n": 1.0`},
		"a null that was there":      {Want{Response: []byte(`{"note":null}`)}, Outcome{Answer: []byte(answerWith(`{"note":null}`))}, ""},
		"a null that was not":        {Want{Response: []byte(`{"a":[{"b":null}]}`)}, Outcome{Answer: []byte(answerWith(`{"a":[{"b":null}]}`))}, "response.a[0].b"},
		"another member's byte":      {Want{Response: []byte(`{}`)}, Outcome{Answer: []byte(strings.Replace(answerWith(`{}`), "ines", "eve", 1))}, "changed more than response"},
		"no JSON":                    {Want{Response: []byte(`{}`)}, Outcome{Answer: []byte("[]")}, "not a JSON object"},
		"refused":                    {Want{Error: "No."}, Outcome{Error: "No."}, ""},
		"refused otherwise":          {Want{Error: "No."}, Outcome{Error: "Yes."}, `"Yes.", want "No."`},
		"refused, not answered":      {Want{Error: "No."}, Outcome{Answer: []byte(sent)}, `"", want "No."`},
		"answer wanted":              {Want{Answer: "unchanged"}, Outcome{Error: "No."}, `"No.", want ""`},
		"generic error":              {Want{Error: "later (reference REQUEST_ID)"}, Outcome{Error: "later (reference 7f)", RequestID: "7f"}, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			wantProblem(t, Case{Event: []byte(sent), Want: c.want}.Check(c.got), c.problem)
		})
	}
}

func TestCheckProfile(t *testing.T) {
	cases := map[string]struct{ want, stored, problem string }{
		"nothing said":    {"", `{"sub":"s"}`, ""},
		"none wanted":     {"null", "", ""},
		"one too many":    {"null", `{"sub":"s"}`, "stored profile"},
		"as wanted":       {`{"a":1,"b":2}`, `{"b":2,"a":1}`, ""},
		"missing":         {`{"a":1}`, "", "+null"},
		"another's value": {`{"a":1}`, `{"a":2}`, `+  "a": 2`},
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

// What WantOf makes of an outcome is a want that the outcome fulfils.
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

// Every trigger source of the golden set's triggers has its event, and of token events each version.
func TestGoldenSetIsComplete(t *testing.T) {
	sources := map[string]cognito.Hook{
		"pre-sign-up": cognito.PreSignUp, "post-confirmation": cognito.PostConfirmation,
		"custom-message": cognito.CustomMessage, "pre-token-generation": cognito.PreTokenGeneration,
	}
	for trigger, hook := range sources {
		cases, err := Load(FS(), trigger)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, c := range cases {
			envelope, err := events.DecodeEnvelope(c.Event)
			if err != nil {
				t.Errorf("%s/%s: %v", trigger, c.Name, err)
				continue
			}
			if source, _, _ := strings.Cut(c.Name, "-"); source != envelope.TriggerSource && hook.Accepts(envelope.TriggerSource) {
				t.Errorf("%s/%s is an event of %s", trigger, c.Name, envelope.TriggerSource)
			}
			seen[envelope.TriggerSource] = true
			seen[envelope.TriggerSource+" "+envelope.Version] = true
		}
		for _, source := range hook.Sources() {
			if !seen[source] {
				t.Errorf("%s has no event of %s", trigger, source)
			}
			for _, version := range hook.Versions() {
				number := version[1:2]
				if source == cognito.TokenGenerationClientCredentials && number != "3" {
					continue
				}
				if !seen[source+" "+number] {
					t.Errorf("%s has no event of %s in version %s", trigger, source, version)
				}
			}
		}
	}
}
