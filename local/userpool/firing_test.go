package userpool

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go"

	"cognito-triggers/local/userpool/fire"
	"cognito-triggers/local/userpool/webauthn/authenticator"
)

// A row lists the events that an operation fires, in order. The test compares every member of each event.
type row struct {
	operation string
	setup     setup
	given     func(*stage)       // setup; its events do not count
	do        func(*stage) error // the operation
	fails     string             // the name of the expected error, if any
	want      []wanted
}

// wanted is an expected event. In request, names such as $SUB stand for the values in shorthand.
type wanted struct {
	source, request string
	name            string // userName; empty for the user's sub
	client          string // callerContext.clientId; empty for the app client's
}

// stage is a world with what the steps of a row pass to each other.
type stage struct {
	*world
	challenge types.ChallengeNameType
	session   *string
	asked     map[string]string // the ChallengeParameters
	tokens    *types.AuthenticationResultType
	device    device
	passkey   *authenticator.Authenticator // of flows with a passkey
}

const stranger = "nobody@example.org"

var metadata, validation = map[string]string{"m": "1"}, map[string]string{"v": "1"}

func shorthand(sub string) *strings.Replacer {
	user := func(status, verified string) string {
		return `{"cognito:user_status":"` + status + `","email":"` + ines + `","email_verified":"` + verified + `","sub":"` +
			sub + `"}`
	}
	return strings.NewReplacer(
		"$METADATA", `"clientMetadata":{"m":"1"}`,
		"$NEW", `"userAttributes":`+user("UNCONFIRMED", "false"),
		"$USER", `"userAttributes":`+user("CONFIRMED", "true"),
		"$FORCED", `"userAttributes":`+user("FORCE_CHANGE_PASSWORD", "true"),
		"$RESET", `"userAttributes":`+user("RESET_REQUIRED", "true"),
		"$CODE", `"codeParameter":"{####}","linkParameter":"{##Click Here##}","usernameParameter":null`,
		"$GROUPS",
		`"groupConfiguration":{"groupsToOverride":[],"iamRolesToOverride":[],"preferredRole":null},`+
			`"scopes":["aws.cognito.signin.user.admin"]`,
		"$NOBODY", `"userAttributes":{},"userNotFound":true`,
		"$VALIDATION", `"validationData":{"v":"1"}`,
		"$SUB", sub,
	)
}

func TestFiring(t *testing.T) {
	for _, r := range slices.Concat(signUpRows, signInRows, customRows, deviceRows, accountRows, silentRows) {
		t.Run(r.operation, func(t *testing.T) {
			s := &stage{world: start(t, r.setup)}
			if r.given != nil {
				r.given(s)
			}
			s.functions.take()
			err := r.do(s)
			if r.fails == "" && err != nil {
				t.Fatal(err)
			}
			if r.fails != "" {
				wantError(t, err, r.fails)
			}
			s.wantEvents(r.want)
		})
	}
}

func (s *stage) wantEvents(want []wanted) {
	s.t.Helper()
	var sources []string
	for _, w := range want {
		sources = append(sources, w.source)
	}
	fired := s.wantFired(sources...)
	sub := ""
	for _, u := range s.server.Store().Users(*s.pool) { // at most one
		sub = u.Sub()
	}
	for i, w := range want {
		e := fired[i]
		var request map[string]any
		if err := json.Unmarshal([]byte(shorthand(sub).Replace(w.request)), &request); err != nil {
			s.t.Fatalf("%s: %v", w.source, err)
		}
		if got, want := text(s.t, e.Request), text(s.t, request); got != want {
			s.t.Errorf("%s: request\n%s, want\n%s", w.source, got, want)
		}
		version := "1"
		if strings.HasPrefix(w.source, "TokenGeneration") {
			version = "2"
		}
		name, client := orElse(w.name, sub), orElse(w.client, *s.clientID)
		if e.Version != version || e.UserName != name || e.ClientID != client {
			s.t.Errorf("%s: version %s, user %s, client %s; want %s, %s, %s", w.source, e.Version, e.UserName, e.ClientID,
				version, name, client)
		}
	}
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

// The steps of the rows.

const admin = fire.NoClient

func (s *stage) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func signedUp(s *stage) {
	_, err := s.signUp(ines)
	s.must(err)
}

func confirmedUser(s *stage) { s.confirmed(ines) }

func signedInUser(s *stage) {
	confirmedUser(s)
	s.must(s.begin("USER_PASSWORD_AUTH", password))
}

func (s *stage) createUser(action types.MessageActionType) error {
	_, err := s.AdminCreateUser(s.t.Context(), &cip.AdminCreateUserInput{
		UserPoolId: s.pool, Username: aws.String(ines), MessageAction: action, ClientMetadata: metadata,
		TemporaryPassword: aws.String(password),
		UserAttributes:    []types.AttributeType{{Name: aws.String("email_verified"), Value: aws.String("true")}},
		ValidationData:    []types.AttributeType{{Name: aws.String("v"), Value: aws.String("1")}},
	})
	return err
}

// begin calls InitiateAuth, or AdminInitiateAuth for administrators' flows.
func (s *stage) begin(flow types.AuthFlowType, password string) error {
	return s.beginAs(ines, flow, password)
}

func (s *stage) beginAs(name string, flow types.AuthFlowType, password string) error {
	return s.beginWith(flow, map[string]string{"USERNAME": name, "PASSWORD": password})
}

func (s *stage) beginWith(flow types.AuthFlowType, parameters map[string]string) error {
	if strings.HasPrefix(string(flow), "ADMIN") {
		out, err := s.AdminInitiateAuth(s.t.Context(),
			&cip.AdminInitiateAuthInput{UserPoolId: s.pool, ClientId: s.clientID, AuthFlow: flow, AuthParameters: parameters,
				ClientMetadata: validation})
		if err == nil {
			s.challenge, s.session, s.asked, s.tokens = out.ChallengeName, out.Session, out.ChallengeParameters,
				out.AuthenticationResult
		}
		return err
	}
	out, err := s.InitiateAuth(s.t.Context(),
		&cip.InitiateAuthInput{ClientId: s.clientID, AuthFlow: flow, AuthParameters: parameters, ClientMetadata: validation})
	if err == nil {
		s.challenge, s.session, s.asked, s.tokens = out.ChallengeName, out.Session, out.ChallengeParameters,
			out.AuthenticationResult
	}
	return err
}

// respond answers the challenge.
func (s *stage) respond(responses map[string]string) error {
	if responses["USERNAME"] == "" {
		responses["USERNAME"] = ines
	}
	out, err := s.RespondToAuthChallenge(s.t.Context(), &cip.RespondToAuthChallengeInput{
		ClientId: s.clientID, ChallengeName: s.challenge, Session: s.session, ChallengeResponses: responses,
		ClientMetadata: metadata,
	})
	if err == nil {
		s.challenge, s.session, s.asked, s.tokens = out.ChallengeName, out.Session, out.ChallengeParameters,
			out.AuthenticationResult
	}
	return err
}

func (s *stage) forgot(name string) error {
	_, err := s.ForgotPassword(s.t.Context(),
		&cip.ForgotPasswordInput{ClientId: s.clientID, Username: &name, ClientMetadata: metadata})
	return err
}

func (s *stage) resetWith(code string) error {
	_, err := s.ConfirmForgotPassword(s.t.Context(),
		&cip.ConfirmForgotPasswordInput{ClientId: s.clientID, Username: aws.String(ines), ConfirmationCode: &code,
			Password: aws.String(newPassword), ClientMetadata: metadata})
	return err
}

func hidden(in *cip.CreateUserPoolClientInput) { in.PreventUserExistenceErrors = "ENABLED" }

// status returns the user's status as an administrator sees it, or "" if there is no user.
func (s *stage) status() string {
	out, err := s.AdminGetUser(s.t.Context(), &cip.AdminGetUserInput{UserPoolId: s.pool, Username: aws.String(ines)})
	var api smithy.APIError
	if errors.As(err, &api) {
		return ""
	}
	s.must(err)
	return string(out.UserStatus)
}
