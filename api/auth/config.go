package main

import (
	"cognito-triggers/shared/profile"
	"cognito-triggers/shared/settings"
)

// Names of settings.
const (
	userPoolSetting     = "USER_POOL_ID"
	clientSetting       = "CLIENT_ID"
	profileTableSetting = "PROFILE_TABLE"
	concealSetting      = "CONCEAL_EXISTING_USERS"
	signOutSetting      = "SIGN_OUT_AFTER_RESET"
)

// Config are the function's settings.
type Config struct {
	UserPoolID   string
	ClientID     string   // an app client without a secret
	ProfileTable string   // DynamoDB table of the profiles
	Copied       []string // attributes that are copied into the profile
	Conceal      bool     // whether a sign-up hides that the address has an account
	SignOut      bool     // whether a password reset ends the user's other sign-ins
}

func readConfig(env *settings.Env) Config {
	return Config{
		UserPoolID:   env.Required(userPoolSetting, "name the user pool, for example eu-west-1_Qk7Lm2XyZ"),
		ClientID:     env.Required(clientSetting, "name the app client that users sign in through; it has no secret"),
		ProfileTable: env.Required(profileTableSetting, "name the DynamoDB table of the profiles"),
		Copied:       profile.NewBuilder(env).Attributes,
		Conceal:      env.Bool(concealSetting, false),
		SignOut:      env.Bool(signOutSetting, true),
	}
}
