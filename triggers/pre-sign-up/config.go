package main

import (
	"log/slog"
	"slices"
	"strings"
	"unicode"

	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/signup"
)

// Config is what the function's settings say; README.md describes each.
type Config struct {
	Rules         signup.Rules
	AutoConfirm   bool
	LinkProviders []string // identity providers by their names in the user pool
}

// defaultProtected samples the names under which pools commonly keep what a user may do or which customer they belong
// to. No sample is complete: what a client may write is the app client's setting.
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

// protectedAttributes has a word for the empty list, since an empty variable means the default.
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
				"has the entry %s, which is no provider's name: write the names as the user pool has them, for example Google,"+
					"AcmeOkta", provider)
		}
		if slices.ContainsFunc(providers[:i], func(other string) bool { return strings.EqualFold(other, provider) }) {
			env.Fail(name, "names %s twice: user names do not tell apart names that differ in case alone", provider)
		}
	}
	return providers
}

// isProviderName tells whether Cognito allows the name for an identity provider, which it does by the pattern
// [^_\p{Z}][\p{L}\p{M}\p{S}\p{N}\p{P}][^_\p{Z}]+ and a length of 3 to 32 characters. An underscore as the second
// character alone keeps the name apart from the id in a federated user's name. (A regular expression with such classes
// takes longer to compile than all else that this function does at its start.) See
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
