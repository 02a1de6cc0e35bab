package userpool

import (
	"testing"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
)

// An administrator removes a lost authenticator app; the user signs in without it and registers another. Source: API
// reference, AdminDeleteSoftwareToken. What becomes of the preference is not documented.
func TestAdminDeleteSoftwareToken(t *testing.T) {
	s := &stage{world: start(t, setup{})}
	s.withTOTP()
	d := &direct{t: t, server: s.server, pool: *s.pool}
	d.fails("AdminDeleteSoftwareToken", object{"Username": "nobody"}, "UserNotFoundException", "User does not exist.")
	before := d.do("AdminGetUser", object{"Username": ines})
	if before["PreferredMfaSetting"] != "SOFTWARE_TOKEN_MFA" {
		t.Fatalf("before: %v", before)
	}
	d.do("AdminDeleteSoftwareToken", object{"Username": ines})
	after := d.do("AdminGetUser", object{"Username": ines})
	if after["PreferredMfaSetting"] != nil || after["UserMFASettingList"] != nil {
		t.Errorf("after: %v", after)
	}
	out, err := s.withPassword(ines, password)
	if err != nil || out.AuthenticationResult == nil {
		t.Fatalf("sign-in without the app: %v, error %v", out, err)
	}
	if _, err := s.AssociateSoftwareToken(t.Context(),
		&cip.AssociateSoftwareTokenInput{AccessToken: out.AuthenticationResult.AccessToken}); err != nil {
		t.Errorf("another app: %v", err)
	}
}
