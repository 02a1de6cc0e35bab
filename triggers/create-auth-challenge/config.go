package main

import (
	"slices"
	"strings"
	"time"

	"cognito-triggers/shared/challenge"
	"cognito-triggers/shared/messages"
	"cognito-triggers/shared/phone"
	"cognito-triggers/shared/sending/mailsender"
	"cognito-triggers/shared/settings"
)

// Config is the function's settings; README.md describes each.
type Config struct {
	Table    string
	Methods  []challenge.Method
	Policy   challenge.Policy
	Mail     sender
	SMS      smsSender
	Floor    time.Duration // how long a request takes at least that sends a message, or would
	Messages *messages.Composer
}

type sender struct{ From, ReplyTo, ConfigurationSet string }

type smsSender struct{ ID, Number string }

const (
	emailCode = challenge.EmailCode
	smsCode   = challenge.SMSCode
	magicLink = challenge.MagicLink

	tableSetting  = "CHALLENGES_TABLE"
	fromSetting   = "EMAIL_FROM"
	replySetting  = "EMAIL_REPLY_TO"
	pagesSetting  = "LINK_PAGES"
	deviceSetting = "LINK_DEVICE"
)

// offers reports whether a method is on.
func (c Config) offers(m challenge.Method) bool { return slices.Contains(c.Methods, m) }

// mails reports whether a method is on that sends mail.
func (c Config) mails() bool { return c.offers(emailCode) || c.offers(magicLink) }

// choices returns what a client may choose from, or nothing if the first round can be the only method's challenge.
func (c Config) choices() []challenge.Method {
	all := slices.Clone(c.Methods)
	if c.offers(magicLink) && c.Policy.LinkOnOtherDevices {
		all = append(all, challenge.HaveLink)
	}
	if len(all) == 1 && (!c.offers(magicLink) || len(c.Policy.Pages) == 1) {
		return nil
	}
	return all
}

// readConfig reads the settings and records every problem in env.
func readConfig(env *settings.Env) (Config, error) {
	config := Config{
		Table:  env.Required(tableSetting, "name the DynamoDB table that the challenges are kept in"),
		Policy: readPolicy(env),
		Mail:   sender{env.Lookup(fromSetting), env.Lookup(replySetting), env.Lookup("SES_CONFIGURATION_SET")},
		SMS:    smsSender{env.Lookup("SMS_SENDER_ID"), env.Lookup("SMS_ORIGINATION_NUMBER")},
		Floor:  time.Duration(env.Int("ANSWER_AFTER_MS", 600, 0, 3000)) * time.Millisecond,
	}
	for _, method := range challenge.Methods() {
		if env.Bool(string(method), method == emailCode) {
			config.Methods = append(config.Methods, method)
		}
	}
	if len(config.Methods) == 0 {
		env.Fail(string(emailCode), "and all other methods are off: set at least one of EMAIL_CODE, SMS_CODE and MAGIC_LINK "+
			"to true")
	}
	config.check(env)
	var err error
	config.Messages, err = messages.FromSettings(env)
	return config, err
}

func readPolicy(env *settings.Env) challenge.Policy {
	minutes := func(name string, def int, longest time.Duration) time.Duration {
		return time.Duration(env.Int(name, def, 1, int(longest/time.Minute))) * time.Minute
	}
	policy := challenge.Policy{
		Digits:    8,
		CodeLasts: minutes("CODE_MINUTES", 5, challenge.MaxCodeLasts),
		LinkLasts: minutes("LINK_MINUTES", 15, challenge.MaxLinkLasts),
		Resend:    time.Duration(env.Int("RESEND_SECONDS", 60, 0, 3600)) * time.Second,
		Sends: challenge.Rolling{
			Most: env.Int("MAX_MESSAGES", 5, 1, 50), Within: minutes("MESSAGES_MINUTES", 60, 24*time.Hour),
		},
		LinkOnOtherDevices: env.OneOf(deviceSetting, "same", "same", "any") == "any",
	}
	if env.OneOf("CODE_DIGITS", "8", "6", "8") == "6" {
		policy.Digits = 6
	}
	var err error
	if policy.Pages, err = challenge.ParsePages(env.List(pagesSetting)); err != nil {
		env.Fail(pagesSetting, "has an address that links must not lead to: %v", err)
	}
	return policy
}

// check records what the methods need and do not have.
func (c Config) check(env *settings.Env) {
	if c.mails() && !mailsender.Valid(c.Mail.From) {
		env.Fail(fromSetting,
			"is not a valid sender: use hello@example.org or Example <hello@example.org>, an identity that SES has verified")
	}
	if c.Mail.ReplyTo != "" && !mailsender.Valid(c.Mail.ReplyTo) {
		env.Fail(replySetting, "is not a valid address: use help@example.org")
	}
	if c.offers(magicLink) && len(c.Policy.Pages) == 0 {
		env.Fail(pagesSetting, "is not set: name the page that links lead to, for example https://app.example.org/sign-in")
	}
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	if id := c.SMS.ID; len(id) > 11 || strings.Trim(id, letters+"0123456789") != "" {
		env.Fail("SMS_SENDER_ID", "is not a valid sender: use at most 11 letters and digits")
	}
	if _, err := phone.Parse(c.SMS.Number); c.SMS.Number != "" && err != nil {
		env.Fail("SMS_ORIGINATION_NUMBER", "is not a phone number such as +14325551212")
	}
}
