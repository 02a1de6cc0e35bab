package main

import (
	"strings"

	"cognito-triggers/shared/sending/mailsender"
	"cognito-triggers/shared/settings"
)

// Config is the settings of the mails; README.md describes each. customsender.FromSettings and messages.FromSettings
// read the others.
type Config struct {
	From, ReplyTo, ConfigurationSet string
	Tags                            map[string]string
}

const (
	fromSetting             = "EMAIL_FROM"
	replySetting            = "REPLY_TO"
	configurationSetSetting = "CONFIGURATION_SET"
	tagsSetting             = "EMAIL_TAGS"
)

// readConfig reads the settings and records every problem in env.
func readConfig(env *settings.Env) Config {
	config := Config{
		From:             env.Required(fromSetting, "name the sender, such as Example <hello@example.org>"),
		ReplyTo:          env.Lookup(replySetting),
		ConfigurationSet: env.Lookup(configurationSetSetting),
		Tags:             map[string]string{},
	}
	for name, address := range map[string]string{fromSetting: config.From, replySetting: config.ReplyTo} {
		if address != "" && !mailsender.Valid(address) {
			env.Fail(name, "is not an address: use hello@example.org or Example <hello@example.org>")
		}
	}
	for _, tag := range env.List(tagsSetting) {
		name, value, _ := strings.Cut(tag, "=")
		if !tagText(name) || !tagText(value) || name == sourceTag {
			env.Fail(tagsSetting, "is not a list of tags: use name=value,name=value with letters, digits, - and _, and not "+
				"the name %s", sourceTag)
		}
		config.Tags[name] = value
	}
	return config
}

// tagText reports whether SES accepts the text as a tag's name or value.
func tagText(text string) bool {
	const allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	return text != "" && len(text) <= 256 && strings.Trim(text, allowed) == ""
}
