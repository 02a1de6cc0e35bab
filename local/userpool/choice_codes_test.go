package userpool

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
)

// byCode begins with a code by e-mail and returns the session.
func (s *stage) byCode() *string {
	s.t.Helper()
	s.must(initiate("USER_AUTH", "PREFERRED_CHALLENGE", "EMAIL_OTP")(s))
	return s.session
}

// tryCode answers with a code; it changes nothing in the stage and may run concurrently.
func (s *stage) tryCode(session *string, code string) error {
	_, err := s.RespondToAuthChallenge(s.t.Context(), &cip.RespondToAuthChallengeInput{
		ClientId: s.clientID, ChallengeName: "EMAIL_OTP", Session: session,
		ChallengeResponses: map[string]string{"USERNAME": ines, "EMAIL_OTP_CODE": code},
	})
	return err
}

// A session takes nine wrong codes and then the right one, once; the address is verified and the user confirmed.
func TestSignInCodes(t *testing.T) {
	s := &stage{world: start(t, choosing)}
	signedUp(s)
	session := s.byCode()
	sent := s.code()
	for range 9 {
		wantMessage(t, s.tryCode(session, "00000000"), "CodeMismatchException", "Invalid code or auth state for the user.")
	}
	if len(sent) != 8 {
		t.Errorf("the code has %d digits, want 8", len(sent))
	}
	s.must(s.tryCode(session, sent))
	wantMessage(t, s.tryCode(session, sent), "NotAuthorizedException",
		"Invalid session for the user, session can only be used once.")
	u, err := s.AdminGetUser(t.Context(), &cip.AdminGetUserInput{UserPoolId: s.pool, Username: aws.String(ines)})
	s.must(err)
	verified := false
	for _, a := range u.UserAttributes {
		verified = verified || *a.Name == "email_verified" && *a.Value == "true"
	}
	if u.UserStatus != "CONFIRMED" || !verified {
		t.Errorf("status %s, verified %t", u.UserStatus, verified)
	}
	ended := s.byCode()
	for range 10 {
		_ = s.tryCode(ended, "00000000")
	}
	wantMessage(t, s.tryCode(ended, s.code()), "NotAuthorizedException",
		"Invalid session for the user, session can only be used once.")
}

// A code of another session is none.
func TestSignInCodesBelongToTheirSession(t *testing.T) {
	s := &stage{world: start(t, choosing)}
	confirmedUser(s)
	first := s.byCode()
	code := s.code()
	second := s.byCode()
	wantMessage(t, s.tryCode(second, code), "CodeMismatchException", "Invalid code or auth state for the user.")
	s.must(s.tryCode(first, code))
}

// The codes that 500 parallel tries find evaluated are bounded, in one session and in as many sessions as tries, and
// the right code after them waits for the end of the lock.
func TestSignInCodesGuessedInParallel(t *testing.T) {
	const tries, free = 500, 20
	for name, c := range map[string]struct {
		sessions, most int
	}{
		"one session": {sessions: 1, most: 10}, "many sessions": {sessions: tries, most: free},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &stage{world: start(t, choosing)}
			confirmedUser(s)
			sessions := make([]*string, c.sessions)
			for i := range sessions {
				sessions[i] = s.byCode()
			}
			fresh := s.byCode()
			right := s.code()
			got := parallel(tries, func(i int) error { return s.tryCode(sessions[i%c.sessions], fmt.Sprintf("%08d", i)) })
			t.Logf("%d tries: %v", tries, got)
			if n := got["CodeMismatchException"]; got[""] > 0 || n > c.most || n == 0 ||
				n+got["NotAuthorizedException"] != tries {
				t.Errorf("%v, want at most %d evaluated and none right", got, c.most)
			}
			if c.sessions == 1 {
				s.must(s.tryCode(fresh, right))
				return
			}
			wantMessage(t, s.tryCode(fresh, right), "NotAuthorizedException", "Password attempts exceeded")
			s.clock.Advance(2 * time.Second)
			s.byCode()
			s.must(s.tryCode(s.session, s.code()))
		})
	}
}

// Of 100 right codes at once in one session, one signs in.
func TestRightSignInCodesInParallel(t *testing.T) {
	s := &stage{world: start(t, choosing)}
	confirmedUser(s)
	session := s.byCode()
	code := s.code()
	if got := parallel(100, func(int) error { return s.tryCode(session, code) }); got[""] != 1 {
		t.Errorf("answers = %v, want one success", got)
	}
}

// The lock after 20 wrong codes counts over all sessions, grows with each further one, and ends with a right one.
func TestLockOfSignInCodes(t *testing.T) {
	s := &stage{world: start(t, choosing)}
	confirmedUser(s)
	guess := func(want string) {
		t.Helper()
		if err := s.tryCode(s.byCode(), "00000000"); errorCode(err) != want {
			t.Errorf("error %v, want %s", err, want)
		}
	}
	for range 20 {
		guess("CodeMismatchException")
	}
	for _, locked := range []time.Duration{time.Second, 2 * time.Second, 4 * time.Second} {
		guess("NotAuthorizedException")
		s.clock.Advance(locked)
		guess("CodeMismatchException")
	}
	s.clock.Advance(time.Minute)
	session := s.byCode()
	s.must(s.tryCode(session, s.code()))
	for range 19 {
		guess("CodeMismatchException")
	}
	guess("CodeMismatchException")
	guess("NotAuthorizedException")
}
