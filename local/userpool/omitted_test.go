package userpool

import "testing"

// What UpdateUserPool omits returns to its default, or stays if the server is told so. Sources: the API reference
// (reset); go-to-k/cdkd and one more public report (kept).
func TestOmittedSettings(t *testing.T) {
	for keep, want := range map[bool]struct {
		mfa    string
		length float64
		signIn bool
	}{
		false: {mfa: "OFF", length: 8}, true: {mfa: "OPTIONAL", length: 20, signIn: true},
	} {
		d := startDirect(t, nil, nil)
		d.server = Open(Options{KeepOmitted: keep, Now: d.clock.Now})
		policies := object{"PasswordPolicy": object{"MinimumLength": 20},
			"SignInPolicy": object{"AllowedFirstAuthFactors": []string{"PASSWORD", "EMAIL_OTP"}}}
		d.pool = at(d.do("CreateUserPool", object{"PoolName": "p", "Policies": policies}), "UserPool.Id").(string)
		d.do("SetUserPoolMfaConfig", totpOn("OPTIONAL"))
		check := func(update string) {
			t.Helper()
			pool := d.do("DescribeUserPool", object{})["UserPool"]
			if at(pool, "MfaConfiguration") != want.mfa || at(pool, "Policies.PasswordPolicy.MinimumLength") != want.length ||
				(at(pool, "Policies.SignInPolicy") != nil) != want.signIn {
				t.Errorf("keep %t, %s: %v", keep, update, pool)
			}
		}
		d.do("UpdateUserPool", object{})
		check("an empty update")
		d.do("UpdateUserPool", object{"Policies": object{}, "AutoVerifiedAttributes": []string{"email"}})
		check("empty policies")
	}
}
