package passkeys

import (
	"cognito-triggers/local/userpool/state"
)

// Factor is the name of passkeys among the first factors of a pool, and of the challenge.
const Factor = "WEB_AUTHN"

// most is how many passkeys a user can have.
const most = 20

// RelyingParty returns the domain that the pool's passkeys belong to: that of the settings, or else of the pool's
// managed login. It is "" if the pool has neither.
func RelyingParty(pool state.Pool) string {
	w := pool.MFASettings().WebAuthnConfiguration
	if w != nil && w.RelyingPartyId != "" {
		return w.RelyingPartyId
	}
	switch all := pool.Domains(); {
	case len(all) == 0:
		return ""
	case all[0].Custom():
		return all[0].Name
	default:
		return all[0].Name + ".auth." + pool.Region + ".amazoncognito.com"
	}
}

// Domain returns the domain that a pool's passkeys belong to, "" if there is none.
func (r *Room) Domain(pool state.Pool) string { return r.relyingParty(pool) }

// mustVerify reports whether the pool demands that the authenticator verifies the user.
func mustVerify(pool state.Pool) bool {
	w := pool.MFASettings().WebAuthnConfiguration
	return w != nil && w.UserVerification == "required"
}

// usable returns the user's passkeys for the relying party that the pool has now: another one makes them void.
func (r *Room) usable(pool state.Pool, u state.User) (list []state.Passkey, relyingParty string) {
	relyingParty = r.relyingParty(pool)
	for _, key := range u.Passkeys {
		if key.RelyingParty == relyingParty {
			list = append(list, key)
		}
	}
	return list, relyingParty
}

// CanSignIn reports whether the user has a passkey that signs in at the pool as it is now.
func (r *Room) CanSignIn(pool state.Pool, u state.User) bool {
	list, _ := r.usable(pool, u)
	return pool.Settings.AllowsFirst(Factor) && len(list) > 0
}
