package control

import (
	"regexp"
	"slices"
	"strings"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/shared/cognito"
)

// checkSettings validates the settings, fills in AWS's defaults, and rejects what the local pool does not support.
func checkSettings(s *state.PoolSettings) error {
	if hasBothLifetimes(s) {
		return fault.New(fault.Invalid,
			"Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays")
	}
	if s.Policies == nil {
		s.Policies = &state.Policies{}
	}
	if s.Policies.PasswordPolicy == nil {
		policy := directory.DefaultPasswordPolicy()
		s.Policies.PasswordPolicy = &policy
	}
	p := s.Policies.PasswordPolicy
	if p.MinimumLength < 6 || p.MinimumLength > 99 {
		return fault.Constrain("policies.passwordPolicy.minimumLength", "Member must have value between 6 and 99")
	}
	if p.TemporaryPasswordValidityDays == 0 {
		p.TemporaryPasswordValidityDays = 7
	}
	if s.MfaConfiguration == "" {
		s.MfaConfiguration = mfaOff
	}
	if s.AdminCreateUserConfig == nil {
		s.AdminCreateUserConfig = &state.AdminCreateUserConfig{}
	}
	if s.EmailConfiguration == nil {
		s.EmailConfiguration = &state.EmailConfiguration{}
	}
	if s.EmailConfiguration.EmailSendingAccount == "" {
		s.EmailConfiguration.EmailSendingAccount = cognitoDefault
	}
	if s.DeletionProtection == "" {
		s.DeletionProtection = "INACTIVE"
	}
	if s.VerificationMessageTemplate == nil {
		s.VerificationMessageTemplate = &state.VerificationTemplate{DefaultEmailOption: "CONFIRM_WITH_CODE"}
	}
	if s.UserPoolTier == "" {
		s.UserPoolTier = "ESSENTIALS"
	}
	if i := s.IssuerConfiguration; i != nil && i.Type != "" && i.Type != state.IssuerOriginal &&
		i.Type != state.IssuerUpdated {
		return fault.Constrain("issuerConfiguration.type", fault.OneOf(state.IssuerOriginal, state.IssuerUpdated))
	}
	for _, rule := range []struct {
		path    string
		given   []string
		allowed []string
	}{
		{"policies.signInPolicy.allowedFirstAuthFactors", firstFactors(s),
			[]string{password, emailOTP, smsOTP, webAuthn, "SOFTWARE_TOKEN"}},
		{"mfaConfiguration", []string{s.MfaConfiguration}, []string{"OFF", "ON", "OPTIONAL"}},
		{"deletionProtection", []string{s.DeletionProtection}, []string{"ACTIVE", "INACTIVE"}},
		{"autoVerifiedAttributes", s.AutoVerifiedAttributes, []string{"email", "phone_number"}},
		{"usernameAttributes", s.UsernameAttributes, []string{"email", "phone_number"}},
		{"aliasAttributes", s.AliasAttributes, []string{"email", "phone_number", "preferred_username"}},
	} {
		for _, value := range rule.given {
			if !slices.Contains(rule.allowed, value) {
				return fault.Constrain(rule.path, fault.OneOf(rule.allowed...))
			}
		}
	}
	return checkLambdas(s.LambdaConfig)
}

// hasBothLifetimes reports whether a request sets the lifetime of temporary passwords by its old and its new name.
func hasBothLifetimes(s *state.PoolSettings) bool {
	if s.AdminCreateUserConfig == nil || s.Policies == nil || s.Policies.PasswordPolicy == nil {
		return false
	}
	return s.AdminCreateUserConfig.UnusedAccountValidityDays != 0 &&
		s.Policies.PasswordPolicy.TemporaryPasswordValidityDays != 0
}

// keyPattern is the model's pattern of ARNs.
const keyPattern = `arn:[\w+=/,.@-]+:[\w+=/,.@-]+:([\w+=/,.@-]*)?:[0-9]+:[\w+=/,.@-]+(:[\w+=/,.@-]+)?(:[\w+=/,.@-]+)?`

var keyForm = regexp.MustCompile("^(?:" + keyPattern + ")$")

// checkLambdas rejects functions without ARN or event version, event versions that a hook does not have, two functions
// for one hook, and custom senders without a key.
func checkLambdas(l *cognito.LambdaConfig) error {
	if l == nil {
		return nil
	}
	for _, hook := range cognito.Hooks() {
		contract := hook.Contract()
		function, attached := l.Function(hook)
		if attached && contract.Versioned {
			if err := checkVersioned(contract, function); err != nil {
				return err
			}
		}
		if attached && contract.NeedsKey && l.Key() == "" {
			return fault.New(fault.Invalid, "KMSKeyID is required when CustomEmailSender or CustomSMSSender is set.")
		}
		if plain := l.Plain(hook); plain != "" && plain != function.ARN {
			return fault.New(fault.Invalid,
				"Cannot use PreTokenGenerationLambda and PreTokenGeneration with different Lambda function ARN's")
		}
	}
	if key := l.Key(); key != "" && !keyForm.MatchString(key) {
		return fault.Constrain("lambdaConfig.kMSKeyID", "Member must satisfy regular expression pattern: "+keyPattern)
	}
	return nil
}

func checkVersioned(c cognito.Contract, function cognito.Function) error {
	member := "lambdaConfig." + lowerFirst(c.Member)
	switch {
	case function.ARN == "":
		return fault.Constrain(member+".lambdaArn", "Member must not be null")
	case function.Version == "":
		return fault.Constrain(member+".lambdaVersion", "Member must not be null")
	case !slices.Contains(c.Versions, function.Version):
		return fault.Constrain(member+".lambdaVersion", fault.OneOf(c.Versions...))
	}
	return nil
}

// lowerFirst returns a member's name as AWS's errors write it.
func lowerFirst(name string) string { return strings.ToLower(name[:1]) + name[1:] }
