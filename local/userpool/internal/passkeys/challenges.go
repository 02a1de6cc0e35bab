package passkeys

import (
	"time"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/local/userpool/webauthn"
)

// purpose is what a challenge is for. It is part of the key under which the challenge is stored, so that a challenge of
// a sign-in registers no passkey, and no session of a sign-in is a challenge.
type purpose string

const (
	registration purpose = "passkey-registration"
	signIn       purpose = "passkey-sign-in"
)

// registrationTime is how long a passkey can be registered after the start; see docs/aws-behaviour.md.
const registrationTime = 5 * time.Minute

func (p purpose) key(challenge string) string { return string(p) + " " + challenge }

// challenge returns a new challenge, for one answer by this user through this app client.
func (r *Room) challenge(p purpose, b directory.Bearer, lives time.Duration) string {
	challenge := webauthn.NewChallenge()
	r.store.PutSession(p.key(challenge), state.Session{
		Pool: b.Pool.ID, Client: b.Client.ID, Username: b.User.Username, Challenge: string(p), Expires: r.now().Add(lives),
	})
	return challenge
}

// redeem takes a challenge: of answers at the same time, one gets it, and it is spent whatever the answer is worth.
func (r *Room) redeem(p purpose, b directory.Bearer, challenge string) error {
	s, err := r.store.TakeSession(p.key(challenge))
	switch {
	case err != nil || s.Pool != b.Pool.ID || s.Username != b.User.Username || r.now().After(s.Expires):
		return fault.New(fault.PasskeyChallengeNotFound)
	case s.Client != b.Client.ID:
		return fault.New(fault.PasskeyClientMismatch)
	}
	return nil
}
