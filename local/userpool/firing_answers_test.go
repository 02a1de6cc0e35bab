package userpool

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/aws/smithy-go"

	"cognito-triggers/local/lambdaruntime"
)

// hookCase is a trigger source and an operation that fires it.
type hookCase struct {
	source, word string // word is the hook's name in AWS's error texts
	given        func(*stage)
	do           func(*stage) error
	unchanged    string // the error if the answer is the unchanged event and the trigger must decide; "" if there is none
	wrongType    any    // a response whose members have wrong types; nil if the hook has no members
	refused      string // the user's status after an error
	accepted     string // the user's status after a valid answer
}

var hookCases = []hookCase{
	{
		source:    "PreSignUp_SignUp",
		word:      "PreSignUp",
		do:        signUpWithData,
		wrongType: map[string]any{"autoConfirmUser": "yes"},
		accepted:  "UNCONFIRMED",
	},
	{
		source:    "PreSignUp_AdminCreateUser",
		word:      "PreSignUp",
		do:        func(s *stage) error { return s.createUser("SUPPRESS") },
		wrongType: map[string]any{"autoConfirmUser": 1},
		accepted:  "FORCE_CHANGE_PASSWORD",
	},
	{
		source:   "PostConfirmation_ConfirmSignUp",
		word:     "PostConfirmation",
		given:    signedUp,
		do:       func(s *stage) error { return s.confirm(ines, s.code()) },
		refused:  "CONFIRMED",
		accepted: "CONFIRMED",
	}, // fires after the user is confirmed
	{
		source:   "PostConfirmation_ConfirmForgotPassword",
		word:     "PostConfirmation",
		given:    func(s *stage) { confirmedUser(s); s.must(s.forgot(ines)) },
		do:       func(s *stage) error { return s.resetWith(s.code()) },
		refused:  "CONFIRMED",
		accepted: "CONFIRMED",
	},
	{
		source:    "CustomMessage_SignUp",
		word:      "CustomMessage",
		do:        signUpWithData,
		wrongType: map[string]any{"emailMessage": 5},
		refused:   "UNCONFIRMED",
		accepted:  "UNCONFIRMED",
	},
	{
		source:    "CustomMessage_ForgotPassword",
		word:      "CustomMessage",
		given:     confirmedUser,
		do:        func(s *stage) error { return s.forgot(ines) },
		wrongType: map[string]any{"emailSubject": []string{"x"}},
		refused:   "CONFIRMED",
		accepted:  "CONFIRMED",
	},
	{
		source:   "PreAuthentication_Authentication",
		word:     "PreAuthentication",
		given:    confirmedUser,
		do:       passwordSignIn,
		refused:  "CONFIRMED",
		accepted: "CONFIRMED",
	},
	{
		source:   "PostAuthentication_Authentication",
		word:     "PostAuthentication",
		given:    confirmedUser,
		do:       passwordSignIn,
		refused:  "CONFIRMED",
		accepted: "CONFIRMED",
	},
	{source: "TokenGeneration_Authentication", word: "PreTokenGeneration", given: confirmedUser, do: passwordSignIn,
		wrongType: map[string]any{"claimsAndScopeOverrideDetails": "x"}, refused: "CONFIRMED", accepted: "CONFIRMED"},
	{source: "TokenGeneration_RefreshTokens", word: "PreTokenGeneration", given: signedInUser, do: refreshTokens,
		wrongType: map[string]any{
			"claimsAndScopeOverrideDetails": map[string]any{"accessTokenGeneration": map[string]any{"scopesToAdd": "x"}},
		}, refused: "CONFIRMED", accepted: "CONFIRMED"},
	{
		source:    "UserMigration_Authentication",
		word:      "UserMigration",
		do:        passwordSignIn,
		unchanged: "UserNotFoundException",
		wrongType: map[string]any{"userAttributes": "x"},
	},
	{
		source:    "UserMigration_ForgotPassword",
		word:      "UserMigration",
		do:        func(s *stage) error { return s.forgot(ines) },
		unchanged: "UserNotFoundException",
		wrongType: map[string]any{"finalUserStatus": 1},
	},
	{
		source:    "DefineAuthChallenge_Authentication",
		word:      "DefineAuthChallenge",
		given:     riddleFor,
		do:        beginRiddle,
		unchanged: "InvalidLambdaResponseException",
		wrongType: map[string]any{"issueTokens": "yes"},
		refused:   "CONFIRMED",
		accepted:  "CONFIRMED",
	},
	{source: "CreateAuthChallenge_Authentication", word: "CreateAuthChallenge", given: riddleFor, do: beginRiddle,
		wrongType: map[string]any{"publicChallengeParameters": map[string]any{"a": 1}}, refused: "CONFIRMED",
		accepted: "CONFIRMED"},
	{
		source:    "VerifyAuthChallengeResponse_Authentication",
		word:      "VerifyAuthChallengeResponse",
		given:     riddleAsked,
		do:        func(s *stage) error { return s.respond(map[string]string{"ANSWER": "42"}) },
		wrongType: map[string]any{"answerCorrect": "yes"},
		refused:   "CONFIRMED",
		accepted:  "CONFIRMED",
	},
}

func passwordSignIn(s *stage) error { return s.begin("USER_PASSWORD_AUTH", password) }

func beginRiddle(s *stage) error {
	return s.beginWith("CUSTOM_AUTH", map[string]string{"USERNAME": ines})
}

func refreshTokens(s *stage) error {
	return s.beginWith("REFRESH_TOKEN_AUTH", map[string]string{"REFRESH_TOKEN": *s.tokens.RefreshToken})
}

// answerKind is a kind of answer and the error that the caller gets; %s stands for the hook's word.
type answerKind struct {
	name          string
	answer        func(calls int) (any, error)
	code, message string
	calls         int // expected attempts
}

const (
	unusable = "InvalidLambdaResponseException"
	badShape = "Unrecognizable lambda output"
	badJSON  = "Invalid lambda function output : Invalid JSON"
)

func always(answer any, err error) func(int) (any, error) {
	return func(int) (any, error) { return answer, err }
}

const diedID = "6b23d2ad-a02d-47e6-a0dd-e2c1a9ad55ec"

var errSlow = fmt.Errorf("the function: %w after 5s", lambdaruntime.ErrTimeout)

var answerKinds = []answerKind{
	{
		name:    "rejects",
		answer:  always(nil, errors.New("not today")),
		code:    "UserLambdaValidationException",
		message: "%s failed with error not today.",
		calls:   1,
	},
	{name: "list as response", answer: always([]string{}, nil), code: unusable, message: badShape, calls: 1},
	{name: "string as response", answer: always("yes", nil), code: unusable, message: badShape, calls: 1},
	{name: "null as response", answer: always(nil, nil), code: unusable, message: badShape, calls: 1},
	{name: "null", answer: always(json.RawMessage("null"), nil), code: unusable, message: badJSON, calls: 1},
	{name: "not JSON", answer: always(json.RawMessage("{"), nil), code: unusable, message: badJSON, calls: 1},
	{name: "empty", answer: always(json.RawMessage(""), nil), code: unusable, message: badJSON, calls: 1},
	{name: "list", answer: always(json.RawMessage("[]"), nil), code: unusable, message: badShape, calls: 1},
	{
		name:    "only the response",
		answer:  always(json.RawMessage(`{"response":{}}`), nil),
		code:    unusable,
		message: badShape,
		calls:   1,
	},
	{
		name:    "too slow",
		answer:  always(nil, errSlow),
		code:    "UnexpectedLambdaException",
		message: "%s invocation failed due to error Socket timeout while invoking Lambda function.",
		calls:   3,
	},
	{
		name:    "crashes",
		answer:  always(nil, &lambdaruntime.CrashError{Function: "f", RequestID: diedID, Status: "exit status 129"}),
		code:    "UserLambdaValidationException",
		message: "%s failed with error RequestId: " + diedID + " Error: Runtime exited with error: exit status 129.",
		calls:   3,
	},
}

func TestAnswers(t *testing.T) {
	for _, hook := range hookCases {
		kinds := answerKinds
		if hook.wrongType != nil {
			kinds = append(slices.Clone(kinds), answerKind{
				name:    "wrong type",
				answer:  always(hook.wrongType, nil),
				code:    unusable,
				message: badShape,
				calls:   1,
			})
		}
		for _, kind := range kinds {
			t.Run(hook.source+"/"+kind.name, func(t *testing.T) {
				s, calls := hook.play(t, kind.answer)
				message := kind.message
				if kind.code != unusable {
					message = fmt.Sprintf(kind.message, hook.word)
				}
				wantMessage(t, hook.do(s), kind.code, message)
				if *calls != kind.calls || s.status() != hook.refused {
					t.Errorf("%d calls, status %q; want %d, %q", *calls, s.status(), kind.calls, hook.refused)
				}
			})
		}
	}
}

// If a trigger times out once, Cognito calls it again, but the operation takes effect once.
func TestLateAnswers(t *testing.T) {
	for _, hook := range hookCases {
		t.Run(hook.source, func(t *testing.T) {
			s, calls := hook.play(t, nil)
			s.late(hook.source, calls)
			if err := hook.do(s); errorCode(err) != hook.unchanged {
				t.Errorf("error = %v, want %q", err, hook.unchanged)
			}
			if *calls != 2 || hook.unchanged == "" && s.status() != hook.accepted {
				t.Errorf("%d calls, status %q, want %q", *calls, s.status(), hook.accepted)
			}
		})
	}
}

// play prepares the stage. If answer is nil, the caller sets the answer.
func (h hookCase) play(t *testing.T, answer func(int) (any, error)) (*stage, *int) {
	s, calls := &stage{world: start(t, setup{})}, new(int)
	if h.given != nil {
		h.given(s)
	}
	if answer != nil {
		s.functions.on(h.source, func(map[string]any) (any, error) {
			*calls++
			return answer(*calls)
		})
	}
	return s, calls
}

// late lets the first attempt time out; the second returns the event unchanged.
func (s *stage) late(source string, calls *int) {
	s.functions.on(source, func(e map[string]any) (any, error) {
		if *calls++; *calls == 1 {
			return nil, errSlow
		}
		return e["response"], nil
	})
}

func errorCode(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return ""
}
