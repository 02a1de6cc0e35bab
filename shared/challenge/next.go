package challenge

import "cognito-triggers/shared/events"

// Step is what follows in a sign-in.
type Step int

// The steps. Fail is the zero value.
const (
	Fail     Step = iota // the sign-in ends
	Password             // Cognito checks the password by SRP
	Ask                  // the next challenge
	Tokens               // the user has proved who they are
)

// Next decides by names, results and metadata, never by positions: clients choose which steps they begin with, and
// Cognito adds steps of its own. Only a passed challenge whose metadata is a method that proves something leads to
// tokens. A wrong password, a failed step of Cognito, a wrong link or tries wrong answers end the sign-in, whatever
// follows them in the session.
func Next(session events.Session, tries int, exists bool) Step {
	var srp, password, proved bool
	wrong := 0
	for _, done := range session {
		method := methodOf(done)
		switch {
		case done.ChallengeName == events.CustomChallenge && done.ChallengeResult:
			proved = proved || method.Proves()
		case done.ChallengeName == events.CustomChallenge && method != MagicLink:
			wrong++
		case !done.ChallengeResult:
			return Fail
		case done.ChallengeName == events.SRPA:
			srp = true
		case done.ChallengeName == events.PasswordVerifier:
			password = true
		}
	}
	switch {
	case wrong >= tries, proved && !exists:
		return Fail
	case srp && !password:
		return Password
	case proved:
		return Tokens
	}
	return Ask
}

// methodOf returns the method in a step's metadata; "" for steps of others.
func methodOf(done events.ChallengeResult) Method {
	if done.ChallengeName != events.CustomChallenge || done.ChallengeMetadata == nil {
		return ""
	}
	return Method(*done.ChallengeMetadata)
}

// Rounds is what a session tells about the rounds so far.
type Rounds struct {
	Chosen  bool   // the client has said which method it wants
	Pending Method // the method of the last challenge that proves something, which was not passed; "" for none
}

// RoundsOf reads a session.
func RoundsOf(session events.Session) (r Rounds) {
	for _, done := range session {
		switch method := methodOf(done); {
		case method == Choose:
			r.Chosen = r.Chosen || done.ChallengeResult
		case method.Proves() && !done.ChallengeResult:
			r.Pending = method
		}
	}
	return r
}
