package userpool

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"cognito-triggers/shared/cognito"
)

// flowCase is a way to sign in and the events that it fires, in order. To add some, write a function that returns a map
// like choiceFlows, and add it to flowCases. TestFlows signs in; TestFlowAnswers does it once for each kind of answer
// of each function that the flow calls.
type flowCase struct {
	setup  setup
	server func(*Options) // may be nil
	given  func(*stage)   // may be nil; its events do not count
	steps  []func(*stage) error
	events []string // trigger sources over all steps
}

// flowCases holds all cases by name.
func flowCases() map[string]flowCase {
	all := map[string]flowCase{}
	for _, some := range []map[string]flowCase{choiceFlows(), mfaFlows(), passkeyFlows(), deviceFlows()} {
		maps.Copy(all, some)
	}
	return all
}

// begin prepares the flow.
func (c flowCase) begin(t *testing.T) *stage {
	s := &stage{world: startWith(t, c.setup, c.server)}
	if c.given != nil {
		c.given(s)
	}
	s.functions.take()
	return s
}

// play takes the steps until one fails.
func (c flowCase) play(s *stage) error {
	s.tokens = nil
	for _, step := range c.steps {
		if err := step(s); err != nil {
			return err
		}
	}
	return nil
}

// Every flow ends with tokens and fires its triggers in the order of the reference.
func TestFlows(t *testing.T) {
	for name, c := range flowCases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := c.begin(t)
			if err := c.play(s); err != nil {
				t.Fatal(err)
			}
			if s.tokens == nil || aws.ToString(s.tokens.AccessToken) == "" {
				t.Error("the flow ends without tokens")
			}
			s.wantFired(c.events...)
		})
	}
}

// Whatever a function answers but a valid event, the sign-in ends there with the error for it: what comes before has
// fired, what comes after has not, and there are no tokens.
func TestFlowAnswers(t *testing.T) {
	for name, c := range flowCases() {
		for place, source := range c.events {
			if slices.Index(c.events, source) != place { // the first of several decides
				continue
			}
			t.Run(name+"/"+source, func(t *testing.T) {
				t.Parallel()
				for _, kind := range answerKinds {
					if slices.Contains(kindsOfFlows(), kind.name) {
						c.answered(t, place, kind)
					}
				}
			})
		}
	}
}

// kindsOfFlows are the kinds of answers that flows are played with; TestAnswers has the others.
func kindsOfFlows() []string { return []string{"rejects", "not JSON", "too slow", "crashes"} }

// answered plays the flow with a function that gives a kind of answer at the place of the events.
func (c flowCase) answered(t *testing.T, place int, kind answerKind) {
	t.Helper()
	s, calls, source := c.begin(t), 0, c.events[place]
	s.functions.on(source, func(map[string]any) (any, error) {
		calls++
		return kind.answer(calls)
	})
	message := kind.message
	if kind.code != unusable {
		message = fmt.Sprintf(kind.message, cognito.HookOf(source).Contract().Name)
	}
	err := c.play(s)
	wantMessage(t, err, kind.code, message)
	want := slices.Clone(c.events[:place])
	for range kind.calls {
		want = append(want, source)
	}
	var fired []string
	for _, e := range s.functions.take() {
		fired = append(fired, e.Source)
	}
	if s.tokens != nil || !slices.Equal(fired, want) {
		t.Errorf("%s: fired %v, want %v; tokens: %t", kind.name, fired, want, s.tokens != nil)
	}
}

// answering returns a step that answers the challenge with pairs of names and values.
func answering(challenge string, pairs ...string) func(*stage) error {
	return func(s *stage) error {
		if string(s.challenge) != challenge {
			return fmt.Errorf("asked %q, want %q", s.challenge, challenge)
		}
		return s.respond(pairsOf(pairs))
	}
}

// answerCode returns a step that answers the challenge with the code of the latest message.
func answerCode(challenge string) func(*stage) error {
	return func(s *stage) error { return answering(challenge, challenge+"_CODE", s.code())(s) }
}

// initiate returns a step that begins the flow with pairs of parameters, for the user ines.
func initiate(flow string, pairs ...string) func(*stage) error {
	return func(s *stage) error {
		return s.beginWith(types.AuthFlowType(flow), pairsOf(append([]string{"USERNAME", ines}, pairs...)))
	}
}

func pairsOf(pairs []string) map[string]string {
	all := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		all[pairs[i]] = pairs[i+1]
	}
	return all
}

// signInPolicy lets users of a pool begin with these factors, besides a password.
func signInPolicy(factors ...string) func(*cip.CreateUserPoolInput) {
	return func(in *cip.CreateUserPoolInput) {
		policy := &types.SignInPolicyType{AllowedFirstAuthFactors: []types.AuthFactorType{"PASSWORD"}}
		for _, factor := range factors {
			policy.AllowedFirstAuthFactors = append(policy.AllowedFirstAuthFactors, types.AuthFactorType(factor))
		}
		in.Policies = &types.UserPoolPolicyType{SignInPolicy: policy}
		in.SmsConfiguration = &types.SmsConfigurationType{SnsCallerArn: aws.String("arn:aws:iam::000000000000:role/sms")}
		in.AutoVerifiedAttributes = append(in.AutoVerifiedAttributes, "phone_number")
	}
}
