package main

import (
	"testing"

	"cognito-triggers/shared/events"
)

func TestNext(t *testing.T) {
	type round = events.ChallengeResult
	ok := func(name string) round { return round{ChallengeName: name, ChallengeResult: true} }
	wrong := func(name string) round { return round{ChallengeName: name} }
	const (
		password = "PASSWORD_VERIFIER"
		sum      = "CUSTOM_CHALLENGE"
		tokens   = "tokens"
		refused  = "refused"
	)
	cases := map[string]struct {
		session []round
		want    string
	}{
		"first step":                       {nil, sum},
		"first step after SRP":             {[]round{ok("SRP_A")}, password},
		"wrong password":                   {[]round{ok("SRP_A"), wrong(password)}, refused},
		"right password":                   {[]round{ok("SRP_A"), ok(password)}, sum},
		"right password, right sum":        {[]round{ok("SRP_A"), ok(password), ok(sum)}, tokens},
		"right sum, no password after SRP": {[]round{ok("SRP_A"), ok(sum)}, password},
		"right sum":                        {[]round{ok(sum)}, tokens},
		"wrong sum":                        {[]round{wrong(sum)}, sum},
		"right sum at the third try":       {[]round{wrong(sum), wrong(sum), ok(sum)}, tokens},
		"three wrong sums":                 {[]round{wrong(sum), wrong(sum), wrong(sum)}, refused},
		"three wrong sums and a right one": {[]round{wrong(sum), wrong(sum), wrong(sum), ok(sum)}, refused},
		"another step alone issues none":   {[]round{ok("SOFTWARE_TOKEN_MFA")}, sum},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			got := next(c.session)
			step := got.ChallengeName
			if events.True(got.IssueTokens) {
				step = tokens
			}
			if events.True(got.FailAuthentication) {
				step = refused
			}
			if step != c.want {
				t.Errorf("got %+v, want %s", got, c.want)
			}
		})
	}
}
