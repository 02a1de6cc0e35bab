package main

import "cognito-triggers/shared/settings"

const triesSetting = "TRIES"

// readTries reads how many wrong codes end a sign-in; README.md describes the setting.
func readTries(env *settings.Env) int {
	const usual, most = 3, 5
	return env.Int(triesSetting, usual, 1, most)
}
