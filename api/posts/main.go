package main

import (
	_ "embed" // for function.json

	"cognito-triggers/shared/api"
	"cognito-triggers/shared/settings"
)

//go:embed function.json
var manifest []byte

func main() { api.Start(manifest, setup) }

func setup(env *settings.Env) (api.Routes, error) {
	config := readConfig(env)
	return newHandler(config, newStore(env, config)).routes(), nil
}
