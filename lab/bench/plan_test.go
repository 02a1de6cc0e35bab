package bench

import (
	"strings"
	"testing"
	"testing/fstest"

	"cognito-triggers/shared/golden"
	"cognito-triggers/testevents"
)

func TestEveryPlanHasItsCaseAndAHandlerInPython(t *testing.T) {
	for trigger, chosen := range plans() {
		t.Run(trigger, func(t *testing.T) {
			c, budget, err := planned(testevents.FS(), trigger)
			if err != nil {
				t.Fatal(err)
			}
			if c.Name != chosen.golden || budget != chosen.budget {
				t.Errorf("case %s, budget %+v", c.Name, budget)
			}
			for name, value := range chosen.settings {
				if c.Config.Environment[name] != value {
					t.Errorf("%s = %q, want %q", name, c.Config.Environment[name], value)
				}
			}
			if _, found := (&python{}).program(trigger, c, nil); !found && budget.Faster > 0 {
				t.Error("there is no handler in Python to compare it with")
			}
		})
	}
}

func TestPlanned(t *testing.T) {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	set := fstest.MapFS{
		"audit/PostAuthentication_Authentication-b.json":                     file(`{"b":1}`),
		"audit/PostAuthentication_Authentication-b.want.json":                file(`{"answer":"unchanged"}`),
		"audit/PostAuthentication_Authentication-a.json":                     file(`{"a":1}`),
		"audit/PostAuthentication_Authentication-a.want.json":                file(`{"answer":"unchanged"}`),
		"pre-sign-up/PreSignUp_AdminCreateUser.json":                         file(`{}`),
		"pre-sign-up/PreSignUp_AdminCreateUser.want.json":                    file(`{"answer":"unchanged"}`),
		"custom-message/CustomMessage_SignUp-ses.json":                       file(`{}`),
		"custom-message/CustomMessage_SignUp-ses.want.json":                  file(`{"answer":"unchanged"}`),
		"post-confirmation/PostConfirmation_ConfirmForgotPassword.json":      file(`{}`),
		"post-confirmation/PostConfirmation_ConfirmForgotPassword.want.json": file(`{"answer":"unchanged"}`),
		"post-confirmation/PostConfirmation_ConfirmForgotPassword.config.json": file(
			`{"environment":{"PROFILE_TABLE":"own"}}`),
	}
	cases := map[string]struct {
		trigger, want, err string
	}{
		"without a plan":       {trigger: "audit", want: "PostAuthentication_Authentication-a"},
		"missing planned case": {trigger: "pre-sign-up", err: "has no case PreSignUp_SignUp"},
		"no events":            {trigger: "new", err: "new has no events"},
		"plan":                 {trigger: "custom-message", want: "CustomMessage_SignUp-ses"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got, budget, err := planned(set, c.trigger)
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) {
					t.Fatalf("error = %v, want %q", err, c.err)
				}
				return
			}
			if err != nil || got.Name != c.want || (budget == Budget{}) == (c.trigger == "custom-message") {
				t.Errorf("case %q, budget %+v, error %v", got.Name, budget, err)
			}
		})
	}
	c, _, err := planned(set, "post-confirmation")
	if err != nil || c.Config.Environment["PROFILE_TABLE"] != "own" || c.Config.Environment["DEFAULT_GROUP"] != "members" {
		t.Errorf("environment = %v, error %v; want the case's own settings over the plan's", c.Config.Environment, err)
	}
}

func TestAnswersLike(t *testing.T) {
	event := []byte(`{"a":1,"response":{"x":null}}`)
	want := golden.Want{Response: []byte(`{"x":"text","y":null}`)}
	cases := map[string]struct {
		want golden.Want
		got  golden.Outcome
		err  string
	}{
		"other words":     {want: want, got: golden.Outcome{Answer: []byte(`{"response":{"x":"words"}}`)}},
		"member is unset": {want: want, got: golden.Outcome{Answer: []byte(`{"response":{"x":null}}`)}, err: "response.x"},
		"member too many": {
			want: want, got: golden.Outcome{Answer: []byte(`{"response":{"x":"words","y":1}}`)}, err: "response.y",
		},
		"failed": {want: want, got: golden.Outcome{Error: "KeyError"}, err: "KeyError"},
		"unchanged": {
			want: golden.Want{Answer: "unchanged"}, got: golden.Outcome{Answer: []byte(`{"response":{"x":null}, "a":1}`)},
		},
		"should not change": {
			want: golden.Want{Answer: "unchanged"}, got: golden.Outcome{Answer: []byte(`{"a":1,"response":{}}`)},
			err: "not the event",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			err := answersLike(golden.Case{Event: event, Want: c.want}, c.got)
			if c.err == "" && err != nil || c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)) {
				t.Errorf("error = %v, want %q", err, c.err)
			}
		})
	}
}

func TestWithoutPythonThereIsNoHandler(t *testing.T) {
	var none *python
	if _, found := none.program("pre-sign-up", golden.Case{}, nil); found {
		t.Error("a handler was found")
	}
	if _, found := (&python{}).program("audit-sign-in", golden.Case{}, nil); found {
		t.Error("a handler was found that does not exist")
	}
}

func TestRequirementsArePinned(t *testing.T) {
	for line := range strings.Lines(string(requirements)) {
		line = strings.TrimSpace(line)
		pinned := strings.Contains(line, "==") && strings.HasSuffix(line, `\`)
		if !pinned && !strings.HasPrefix(line, "--hash=sha256:") && !strings.HasPrefix(line, "#") {
			t.Errorf("%q is neither a pinned package nor its hash", line)
		}
	}
}
