package main

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"cognito-triggers/shared/messages"
	"cognito-triggers/shared/profile"
	"cognito-triggers/shared/sending/mailsender"
	"cognito-triggers/shared/settings"
)

// Config is the function's settings; README.md describes each.
type Config struct {
	ProfileTable string
	Profile      profile.Builder
	DefaultGroup string             // "": none
	SignOut      bool               // whether a new password ends the user's other sign-ins
	WelcomeFrom  string             // sender of the welcome mail; "" sends none
	Messages     *messages.Composer // nil if no welcome mail is sent
}

const (
	tableSetting   = "PROFILE_TABLE"
	groupSetting   = "DEFAULT_GROUP"
	signOutSetting = "SIGN_OUT_AFTER_RESET"
	welcomeSetting = "WELCOME_EMAIL_FROM"
)

// readConfig reads the settings and records every problem in env. It only reads the settings of messages if welcome
// mails are sent.
func readConfig(env *settings.Env) (Config, error) {
	config := Config{
		ProfileTable: env.Required(tableSetting, "name the DynamoDB table of the profiles"),
		Profile:      profile.NewBuilder(env),
		DefaultGroup: env.Lookup(groupSetting),
		SignOut:      env.Bool(signOutSetting, false),
		WelcomeFrom:  env.Lookup(welcomeSetting),
	}
	if !groupName(config.DefaultGroup) {
		env.Fail(groupSetting, "is not a valid group name: use at most %d characters without spaces", maxGroupName)
	}
	if config.WelcomeFrom == "" {
		return config, nil
	}
	if !mailsender.Valid(config.WelcomeFrom) {
		env.Fail(welcomeSetting,
			"is not a valid sender: use hello@example.org or Example <hello@example.org>, an identity that SES has verified")
	}
	var err error
	config.Messages, err = messages.FromSettings(env)
	return config, err
}

// maxGroupName is Cognito's limit for a group's name, in characters.
const maxGroupName = 128

func groupName(name string) bool {
	blank := func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }
	return !strings.ContainsFunc(name, blank) && utf8.RuneCountInString(name) <= maxGroupName
}
