package userpool

import (
	"testing"
	"time"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"cognito-triggers/local/userpool/srp"
)

// discreet is a client with choice-based sign-in that hides which users exist.
func discreet(in *cip.CreateUserPoolClientInput) {
	withChoice(in)
	hidden(in)
}

// rawAnswer answers the challenge in members.
func (s *stage) rawAnswer(name string, members map[string]any, pairs ...string) (string, map[string]any) {
	return s.raw("RespondToAuthChallenge", name, map[string]any{
		"ClientId": s.clientID, "ChallengeName": members["ChallengeName"], "Session": members["Session"],
		"ChallengeResponses": pairsOf(append([]string{"USERNAME", name}, pairs...)),
	})
}

// choiceKnocks are the ways of USER_AUTH to find out whether a user exists; see knocks.
var choiceKnocks = map[string]func(s *stage, name string) []string{
	"selected password": func(s *stage, name string) (all []string) {
		for i := range 12 {
			first, members := s.rawBegin("USER_AUTH", name, map[string]string{})
			second, _ := s.rawAnswer(name, members, "ANSWER", "PASSWORD", "PASSWORD", "Wrong-horse-7")
			third, _ := s.rawAnswer(name, members, "ANSWER", "PASSWORD", "PASSWORD", "Wrong-horse-7")
			all = append(all, first, second, third)
			if i == 7 {
				s.clock.Advance(2 * time.Second)
			}
		}
		return all
	},
	"preferred password": func(s *stage, name string) (all []string) {
		for range 12 {
			answer, _ := s.rawBegin("USER_AUTH", name,
				map[string]string{"PREFERRED_CHALLENGE": "PASSWORD", "PASSWORD": "Wrong-horse-7"})
			all = append(all, answer)
		}
		return all
	},
	"SRP": func(s *stage, name string) (all []string) {
		client := srp.NewClient(*s.pool, name, "Wrong-horse-7")
		parameters := client.AuthParameters()
		parameters["PREFERRED_CHALLENGE"] = "PASSWORD_SRP"
		first, members := s.rawBegin("USER_AUTH", name, parameters)
		asked := map[string]string{}
		for key, value := range members["ChallengeParameters"].(map[string]any) {
			asked[key] = value.(string)
		}
		responses, err := client.Respond(asked, s.clock.Now())
		s.must(err)
		second, _ := s.raw("RespondToAuthChallenge", name,
			map[string]any{"ClientId": s.clientID, "ChallengeName": "PASSWORD_VERIFIER", "Session": members["Session"],
				"ChallengeResponses": responses})
		return append(all, first, second)
	},
	"codes": func(s *stage, name string) (all []string) {
		for range 3 { // sessions of ten codes, of which the last ones are locked
			first, members := s.rawBegin("USER_AUTH", name, map[string]string{"PREFERRED_CHALLENGE": "EMAIL_OTP"})
			all = append(all, first)
			for range 11 {
				answer, _ := s.rawAnswer(name, members, "EMAIL_OTP_CODE", "00000000")
				all = append(all, answer)
			}
		}
		return all
	},
	"selected code, then time": func(s *stage, name string) []string {
		first, members := s.rawBegin("USER_AUTH", name, map[string]string{})
		second, members := s.rawAnswer(name, members, "ANSWER", "EMAIL_OTP")
		s.clock.Advance(4 * time.Minute)
		third, _ := s.rawAnswer(name, members, "EMAIL_OTP_CODE", "00000000")
		return []string{first, second, third}
	},
	"a code under another name": func(s *stage, name string) []string {
		_, members := s.rawBegin("USER_AUTH", name, map[string]string{"PREFERRED_CHALLENGE": "EMAIL_OTP"})
		answer, _ := s.rawAnswer("else@example.org", members, "EMAIL_OTP_CODE", "00000000")
		return []string{answer}
	},
}

// Where the client hides which users exist, USER_AUTH answers alike for users in every state and for unknown names: the
// bodies but for random values, and what follows.
func TestChoicesOfUsersAndStrangersAreAlike(t *testing.T) {
	for state, prepare := range states {
		for knock, transcript := range choiceKnocks {
			t.Run(state+"/"+knock, func(t *testing.T) {
				t.Parallel()
				s := &stage{world: start(t, setup{pool: signInPolicy("EMAIL_OTP"), client: discreet})}
				prepare(s)
				before := len(s.server.Inbox().Messages(0))
				existing := transcript(s, ines)
				if state == "disabled" && len(s.server.Inbox().Messages(0)) != before {
					t.Error("a disabled user got a code")
				}
				s.clock.Advance(time.Hour)
				before = len(s.server.Inbox().Messages(0))
				unknown := transcript(s, ivan)
				if len(s.server.Inbox().Messages(0)) != before {
					t.Error("nobody got a code")
				}
				for i := range existing {
					if existing[i] != unknown[i] {
						t.Fatalf("answer %d for a user:\n%s\nfor an unknown name:\n%s", i, existing[i], unknown[i])
					}
				}
			})
		}
	}
}
