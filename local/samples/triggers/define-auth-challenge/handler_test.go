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
		"first step":                       {session: nil, want: sum},
		"first step after SRP":             {session: []round{ok("SRP_A")}, want: password},
		"wrong password":                   {session: []round{ok("SRP_A"), wrong(password)}, want: refused},
		"right password":                   {session: []round{ok("SRP_A"), ok(password)}, want: sum},
		"right password, right sum":        {session: []round{ok("SRP_A"), ok(password), ok(sum)}, want: tokens},
		"right sum, no password after SRP": {session: []round{ok("SRP_A"), ok(sum)}, want: password},
		"right sum":                        {session: []round{ok(sum)}, want: tokens},
		"wrong sum":                        {session: []round{wrong(sum)}, want: sum},
		"right sum at the third try":       {session: []round{wrong(sum), wrong(sum), ok(sum)}, want: tokens},
		"three wrong sums":                 {session: []round{wrong(sum), wrong(sum), wrong(sum)}, want: refused},
		"three wrong sums and a right one": {session: []round{wrong(sum), wrong(sum), wrong(sum), ok(sum)}, want: refused},
		"another step alone issues none":   {session: []round{ok("SOFTWARE_TOKEN_MFA")}, want: sum},
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
