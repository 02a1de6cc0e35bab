package challenge

import (
	"encoding/json"
	"slices"
	"testing"

	"cognito-triggers/shared/events"
)

// step is one completed step; a metadata of "-" is null.
func step(name string, passed bool, metadata string) events.ChallengeResult {
	r := events.ChallengeResult{ChallengeName: name, ChallengeResult: passed}
	if metadata != "-" {
		r.ChallengeMetadata = &metadata
	}
	return r
}

func TestNext(t *testing.T) {
	t.Parallel()
	const custom = events.CustomChallenge
	code := func(passed bool) events.ChallengeResult { return step(custom, passed, string(EmailCode)) }
	link := func(passed bool) events.ChallengeResult { return step(custom, passed, string(MagicLink)) }
	choose := func(passed bool) events.ChallengeResult { return step(custom, passed, string(Choose)) }
	other := func(name string, passed bool) events.ChallengeResult { return step(name, passed, "-") }
	srp, verifier := other(events.SRPA, true), other(events.PasswordVerifier, true)
	for name, c := range map[string]struct {
		session events.Session
		unknown bool
		want    Step
	}{
		"first step":             {want: Ask},
		"chosen":                 {session: events.Session{choose(true)}, want: Ask},
		"chosen, then the code":  {session: events.Session{choose(true), code(true)}, want: Tokens},
		"code":                   {session: events.Session{code(true)}, want: Tokens},
		"text message":           {session: events.Session{step(custom, true, string(SMSCode))}, want: Tokens},
		"link":                   {session: events.Session{link(true)}, want: Tokens},
		"wrong code":             {session: events.Session{code(false)}, want: Ask},
		"right at the third try": {session: events.Session{code(false), code(false), code(true)}, want: Tokens},
		"three wrong codes":      {session: events.Session{code(false), code(false), code(false)}, want: Fail},
		"three wrong codes, a right one": {
			session: events.Session{code(false), code(false), code(false), code(true)}, want: Fail},
		"wrong link":                   {session: events.Session{link(false)}, want: Fail},
		"wrong link, then a right one": {session: events.Session{link(false), link(true)}, want: Fail},
		"a choice proves nothing":      {session: events.Session{choose(true), choose(true)}, want: Ask},
		"wrong choices count":          {session: events.Session{choose(false), choose(false), choose(false)}, want: Fail},
		"someone else's metadata":      {session: events.Session{step(custom, true, "sum")}, want: Ask},
		"no metadata":                  {session: events.Session{other(custom, true)}, want: Ask},
		"empty metadata":               {session: events.Session{step(custom, true, "")}, want: Ask},
		"our metadata, another step":   {session: events.Session{step("SMS_MFA", true, string(EmailCode))}, want: Ask},
		"another spelling": {
			session: events.Session{step("custom_challenge", true, string(EmailCode))}, want: Ask},
		"another case":                  {session: events.Session{step(custom, true, "email_code")}, want: Ask},
		"a link to have proves nothing": {session: events.Session{step(custom, true, string(HaveLink))}, want: Ask},
		"a step without a name":         {session: events.Session{step("", true, string(EmailCode))}, want: Ask},
		"SRP":                           {session: events.Session{srp}, want: Password},
		"password":                      {session: events.Session{srp, verifier}, want: Ask},
		"password and code":             {session: events.Session{srp, verifier, code(true)}, want: Tokens},
		"code, no password after SRP":   {session: events.Session{srp, code(true)}, want: Password},
		"password without SRP":          {session: events.Session{verifier}, want: Ask},
		"wrong password":                {session: events.Session{srp, other(events.PasswordVerifier, false)}, want: Fail},
		"wrong password, right code": {
			session: events.Session{srp, other(events.PasswordVerifier, false), code(true)}, want: Fail},
		"Cognito's steps between": {
			session: events.Session{srp, other("DEVICE_SRP_AUTH", true), verifier, other("SMS_MFA", true), code(true)},
			want:    Tokens},
		"a failed step of Cognito": {session: events.Session{other("SMS_MFA", false), code(true)}, want: Fail},
		"unknown user":             {unknown: true, want: Ask},
		"unknown user, forged":     {session: events.Session{code(true)}, unknown: true, want: Fail},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := Next(c.session, 3, !c.unknown); got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

// FuzzNext sends any session: tokens need a passed challenge of a method that proves something.
func FuzzNext(f *testing.F) {
	for _, seed := range []string{
		`[]`, `null`, `[{"challengeName":"CUSTOM_CHALLENGE","challengeResult":true,"challengeMetadata":"EMAIL_CODE"}]`,
		`[{"challengeName":"CUSTOM_CHALLENGE","challengeResult":"true","challengeMetadata":"CHOOSE"}]`,
		`[{"challengeName":"SRP_A","challengeResult":true},{"challengeName":"PASSWORD_VERIFIER","challengeResult":true}]`,
		`[{"challengeName":["CUSTOM_CHALLENGE"],"challengeResult":1,"challengeMetadata":{"EMAIL_CODE":true}}]`,
	} {
		f.Add(seed, 3, true)
	}
	f.Fuzz(func(t *testing.T, text string, tries int, exists bool) {
		var session events.Session
		if json.Unmarshal([]byte(text), &session) != nil {
			return
		}
		proved := slices.ContainsFunc(session, func(r events.ChallengeResult) bool {
			return r.ChallengeName == "CUSTOM_CHALLENGE" && r.ChallengeResult && r.ChallengeMetadata != nil &&
				slices.Contains([]string{"EMAIL_CODE", "SMS_CODE", "MAGIC_LINK"}, *r.ChallengeMetadata)
		})
		if Next(session, tries, exists) == Tokens && (!proved || !exists || tries < 1) {
			t.Errorf("tokens for %s", text)
		}
	})
}

func TestRoundsOf(t *testing.T) {
	t.Parallel()
	const custom = events.CustomChallenge
	for name, c := range map[string]struct {
		session events.Session
		want    Rounds
	}{
		"nothing yet": {},
		"chosen":      {events.Session{step(custom, true, string(Choose))}, Rounds{Chosen: true}},
		"wrongly":     {events.Session{step(custom, false, string(Choose))}, Rounds{}},
		"wrong code":  {events.Session{step(custom, false, string(SMSCode))}, Rounds{Pending: SMSCode}},
		"someone's":   {events.Session{step(custom, true, "sum")}, Rounds{}},
		"another's":   {events.Session{step("SMS_MFA", false, string(EmailCode))}, Rounds{}},
		"after choices": {
			events.Session{step(custom, true, string(Choose)), step(custom, false, string(EmailCode))}, Rounds{true, EmailCode},
		},
	} {
		if got := RoundsOf(c.session); got != c.want {
			t.Errorf("%s: got %+v, want %+v", name, got, c.want)
		}
	}
}
