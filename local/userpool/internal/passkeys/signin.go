package passkeys

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"time"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/local/userpool/webauthn"
)

// Question is what a browser is asked for a sign-in.
type Question struct {
	Options   string // for navigator.credentials.get, as JSON
	Challenge string
}

// Ask returns the question for one of the user's passkeys. With verified, the authenticator must verify the user even
// if the pool does not demand it.
func (r *Room) Ask(b directory.Bearer, verified bool, lives time.Duration) (Question, error) {
	keys, relyingParty := r.usable(b.Pool, b.User)
	allowed := make([]webauthn.Descriptor, 0, len(keys))
	for _, key := range keys {
		allowed = append(allowed, webauthn.Describe(key.ID, key.Transports...))
	}
	q := Question{Challenge: r.challenge(signIn, b, lives)}
	text, err := json.Marshal(webauthn.NewRequestOptions(webauthn.Ceremony{
		RelyingParty: relyingParty, Challenge: q.Challenge, Verified: verified || mustVerify(b.Pool),
	}, allowed))
	q.Options = string(text)
	return q, err
}

// Check checks the browser's answer. With challenge, it must answer that one; else any that the user was asked through
// the same app client. An answer is checked once, right or wrong. All wrong ones have one error, so that it says
// nothing about users, existing or not.
func (r *Room) Check(b directory.Bearer, credential, challenge string, verified bool) error {
	answer, err := webauthn.ParseAssertion([]byte(credential))
	if err != nil {
		return fault.New(fault.PasskeyWrong)
	}
	if challenge != "" && answer.Challenge() != challenge || r.redeem(signIn, b, answer.Challenge()) != nil {
		return fault.New(fault.PasskeyWrong)
	}
	keys, relyingParty := r.usable(b.Pool, b.User)
	i := indexOf(keys, answer.ID())
	if i < 0 {
		return fault.New(fault.PasskeyWrong)
	}
	counter, err := answer.Verify(webauthn.Ceremony{
		RelyingParty: relyingParty, Challenge: answer.Challenge(), Verified: verified || mustVerify(b.Pool),
	}, credentialOf(keys[i]), b.User.Sub())
	if err != nil {
		return fault.New(fault.PasskeyWrong)
	}
	_, err = r.directory.Change(b.Pool, b.User.Username, func(u *state.User) error {
		i := indexOf(u.Passkeys, answer.ID())
		if i < 0 || !webauthn.WentUp(u.Passkeys[i].Counter, counter) { // deleted or used since the user was read
			return errors.New("the passkey was changed meanwhile")
		}
		u.Passkeys[i].Counter = counter
		return nil
	})
	if err != nil {
		return fault.New(fault.PasskeyWrong)
	}
	return nil
}

func credentialOf(key state.Passkey) webauthn.Credential {
	return webauthn.Credential{ID: key.ID, Key: key.Key, Counter: key.Counter, BackupEligible: key.BackupEligible}
}

// Pretended returns the made-up passkey of a user who does not exist, or none. Names have one as often as users of the
// pool do: what a name is offered says nothing about whether it exists. A name's passkey is always the same.
func (r *Room) Pretended(pool state.Pool, name string) []state.Passkey {
	name = directory.Folded(pool, name)
	lot := r.decoy.Bytes(pool, "passkey\x00"+name)
	drawn, of := uint64(binary.BigEndian.Uint32(lot[:])), uint64(r.store.CountUsers(pool.ID))
	if drawn*of >= uint64(r.store.CountUsersWithPasskeys(pool.ID))<<32 {
		return nil
	}
	id := r.decoy.Bytes(pool, "passkey id\x00"+name)
	return []state.Passkey{{ID: id[:], Key: r.decoyKey, RelyingParty: r.relyingParty(pool),
		Transports: []string{"internal"}}}
}
