package main

import (
	"strings"
	"time"

	"cognito-triggers/shared/messages"
	"cognito-triggers/shared/sending/mailsender"
	"cognito-triggers/shared/settings"
)

// Config is the function's settings; README.md describes each.
type Config struct {
	ProfileTable string             // "": sign-ins are not recorded
	Interval     time.Duration      // at most one write per user in it
	NoticeFrom   string             // sender of notices; "" sends none
	Messages     *messages.Composer // nil if no notice is sent
	EventBus     string             // ARN of the bus for audit events; "" sends none
}

const (
	tableSetting    = "PROFILE_TABLE"
	intervalSetting = "SIGN_IN_INTERVAL_SECONDS"
	noticeSetting   = "NOTICE_EMAIL_FROM"
	busSetting      = "AUDIT_EVENT_BUS"
)

// readConfig reads the settings and records every problem in env. It only reads the settings of messages if notices are
// sent.
func readConfig(env *settings.Env) (Config, error) {
	const month = 30 * 24 * 60 * 60
	config := Config{
		ProfileTable: env.Lookup(tableSetting),
		Interval:     time.Duration(env.Int(intervalSetting, 3600, 60, month)) * time.Second,
		NoticeFrom:   env.Lookup(noticeSetting),
		EventBus:     env.Lookup(busSetting),
	}
	if strings.ContainsAny(config.EventBus, ", ") {
		env.Fail(busSetting, "names several event buses: use the ARN of one")
	}
	if config.NoticeFrom == "" {
		return config, nil
	}
	if config.ProfileTable == "" {
		env.Fail(tableSetting, "is not set: the profile says which app clients a user knows, so notices need its "+
			"DynamoDB table")
	}
	if !mailsender.Valid(config.NoticeFrom) {
		env.Fail(noticeSetting,
			"is not a valid sender: use hello@example.org or Example <hello@example.org>, an identity that SES has verified")
	}
	var err error
	config.Messages, err = messages.FromSettings(env)
	return config, err
}
