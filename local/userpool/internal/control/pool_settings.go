package control

import (
	"slices"
	"strings"

	"cognito-triggers/local/userpool/internal/directory"
	"cognito-triggers/local/userpool/internal/fault"
	"cognito-triggers/local/userpool/state"
	"cognito-triggers/shared/cognito"
)

// checkSettings validates the settings, fills in AWS's defaults, and rejects what the local pool does not support.
func checkSettings(s *state.PoolSettings) error {
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
		s.MfaConfiguration = "OFF"
	}
	if s.AdminCreateUserConfig == nil {
		s.AdminCreateUserConfig = &state.AdminCreateUserConfig{}
	}
	if s.EmailConfiguration == nil {
		s.EmailConfiguration = &state.EmailConfiguration{}
	}
	if s.EmailConfiguration.EmailSendingAccount == "" {
		s.EmailConfiguration.EmailSendingAccount = "COGNITO_DEFAULT"
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
	for _, rule := range []struct {
		path    string
		given   []string
		allowed []string
	}{
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
	if len(s.UsernameAttributes) > 0 && len(s.AliasAttributes) > 0 {
		return fault.New(fault.Invalid,
			"Only one of the aliasAttributes or usernameAttributes can be set in a user pool.")
	}
	return checkLambdas(s.LambdaConfig)
}

// checkLambdas rejects event versions that a hook does not have, and two functions for one hook.
func checkLambdas(l *cognito.LambdaConfig) error {
	if l == nil {
		return nil
	}
	for _, hook := range cognito.Hooks() {
		contract := hook.Contract()
		function, attached := l.Function(hook)
		if attached && contract.Versioned && !slices.Contains(contract.Versions, function.Version) {
			return fault.Constrain("lambdaConfig."+lowerFirst(contract.Member)+".lambdaVersion",
				fault.OneOf(contract.Versions...))
		}
		if plain := l.Plain(hook); plain != "" && plain != function.ARN {
			return fault.New(fault.Invalid,
				contract.PlainMember+" and "+contract.Member+".LambdaArn must be the same function.")
		}
	}
	return nil
}

// lowerFirst returns a member's name as AWS's errors write it.
func lowerFirst(name string) string { return strings.ToLower(name[:1]) + name[1:] }
