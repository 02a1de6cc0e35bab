package userpool

import (
	"errors"
	"testing"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/local/userpool/srp"
)

// riddle sets up a custom challenge with three tries, after SRP if the client asks for it.
func riddle(w *world) {
	w.functions.on("DefineAuthChallenge_Authentication", func(e map[string]any) (any, error) {
		session := e["request"].(map[string]any)["session"].([]any)
		wrong := 0
		for _, entry := range session {
			round := entry.(map[string]any)
			switch {
			case round["challengeName"] == "SRP_A" && len(session) == 1:
				return map[string]any{"challengeName": "PASSWORD_VERIFIER", "issueTokens": false, "failAuthentication": false}, nil
			case round["challengeName"] == "CUSTOM_CHALLENGE" && round["challengeResult"] == true:
				return map[string]any{"issueTokens": true}, nil
			case round["challengeName"] == "CUSTOM_CHALLENGE":
				wrong++
			}
		}
		if wrong == 3 {
			return map[string]any{"failAuthentication": true}, nil
		}
		return map[string]any{"challengeName": "CUSTOM_CHALLENGE"}, nil
	})
	w.functions.on("CreateAuthChallenge_Authentication", func(map[string]any) (any, error) {
		return map[string]any{"publicChallengeParameters": map[string]string{"q": "6*7"},
			"privateChallengeParameters": map[string]string{"a": "42"}, "challengeMetadata": "riddle"}, nil
	})
	w.functions.on("VerifyAuthChallengeResponse_Authentication", func(e map[string]any) (any, error) {
		r := e["request"].(map[string]any)
		return map[string]any{
			"answerCorrect": r["challengeAnswer"] == r["privateChallengeParameters"].(map[string]any)["a"] &&
				r["userNotFound"] != true,
		}, nil
	})
}

func (w *world) beginCustom(name string) (*cip.InitiateAuthOutput, error) {
	return w.InitiateAuth(w.t.Context(), &cip.InitiateAuthInput{
		AuthFlow: types.AuthFlowTypeCustomAuth, ClientId: w.clientID, AuthParameters: map[string]string{"USERNAME": name},
		ClientMetadata: map[string]string{"not": "passed"},
	})
}

func (w *world) answer(session *string, name, answer string) (*cip.RespondToAuthChallengeOutput, error) {
	return w.RespondToAuthChallenge(w.t.Context(), &cip.RespondToAuthChallengeInput{
		ClientId: w.clientID, ChallengeName: "CUSTOM_CHALLENGE", Session: session,
		ChallengeResponses: map[string]string{"USERNAME": name, "ANSWER": answer},
		ClientMetadata:     map[string]string{"channel": "app"},
	})
}

func TestCustomChallenge(t *testing.T) {
	w := start(t, setup{})
	w.confirmed(ines)
	riddle(w)
	first, err := w.beginCustom(ines)
	if err != nil || first.ChallengeParameters["q"] != "6*7" || first.ChallengeParameters["a"] != "" {
		t.Fatalf("begin = %v, error %v", first, err)
	}
	fired := w.wantFired("PreAuthentication_Authentication", "DefineAuthChallenge_Authentication",
		"CreateAuthChallenge_Authentication")
	if text(t, fired[1].Request["session"]) != "[]" || fired[1].Request["clientMetadata"] != nil ||
		fired[2].Request["challengeName"] != "CUSTOM_CHALLENGE" {
		t.Errorf("events = %v", fired)
	}
	second, err := w.answer(first.Session, ines, "41")
	if err != nil || second.ChallengeName != "CUSTOM_CHALLENGE" {
		t.Fatalf("wrong answer = %v, error %v", second, err)
	}
	fired = w.wantFired("VerifyAuthChallengeResponse_Authentication", "DefineAuthChallenge_Authentication",
		"CreateAuthChallenge_Authentication")
	rounds := `[{"challengeMetadata":"riddle","challengeName":"CUSTOM_CHALLENGE","challengeResult":false}]`
	if text(t, fired[1].Request["session"]) != rounds ||
		text(t, fired[0].Request["clientMetadata"]) != `{"channel":"app"}` {
		t.Errorf("events = %v", fired)
	}
	third, err := w.answer(second.Session, ines, "42")
	if err != nil || third.AuthenticationResult == nil {
		t.Fatalf("right answer = %v, error %v", third, err)
	}
	w.wantFired("VerifyAuthChallengeResponse_Authentication", "DefineAuthChallenge_Authentication",
		"PostAuthentication_Authentication", "TokenGeneration_Authentication")
	_, err = w.answer(first.Session, ines, "42")
	wantError(t, err, "NotAuthorizedException")
}

func TestCustomChallengeAfterSRP(t *testing.T) {
	w := start(t, setup{})
	w.confirmed(ines)
	riddle(w)
	client := srp.NewClient(*w.pool, ines, password)
	parameters := client.AuthParameters()
	parameters["CHALLENGE_NAME"] = "SRP_A"
	first, err := w.InitiateAuth(t.Context(),
		&cip.InitiateAuthInput{AuthFlow: types.AuthFlowTypeCustomAuth, ClientId: w.clientID, AuthParameters: parameters})
	if err != nil || first.ChallengeName != "PASSWORD_VERIFIER" {
		t.Fatalf("begin = %v, error %v", first, err)
	}
	responses, err := client.Respond(first.ChallengeParameters, w.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	second, err := w.RespondToAuthChallenge(t.Context(),
		&cip.RespondToAuthChallengeInput{ClientId: w.clientID, ChallengeName: first.ChallengeName, Session: first.Session,
			ChallengeResponses: responses})
	if err != nil || second.ChallengeName != "CUSTOM_CHALLENGE" {
		t.Fatalf("password = %v, error %v", second, err)
	}
	w.functions.take()
	if _, err := w.answer(second.Session, ines, "42"); err != nil {
		t.Fatal(err)
	}
	e := w.wantFired("VerifyAuthChallengeResponse_Authentication", "DefineAuthChallenge_Authentication",
		"PostAuthentication_Authentication", "TokenGeneration_Authentication")[1]
	want := `[{"challengeMetadata":null,"challengeName":"SRP_A","challengeResult":true},{"challengeMetadata":null,` +
		`"challengeName":"PASSWORD_VERIFIER","challengeResult":true},{"challengeMetadata":"riddle",` +
		`"challengeName":"CUSTOM_CHALLENGE","challengeResult":true}]`
	if got := text(t, e.Request["session"]); got != want {
		t.Errorf("session = %s", got)
	}
}

func TestCustomChallengeForNobody(t *testing.T) {
	w := start(t, setup{client: func(in *cip.CreateUserPoolClientInput) { in.PreventUserExistenceErrors = "ENABLED" }})
	riddle(w)
	const nobody = "nobody@example.org"
	first, err := w.beginCustom(nobody)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range w.wantFired("PreAuthentication_Authentication", "DefineAuthChallenge_Authentication",
		"CreateAuthChallenge_Authentication") {
		if e.Request["userNotFound"] != true || text(t, e.Request["userAttributes"]) != "{}" {
			t.Errorf("%s = %v", e.Source, e.Request)
		}
	}
	session := first.Session
	for range 2 {
		next, err := w.answer(session, nobody, "42")
		if err != nil {
			t.Fatal(err)
		}
		session = next.Session
	}
	_, err = w.answer(session, nobody, "42")
	wantMessage(t, err, "NotAuthorizedException", "Incorrect username or password.")
}

func TestMigration(t *testing.T) {
	cases := map[string]struct {
		answer any
		refuse bool
		code   string
		text   string // after the app client's id
	}{
		"confirmed": {answer: map[string]any{"userAttributes": map[string]string{"email_verified": "true",
			"custom:tenant": "old"}, "finalUserStatus": "CONFIRMED", "messageAction": "SUPPRESS"}},
		"default status": {answer: map[string]any{"userAttributes": map[string]string{"email_verified": "true"},
			"messageAction": "SUPPRESS"}, code: "PasswordResetRequiredException"},
		"empty":   {answer: map[string]any{}, code: "UserNotFoundException"},
		"refused": {refuse: true, code: "UserLambdaValidationException"},
		"status unknown": {answer: map[string]any{"userAttributes": map[string]string{"email_verified": "true"},
			"finalUserStatus": "ODD"}, code: "UserNotFoundException", text: "Invalid finalUserStatus"},
		"message action unknown": {answer: map[string]any{"userAttributes": map[string]string{"email_verified": "true"},
			"messageAction": "ODD"}, code: "UserNotFoundException", text: "Invalid messageAction"},
		"medium unknown": {answer: map[string]any{"userAttributes": map[string]string{"email_verified": "true"},
			"desiredDeliveryMediums": []string{"EMAIL", "FAX"}}, code: "UserNotFoundException",
			text: "Invalid desiredDeliveryMediums"},
		"schema": {answer: map[string]any{"userAttributes": map[string]string{"custom:none": "x"},
			"finalUserStatus": "CONFIRMED"}, code: "InvalidParameterException"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := start(t, setup{})
			w.functions.on("UserMigration_Authentication", func(e map[string]any) (any, error) {
				if c.refuse {
					return nil, errors.New("Bad password")
				}
				if r := e["request"].(map[string]any); r["password"] != "legacy" || e["userName"] != ines {
					t.Errorf("event = %v", e)
				}
				return c.answer, nil
			})
			out, err := w.withPassword(ines, "legacy")
			if c.text != "" {
				wantMessage(t, err, c.code, "Exception migrating user in app client "+*w.clientID+": "+c.text)
				return
			}
			if c.code != "" {
				wantError(t, err, c.code)
				return
			}
			if err != nil || w.claims(out.AuthenticationResult.IdToken)["custom:tenant"] != "old" {
				t.Fatalf("sign-in = %v, error %v", out, err)
			}
			w.wantFired("UserMigration_Authentication", "PreAuthentication_Authentication", "PostAuthentication_Authentication",
				"TokenGeneration_Authentication")
			if _, err := w.withPassword(ines, "legacy"); err != nil {
				t.Error(err)
			}
			w.wantFired("PreAuthentication_Authentication", "PostAuthentication_Authentication",
				"TokenGeneration_Authentication")
		})
	}
}
