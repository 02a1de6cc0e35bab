package main

import (
	"regexp"
	"time"

	"cognito-triggers/shared/phone"
	"cognito-triggers/shared/sending"
	"cognito-triggers/shared/settings"
)

// Config is the settings of the text messages; README.md describes each. customsender.FromSettings and
// messages.FromSettings read the others.
type Config struct {
	Countries map[string]bool // that may get messages; nil: all
	PerBlock  int             // messages to one block of numbers in a window; 0: no limit
	Message   sending.SMS     // what all messages have in common
}

const (
	countriesSetting = "ALLOWED_COUNTRIES"
	blockSetting     = "MAX_PER_NUMBER_BLOCK"
	senderIDSetting  = "SMS_SENDER_ID"
	originSetting    = "ORIGINATION_ID"
	priceSetting     = "MAX_PRICE_USD"
	liveSetting      = "TIME_TO_LIVE_SECONDS"
	entitySetting    = "INDIA_ENTITY_ID"
	templateSetting  = "INDIA_TEMPLATE_ID"

	everywhere = "*" // in place of countries
)

var (
	// https://docs.aws.amazon.com/sns/latest/dg/channels-sms-originating-identities-sender-ids.html
	senderID = regexp.MustCompile(`^[A-Za-z0-9-]{1,11}$`)
	price    = regexp.MustCompile(`^[0-9]{1,2}(\.[0-9]{1,5})?$`)
)

// readConfig reads the settings and records every problem in env.
func readConfig(env *settings.Env) Config {
	const most, longestLife = 100_000, 259_200 // the latter is End User Messaging's
	config := Config{
		Countries: countries(env),
		PerBlock:  env.Int(blockSetting, 30, 0, most),
		Message: sending.SMS{
			SenderID:         env.Lookup(senderIDSetting),
			OriginationID:    env.Lookup(originSetting),
			ConfigurationSet: env.Lookup("CONFIGURATION_SET"),
			MaxPrice:         env.Lookup(priceSetting),
			TimeToLive:       time.Duration(env.Int(liveSetting, 0, 0, longestLife)) * time.Second,
			EntityID:         env.Lookup(entitySetting),
			TemplateID:       env.Lookup(templateSetting),
		},
	}
	if id := config.Message.SenderID; id != "" && !senderID.MatchString(id) {
		env.Fail(senderIDSetting, "is not a sender id: use 1 to 11 letters, digits and -")
	}
	if limit := config.Message.MaxPrice; limit != "" && !price.MatchString(limit) {
		env.Fail(priceSetting, "is not a price: use US dollars such as 0.50")
	}
	if seconds := config.Message.TimeToLive; seconds > 0 && seconds < 5*time.Second {
		env.Fail(liveSetting, "is out of range: use 0 for the provider's default, or 5 to %d", longestLife)
	}
	if (config.Message.EntityID == "") != (config.Message.TemplateID == "") {
		env.Fail(entitySetting, "and %s go together: set both, or none", templateSetting)
	}
	return config
}

// countries reads the list of countries. There is no default: whoever may have messages sent to any country can run up
// a bill with numbers that pay the caller.
func countries(env *settings.Env) map[string]bool {
	const hint = "list the countries that get text messages, such as US,CA,KR; * for all"
	if env.Required(countriesSetting, hint) == everywhere {
		return nil
	}
	allowed := map[string]bool{}
	for _, country := range env.List(countriesSetting) {
		if !phone.KnownCountry(country) {
			env.Fail(countriesSetting, "has an entry that is no country: use two capital letters each, such as US,CA,KR")
		}
		allowed[country] = true
	}
	return allowed
}
