package cognito

import "strings"

// Hosts of the issuer, without the Region and the domain.
const (
	issuerHost        = "cognito-idp"        // IssuerConfiguration.Type ORIGINAL, the default
	updatedIssuerHost = "issuer-cognito-idp" // IssuerConfiguration.Type UPDATED
)

// Issuer returns the iss claim of the tokens that a user pool on AWS issues: in the original form, or in the updated
// one, which pools have whose IssuerConfiguration.Type is UPDATED. The pool's ID begins with its Region. Verifiers find
// the keys at <issuer>/.well-known/jwks.json.
//
// See https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_IssuerConfigurationType.html
func Issuer(poolID string, updated bool) string {
	region, _, _ := strings.Cut(poolID, "_")
	host := issuerHost
	if updated {
		host = updatedIssuerHost
	}
	return "https://" + host + "." + region + ".amazonaws.com/" + poolID
}
