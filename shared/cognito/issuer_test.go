package cognito

import "testing"

// Source: API reference, IssuerConfigurationType.
func TestIssuer(t *testing.T) {
	t.Parallel()
	for updated, want := range map[bool]string{
		false: "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Qk7Lm2XyZ",
		true:  "https://issuer-cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Qk7Lm2XyZ",
	} {
		if got := Issuer("eu-west-1_Qk7Lm2XyZ", updated); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
