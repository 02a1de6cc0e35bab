package signin

import (
	"slices"

	"cognito-triggers/local/userpool/internal/passkeys"
)

// note notes how the user has proved who they are, if the step did: the name is that of a flow, or of the challenge
// that was answered.
func (a *Attempt) note(step Step, name string, p Parameters) {
	if a.Unknown || step.question != nil {
		return
	}
	if name == selectChallenge {
		name = p["ANSWER"]
	} else if name == choiceFlowName {
		name = p[preferred]
	}
	for _, method := range methodsOf(name) {
		if !slices.Contains(a.methods, method) {
			a.methods = append(slices.Clone(a.methods), method)
		}
	}
}

// methodsOf returns what an answer proves, as values of the claim amr. AWS's guide lists pwd, otp, sms, email_otp, swk,
// hwk, mfa and fed.
func methodsOf(name string) []string {
	switch name {
	case "USER_PASSWORD_AUTH", adminPassword, "PASSWORD_VERIFIER", withPassword:
		return []string{"pwd"}
	case smsMFA, "SMS_OTP":
		return []string{"otp", "sms"}
	case emailOTP:
		return []string{"otp", "email_otp"}
	case softwareTokenMFA, mfaSetup{}.Name():
		return []string{"otp"}
	case passkeys.Factor:
		return []string{"swk"} // the local pool does not tell where an authenticator keeps its key
	}
	return nil
}
