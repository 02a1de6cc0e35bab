package bench

import (
	"encoding/json"
	"slices"
	"testing"

	"cognito-triggers/shared/golden"
	"cognito-triggers/shared/manifest"
	"cognito-triggers/shared/repository"
)

func TestEveryFunctionOfTheAPIHasARequest(t *testing.T) {
	root, err := repository.Root()
	if err != nil {
		t.Fatal(err)
	}
	functions, err := manifest.Find(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range functions {
		if f.Hook != "" {
			continue
		}
		t.Run(f.Name, func(t *testing.T) {
			chosen, known := requestPlans()[f.Name]
			if !known {
				t.Fatal("this function is not measured: add a request in request.go")
			}
			served := slices.IndexFunc(f.Routes, func(r manifest.Route) bool { return r.Route == chosen.route })
			if served < 0 || f.Routes[served].Guarded() != chosen.guarded {
				t.Errorf("the manifest does not have the route %q", chosen.route)
			}
			for name := range chosen.settings {
				if _, has := f.Environment[name]; !has {
					t.Errorf("the manifest does not have the setting %s", name)
				}
			}
			if text, err := chosen.event(); err != nil || !json.Valid(text) {
				t.Errorf("event %s, error %v", text, err)
			}
		})
	}
}

func TestRequestsAnswerIsChecked(t *testing.T) {
	p := requestPlan{status: 400}
	for name, c := range map[string]struct {
		got  golden.Outcome
		want bool
	}{
		"as planned":     {got: golden.Outcome{Answer: []byte(`{"statusCode":400}`)}, want: true},
		"another status": {got: golden.Outcome{Answer: []byte(`{"statusCode":500}`)}},
		"no status":      {got: golden.Outcome{Answer: []byte(`{}`)}},
		"failed":         {got: golden.Outcome{Error: "no"}},
	} {
		t.Run(name, func(t *testing.T) {
			if err := p.check(c.got); (err == nil) != c.want {
				t.Errorf("error %v", err)
			}
		})
	}
}
