package userpool

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/smithy-go"

	"cognito-triggers/local/userpool/internal/delivery"
	"cognito-triggers/local/userpool/internal/limits"
)

// codeCase is an operation that takes a code.
type codeCase struct {
	setup setup
	given func(*stage)
	send  func(*stage) error // sends another code
	try   func(*stage, string) error
	most  int // tries per hour, over all codes
}

var codeCases = map[string]codeCase{
	"ConfirmSignUp": {given: signedUp, most: 15, try: func(s *stage, code string) error { return s.confirm(ines, code) },
		send: func(s *stage) error {
			_, err := s.ResendConfirmationCode(s.t.Context(),
				&cip.ResendConfirmationCodeInput{ClientId: s.clientID, Username: aws.String(ines)})
			return err
		}},
	"ConfirmForgotPassword": {given: func(s *stage) { confirmedUser(s); s.must(s.forgot(ines)) }, most: 20,
		send: func(s *stage) error { return s.forgot(ines) },
		try:  func(s *stage, code string) error { return s.resetWith(code) }},
	"VerifyUserAttribute": {given: func(s *stage) { signedInUser(s); s.must(s.attributeCode()) }, most: 15,
		send: (*stage).attributeCode, try: func(s *stage, code string) error {
			_, err := s.VerifyUserAttribute(s.t.Context(),
				&cip.VerifyUserAttributeInput{AccessToken: s.tokens.AccessToken, AttributeName: aws.String("email"), Code: &code})
			return err
		}},
}

func (s *stage) attributeCode() error {
	_, err := s.GetUserAttributeVerificationCode(s.t.Context(),
		&cip.GetUserAttributeVerificationCodeInput{AccessToken: s.tokens.AccessToken, AttributeName: aws.String("email")})
	return err
}

// parallel runs do several times concurrently and counts the errors by name; "" is success.
func parallel(times int, do func(i int) error) map[string]int {
	var group sync.WaitGroup
	var mu sync.Mutex
	counts := map[string]int{}
	gate := make(chan struct{})
	for i := range times {
		group.Go(func() {
			<-gate
			code := errorCode(do(i))
			mu.Lock()
			defer mu.Unlock()
			counts[code]++
		})
	}
	close(gate)
	group.Wait()
	return counts
}

// successes sends the bodies to an operation at once and counts the answers without an error.
func successes(server http.Handler, operation string, bodies ...[]byte) int {
	return parallel(len(bodies), func(i int) error {
		if status := send(server, operation, bodies[i]).Code; status != http.StatusOK {
			return &smithy.GenericAPIError{Code: fmt.Sprint(status)}
		}
		return nil
	})[""]
}

func TestGuessesInParallel(t *testing.T) {
	for name, c := range codeCases {
		t.Run(name, func(t *testing.T) {
			s := &stage{world: start(t, c.setup)}
			c.given(s)
			got := parallel(500, func(i int) error { return c.try(s, strconv.Itoa(i)) })
			if got["CodeMismatchException"] != delivery.MaxTries || got["LimitExceededException"] != 500-delivery.MaxTries {
				t.Errorf("answers = %v, want %d evaluated", got, delivery.MaxTries)
			}
			wantMessage(t, c.try(s, s.code()), "LimitExceededException", "Attempt limit exceeded, please try after some time.")
		})
	}
}

func TestRightCodesInParallel(t *testing.T) {
	for name, c := range codeCases {
		t.Run(name, func(t *testing.T) {
			s := &stage{world: start(t, c.setup)}
			c.given(s)
			code := s.code()
			if got := parallel(100, func(int) error { return c.try(s, code) }); got[""] != 1 {
				t.Errorf("answers = %v, want one success", got)
			}
			s.clock.Advance(61 * time.Minute)
			if name != "VerifyUserAttribute" && c.try(s, code) == nil {
				t.Error("a used code was accepted again")
			}
		})
	}
}

// A new code does not reset the hourly limit.
func TestHourGoesOnWithNewCodes(t *testing.T) {
	for name, c := range codeCases {
		t.Run(name, func(t *testing.T) {
			s := &stage{world: start(t, c.setup)}
			c.given(s)
			evaluated, sent := 0, 1
			for range 10 {
				for errorCode(c.try(s, "000000")) == "CodeMismatchException" {
					evaluated++
				}
				s.clock.Advance(time.Minute)
				if c.send(s) == nil {
					sent++
				}
			}
			if evaluated+sent > c.most+5 || evaluated > c.most {
				t.Errorf("%d guesses over %d codes, want at most %d", evaluated, sent, c.most)
			}
			wantMessage(t, c.try(s, s.code()), "LimitExceededException", "Attempt limit exceeded, please try after some time.")
			s.clock.Advance(10 * time.Minute)
			wantError(t, c.send(s), "LimitExceededException")
			s.clock.Advance(time.Hour)
			if name == "VerifyUserAttribute" { // the access token has expired
				s.must(s.begin("USER_PASSWORD_AUTH", password))
			}
			s.must(c.send(s))
			s.must(c.try(s, s.code()))
		})
	}
}

func TestPasswordsInParallel(t *testing.T) {
	for name, user := range map[string]string{"user": ines, "stranger": stranger} {
		t.Run(name, func(t *testing.T) {
			s := &stage{world: start(t, setup{client: hidden})}
			confirmedUser(s)
			var evaluated atomic.Int32
			parallel(100, func(i int) error {
				_, err := s.withPassword(user, fmt.Sprint("Wrong-horse-", i))
				if err != nil && strings.Contains(err.Error(), "Incorrect username or password.") {
					evaluated.Add(1)
				}
				return err
			})
			if evaluated.Load() != limits.FreeFailures {
				t.Errorf("%d passwords were evaluated, want %d", evaluated.Load(), limits.FreeFailures)
			}
		})
	}
}

// Even with the password, one-time passwords cannot be guessed without limit by starting new sign-ins.
func TestOneTimePasswordsAreLimited(t *testing.T) {
	s := &stage{world: start(t, setup{})}
	now := s.withTOTP()
	sessions := make([]*cip.InitiateAuthOutput, 40)
	for i := range sessions {
		var err error
		sessions[i], err = s.withPassword(ines, password)
		s.must(err)
	}
	try := func(in *cip.InitiateAuthOutput, code string) error {
		_, err := s.RespondToAuthChallenge(t.Context(),
			&cip.RespondToAuthChallengeInput{ClientId: s.clientID, ChallengeName: in.ChallengeName, Session: in.Session,
				ChallengeResponses: map[string]string{"USERNAME": ines, "SOFTWARE_TOKEN_MFA_CODE": code}})
		return err
	}
	right := now()
	if got := parallel(len(sessions)-1, func(i int) error {
		return try(sessions[i],
			"000000")
	}); got["CodeMismatchException"] != limits.FreeFailures {
		t.Errorf("answers = %v, want %d evaluated", got, limits.FreeFailures)
	}
	wantMessage(t, try(sessions[len(sessions)-1], right), "NotAuthorizedException", "Password attempts exceeded")
	s.clock.Advance(time.Minute)
	in, err := s.withPassword(ines, password)
	s.must(err)
	code := now()
	if got := parallel(100, func(int) error { return try(in, code) }); got[""] != 1 {
		t.Errorf("answers = %v, want one success", got)
	}
	in, err = s.withPassword(ines, password)
	s.must(err)
	wantError(t, try(in, code), "ExpiredCodeException") // the code is used already
}
