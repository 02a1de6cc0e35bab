package tokens

import (
	"encoding/json"
	"slices"
	"strconv"

	"cognito-triggers/local/userpool/state"
)

// lite is the plan without levels.
const lite = "LITE"

// Level is how strongly a user proved who they are, from 1 to 4; 0 is unknown.
type Level int

// LevelOf returns the level of a sign-in with these methods: 1 is a password, 2 a one-time code, 3 a passkey or a
// password with a one-time code, 4 a password with the code of an authenticator app.
//
// See https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-step-up-authentication.html
func LevelOf(methods []string) Level {
	has := func(method string) bool { return slices.Contains(methods, method) }
	sent := has("sms") || has("email_otp")
	switch {
	case has("pwd") && has("otp") && !sent:
		return 4
	case has("swk"), has("hwk"), has("pwd") && has("otp"):
		return 3
	case sent:
		return 2
	case has("pwd"):
		return 1
	}
	return 0
}

// Name returns what the claim acr calls a level in a pool: its own name, or else AWS's.
func (l Level) Name(pool state.Pool) string {
	var named map[string]struct{ AcrValue string }
	_ = json.Unmarshal(pool.Settings.AcrConfiguration, &named) // validated with the pool's settings
	switch own := named["Level"+strconv.Itoa(int(l))].AcrValue; {
	case l == 0:
		return ""
	case own != "":
		return own
	}
	return "urn:cognito:loa:" + strconv.Itoa(int(l))
}

// Wanted returns the first of the levels with these names that a user of the pool can reach. Unknown names are ignored.
func Wanted(pool state.Pool, u state.User, names []string) Level {
	for _, name := range names {
		for level := Level(1); level <= 4; level++ {
			if (name == level.Name(pool) || name == "urn:cognito:loa:"+strconv.Itoa(int(level))) && reachable(u, level) {
				return level
			}
		}
	}
	return 0
}

// reachable reports whether a user has what a level takes.
func reachable(u state.User, l Level) bool {
	totp := u.TOTPSecret != ""
	switch l {
	case 1:
		return u.Verifier != nil
	case 2:
		return u.Attributes["email"] != "" || u.Attributes["phone_number"] != ""
	case 3:
		return len(u.Passkeys) > 0 || u.Verifier != nil && (totp || len(u.MFA) > 0)
	}
	return u.Verifier != nil && totp
}

// amr returns the claim amr of a sign-in with these methods.
func amr(methods []string) []string {
	if slices.Contains(methods, "pwd") && slices.Contains(methods, "otp") {
		return append(slices.Clone(methods), "mfa")
	}
	return methods
}
