package main

import (
	"testing"

	"cognito-triggers/shared/api"
	"cognito-triggers/shared/api/apitest"
	"cognito-triggers/shared/profile/memory"
	"cognito-triggers/shared/settings"
	"cognito-triggers/testevents"
)

func TestGoldenEvents(t *testing.T) {
	apitest.Replay(t, testevents.FS(), "auth", func(env *settings.Env) (api.Routes, error) {
		pool := &fakePool{}
		all := services{pool: func() cognito { return pool }, profiles: memory.New()}
		return newHandler(readConfig(env), all).routes(), nil
	}, deployed)
}
