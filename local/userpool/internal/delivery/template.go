package delivery

import "cognito-triggers/shared/cognito"

type template struct{ sms, email, subject string }

// templateOf returns the pool's own text for a message.
func templateOf(m Outgoing) template {
	s := m.Pool.Settings
	if m.Source == cognito.CustomMessageAdminCreateUser {
		const body = "Your username is {username} and temporary password is {####}."
		t := template{body, body, "Your temporary password"}
		if config := s.AdminCreateUserConfig; config != nil && config.InviteMessageTemplate != nil {
			own := config.InviteMessageTemplate
			t.set(own.SMSMessage, own.EmailMessage, own.EmailSubject)
		}
		return t
	}
	if m.Source == cognito.CustomMessageAuthentication {
		return signInTemplate(m)
	}
	t := sameText("Your verification code")
	if m.Source == cognito.CustomMessageForgotPassword {
		t = sameText("Your password reset code")
	}
	t.set(s.SmsVerificationMessage, s.EmailVerificationMessage, s.EmailVerificationSubject)
	v := s.VerificationMessageTemplate
	if v == nil {
		return t
	}
	t.set(v.SmsMessage, v.EmailMessage, v.EmailSubject)
	signUp := m.Source == cognito.CustomMessageSignUp || m.Source == cognito.CustomMessageResendCode
	if v.DefaultEmailOption == "CONFIRM_WITH_LINK" && signUp {
		t.email = "Please click the link below to verify your email address. {##Verify Email##}"
		t.subject = "Your verification link"
		t.set("", v.EmailMessageByLink, v.EmailSubjectByLink)
	}
	return t
}

// signInTemplate returns the pool's own text for codes that are a factor of a sign-in.
func signInTemplate(m Outgoing) template {
	t, mfa := sameText("Your authentication code"), m.Pool.MFASettings()
	t.set(m.Pool.Settings.SmsAuthenticationMessage, "", "")
	if mfa.SmsMfaConfiguration != nil {
		t.set(mfa.SmsMfaConfiguration.SmsAuthenticationMessage, "", "")
	}
	if mfa.EmailMfaConfiguration != nil {
		t.set("", mfa.EmailMfaConfiguration.Message, mfa.EmailMfaConfiguration.Subject)
	}
	return t
}

// sameText returns a template with the same text for every medium.
func sameText(what string) template {
	return template{what + " is {####}.", what + " is {####}.", what}
}

// set replaces each text for which the argument is not empty.
func (t *template) set(sms, email, subject string) {
	replace := func(into *string, text string) {
		if text != "" {
			*into = text
		}
	}
	replace(&t.sms, sms)
	replace(&t.email, email)
	replace(&t.subject, subject)
}
