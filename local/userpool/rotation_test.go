package userpool

import (
	"testing"
	"time"

	"cognito-triggers/local/userpool/state"
)

func TestRotationSettings(t *testing.T) {
	d := startDirect(t, nil, nil)
	for words, rotation := range map[string]object{
		"retryGracePeriodSeconds": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 61}, "feature": {"Feature": "ON"},
	} {
		d.fails("CreateUserPoolClient", object{"ClientName": "c", "ExplicitAuthFlows": []string{"ALLOW_USER_SRP_AUTH"},
			"RefreshTokenRotation": rotation}, "InvalidParameterException", words)
	}
}

// startRotation starts a pool that rotates refresh tokens, with the first one of a sign-in.
func startRotation(t *testing.T, grace int, set func(*Options)) (d *direct, first any) {
	t.Helper()
	d = startDirect(t, nil, object{"ExplicitAuthFlows": []string{"ALLOW_USER_PASSWORD_AUTH"},
		"RefreshTokenRotation": object{"Feature": "ENABLED", "RetryGracePeriodSeconds": grace}}, set)
	d.user("ines")
	return d, at(d.signIn("ines"), "AuthenticationResult.RefreshToken")
}

func (d *direct) rotate(token any) (next any) {
	d.t.Helper()
	return at(d.do("GetTokensFromRefreshToken", object{"RefreshToken": token}), "AuthenticationResult.RefreshToken")
}

// Every earlier refresh token that the pool remembers is a reuse, not only the last one. What becomes of the sign-in is
// a choice.
func TestReuseOfRefreshTokens(t *testing.T) {
	t.Parallel()
	for name, revokes := range map[string]bool{"refused": false, "revokes": true} {
		t.Run(name, func(t *testing.T) {
			d, first := startRotation(t, 0, func(o *Options) { o.ReuseRevokes = revokes })
			reused := func(token any) {
				t.Helper()
				d.fails("GetTokensFromRefreshToken", object{"RefreshToken": token}, "RefreshTokenReuseException",
					"Refresh Token has been reused")
			}
			newest := first
			for range state.MaxRotated {
				d.clock.Advance(time.Second)
				newest = d.rotate(newest)
			}
			access := at(d.do("GetTokensFromRefreshToken", object{"RefreshToken": newest}), "AuthenticationResult")
			newest = access.(object)["RefreshToken"]
			reused(first)
			if !revokes {
				d.rotate(d.rotate(newest))
				d.fails("GetTokensFromRefreshToken", object{"RefreshToken": first}, "NotAuthorizedException", "Invalid Refresh")
				return
			}
			d.fails("GetTokensFromRefreshToken", object{"RefreshToken": newest}, "NotAuthorizedException",
				"Refresh Token has been revoked")
			d.fails("GetUser", object{"AccessToken": access.(object)["AccessToken"]}, "NotAuthorizedException",
				"Access Token has been revoked")
		})
	}
}

// In its grace period, a rotated token gives tokens, but no other refresh token.
func TestGracePeriodOfRotation(t *testing.T) {
	t.Parallel()
	d, first := startRotation(t, 10, func(o *Options) { o.ReuseRevokes = true })
	second := d.rotate(first)
	d.clock.Advance(9 * time.Second)
	if again := d.rotate(first); again != nil {
		t.Errorf("a second refresh token %v", again)
	}
	if third := d.rotate(second); third == nil || third == second {
		t.Errorf("rotated to %v", third)
	}
}

// The grace period of a newer refresh token is none of an older one's: each has its own, whatever was rotated since.
func TestGracePeriodIsEachTokensOwn(t *testing.T) {
	t.Parallel()
	d, first := startRotation(t, 60, func(*Options) {})
	second := d.rotate(first)
	d.clock.Advance(59 * time.Second)
	third := d.rotate(second)
	if again := d.rotate(first); again != nil {
		t.Errorf("a second refresh token %v", again)
	}
	d.clock.Advance(2 * time.Second) // the end of the first one's, not of the second one's
	d.rotate(second)
	d.fails("GetTokensFromRefreshToken", object{"RefreshToken": first}, "RefreshTokenReuseException",
		"Refresh Token has been reused")
	d.clock.Advance(time.Hour)
	d.rotate(third)
	for _, stolen := range []any{first, second} {
		d.fails("GetTokensFromRefreshToken", object{"RefreshToken": stolen}, "RefreshTokenReuseException",
			"Refresh Token has been reused")
	}
}
