package main

import (
	"log/slog"
	"slices"
	"strings"
	"unicode"

	"cognito-triggers/shared/migration/sources"
	"cognito-triggers/shared/settings"
	"cognito-triggers/shared/signup"
)

// Config is the function's settings; README.md describes each.
type Config struct {
	Rules         signup.Rules
	AutoConfirm   bool
	LinkProviders []string // names of identity providers in the user pool
	Guard         guard
}

// readConfig reads the settings and records every problem in env.
func readConfig(env *settings.Env) Config {
	config := Config{
		Rules: signup.Rules{
			InviteOnly:          env.Bool("INVITE_ONLY", false),
			ProtectedAttributes: signup.ProtectedAttributes(env),
			Username:            usernameRules(env),
			RefuseMixedScripts:  env.Bool("REFUSE_MIXED_SCRIPT", true),
			Allowed:             domainList(env, "ALLOWED_EMAIL_DOMAINS"),
			Denied:              domainList(env, "DENIED_EMAIL_DOMAINS"),
			RefuseDisposable:    env.Bool("REFUSE_DISPOSABLE_EMAIL", true),
			NotDisposable:       domainList(env, "NOT_DISPOSABLE_EMAIL_DOMAINS"),
		},
		AutoConfirm:   env.Bool("AUTO_CONFIRM", false),
		LinkProviders: linkProviders(env),
		Guard:         readGuard(env),
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

// readGuard reads the old system whose users' names are kept free. It has the settings of user-migration.
func readGuard(env *settings.Env) guard {
	g := guard{failOpen: env.OneOf("MIGRATION_GUARD_FAILS", "closed", "closed", "open") == "open"}
	if env.Bool("MIGRATION_AS_APP", false) {
		env.Fail("MIGRATION_AS_APP", "is true: an old pool that is called as an app tells nothing about its users; "+
			"use false, or no %s", sources.Setting)
	}
	if source := sources.Read(env); source != nil {
		g.source = source
	}
	return g
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
