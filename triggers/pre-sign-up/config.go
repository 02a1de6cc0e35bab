package main

import (
	"log/slog"
	"slices"
	"strings"
	"unicode"

	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/signup"
)

// Config is the function's settings; README.md describes each.
type Config struct {
	Rules         signup.Rules
	AutoConfirm   bool
	LinkProviders []string // names of identity providers in the user pool
}

// defaultProtected are common names of attributes for a user's permissions or customer. The list cannot be complete:
// the app client's settings decide what a client may write.
const defaultProtected = "custom:role*,custom:user_role*,custom:group*,custom:admin*,custom:is_admin*," +
	"custom:isadmin*,custom:is_super*," +
	"custom:superuser*,custom:permission*,custom:scope*,custom:tenant*,custom:org*,custom:owner*"

// readConfig reads the settings and records every problem in env.
func readConfig(env *settings.Env) Config {
	config := Config{
		Rules: signup.Rules{
			InviteOnly:          env.Bool("INVITE_ONLY", false),
			ProtectedAttributes: protectedAttributes(env),
			Username:            usernameRules(env),
			RefuseMixedScripts:  env.Bool("REFUSE_MIXED_SCRIPT", true),
			Allowed:             domainList(env, "ALLOWED_EMAIL_DOMAINS"),
			Denied:              domainList(env, "DENIED_EMAIL_DOMAINS"),
			RefuseDisposable:    env.Bool("REFUSE_DISPOSABLE_EMAIL", true),
			NotDisposable:       domainList(env, "NOT_DISPOSABLE_EMAIL_DOMAINS"),
		},
		AutoConfirm:   env.Bool("AUTO_CONFIRM", false),
		LinkProviders: linkProviders(env),
	}
	if config.AutoConfirm {
		slog.Warn("AUTO_CONFIRM is on: users are confirmed without proof of their address, which only a test pool should do")
	}
	return config
}

func domainList(env *settings.Env, name string) signup.DomainList {
	list, err := signup.ParseDomainList(env.List(name))
	if err != nil {
		env.Fail(name, "%v", err)
	}
	return list
}

// protectedAttributes has a word for the empty list, because an empty variable means the default.
func protectedAttributes(env *settings.Env) signup.AttributeNames {
	const name = "PROTECTED_ATTRIBUTES"
	entries := env.List(name)
	switch {
	case len(entries) == 0:
		entries = strings.Split(defaultProtected, ",")
	case slices.Equal(entries, []string{"none"}):
		return nil
	}
	names, err := signup.ParseAttributeNames(entries)
	if err != nil {
		env.Fail(name, "%v", err)
	}
	return names
}

// maxUsername is Cognito's own limit for a user name, in characters.
const maxUsername = 128

func usernameRules(env *settings.Env) signup.UsernameRules {
	rules := signup.UsernameRules{
		Min:         env.Int("USERNAME_MIN_LENGTH", 1, 1, maxUsername),
		Max:         env.Int("USERNAME_MAX_LENGTH", maxUsername, 1, maxUsername),
		RefuseEmail: env.Bool("REFUSE_EMAIL_AS_USERNAME", false),
	}
	if rules.Min > rules.Max {
		env.Fail("USERNAME_MIN_LENGTH", "is more than USERNAME_MAX_LENGTH: no name could pass")
	}
	if pattern := env.Lookup("USERNAME_PATTERN"); pattern != "" {
		var err error
		if rules.Pattern, err = signup.CompileUsernamePattern(pattern); err != nil {
			env.Fail("USERNAME_PATTERN", "is not a regular expression in Go's syntax: %v", err)
		}
	}
	return rules
}

// linkProviders reads the providers whose users may be linked.
func linkProviders(env *settings.Env) []string {
	const name = "LINK_PROVIDERS"
	providers := env.List(name)
	if len(providers) == 0 {
		return nil
	}
	for i, provider := range providers {
		if !isProviderName(provider) {
			env.Fail(name,
				"has the entry %s, which is not a valid provider name: use the names in the user pool, for example Google,"+
					"AcmeOkta", provider)
		}
		if slices.ContainsFunc(providers[:i], func(other string) bool { return strings.EqualFold(other, provider) }) {
			env.Fail(name, "lists %s twice: names that differ only in case cannot be told apart in user names", provider)
		}
	}
	return providers
}

// isProviderName reports whether Cognito allows the name for an identity provider: 3 to 32 characters that match
// [^_\p{Z}][\p{L}\p{M}\p{S}\p{N}\p{P}][^_\p{Z}]+. The pattern allows an underscore only as the second character.
// (Compiling a regular expression with such classes would be the slowest part of this function's start.) See
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateIdentityProvider.html
func isProviderName(name string) bool {
	characters := []rune(name)
	for i, c := range characters {
		second := i == 1 && unicode.In(c, unicode.L, unicode.M, unicode.S, unicode.N, unicode.P)
		other := i != 1 && c != '_' && !unicode.Is(unicode.Z, c)
		if !second && !other {
			return false
		}
	}
	return len(characters) >= 3 && len(characters) <= 32
}
