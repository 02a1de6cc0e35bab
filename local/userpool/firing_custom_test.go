package userpool

// The rounds that the triggers of a custom challenge get.
const (
	roundSRP      = `{"challengeName":"SRP_A","challengeResult":true,"challengeMetadata":null}`
	roundPassword = `{"challengeName":"PASSWORD_VERIFIER","challengeResult":true,"challengeMetadata":null}`
	roundRight    = `{"challengeName":"CUSTOM_CHALLENGE","challengeResult":true,"challengeMetadata":"riddle"}`
	roundWrong    = `{"challengeName":"CUSTOM_CHALLENGE","challengeResult":false,"challengeMetadata":"riddle"}`
)

func riddleFor(s *stage) {
	confirmedUser(s)
	riddle(s.world)
}

func riddleAsked(s *stage) {
	riddleFor(s)
	s.must(s.beginWith("CUSTOM_AUTH", map[string]string{"USERNAME": ines}))
}

const (
	verifyRequest = `"privateChallengeParameters":{"a":"42"},"challengeAnswer":`
	createRequest = `"challengeName":"CUSTOM_CHALLENGE","session":`
)

// customRows are rows for CUSTOM_AUTH. Only pre authentication gets the metadata of the first request; the other
// triggers get that of the answers.
var customRows = []row{
	{operation: "InitiateAuth CUSTOM_AUTH", given: riddleFor, do: func(s *stage) error {
		return s.beginWith("CUSTOM_AUTH", map[string]string{"USERNAME": ines})
	}, want: []wanted{
		passwordEvents[0],
		{source: "DefineAuthChallenge_Authentication", request: `{$USER,"session":[]}`},
		{source: "CreateAuthChallenge_Authentication", request: `{$USER,` + createRequest + `[]}`},
	}},
	{operation: "CUSTOM_CHALLENGE, right answer", given: riddleAsked,
		do: func(s *stage) error { return s.respond(map[string]string{"ANSWER": "42"}) }, want: append([]wanted{
			{source: "VerifyAuthChallengeResponse_Authentication", request: `{$USER,` + verifyRequest + `"42",$METADATA}`},
			{source: "DefineAuthChallenge_Authentication", request: `{$USER,"session":[` + roundRight + `],$METADATA}`},
		}, signInEvents...)},
	{operation: "CUSTOM_CHALLENGE, wrong answer", given: riddleAsked,
		do: func(s *stage) error { return s.respond(map[string]string{"ANSWER": "41"}) }, want: []wanted{
			{source: "VerifyAuthChallengeResponse_Authentication", request: `{$USER,` + verifyRequest + `"41",$METADATA}`},
			{source: "DefineAuthChallenge_Authentication", request: `{$USER,"session":[` + roundWrong + `],$METADATA}`},
			{source: "CreateAuthChallenge_Authentication",
				request: `{$USER,` + createRequest + `[` + roundWrong + `],$METADATA}`},
		}},
	{operation: "CUSTOM_CHALLENGE, third wrong answer", given: func(s *stage) {
		riddleAsked(s)
		s.must(s.respond(map[string]string{"ANSWER": "41"}))
		s.must(s.respond(map[string]string{"ANSWER": "41"}))
	}, fails: "NotAuthorizedException", do: func(s *stage) error { return s.respond(map[string]string{"ANSWER": "41"}) },
		want: []wanted{
			{source: "VerifyAuthChallengeResponse_Authentication", request: `{$USER,` + verifyRequest + `"41",$METADATA}`},
			{source: "DefineAuthChallenge_Authentication",
				request: `{$USER,"session":[` + roundWrong + `,` + roundWrong + `,` + roundWrong + `],$METADATA}`},
		}},
	{operation: "CUSTOM_AUTH, SRP first", given: riddleFor, do: func(s *stage) error {
		return s.beginSRP("CUSTOM_AUTH", map[string]string{"CHALLENGE_NAME": "SRP_A"})()
	}, want: []wanted{
		passwordEvents[0],
		{source: "DefineAuthChallenge_Authentication", request: `{$USER,"session":[` + roundSRP + `]}`},
		{source: "DefineAuthChallenge_Authentication",
			request: `{$USER,"session":[` + roundSRP + `,` + roundPassword + `],$METADATA}`},
		{source: "CreateAuthChallenge_Authentication",
			request: `{$USER,` + createRequest + `[` + roundSRP + `,` + roundPassword + `],$METADATA}`},
	}},
	{operation: "CUSTOM_AUTH, nobody, hidden", setup: setup{client: hidden}, given: func(s *stage) { riddle(s.world) },
		do: func(s *stage) error {
			s.must(s.beginWith("CUSTOM_AUTH", map[string]string{"USERNAME": stranger}))
			return s.respond(map[string]string{"USERNAME": stranger, "ANSWER": "42"})
		}, want: []wanted{
			{source: "PreAuthentication_Authentication", name: stranger, request: `{$NOBODY,$VALIDATION}`},
			{source: "DefineAuthChallenge_Authentication", name: stranger, request: `{$NOBODY,"session":[]}`},
			{source: "CreateAuthChallenge_Authentication", name: stranger, request: `{$NOBODY,` + createRequest + `[]}`},
			{source: "VerifyAuthChallengeResponse_Authentication", name: stranger,
				request: `{$NOBODY,` + verifyRequest + `"42",$METADATA}`},
			{source: "DefineAuthChallenge_Authentication", name: stranger,
				request: `{$NOBODY,"session":[` + roundWrong + `],$METADATA}`},
			{source: "CreateAuthChallenge_Authentication", name: stranger,
				request: `{$NOBODY,` + createRequest + `[` + roundWrong + `],$METADATA}`},
		}},
}
