package userpool

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/google/uuid"

	"cognito-triggers/local/userpool/internal/delivery"
	"cognito-triggers/local/userpool/srp"
)

// The names have the same form, so answers that contain them have the same length and mask.
const ivan = "ivan@example.org"

// raw calls an operation without the SDK and returns status, headers and body without random values.
func (s *stage) raw(operation, name string, input map[string]any) (answer string, members map[string]any) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.url, bytes.NewReader([]byte(text(s.t, input))))
	s.must(err)
	r.Header.Set("X-Amz-Target", targetPrefix+operation)
	response, err := http.DefaultClient.Do(r)
	s.must(err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	s.must(err)
	_ = json.Unmarshal(body, &members)
	if parameters, is := members["ChallengeParameters"].(map[string]any); is {
		for _, key := range []string{"SALT", "SRP_B", "SECRET_BLOCK"} {
			if value, there := parameters[key].(string); there {
				body = bytes.ReplaceAll(body, []byte(value), fmt.Appendf(nil, "%d", len(value)))
			}
		}
		for _, key := range []string{"USER_ID_FOR_SRP", "USERNAME"} {
			if value, there := parameters[key].(string); there && uuid.Validate(value) == nil {
				body = bytes.ReplaceAll(body, []byte(value), []byte("uuid"))
			}
		}
	}
	if session, there := members["Session"].(string); there {
		body = bytes.ReplaceAll(body, []byte(session), fmt.Appendf(nil, "%d", len(session)))
	}
	header := response.Header
	header.Del("X-Amzn-Requestid")
	header.Del("Date")
	var lines []string
	for _, key := range slices.Sorted(maps.Keys(header)) {
		lines = append(lines, key+": "+strings.Join(header[key], ","))
	}
	return operation + " " + response.Status + "\n" + strings.Join(lines, "\n") + "\n" + strings.ReplaceAll(string(body),
		name, "NAME"), members
}

func (s *stage) rawBegin(flow, name string, parameters map[string]string) (string, map[string]any) {
	parameters["USERNAME"] = name
	return s.raw("InitiateAuth", name, map[string]any{"AuthFlow": flow, "ClientId": s.clientID,
		"AuthParameters": parameters})
}

// knocks are ways to find out whether a user exists. Each returns all answers. Most make twelve calls and move the
// clock in between, so that locks begin and end.
var knocks = map[string]func(s *stage, name string) []string{
	"password": func(s *stage, name string) (all []string) {
		for i := range 12 {
			answer, _ := s.rawBegin("USER_PASSWORD_AUTH", name, map[string]string{"PASSWORD": "Wrong-horse-7"})
			all = append(all, answer)
			if i == 7 {
				s.clock.Advance(2 * time.Second)
			}
		}
		return all
	},
	"SRP": func(s *stage, name string) (all []string) {
		for range 12 {
			client := srp.NewClient(*s.pool, name, "Wrong-horse-7")
			answer, members := s.rawBegin("USER_SRP_AUTH", name, client.AuthParameters())
			all = append(all, answer)
			asked := map[string]string{}
			for key, value := range members["ChallengeParameters"].(map[string]any) {
				asked[key] = value.(string)
			}
			responses, err := client.Respond(asked, s.clock.Now())
			s.must(err)
			answer, _ = s.raw("RespondToAuthChallenge", name,
				map[string]any{"ClientId": s.clientID, "ChallengeName": "PASSWORD_VERIFIER", "Session": members["Session"],
					"ChallengeResponses": responses})
			all = append(all, answer)
		}
		return all
	},
	"SRP, session under another name": func(s *stage, name string) []string {
		client := srp.NewClient(*s.pool, name, "Wrong-horse-7")
		_, members := s.rawBegin("USER_SRP_AUTH", name, client.AuthParameters())
		block := members["ChallengeParameters"].(map[string]any)["SECRET_BLOCK"]
		answer, _ := s.raw("RespondToAuthChallenge", name,
			map[string]any{"ClientId": s.clientID, "ChallengeName": "PASSWORD_VERIFIER", "ChallengeResponses": map[string]any{
				"USERNAME": "else@example.org", "PASSWORD_CLAIM_SECRET_BLOCK": block, "PASSWORD_CLAIM_SIGNATURE": "x",
				"TIMESTAMP": "x"}})
		return []string{answer}
	},
	"custom": func(s *stage, name string) (all []string) {
		answer, members := s.rawBegin("CUSTOM_AUTH", name, map[string]string{})
		all = append(all, answer)
		for range 3 {
			answer, members = s.raw("RespondToAuthChallenge", name,
				map[string]any{"ClientId": s.clientID, "ChallengeName": "CUSTOM_CHALLENGE", "Session": members["Session"],
					"ChallengeResponses": map[string]string{"USERNAME": name, "ANSWER": "41"}})
			all = append(all, answer)
		}
		return all
	},
	"forgot password": func(s *stage, name string) (all []string) {
		guess := func() {
			answer, _ := s.raw("ConfirmForgotPassword", name,
				map[string]any{"ClientId": s.clientID, "Username": name, "ConfirmationCode": "000000", "Password": newPassword})
			all = append(all, answer)
		}
		guess()
		for range 4 {
			answer, _ := s.raw("ForgotPassword", name, map[string]any{"ClientId": s.clientID, "Username": name})
			all = append(all, answer)
			for range delivery.MaxTries + 1 {
				guess()
			}
		}
		s.clock.Advance(2 * time.Hour)
		guess()
		return all
	},
}

// states are the states of a user. In each of them, the answers must be those for a user who does not exist.
var states = map[string]func(*stage){
	"confirmed":   confirmedUser,
	"unconfirmed": signedUp,
	"disabled": func(s *stage) {
		confirmedUser(s)
		_, err := s.AdminDisableUser(s.t.Context(),
			&cip.AdminDisableUserInput{UserPoolId: s.pool, Username: aws.String(ines)})
		s.must(err)
	},
	"password to be reset": func(s *stage) {
		confirmedUser(s)
		_, err := s.AdminResetUserPassword(s.t.Context(),
			&cip.AdminResetUserPasswordInput{UserPoolId: s.pool, Username: aws.String(ines)})
		s.must(err)
	},
}

func TestUsersAndStrangersGetTheSameAnswers(t *testing.T) {
	for state, prepare := range states {
		for knock, transcript := range knocks {
			if state == "password to be reset" && knock == "forgot password" {
				continue // the administrator has sent a code for the user to enter
			}
			t.Run(state+"/"+knock, func(t *testing.T) {
				s := &stage{world: start(t, setup{client: hidden})}
				riddle(s.world)
				prepare(s)
				existing := transcript(s, ines)
				s.clock.Advance(time.Hour)
				unknown := transcript(s, ivan)
				for i := range existing {
					if existing[i] != unknown[i] {
						t.Fatalf("answer %d for a user:\n%s\nfor an unknown name:\n%s", i, existing[i], unknown[i])
					}
				}
			})
		}
	}
}

// After the right password, the client may learn why the user cannot sign in.
func TestReasonAfterRightPassword(t *testing.T) {
	for state, want := range map[string]string{"unconfirmed": "User is not confirmed.", "disabled": "User is disabled.",
		"password to be reset": "Password reset required for the user"} {
		s := &stage{world: start(t, setup{client: hidden})}
		states[state](s)
		if err := s.begin("USER_PASSWORD_AUTH", password); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", state, err)
		}
	}
}

func TestUnknownUserSalts(t *testing.T) {
	s := &stage{world: start(t, setup{client: hidden})}
	var seen []string
	for _, name := range []string{ivan, ivan, strings.ToUpper(ivan)} {
		s.must(s.beginWith("USER_SRP_AUTH", srp.NewClient(*s.pool, name, "x").AuthParameters()))
		seen = append(seen, s.asked["SALT"]+s.asked["USER_ID_FOR_SRP"])
	}
	s.must(s.beginWith("USER_SRP_AUTH", srp.NewClient(*s.pool, stranger, "x").AuthParameters()))
	if other := s.asked["SALT"] + s.asked["USER_ID_FOR_SRP"]; seen[0] != seen[1] || seen[0] != seen[2] ||
		seen[0] == other {
		t.Errorf("salts and IDs %v, for another name %s", seen, other)
	}
}

// For a disabled user, the answer says that a code was sent, but none is.
func TestResendTellsNothing(t *testing.T) {
	s := &stage{world: start(t, setup{client: hidden})}
	signedUp(s)
	_, err := s.AdminDisableUser(s.t.Context(), &cip.AdminDisableUserInput{UserPoolId: s.pool, Username: aws.String(ines)})
	s.must(err)
	before := len(s.server.Inbox().Messages(0))
	existing, _ := s.raw("ResendConfirmationCode", ines, map[string]any{"ClientId": s.clientID, "Username": ines})
	unknown, _ := s.raw("ResendConfirmationCode", ivan, map[string]any{"ClientId": s.clientID, "Username": ivan})
	if existing != unknown || len(s.server.Inbox().Messages(0)) != before {
		t.Errorf("for a user:\n%s\nfor an unknown name:\n%s", existing, unknown)
	}
}
