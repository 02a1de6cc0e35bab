package golden

import (
	"strings"
	"testing"

	"cognito-triggers/shared/cognito"
)

func TestCheckEvent(t *testing.T) {
	t.Parallel()
	const (
		fine = `{"triggerSource":"PreAuthentication_Authentication","request":{"validationData":{"a":"b"}}}`
		odd  = `{"triggerSource":"PreAuthentication_Authentication","request":{"clientMetadata":{"a":"b"}}}`
	)
	for name, c := range map[string]struct {
		event, unchecked string
		hook             cognito.Hook
		want             []string // in the error
	}{
		"fine":           {event: fine},
		"at its hook":    {event: fine, hook: cognito.PreAuthentication},
		"at another":     {event: fine, hook: cognito.PreSignUp, want: []string{"never sent to a function at pre_sign_up"}},
		"HTTP request":   {event: `{"routeKey":"GET /me"}`},
		"with a reason":  {event: odd, unchecked: "Cognito may send it one day"},
		"without need":   {event: fine, unchecked: "why not", want: []string{"audit/x.config.json: unchecked is not needed"}},
		"never sent":     {event: odd, want: []string{"audit/x.json is not", "arrives as validationData", `"unchecked"`}},
		"not even JSON":  {event: `{`, want: []string{"is not a JSON object"}},
		"JSON, no event": {event: `{}`, want: []string{"triggerSource is missing"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := Case{Trigger: "audit", Name: "x", Event: []byte(c.event), Config: Config{Unchecked: c.unchecked}}.
				CheckEvent(c.hook)
			if (err != nil) != (c.want != nil) {
				t.Fatalf("error %v, want %q", err, c.want)
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %v, want %q in it", err, want)
				}
			}
		})
	}
}
